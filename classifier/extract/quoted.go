package extract

import (
	"bytes"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// quoted reads a text in quoted-printable, such as the source of a mail, and
// tells whether it is one.
// Source: RFC 2045 section 6.7.
func (e *extractor) quoted(s []byte, at classifier.Location, field string, depth int) bool {
	first := bytes.IndexByte(s, '=')
	if first < 0 || !isQuoted(s, first) {
		return false
	}
	if depth+1 > e.limits.Depth {
		e.skip(classifier.Truncated, "over_depth", 0)
		return false
	}
	room, ok := e.reserve(len(s))
	if !ok {
		return false
	}
	plain := e.buffer.keep(appendQuoted(room, s))
	if !utf8.Valid(plain) {
		if plain, ok = e.toUTF8(plain, charsetWithin(s)); !ok {
			return false
		}
	}
	e.value(plain, e.unescapedPlace(at), field, depth+1)
	return true
}

// isQuoted tells whether the equals signs of a text are those of
// quoted-printable: most of them escape a byte or end a long line, and one at
// least does what is no accident.
func isQuoted(s []byte, first int) bool {
	const longLine = 60 // bytes; writers break lines at 76
	escapes, others, sure := 0, 0, 0
	for i := first; i < len(s); {
		size, c := quotedEscape(s[i:])
		switch {
		case size == 0:
			others++
			size = 1
		case size == 3 && s[i+1] != '\r':
			escapes++
			if c == '=' || c >= 0xc2 && c < 0xf5 && isQuotedContinuation(s[i+3:]) {
				sure++
			}
		default:
			escapes++
			if i >= longLine && bytes.IndexByte(s[i-longLine:i], '\n') < 0 {
				sure++
			}
		}
		i += size
		next := bytes.IndexByte(s[i:], '=')
		if next < 0 {
			break
		}
		i += next
	}
	if escapes > 0 && bytes.Contains(s, []byte("uoted-")) && bytes.Contains(bytes.ToLower(s[:min(len(s), 16<<10)]), []byte("content-transfer-encoding: quoted-printable")) {
		return true // a mail says it; its header has other equals signs
	}
	return sure > 0 && escapes >= 2 && escapes >= 2*others
}

// quotedEscape is the length of the escape at the beginning of s, and the byte
// that one of three bytes stands for. A line break behind "=" is no byte.
func quotedEscape(s []byte) (size int, c byte) {
	switch {
	case len(s) >= 2 && s[1] == '\n':
		return 2, 0
	case len(s) >= 3 && s[1] == '\r' && s[2] == '\n':
		return 3, 0
	case len(s) >= 3 && hexDigit(s[1])|hexDigit(s[2]) < 16:
		return 3, hexDigit(s[1])<<4 | hexDigit(s[2])
	default:
		return 0, 0
	}
}

func isQuotedContinuation(s []byte) bool {
	size, c := quotedEscape(s)
	return size == 3 && c&0xc0 == 0x80
}

// appendQuoted undoes quoted-printable. What is no escape stays.
func appendQuoted(dst, s []byte) []byte {
	for {
		i := bytes.IndexByte(s, '=')
		if i < 0 {
			return append(dst, s...)
		}
		dst, s = append(dst, s[:i]...), s[i:]
		size, c := quotedEscape(s)
		switch {
		case size == 0:
			dst, size = append(dst, '='), 1
		case size == 3 && s[1] != '\r' && (c >= ' ' || c == '\t' || c == '\n' || c == '\r'):
			dst = append(dst, c)
		}
		s = s[size:]
	}
}

// charsetWithin is the charset that the source of a mail names; "" for none.
func charsetWithin(s []byte) string {
	_, value, found := bytes.Cut(s, []byte("charset="))
	if !found {
		return ""
	}
	value = bytes.TrimLeft(value[:min(len(value), 64)], `"'`)
	n := 0
	for n < len(value) && (isWordByte(value[n]) || value[n] == '-' || value[n] == '_') {
		n++
	}
	return string(value[:n])
}
