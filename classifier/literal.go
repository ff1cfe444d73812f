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
	whole  bool   // no letter may follow it
}

// literalTable finds literals by their first bytes: the short ones by three where
// they begin with ASCII, in either case, else by four; longer ones, which often
// share those, by five and by eight.
type literalTable struct {
	ascii, foreign bitmap // of the short keys of all
	short, long    lookup[[]literal]
	figures        bool // some literal begins with a digit
}

const (
	asciiKey, longAsciiKey     = 3, 5
	foreignKey, longForeignKey = 4, 8
)

// shortKey is what text that begins with these eight bytes is first looked up by:
// a few of them, and whether a letter goes on behind them.
func shortKey(first uint64) uint64 {
	if first&0x80 == 0 {
		key := (first | 0x202020) & 0xFFFFFF
		if isLetter(byte(first >> 24)) {
			key |= goesOn
		}
		return key
	}
	key := first & 0xFFFFFFFF
	if byte(first>>32) >= 0xC3 {
		key |= goesOn
	}
	return key
}

// goesOn marks the short key of bytes that a letter follows.
const goesOn = 1 << 40

// longKey is what longer literals are looked up by.
func longKey(first uint64) uint64 {
	if first&0x80 == 0 {
		return (first | 0x2020202020) & 0xFFFFFFFFFF
	}
	return first
}

// add enters a literal, after which no letter may stand if it is whole. A shorter
// one than its key is an error.
func (t *literalTable) add(owner int, s string, whole bool) error {
	word := strings.TrimLeftFunc(s, func(r rune) bool { return r < 0x80 && !isWord(byte(r)) })
	l := literal{owner: owner, prefix: s[:len(s)-len(word)], folded: string(appendFolded(nil, []byte(word))), whole: whole}
	if len(word) < asciiKey || word[0] >= 0x80 && len(word) < foreignKey {
		return fmt.Errorf("%q is too short to search for: it takes three ASCII characters or two others", s)
	}
	t.figures = t.figures || isDigit(word[0])
	for _, first := range spellings(word) {
		t.enter(l, first, shortKey(first.bytes))
		if first.ends && !whole {
			t.enter(l, first, shortKey(first.bytes)|goesOn)
		}
	}
	return nil
}

func (t *literalTable) enter(l literal, first spelling, short uint64) {
	filter, table, key := &t.ascii, &t.short, short
	if first.bytes&0x80 != 0 {
		filter = &t.foreign
	}
	filter.add(short)
	if first.long {
		table, key = &t.long, longKey(first.bytes)
	}
	if list := table.entry(key); !slices.Contains(*list, l) {
		*list = append(*list, l)
	}
}

// spelling is how a literal may begin: eight bytes, or all that it has.
type spelling struct {
	bytes uint64
	long  bool // it has as many bytes as the long key
	ends  bool // it has no more bytes than the short key
}

// spellings are the ways of writing the beginning of a literal that starts with a
// word: as it is, folded, in small letters, capitalised and in capitals. What
// follows may be written in any way that folds to it.
func spellings(word string) (list []spelling) {
	lower := []rune(word)
	for i, r := range lower {
		lower[i] = unicode.ToLower(r)
	}
	title, capitals := slices.Clone(lower), slices.Clone(lower)
	title[0] = unicode.ToUpper(title[0])
	for i, r := range capitals {
		capitals[i] = unicode.ToUpper(r)
	}
	folded := string(appendFolded(nil, []byte(word)))
	for _, v := range []string{word, folded, string(lower), string(title), string(capitals)} {
		short, long := asciiKey, longAsciiKey
		if v[0] >= 0x80 {
			short, long = foreignKey, longForeignKey
		}
		if len(v) >= short {
			list = append(list, spelling{firstBytes8([]byte(v)), len(v) >= long, len(v) == short})
		}
	}
	return list
}

// firstBytes8 returns the first eight bytes of text, zeros behind its end.
func firstBytes8(text []byte) uint64 {
	var first [8]byte
	copy(first[:], text)
	return binary.LittleEndian.Uint64(first[:])
}

// literals looks for literals where words begin.
func (r *run) literals(b *window, base int, starts uint64) {
	t := &r.s.literals
	for ; starts != 0; starts &= starts - 1 {
		k := lowest(starts)
		first := binary.LittleEndian.Uint64(b[k : k+8])
		if first&0x80 == 0 {
			if !t.ascii.has(shortKey(first)) {
				continue
			}
		} else if !t.foreign.has(shortKey(first)) {
			continue
		}
		if key := longKey(first); t.long.mayHave(key) {
			r.tryLiterals(t.long.get(key), base+k)
		}
		if key := shortKey(first); t.short.mayHave(key) {
			r.tryLiterals(t.short.get(key), base+k)
		}
	}
}

// tryLiterals compares literals with the text at i and, where one
// stands there, lets its owner look.
func (r *run) tryLiterals(found *[]literal, i int) {
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
		if !ok || l.whole && end < len(r.text) && isLetter(r.text[end]) {
			continue
		}
		m := &r.s.matchers[l.owner]
		if m.Figure > 0 && !r.blocks.digitNear(start, m.Figure) {
			continue
		}
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
