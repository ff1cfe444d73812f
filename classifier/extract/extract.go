// Package extract turns a request body into segments of UTF-8 text with the
// place where each sits. It looks at the bytes first: headers lie.
//
// It never fails. What it cannot read becomes the document's coverage, with a
// reason, and what was read until then is kept.
package extract

import (
	"strings"

	"daylight.internal/classifier"
)

// Input is what is known of one body.
type Input struct {
	MediaType string // the Content-Type header as sent; it may lie or be empty
	Encoding  string // the Content-Encoding header as sent, such as "br, gzip"
	Filename  string // of a file or of the request; may be ""
	Body      []byte
	Truncated bool   // Body is only the beginning
	Query     string // raw query of the URL
	Path      string // decoded path of the URL
	// MessageEncoding names the compression of messages in envelopes, as in the
	// headers grpc-encoding and connect-content-encoding; "" for none.
	MessageEncoding string
	// WebSocket is true when Body is one message of a WebSocket, decompressed;
	// Encoding, Filename, Query and Path are not read then.
	WebSocket bool
	// Separator stands between the records of such a message; "" for none.
	Separator string
	// Verbatim is true when texts are to stay as they are: their escapes are not
	// undone, and base64 amid them is not read.
	Verbatim bool
}

// Limits bound what one body may cost. Zero or less means the default.
type Limits struct {
	Memory       int64 // of all that is made of a body, beside the body itself; 32 MiB
	DecodedBytes int64 // total after decompression and base64; 24 MiB
	Ratio        int64 // decoded to encoded bytes of one compression; 100
	Depth        int   // formats nested in each other: parts, JSON in strings, base64; 4
	JSONDepth    int   // nesting of arrays and objects; 512
	Segments     int   // 200,000
	Cells        int   // of all tables together; 2 << 20
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Memory:       orDefault(l.Memory, 32<<20),
		DecodedBytes: orDefault(l.DecodedBytes, 24<<20),
		Ratio:        orDefault(l.Ratio, 100),
		Depth:        orDefault(l.Depth, 4),
		JSONDepth:    orDefault(l.JSONDepth, 512),
		Segments:     orDefault(l.Segments, 200_000),
		Cells:        orDefault(l.Cells, 2<<20),
	}
}

// leastMemory is what is left to a large body.
const leastMemory = 12 << 20

// beside lowers the memory for what is made of a large body: the scan takes memory
// in proportion to it, too.
func (l Limits) beside(body int) Limits {
	const large = 4 << 20
	if body > large {
		l.Memory = max(l.Memory-int64(body-large)*7/4, min(l.Memory, leastMemory))
	}
	return l
}

func orDefault[T int | int64](value, fallback T) T {
	if value <= 0 {
		return fallback
	}
	return value
}

// Body extracts the text of a body, after that of the file name, the path and
// the query that came with it. Segments may alias in.Body, which must not change
// while they are in use. It never panics.
//
// The coverage is complete only if every byte that can bear text was read. Its
// reason is one of over_limit, over_ratio, over_depth, over_segments, incomplete
// (a compression that ends early), corrupt, unknown_encoding, image,
// audio, video, pdf, archive, office_document, font, binary, internal_error.
func Body(in Input, limits Limits) classifier.Document {
	e := newExtractor(in, limits)
	return e.guard(in, e.extract)
}

func newExtractor(in Input, limits Limits) *extractor {
	return &extractor{limits: limits.withDefaults().beside(len(in.Body)), cut: in.Truncated, verbatim: in.Verbatim, messageEncoding: strings.ToLower(strings.TrimSpace(in.MessageEncoding))}
}

// guard makes a fault in a decoder cost this body, never the process.
func (e *extractor) guard(in Input, extract func(Input) classifier.Document) (document classifier.Document) {
	defer func() {
		if recover() != nil {
			e.skip(classifier.Undecodable, "internal_error", len(in.Body))
			document = e.finish(in, len(in.Body), len(in.Body))
		}
	}()
	return extract(in)
}

// extractor gathers the segments of one body.
type extractor struct {
	limits Limits
	cut    bool // the body is only the beginning
	// verbatim is true when escapes in texts stay.
	verbatim bool
	// messageEncoding is that of messages in envelopes, in lower case.
	messageEncoding string
	document        classifier.Document
	coverage        coverage
	evidence        evidence
	decoded         int64 // bytes made by decompression, base64 and transcoding
	memory          int64 // bytes that are in use otherwise
	cells           int
	spare           []container // of a walk that ended, for the next one
	buffer          arena
	names           []string // that came before, by a hash
	named           int      // how often a name was asked for
	places          []classifier.Location
	full            bool // there is no memory for more places
	nowhere         classifier.Location
}

// place is where a piece of content sits.
type place struct {
	at    *classifier.Location // nil: the whole body
	field string
	depth int // formats around it
}

func (p place) location() classifier.Location {
	if p.at == nil {
		return classifier.Location{}
	}
	return *p.at
}

// hint is what others say of a piece of content.
type hint struct {
	mediaType string            // lower case, without parameters
	params    map[string]string // of the media type; nil when there are none
	filename  string
}

func newHint(contentType, filename string) hint {
	mediaType, params := parseHeader(contentType)
	return hint{strings.ToLower(mediaType), params, strings.ToLower(filename)}
}

func (e *extractor) extract(in Input) classifier.Document {
	if in.WebSocket {
		return e.message(in)
	}
	filename := e.validText([]byte(in.Filename))
	e.emit(fileName(filename), classifier.Location{Stage: classifier.StageFilename}, "filename")
	e.path(in.Path)
	e.query([]byte(in.Query))
	body, consumed := e.decompress(in.Body, in.Encoding)
	if in.Truncated {
		e.skip(classifier.Truncated, "over_limit", 0)
	}
	h := newHint(in.MediaType, in.Filename)
	if in.Encoding != "" && len(body) > 0 && &body[0] != &in.Body[0] && e.isText(in.Body) {
		// Compressed bytes are no text by chance: many servers take it as it is, whatever the header says.
		e.content(in.Body, h, place{})
	}
	e.document.MediaType = e.content(body, h, place{})
	return e.finish(in, len(body), consumed)
}

// finish closes the coverage. Of a compressed body it knows what was read only
// in proportion.
func (e *extractor) finish(in Input, decoded, consumed int) classifier.Document {
	c := e.coverage
	read := int64(consumed)
	if c.unread > 0 && decoded > 0 {
		read = int64(float64(consumed) * float64(max(int64(decoded)-c.unread, 0)) / float64(decoded))
	}
	e.document.Coverage = classifier.Coverage{State: classifier.Complete, BytesRead: min(read, int64(len(in.Body)))}
	if c.reason != "" {
		e.document.Coverage.State, e.document.Coverage.Reason = c.state, c.reason
	}
	return e.document
}

// content reads b, whatever it is, and tells what it was.
func (e *extractor) content(b []byte, h hint, p place) (mediaType string) {
	if p.depth > e.limits.Depth {
		e.skip(classifier.Truncated, "over_depth", len(b))
		return octetStream
	}
	if isEnvelopeText(h.mediaType) {
		if decoded, ok := e.envelopeText(b); ok {
			b, h.mediaType = decoded, strings.Replace(h.mediaType, "-text", "", 1)
		}
	}
	if e.declaredProtobuf(b, h) {
		e.protobuf(b, p)
		return protobufType
	}
	if mediaType = sniffBinary(b, h); mediaType != "" {
		e.binary(b, mediaType, h, p)
		return mediaType
	}
	if e.undeclaredProtobuf(b, p) {
		return protobufType
	}
	t, ok := e.toUTF8(b, h.params["charset"])
	if !ok {
		if t, ok = e.damagedText(b, h); !ok {
			e.skip(classifier.Undecodable, "binary", len(b))
			return octetStream
		}
		e.skip(classifier.Undecodable, "binary", 0)
	}
	switch mediaType = sniffText(t, h); mediaType {
	case jsonType, linesType:
		e.json(t, p)
	case formType:
		e.pairs(t, classifier.StageForm, p)
	case htmlType, xmlType:
		e.value(e.stripTags(t), p.location(), p.field, p.depth)
	default:
		return e.prose(t, h, p)
	}
	return mediaType
}

// binary reads the formats that are made of bytes and hold text.
func (e *extractor) binary(b []byte, mediaType string, h hint, p place) {
	switch mediaType {
	case multipartType:
		e.multipart(b, boundaryOf(b, h), p)
	case connectType:
		e.envelopes(b, h, p)
	case gzipType, zstdType:
		inner, _ := e.decompressOne(b, coding(mediaType))
		p.depth++
		e.content(inner, hint{filename: trimCompressionSuffix(h.filename)}, p)
	default:
		e.skip(classifier.Undecodable, unreadReason(mediaType), len(b))
		// Text needs only a few letters in front of it to pass for such a file.
		if t, ok := e.damagedText(b, h); ok {
			e.prose(t, hint{}, p)
		}
	}
}

// emit adds a segment, unless there are too many.
func (e *extractor) emit(text []byte, at classifier.Location, field string) {
	e.add(classifier.Segment{Text: text, Location: at, Field: field})
}

func (e *extractor) add(s classifier.Segment) {
	if len(s.Text) == 0 {
		return
	}
	if n := len(e.document.Segments); e.full || n >= e.limits.Segments || n == cap(e.document.Segments) && !e.growSegments() {
		e.skip(classifier.Truncated, "over_segments", len(s.Text))
		return
	}
	e.document.Segments = append(e.document.Segments, s)
}
