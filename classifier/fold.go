package classifier

import (
	"encoding/binary"
	"math"
	"math/bits"
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
	for r := rune(0xA0); r < 0x1D800; r++ {
		if foldRune(r) < 0 || r >= 0xD800 && r < 0xE000 {
			continue
		}
		b := utf8.AppendRune(nil, r)
		if t[b[0]] == nil {
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

// foldStride is how many bytes are passed over at once when they are ASCII.
const foldStride = 32

// nextFold returns the first offset from i on at which a rune folds, or len(text).
func nextFold(text []byte, i int) int {
	for ; i+foldStride < len(text); i += foldStride {
		w := (*[foldStride + 1]byte)(text[i:])
		x0, x1 := binary.LittleEndian.Uint64(w[0:8]), binary.LittleEndian.Uint64(w[8:16])
		x2, x3 := binary.LittleEndian.Uint64(w[16:24]), binary.LittleEndian.Uint64(w[24:32])
		if (x0|x1|x2|x3)&highBits == 0 {
			continue
		}
		for k := 0; k < foldStride; k += 8 {
			x := binary.LittleEndian.Uint64(w[k : k+8])
			for c := foldCandidates(x, binary.LittleEndian.Uint64(w[k+1:k+9])); c != 0; c &= c - 1 {
				if p := i + k + bits.TrailingZeros64(c)/8; folds(text[p:]) {
					return p
				}
			}
		}
	}
	for ; i < len(text); i++ {
		if folds(text[i:]) {
			return i
		}
	}
	return len(text)
}

// foldCandidates marks, in the high bits of the bytes of x, where a rune may begin
// that folds; y holds the bytes that follow each. Letters of Russian, of Arabic and
// of Chinese are no candidates, so that their text costs little.
func foldCandidates(x, y uint64) uint64 {
	lead := x & (x << 1) & highBits
	if lead == 0 {
		return 0
	}
	// 0xE0 to 0xE3, 0xEF to 0xF3: the low four bits, one added, are at most four.
	three := lead & (x << 2)
	if three != 0 {
		three &^= (x+everyByte)&(0x0F*everyByte) + 0x7B*everyByte
	}
	// 0xC0 to 0xC3, of which 0xC2 counts.
	latin := lead &^ ((x & (0x3F * everyByte)) + 0x7C*everyByte)
	// 0xCD, behind which there is an invisible joiner.
	latin |= lead &^ ((x^0xCD*everyByte)&^highBits + 0x7F*everyByte)
	// 0xD8 to 0xDB: digits and marks lie in the upper half behind an odd byte, in
	// the lower half behind an even one.
	arabic := lead &^ ((x^0xD8*everyByte)&^highBits + 0x7C*everyByte) &^ (x<<7 ^ y<<2)
	return three | latin | arabic
}

// folds tells whether text begins with a rune that folds.
func folds(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	seconds := foldStarts[text[0]]
	if seconds == nil || text[1]&0xC0 != 0x80 {
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
