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
	from, to, header, ok := r.window(start, end)
	if !ok {
		return nil
	}
	clear(r.around)
	if header != nil {
		r.around.join(header.speaks)
	}
	r.around.join(r.named)
	r.hearing.speaksFor(r.text, from, to, r.around)
	return r.around
}

// window returns the text that may speak of the value at text[start:end], and what
// the header of its column says, if it has one; false for a value between the cells
// of a table.
func (r *run) window(start, end int) (from, to int, header *field, ok bool) {
	from, to = max(0, start-contextBefore), min(len(r.text), end+contextAfter)
	if table := r.segments[r.segment].Table; table != nil {
		i := r.cellAt(&r.cell, r.shifts.original(start))
		if i < 0 {
			return 0, 0, nil, false
		}
		header = r.headerField(int(table.Cells[i].Column))
		from, to = r.inCell(i, start, end, from, to)
	}
	return from, clauseEnd(r.text, end, to), header, true
}

// labelOf returns the cell to the left of the i-th when it says what that holds: in
// a table of keys and values, or when a colon ends it.
func (r *run) labelOf(i int) *Cell {
	table := r.segments[r.segment].Table
	if i == 0 || table.Cells[i].Column == 0 {
		return nil
	}
	left, cell := &table.Cells[i-1], &table.Cells[i]
	if left.Row != cell.Row || left.Column+1 != cell.Column || left.Start == left.End {
		return nil
	}
	if table.Columns == 2 || r.segments[r.segment].Text[left.End-1] == ':' {
		return left
	}
	return nil
}

// clauseEnd returns where the clause at i ends, at most limit: words of the next
// one speak of what follows them.
func clauseEnd(text []byte, i, limit int) int {
	if i+1 < limit && text[i] == '.' && text[i+1] == ' ' {
		return i
	}
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
		if i+2 <= len(text) {
			switch string(text[i : i+2]) {
			case "،", "؛":
				return i
			}
		}
	}
	return i
}

// clauseStops are the bytes with which the marks begin that end a clause.
var clauseStops = [256]bool{',': true, ';': true, '\n': true, 0xD8: true, 0xE3: true, 0xEF: true}

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
	return r.namedColumns.has(m.index)
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
