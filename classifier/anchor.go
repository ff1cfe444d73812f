package classifier

import (
	"regexp/syntax"
	"slices"
	"unicode"
	"unicode/utf8"
)

// anchor is what an expression is found by: literals of which one is in every
// match, or a digit, or a sign of punctuation, at most before bytes after the start.
type anchor struct {
	literals []string
	digit    bool
	sign     byte
	before   int
}

const (
	longestReach    = 64  // bytes between the start of a match and its anchor
	longestLiterals = 128 // alternatives
	unbounded       = 1 << 20
)

// findAnchor looks for the best anchor of a simplified expression: a literal
// before a digit, a digit before a sign, the nearest first.
func findAnchor(tree *syntax.Regexp) (anchor, bool) {
	var digit, sign anchor
	hasDigit, hasSign := false, false
	before := 0
	list := parts(tree, nil)
	for i, part := range list {
		if before > longestReach {
			break
		}
		if texts := joinedLiterals(list[i:]); texts != nil && usable(texts, before) {
			return anchor{literals: texts, before: before}, true
		}
		if !hasDigit {
			if reach, ok := digitReach(part); ok && before+reach <= longestReach {
				digit, hasDigit = anchor{digit: true, before: before + reach}, true
			}
		}
		if !hasSign {
			if b, reach, ok := signOf(part); ok && before+reach <= longestReach {
				sign, hasSign = anchor{sign: b, before: before + reach}, true
			}
		}
		before += longestOf(part)
	}
	if hasDigit {
		return digit, true
	}
	return sign, hasSign
}

// signOf returns the first sign of punctuation of a literal, and after how many
// bytes it stands. Points, commas and blanks are everywhere, and anchor nothing.
func signOf(re *syntax.Regexp) (sign byte, reach int, ok bool) {
	if re.Op != syntax.OpLiteral {
		return 0, 0, false
	}
	for i, r := range re.Rune {
		if r > ' ' && r < utf8.RuneSelf && r != '.' && r != ',' && !isWord(byte(r)) {
			return byte(r), i * utf8.UTFMax, true
		}
	}
	return 0, 0, false
}

// parts flattens what follows one upon the other.
func parts(re *syntax.Regexp, list []*syntax.Regexp) []*syntax.Regexp {
	if re.Op == syntax.OpConcat || re.Op == syntax.OpCapture {
		for _, sub := range re.Sub {
			list = parts(sub, list)
		}
		return list
	}
	return append(list, re)
}

// literalsOf returns texts of which one stands wherever re begins to match; nil
// when there are none, or too many.
func literalsOf(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCapture, syntax.OpPlus:
		return literalsOf(re.Sub[0])
	case syntax.OpConcat:
		return joinedLiterals(re.Sub)
	case syntax.OpCharClass:
		return classLiterals(re)
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			texts := literalsOf(sub)
			if texts == nil || len(all)+len(texts) > longestLiterals {
				return nil
			}
			all = append(all, texts...)
		}
		return all
	}
	return nil
}

// joinedLiterals multiplies the literals of the leading parts that have some.
func joinedLiterals(subs []*syntax.Regexp) []string {
	var all []string
	for _, sub := range subs {
		if sub.Op == syntax.OpWordBoundary && all == nil {
			continue
		}
		texts := literalsOf(sub)
		if texts == nil || len(texts)*max(len(all), 1) > longestLiterals {
			break
		}
		if all == nil {
			all = texts
		} else {
			var product []string
			for _, a := range all {
				for _, b := range texts {
					product = append(product, a+b)
				}
			}
			all = product
		}
		if sub.Op != syntax.OpLiteral && sub.Op != syntax.OpCharClass {
			break // its length may vary, so nothing certain follows it
		}
	}
	return all
}

func classLiterals(re *syntax.Regexp) []string {
	var all []string
	for i := 0; i < len(re.Rune); i += 2 {
		for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
			if all = append(all, string(r)); len(all) > 8 {
				return nil
			}
		}
	}
	return all
}

// usable tells whether the scan can look for all of the texts: they take a few
// bytes, and begin where a word may begin. Inside of an expression that is
// certain after a byte that is no part of a word.
func usable(texts []string, before int) bool {
	for _, text := range texts {
		word := text
		for len(word) > 0 && word[0] < utf8.RuneSelf && !isWord(word[0]) {
			word = word[1:]
		}
		if len(word) < 3 || word[0] >= utf8.RuneSelf && len(word) < 4 || before > 0 && word == text {
			return false
		}
	}
	return true
}

// digitReach tells whether every match of re has an ASCII digit, and after how
// many bytes the first can stand at most.
func digitReach(re *syntax.Regexp) (int, bool) {
	switch re.Op {
	case syntax.OpLiteral:
		i := slices.IndexFunc(re.Rune, func(r rune) bool { return r >= '0' && r <= '9' })
		return max(i, 0) * utf8.UTFMax, i >= 0
	case syntax.OpCharClass:
		return 0, len(re.Rune) > 0 && re.Rune[0] >= '0' && re.Rune[len(re.Rune)-1] <= '9'
	case syntax.OpCapture, syntax.OpPlus:
		return digitReach(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return digitReach(re.Sub[0])
		}
	case syntax.OpConcat:
		before := 0
		for _, sub := range re.Sub {
			if reach, ok := digitReach(sub); ok {
				return before + reach, true
			}
			before = min(before+longestOf(sub), unbounded)
		}
	case syntax.OpAlternate:
		furthest := 0
		for _, sub := range re.Sub {
			reach, ok := digitReach(sub)
			if !ok {
				return 0, false
			}
			furthest = max(furthest, reach)
		}
		return furthest, len(re.Sub) > 0
	}
	return 0, false
}

// longestOf is the number of bytes that a match of re has at most; unbounded
// when there is no limit.
func longestOf(re *syntax.Regexp) int {
	n := 0
	switch re.Op {
	case syntax.OpLiteral:
		n = len(re.Rune) * utf8.UTFMax
	case syntax.OpCharClass:
		n = utf8.UTFMax
		if len(re.Rune) > 0 && re.Rune[len(re.Rune)-1] < utf8.RuneSelf {
			n = 1
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		n = utf8.UTFMax
	case syntax.OpStar, syntax.OpPlus:
		n = unbounded
	case syntax.OpRepeat:
		n = unbounded
		if re.Max >= 0 {
			n = longestOf(re.Sub[0]) * re.Max
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			n = max(n, longestOf(sub))
		}
	default:
		for _, sub := range re.Sub {
			n += longestOf(sub)
		}
	}
	return min(n, unbounded)
}

// firstBytes marks the bytes that a match of re can begin with.
func firstBytes(re *syntax.Regexp) *[256]bool {
	set := new([256]bool)
	markFirst(re, set)
	return set
}

// markFirst adds the first bytes of re and tells whether re can match nothing,
// so that what follows it counts too.
func markFirst(re *syntax.Regexp, set *[256]bool) (empty bool) {
	switch re.Op {
	case syntax.OpLiteral:
		markRune(re.Rune[0], re.Flags&syntax.FoldCase != 0, set)
		return false
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= min(re.Rune[i+1], utf8.RuneSelf); r++ {
				markRune(r, false, set)
			}
			if re.Rune[i+1] >= utf8.RuneSelf {
				markRune(utf8.RuneSelf, false, set)
			}
		}
		return false
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		for b := range set {
			set[b] = true
		}
		return false
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			empty = markFirst(sub, set) || empty
		}
		return empty
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			if !markFirst(sub, set) {
				return false
			}
		}
		return true
	case syntax.OpPlus:
		return markFirst(re.Sub[0], set)
	case syntax.OpRepeat:
		return markFirst(re.Sub[0], set) || re.Min == 0
	case syntax.OpStar, syntax.OpQuest:
		markFirst(re.Sub[0], set)
	}
	return true
}

// markRune marks the first byte of r; for all runes outside of ASCII at once.
func markRune(r rune, foldCase bool, set *[256]bool) {
	for {
		if r < utf8.RuneSelf {
			set[r] = true
		} else {
			for b := 0xC0; b < 256; b++ {
				set[b] = true
			}
		}
		if !foldCase {
			return
		}
		r, foldCase = unicode.SimpleFold(r), false
	}
}

// hasLineAnchor tells whether re asks for the begin or end of a line or text.
func hasLineAnchor(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText:
		return true
	}
	return slices.ContainsFunc(re.Sub, hasLineAnchor)
}
