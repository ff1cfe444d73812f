package classifier

import "unicode/utf8"

// How far around a value context words are looked for, in bytes. A word counts
// when it begins there.
const (
	contextBefore = 64
	contextAfter  = 32
)

// spoken returns the matchers of whose values the surroundings of text[start:end]
// speak: a context word near it, its key, or the header of its column. The set is
// good until the next question.
func (r *run) spoken(start, end int) matcherSet {
	if a := &r.asked; a.start != start || a.end != end {
		*a = question{start, end, r.listenAround(start, end)}
	}
	return r.asked.answer
}

// question is one of spoken and its answer: several layouts of one number ask the same.
type question struct {
	start, end int
	answer     matcherSet
}

func (r *run) listenAround(start, end int) matcherSet {
	from, to := 0, len(r.text)
	r.steps -= contextSteps
	clear(r.around)
	if r.segments[r.segment].Table != nil {
		i := r.cellAt(&r.cell, r.shifts.original(start))
		if i < 0 {
			return nil
		}
		cell := &r.segments[r.segment].Table.Cells[i]
		if header := r.headerField(int(cell.Column)); header != nil {
			r.around.join(header.speaks)
		}
		// Text of other cells is no context, so the window ends at the borders of this one.
		from = max(0, start-(r.shifts.original(start)-int(cell.Start)))
		to = min(to, end+int(cell.End)-r.shifts.original(end))
	}
	from = max(from, start-contextBefore)
	to = clauseEnd(r.text, end, min(to, end+contextAfter))
	r.around.join(r.named)
	r.hearing.speaksFor(r.text, from, to, r.around)
	return r.around
}

// clauseEnd returns where the clause at i ends, at most limit: words of the next
// one speak of what follows them.
func clauseEnd(text []byte, i, limit int) int {
	for ; i < limit; i++ {
		if !clauseStops[text[i]] {
			continue
		}
		if text[i] < utf8.RuneSelf {
			return i
		}
		if i+3 <= len(text) {
			switch string(text[i : i+3]) {
			case "、", "。", "，", "；":
				return i
			}
		}
	}
	return i
}

// clauseStops are the bytes with which the marks begin that end a clause.
var clauseStops = [256]bool{',': true, ';': true, '\n': true, 0xE3: true, 0xEF: true}

// inColumn tells whether the value stands in a column, or under a key, that m
// counts as a whole.
func (r *run) inColumn(m *matcher, start int) bool {
	segment := &r.segments[r.segment]
	if segment.Table != nil {
		i := r.cellAt(&r.cell, r.shifts.original(start))
		if i < 0 {
			return false
		}
		header := r.headerField(int(segment.Table.Cells[i].Column))
		return header != nil && header.columns.has(m.index)
	}
	return segment.Field != "" && isMember(segment.Location.Stage) && r.field(segment.Field).columns.has(m.index)
}

// headerField returns what the name of a column says; nil when it has none.
func (r *run) headerField(column int) *field {
	if column >= len(r.headerFields) {
		return nil
	}
	return r.headerFields[column]
}

// cellAt returns the cell that holds the offset of the original text, -1 when it
// lies between cells. Offsets mostly ask for one near the last.
func (r *run) cellAt(near *int, offset int) int {
	cells := r.segments[r.segment].Table.Cells
	if len(cells) == 0 {
		return -1
	}
	i := min(*near, len(cells)-1)
	for i > 0 && int(cells[i].Start) > offset {
		i--
	}
	for i < len(cells)-1 && int(cells[i].End) <= offset {
		i++
	}
	*near = i
	if offset < int(cells[i].Start) || offset >= int(cells[i].End) {
		return -1
	}
	return i
}
