package classifier

import (
	"strings"
	"unicode/utf8"
)

// columnKind is one meaning that a column can have.
type columnKind struct {
	name   string
	shape  func([]byte) bool
	person bool
}

// columnMatch is a kind that a name may stand for.
type columnMatch struct {
	kind int
	weak bool // counts only beside a column that speaks of a person
	bare bool // counts only as the whole name
}

// lexicon tells from the name of a column, or a key, what it holds.
type lexicon struct {
	kinds    []columnKind
	byName   map[string]int
	phrases  map[string][]columnMatch
	unspaced []string // phrases of scripts without blanks, found inside of names
}

// longestPhrase bounds the words of a phrase, and of the part of a name that is looked up.
const longestPhrase = 5

// add enters a column and returns its kind. A kind may be entered several
// times: the first that has a shape gives it.
func (l *lexicon) add(c Column) int {
	if l.byName == nil {
		l.byName, l.phrases = map[string]int{}, map[string][]columnMatch{}
	}
	kind, known := l.byName[c.Kind]
	if !known {
		kind = len(l.kinds)
		l.byName[c.Kind] = kind
		l.kinds = append(l.kinds, columnKind{c.Kind, c.Shape, c.Person})
	}
	if l.kinds[kind].shape == nil {
		l.kinds[kind].shape = c.Shape
	}
	for _, name := range c.Names {
		name, weak := strings.CutPrefix(name, "?")
		name, bare := strings.CutPrefix(name, "=")
		if phrase := headerPhrase(name); phrase != "" {
			l.addPhrase(phrase, columnMatch{kind, weak, bare || weak})
		}
	}
	return kind
}

func (l *lexicon) addPhrase(phrase string, match columnMatch) {
	for _, known := range l.phrases[phrase] {
		if known.kind == match.kind {
			return
		}
	}
	first, _ := utf8.DecodeRuneInString(phrase)
	if unspaced(first) && len(l.phrases[phrase]) == 0 {
		l.unspaced = append(l.unspaced, phrase)
	}
	l.phrases[phrase] = append(l.phrases[phrase], match)
}

// classify returns the kinds that a folded name may stand for: those of the
// whole name, else those of the longest phrase in it. Ambiguous phrases count
// only as a whole name.
func (l *lexicon) classify(phrase string) []columnMatch {
	if whole := l.phrases[phrase]; whole != nil {
		return whole
	}
	words := strings.Fields(phrase)
	for n := min(len(words), longestPhrase); n > 0; n-- {
		for i := 0; i+n <= len(words); i++ {
			if found := strong(l.phrases[strings.Join(words[i:i+n], " ")]); found != nil {
				return found
			}
		}
	}
	best := ""
	if strings.IndexFunc(phrase, unspaced) >= 0 {
		for _, p := range l.unspaced {
			if len(p) > len(best) && strings.Contains(phrase, p) && strong(l.phrases[p]) != nil {
				best = p
			}
		}
	}
	return strong(l.phrases[best])
}

func strong(matches []columnMatch) []columnMatch {
	var kept []columnMatch
	for _, m := range matches {
		if !m.bare {
			kept = append(kept, m)
		}
	}
	return kept
}
