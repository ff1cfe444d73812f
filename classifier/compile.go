package classifier

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// The defaults of Options.
const (
	defaultStoredFindings = 1
	// defaultSteps is what every scan may take, and stepsPerByte for each byte more.
	defaultSteps, stepsPerByte = 1 << 14, 2
)

// matcher is a detector, compiled.
type matcher struct {
	Detector
	index int
	kind  int    // of its identity
	seed  uint64 // of the keys of its values
	kinds []int  // columns under which its values are expected
	// standalone: findings may overlap those of other detectors
	standalone bool
	// columnar: every fitting cell of its columns is a finding
	columnar bool

	// Of patterns:
	expression *regexp.Regexp // anchored at its start
	before     int            // how far before its anchor a match may begin
	first      *[256]bool     // the bytes that a match can begin with
	slow       *regexp.Regexp // tried on the whole text
}

// Scanner finds the values of many detectors in one pass over the text. It is
// immutable and safe for concurrent use.
type Scanner struct {
	options  Options
	matchers []matcher
	lexicon  lexicon
	literals literalTable
	context  contextWords
	// expecting are, by kind of column, the matchers that have such columns.
	expecting []matcherSet
	// counting are, by kind of column, those to which each value is a finding.
	counting [][]int
	// checked are the matchers that check their values.
	checked matcherSet
	// formed: what a cell of digits may be depends on its form and its names alone.
	formed  bool
	sip     sipKey
	layouts layoutIndex
	// tokenOpenings are of words and of the layouts that begin with letters.
	tokenOpenings openingIndex
	// Indexes of the matchers that are tried at an anchor.
	numbers, decimals, quads, codes, colons, behindLetter, digitPatterns, slow []int
	words                                                                      []opening
	signs                                                                      []sign
	rows                                                                       []int
	identities                                                                 []string
	pool                                                                       sync.Pool
}

// personName is the kind of identity that counts only where a record has no other.
const personName = "person_name"

// defaultRegions are the homes of the numbers that text holds in national format:
// those of the languages that the built-in context words are of, the larger first.
const defaultRegions = "US GB DE FR ES IT CN RU SA AE EG IN BR JP KR MX NL BE PL UA TR CH AT PT SE NO DK FI IE CZ SK HU RO BG GR " +
	"HR RS BA SI MK EE LV LT IS LU BY KZ UZ IL IR IQ JO LB KW QA BH OM MA DZ TN AU NZ CA ZA NG KE GH TH VN ID MY SG PH TW HK PK BD LK " +
	"AR CO CL PE EC UY VE DO"

// NewScanner compiles detectors and the patterns of a policy. An error names
// the detector or pattern at fault.
func NewScanner(detectors []Detector, patterns []Pattern, o Options) (*Scanner, error) {
	if o.StoredFindings <= 0 {
		o.StoredFindings = defaultStoredFindings
	}
	if len(o.Regions) == 0 {
		o.Regions = strings.Fields(defaultRegions)
	}
	o.Key, o.Regions = slices.Clone(o.Key), slices.Clone(o.Regions)
	s := &Scanner{options: o, identities: []string{personName}, sip: newSipKey(o.Key)}
	for _, d := range detectors {
		if err := s.addDetector(d); err != nil {
			return nil, fmt.Errorf("detector %s: %w", d.ID, err)
		}
	}
	for _, p := range patterns {
		if err := s.addPattern(p); err != nil {
			return nil, fmt.Errorf("detector %s: %w", p.ID, err)
		}
	}
	s.compileContext()
	s.formed = len(s.digitPatterns) == 0 && !s.context.hasFigures()
	s.tokenOpenings.compile(&s.layouts, s.words)
	s.pool.New = func() any { return s.newRun() }
	return s, nil
}

// compileContext makes ready what surroundings and names are asked for.
func (s *Scanner) compileContext() {
	s.context.compile(len(s.matchers))
	for range s.lexicon.kinds {
		s.expecting = append(s.expecting, newMatcherSet(len(s.matchers)))
		s.counting = append(s.counting, nil)
	}
	for i := range s.matchers {
		for _, kind := range s.matchers[i].kinds {
			s.expecting[kind].add(i)
			if s.matchers[i].columnar && !slices.Contains(s.counting[kind], i) {
				s.counting[kind] = append(s.counting[kind], i)
			}
		}
	}
}

// Detectors returns the detectors of the scanner, those of patterns included.
func (s *Scanner) Detectors() []Detector {
	list := make([]Detector, len(s.matchers))
	for i := range s.matchers {
		list[i] = s.matchers[i].Detector
	}
	return list
}

// addMatcher enters what detectors and patterns have in common.
func (s *Scanner) addMatcher(d Detector) (*matcher, error) {
	if d.ID == "" || d.Class == "" {
		return nil, fmt.Errorf("an id and a data class are needed")
	}
	for i := range s.matchers {
		if s.matchers[i].ID == d.ID {
			return nil, fmt.Errorf("the id is taken by another detector")
		}
	}
	if d.Confidence == 0 {
		d.Confidence = [...]float64{Alone: 0.95, Form: 0.9, Context: 0.85}[d.Use]
	}
	m := matcher{Detector: d, index: len(s.matchers)}
	for _, word := range d.Context {
		if err := s.context.add(m.index, word); err != nil {
			return nil, err
		}
	}
	for _, c := range d.Columns {
		m.kinds = append(m.kinds, s.lexicon.add(c))
	}
	if d.Identity != "" {
		m.kind = slices.Index(s.identities, d.Identity)
		if m.kind < 0 {
			m.kind = len(s.identities)
			s.identities = append(s.identities, d.Identity)
		}
	}
	m.seed = mix(keyFactor, uint64(m.kind)+1)
	if m.Check != nil {
		s.checked = s.checked.with(m.index)
	}
	s.matchers = append(s.matchers, m)
	return &s.matchers[m.index], nil
}

// wholeWords tells whether no letter may follow the literals of a detector: they are
// its values, or words beside a number.
func wholeWords(d *Detector) bool { return d.Match == nil || d.Figure > 0 }

func (s *Scanner) addDetector(d Detector) error {
	m, err := s.addMatcher(d)
	if err != nil {
		return err
	}
	for _, pattern := range d.Layouts {
		l, err := compileLayout(m.index, pattern)
		if err != nil {
			return err
		}
		// What stands in a series is asked for its context last.
		l.weak = !d.Series && l.needsContext(d.Use)
		s.layouts.add(l)
	}
	for _, text := range d.Literals {
		if err := s.literals.add(m.index, text, wholeWords(&d) && isLetter(text[len(text)-1])); err != nil {
			return err
		}
	}
	switch d.Anchor {
	case AnchorNumber:
		s.numbers = append(s.numbers, m.index)
	case AnchorDecimal:
		s.decimals = append(s.decimals, m.index)
	case AnchorWord:
		s.words = append(s.words, openingOf(m.index, d.Opening))
	case AnchorPostcode:
		s.codes = append(s.codes, m.index)
	case AnchorQuad:
		s.quads = append(s.quads, m.index)
	case AnchorAt:
		s.addSign('@', m.index)
	case AnchorColon:
		s.colons = append(s.colons, m.index)
	case AnchorBehindLetter:
		s.behindLetter = append(s.behindLetter, m.index)
	}
	if d.Figure < 0 || d.Figure > mostFigure {
		return fmt.Errorf("a figure can be looked for within %d bytes at most", mostFigure)
	}
	if d.Anchor != AnchorNone && d.Match == nil {
		return fmt.Errorf("an anchor needs a match function")
	}
	m.standalone = d.Distinct > 0 || d.Rows != nil
	if d.Rows != nil {
		s.rows = append(s.rows, m.index)
	} else if d.ColumnValues || len(d.Columns) > 0 && len(d.Layouts)+len(d.Literals) == 0 && d.Anchor == AnchorNone {
		m.columnar = true
	}
	return nil
}

// newRun makes the scratch memory of a scan.
func (s *Scanner) newRun() *run {
	r := &run{
		s:         s,
		counts:    make([]count, len(s.matchers)),
		tried:     make([]int, len(s.matchers)),
		last:      make([]span, len(s.matchers)),
		fields:    map[string]*field{},
		hearing:   hearing{words: &s.context},
		around:    newMatcherSet(len(s.matchers)),
		label:     newMatcherSet(len(s.matchers)),
		near:      vicinity{room: newMatcherSet(len(s.matchers)), both: newMatcherSet(len(s.matchers))},
		people:    newPeople(len(s.identities)),
		candidate: Candidate{Value: make([]byte, 0, 256), Regions: s.options.Regions, notes: new([MostNotes]Note)},
	}
	r.candidate.run = r
	return r
}
