package extract

import (
	"bytes"
	"strings"

	"daylight.internal/classifier"
)

// looksForm tells whether a text is made of name=value pairs.
func looksForm(b []byte, h hint) bool {
	equals := bytes.IndexByte(b[:min(len(b), 256)], '=')
	if h.mediaType == formType {
		return true
	}
	if equals < 1 || len(b) > equals+1 && b[equals+1] == '=' {
		return false
	}
	for _, c := range b[:equals] {
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c-'0' <= 9 || strings.IndexByte("_-.%[]", c) >= 0 {
			continue
		}
		return false
	}
	head := b[:min(len(b), 4096)]
	return !bytes.ContainsAny(head, " \t\r\n<>\"")
}

// pairs reads name=value pairs joined by "&", as in form bodies and queries.
// Source: https://url.spec.whatwg.org/#urlencoded-parsing
func (e *extractor) pairs(b []byte, stage classifier.Stage, p place) {
	for len(b) > 0 {
		pair, rest, _ := bytes.Cut(b, []byte{'&'})
		b = rest
		name, value, found := bytes.Cut(pair, []byte{'='})
		if !found {
			name, value = nil, pair
		}
		name = e.validText(e.percentDecode(name, true))
		value = e.validText(e.percentDecode(value, true))
		label, isData := e.label(name)
		at := classifier.Location{Parent: p.at, Stage: stage, Name: label}
		if isData {
			e.emit(name, classifier.Location{Parent: e.locate(at), Stage: classifier.StageKeyName, Name: label}, "")
		}
		e.value(value, at, label, p.depth)
	}
}

// percentDecode undoes %XX and, where plus is true, "+" for a space. It returns b
// itself when there is neither.
func (e *extractor) percentDecode(b []byte, plus bool) []byte {
	if bytes.IndexByte(b, '%') < 0 && (!plus || bytes.IndexByte(b, '+') < 0) {
		return b
	}
	out, ok := e.reserve(len(b))
	if !ok {
		return b
	}
	out = out[:len(b)]
	n := 0
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c == '+' && plus {
			c = ' '
		} else if c == '%' && i+2 < len(b) {
			if high, low := hexDigit(b[i+1]), hexDigit(b[i+2]); high|low < 16 {
				c = high<<4 | low
				i += 2
			}
		}
		out[n] = c
		n++
	}
	return e.buffer.keep(out[:n])
}

// hexDigit is the value of a hexadecimal digit, or 16.
func hexDigit(c byte) byte {
	switch {
	case c-'0' <= 9:
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	default:
		return 16
	}
}

// validText decodes text whose percent escapes were not UTF-8, as far as it can.
func (e *extractor) validText(b []byte) []byte {
	if t, ok := e.toUTF8(b, ""); ok {
		return t
	}
	return e.repair(b)
}

// path reads the elements of a path that are text: a prompt may sit in it.
func (e *extractor) path(path string) {
	for element := range strings.SplitSeq(path, "/") {
		if isPathText(element) {
			at := classifier.Location{Stage: classifier.StagePath}
			e.emit(e.validText([]byte(path)), at, "")
			return
		}
	}
}

// isPathText tells an element that people wrote from names and identifiers.
func isPathText(element string) bool {
	if strings.IndexByte(element, '@') > 0 {
		return true
	}
	if len(element) < 24 {
		return false
	}
	letters, digits := 0, 0
	for i := range len(element) {
		switch c := element[i]; {
		case c >= 0x80 || c == ' ':
			return true
		case c-'0' <= 9:
			digits++
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		}
	}
	return digits == 0 && letters < len(element) // words joined by hyphens
}
