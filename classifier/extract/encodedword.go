package extract

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"
)

// maxEncodedWord bounds an encoded word. The standard allows 75 bytes, and
// programs write longer ones.
const maxEncodedWord = 512

// encodedWord reads =?utf-8?B?…?= or =?koi8-r?Q?…?= with the blank before the next one.
// Source: RFC 2047.
func (u *unescaper) encodedWord(s []byte) int {
	if u.peek { // the beginning says enough
		charset, _, found := bytes.Cut(s[2:], []byte{'?'})
		if found && len(charset) > 0 && isCharsetName(charset) {
			return 2
		}
		return 0
	}
	s = s[:min(len(s), maxEncodedWord)]
	charset, rest, ok := bytes.Cut(s[2:], []byte{'?'})
	if !ok || !isCharsetName(charset) || len(rest) < 4 || rest[1] != '?' {
		return 0
	}
	word, _, closed := bytes.Cut(rest[2:], []byte("?="))
	if !closed {
		return 0
	}
	var decoded []byte
	switch rest[0] | 0x20 {
	case 'b':
		decoded = make([]byte, base64.StdEncoding.DecodedLen(len(word)))
		n, _ := base64.RawStdEncoding.Decode(decoded, bytes.TrimRight(word, "=")) // what was read before a mistake counts
		decoded = decoded[:n]
	case 'q':
		decoded = appendQuoted(nil, word)
		replaceByte(decoded, '_', ' ')
	default:
		return 0
	}
	size := 2 + len(charset) + 3 + len(word) + 2
	if !utf8.Valid(decoded) {
		if enc := u.e.encodingOf(decoded, string(charset)); enc != nil {
			if text, err := enc.NewDecoder().Bytes(decoded); err == nil {
				decoded = text
			}
		}
		decoded = bytes.ToValidUTF8(decoded, []byte{'?'})
	}
	if len(decoded) > size {
		return 0
	}
	for _, r := range string(decoded) {
		if isTextRune(r) {
			u.rune(r)
		}
	}
	return size + blanksBefore(s[size:], "=?")
}

func isCharsetName(b []byte) bool {
	for _, c := range b {
		if !isWordByte(c) && c != '-' && c != '_' && c != '*' {
			return false
		}
	}
	return len(b) > 1
}

// blanksBefore is how many blanks stand before what comes next; 0 when it is
// something else.
func blanksBefore(s []byte, next string) int {
	rest := bytes.TrimLeft(s, " \t\r\n")
	if bytes.HasPrefix(rest, []byte(next)) {
		return len(s) - len(rest)
	}
	return 0
}
