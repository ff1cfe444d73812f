package classifier

import "slices"

// How far around a value context words are looked for, in bytes.
const (
	contextBefore = 64
	contextAfter  = 32
)

// hearing is what context words were heard of. It reads the text near candidates,
// each byte at most once, a little ahead of the pass.
type hearing struct {
	heard int // where it goes on
	// spoken holds for each matcher where a context word of it began last, and
	// the time before, from 1.
	spoken [][2]int
	folded []byte
}

// field is what the name of a key or a column says.
type field struct {
	kinds []columnMatch
	fits  []bool // for each matcher, whether the name speaks of its values
}

// hasContext tells whether a context word of m stands near, or the column or
// key of the value speaks of it.
func (r *run) hasContext(m *matcher, start, end int) bool {
	segment := &r.segments[r.segment]
	if segment.Field != "" && r.field(segment.Field).fits[m.index] {
		return true
	}
	from, to := 0, len(r.text)
	if segment.Table != nil {
		cell := r.cellAt(r.shifts.original(start))
		if cell < 0 {
			return false
		}
		c := segment.Table.Cells[cell]
		if int(c.Column) < len(r.header) && r.field(r.header[c.Column]).fits[m.index] {
			return true
		}
		// Text of other cells is no context, so the window ends at the borders of this one.
		from, to = start-(r.shifts.original(start)-int(c.Start)), end+int(c.End)-r.shifts.original(end)
		from, to = max(from, 0), min(to, len(r.text))
	}
	from, to = max(from, start-contextBefore), min(to, end+contextAfter)
	r.listen(from, to)
	for _, at := range r.hearing.spoken[m.index] {
		if at > from && at <= to {
			return true
		}
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

// listen notes the context words that begin in text[from:to].
func (r *run) listen(from, to int) {
	h := &r.hearing
	i := max(h.heard, from)
	for i < to {
		var words, more []literal
		next := i + 1
		switch class := byteClass[r.text[i]]; {
		case class&byteWord != 0:
			words = r.s.literals.ascii(r.text, i)
			for next < len(r.text) && isWord(r.text[next]) {
				next++
			}
		case class == byteLead:
			words, more = r.s.literals.other(r.text, i)
			next = afterForeign(r.text, i)
		}
		r.hear(words, i)
		r.hear(more, i)
		i = next
	}
	h.heard = max(h.heard, i)
}

// hear notes which of the words stand at i.
func (r *run) hear(words []literal, i int) {
	spoken := r.hearing.spoken
	for k := range words {
		if l := &words[k]; l.context && spoken[l.owner][0] != i+1 && r.speaks(l, i) {
			spoken[l.owner] = [2]int{i + 1, spoken[l.owner][0]}
		}
	}
}

// speaks tells whether the context word l stands at i.
func (r *run) speaks(l *literal, i int) bool {
	end, ok := foldedPrefix(r.text, i, l.folded)
	return ok && wholeWord(r.text, i, end)
}

// hasShortContext looks for context words that are too short for the pass.
func (r *run) hasShortContext(m *matcher, from, to int) bool {
	r.hearing.folded = appendFolded(r.hearing.folded[:0], r.text[from:to])
	for _, short := range r.s.shortContexts {
		if short.owner == m.index && hasPhrase(r.hearing.folded, []byte(short.folded)) {
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
	f := &field{kinds: r.s.lexicon.classify(phrase), fits: make([]bool, len(r.s.matchers))}
	for i := range r.s.matchers {
		m := &r.s.matchers[i]
		f.fits[i] = m.named(f) || slices.ContainsFunc(m.context, func(word []byte) bool { return hasPhrase([]byte(phrase), word) })
	}
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
