package classifier

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// literal is a string at which somebody looks closer.
type literal struct {
	owner  int    // index of the matcher
	prefix string // what precedes its first word byte, as written
	folded string // the literal from its first word byte on, folded
}

// literalTable finds literals by their first three bytes where they begin with
// ASCII, in either case, else by their first four.
type literalTable struct {
	lookup[[]literal]
	figures bool // some literal begins with a digit
}

const (
	asciiKeyLength   = 3
	foreignKeyLength = 4
)

// literalKey is what literals that may begin text are found by, given its first
// four bytes.
func literalKey(first uint32) uint64 {
	if first&0x80 == 0 {
		return uint64((first | 0x202020) & 0xFFFFFF)
	}
	return uint64(first)
}

// add enters a literal. A shorter one than its key is an error.
func (t *literalTable) add(owner int, s string) error {
	word := strings.TrimLeftFunc(s, func(r rune) bool { return r < 0x80 && !isWord(byte(r)) })
	l := literal{owner: owner, prefix: s[:len(s)-len(word)], folded: string(appendFolded(nil, []byte(word)))}
	if len(word) < asciiKeyLength || word[0] >= 0x80 && len(word) < foreignKeyLength {
		return fmt.Errorf("%q is too short to search for: it takes three ASCII characters or two others", s)
	}
	t.figures = t.figures || isDigit(word[0])
	for _, key := range literalKeys(word) {
		list := t.entry(key)
		*list = append(*list, l)
	}
	return nil
}

// literalKeys are the keys of a literal, which begins with a word: of its
// beginning as written, folded, in small letters, capitalised and in capitals.
func literalKeys(word string) (keys []uint64) {
	lower := []rune(word)
	for i, r := range lower {
		lower[i] = unicode.ToLower(r)
	}
	title, capitals := append([]rune(nil), lower...), append([]rune(nil), lower...)
	title[0] = unicode.ToUpper(title[0])
	for i, r := range capitals {
		capitals[i] = unicode.ToUpper(r)
	}
	folded := string(appendFolded(nil, []byte(word)))
	for _, v := range []string{word, folded, string(lower), string(title), string(capitals)} {
		if len(v) < asciiKeyLength || v[0] >= 0x80 && len(v) < foreignKeyLength {
			continue
		}
		var first [4]byte
		copy(first[:], v)
		if key := literalKey(binary.LittleEndian.Uint32(first[:])); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// tryLiterals compares the literals of a key with the text at i and, where one
// stands there, lets its owner look.
func (r *run) tryLiterals(key uint64, i int) {
	found := r.s.literals.get(key)
	if found == nil {
		return
	}
	for k := range *found {
		l := &(*found)[k]
		start := i - len(l.prefix)
		if start < 0 || string(r.text[start:i]) != l.prefix {
			continue
		}
		end, ok := foldedPrefix(r.text, i, l.folded)
		if !ok {
			continue
		}
		m := &r.s.matchers[l.owner]
		switch {
		case m.expression != nil:
			r.tryStarts(l.owner, start)
		case m.Match != nil:
			r.tryMatch(l.owner, start)
		default:
			r.tryWord(m, l, start, end)
		}
	}
}

func (r *run) tryWord(m *matcher, l *literal, start, end int) {
	if !wholeWord(r.text, start, end) {
		return
	}
	c := r.reset(start, end)
	c.Value = append(c.Value, l.folded...)
	c.NeedsContext = m.Use == Context
	r.consider(m)
}
