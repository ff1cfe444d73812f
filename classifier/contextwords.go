package classifier

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// contextPhrase is a context word, or several.
type contextPhrase struct {
	// text is folded; a blank stands for a gap.
	text   string
	key    uint64
	owners matcherSet
	// after is what follows the first word: 0 for nothing, a blank for a second word,
	// which then begins with second.
	after, second byte
}

// contextWords holds the context words of all matchers. They are found by their
// first word or, in scripts without blanks, by their first two runes.
type contextWords struct {
	phrases []contextPhrase
	byText  map[string]int
	list    [][]int // for each phrase, its owners, until compile

	filter []uint64 // a bit for each key
	shift  int
	slots  []int32 // open addressing: the first phrase of a key, from 1
	next   []int32 // for each phrase, the next one of its key, from 1
	starts runeSet // the runes outside of words with which phrases begin
	openings
}

// longestWord bounds the first words of phrases, folded, in bytes.
const longestWord = 64

// add enters a context word of a matcher. Punctuation around it does not count.
func (t *contextWords) add(owner int, word string) error {
	text := gapped(string(appendFolded(nil, []byte(word))))
	text = strings.TrimLeftFunc(text, func(r rune) bool { return r < utf8.RuneSelf && !isWord(byte(r)) })
	if text == "" || len(firstWord(text)) >= longestWord {
		return fmt.Errorf("%q cannot be looked for: a context word has a letter or digit, and less than %d bytes", word, longestWord)
	}
	if t.byText == nil {
		t.byText = map[string]int{}
	}
	i, known := t.byText[text]
	if !known {
		i = len(t.phrases)
		t.byText[text] = i
		t.phrases = append(t.phrases, contextPhrase{text: text})
		t.list = append(t.list, nil)
	}
	t.list[i] = append(t.list[i], owner)
	return nil
}

// gapped writes each gap between the words of a phrase as one blank.
func gapped(phrase string) string {
	return strings.Join(strings.FieldsFunc(phrase, isGap), " ")
}

// isGap tells whether r may stand between the words of a phrase: "tax-id",
// "tax_id", "д. р.", "driver's", and the break of a line.
func isGap(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '_', '-', '.', '/', '\'', '’':
		return true
	}
	return false
}

// longestGap bounds the runes of a gap.
const longestGap = 3

// compile makes the phrases ready to be found, for n matchers.
func (t *contextWords) compile(n int) {
	size := 64
	for size < 4*len(t.phrases) {
		size *= 2
	}
	t.shift = 64 - bits.TrailingZeros(uint(size))
	t.slots, t.next = make([]int32, size), make([]int32, len(t.phrases))
	t.filter = make([]uint64, size/8) // eight bits for each slot
	for i := range t.phrases {
		p := &t.phrases[i]
		p.owners = newMatcherSet(n)
		for _, owner := range t.list[i] {
			p.owners.add(owner)
		}
		p.key = t.keyOf(p.text)
		if rest := p.text[len(firstWord(p.text)):]; len(rest) > 1 {
			p.after, p.second = rest[0], rest[1]
		} else if rest != "" {
			p.after = rest[0]
		}
		t.openings.add(p.text)
		t.enter(i)
	}
	t.list = nil
}

// hasFigures tells whether some phrase consists of figures alone.
func (t *contextWords) hasFigures() bool {
	return slices.ContainsFunc(t.phrases, func(p contextPhrase) bool { return strings.Trim(p.text, "0123456789 ") == "" })
}

// keyOf returns what a phrase is found by.
func (t *contextWords) keyOf(text string) uint64 {
	if word := firstWord(text); word != "" {
		return wordKey([]byte(word))
	}
	first, size := utf8.DecodeRuneInString(text)
	t.starts.add(first)
	if size == len(text) {
		return pairKey(first, 0)
	}
	second, _ := utf8.DecodeRuneInString(text[size:])
	return pairKey(first, second)
}

// firstWord returns the word of a script with blanks that text begins with.
func firstWord(text string) string {
	if i := strings.IndexFunc(text, func(r rune) bool { return !wordRune(r) }); i >= 0 {
		return text[:i]
	}
	return text
}

func (t *contextWords) enter(i int) {
	key := t.phrases[i].key
	h := key >> (t.shift - 3)
	t.filter[h>>6] |= 1 << (h & 63)
	slot := int(key >> t.shift)
	for ; t.slots[slot] != 0; slot = (slot + 1) & (len(t.slots) - 1) {
		if t.phrases[t.slots[slot]-1].key == key {
			t.next[i] = t.slots[slot]
			break
		}
	}
	t.slots[slot] = int32(i + 1)
}

// get returns the first phrase of a key, from 1, or 0.
func (t *contextWords) get(key uint64) int32 {
	h := key >> (t.shift - 3)
	if t.filter[h>>6]>>(h&63)&1 == 0 {
		return 0
	}
	for slot := int(key >> t.shift); ; slot = (slot + 1) & (len(t.slots) - 1) {
		i := t.slots[slot]
		if i == 0 || t.phrases[i-1].key == key {
			return i
		}
	}
}

const keyFactor = 0x9E3779B97F4A7C15

// mix stirs eight more bytes into a key.
func mix(key, w uint64) uint64 {
	high, low := bits.Mul64(key^w, keyFactor)
	return high ^ low
}

// wordKey is the key of a folded word.
func wordKey(word []byte) uint64 {
	key, n := uint64(keyFactor), len(word)
	for ; len(word) >= 8; word = word[8:] {
		key = mix(key, binary.LittleEndian.Uint64(word))
	}
	tail := uint64(0)
	for i, b := range word {
		tail |= uint64(b) << (8 * i)
	}
	return mix(mix(key, tail), uint64(n))
}

// pairKey is the key of a phrase that begins with two runes of a script without
// blanks; the second is 0 when there is none.
func pairKey(first, second rune) uint64 {
	if isGap(second) {
		second = ' '
	}
	return mix(mix(keyFactor, uint64(first)<<32|uint64(second)), 0xFF)
}

// phraseEnd returns where a phrase ends that stands in text at start, as whole
// words; -1 when it does not.
func phraseEnd(text []byte, start int, phrase string) int {
	i := start
	for len(phrase) > 0 {
		if phrase[0] == ' ' {
			end := gapEnd(text, i)
			if end == i {
				return -1
			}
			i, phrase = end, phrase[1:]
			continue
		}
		if i >= len(text) {
			return -1
		}
		if c := text[i]; c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 0x20
			}
			if c != phrase[0] {
				return -1
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
			return -1
		}
		phrase = phrase[n:]
	}
	if !wordEnd(text, start, i) {
		return -1
	}
	return i
}

// gapEnd returns the end of the gap at i; i when there is none, or it is too long.
func gapEnd(text []byte, i int) int {
	if i+1 < len(text) && text[i] == ' ' && isWord(text[i+1]) {
		return i + 1 // most gaps
	}
	for end, n := i, 0; ; n++ {
		r, size := utf8.DecodeRune(text[end:])
		switch {
		case !isGap(r):
			return end
		case n == longestGap:
			return i
		}
		end += size
	}
}
