package detect

import "bytes"

// The bounds of what passes for random.
const (
	longestRepeat = 4 // equal bytes in a row
	longestClimb  = 6 // bytes in a row that each follow the one before, as in 1234567
	leastChange   = 7 // one step in so many goes from one kind of byte to another
)

// texture is what the bytes of a string look like, all in all.
type texture struct {
	small, capital, digits, parted bool
	different                      int
	words                          int // bytes in parts that are letters of one case, but for the first
	changes, steps                 int // between small letters, capitals and digits
	patterned                      bool
}

// textureOf looks at b once. Bytes that are neither letters nor digits part it.
func textureOf(b []byte) texture {
	var t texture
	var seen [2]uint64
	part, letters, turns, repeat, climb := 0, true, 0, 0, 0
	for i, c := range b {
		if bit := uint64(1) << (c & 63); seen[c>>6&1]&bit == 0 {
			seen[c>>6&1] |= bit
			t.different++
		}
		if !word(c) {
			t.parted = true
			t.words += wordBytes(i-part, letters && turns < 2)
			part, letters, turns = i+1, true, 0
			continue
		}
		t.small, t.capital, t.digits = t.small || kindOf(c) == 0, t.capital || kindOf(c) == 1, t.digits || digit(c)
		letters = letters && letter(c)
		if i == part {
			repeat, climb = 0, 0
			continue
		}
		t.steps++
		if kindOf(c) != kindOf(b[i-1]) {
			t.changes++
			turns++
		}
		repeat, climb = follow(repeat, c == b[i-1]), follow(climb, c == b[i-1]+1)
		t.patterned = t.patterned || repeat >= longestRepeat || climb >= longestClimb
	}
	t.words += wordBytes(len(b)-part, letters && turns < 2)
	return t
}

// kindOf is 0 for a small letter, 1 for a capital, 2 for a digit.
func kindOf(c byte) int {
	switch {
	case digit(c):
		return 2
	case c < 'a':
		return 1
	}
	return 0
}

func follow(n int, goesOn bool) int {
	if goesOn {
		return n + 1
	}
	return 0
}

// wordBytes returns the length of a part when it may be a word.
func wordBytes(n int, letters bool) int {
	if letters && n >= 3 && n <= 16 {
		return n
	}
	return 0
}

// random tells a key from words, a placeholder or a number: it has letters, and
// digits or, in one piece, letters of both cases; enough different ones, in no
// order, and half of it or more is in no words.
func random(b []byte) bool {
	t := textureOf(b)
	mixed := t.digits && (t.small || t.capital) || t.small && t.capital && !t.parted
	return mixed && !t.patterned && t.different >= min(10, len(b)/2) && t.words*2 <= len(b) &&
		t.changes*leastChange >= t.steps && !placeholder(b)
}

// fillers are what writers of documentation put where a secret belongs.
var fillers = [][]byte{
	[]byte("xxxx"), []byte("your"), []byte("example"), []byte("placeholder"), []byte("changeme"), []byte("change_me"),
	[]byte("replace"), []byte("insert"), []byte("redacted"), []byte("dummy"), []byte("abc123abc"),
}

// placeholder tells whether b says that it is none.
func placeholder(b []byte) bool {
	for _, f := range fillers {
		if containsFold(b, f) {
			return true
		}
	}
	return false
}

// containsFold tells whether b holds the small letters of s in either case.
func containsFold(b, s []byte) bool {
	for i := 0; i+len(s) <= len(b); i++ {
		if lower(b[i]) == s[0] && bytes.EqualFold(b[i:i+len(s)], s) {
			return true
		}
	}
	return false
}
