package classifier

import (
	"bytes"
	"math"
	"slices"
)

// sampleSize is how many values of a column are looked at.
const sampleSize = 50

// value is one cell of a record set: of a table, or a segment of its own.
type value struct {
	segment    int
	start, end int
	cell       int // in the table, -1 for a segment
	record     uint64
}

// column is a named column of a record set.
type column struct {
	matches []columnMatch
	kind    int // confirmed by the values, -1 for none
	values  []value
}

// recordSet is a table, or objects of one kind.
type recordSet struct {
	columns []column
	records int
}

// scanTable finds what the columns of a table hold.
func (r *run) scanTable(index int) {
	t := r.segments[index].Table
	if r.header == nil {
		return
	}
	set := recordSet{columns: make([]column, len(r.header))}
	known := false
	for i, name := range r.header {
		set.columns[i].matches = r.field(name).kinds
		known = known || len(set.columns[i].matches) > 0
	}
	if !known || len(t.Cells) == 0 {
		return
	}
	set.records = int(t.Cells[len(t.Cells)-1].Row) - 1
	r.collect(index, &set, sampledRows)
	persons := r.judge(&set)
	if !r.reports(&set, persons) {
		return // most tables: their rows need no second look
	}
	r.collect(index, &set, math.MaxUint32)
	r.report(&set, persons)
}

// sampledRows is how many rows of a table are looked at for its sample of values.
const sampledRows = 4 * sampleSize

// collect gathers the values of the named columns in the rows up to last.
func (r *run) collect(index int, set *recordSet, last uint32) {
	for i := range set.columns {
		set.columns[i].values = set.columns[i].values[:0]
	}
	for i, c := range r.segments[index].Table.Cells {
		if c.Row > last {
			return
		}
		if c.Row == 1 || int(c.Column) >= len(set.columns) || len(set.columns[c.Column].matches) == 0 {
			continue
		}
		column := &set.columns[c.Column]
		column.values = append(column.values, value{index, int(c.Start), int(c.End), i, rowRecord(index, c.Row)})
	}
}

// tableHeader returns the column names of a table. A first row that the extraction
// took for data is one too when most of its cells are names of columns.
func (r *run) tableHeader(index int) []string {
	segment := &r.segments[index]
	t := segment.Table
	if len(t.Header) > 0 {
		return t.Header
	}
	names, known := make([]string, t.Columns), 0
	for _, c := range t.Cells {
		if c.Row != 1 {
			break
		}
		if c.End-c.Start > 64 || int(c.Column) >= len(names) {
			return nil
		}
		name := string(segment.Text[c.Start:c.End])
		if r.s.lexicon.phrases[headerPhrase(name)] != nil {
			names[c.Column] = name
			known++
		}
	}
	if known == 0 || known*2 < t.Columns {
		return nil
	}
	return names
}

// scanObjects finds what the members of objects hold. Objects of one array, or
// of one line-delimited body, are judged together.
func (r *run) scanObjects() {
	type place struct {
		set    *recordSet
		byName map[string]int
		seen   map[uint64]bool
	}
	var order []*place
	places := map[*Location]*place{}
	for i := range r.segments {
		segment := &r.segments[i]
		if segment.Field == "" || segment.Table != nil || !isMember(segment.Location.Stage) {
			continue
		}
		f := r.field(segment.Field)
		if len(f.kinds) == 0 {
			continue
		}
		key := collectionOf(segment.Location.Parent)
		p := places[key]
		if p == nil {
			p = &place{&recordSet{}, map[string]int{}, map[uint64]bool{}}
			places[key] = p
			order = append(order, p)
		}
		c, known := p.byName[segment.Field]
		if !known {
			c = len(p.set.columns)
			p.byName[segment.Field] = c
			p.set.columns = append(p.set.columns, column{matches: f.kinds})
		}
		record := r.records.of(i)
		p.seen[record] = true
		p.set.columns[c].values = append(p.set.columns[c].values, value{i, 0, len(segment.Text), -1, record})
	}
	for _, p := range order {
		p.set.records = len(p.seen)
		r.report(p.set, r.judge(p.set))
	}
}

// judge confirms the columns by their values and tells whether some speak of a
// person. Those with ambiguous names are judged last, and only then.
func (r *run) judge(set *recordSet) (persons bool) {
	for _, weak := range []bool{false, true} {
		for i := range set.columns {
			c := &set.columns[i]
			if !weak {
				c.kind = -1
			}
			if c.kind < 0 && len(c.matches) > 0 && (!weak || persons) {
				c.kind = r.kindOf(c, weak)
			}
		}
		for _, c := range set.columns {
			persons = persons || c.kind >= 0 && r.s.lexicon.kinds[c.kind].person
		}
	}
	return persons
}

// reports tells whether some detector has a say in the set, and forgets the
// columns in which none has.
func (r *run) reports(set *recordSet, persons bool) bool {
	rows := r.rowDetectors(set, persons)
	some := len(rows) > 0
	for i := range set.columns {
		c := &set.columns[i]
		wanted := c.kind >= 0 && (r.anyExpects(r.s.columnar, c.kind) || r.anyExpects(rows, c.kind))
		some = some || wanted
		if !wanted {
			c.matches = nil
		}
	}
	return some
}

func (r *run) anyExpects(matchers []int, kind int) bool {
	return slices.ContainsFunc(matchers, func(m int) bool { return r.s.matchers[m].expects(kind) })
}

// report counts what the columns and the records hold.
func (r *run) report(set *recordSet, persons bool) {
	for i := range set.columns {
		r.reportColumn(&set.columns[i])
	}
	for _, m := range r.rowDetectors(set, persons) {
		r.reportRows(&r.s.matchers[m], set)
	}
}

// kindOf returns the first kind that the name allows and the values look like, or -1.
func (r *run) kindOf(c *column, weak bool) int {
	sample := make([][]byte, 0, sampleSize)
	for _, v := range c.values {
		if text := r.raw(v); len(text) > 0 {
			sample = append(sample, text)
		}
		if len(sample) == sampleSize {
			break
		}
	}
	for _, m := range c.matches {
		if m.weak == weak && r.s.lexicon.kinds[m.kind].looksLike(sample) {
			return m.kind
		}
	}
	return -1
}

// raw is the text of a value, as it was sent.
func (r *run) raw(v value) []byte {
	return bytes.TrimSpace(r.segments[v.segment].Text[v.start:v.end])
}

// reportColumn counts each value of a confirmed column as a finding of the
// detectors that live on columns alone.
func (r *run) reportColumn(c *column) {
	if c.kind < 0 {
		return
	}
	shape := r.s.lexicon.kinds[c.kind].shape
	for _, index := range r.s.columnar {
		m := &r.s.matchers[index]
		if !m.expects(c.kind) {
			continue
		}
		for _, v := range c.values {
			text := r.raw(v)
			if len(text) == 0 || shape != nil && !shape(text) {
				continue
			}
			if r.steps--; r.steps < 0 {
				return
			}
			r.reportValue(m, v, text)
		}
	}
}

func (m *matcher) expects(kind int) bool {
	for _, k := range m.kinds {
		if k == kind {
			return true
		}
	}
	return false
}

// reportValue counts one value of a column.
func (r *run) reportValue(m *matcher, v value, text []byte) {
	r.folded = appendFolded(r.folded[:0], text)
	r.segment = v.segment
	r.add(m, sighting{
		start: v.start, end: v.end, cell: v.cell, record: v.record, text: text,
		confidence: m.Confidence, country: m.Country, value: hashOf(m.fingerprintKind(), r.folded), normalised: r.folded,
	})
}

// rowDetectors returns the detectors to which the records as a whole are findings.
func (r *run) rowDetectors(set *recordSet, persons bool) []int {
	summary := RecordSet{Kinds: map[string]bool{}, Persons: persons, Records: set.records}
	for _, c := range set.columns {
		if c.kind >= 0 {
			summary.Kinds[r.s.lexicon.kinds[c.kind].name] = true
		}
	}
	var list []int
	for _, m := range r.s.rows {
		if r.s.matchers[m].Rows(summary) {
			list = append(list, m)
		}
	}
	return list
}

// reportRows counts each record as a finding of m, at the first value that m
// takes for its own.
func (r *run) reportRows(m *matcher, set *recordSet) {
	seen := map[uint64]bool{}
	for i := range set.columns {
		c := &set.columns[i]
		if c.kind < 0 || !m.expects(c.kind) {
			continue
		}
		for _, v := range c.values {
			text := r.raw(v)
			if len(text) == 0 || seen[v.record] {
				continue
			}
			if r.steps--; r.steps < 0 {
				return
			}
			seen[v.record] = true
			r.reportValue(m, v, text)
		}
	}
}
