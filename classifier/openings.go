package classifier

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// openings tells, by the first bytes of a word, whether some context word may
// begin like that: nearly all words of a text need no closer look.
type openings struct {
	bitmap
	letters bool      // some word is a single letter of two bytes
	figures [256]bool // the digits that some word begins with
}

// openingKey is how many bytes of words of ASCII are looked at.
const openingKey = 4

// add enters a folded context word in all the ways in which it may be written.
func (o *openings) add(text string) {
	word := firstWord(text)
	if word == "" {
		word = text
	}
	first, size := utf8.DecodeRuneInString(word)
	switch {
	case first < utf8.RuneSelf:
		o.figures[word[0]] = isDigit(word[0])
		key := [8]byte{}
		copy(key[:openingKey], word)
		o.bitmap.add(binary.LittleEndian.Uint64(key[:]))
	case size > 2:
		o.bitmap.add(uint64(word[0]) | uint64(word[1])<<8 | uint64(word[2])<<16)
	default:
		second, _ := utf8.DecodeRuneInString(text[size:])
		o.letters = o.letters || len(word) == size
		for _, a := range writtenAs(first) {
			o.bitmap.add(pairOf(a, 0))
			for _, b := range writtenAs(second) {
				o.bitmap.add(pairOf(a, b))
			}
		}
	}
}

// pairOf is the key of two runes of two bytes; of one when the other is none such.
func pairOf(a, b rune) uint64 {
	var key [8]byte
	utf8.EncodeRune(key[:], a)
	if b >= 0x80 && b < 0x800 {
		utf8.EncodeRune(key[2:], b)
	}
	return binary.LittleEndian.Uint64(key[:])
}

// writtenAs returns the runes of two bytes that fold to r.
func writtenAs(r rune) (list []rune) {
	for v := rune(0x80); v < 0x800; v++ {
		if foldCase(v) == r {
			list = append(list, v)
		}
	}
	return list
}

// mayOpen tells whether a context word may begin with these bytes. Where letters
// fold to others of another length it answers with yes.
func (o *openings) mayOpen(first uint64) bool {
	switch lead := byte(first); {
	case lead < utf8.RuneSelf:
		if first&0x80808000 != 0 {
			return true
		}
		word, _ := kindsOf(first)
		n := min(bits.TrailingZeros64(^word&highBits), openingKey*8) &^ 7
		key := (first | 0x20202020) & (1<<n - 1)
		return o.has(key)
	case lead < 0xC6 || leftOut(first) || leftOut(first>>16):
		return true
	case lead < 0xE0:
		if first>>16&0x80 == 0 || first>>16&0xFF >= 0xE0 {
			return o.has(first & 0xFFFF)
		}
		return o.has(first&0xFFFFFFFF) || o.letters && o.has(first&0xFFFF)
	}
	return o.has(first & 0xFFFFFF)
}

// opensWith is mayOpen for text of which at least the first openingKey bytes are
// ASCII: word marks its letters and digits from the first on.
func (o *openings) opensWith(first, word uint64) bool {
	n := min(bits.TrailingZeros64(^word), openingKey) * 8
	return o.has((first | 0x20202020) & (1<<n - 1))
}

// withFigure keeps of the marked digits of text those that some word begins with.
func (o *openings) withFigure(text []byte, digits uint64) (kept uint64) {
	for ; digits != 0; digits &= digits - 1 {
		if k := lowest(digits); o.figures[text[k]] {
			kept |= digits & -digits
		}
	}
	return kept
}

// leftOut tells whether text begins with an Arabic sign that comparisons leave out.
func leftOut(first uint64) bool {
	tail := first >> 8 & 0xFF
	return first&0xFF == 0xD9 && (tail == 0x80 || tail >= 0x8B && tail <= 0x92)
}
