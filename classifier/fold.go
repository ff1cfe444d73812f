package classifier

import (
	"math"
	"sort"
	"unicode/utf8"
)

// shift says that from the folded offset on, the original offset is ahead by
// the difference of the two.
type shift struct{ folded, original uint32 }

// folding maps offsets of folded text to the original. The zero value maps
// every offset to itself.
type folding []shift

// original returns the offset in the original text.
func (f folding) original(offset int) int {
	if len(f) == 0 {
		return offset
	}
	return f.search(offset)
}

func (f folding) search(offset int) int {
	i := sort.Search(len(f), func(i int) bool { return int(f[i].folded) > offset })
	if i == 0 {
		return offset
	}
	return int(f[i-1].original) + offset - int(f[i-1].folded)
}

// foldTable tells of the first two bytes of a rune which may come third for it to
// fold, by their low six bits: all of them for a rune of two bytes, and for one of
// four, which is looked at itself.
type foldTable [256]*[64]uint64

var foldStarts = func() (t foldTable) {
	none := new([64]uint64)
	for b := range t {
		t[b] = none
	}
	for r := rune(0xA0); r < 0x1D800; r++ {
		if foldRune(r) < 0 || r >= 0xD800 && r < 0xE000 {
			continue
		}
		b := utf8.AppendRune(nil, r)
		if t[b[0]] == none {
			t[b[0]] = new([64]uint64)
		}
		third := &t[b[0]][b[1]&0x3F]
		if len(b) == 3 {
			*third |= 1 << (b[2] & 0x3F)
		} else {
			*third = math.MaxUint64
		}
	}
	return t
}()

// nextFold returns the first offset from i on at which a rune folds, or len(text).
func nextFold(text []byte, i int) int {
	for ; i+len(window{}) <= len(text); i += blockSize {
		w := (*window)(text[i:])
		x0, x1 := eight(w[0:8]), eight(w[8:16])
		x2, x3 := eight(w[16:24]), eight(w[24:32])
		x4, x5 := eight(w[32:40]), eight(w[40:48])
		x6, x7 := eight(w[48:56]), eight(w[56:64])
		if (x0|x1|x2|x3|x4|x5|x6|x7)&highBits == 0 {
			continue
		}
		c0, c1, c2, c3 := foldCandidates(x0, eight(w[1:9])), foldCandidates(x1, eight(w[9:17])), foldCandidates(x2, eight(w[17:25])), foldCandidates(x3, eight(w[25:33]))
		c4, c5, c6, c7 := foldCandidates(x4, eight(w[33:41])), foldCandidates(x5, eight(w[41:49])), foldCandidates(x6, eight(w[49:57])), foldCandidates(x7, eight(w[57:65]))
		candidates := gather(c0, c1, c2, c3, c4, c5, c6, c7)
		found := uint64(0) // one guess for all of them, as each by itself would be a bad one
		for c := candidates; c != 0; c &= c - 1 {
			k := lowest(c)
			found |= foldStarts[w[k]][w[k+1]&0x3F] >> (w[k+2] & 0x3F)
		}
		if found&1 == 0 {
			continue
		}
		for c := candidates; c != 0; c &= c - 1 {
			if p := i + lowest(c); folds(text[p:]) {
				return p
			}
		}
	}
	return nextFoldShort(text, i)
}

// nextFoldShort is nextFold for less than a window, as most values of objects have.
func nextFoldShort(text []byte, i int) int {
	for i < len(text) {
		if i+8 <= len(text) && eight(text[i:i+8])&highBits == 0 {
			i += 8
			continue
		}
		if text[i] >= utf8.RuneSelf && folds(text[i:]) {
			return i
		}
		i++
	}
	return len(text)
}

// foldCandidates marks, in the high bits of the bytes of x, where a rune may begin
// that folds; next holds the bytes that follow each. Letters of Russian, of Arabic
// and of Chinese are no candidates, so that their text costs little. The lead bytes
// are told apart by their low six bits, each moved to the high one:
//
//	0xC2, CD, EF  000010, 001101, 101111
//	0xE0 to E3    1000..
//	0xD8 to DB    0110.., digits and marks are in the upper half behind an odd byte, in the lower behind an even one
//	0xF0 to F3    1100..
func foldCandidates(x, next uint64) uint64 {
	b5, b4, b3, b2, b0 := x<<2, x<<3, x<<4, x<<5, x<<7
	low := ^(b4 | b3 ^ b2 | (b0^b3)&^(b5&^b3))
	high := b4 &^ b2 & (b3 ^ b5) &^ (b3 & (b0 ^ next<<2))
	return (low | high) & x & (x << 1) & highBits
}

// folds tells whether text begins with a rune that folds.
func folds(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	seconds := foldStarts[text[0]]
	if text[1]&0xC0 != 0x80 {
		return false
	}
	switch third := seconds[text[1]&0x3F]; {
	case third == 0:
		return false
	case text[0] < 0xE0:
		return true
	case text[0] < 0xF0:
		return len(text) > 2 && text[2]&0xC0 == 0x80 && third>>(text[2]&0x3F)&1 != 0
	}
	r, _ := utf8.DecodeRune(text)
	return foldRune(r) >= 0
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
	if nextFold(text, 0) == len(text) {
		return text, shifts[:0]
	}
	return appendFold(buf[:0], shifts[:0], text, 0)
}

// appendFold appends text, which begins at offset of the original, to dst as fold
// reads it.
func appendFold(dst []byte, shifts folding, text []byte, offset int) ([]byte, folding) {
	for from := 0; ; {
		next := nextFold(text, from)
		dst = append(dst, text[from:next]...)
		if next == len(text) {
			return dst, shifts
		}
		r, size := utf8.DecodeRune(text[next:])
		if b := foldRune(r); b > 0 {
			dst = append(dst, byte(b))
		}
		from = next + size
		s := shift{uint32(len(dst)), uint32(offset + from)}
		if last := len(shifts) - 1; last >= 0 && shifts[last].folded == s.folded {
			shifts[last] = s // invisible runes in a row
		} else {
			shifts = append(shifts, s)
		}
	}
}
