package classifier

import (
	"bytes"
	"unicode/utf8"
)

// How far around a value context words are looked for, in bytes. A word counts
// when it begins there.
const (
	contextBefore = 64
	contextAfter  = 32
)

// spoken returns the matchers of whose values the surroundings of text[start:end]
// speak: a context word near it, or its names, for which mayBeSpoken was asked. The
// set is good until the next question.
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
	from, to := max(0, start-contextBefore), min(len(r.text), end+contextAfter)
	r.steps -= contextSteps
	clear(r.around)
	r.around.join(r.near.sure)
	if table := r.segments[r.segment].Table; table != nil {
		i := r.cellAt(&r.cell, r.shifts.original(start))
		if i < 0 {
			return nil
		}
		from, to = r.inCell(&table.Cells[i], start, end, from, to)
	}
	to = clauseEnd(r.text, end, to)
	r.hearing.speaksFor(r.text, from, to, r.around)
	return r.around
}

// labelled tells whether labels of the row speak of cell i, which stands around start
// and of which header says nothing, and leaves the matchers in r.label. A label has no
// figures. In a table without a header it is the cell before, or the first of the row:
// that of a form, or of a table with its names at the left. Under a header it is the
// cell before, of numbers that have a check: a row of records may say "phone" of how
// somebody asked.
func (r *run) labelled(i, start int, header *field) bool {
	if header != nil && !header.speaks.empty() {
		return false
	}
	clear(r.label)
	for _, label := range r.labels(i, start) {
		r.hearing.speaksFor(r.text, label.start, label.end, r.label)
	}
	if r.header != nil {
		r.label.keep(r.s.checked)
	}
	return !r.label.empty()
}

// labels returns the places in the text of the labels of cell i, which stands around
// start.
func (r *run) labels(i, start int) (found [2]span) {
	segment := &r.segments[r.segment]
	cells := segment.Table.Cells
	first := i
	for first > 0 && i-first < mostLabelled && cells[first-1].Row == cells[i].Row {
		first--
	}
	if r.header == nil && first < i-1 {
		found[0] = r.labelIn(segment, &cells[first], start)
	}
	if first < i {
		found[1] = r.labelIn(segment, &cells[i-1], start)
	}
	return found
}

// labelIn returns the place of a cell near start if it may be a label.
func (r *run) labelIn(segment *Segment, cell *Cell, start int) span {
	label := segment.Text[cell.Start:cell.End]
	if len(label) > contextBefore || bytes.ContainsFunc(label, func(r rune) bool { return r >= '0' && r <= '9' }) {
		return span{}
	}
	shift := start - r.shifts.original(start)
	return span{max(0, int(cell.Start)+shift), min(len(r.text), int(cell.End)+shift)}
}

// mostLabelled is how far from a cell the first of its row is looked for, in cells.
const mostLabelled = 8

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

// nameAt returns the name of the column, or the key, of the value at start.
func (r *run) nameAt(start int) string {
	segment := &r.segments[r.segment]
	if segment.Table == nil || len(r.header) == 0 {
		return segment.Field
	}
	i := r.cellAt(&r.cell, r.shifts.original(start))
	if i < 0 || int(segment.Table.Cells[i].Column) >= len(r.header) {
		return ""
	}
	return r.header[segment.Table.Cells[i].Column]
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
	if i := *near; i < len(r.cells) && offset >= int(r.cells[i].Start) && offset < int(r.cells[i].End) {
		return i // most questions
	}
	return r.searchCell(near, offset)
}

func (r *run) searchCell(near *int, offset int) int {
	cells := r.cells
	if len(cells) == 0 {
		return -1
	}
	i := min(*near+1, len(cells)-1) // the next one most often
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
