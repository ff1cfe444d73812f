package detect

import (
	"bytes"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// reads tells whether text has the form of the pattern, which is as long.
func reads(text []byte, pattern string) bool {
	for i, b := range text {
		switch p := pattern[i]; {
		case p == 'd' && digit(b), p == 'A' && letter(b), p == 'X' && word(b), p == b:
		default:
			return false
		}
	}
	return true
}

// tokenEnds tells whether no word, decimal or compound goes on at end.
func tokenEnds(text []byte, end int) bool {
	switch b := at(text, end); b {
	case '-', '.':
		return !digit(at(text, end+1))
	default:
		return !word(b)
	}
}

// birthday tells whether year (two digits, of any of the last two centuries),
// month and day are a date.
func birthday(b []byte) bool {
	year, month, day := number(b[:2]), number(b[2:4]), number(b[4:6])
	return checksum.Date(1900+year, month, day) || checksum.Date(2000+year, month, day)
}

// notOfGoods is the Confirm of numbers without check digits: no order's, and no
// part of what slashes join.
func notOfGoods(c *classifier.Candidate) bool {
	c.Steps += goodsSteps
	slashes := at(c.Text, c.Start-1) == '/' && word(at(c.Text, c.Start-2)) || at(c.Text, c.End) == '/' && word(at(c.Text, c.End+1))
	return !slashes && !ofGoods(c.Text, c.Start)
}

// How far around a value an acronym is looked for, and how close one that is no
// acronym must stand before it.
const (
	acronymBefore = 64
	acronymAfter  = 32
	labelDistance = 12
)

// acronym returns a Confirm for detectors whose context word also is a word of
// everyday language, such as "ein" or "sin": it counts in capitals, or right
// before the value.
func acronym(capitals string) func(c *classifier.Candidate) bool {
	return func(c *classifier.Candidate) bool { return acronymCounts(c, capitals) }
}

func acronymCounts(c *classifier.Candidate, capitals string) bool {
	from := max(0, c.Start-acronymBefore)
	near := c.Text[from:min(len(c.Text), c.End+acronymAfter)]
	folded, small := bytes.ToLower(near), bytes.ToLower([]byte(capitals))
	if len(folded) != len(near) { // a rare rune changed its size
		return true
	}
	seen := false
	for i := 0; ; i++ {
		n := bytes.Index(folded[i:], small)
		if n < 0 {
			return !seen
		}
		i += n
		end := i + len(small)
		switch before, after := at(near, i-1), at(near, end); {
		case wordByte(before) || wordByte(after):
			continue
		case before == '_' || after == '_': // a name of code
			seen = true
			continue
		}
		if gap := c.Start - from - end; string(near[i:end]) == capitals || gap >= 0 && gap <= labelDistance {
			return true
		}
		seen = true
	}
}

// said tells whether one of the words, in lower case, stands in the text before
// the value, or in its name.
func said(c *classifier.Candidate, words ...string) bool {
	c.Steps += saidSteps
	return saysOne(bytes.ToLower(c.Text[max(0, c.Start-2*acronymBefore):c.Start]), words) || saysOne(bytes.ToLower([]byte(c.Name())), words)
}

// saidSteps is what it costs to look for a few words before a value.
const saidSteps = 8

func saysOne(before []byte, words []string) bool {
	for _, w := range words {
		for rest := before; ; {
			i := bytes.Index(rest, []byte(w))
			if i < 0 {
				break
			}
			if !wordByte(at(rest, i-1)) && !wordByte(at(rest, i+len(w))) {
				return true
			}
			rest = rest[i+len(w):]
		}
	}
	return false
}
