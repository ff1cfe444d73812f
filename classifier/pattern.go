package classifier

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"regexp/syntax"
	"slices"

	"daylight.internal/classifier/checksum"
)

// The bounds of patterns.
const (
	longestMatch   = 512 // bytes of text that a pattern is tried on at one place
	patternSteps   = 8   // what one try is charged
	slowBlock      = 1   // bytes of text that cost one step without an anchor
	longestPattern = 4096
)

func validators() map[string]func([]byte) bool {
	return map[string]func([]byte) bool{
		"luhn":     checksum.Luhn,
		"mod97":    checksum.Mod97,
		"mod11_2":  checksum.Mod11_2,
		"mod11_10": checksum.Mod11_10,
		"verhoeff": checksum.Verhoeff,
	}
}

// Validators returns the names that Pattern.Validator may hold, sorted.
func Validators() []string { return slices.Sorted(maps.Keys(validators())) }

// CheckPattern tells what is wrong with a pattern; nil when a scanner would
// take it.
func CheckPattern(p Pattern) error {
	_, err := NewScanner(nil, []Pattern{p}, Options{})
	return err
}

// PatternWarning tells what a pattern costs that the pass cannot look for; "" when
// it costs little, or its author said that the cost is known, with AllowSlow.
func PatternWarning(p Pattern) string {
	if p.Regexp == "" || p.AllowSlow {
		return ""
	}
	tree, err := syntax.Parse(p.Regexp, syntax.Perl)
	if err != nil {
		return ""
	}
	if _, found := findAnchor(tree.Simplify()); found {
		return ""
	}
	return slowWarning
}

// slowWarning holds figures of BenchmarkSlowPattern.
const slowWarning = "the expression has nothing to find it by: no digit, no literal of three letters and no sign such as \":\" " +
	"near its start, so it is tried at every byte of every body: at 2 to 10 MB/s, where all built-in detectors " +
	"together take several hundred; add such a part, or accept the cost with allow_slow: true"

func (s *Scanner) addPattern(p Pattern) error {
	d := Detector{
		ID: p.ID, Name: p.ID, Class: p.Class, Country: p.Country, Context: p.Context,
		Source: "policy",
	}
	if len(p.Context) > 0 {
		d.Use = Context
	}
	if len(p.Columns) > 0 {
		d.Columns = []Column{{Kind: "policy:" + p.ID, Names: p.Columns}}
	}
	if p.Validator != "" {
		check := validators()[p.Validator]
		if check == nil {
			return fmt.Errorf("there is no validator %q; there are %q", p.Validator, Validators())
		}
		d.Check = check
	}
	if p.Regexp == "" && len(p.Words)+len(p.Columns) == 0 {
		return errors.New("a regexp, words or columns are needed")
	}
	m, err := s.addMatcher(d)
	if err != nil {
		return err
	}
	m.standalone = true
	if len(p.Columns) > 0 {
		m.columnar = true
	}
	for _, word := range p.Words {
		if err := s.literals.add(m.index, word, isLetter(word[len(word)-1])); err != nil {
			return fmt.Errorf("word %w", err)
		}
	}
	if p.Regexp == "" {
		return nil
	}
	if len(p.Words) > 0 {
		return errors.New("a regexp and words cannot stand in one detector")
	}
	return s.addExpression(m, p)
}

// addExpression compiles the expression of a pattern and hangs it upon an anchor.
func (s *Scanner) addExpression(m *matcher, p Pattern) error {
	if len(p.Regexp) > longestPattern {
		return fmt.Errorf("the expression is longer than %d bytes", longestPattern)
	}
	tree, err := syntax.Parse(p.Regexp, syntax.Perl)
	if err != nil {
		return fmt.Errorf("reading the expression: %w", err)
	}
	tree = tree.Simplify()
	if hasLineAnchor(tree) {
		return errors.New("^ and $ have no meaning here: values are looked for inside of text")
	}
	anchored, err := regexp.Compile("^(?:" + p.Regexp + ")")
	if err != nil {
		return fmt.Errorf("compiling the expression: %w", err)
	}
	if anchored.MatchString("") {
		return errors.New("the expression matches the empty text")
	}
	anchored.Longest()
	anchor, found := findAnchor(tree)
	if !found {
		m.expression = anchored
		m.slow = regexp.MustCompile(p.Regexp)
		m.slow.Longest()
		s.slow = append(s.slow, m.index)
		return nil
	}
	m.expression, m.before, m.first = anchored, anchor.before, firstBytes(tree)
	if anchor.digit {
		s.digitPatterns = append(s.digitPatterns, m.index)
	}
	if anchor.sign != 0 {
		s.addSign(anchor.sign, m.index)
	}
	for _, text := range anchor.literals {
		if err := s.literals.add(m.index, text, false); err != nil {
			return err
		}
	}
	return nil
}

// tryStarts tries the expression of a pattern wherever a match that holds the
// anchor at offset at may begin. No place is tried twice.
func (r *run) tryStarts(owner, at int) {
	m := &r.s.matchers[owner]
	text := r.text
	for p := max(r.tried[owner], at-m.before); p <= at && r.steps >= 0; p++ {
		if !m.first[text[p]] || byteClass[text[p]] == byteTail || isWord(text[p]) && wordAt(text, p-1) {
			continue
		}
		r.steps -= patternSteps
		found := m.expression.FindIndex(text[p:min(p+longestMatch, len(text))])
		if found == nil {
			continue
		}
		if r.considerPattern(m, p, p+found[1]) {
			r.tried[owner], r.stained = p+found[1], true
			return
		}
	}
	r.tried[owner], r.stained = max(r.tried[owner], at+1), true
}

// considerPattern confirms what the expression of a pattern matched.
func (r *run) considerPattern(m *matcher, start, end int) bool {
	c := r.reset(start, end)
	for _, b := range r.text[start:end] {
		if isWord(b) || b >= 0x80 {
			c.Value = append(c.Value, upper(b))
		}
	}
	c.NeedsContext = m.Use == Context
	return r.consider(m)
}

// scanSlowly tries a pattern without anchor at every byte from from up to to where
// a word may begin.
func (r *run) scanSlowly(owner, from, to int) {
	m := &r.s.matchers[owner]
	text := r.text[:min(to+longestMatch, len(r.text))]
	p := max(from, r.tried[owner])
	for p < to && r.steps >= 0 {
		found := m.slow.FindIndex(text[p:])
		if found == nil {
			r.steps -= (len(text) - p) / slowBlock
			p = to
			break
		}
		r.steps -= found[1]/slowBlock + patternSteps
		start := p + found[0]
		if start >= to {
			p = start
			break
		}
		p = start + 1
		if isWord(text[start]) && wordAt(text, start-1) {
			continue
		}
		if end := m.expression.FindIndex(text[start:min(start+longestMatch, len(text))]); end != nil {
			r.considerPattern(m, start, start+end[1])
			p = start + end[1]
		}
	}
	r.tried[owner], r.stained = p, true
}
