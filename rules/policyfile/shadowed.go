package policyfile

import (
	"fmt"
	"slices"
	"strings"

	"daylight.internal/rules"
)

// shadows finds rules before which others take what they would match.
type shadows struct {
	*reachMap
	loader  *loader
	reaches []reach
	byReach map[scopeAndWho][]int // rules
	asked   int                   // the conditions on the client of these rules have lower numbers
	wider   map[int][]int         // numbers of the sets of services around one
	ofRules int                   // how many of the sets are of rules: the first
}

// scopeAndWho are the numbers of the services and of the clients that a rule is for.
type scopeAndWho struct{ scope, who int }

// shadowed warns of rules that can never decide because earlier ones take all
// that they would match, and of words in a rule to which the same happens.
func (l *loader) shadowed(m *reachMap, reaches []reach) {
	s := &shadows{reachMap: m, loader: l, reaches: reaches, byReach: map[scopeAndWho][]int{}, wider: map[int][]int{}, ofRules: len(m.scopes)}
	for i := range reaches {
		if r := &reaches[i]; !m.empty(r) {
			if earlier := s.taker(r, i); earlier >= 0 {
				l.neverDecides(i, earlier)
			} else {
				s.words(i)
			}
			at := scopeAndWho{r.scope, r.who}
			s.byReach[at] = append(s.byReach[at], i)
			s.asked = max(s.asked, r.who+1)
		}
	}
}

func (l *loader) neverDecides(i, j int) {
	later, earlier := l.ruleAt[i], l.ruleAt[j]
	later.file.doubt(later.name, "put it before that rule, or remove it", "the rule %q can never decide: %q at %s matches all that it matches", later.name.V, earlier.name.V, earlier.name.At).ID = "shadowed-rule"
}

// taker returns the first of the rules before i that matches all of a reach; -1
// when none does.
func (s *shadows) taker(r *reach, before int) int {
	taker := before
	for _, scope := range s.around(r.scope) {
		for _, who := range s.clients.around(r.who, s.asked) {
			for _, j := range s.byReach[scopeAndWho{scope, who}] {
				if j >= taker {
					break
				}
				if s.covers(&s.reaches[j], r) {
					taker = j
					break
				}
			}
		}
	}
	if taker == before {
		return -1
	}
	return taker
}

// around returns the numbers of the sets of rules that hold all services of a set.
func (s *shadows) around(scope int) []int {
	known, ok := s.wider[scope]
	if ok {
		return known
	}
	inner := s.scopes[scope]
	first := 0
	for i := range inner.all {
		first = i
		break
	}
	for n, outer := range s.scopes[:s.ofRules] {
		if outer.has(first) && outer.covers(inner) {
			known = append(known, n)
		}
	}
	s.wider[scope] = known
	return known
}

// choice is a list of a rule's condition of which each word can be looked at alone.
type choice struct {
	words  words
	narrow func(m *rules.Match, i int)
	// telling is set when a word that never counts is worth a warning: in a list of
	// statuses, one too many makes a rule safe against what others change.
	telling bool
}

// maxChoice bounds the words of one list that are looked at alone.
const maxChoice = 64

func choices(e *matchEntry, m *rules.Match) []choice {
	services := once(slices.Concat(e.Service, e.Services))
	return []choice{
		{services, func(n *rules.Match, i int) { n.Services = m.Services[i : i+1] }, true},
		{once(e.Groups), func(n *rules.Match, i int) { n.Groups = m.Groups[i : i+1] }, true},
		{once(e.Users), func(n *rules.Match, i int) { n.Users = m.Users[i : i+1] }, true},
		{once(e.Host), func(n *rules.Match, i int) { n.Hosts = m.Hosts[i : i+1] }, true},
		{once(e.Category), func(n *rules.Match, i int) { n.Categories = m.Categories[i : i+1] }, false},
		{once(e.Vendor), func(n *rules.Match, i int) { n.Vendors = m.Vendors[i : i+1] }, false},
		{once(e.Status), func(n *rules.Match, i int) { n.Statuses = m.Statuses[i : i+1] }, false},
		{once(e.Operation), func(n *rules.Match, i int) { n.Operations = m.Operations[i : i+1] }, false},
	}
}

// once returns the words of a list without those that are given again.
func once(ws words) words {
	var out words
	for _, w := range ws {
		if !slices.ContainsFunc(out, func(o text) bool { return o.V == w.V }) {
			out = append(out, w)
		}
	}
	return out
}

// words looks at each word of a rule's lists alone.
func (s *shadows) words(i int) {
	match := s.reaches[i].match
	for _, c := range choices(&s.loader.ruleEntries[i].Match, match) {
		if len(c.words) < 2 || len(c.words) > maxChoice {
			continue
		}
		takers := make([]int, len(c.words))
		taken := 0
		for w := range c.words {
			narrow := *match
			c.narrow(&narrow, w)
			takers[w] = -1
			if r := s.of(&narrow); !s.empty(&r) {
				takers[w] = s.taker(&r, i)
			}
			if takers[w] >= 0 {
				taken++
			}
		}
		if taken == len(takers) {
			s.loader.neverDecidesFor(i, c.words, takers)
			return
		}
		if taken > 0 && c.telling {
			s.loader.wordsNeverCount(i, c.words, takers)
		}
	}
}

func (l *loader) neverDecidesFor(i int, ws words, takers []int) {
	parts := make([]string, 0, len(ws))
	for w, j := range takers {
		parts = append(parts, fmt.Sprintf("%s by %q at %s", ws[w].V, l.ruleAt[j].name.V, l.ruleAt[j].name.At))
	}
	if len(parts) > 4 {
		parts = append(parts[:3], fmt.Sprintf("and %d more", len(takers)-3))
	}
	at := l.ruleAt[i]
	at.file.doubt(at.name, "put it before those rules, or remove it", "the rule %q can never decide: all that it matches is taken, %s", at.name.V, strings.Join(parts, ", ")).ID = "shadowed-rule"
}

func (l *loader) wordsNeverCount(i int, ws words, takers []int) {
	for w, j := range takers {
		if j >= 0 {
			l.ruleAt[i].file.doubt(ws[w], "remove it here, or put this rule before that one", "%q never counts here: the rule %q at %s matches all of it", ws[w].V, l.ruleAt[j].name.V, l.ruleAt[j].name.At).ID = "shadowed-word"
		}
	}
}
