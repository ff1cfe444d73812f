package classifier

import "math"

// How far around a value context words are looked for, in bytes.
const (
	contextBefore = 64
	contextAfter  = 32
)

// hearing is what the pass heard of context words. It comes by every word once,
// so a candidate need not search: it asks for the words before it, and waits for
// those after it.
type hearing struct {
	spoken  []int // for each matcher, where a context word of it began last, from 1
	waiting []waiting
	values  []byte // of the candidates that wait
	due     int    // where the first of them has its answer
	over    bool   // the pass is done: who still asks must search
	folded  []byte
}

// waiting is a candidate whose context may still follow.
type waiting struct {
	matcher         int
	candidate       Candidate
	from, to        int // the window
	value, valueEnd int // in hearing.values
}

// never is where nobody waits for anything.
const never = math.MaxInt

func (h *hearing) reset() {
	clear(h.spoken)
	h.waiting, h.values, h.due, h.over = h.waiting[:0], h.values[:0], never, false
}

// answer tells whether a context word was found.
type answer uint8

const (
	no answer = iota
	yes
	later
)

// context tells whether a context word of m stands near the candidate, or the
// column or key of the value speaks of it. When that shows later, the candidate
// is kept.
func (r *run) context(m *matcher, c *Candidate) answer {
	segment := &r.segments[r.segment]
	if segment.Field != "" && r.fits(r.field(segment.Field), m) {
		return yes
	}
	from, to := 0, len(r.text)
	if segment.Table != nil {
		i := r.cellAt(r.shifts.original(c.Start))
		if i < 0 {
			return no
		}
		cell := segment.Table.Cells[i]
		if int(cell.Column) < len(r.header) && r.fits(r.headerField(int(cell.Column)), m) {
			return yes
		}
		// Text of other cells is no context, so the window ends at the borders of this one.
		from = max(0, c.Start-(r.shifts.original(c.Start)-int(cell.Start)))
		to = min(to, c.End+int(cell.End)-r.shifts.original(c.End))
	}
	from = max(from, c.Start-contextBefore)
	to = clauseEnd(r.text, c.End, min(to, c.End+contextAfter))
	h := &r.hearing
	switch {
	case h.over:
		return r.search(m.context, from, to)
	case h.spoken[m.index] > from:
		return yes
	case m.shortContext && r.search(r.s.shortContexts[m.index], from, to) == yes:
		return yes
	case to <= c.End:
		return no
	}
	w := waiting{m.index, *c, from, to, len(h.values), len(h.values) + len(c.Value)}
	h.values = append(h.values, c.Value...)
	h.waiting = append(h.waiting, w)
	h.due = min(h.due, to)
	return later
}

// clauseEnd returns where the clause at i ends, at most limit: words of the next
// one speak of what follows them.
func clauseEnd(text []byte, i, limit int) int {
	for ; i < limit; i++ {
		switch text[i] {
		case ',', ';', '\n':
			return i
		case 0xE3, 0xEF: // ideographic comma and full stop, full-width comma and semicolon
			if i+3 <= len(text) {
				switch string(text[i : i+3]) {
				case "、", "。", "，", "；":
					return i
				}
			}
		}
	}
	return i
}

// answer confirms the candidates whose window ends before i, where the pass is.
func (r *run) answer(i int) {
	h := &r.hearing
	h.due = never
	kept := h.waiting[:0]
	for k := range h.waiting {
		w := &h.waiting[k]
		if w.to > i {
			h.due = min(h.due, w.to)
			kept = append(kept, *w)
			continue
		}
		if at := h.spoken[w.matcher]; at <= w.from || at > w.to {
			continue
		}
		value := append(r.candidate.Value[:0], h.values[w.value:w.valueEnd]...)
		r.candidate = w.candidate
		r.candidate.Value = value
		r.confirm(&r.s.matchers[w.matcher])
	}
	if h.waiting = kept; len(kept) == 0 {
		h.values = h.values[:0]
	}
}

// settled is the offset before which no candidate waits.
func (h *hearing) settled(limit int) int {
	for k := range h.waiting {
		limit = min(limit, h.waiting[k].candidate.Start)
	}
	return limit
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

// search looks for context words in text[from:to].
func (r *run) search(words [][]byte, from, to int) answer {
	r.hearing.folded = appendFolded(r.hearing.folded[:0], r.text[from:to])
	for _, word := range words {
		if hasPhrase(r.hearing.folded, word) {
			return yes
		}
	}
	return no
}

// headerField returns what the name of a column says.
func (r *run) headerField(column int) *field {
	if r.headerFields[column] == nil {
		r.headerFields[column] = r.field(r.header[column])
	}
	return r.headerFields[column]
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
