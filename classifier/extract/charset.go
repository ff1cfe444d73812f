package extract

import (
	"bytes"
	"unicode/utf8"

	"daylight.internal/classifier"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// toUTF8 returns b as UTF-8, or false when it is not text. Text that is UTF-8
// already is returned as it is.
func (e *extractor) toUTF8(b []byte, declared string) ([]byte, bool) {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if enc := wideUnicode(b); enc != nil {
		return e.transcode(b, enc), true
	}
	if bytes.IndexByte(b, 0) >= 0 || hasControls(b[:min(len(b), 4096)]) {
		return nil, false
	}
	if utf8.Valid(b) {
		if bytes.Contains(b, []byte("\x1b$")) { // the escapes of ISO-2022-JP, which is ASCII otherwise
			return e.transcode(b, japanese.ISO2022JP), true
		}
		return b, true
	}
	if e.cut {
		b = trimPartialRune(b)
	}
	// Bytes that are UTF-8 by chance are rare: text with more of it than of the
	// other is damaged UTF-8.
	if valid, invalid := countRunes(b); valid > invalid || invalid == 0 {
		return e.repair(b), true
	}
	enc := e.encodingOf(b, declared)
	if enc == nil {
		return nil, false
	}
	return e.transcode(b, enc), true
}

// encodingOf is the legacy encoding of b: as declared by others, or by the text
// itself, or guessed. Who declares that of Western Europe may have declared
// nothing: it is the default of many programs.
func (e *extractor) encodingOf(b []byte, declared string) encoding.Encoding {
	said := legacyEncoding(declared)
	if said == nil {
		said = legacyEncoding(declaredWithin(b))
	}
	if said != nil && said != charmap.Windows1252 {
		return said
	}
	const sure = likely / 2
	enc, marks := e.evidence.guess(b)
	if said != nil && marks < sure {
		return said
	}
	return enc
}

// legacyEncoding is the encoding of a name, unless it is unknown or one that
// bytes show themselves.
func legacyEncoding(name string) encoding.Encoding {
	if name == "" {
		return nil
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		return nil
	}
	switch canonical, _ := htmlindex.Name(enc); canonical {
	case "utf-8", "utf-16be", "utf-16le", "replacement", "x-user-defined":
		return nil
	default:
		return enc
	}
}

// declaredWithin is what a document of HTML, XML or CSS says of its encoding in
// its first kilobyte; "" when it says nothing.
func declaredWithin(b []byte) string {
	head := b[:min(len(b), 1024)]
	if !bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte{'<'}) && !bytes.HasPrefix(head, []byte("@charset")) {
		return ""
	}
	head = bytes.ToLower(head)
	for _, key := range [...]string{"charset", "encoding"} {
		_, value, found := bytes.Cut(head, []byte(key))
		if !found {
			continue
		}
		value = bytes.TrimLeft(value, " \t\r\n='\"")
		if end := bytes.IndexAny(value, " \t\r\n'\"/>;?"); end > 0 {
			return string(value[:end])
		}
	}
	return ""
}

// repair replaces what is not UTF-8.
func (e *extractor) repair(b []byte) []byte {
	_, invalid := countRunes(b)
	if size := int64(len(b) + 2*invalid); size > e.left() { // three bytes stand for one
		room := int(float64(len(b)) * float64(e.left()) / float64(size))
		e.skip(classifier.Truncated, "over_limit", len(b)-room)
		b, invalid = b[:room], int(float64(invalid)*float64(room)/float64(len(b)))
	}
	out := make([]byte, 0, len(b)+2*invalid) // no run of bad bytes has more marks than bytes
	good := 0                                // where what is not yet copied begins
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			if out = append(out, b[good:i]...); i == 0 || good < i {
				out = append(out, "\ufffd"...)
			}
			good = i + 1
		}
		i += size
	}
	out = append(out, b[good:]...)
	e.memory += int64(cap(out))
	return out
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
		if !e.grant(len(b)) {
			return nil, false
		}
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

// isWideUnicode tells whether b is UTF-16 or UTF-32.
func isWideUnicode(b []byte) bool { return wideUnicode(b) != nil }

// wideUnicode looks for a byte order mark of UTF-16 or UTF-32, or for units of
// two bytes that are text where single bytes would be none; nil for neither.
func wideUnicode(b []byte) encoding.Encoding {
	switch {
	case len(b) < 2:
		return nil
	case bytes.HasPrefix(b, []byte("\xff\xfe\x00\x00")):
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case bytes.HasPrefix(b, []byte("\x00\x00\xfe\xff")):
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case b[0] == 0xfe && b[1] == 0xff:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case b[0] == 0xff && b[1] == 0xfe:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	head := b[:min(len(b), 512)&^1]
	little, big, odd := 0, 0, 0
	zeros := bytes.Count(head, []byte{0})
	for i := 0; i < len(head); i += 2 {
		little += isTextUnit(head[i+1], head[i])
		big += isTextUnit(head[i], head[i+1])
		odd += oddBytes(head[i], head[i+1])
	}
	half := len(head) / 2
	if half < 4 || half < 8 && zeros*5 < half*3 || odd*25 < half { // it may be text of single bytes
		return nil
	}
	switch {
	case little*3 >= half*2 && little > big:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case big*3 >= half*2 && big > little:
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	default:
		return nil
	}
}

// oddBytes is 1 when one of two bytes is none that a text of single bytes has.
func oddBytes(a, b byte) int {
	if isControl(a) || isControl(b) {
		return 1
	}
	return 0
}

// isTextUnit is 1 when a unit of UTF-16 belongs to a script that is written a lot.
func isTextUnit(high, low byte) int {
	switch {
	case high >= ' ' && high < 0x7f && low >= ' ' && low < 0x7f: // as likely two letters of ASCII
		return 0
	case high == 0 && (low >= ' ' && low < 0x7f || low >= 0xa0 || low >= '\t' && low <= '\r'),
		high == 1,                                      // Latin letters of Central Europe and Turkey
		high >= 3 && high <= 6, high == 9, high == 0xe, // Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai
		high == 0x20, high == 0x21 && low >= 0x10, high == 0x30, // punctuation, symbols, kana
		high >= 0x4e && high <= 0x9f, high >= 0xac && high <= 0xd7, // Chinese, Korean
		high >= 0xd8 && high <= 0xdf, high == 0xff && low <= 0xef: // emoji, full-width forms
		return 1
	default:
		return 0
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
