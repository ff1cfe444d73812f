package detect

import "math/bits"

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

// kinds of bytes: small letters, capitals, digits, and all others.
const (
	smallLetter = iota
	capitalLetter
	digitByte
	noWord
)

// kindOf tells of each byte which kind it is.
var kindOf = func() (kinds [256]uint8) {
	for b := range kinds {
		switch c := byte(b); {
		case digit(c):
			kinds[b] = digitByte
		case !letter(c):
			kinds[b] = noWord
		case c < 'a':
			kinds[b] = capitalLetter
		}
	}
	return kinds
}()

// mixed tells whether b has letters and digits, or letters of both cases. It is
// the cheapest thing to ask of a key.
func mixed(b []byte) bool {
	seen := 0
	for _, c := range b {
		seen |= 1 << kindOf[c]
	}
	seen &= 1<<noWord - 1
	return seen&(seen-1) != 0
}

// textureOf looks at b once. Bytes that are neither letters nor digits part it.
func textureOf(b []byte) texture {
	var t texture
	var seen [2]uint64
	kinds := 0
	part, letters, turns, repeat, climb := 0, true, 0, 0, 0
	previous, last := uint8(noWord), byte(0)
	for i, c := range b {
		seen[c>>6&1] |= 1 << (c & 63)
		kind := kindOf[c]
		kinds |= 1 << kind
		if kind == noWord {
			t.words += wordBytes(i-part, letters && turns < 2)
			part, letters, turns, previous = i+1, true, 0, kind
			continue
		}
		letters = letters && kind != digitByte
		if previous == noWord {
			repeat, climb = 0, 0
		} else {
			t.steps++
			if kind != previous {
				t.changes++
				turns++
			}
			repeat, climb = follow(repeat, c == last), follow(climb, c == last+1)
			t.patterned = t.patterned || repeat >= longestRepeat || climb >= longestClimb
		}
		previous, last = kind, c
	}
	t.words += wordBytes(len(b)-part, letters && turns < 2)
	t.different = bits.OnesCount64(seen[0]) + bits.OnesCount64(seen[1])
	t.small, t.capital, t.digits, t.parted = kinds>>smallLetter&1 != 0, kinds>>capitalLetter&1 != 0, kinds>>digitByte&1 != 0, kinds>>noWord&1 != 0
	return t
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
	if !mixed(b) {
		return false
	}
	t := textureOf(b)
	kinds := t.digits && (t.small || t.capital) || t.small && t.capital && !t.parted
	return kinds && !t.patterned && t.different >= min(10, len(b)/2) && t.words*2 <= len(b) &&
		t.changes*leastChange >= t.steps && !placeholder(b)
}

// fillers are what writers of documentation put where a secret belongs.
var fillers = foldSetOf("xxxx", "your", "example", "placeholder", "changeme", "change_me", "replace", "insert", "redacted", "dummy", "abc123abc")

// placeholder tells whether b says that it is none.
func placeholder(b []byte) bool { return fillers.in(b) }
