package classifier

import (
	"bytes"
	"unicode/utf8"
)

const (
	// sampleSize is how many values of a column are looked at.
	sampleSize = 50
	// sampledRows is how many rows of a table are looked at for them.
	sampledRows = 4 * sampleSize
)

// columnKey tells the columns of objects apart.
type columnKey struct {
	collection *Location
	field      *field // nil: the set of the collection
}

// column is a named column of a table, or a member of objects of one kind.
type column struct {
	key    columnKey
	set    int32
	next   int32 // of its set, -1 for none
	good   int32 // where the counts of fitting values begin, one for each kind of the name
	seen   int32 // values of the sample
	values int   // of objects: all of them
	kind   int   // confirmed by the values, -1 for none
	wanted bool  // some detector counts its values
}

// recordSet is a table, or objects of one kind.
type recordSet struct {
	first, last int32 // its columns
	records     int
	persons     bool // some column speaks of a person
	rows        [2]int
}

// rowReport is a detector to which each record of a set is a finding, and the
// record that it counted last.
type rowReport struct {
	matcher int
	record  uint64
	any     bool
}

// recordSets are sets of records with their columns, judged by a sample.
type recordSets struct {
	columns []column
	sets    []recordSet
	good    []int32
	rows    []rowReport
	kinds   map[string]bool
}

func (s *recordSets) reset() {
	s.columns, s.sets, s.good, s.rows = s.columns[:0], s.sets[:0], s.good[:0], s.rows[:0]
}

// addSet begins a set and returns its index.
func (s *recordSets) addSet() int32 {
	s.sets = append(s.sets, recordSet{first: -1, last: -1})
	return int32(len(s.sets) - 1)
}

// addColumn puts a column behind the others of its set and returns its index.
func (s *recordSets) addColumn(set int32, key columnKey) int32 {
	i := int32(len(s.columns))
	s.columns = append(s.columns, column{key: key, set: set, next: -1, good: int32(len(s.good)), kind: -1})
	for range key.field.kinds {
		s.good = append(s.good, 0)
	}
	if last := s.sets[set].last; last >= 0 {
		s.columns[last].next = i
	} else {
		s.sets[set].first = i
	}
	s.sets[set].last = i
	return i
}

// sample looks at a value of a column, trimmed.
func (s *recordSets) sample(l *lexicon, c *column, value []byte) {
	if c.seen == sampleSize || len(value) == 0 {
		return
	}
	c.seen++
	for i, m := range c.key.field.kinds {
		if shape := l.kinds[m.kind].shape; shape == nil || shape(value) {
			s.good[int(c.good)+i]++
		}
	}
}

// judge confirms the columns of a set by their values, and finds who counts them.
// Those with ambiguous names are judged last, and only beside a person's.
func (s *recordSets) judge(scanner *Scanner, set *recordSet) {
	known := false
	for _, weak := range []bool{false, true} {
		if weak && !set.persons {
			break
		}
		for i := set.first; i >= 0; i = s.columns[i].next {
			c := &s.columns[i]
			if c.kind < 0 {
				c.kind = s.kindOf(c, weak)
			}
			known = known || c.kind >= 0
		}
		for i := set.first; i >= 0; i = s.columns[i].next {
			kind := s.columns[i].kind
			set.persons = set.persons || kind >= 0 && scanner.lexicon.kinds[kind].person
		}
	}
	if !known {
		return
	}
	s.askRows(scanner, set)
	for i := set.first; i >= 0; i = s.columns[i].next {
		c := &s.columns[i]
		c.wanted = c.kind >= 0 && (len(scanner.counting[c.kind]) > 0 || s.inRows(scanner, set, c.kind))
	}
}

// kindOf returns the first kind that the name allows and three in five of the
// values look like, or -1.
func (s *recordSets) kindOf(c *column, weak bool) int {
	for i, m := range c.key.field.kinds {
		if m.weak == weak && c.seen > 0 && s.good[int(c.good)+i]*5 >= c.seen*3 {
			return m.kind
		}
	}
	return -1
}

// askRows finds the detectors to which the records of a set are findings.
func (s *recordSets) askRows(scanner *Scanner, set *recordSet) {
	if s.kinds == nil {
		s.kinds = map[string]bool{}
	}
	clear(s.kinds)
	for i := set.first; i >= 0; i = s.columns[i].next {
		if kind := s.columns[i].kind; kind >= 0 {
			s.kinds[scanner.lexicon.kinds[kind].name] = true
		}
	}
	summary := RecordSet{Kinds: s.kinds, Persons: set.persons, Records: set.records}
	set.rows[0] = len(s.rows)
	for _, m := range scanner.rows {
		if scanner.matchers[m].Rows(summary) {
			s.rows = append(s.rows, rowReport{matcher: m})
		}
	}
	set.rows[1] = len(s.rows)
}

// inRows tells whether a detector of records expects a kind of column.
func (s *recordSets) inRows(scanner *Scanner, set *recordSet, kind int) bool {
	for _, row := range s.rows[set.rows[0]:set.rows[1]] {
		if scanner.expecting[kind].has(row.matcher) {
			return true
		}
	}
	return false
}

// report counts a value of a column, which stands at text[start:end] of the
// segment, in a cell of a table or, when that is -1, alone.
func (r *run) report(s *recordSets, c *column, start, end, cell int) {
	text := trimmed(r.segments[r.segment].Text[start:end])
	if len(text) == 0 {
		return
	}
	counting := r.s.counting[c.kind]
	if shape := r.s.lexicon.kinds[c.kind].shape; len(counting) > 0 && shape != nil && !shape(text) {
		counting = nil
	}
	r.folded = r.folded[:0]
	for _, m := range counting {
		r.reportTo(&r.s.matchers[m], text, start, end, cell)
	}
	set := &s.sets[c.set]
	for i := set.rows[0]; i < set.rows[1]; i++ {
		row := &s.rows[i]
		if record := r.record(cell); r.s.expecting[c.kind].has(row.matcher) && (!row.any || row.record != record) {
			row.record, row.any = record, true
			r.reportTo(&r.s.matchers[row.matcher], text, start, end, cell)
		}
	}
}

// reportTo counts a value of a column as a finding of m.
func (r *run) reportTo(m *matcher, text []byte, start, end, cell int) {
	if r.steps--; r.steps < 0 {
		return
	}
	value := uint64(0)
	if m.Identity != "" {
		r.foldValue(text)
		value = valueKey(m.seed, r.folded)
	}
	if r.tally(m, value, cell, m.Confidence) {
		r.foldValue(text)
		r.store(m, Finding{
			Start: start, End: end, Country: m.Country, Confidence: m.Confidence, Fingerprint: r.fingerprint(m, r.folded),
			Location: r.location(cell), Masked: mask(&m.Detector, string(text)),
		})
	}
}

// foldValue folds the value of a column, once for all that ask.
func (r *run) foldValue(text []byte) {
	if len(r.folded) == 0 {
		r.folded = appendFolded(r.folded, text)
	}
}

// trimmed is bytes.TrimSpace, which is slow where there is nothing to trim.
func trimmed(text []byte) []byte {
	if n := len(text); n > 0 && plainEdge(text[0]) && plainEdge(text[n-1]) {
		return text
	}
	return bytes.TrimSpace(text)
}

func plainEdge(b byte) bool { return b > ' ' && b < utf8.RuneSelf }
