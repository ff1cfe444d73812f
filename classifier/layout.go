package classifier

import (
	"fmt"
	"slices"
	"strings"
)

// layout is one way of writing a value, compiled from Detector.Layouts.
type layout struct {
	detector int
	pattern  string
	// before is the number of bytes that precede the first group that may have a
	// digit, length the length of that group.
	before, length int
	letters        bool // some position may hold a letter
	bare           bool // digits without any separator
	// doubtful: no way of writing that stands alone, whatever the detector's use
	doubtful bool
	// weak: a value needs context
	weak bool
	// exact: digits alone with single separators, so that the key under which the
	// layout stands says all of it
	exact bool
	// Of a first group with letters: the positions of which it is certain whether
	// they hold a digit, and those that do.
	certain, digits uint64
	// next is what follows a first group with letters; 0: whatever ends a token.
	next byte
}

// layoutList are the layouts that a number, or the beginning of one, may have.
type layoutList struct {
	exact, weak []layout   // those whose key says all of them; weak ones need context
	owners      matcherSet // of the weak ones
	partial     []layout   // the others
	led         []layout   // of these, those that begin before their digits
	// lead are the bytes that part what a layout of led begins with from its digits,
	// and ahead those that may stand before them.
	lead, ahead byteSet
}

// layoutIndex finds layouts by the groups of digits that they begin with, or by
// the length of their first group when it has letters.
type layoutIndex struct {
	lookup[*layoutList]
	first [longestGroup + 1][ends]firstGroup
	mixed [longestLayout + 2][]layout // the last is empty
}

// firstGroup is what the length of a first group and what follows it tell: the
// layouts of that key, and whether some go on with another group of digits.
type firstGroup struct {
	list   *layoutList
	goesOn bool
}

const (
	// longestToken bounds the runs of letters and digits that are looked at, and
	// longestLayout the groups of layouts.
	longestToken, longestLayout = 128, 64
	// longestGroup is the length that all longer groups of digits have in keys.
	longestGroup = 31
	// mostGroups bounds the groups of a number.
	mostGroups = 8
)

// The classes of bytes that end a group of digits.
const (
	endOther uint8 = iota // none, or one that no class is for
	endBlank
	endHyphen
	endPoint
	endSlash
	endBracket
	endForeign
	ends
)

var endClass = func() (t [256]uint8) {
	t[' '], t['-'], t['.'], t['/'], t['('], t[')'] = endBlank, endHyphen, endPoint, endSlash, endBracket, endBracket
	for b := 0x80; b < 256; b++ {
		t[b] = endForeign
	}
	return t
}()

// groupKey appends a group of n digits and the class of its end to the key of a
// sequence of groups.
func groupKey(key uint64, n int, end uint8) uint64 {
	return key<<8 | uint64(min(n, longestGroup))<<3 | uint64(end)
}

func (x *layoutIndex) add(l layout) {
	if !l.onlyDigits() {
		x.mixed[l.length] = append(x.mixed[l.length], l)
	}
	switch {
	case !l.digital():
	case l.onlyDigits():
		x.addGroups(l, l.before, 0, 0, 0)
	default:
		for end := range ends {
			if l.next == 0 || slices.Contains(separatorClasses(l.next, 0), end) {
				x.enter(groupKey(0, l.length, end), l)
			}
		}
	}
}

// digital tells whether the first group may be digits alone, onlyDigits whether it
// must be.
func (l *layout) digital() bool {
	return !l.groupHas(func(c byte) bool { return isLetter(c) && c != 'X' && c != 'd' })
}
func (l *layout) onlyDigits() bool {
	return !l.groupHas(func(c byte) bool { return isLetter(c) && c != 'd' })
}

func (l *layout) groupHas(f func(byte) bool) bool {
	for i := range l.length {
		if f(l.pattern[l.before+i]) {
			return true
		}
	}
	return false
}

// addGroups enters l under the keys of its leading groups of digits: key stands
// for the n groups before the one at start, separator for what "_" was read as.
func (x *layoutIndex) addGroups(l layout, start, n int, key uint64, separator uint8) {
	p := l.pattern
	i := start
	for i < len(p) && (p[i] == 'd' || isDigit(p[i])) {
		i++
	}
	if i == len(p) {
		for end := range ends {
			x.enter(groupKey(key, i-start, end), l)
		}
		return
	}
	for _, end := range separatorClasses(p[i], separator) {
		s := separator
		if p[i] == '_' {
			s = end
		}
		next := groupKey(key, i-start, end)
		if n+1 < mostGroups && end != endOther && end != endForeign && i+1 < len(p) && digitGroup(p[i+1:]) {
			x.addGroups(l, i+1, n+1, next, s)
		} else {
			l.exact = false
			x.enter(next, l)
		}
	}
}

// separatorClasses are the classes of the bytes that c of a layout stands for.
func separatorClasses(c byte, separator uint8) []uint8 {
	switch {
	case c != '_':
		return []uint8{endClass[c]}
	case separator != 0:
		return []uint8{separator}
	}
	return []uint8{endBlank, endHyphen}
}

// digitGroup tells whether the first group of a pattern consists of digits.
func digitGroup(p string) bool {
	i := 0
	for i < len(p) && (p[i] == 'd' || isDigit(p[i])) {
		i++
	}
	return i > 0 && (i == len(p) || p[i] == '_' || !isWord(p[i]))
}

func (x *layoutIndex) enter(key uint64, l layout) {
	entry := x.entry(key)
	if *entry == nil {
		*entry = &layoutList{}
	}
	list := *entry
	first := key
	for first > 0xFF {
		first >>= 8
	}
	if begin := &x.first[first>>3][first&7]; first == key {
		begin.list = list
	} else {
		begin.goesOn = true
	}
	switch {
	case !l.exact && l.before > 0:
		list.led = append(list.led, l)
		list.addLead(l.pattern[:l.before])
	case !l.exact:
		list.partial = append(list.partial, l)
	case l.weak:
		list.weak = append(list.weak, l)
		list.owners = list.owners.with(l.detector)
	default:
		list.exact = append(list.exact, l)
	}
}

// addLead notes the last two bytes that stand for what goes before the digits of a
// layout; whatever is ahead will do for a sign alone.
func (list *layoutList) addLead(pattern string) {
	last := len(pattern) - 1
	for b := range 256 {
		if stands(pattern[last], byte(b)) {
			list.lead.add(byte(b))
		}
		if last == 0 || stands(pattern[last-1], byte(b)) {
			list.ahead.add(byte(b))
		}
	}
}

// compileLayout looks for the group that is sure to have a digit, or else the
// first that may have one: then only values with a digit there are found.
func compileLayout(detector int, pattern string) (layout, error) {
	pattern, doubtful := strings.CutPrefix(pattern, "?")
	l, err := compileGroup(detector, pattern, "d0123456789")
	if err != nil {
		l, err = compileGroup(detector, pattern, "X")
	}
	l.doubtful = doubtful
	return l, err
}

// needsContext tells whether what has the layout is no value by itself.
func (l *layout) needsContext(use Use) bool {
	return l.doubtful || use == Context || use == Form && l.bare
}

// compileGroup compiles a layout that is found by the first group with one of keys.
func compileGroup(detector int, pattern, keys string) (layout, error) {
	l := layout{detector: detector, pattern: pattern, bare: true, exact: true}
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
			l.exact = l.exact && c == 'd' && group < longestGroup
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
	if l.length == 0 || l.length > longestLayout {
		return l, fmt.Errorf("layout %q has no group with a digit to find it by", pattern)
	}
	key := pattern[l.before : l.before+l.length]
	l.certain, l.digits = positions(key)
	l.bare = l.bare && !l.letters
	return l, nil
}

// comparedBehind is how much of what stands behind the groups of digits is compared
// before a layout is tried.
const comparedBehind = 4

// mayStand compares what stands beside the groups of digits at text[i:end], by
// which the layout was found, with its pattern.
func (l *layout) mayStand(text []byte, i, end int) bool {
	start := i - l.before
	if start < 0 || start+len(l.pattern) > len(text) {
		return false
	}
	if l.before > 0 && (!stands(l.pattern[l.before-1], text[i-1]) || !stands(l.pattern[max(0, l.before-2)], text[max(start, i-2)]) || wordAt(text, start-1)) {
		return false
	}
	behind := l.before + end - i
	for k := behind; k < len(l.pattern) && k < behind+comparedBehind; k++ {
		if !stands(l.pattern[k], text[start+k]) {
			return false
		}
	}
	return true
}

// stands tells whether b may stand for p of a pattern.
func stands(p, b byte) bool {
	switch p {
	case 'd':
		return isDigit(b)
	case 'A':
		return isLetter(b)
	case 'X':
		return isWord(b)
	case '_':
		return b == ' ' || b == '-'
	}
	return b == p
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
