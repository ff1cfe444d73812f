package classifier

import (
	"encoding/binary"
	"fmt"
	"unicode"
)

// literal is a string at which somebody looks closer.
type literal struct {
	owner  int    // index of the matcher
	prefix string // what precedes its first word byte, as written
	folded string // the literal from its first word byte on, folded
}

// literalTable finds literals by their first three or five bytes (ASCII), or four
// or eight (other scripts, whose words often share a prefix). A bitmap keeps
// nearly every word from the map.
type literalTable struct {
	filter  [1 << 10]uint64
	entries map[uint64][]literal
	foreign bool // some literal begins outside of ASCII
	figures bool // some literal begins with a digit
}

func (t *literalTable) bit(key uint64) (word int, mask uint64) {
	h := key * 0x9E3779B97F4A7C15 >> 48
	return int(h >> 6), 1 << (h & 63)
}

func asciiKey(a, b, c byte) uint64 {
	return uint64(a|0x20) | uint64(b|0x20)<<8 | uint64(c|0x20)<<16
}

// asciiKey5 is the key of literals of five bytes and more.
func asciiKey5(text []byte) uint64 {
	return uint64(binary.LittleEndian.Uint32(text)|0x20202020) | uint64(text[4]|0x20)<<32
}

// foreignKeys are the keys of text that begins outside of ASCII and has at least
// four bytes; the long one is 0 when it has fewer than eight.
func foreignKeys(text []byte) (short, long uint64) {
	if len(text) < 8 {
		return uint64(binary.LittleEndian.Uint32(text)), 0
	}
	long = binary.LittleEndian.Uint64(text)
	return long & 0xFFFFFFFF, long
}

// add puts a literal into the table. A shorter literal than its key is an error.
func (t *literalTable) add(owner int, s string) error {
	before := 0
	for before < len(s) && s[before] < 0x80 && !isWord(s[before]) {
		before++
	}
	word := s[before:]
	folded := string(appendFolded(nil, []byte(word)))
	l := literal{owner: owner, prefix: s[:before], folded: folded}
	foreign := len(word) > 0 && word[0] >= 0x80
	if len(word) < 3 || foreign && len(word) < 4 {
		return fmt.Errorf("%q is too short to search for: it takes three ASCII characters or two others", s)
	}
	t.foreign = t.foreign || foreign
	t.figures = t.figures || isDigit(word[0])
	for _, v := range append(caseVariants(word), folded) {
		switch {
		case v[0] >= 0x80 && len(v) >= 4:
			short, long := foreignKeys([]byte(v))
			if long != 0 {
				short = long
			}
			t.put(short, l)
		case v[0] < 0x80 && len(v) >= 5:
			t.put(asciiKey5([]byte(v)), l)
		case v[0] < 0x80 && len(v) >= 3:
			t.put(asciiKey(v[0], v[1], v[2]), l)
		}
	}
	return nil
}

// caseVariants returns s as written, folded, capitalised and in capitals.
func caseVariants(s string) []string {
	lower := []rune(s)
	for i, r := range lower {
		lower[i] = unicode.ToLower(r)
	}
	title, capitals := append([]rune(nil), lower...), append([]rune(nil), lower...)
	title[0] = unicode.ToUpper(title[0])
	for i, r := range capitals {
		capitals[i] = unicode.ToUpper(r)
	}
	return []string{s, string(lower), string(title), string(capitals)}
}

func (t *literalTable) put(key uint64, l literal) {
	if t.entries == nil {
		t.entries = map[uint64][]literal{}
	}
	for _, known := range t.entries[key] {
		if known == l {
			return
		}
	}
	t.entries[key] = append(t.entries[key], l)
	word, mask := t.bit(key)
	t.filter[word] |= mask
}

// ascii returns the literals that may begin with the word byte at i: those of
// five bytes and more, and the shorter ones.
func (t *literalTable) ascii(text []byte, i int) (long, short []literal) {
	if i+3 > len(text) || isDigit(text[i]) && !t.figures {
		return nil, nil
	}
	if i+5 <= len(text) {
		long = t.get(asciiKey5(text[i:]))
	}
	return long, t.get(asciiKey(text[i], text[i+1], text[i+2]))
}

// other returns the literals that may begin with the rune at i: those of eight
// bytes and more, and the shorter ones.
func (t *literalTable) other(text []byte, i int) (long, short []literal) {
	if !t.foreign || i+4 > len(text) {
		return nil, nil
	}
	shortKey, longKey := foreignKeys(text[i:])
	if longKey != 0 {
		long = t.get(longKey)
	}
	return long, t.get(shortKey)
}

func (t *literalTable) get(key uint64) []literal {
	word, mask := t.bit(key)
	if t.filter[word]&mask == 0 {
		return nil
	}
	return t.entries[key]
}

// runeSize is the length of the sequence that a lead byte announces.
func runeSize(lead byte) int {
	switch {
	case lead >= 0xF0:
		return 4
	case lead >= 0xE0:
		return 3
	case lead >= 0xC0:
		return 2
	}
	return 1
}
