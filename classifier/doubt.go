package classifier

import "strings"

// doubtful tells whether a value of a layout, which would stand alone, needs
// context where it stands: part of a path or a longer name, a code in small
// letters, or figures among others of another kind.
func (r *run) doubtful(m *matcher, c *Candidate) bool {
	l := c.layout
	return joined(r.text, c.Start, c.End, !l.letters) ||
		m.Use == Form && l.letters && smallLetter(r.text[c.Start:c.End]) ||
		l.bare && r.outvoted(m, c)
}

// joined tells whether text[start:end] is joined to other words: in a path, a URL,
// base64, the name of a file or of a variable. A number is also when a word and a
// hyphen go before it ("ORD-123"), a "#", or the point of a fraction.
func joined(text []byte, start, end int, number bool) bool {
	if start > 0 {
		switch before, word := text[start-1], wordAt(text, start-2); before {
		case '/', '_', '+', '\\':
			if word {
				return true
			}
		case '-':
			if number { // a negative one, or part of a name
				return true
			}
		case '.':
			if number && !word {
				return true
			}
		case '#':
			if number {
				return true
			}
		}
	}
	if end+1 >= len(text) {
		return false
	}
	next := text[end+1]
	switch text[end] {
	case '/', '_', '+', '\\':
		return isWord(next)
	case '-':
		return isLetter(next)
	case '.':
		return next >= 'a' && next <= 'z'
	}
	return false
}

func smallLetter(value []byte) bool {
	for _, b := range value {
		if b >= 'a' && b <= 'z' {
			return true
		}
	}
	return false
}

// How many figures of a column are looked at, on either side of a value, and how
// many cells for them. With fewer than leastVotes nothing is said.
const (
	votesAside, cellsAside = 6, 240
	leastVotes             = 4
)

// outvoted tells whether the value is a cell of digits in a column in which most
// such cells are no values of the detector: some figure of a statistic fits any
// check by chance, and a column of identifiers is one from top to bottom.
func (r *run) outvoted(m *matcher, c *Candidate) bool {
	table := r.segments[r.segment].Table
	if table == nil {
		return false
	}
	i := r.cellAt(&r.cell, r.shifts.original(c.Start))
	if i < 0 {
		return false
	}
	cells, column := table.Cells, table.Cells[i].Column
	if int(cells[i].End-cells[i].Start) != c.End-c.Start {
		return false
	}
	votes, fitting := 0, 0
	for _, step := range [...]int{-1, 1} {
		seen := 0
		for k, n := i+step, 0; k >= 0 && k < len(cells) && n < cellsAside && seen < votesAside; k, n = k+step, n+1 {
			value := r.segments[r.segment].Text[cells[k].Start:cells[k].End]
			if cells[k].Column != column || !allDigits(value) {
				continue
			}
			seen++
			if m.Check == nil || m.hasBare(len(value)) && m.Check(value) {
				fitting++
			}
		}
		votes += seen
	}
	return votes >= leastVotes && 2*fitting < votes
}

func allDigits(value []byte) bool {
	for _, b := range value {
		if !isDigit(b) {
			return false
		}
	}
	return len(value) > 0
}

// hasBare tells whether n digits are one way of writing a value.
func (m *matcher) hasBare(n int) bool {
	for _, l := range m.Layouts {
		if len(l) == n && strings.Trim(l, "d") == "" || len(l) == n+1 && strings.Trim(l, "d") == "?" {
			return true
		}
	}
	return false
}
