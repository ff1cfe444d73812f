package detect

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"
)

// foldSet is a set of words that are compared in either case. It finds them by
// their first two bytes, so that text which has none is walked over once.
type foldSet struct {
	mayOpen [1 << 10]bool
	words   map[uint16][]string // the longest first
}

// pairKey is the same for two letters of ASCII in either case.
func pairKey(first, second byte) uint16 { return uint16(first&31)<<5 | uint16(second&31) }

// foldSetOf returns the set of words of two bytes or more.
func foldSetOf(words ...string) *foldSet {
	s := &foldSet{words: map[uint16][]string{}}
	for _, w := range words {
		first, size := utf8.DecodeRuneInString(w)
		for r := unicode.SimpleFold(first); ; r = unicode.SimpleFold(r) {
			if opening := string(r) + w[size:]; r < utf8.RuneSelf || first >= utf8.RuneSelf {
				s.enter(pairKey(opening[0], opening[1]), w)
			}
			if r == first {
				break
			}
		}
	}
	return s
}

func (s *foldSet) enter(key uint16, word string) {
	if s.mayOpen[key] = true; slices.Contains(s.words[key], word) {
		return
	}
	s.words[key] = append(s.words[key], word)
	slices.SortStableFunc(s.words[key], func(a, b string) int { return len(b) - len(a) })
}

// at returns the length of the longest word that text[i:] begins with; 0 when it is none.
func (s *foldSet) at(text []byte, i int) int {
	if i+1 >= len(text) {
		return 0
	}
	key := pairKey(text[i], text[i+1])
	if !s.mayOpen[key] {
		return 0
	}
	for _, w := range s.words[key] {
		if len(text)-i >= len(w) && foldsTo(text[i:i+len(w)], w) {
			return len(w)
		}
	}
	return 0
}

// in tells whether b holds one of the words.
func (s *foldSet) in(b []byte) bool {
	for i := 0; i+1 < len(b); i++ {
		if s.mayOpen[pairKey(b[i], b[i+1])] && s.at(b, i) > 0 {
			return true
		}
	}
	return false
}

// foldsTo tells whether text is the word in any case. Both have the same length.
func foldsTo(text []byte, word string) bool {
	for i, b := range text {
		if b == word[i] {
			continue
		}
		if b >= utf8.RuneSelf || word[i] >= utf8.RuneSelf {
			return !caseless(word, i) && bytes.EqualFold(text, []byte(word))
		}
		if lower(b) != lower(word[i]) {
			return false
		}
	}
	return true
}

// caseless tells whether the rune that holds word[i] is of Hebrew, Arabic, an Indic
// script or Chinese, Japanese and Korean: it has no case, and nothing folds to it.
func caseless(word string, i int) bool {
	for i > 0 && !utf8.RuneStart(word[i]) {
		i--
	}
	b := word[i]
	return b >= 0xD7 && b < 0xE1 || b >= 0xE3 && b < 0xEA
}

// says tells whether one of the words stands in the text as a whole word.
func (s *foldSet) says(text []byte) bool {
	for i := 0; i+1 < len(text); i++ {
		key := pairKey(text[i], text[i+1])
		if !s.mayOpen[key] {
			continue
		}
		for _, w := range s.words[key] {
			if len(text)-i >= len(w) && foldsTo(text[i:i+len(w)], w) && wholeWordAt(text, i, w) {
				return true
			}
		}
	}
	return false
}
