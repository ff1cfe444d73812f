package rules

import (
	"maps"
	"slices"
	"strings"
)

// table finds the members of a list that name a text or fit it with a pattern,
// without looking at each.
type table struct {
	exact              map[string]positions
	prefixes, suffixes affixes
	patterns           []starPattern // with stars elsewhere than at one end
	longer             bool          // a star stands for one character at least
}

// affixes are the fixed parts of patterns with one star at an end.
type affixes struct {
	sets    map[string]positions
	lengths []int // of the keys, ascending
}

// starPattern is a pattern cut at its stars.
type starPattern struct {
	parts []string
	set   positions
}

// syntax says which texts of a table are patterns.
type syntax uint8

const (
	literal    syntax = iota // none
	starred                  // * stands for any text
	subdomains               // a * at the beginning stands for any text but none
)

// newTable makes the table of a list of n members, of which each names texts.
func newTable(n int, texts func(int) []string, s syntax) table {
	members := map[string][]uint32{}
	for i := range n {
		for _, text := range texts(i) {
			if list := members[text]; len(list) == 0 || list[len(list)-1] != uint32(i) {
				members[text] = append(list, uint32(i))
			}
		}
	}
	t := table{exact: map[string]positions{}, longer: s == subdomains}
	for _, text := range slices.Sorted(maps.Keys(members)) {
		t.put(text, newPositions(members[text], n), s)
	}
	t.prefixes.sort()
	t.suffixes.sort()
	return t
}

func (t *table) put(text string, set positions, s syntax) {
	stars := strings.Count(text, "*")
	prefix, atEnd := strings.CutSuffix(text, "*")
	suffix, atBegin := strings.CutPrefix(text, "*")
	switch {
	case s == literal, s == starred && stars == 0, s == subdomains && !atBegin:
		t.exact[text] = set
	case s == subdomains, atBegin && stars == 1:
		t.suffixes.put(suffix, set)
	case atEnd && stars == 1:
		t.prefixes.put(prefix, set)
	default:
		t.patterns = append(t.patterns, starPattern{strings.Split(text, "*"), set})
	}
}

func (a *affixes) put(text string, set positions) {
	if a.sets == nil {
		a.sets = map[string]positions{}
	}
	a.sets[text] = set
}

func (a *affixes) sort() {
	lengths := map[int]bool{}
	for text := range a.sets {
		lengths[len(text)] = true
	}
	a.lengths = slices.Sorted(maps.Keys(lengths))
}

// addTo adds to out the members that name the text or have a pattern it fits.
func (t *table) addTo(text string, out bits) {
	t.exact[text].addTo(out)
	room := len(text) // of an affix
	if t.longer {
		room--
	}
	for _, n := range t.suffixes.lengths {
		if n > room {
			break
		}
		t.suffixes.sets[text[len(text)-n:]].addTo(out)
	}
	for _, n := range t.prefixes.lengths {
		if n > room {
			break
		}
		t.prefixes.sets[text[:n]].addTo(out)
	}
	for i := range t.patterns {
		if p := &t.patterns[i]; matchParts(p.parts, text) {
			p.set.addTo(out)
		}
	}
}
