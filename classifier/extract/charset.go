package extract

import (
	"bytes"
	"unicode/utf8"

	"daylight.internal/classifier"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// toUTF8 returns b as UTF-8, or false when it is not text. Text that is UTF-8
// already is returned as it is.
func (e *extractor) toUTF8(b []byte, declared string) ([]byte, bool) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if bigEndian, ok := isUTF16(b); ok {
		order := unicode.LittleEndian
		if bigEndian {
			order = unicode.BigEndian
		}
		return e.transcode(b, unicode.UTF16(order, unicode.UseBOM)), true
	}
	if bytes.IndexByte(b, 0) >= 0 || hasControls(b[:min(len(b), 4096)]) {
		return nil, false
	}
	if utf8.Valid(b) {
		return b, true
	}
	if e.cut {
		b = trimPartialRune(b)
	}
	// Bytes that are UTF-8 by chance are rare: text with more of it than of the
	// other is damaged UTF-8.
	if valid, invalid := countRunes(b); valid > invalid || invalid == 0 {
		return bytes.ToValidUTF8(b, []byte("\ufffd")), true
	}
	if declared != "" {
		if enc, err := htmlindex.Get(declared); err == nil && enc != unicode.UTF8 {
			return e.transcode(b, enc), true
		}
	}
	if enc, _ := e.evidence.guess(b); enc != nil {
		return e.transcode(b, enc), true
	}
	return nil, false
}

// damagedText returns as UTF-8 what would be text but for a few control
// characters; blanks stand for them. In bytes that are no text, such as
// compressed ones, every tenth is one.
func (e *extractor) damagedText(b []byte, h hint) ([]byte, bool) {
	controls := 0
	for _, c := range b {
		if isControl(c) {
			if controls++; controls > len(b)/20 {
				return nil, false
			}
		}
	}
	if controls > 0 {
		b = bytes.Clone(b)
		for i, c := range b {
			if isControl(c) {
				b[i] = ' '
			}
		}
	}
	return e.toUTF8(b, h.params["charset"])
}

// transcode decodes what fits: decoders of x/text replace what they cannot read.
func (e *extractor) transcode(b []byte, enc encoding.Encoding) []byte {
	room, reason := e.room(len(b))
	if int64(len(b)) > room { // a character never has more bytes than three for each of b
		e.skip(classifier.Truncated, reason, len(b)-int(room))
		b = b[:room]
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		e.skip(classifier.Undecodable, "corrupt", 0)
	}
	e.decoded += int64(len(out))
	return out
}

// isUTF16 looks for a byte order mark, or for the zero bytes that every other
// byte is in text with many ASCII characters.
func isUTF16(b []byte) (bigEndian, ok bool) {
	if len(b) < 2 {
		return false, false
	}
	if b[0] == 0xfe && b[1] == 0xff || b[0] == 0xff && b[1] == 0xfe {
		return b[0] == 0xfe, true
	}
	head := b[:min(len(b), 512)&^1]
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i&1]++
		}
	}
	half := len(head) / 2
	switch {
	case half >= 4 && zeros[0] == 0 && zeros[1] >= half*3/5:
		return false, true
	case half >= 4 && zeros[1] == 0 && zeros[0] >= half*3/5:
		return true, true
	default:
		return false, false
	}
}

// hasControls tells whether b has control characters that texts do not have.
// ESC stays, for terminals' colours; the record separator is used between JSON values.
func hasControls(b []byte) bool {
	n := 0
	for _, c := range b {
		if isControl(c) {
			n++
		}
	}
	return n*100 > len(b)
}

func isControl(c byte) bool {
	return c < ' ' && (c < '\t' || c > '\r') && c != 0x1b && c != 0x1e
}

// trimPartialRune drops the beginning of a character at the end of b.
func trimPartialRune(b []byte) []byte {
	for i := 1; i <= min(3, len(b)); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if c >= 0xc0 && !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// countRunes counts the characters of b beyond ASCII and the bytes that are not UTF-8.
func countRunes(b []byte) (valid, invalid int) {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			invalid++
		} else if size > 1 {
			valid++
		}
		b = b[size:]
	}
	return valid, invalid
}
