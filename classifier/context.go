package classifier

// How far around a value context words are looked for, in bytes.
const (
	contextBefore = 64
	contextAfter  = 32
)

// window is the text after the last candidate that asked for it.
type window struct {
	valid    bool
	end      int      // of the candidate
	speaksOf []uint64 // a bit for each matcher of which a context word follows
	folded   []byte
}

// field is what the name of a key or a column says.
type field struct {
	phrase []byte
	kinds  []columnMatch
}

// hasContext tells whether a context word of m stands near, or the column or
// key of the value speaks of it.
func (r *run) hasContext(m *matcher, start, end int) bool {
	segment := &r.segments[r.segment]
	if segment.Field != "" && m.fits(r.field(segment.Field)) {
		return true
	}
	from, to := 0, len(r.text)
	if segment.Table != nil {
		cell := r.cellAt(r.shifts.original(start))
		if cell < 0 {
			return false
		}
		c := segment.Table.Cells[cell]
		if int(c.Column) < len(r.header) && m.fits(r.field(r.header[c.Column])) {
			return true
		}
		// Text of other cells is no context, so the window ends at the borders of this one.
		from, to = start-(r.shifts.original(start)-int(c.Start)), end+int(c.End)-r.shifts.original(end)
		from, to = max(from, 0), min(to, len(r.text))
	}
	from, to = max(from, start-contextBefore), min(to, end+contextAfter)
	if r.spoken[m.index] > from {
		return true
	}
	r.lookAhead(end, to)
	if r.window.speaksOf[m.index/64]&(1<<(m.index%64)) != 0 {
		return true
	}
	return m.shortContext && r.hasShortContext(m, from, to)
}

// inColumn tells whether the value stands in a column, or under a key, that m
// counts as a whole.
func (r *run) inColumn(m *matcher, start int) bool {
	segment := &r.segments[r.segment]
	name := segment.Field
	if segment.Table != nil {
		cell := r.cellAt(r.shifts.original(start))
		if cell < 0 || int(segment.Table.Cells[cell].Column) >= len(r.header) {
			return false
		}
		name = r.header[segment.Table.Cells[cell].Column]
	} else if !isMember(segment.Location.Stage) {
		return false
	}
	return name != "" && m.named(r.field(name))
}

// speak notes that a context word of a matcher begins at i. The pass comes by
// all words, so that those before a candidate need no search.
func (r *run) speak(owner, i int) { r.spoken[owner] = i + 1 }

// lookAhead notes the matchers of which a context word stands in text[end:to].
func (r *run) lookAhead(end, to int) {
	w := &r.window
	if w.valid && w.end == end {
		return
	}
	w.valid, w.end = true, end
	clear(w.speaksOf)
	for i := end; i < to; {
		var words []literal
		next := i + 1
		switch class := byteClass[r.text[i]]; {
		case class&byteWord != 0:
			words = r.s.literals.ascii(r.text, i)
			for next < to && isWord(r.text[next]) {
				next++
			}
		case class == byteLead:
			words = r.s.literals.other(r.text, i)
			next = afterForeign(r.text, i)
		}
		for _, l := range words {
			if l.context && w.speaksOf[l.owner/64]&(1<<(l.owner%64)) == 0 && r.speaks(&l, i) {
				w.speaksOf[l.owner/64] |= 1 << (l.owner % 64)
			}
		}
		i = next
	}
}

// speaks tells whether the context word l stands at i.
func (r *run) speaks(l *literal, i int) bool {
	end, ok := foldedPrefix(r.text, i, l.folded)
	return ok && wholeWord(r.text, i, end)
}

// hasShortContext looks for context words that are too short for the pass.
func (r *run) hasShortContext(m *matcher, from, to int) bool {
	r.window.folded = appendFolded(r.window.folded[:0], r.text[from:to])
	for _, short := range r.s.shortContexts {
		if short.owner == m.index && hasPhrase(r.window.folded, []byte(short.folded)) {
			return true
		}
	}
	return false
}

// fits tells whether a column or key name speaks of the values of m.
func (m *matcher) fits(f *field) bool {
	if m.named(f) {
		return true
	}
	for _, word := range m.context {
		if hasPhrase(f.phrase, word) {
			return true
		}
	}
	return false
}

// named tells whether the name is one of the columns of m.
func (m *matcher) named(f *field) bool {
	for _, k := range f.kinds {
		if m.expects(k.kind) {
			return true
		}
	}
	return false
}

// field returns what a name says; names of one scan are read once.
func (r *run) field(name string) *field {
	if f := r.fields[name]; f != nil {
		return f
	}
	if len(r.fields) >= 4096 {
		clear(r.fields)
	}
	phrase := headerPhrase(name)
	f := &field{phrase: []byte(phrase), kinds: r.s.lexicon.classify(phrase)}
	r.fields[name] = f
	return f
}

// cellAt returns the cell that holds the offset of the original text, -1 when it
// lies between cells. Offsets mostly ask for the next cell.
func (r *run) cellAt(offset int) int {
	cells := r.segments[r.segment].Table.Cells
	if len(cells) == 0 {
		return -1
	}
	i := min(r.cell, len(cells)-1)
	for i > 0 && int(cells[i].Start) > offset {
		i--
	}
	for i < len(cells)-1 && int(cells[i].End) <= offset {
		i++
	}
	r.cell = i
	if offset < int(cells[i].Start) || offset >= int(cells[i].End) {
		return -1
	}
	return i
}
