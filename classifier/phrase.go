package classifier

import (
	"bytes"
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// foldedRunes are the runes that fold, and their neighbours.
const foldedRunes = 0x700

// foldCase returns what r is compared as: lower case without accents, with one
// form for the letters that Russian and Arabic writers use for each other; 0
// when r is a mark that is left out.
func foldCase(r rune) rune {
	if uint32(r) < foldedRunes {
		return rune(caseFolds[r])
	}
	return r
}

var caseFolds = func() (t [foldedRunes]uint16) {
	for r := range rune(foldedRunes) {
		t[r] = uint16(foldedForm(r))
	}
	return t
}()

func foldedForm(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z', r >= 0x410 && r <= 0x42F:
		return r + 0x20
	case r >= 0xC0 && r <= 0x17F:
		return foldLatin(unicode.ToLower(r))
	case r == 'Ё' || r == 'ё':
		return 'е'
	case r >= 0x400 && r <= 0x40F: // Ukrainian, Serbian and Macedonian capitals
		return r + 0x50
	case r >= 0x386 && r <= 0x3CE:
		return foldGreek(unicode.ToLower(r))
	case r >= 0x218 && r <= 0x21B: // Romanian letters with a comma below
		return [...]rune{'s', 's', 't', 't'}[r-0x218]
	case r == 'أ' || r == 'إ' || r == 'آ':
		return 'ا'
	case r == 'ة':
		return 'ه'
	case r == 'ى':
		return 'ي'
	case r >= 0x64B && r <= 0x652 || r == 0x640: // harakat, tatweel
		return 0
	}
	return r
}

// foldGreek drops the accents of a small Greek letter, and writes every sigma as
// within a word.
func foldGreek(r rune) rune {
	switch r {
	case 'ά':
		return 'α'
	case 'έ':
		return 'ε'
	case 'ή':
		return 'η'
	case 'ί', 'ϊ', 'ΐ':
		return 'ι'
	case 'ό':
		return 'ο'
	case 'ύ', 'ϋ', 'ΰ':
		return 'υ'
	case 'ώ':
		return 'ω'
	case 'ς':
		return 'σ'
	}
	return r
}

const (
	latinAccented = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿāăąćčďēęěğīįłńňōőřśşšťūůűźżž"
	latinPlain    = "aaaaaaceeeeiiiinoooooouuuuyyaaaccdeeegiilnnoorssstuuuzzz"
)

func foldLatin(r rune) rune {
	i := 0
	for _, a := range latinAccented {
		if a == r {
			return rune(latinPlain[i])
		}
		i++
	}
	return r
}

// appendFolded appends text to dst as foldCase reads it.
func appendFolded(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		if i+8 <= len(text) {
			if w := binary.LittleEndian.Uint64(text[i:]); w&highBits == 0 {
				capitals := (w + (0x80-'A')*everyByte) &^ (w + (0x7F-'Z')*everyByte) & highBits
				dst = binary.LittleEndian.AppendUint64(dst, w|capitals>>2)
				i += 8
				continue
			}
		}
		if c := text[i]; c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 0x20
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r = foldCase(r); r != 0 {
			dst = utf8.AppendRune(dst, r)
		}
		i += size
	}
	return dst
}

// foldedPrefix tells whether text at start reads as the folded phrase, and
// where it ends.
func foldedPrefix(text []byte, start int, phrase string) (end int, ok bool) {
	i := start
	for len(phrase) > 0 {
		if i >= len(text) {
			return 0, false
		}
		if c := text[i]; c < 0x80 {
			if c >= 'A' && c <= 'Z' {
				c += 0x20
			}
			if c != phrase[0] {
				return 0, false
			}
			i, phrase = i+1, phrase[1:]
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		i += size
		if r = foldCase(r); r == 0 {
			continue
		}
		want, n := utf8.DecodeRuneInString(phrase)
		if r != want {
			return 0, false
		}
		phrase = phrase[n:]
	}
	return i, true
}

// headerPhrase folds a column or key name: words of camelCase and snake_case
// are parted by one blank.
func headerPhrase(name string) string {
	var split []rune
	previous := rune(0)
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && r != '〒': // the sign of Japan's post
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(previous):
			split = append(split, ' ')
		}
		if r != ' ' || len(split) > 0 && split[len(split)-1] != ' ' {
			split = append(split, r)
		}
		previous = r
	}
	return string(bytes.TrimSpace(appendFolded(nil, []byte(string(split)))))
}
