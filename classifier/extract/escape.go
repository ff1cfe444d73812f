package extract

import (
	"bytes"
	"html"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// Text that is no longer what it was made for, such as a log, a source file or a
// paste from the network tab of a browser, still holds the escapes of where it
// came from. They hide letters and digits from a reader of bytes.

// unescaped undoes the escapes in a text, if there are any that hide something:
// entities of HTML, escapes of programming languages however often they were
// escaped again, percent-encoding, encoded words of mail headers. In cells, what
// would part them becomes a blank. It returns s itself when nothing is hidden.
func (e *extractor) unescaped(s []byte, cells bool) []byte {
	u := unescaper{e: e, marks: newMarkFinder(s), cells: cells, peek: true}
	if !u.any(s) {
		return s
	}
	room, ok := e.reserve(len(s))
	if !ok {
		return s
	}
	u = unescaper{e: e, marks: newMarkFinder(s), cells: cells, plus: isFormText(s), out: room}
	u.all(s)
	return e.buffer.keep(u.out)
}

// any tells whether an escape hides something.
func (u *unescaper) any(s []byte) bool {
	i := u.marks.from(0)
	if i == len(s) {
		return false
	}
	u.oneLine = bytes.IndexByte(s, '\n') < 0
	var scratch [2 * window]byte
	for i < len(s) {
		u.out = scratch[:0]
		size, hides := u.escape(s, i, min(len(s), i+window))
		if hides {
			return true
		}
		i = u.marks.from(i + max(1, size))
	}
	return false
}

// window is as much as one escape may need, with the one behind it.
const window = 64

// markFinder tells where the next escape may begin.
type markFinder struct {
	text []byte
	next [4]int
}

func newMarkFinder(text []byte) markFinder {
	return markFinder{text, [4]int{-1, -1, -1, -1}}
}

// from returns the first mark at or behind i, or the length of the text. Each
// kind of mark is looked for once over the whole text.
func (f *markFinder) from(i int) int {
	first := len(f.text)
	for k := range f.next {
		if f.next[k] < i {
			f.next[k] = len(f.text)
			at := -1
			switch rest := f.text[min(i, len(f.text)):]; k {
			case 0:
				at = bytes.IndexByte(rest, '&')
			case 1:
				at = bytes.IndexByte(rest, '\\')
			case 2:
				at = bytes.IndexByte(rest, '%')
			default:
				at = bytes.Index(rest, []byte("=?"))
			}
			if at >= 0 {
				f.next[k] = i + at
			}
		}
		first = min(first, f.next[k])
	}
	return first
}

// unescaper writes a text without its escapes. What it writes is never longer
// than what it read.
type unescaper struct {
	e     *extractor
	marks markFinder
	out   []byte
	cells bool
	plus  bool // "+" stands for a blank
	// peek is true while only the beginning of each escape is looked at.
	peek    bool
	oneLine bool // peek: the text has no line breaks
}

func (u *unescaper) all(s []byte) {
	for i := 0; i < len(s); {
		mark := u.marks.from(i)
		start := len(u.out)
		u.out = append(u.out, s[i:mark]...)
		if u.plus {
			replaceByte(u.out[start:], '+', ' ')
		}
		if i = mark; i == len(s) {
			return
		}
		size, _ := u.escape(s, i, len(s))
		if size == 0 {
			u.out = append(u.out, s[i])
			size = 1
		}
		i += size
	}
}

func replaceByte(b []byte, old, by byte) {
	for i, c := range b {
		if c == old {
			b[i] = by
		}
	}
}

// escape reads the escape at i, up to limit, appends what it stands for and
// returns its length; 0 when there is none. hides is false for those of which no
// reader of the text takes notice, such as that of a quote.
func (u *unescaper) escape(s []byte, i, limit int) (size int, hides bool) {
	switch text := s[i:limit]; s[i] {
	case '&':
		size = u.entity(text)
		return size, size > 0
	case '%':
		start := len(u.out)
		if size, hides = u.percent(text); !hides { // what cannot be read stays
			u.out = append(u.out[:start], text[:size]...)
		}
		return size, hides
	case '\\':
		return u.backslash(s, i, limit)
	default:
		size = u.encodedWord(text)
		return size, size > 0
	}
}

// rune appends what an escape stands for.
func (u *unescaper) rune(r rune) {
	if u.cells && r < utf8.RuneSelf && strings.IndexByte(partsCells, byte(r)) >= 0 {
		r = ' '
	}
	u.out = utf8.AppendRune(u.out, r)
}

// isTextRune tells whether a code point may stand in a text.
func isTextRune(r rune) bool {
	return (r >= ' ' || r == '\t' || r == '\n' || r == '\r') && r != 0x7f && r <= utf8.MaxRune && !utf16.IsSurrogate(r)
}

// maxEntity bounds an entity; the longest name has 31 letters.
const maxEntity = 33

// entity reads &amp; &#65; or &#x41;.
// Source: https://html.spec.whatwg.org/multipage/syntax.html#character-references
func (u *unescaper) entity(s []byte) int {
	if len(s) < 4 {
		return 0
	}
	if s[1] == '#' {
		return u.numericEntity(s)
	}
	n := 1
	for n < min(len(s), maxEntity) && (isASCIILetter(s[n]) || s[n]-'0' <= 9) {
		n++
	}
	if n < 3 || n >= len(s) || s[n] != ';' {
		return 0
	}
	n++
	decoded := html.UnescapeString(string(s[:n]))
	if len(decoded) >= n || decoded[len(decoded)-1] == ';' {
		return 0
	}
	for _, r := range decoded {
		u.rune(r)
	}
	return n
}

// numericEntity reads &#65; or &#x41;. Browsers do without the semicolon.
func (u *unescaper) numericEntity(s []byte) int {
	n, base := 2, rune(10)
	if s[2]|0x20 == 'x' {
		n, base = 3, 16
	}
	first, r := n, rune(0)
	for ; n < min(len(s), maxEntity); n++ {
		digit := rune(hexDigit(s[n]))
		if digit >= base {
			break
		}
		if r = r*base + digit; r > utf8.MaxRune {
			return 0
		}
	}
	if n == first || !isTextRune(r) {
		return 0
	}
	if n < len(s) && s[n] == ';' {
		n++
	}
	u.rune(r)
	return n
}

// percent reads a run of %D0%B8, or one %u0438. Bytes that are not UTF-8 are
// those of a legacy encoding when there are several of them.
func (u *unescaper) percent(s []byte) (size int, ok bool) {
	if len(s) >= 6 && s[1]|0x20 == 'u' {
		size = u.unit(s, 2, '%')
		return size, size > 0
	}
	start, n := len(u.out), 0
	for n+2 < len(s) && s[n] == '%' {
		high, low := hexDigit(s[n+1]), hexDigit(s[n+2])
		if high|low >= 16 || !isTextRune(rune(high<<4|low)) {
			break
		}
		u.out = append(u.out, high<<4|low)
		n += 3
	}
	return n, n > 0 && u.bytesOf(start, n)
}

// bytesOf makes text of the bytes appended from start on, which were read from n,
// and tells whether they are some.
func (u *unescaper) bytesOf(start, n int) bool {
	decoded := u.out[start:]
	if u.peek {
		decoded = trimPartialRune(decoded)
	}
	if !utf8.Valid(decoded) {
		valid, invalid := countRunes(decoded)
		if invalid < 2 || invalid < valid {
			return false
		}
		enc, marks := u.e.evidence.guess(decoded)
		if enc == nil || marks < 0 {
			return false
		}
		text, err := enc.NewDecoder().Bytes(decoded)
		if err != nil || len(text) > n {
			return false
		}
		u.out = append(u.out[:start], text...)
	}
	if u.cells {
		for _, c := range []byte(partsCells) {
			replaceByte(u.out[start:], c, ' ')
		}
	}
	return true
}

// partsCells are the bytes that part the cells of tables.
const partsCells = "\r\n\t\";|,"

// unit reads the four hexadecimal digits of a unit of UTF-16 at i, and behind it
// the second half of a pair, which the same mark opens. It returns where they end.
func (u *unescaper) unit(s []byte, i int, mark byte) int {
	r := rune(-1)
	if i+4 <= len(s) {
		r = hexRune(s[i : i+4])
	}
	if r < 0 {
		return 0
	}
	if i += 4; utf16.IsSurrogate(r) {
		j := i
		for j < len(s) && s[j] == mark && j < i+window {
			j++
		}
		if j == i || j+5 > len(s) || s[j]|0x20 != 'u' {
			return 0
		}
		if r = utf16.DecodeRune(r, hexRune(s[j+1:j+5])); r == utf8.RuneError {
			return 0
		}
		i = j + 5
	}
	if !isTextRune(r) {
		return 0
	}
	u.rune(r)
	return i
}

// isFormText tells whether a text was encoded for a form as a whole, blanks too.
func isFormText(s []byte) bool {
	return bytes.IndexByte(s, '%') >= 0 && bytes.IndexByte(s, '+') >= 0 && !bytes.ContainsAny(s, " \t\r\n<\"") && !bytes.Contains(s, []byte("%20"))
}

// disguised reads what the encodings amid a text hide, and tells whether nothing
// is left to read in it.
func (e *extractor) disguised(s []byte, at classifier.Location, field string, depth int) bool {
	if len(s) > minBase64 {
		e.embedded(s, at, field, depth)
		if e.quoted(s, at, field, depth) {
			return true
		}
	}
	return e.revealed(s, at, field, depth)
}

// revealed reads a text with its escapes undone, and tells whether there were any.
func (e *extractor) revealed(s []byte, at classifier.Location, field string, depth int) bool {
	plain := e.unescaped(s, false)
	if len(plain) == len(s) {
		return false
	}
	if depth+1 > e.limits.Depth {
		e.skip(classifier.Truncated, "over_depth", 0)
		return false
	}
	e.value(plain, e.unescapedPlace(at), field, depth+1)
	return true
}

// unescapedPlace is where the text stands that the escapes at a place hide.
func (e *extractor) unescapedPlace(at classifier.Location) classifier.Location {
	if at.Stage == classifier.StageUnescaped {
		return at
	}
	return classifier.Location{Parent: e.locate(at), Stage: classifier.StageUnescaped}
}
