package classifier

import (
	"unicode"
	"unicode/utf8"
)

// runeSet is a set of runes of the basic plane.
type runeSet [1 << 10]uint64

func (s *runeSet) has(r rune) bool { return uint32(r) < 1<<16 && s[r>>6]>>(r&63)&1 != 0 }
func (s *runeSet) add(r rune)      { s[r&0xFFFF>>6] |= 1 << (r & 63) }

// spacedRunes are the letters, digits and marks of scripts with blanks.
var spacedRunes = func() *runeSet {
	s := new(runeSet)
	for r := range rune(1 << 16) {
		if (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && !unspaced(r) {
			s.add(r)
		}
	}
	return s
}()

// wordRune tells whether r continues a word of a script with blanks.
func wordRune(r rune) bool {
	if uint32(r) < 1<<16 {
		return spacedRunes.has(r)
	}
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && !unspaced(r)
}

// unspaced tells whether r belongs to a script that sets no blanks between words.
func unspaced(r rune) bool {
	return r >= 0x2E80 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF || r >= 0x20000 && r <= 0x3FFFF ||
		r >= 0x0E00 && r <= 0x0E7F
}

// wholeWord tells whether text[start:end] is bounded as a word is. In scripts
// without blanks every border is one.
func wholeWord(text []byte, start, end int) bool {
	first, _ := utf8.DecodeRune(text[start:end])
	before, _ := utf8.DecodeLastRune(text[:start])
	return !(wordRune(first) && wordRune(before)) && wordEnd(text, start, end)
}

// wordEnd tells whether a word that begins at start may end at end. Marks that
// are left out of comparisons belong to it.
func wordEnd(text []byte, start, end int) bool {
	if end < len(text) && text[end] < utf8.RuneSelf && !isWord(text[end]) || end == len(text) {
		return true
	}
	last, _ := utf8.DecodeLastRune(text[start:end])
	after, size := utf8.DecodeRune(text[end:])
	for size > 0 && foldCase(after) == 0 {
		end += size
		after, size = utf8.DecodeRune(text[end:])
	}
	return !(wordRune(last) && wordRune(after))
}
