package classifier

// sheet is the table that is being scanned. Its cells are come by once, in their
// order, together with the findings of the text.
type sheet struct {
	recordSets
	next int // the first cell that was not come by
	some bool
}

// open reads the header of a table and judges its columns.
func (s *sheet) open(r *run, index int) {
	s.reset()
	s.next, s.some = 0, false
	t := r.segments[index].Table
	if r.header == nil || len(t.Cells) == 0 {
		return
	}
	set, known := s.addSet(), false
	for _, f := range r.headerFields {
		s.addColumn(set, columnKey{field: f})
		known = known || len(f.kinds) > 0
	}
	if !known {
		return
	}
	s.sets[set].records = int(t.Cells[len(t.Cells)-1].Row) - 1
	text := r.segments[index].Text
	for i := range t.Cells {
		c := &t.Cells[i]
		if c.Row > sampledRows {
			break
		}
		if c.Row > 1 && int(c.Column) < len(s.columns) && len(s.columns[c.Column].key.field.kinds) > 0 {
			s.sample(&r.s.lexicon, &s.columns[c.Column], trimmed(text[c.Start:c.End]))
		}
	}
	s.judge(r.s, &s.sets[set])
	for i := range s.columns {
		s.some = s.some || s.columns[i].wanted
	}
}

// report counts the values of columns in the cells up to last.
func (s *sheet) report(r *run, last int) {
	if !s.some {
		return
	}
	cells := r.segments[r.segment].Table.Cells
	for ; s.next <= last && r.steps >= 0; s.next++ {
		c := &cells[s.next]
		if int(c.Column) < len(s.columns) && s.columns[c.Column].wanted && c.Row > 1 {
			r.report(&s.recordSets, &s.columns[c.Column], int(c.Start), int(c.End), s.next)
		}
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
