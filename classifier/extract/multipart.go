package extract

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"strings"

	"daylight.internal/classifier"
)

// maxPartHeader bounds the header of one part.
const maxPartHeader = 16 << 10

// boundaryOf is the boundary of a multipart body: declared and found in it, or
// seen in its first line; "" when it is not multipart.
func boundaryOf(b []byte, h hint) string {
	if declared := h.params["boundary"]; declared != "" && strings.HasPrefix(h.mediaType, "multipart/") {
		head := b[:min(len(b), maxPartHeader)] // RFC 2046 allows a preamble
		if bytes.HasPrefix(head, []byte("--"+declared)) || bytes.Contains(head, []byte("\n--"+declared)) {
			return declared
		}
	}
	if !bytes.HasPrefix(b, []byte("--")) {
		return ""
	}
	line, rest, _ := bytes.Cut(b[:min(len(b), 512)], []byte{'\n'})
	line = bytes.TrimRight(line, " \t\r")
	if len(line) > 2+70+10 || len(bytes.Trim(line, "-")) == 0 || len(rest) < 8 || !bytes.EqualFold(rest[:8], []byte("content-")) {
		return ""
	}
	return string(line[2:])
}

// multipart reads the parts of a body, and as text what stands outside of them:
// a server that splits the body otherwise sees it.
// Sources: RFC 2046 section 5.1, RFC 7578.
func (e *extractor) multipart(b []byte, boundary string, p place) {
	opening := "--" + boundary
	delimiter := []byte("\n" + opening)
	if !bytes.HasPrefix(b, []byte(opening)) {
		var preamble []byte
		preamble, b, _ = bytes.Cut(b, delimiter)
		e.aside(preamble, p)
	} else {
		b = b[len(opening):]
	}
	for parts := 0; len(b) > 0 && !bytes.HasPrefix(b, []byte("--")); parts++ {
		if parts >= e.limits.Segments {
			e.skip(classifier.Truncated, "over_segments", len(b))
			return
		}
		part, rest, _ := bytes.Cut(b, delimiter)
		line, part, found := bytes.Cut(part, []byte{'\n'})
		e.aside(line, p)
		if found {
			e.part(bytes.TrimSuffix(part, []byte{'\r'}), p)
		}
		b = rest
	}
	e.aside(bytes.TrimPrefix(b, []byte("--")), p)
}

// aside reads what stands before, between or behind parts.
func (e *extractor) aside(b []byte, p place) {
	if b = bytes.TrimSpace(b); len(b) > 0 {
		p.depth++
		e.content(b, hint{}, p)
	}
}

// part reads one part: header, empty line, content.
func (e *extractor) part(b []byte, p place) {
	header, content := cutHeader(b)
	var params map[string]string
	var contentType, transfer string
	for line := range bytes.Lines(header) {
		name, value, _ := strings.Cut(string(line), ":")
		switch value = strings.TrimSpace(value); strings.ToLower(strings.TrimSpace(name)) {
		case "content-disposition":
			_, params = parseHeader(value)
		case "content-type":
			contentType = value
		case "content-transfer-encoding":
			transfer = strings.ToLower(value)
		}
	}
	name, filename := e.validText([]byte(params["name"])), e.validText([]byte(params["filename"]))
	label, isData := e.label(name)
	at := classifier.Location{Parent: p.at, Stage: classifier.StagePart, Name: label}
	inner := place{e.locate(at), label, p.depth + 1}
	if isData {
		e.emit(name, classifier.Location{Parent: inner.at, Stage: classifier.StageKeyName, Name: label}, "")
	}
	e.emit(fileName(filename), classifier.Location{Parent: inner.at, Stage: classifier.StageFilename}, "filename")
	e.content(e.transferDecode(content, transfer), newHint(contentType, params["filename"]), inner)
}

// cutHeader cuts a part behind the empty line that ends its header.
func cutHeader(b []byte) (header, content []byte) {
	head := b[:min(len(b), maxPartHeader)]
	for at := 0; at < len(head); {
		i := bytes.IndexByte(head[at:], '\n')
		if i < 0 {
			break
		}
		if line := head[at : at+i]; len(bytes.TrimRight(line, "\r")) == 0 {
			return b[:at], b[at+i+1:]
		}
		at += i + 1
	}
	return nil, b // no header: all of it is content
}

// transferDecode undoes a Content-Transfer-Encoding.
// Source: RFC 2045 section 6.
func (e *extractor) transferDecode(b []byte, name string) []byte {
	switch name {
	case "base64":
		if trimmed := bytes.TrimSpace(b); base64Encoding(trimmed) != nil || len(trimmed) < 24 {
			return e.decodeBase64(trimmed, base64.StdEncoding)
		}
		return b
	case "quoted-printable":
		out, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(b)))
		if err != nil && len(out) == 0 {
			return b
		}
		return out
	default:
		return b
	}
}
