package classifier

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// literal is a string at which somebody looks closer.
type literal struct {
	owner  int    // index of the matcher
	prefix string // what precedes its first word byte, as written
	folded string // the literal from its first word byte on, folded
	whole  bool   // no letter may follow it
	// head are the bytes that text must begin with where mask is set: of ASCII up to
	// eight, with the bit 0x20; of other scripts eight, as this spelling has them.
	head, mask uint64
	settled    int // how many bytes need no other comparison where these are there
}

// literalTable finds literals by their first bytes.
type literalTable struct {
	filter  bitmap // of the keys of all
	byKey   lookup[[]literal]
	figures bool // some literal begins with a digit
	brief   bool // some literal has fewer bytes than its key would have
}

// What a key is made of: of words of ASCII four bytes, in either case, of others
// six, which are three letters or two ideographs. A word that ends before ends the
// key with the byte behind it.
const (
	asciiKey, foreignKey = 4, 6
	briefKey             = 4
)

// keyClass folds the last byte of the key of a word of ASCII: letters to small
// ones, and what no literal tells apart to one byte.
var keyClass = func() (t [256]uint8) {
	for b := range t {
		switch c := uint8(b); {
		case isLetter(c):
			t[b] = c | 0x20
		case isDigit(c):
			t[b] = '0'
		case c == ' ' || c == '-' || c == '_':
			t[b] = c
		case c < 0x80:
			t[b] = ','
		default:
			t[b] = 0x80
		}
	}
	return t
}()

// keyClasses holds one byte of each class; all of its bytes are letters, or none is.
var keyClasses = func() (list []byte) {
	var known [256]bool
	for b, class := range keyClass {
		if !known[class] {
			known[class] = true
			list = append(list, byte(b))
		}
	}
	return list
}()

// asciiKeyOf returns the key of a word of ASCII by the eight bytes at its start. A
// byte with neither of its upper bits is no letter.
func asciiKeyOf(first uint64) uint64 {
	end := ^(first|first>>1)&0x404000 | 1<<(8*asciiKey-1)
	key := (first|0x202020)&0xFFFFFF | uint64(keyClass[byte(first>>24)])<<24
	return key & (end ^ (end - 1))
}

// foreignKeyOf returns the key of a word of another script by the eight bytes at its start.
func foreignKeyOf(first uint64) uint64 {
	end := ^first&(highBits>>16) | 1<<(8*foreignKey-1)
	return first & (end ^ (end - 1))
}

// briefKeyOf is the key of literals of a few bytes outside of ASCII.
func briefKeyOf(first uint64) uint64 { return first & (1<<(8*briefKey) - 1) }

// add enters a literal, after which no letter may stand if it is whole. One that is
// too short is an error.
func (t *literalTable) add(owner int, s string, whole bool) error {
	word := strings.TrimLeftFunc(s, func(r rune) bool { return r < 0x80 && !isWord(byte(r)) })
	l := literal{owner: owner, prefix: s[:len(s)-len(word)], folded: string(appendFolded(nil, []byte(word))), whole: whole}
	if tooShort(word) {
		return fmt.Errorf("%q is too short to search for: it takes three ASCII characters or two others", s)
	}
	t.figures = t.figures || isDigit(word[0])
	var known []literal // those entered under the key of a spelling
	for _, v := range spellings(word) {
		l.head, l.mask = headOf(v)
		l.settled = 0
		if l.mask == math.MaxUint64 && v[0] >= utf8.RuneSelf {
			l.settled = settledBy(v, l.folded)
		}
		if strings.IndexFunc(v, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 { // all cases have the same keys
			if slices.Contains(known, l) {
				continue
			}
			known = append(known, l)
		}
		for _, key := range keysOf(v, whole) {
			t.filter.add(key)
			if list := t.byKey.entry(key); !slices.Contains(*list, l) {
				*list = append(*list, l)
			}
		}
		t.brief = t.brief || isBrief(v)
	}
	return nil
}

// headOf returns what text must begin with, and where.
func headOf(spelling string) (head, mask uint64) {
	if spelling[0] >= utf8.RuneSelf {
		if len(spelling) >= 8 {
			return firstBytes8([]byte(spelling)), math.MaxUint64
		}
		return 0, 0
	}
	for i := 0; i < min(8, len(spelling)) && spelling[i] < utf8.RuneSelf; i++ {
		mask |= 0xFF << (8 * i)
	}
	return (firstBytes8([]byte(spelling)) | 0x20*everyByte) & mask, mask
}

// settledBy returns how many of its first eight bytes a spelling has in common with
// the folded literal in so far as its letters are as long.
func settledBy(spelling, folded string) (n int) {
	for i, r := range spelling {
		size := utf8.RuneLen(r)
		if i+size > 8 || i+size > len(folded) || folded[i:i+size] != string(foldCase(r)) {
			return i
		}
		n = i + size
	}
	return n
}

// tooShort tells that a literal has neither three bytes of ASCII or four others nor
// a letter and a sign.
func tooShort(word string) bool {
	if n := len(word); n == 0 || word[0] >= utf8.RuneSelf {
		return n < briefKey
	} else {
		return n < asciiKey-1 && (n < 2 || word[1]&0x40 != 0)
	}
}

// isBrief tells whether a spelling of letters outside of ASCII has fewer bytes than
// the key of a text that begins with it.
func isBrief(v string) bool {
	return len(v) < foreignKey && strings.IndexFunc(v, func(r rune) bool { return r < utf8.RuneSelf }) < 0
}

// keysOf returns the keys of text that begins with a spelling of a literal: of one
// with three bytes of ASCII each that the byte behind it may give.
func keysOf(v string, whole bool) (keys []uint64) {
	first := firstBytes8([]byte(v))
	switch {
	case v[0] < 0x80 && len(v) == asciiKey-1:
		for _, b := range keyClasses {
			if !whole || !isLetter(b) {
				keys = append(keys, asciiKeyOf(first|uint64(b)<<24))
			}
		}
	case v[0] < 0x80:
		keys = append(keys, asciiKeyOf(first))
	case isBrief(v):
		keys = append(keys, briefKeyOf(first))
	default:
		keys = append(keys, foreignKeyOf(first))
	}
	return keys
}

// spellings are the ways of writing the beginning of a literal that starts with a
// word: as it is, folded, in small letters, capitalised and in capitals. What
// follows the bytes of its key may be written in any way that folds to it.
func spellings(word string) []string {
	lower := []rune(word)
	for i, r := range lower {
		lower[i] = unicode.ToLower(r)
	}
	title, capitals := slices.Clone(lower), slices.Clone(lower)
	title[0] = unicode.ToUpper(title[0])
	for i, r := range capitals {
		capitals[i] = unicode.ToUpper(r)
	}
	return []string{word, string(appendFolded(nil, []byte(word))), string(lower), string(title), string(capitals)}
}

// firstBytes8 returns the first eight bytes of text, zeros behind its end.
func firstBytes8(text []byte) uint64 {
	var first [8]byte
	copy(first[:], text)
	return binary.LittleEndian.Uint64(first[:])
}

// literals looks for literals where words of ASCII begin, and words or runes of
// other scripts.
func (r *run) literals(b *window, base int, ascii, foreign uint64) {
	t := &r.s.literals
	for ; ascii != 0; ascii &= ascii - 1 {
		k := lowest(ascii)
		first := binary.LittleEndian.Uint64(b[k : k+8])
		if key := asciiKeyOf(first); t.filter.has(key) {
			r.tryLiterals(key, first, base+k)
		}
	}
	for rest := foreign; rest != 0; rest &= rest - 1 {
		k := lowest(rest)
		first := binary.LittleEndian.Uint64(b[k : k+8])
		if key := foreignKeyOf(first); t.filter.has(key) {
			r.tryLiterals(key, first, base+k)
		}
	}
	if !t.brief {
		return
	}
	for ; foreign != 0; foreign &= foreign - 1 {
		k := lowest(foreign)
		first := binary.LittleEndian.Uint64(b[k : k+8])
		if key := briefKeyOf(first); t.filter.has(key) {
			r.tryLiterals(key, first, base+k)
		}
	}
}

// tryLiterals compares the literals of a key with the text at i, which begins with
// these eight bytes, and where one stands there, lets its owner look.
func (r *run) tryLiterals(key, first uint64, i int) {
	found := r.s.literals.byKey.get(key)
	if found == nil {
		return
	}
	for k := range *found {
		if l := &(*found)[k]; l.mayStand(first) {
			r.tryLiteral(l, i)
		}
	}
}

// mayStand tells whether text with these first bytes may read as the literal: behind
// the beginning of a word of ASCII, bytes of other scripts may fold to any.
func (l *literal) mayStand(first uint64) bool {
	if first&0x80 != 0 {
		return first&l.mask == l.head
	}
	return (first|0x20*everyByte)&l.mask == l.head || first&l.mask&highBits != 0
}

func (r *run) tryLiteral(l *literal, i int) {
	start := i - len(l.prefix)
	if start < 0 || string(r.text[start:i]) != l.prefix {
		return
	}
	end, ok := foldedPrefix(r.text, i+l.settled, l.folded[l.settled:])
	if !ok || l.whole && end < len(r.text) && isLetter(r.text[end]) {
		return
	}
	m := &r.s.matchers[l.owner]
	if m.Figure > 0 && !r.blocks.digitNear(start, m.Figure) {
		return
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

func (r *run) tryWord(m *matcher, l *literal, start, end int) {
	if !wholeWord(r.text, start, end) {
		return
	}
	c := r.reset(start, end)
	c.Value = append(c.Value, l.folded...)
	c.NeedsContext = m.Use == Context
	r.consider(m)
}
