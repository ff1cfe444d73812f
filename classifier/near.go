package classifier

// vicinity is what may be spoken of near a number: the matchers of which a word
// stands somewhere around its groups, wherever a value in it begins and ends. Most
// numbers are nobody's business, and one question tells so for all their groups.
type vicinity struct {
	from, to int // of the groups that it holds for
	set      matcherSet
	sure     matcherSet // those of which the name of the value speaks
	room     matcherSet // where set lives
	both     matcherSet // where sure lives, when the table and its column have names
}

// longestVicinity bounds the numbers that one question is for. Where numbers stand
// closer than that, it is asked for all that follow within.
const longestVicinity = 128

func (v *vicinity) forget() { v.from, v.to = 0, 0 }

// covers tells whether the answer for text[start:end] is known.
func (v *vicinity) covers(start, end int) bool { return start >= v.from && end <= v.to }

// mayBeSpoken returns the matchers that spoken returns for text[start:end], and
// perhaps more. The set is good until the next question.
func (r *run) mayBeSpoken(start, end int) matcherSet {
	v := &r.near
	if v.covers(start, end) {
		return v.set
	}
	dense := start-v.to < longestVicinity && start >= v.from
	v.from, v.to = start, end
	if n := len(r.candidate.Number); n > 0 {
		if last := r.candidate.Number[n-1].End; last-start <= longestVicinity {
			v.to = max(end, last)
		}
	}
	if dense && r.segments[r.segment].Table == nil {
		v.to = max(v.to, min(len(r.text), start+longestVicinity))
	}
	v.sure = r.named
	from, to := max(0, start-contextBefore), min(len(r.text), v.to+contextAfter)
	if r.segments[r.segment].Table != nil {
		i := r.cellAt(&r.cell, r.shifts.original(start))
		if i < 0 {
			v.set, v.sure, v.to = nil, nil, end
			return nil
		}
		cell := &r.segments[r.segment].Table.Cells[i]
		v.sure = r.namesOf(i, start)
		if len(r.shifts) > 0 {
			v.to = end // the borders of the cell are not exact
		} else {
			v.to = max(end, min(v.to, int(cell.End)))
		}
		from, to = r.inCell(cell, start, v.to, from, to)
	}
	v.set = v.sure
	r.steps -= nearSteps
	if !r.hearing.hears(r.text, from, to) {
		return v.set
	}
	r.steps -= contextSteps
	clear(v.room)
	v.room.join(v.sure)
	r.hearing.speaksFor(r.text, from, to, v.room)
	v.set = v.room
	return v.set
}

// namesOf returns the matchers of which the names of cell i, which stands around
// start, speak: that of its column, else the labels of its row, and that of the table.
func (r *run) namesOf(i, start int) matcherSet {
	names := r.named
	switch header := r.headerField(int(r.segments[r.segment].Table.Cells[i].Column)); {
	case r.labelled(i, start, header):
		names = r.label
	case header != nil:
		names = header.speaks
	}
	if len(r.named) == 0 {
		return names
	}
	clear(r.near.both)
	r.near.both.join(r.named)
	r.near.both.join(names)
	return r.near.both
}

// speaksOf tells whether the surroundings of text[start:end] speak of m.
func (r *run) speaksOf(m *matcher, start, end int) bool {
	return r.mayBeSpoken(start, end).has(m.index) && (r.near.sure.has(m.index) || r.spoken(start, end).has(m.index))
}

// inCell narrows the window from, to around text[start:end] to the cell: text of
// other cells is no context.
func (r *run) inCell(cell *Cell, start, end, from, to int) (int, int) {
	return max(from, start-(r.shifts.original(start)-int(cell.Start))), min(to, end+int(cell.End)-r.shifts.original(end))
}
