package classifier

import (
	"fmt"
	"strings"
)

// layout is one way of writing a value, compiled from Detector.Layouts.
type layout struct {
	detector int
	pattern  string
	// before is the number of bytes that precede the first group with a digit,
	// length the length of that group, which the next two describe.
	before, length int
	digits         bool // the group may be digits alone
	mixed          bool // the group may, or must, have letters
	letters        bool // some position may hold a letter
	bare           bool // digits without any separator
	next           byte // what follows the group; 0: whatever ends a token
	second         int  // length of the group after next
}

// The separators that layouts are indexed by.
const (
	separatorOther = iota // none, or one that no class is for
	separatorBlank
	separatorHyphen
	separatorPoint
	separatorSlash
	separators
)

func separatorClass(c byte) int {
	switch c {
	case ' ':
		return separatorBlank
	case '-':
		return separatorHyphen
	case '.':
		return separatorPoint
	case '/':
		return separatorSlash
	}
	return separatorOther
}

// layoutIndex finds the layouts that a group of a token may belong to: by whether
// it is digits alone, by its length and by what separates it from the next.
type layoutIndex [2][longestToken + 1][separators][]layout

func (x *layoutIndex) add(l layout) {
	for digits, fits := range []bool{l.mixed, l.digits} {
		if !fits {
			continue
		}
		for class := range separators {
			if l.next == 0 || l.next == '_' && (class == separatorBlank || class == separatorHyphen) ||
				l.next != '_' && class == separatorClass(l.next) {
				x[digits][l.length][class] = append(x[digits][l.length][class], l)
			}
		}
	}
}

// longestToken bounds the groups that layouts are indexed by.
const longestToken = 64

// compileLayout looks for the group that is sure to have a digit, or else the
// first that may have one: then only values with a digit there are found.
func compileLayout(detector int, pattern string) (layout, error) {
	l, err := compileGroup(detector, pattern, "d0123456789")
	if err != nil {
		return compileGroup(detector, pattern, "X")
	}
	return l, nil
}

// compileGroup compiles a layout that is found by the first group with one of keys.
func compileGroup(detector int, pattern, keys string) (layout, error) {
	l := layout{detector: detector, pattern: pattern, bare: true}
	group, mayDigit, start := 0, false, 0
	for i := range len(pattern) + 1 {
		c := byte('_')
		if i < len(pattern) {
			c = pattern[i]
		}
		if c != '_' && isWord(c) {
			group++
			mayDigit = mayDigit || strings.IndexByte(keys, c) >= 0
			l.letters = l.letters || c != 'd' && !isDigit(c)
			continue
		}
		l.bare = l.bare && i == len(pattern)
		if l.length == 0 && mayDigit {
			l.before, l.length = start, group
			if i < len(pattern) {
				l.next = c
			}
		}
		group, start = 0, i+1
	}
	if l.length == 0 || l.length > longestToken {
		return l, fmt.Errorf("layout %q has no group with a digit to find it by", pattern)
	}
	for i := l.before + l.length + 1; i < len(pattern) && isWord(pattern[i]); i++ {
		l.second++
	}
	key := pattern[l.before : l.before+l.length]
	fixed := strings.ContainsFunc(key, func(r rune) bool { return isLetter(byte(r)) && !strings.ContainsRune("AXd", r) })
	l.digits, l.mixed = !fixed && !strings.Contains(key, "A"), fixed || strings.ContainsAny(key, "AX")
	l.bare = l.bare && !l.letters
	return l, nil
}

// match compares text at start with the layout and appends the value, without
// separators and in upper case, to value.
func (l *layout) match(text []byte, start int, value []byte) ([]byte, bool) {
	if start < 0 || start+len(l.pattern) > len(text) {
		return value, false
	}
	separator := byte(0)
	for i := range len(l.pattern) {
		c := text[start+i]
		switch p := l.pattern[i]; p {
		case 'd':
			if !isDigit(c) {
				return value, false
			}
			value = append(value, c)
		case 'A':
			if !isLetter(c) {
				return value, false
			}
			value = append(value, upper(c))
		case 'X':
			if !isWord(c) {
				return value, false
			}
			value = append(value, upper(c))
		case '_':
			if c != ' ' && c != '-' || separator != 0 && c != separator {
				return value, false
			}
			separator = c
		default:
			if c != p {
				return value, false
			}
		}
	}
	return value, wholeToken(text, start, start+len(l.pattern), !l.letters)
}

// wholeToken tells whether text[start:end] is no part of something longer: of a
// word, a decimal, a UUID, a version, a price or an international phone number.
func wholeToken(text []byte, start, end int, number bool) bool {
	if wordAt(text, start-1) || wordAt(text, end) {
		return false
	}
	if start > 1 {
		if glued(text, start) {
			return false
		}
		switch text[start-1] {
		case '+', '$':
			return !number
		case 0xAC, 0xA3, 0xA5: // the last bytes of the euro, pound and yen signs
			if number && (text[start-2] == 0xC2 || text[start-2] == 0x82) {
				return false
			}
		}
	} else if start == 1 && number && (text[0] == '+' || text[0] == '$') {
		return false
	}
	if end < len(text) {
		switch text[end] {
		case '-':
			return !digitInWord(text, end+1, 1)
		case '.':
			return !digitAt(text, end+1)
		case '%':
			return !number
		}
	}
	return true
}

// glued tells whether a hyphen or point joins the token at start to a word with
// digits: it is the tail of a date, a decimal, a version or a UUID.
func glued(text []byte, start int) bool {
	return start > 1 && (text[start-1] == '-' || text[start-1] == '.') && digitInWord(text, start-2, -1)
}

// digitInWord tells whether the word that touches i, read in the direction step,
// has a digit among its first 16 bytes.
func digitInWord(text []byte, i, step int) bool {
	for n := 0; n < 16 && wordAt(text, i); n++ {
		if isDigit(text[i]) {
			return true
		}
		i += step
	}
	return false
}
