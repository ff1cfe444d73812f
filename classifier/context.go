package classifier

import (
	"bytes"
	"unicode/utf8"
)

// How far around a value context words are looked for, in bytes.
const (
	contextBefore = 64
	contextAfter  = 32
)

// window is the folded text around the last candidate that needed it.
type window struct {
	valid      bool
	start, end int
	text       []byte
	speaksOf   []uint64 // a bit for each matcher of which a context word stands there
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
	r.look(start, end, from, to)
	return r.window.speaksOf[m.index/64]&(1<<(m.index%64)) != 0
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

// look folds the surroundings of text[start:end], within [from, to).
func (r *run) look(start, end, from, to int) {
	w := &r.window
	if w.valid && w.start == start && w.end == end {
		return
	}
	w.valid, w.start, w.end = true, start, end
	if start-contextBefore > from {
		from = wordBorder(r.text, start-contextBefore, start)
	}
	if end+contextAfter < to {
		to = end + contextAfter
		for to > end && !utf8.RuneStart(r.text[to]) {
			to--
		}
	}
	w.text = appendFolded(w.text[:0], r.text[min(from, start):start])
	w.text = append(w.text, '\n')
	w.text = appendFolded(w.text, r.text[end:max(to, end)])
	r.readContext()
}

// readContext finds the context words of all matchers in the window.
func (r *run) readContext() {
	w := &r.window
	clear(w.speaksOf)
	for i := 0; i < len(w.text); {
		var words []literal
		next := i + 1
		switch class := byteClass[w.text[i]]; {
		case class&byteWord != 0:
			words = r.s.contexts.ascii(w.text, i)
			for next < len(w.text) && isWord(w.text[next]) {
				next++
			}
		case class == byteLead:
			words = r.s.contexts.other(w.text, i)
			next = afterForeign(w.text, i)
		}
		for _, l := range words {
			if bytes.HasPrefix(w.text[i:], []byte(l.folded)) && wholeWord(w.text, i, i+len(l.folded)) {
				w.speaksOf[l.owner/64] |= 1 << (l.owner % 64)
			}
		}
		i = next
	}
	for _, short := range r.s.shortContexts {
		if hasPhrase(w.text, []byte(short.folded)) {
			w.speaksOf[short.owner/64] |= 1 << (short.owner % 64)
		}
	}
}

// wordBorder moves i forward to where no word is cut.
func wordBorder(text []byte, i, limit int) int {
	for i < limit {
		r, size := utf8.DecodeRune(text[i:])
		before, _ := utf8.DecodeLastRune(text[:i])
		if utf8.RuneStart(text[i]) && !(wordRune(r) && wordRune(before)) {
			return i
		}
		i += size
	}
	return i
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
