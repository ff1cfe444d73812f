package extract

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// protobufType is the media type under which protocol buffers are told here.
const protobufType = "application/protobuf"

// maxNesting is how deep messages may stand in each other, as in the decoders of
// most languages.
const maxNesting = 100

// The wire types. Source: https://protobuf.dev/programming-guides/encoding/
const (
	wireVarint     = 0
	wireFixed64    = 1
	wireBytes      = 2
	wireStartGroup = 3
	wireEndGroup   = 4
	wireFixed32    = 5
)

// wireField is one field of a message as it is written.
type wireField struct {
	number int
	kind   byte
	value  []byte // of wireBytes
}

// isProtobufType tells whether a media type says that the body is one message.
func isProtobufType(mediaType string) bool {
	switch mediaType {
	case "application/proto", protobufType, "application/x-protobuf", "application/x-google-protobuf", "application/vnd.google.protobuf":
		return true
	default:
		return strings.HasSuffix(mediaType, "+proto")
	}
}

// nextField reads the first field of b; ok is false when there is none. A last
// value that the end of a cut body shortens counts.
func nextField(b []byte, cut bool) (f wireField, rest []byte, ok bool) {
	tag, n := binary.Uvarint(b)
	number := tag >> 3
	if n <= 0 || number == 0 || number >= 1<<29 {
		return f, nil, false
	}
	f, b = wireField{number: int(number), kind: byte(tag & 7)}, b[n:]
	size := 0
	switch f.kind {
	case wireVarint:
		_, size = binary.Uvarint(b)
		ok = size > 0
	case wireFixed64:
		size = 8
	case wireFixed32:
		size = 4
	case wireBytes:
		length, n := binary.Uvarint(b)
		if n <= 0 || length > uint64(len(b)-n) && !cut {
			return f, nil, false
		}
		f.value, size = b[n:], n+int(min(length, uint64(len(b)-n)))
		f.value = f.value[: size-n : size-n]
	case wireStartGroup, wireEndGroup:
	default:
		return f, nil, false
	}
	if size < 0 || size > len(b) || f.kind == wireVarint && !ok {
		return f, nil, false
	}
	return f, b[size:], true
}

// isMessage tells whether all of b is fields, with every group closed.
func isMessage(b []byte, cut bool) bool {
	var groups []int
	for len(b) > 0 {
		f, rest, ok := nextField(b, cut)
		if !ok {
			return cut && len(b) < 10 // of the last field only a part of the number is left
		}
		switch f.kind {
		case wireStartGroup:
			if len(groups) >= maxNesting {
				return false
			}
			groups = append(groups, f.number)
		case wireEndGroup:
			if len(groups) == 0 || groups[len(groups)-1] != f.number {
				return false
			}
			groups = groups[:len(groups)-1]
		}
		b = rest
	}
	return len(groups) == 0 || cut
}

// isPrintable tells whether b is what people write: UTF-8 without control
// characters other than those of lines.
func isPrintable(b []byte) bool {
	const head = 64 // most messages show themselves at once
	if len(b) > head && !utf8.Valid(trimPartialRune(b[:head])) {
		return false
	}
	for _, c := range b {
		if isControl(c) || c == 0x7f {
			return false
		}
	}
	return utf8.Valid(b)
}

// holdsTexts tells whether a printable value is rather a message of texts. Few
// texts can be read as one: each field must end where the next begins, and the
// first has one of the low numbers.
func holdsTexts(b []byte) bool {
	const lowest, low = 0x08, 0x40 // the tags of the fields 1 to 7
	if len(b) == 0 || b[0] < lowest || b[0] >= low {
		return false
	}
	for len(b) > 0 {
		f, rest, ok := nextField(b, false)
		if !ok || f.kind != wireBytes || b[0] >= utf8.RuneSelf || !utf8.Valid(f.value) {
			return false
		}
		b = rest
	}
	return true
}

// protobuf reads the texts of a message without its schema and tells how many
// bytes of it were texts or files.
func (e *extractor) protobuf(b []byte, p place) (readable int) {
	root := classifier.Location{Parent: p.at, Stage: classifier.StageProtobuf}
	w := protobufWalk{e: e, depth: p.depth, field: p.field}
	w.message(b, root, 0)
	if w.opaque > maxToken {
		e.skip(classifier.Undecodable, "binary", w.opaque)
	}
	return w.readable
}

// protobufWalk reads one message with those inside it.
type protobufWalk struct {
	e        *extractor
	depth    int    // formats around it
	field    string // the name of the value as a whole
	readable int    // bytes of texts and of formats that are known
	opaque   int    // bytes that are neither: keys, packed numbers, perhaps sound
}

// fieldContainer is where fields stand. It is kept only when one of them needs it.
type fieldContainer struct {
	place classifier.Location
	kept  *classifier.Location
}

func (w *protobufWalk) keep(c *fieldContainer) *classifier.Location {
	if c.kept == nil {
		c.kept = w.e.locate(c.place)
	}
	return c.kept
}

// message reads the fields of b, which stands at at.
func (w *protobufWalk) message(b []byte, at classifier.Location, nesting int) {
	if nesting > maxNesting {
		w.e.skip(classifier.Truncated, "over_depth", len(b))
		return
	}
	inner := fieldContainer{place: at}
	var groups []fieldContainer
	for len(b) > 0 {
		f, rest, ok := nextField(b, w.e.cut)
		if !ok {
			return // the end of a cut message
		}
		switch {
		case f.kind == wireStartGroup:
			w.keep(&inner)
			groups = append(groups, inner)
			inner = fieldContainer{place: classifier.Location{Parent: inner.kept, Stage: classifier.StageField, Index: f.number}}
		case f.kind == wireEndGroup && len(groups) > 0:
			inner, groups = groups[len(groups)-1], groups[:len(groups)-1]
		case f.kind == wireBytes && len(f.value) > 0:
			w.value(f.value, classifier.Location{Parent: w.keep(&inner), Stage: classifier.StageField, Index: f.number}, nesting)
		}
		b = rest
	}
}

// value reads what may be a text, a message, a file or a key.
func (w *protobufWalk) value(v []byte, at classifier.Location, nesting int) {
	switch printable := isPrintable(v); {
	case printable && !holdsTexts(v):
		w.readable += len(v)
		w.e.value(v, at, w.field, w.depth)
	case !printable && sniffBinary(v, hint{}) != "":
		w.readable += len(v)
		w.e.content(v, hint{}, place{w.e.locate(at), w.field, w.depth + 1})
	case isMessage(v, w.e.cut):
		w.message(v, at, nesting+1)
	case w.e.isText(v), utf8.Valid(v):
		w.readable += len(v)
		w.e.text(w.e.validText(v), at, w.field, w.depth)
	default:
		w.opaque += len(v)
	}
}

// declaredProtobuf tells whether what is said to be a message is one. The
// beginning of a text may look like the beginning of one.
func (e *extractor) declaredProtobuf(b []byte, h hint) bool {
	return isProtobufType(h.mediaType) && len(b) > 0 && b[0] != '{' && isMessage(b, e.cut) && !(e.cut && isPrintable(trimPartialRune(b)))
}

// undeclaredProtobuf reads bytes that are no text as a message, if they look like
// one: noise of a few bytes often does, so that texts must be most of it.
func (e *extractor) undeclaredProtobuf(b []byte, p place) bool {
	if !mayBeMessage(b) || !isMessage(b, e.cut) {
		return false
	}
	before := e.mark()
	readable := e.protobuf(b, p)
	if !hasText(e.document.Segments[before.segments:]) {
		e.undo(before)
		return false
	}
	if readable*2 < len(b) {
		e.skip(classifier.Undecodable, "binary", len(b)-readable)
	}
	return true
}

// mayBeMessage tells from the first bytes whether it is worth to look on: a
// message has control characters, or bytes that are not UTF-8, among its tags and lengths.
func mayBeMessage(b []byte) bool {
	if len(b) < 4 || b[0] < 8 || b[0]&7 > wireFixed32 || b[0]&7 == wireStartGroup || b[0]&7 == wireEndGroup {
		return false
	}
	return !isPrintable(trimPartialRune(b[:min(len(b), 4096)]))
}

// hasText tells whether some segment is more than a few letters.
func hasText(segments []classifier.Segment) bool {
	for i := range segments {
		if len(segments[i].Text) >= 4 {
			return true
		}
	}
	return false
}
