package extract

import (
	"bytes"
	"unicode/utf8"
)

// maxBackslashes is how many backslashes in front of an escape are read as one:
// each time a text is escaped again, their number doubles.
const maxBackslashes = 16

// backslash reads an escape of programming languages at i: \u0438 \u{1f600}
// \U0001f600 \x41 \320\230 \n \" and, of Markdown, \_ between letters.
func (u *unescaper) backslash(s []byte, i, limit int) (size int, hides bool) {
	n := i
	for n < limit && s[n] == '\\' && n < i+maxBackslashes {
		n++
	}
	if n == limit {
		return 0, false
	}
	switch c := s[n]; {
	case c == 'u' && n+1 < limit && s[n+1] == '{':
		size = u.braced(s[n:limit])
	case c == 'u':
		size = u.unit(s[n:limit], 1, '\\')
	case c == 'U':
		size = u.longUnit(s[n:limit])
	case c == 'x' && n+1 < limit && s[n+1] == '{':
		size = u.braced(s[n:limit])
	case c == 'x', c >= '0' && c <= '3':
		start := len(u.out)
		if c == 'x' {
			size, hides = u.hexBytes(s[n-1 : limit])
		} else {
			size, hides = u.octalBytes(s[n-1 : limit])
		}
		if size = whole(size, n-1-i); !hides { // what cannot be read stays
			u.out = append(u.out[:start], s[i:i+size]...)
		}
		return size, hides
	default:
		return u.letterEscape(s, i, n, limit)
	}
	return whole(size, n-i), size > 0
}

// whole is the size of an escape with what stands before it; 0 when it is none.
func whole(size, before int) int {
	if size == 0 {
		return 0
	}
	return size + before
}

// braced reads u{1f600}.
func (u *unescaper) braced(s []byte) int {
	end := bytes.IndexByte(s[:min(len(s), 12)], '}')
	if end < 3 {
		return 0
	}
	r := rune(0)
	for _, c := range s[2:end] {
		digit := rune(hexDigit(c))
		if r = r<<4 | digit; digit > 15 || r > utf8.MaxRune {
			return 0
		}
	}
	if !isTextRune(r) {
		return 0
	}
	u.rune(r)
	return end + 1
}

// longUnit reads U0001f600.
func (u *unescaper) longUnit(s []byte) int {
	if len(s) < 9 {
		return 0
	}
	high, low := hexRune(s[1:5]), hexRune(s[5:9])
	if high < 0 || low < 0 || high > 0x10 || !isTextRune(high<<16|low) {
		return 0
	}
	u.rune(high<<16 | low)
	return 9
}

// hexBytes reads a run of \xd0\xb8, which are bytes in some languages and
// characters in others.
func (u *unescaper) hexBytes(s []byte) (size int, ok bool) {
	start, n := len(u.out), 0
	for next := 0; next+3 < len(s) && s[next] == '\\' && s[next+1] == 'x'; {
		high, low := hexDigit(s[next+2]), hexDigit(s[next+3])
		if high|low >= 16 || !isTextRune(rune(high<<4|low)) {
			break
		}
		u.out = append(u.out, high<<4|low)
		n = next + 4
		for next = n; next+1 < len(s) && s[next] == '\\' && s[next+1] == '\\' && next < n+maxBackslashes; {
			next++
		}
	}
	if n == 0 {
		return 0, false
	}
	if decoded := u.out[start:]; len(decoded) == 1 && decoded[0] >= utf8.RuneSelf {
		u.out = utf8.AppendRune(u.out[:start], rune(decoded[0]))
		return n, true
	}
	return n, u.bytesOf(start, n)
}

// octalBytes reads a run of \320\230, as in the paths that git shows, when it is
// UTF-8 beyond ASCII: paths of Windows look like single ones.
func (u *unescaper) octalBytes(s []byte) (size int, ok bool) {
	start, n := len(u.out), 0
	for n+3 < len(s) && s[n] == '\\' && s[n+1]-'0' <= 3 && s[n+2]-'0' <= 7 && s[n+3]-'0' <= 7 {
		c := (s[n+1]-'0')<<6 | (s[n+2]-'0')<<3 | (s[n+3] - '0')
		if c < utf8.RuneSelf {
			break
		}
		u.out = append(u.out, c)
		n += 4
	}
	decoded := u.out[start:]
	if u.peek {
		decoded = trimPartialRune(decoded)
	}
	return n, n > 0 && utf8.Valid(decoded)
}

// letterEscape reads \n \" and the like at i, whose letter stands at n.
func (u *unescaper) letterEscape(s []byte, i, n, limit int) (size int, hides bool) {
	c, next := s[n], byte(0)
	if n+1 < limit {
		next = s[n+1]
	}
	switch c {
	case 'n', 't', 'r':
		// Folders begin with these letters, too. Behind a line break that was
		// escaped the next word begins.
		hides = next-'0' <= 9 || next == '+' || next-'A' < 26 || next >= utf8.RuneSelf || u.oneLine && isASCIILetter(next)
		u.rune(rune(shortEscape(c)))
	case '"', '/':
		hides = c == '/' && isWordByte(next) || c == '"' && i <= 2
		u.rune(rune(c))
	case '_', '-', '.', '@', '+', '(', ')', '#':
		hides = i > 0 && isWordByte(s[i-1]) && isWordByte(next)
		u.rune(rune(c))
	default:
		u.out = append(u.out, s[i:n]...)
		return n - i, false
	}
	return n + 1 - i, hides
}

func isWordByte(c byte) bool { return isASCIILetter(c) || c-'0' <= 9 }
