package extract

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// stringEnd finds the closing quote of the JSON string whose text begins at
// start, and tells whether there are escapes in it.
func stringEnd(b []byte, start int) (end int, escaped, closed bool) {
	from := start
	for {
		i := bytes.IndexByte(b[from:], '"')
		if i < 0 {
			end = len(b)
			break
		}
		end = from + i
		slashes := 0
		for end-slashes > start && b[end-slashes-1] == '\\' {
			slashes++
		}
		if slashes&1 == 0 {
			closed = true
			break
		}
		escaped, from = true, end+1
	}
	return end, escaped || bytes.IndexByte(b[start:end], '\\') >= 0, closed
}

// unescape appends the text of a JSON string to dst. It never grows beyond
// len(s). What is no escape of JSON stays as it is.
func unescape(dst, s []byte) []byte {
	for len(s) > 0 {
		if s[0] != '\\' {
			i := bytes.IndexByte(s, '\\')
			if i < 0 {
				return append(dst, s...)
			}
			dst, s = append(dst, s[:i]...), s[i:]
		}
		if len(s) == 1 {
			return dst // a body cut inside an escape
		}
		if s[1] == 'u' {
			r, n := unescapeRune(s)
			if n == 0 {
				return dst
			}
			dst, s = utf8.AppendRune(dst, r), s[n:]
			continue
		}
		if c := shortEscape(s[1]); c != 0 {
			dst = append(dst, c)
		} else {
			dst = append(dst, s[0], s[1])
		}
		s = s[2:]
	}
	return dst
}

// shortEscape is the byte that an escape of one letter means; 0 for none.
func shortEscape(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	default:
		return 0
	}
}

// unescapeRune reads the \uXXXX at the beginning of s, with the one after it
// when they are a surrogate pair. n is 0 when s ends inside.
func unescapeRune(s []byte) (r rune, n int) {
	if len(s) < 6 {
		return 0, 0
	}
	r = hexRune(s[2:6])
	if !utf16.IsSurrogate(r) {
		if r < 0 { // not hexadecimal: the text stays readable
			return '\\', 1
		}
		return r, 6
	}
	if len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
		if pair := utf16.DecodeRune(r, hexRune(s[8:12])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

// hexRune is the value of four hexadecimal digits, or -1.
func hexRune(s []byte) rune {
	var r rune
	for _, c := range s {
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}
