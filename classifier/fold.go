package classifier

import (
	"encoding/binary"
	"sort"
	"unicode/utf8"
)

// shift says that from the folded offset on, the original offset is ahead by
// the difference of the two.
type shift struct{ folded, original int }

// folding maps offsets of folded text to the original. The zero value maps
// every offset to itself.
type folding []shift

// original returns the offset in the original text.
func (f folding) original(offset int) int {
	i := sort.Search(len(f), func(i int) bool { return f[i].folded > offset })
	if i == 0 {
		return offset
	}
	return f[i-1].original + offset - f[i-1].folded
}

// foldTable marks, for each byte that begins a rune which folds, the bytes that
// may come second.
type foldTable [256]*[256]bool

var foldStarts = func() (t foldTable) {
	for r := rune(0xA0); r < 0x1D800; r++ {
		if foldRune(r) < 0 || r >= 0xD800 && r < 0xE000 {
			continue
		}
		b := utf8.AppendRune(nil, r)
		if t[b[0]] == nil {
			t[b[0]] = new([256]bool)
		}
		t[b[0]][b[1]] = true
	}
	return t
}()

// nextFold returns the first offset from i on at which a rune folds, or len(text).
func nextFold(text []byte, i int) int {
	for i+8 <= len(text) && binary.LittleEndian.Uint64(text[i:])&0x8080808080808080 == 0 {
		i += 8 // ASCII, all of it
	}
	for i < len(text) {
		if c := text[i]; c >= 0xE4 && c <= 0xE9 && i+3 <= len(text) && text[i+1]&0xC0 == 0x80 && text[i+2]&0xC0 == 0x80 {
			i += 3 // a Chinese character as a whole
			continue
		}
		second := foldStarts[text[i]]
		if second == nil || i+1 == len(text) || !second[text[i+1]] {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if foldRune(r) >= 0 {
			return i
		}
		i += size
	}
	return len(text)
}

// foldRune returns the ASCII byte that r is read as, 0 when r is invisible, and
// -1 when it stays. It covers what hides a number from the eye or a pattern:
// digits of other scripts, full-width forms, unusual blanks and hyphens, and
// zero-width runes.
func foldRune(r rune) int {
	switch {
	case r < 0xA0:
		return -1
	case r >= 0x0660 && r <= 0x0669: // Arabic-Indic digits
		return '0' + int(r-0x0660)
	case r >= 0x06F0 && r <= 0x06F9: // Persian digits
		return '0' + int(r-0x06F0)
	case r >= 0x0966 && r <= 0x1819: // digits of India and of its neighbours
		return foldDigit(r)
	case r >= 0xFF01 && r <= 0xFF5E: // full-width ASCII
		return foldFullWidth(byte(r - 0xFF01 + '!'))
	case r == 0x066B: // Arabic decimal separator
		return '.'
	case r >= 0x1D7CE && r <= 0x1D7FF: // mathematical digits, in five styles
		return '0' + int(r-0x1D7CE)%10
	case r == 0xA0, r >= 0x2000 && r <= 0x200A, r == 0x202F, r == 0x205F, r == 0x3000:
		return ' '
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0xFE58, r == 0xFE63:
		return '-'
	case r == 0xFE6B:
		return '@'
	case r == 0xAD, r == 0x034F, r == 0x061C, r == 0x20E3, r >= 0xFE00 && r <= 0xFE0F, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E,
		r >= 0x2060 && r <= 0x2064, r >= 0x2066 && r <= 0x2069, r == 0xFEFF:
		return 0
	}
	return -1
}

// foldDigit returns the ASCII digit for one of a script whose blocks have their ten
// digits at the same place, as most of those of South and South-East Asia.
func foldDigit(r rune) int {
	for _, zero := range [...]rune{0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810} {
		if r >= zero && r <= zero+9 {
			return '0' + int(r-zero)
		}
	}
	return -1
}

// foldFullWidth keeps the punctuation of Chinese prose: it is frequent and
// belongs to no value.
func foldFullWidth(b byte) int {
	switch b {
	case '!', ',', ';', '?', ':', '"', '\'':
		return -1
	}
	return int(b)
}

// fold returns text with foreign digits, blanks and hyphens as ASCII and
// without invisible runes, and the way back. Text in which nothing folds is
// returned as it is; otherwise the result lives in buf.
func fold(text, buf []byte, shifts folding) ([]byte, folding) {
	shifts = shifts[:0]
	next := nextFold(text, 0)
	if next == len(text) {
		return text, shifts
	}
	buf = buf[:0]
	for from := 0; ; {
		buf = append(buf, text[from:next]...)
		if next == len(text) {
			return buf, shifts
		}
		r, size := utf8.DecodeRune(text[next:])
		if b := foldRune(r); b > 0 {
			buf = append(buf, byte(b))
		}
		from = next + size
		shifts = append(shifts, shift{len(buf), from})
		next = nextFold(text, from)
	}
}
