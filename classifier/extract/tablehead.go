package extract

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// cellKind is the kind of value that a cell holds.
type cellKind uint8

const (
	words     cellKind = iota
	lowerCase          // words that begin with a small letter, or have an underscore
	figures            // with digits
	address            // with an at sign
)

// sampledRows is how many rows show what a table holds.
const sampledRows = 20

// mostRepeated is one in how many names of a header may be that of another column, too.
const mostRepeated = 4

// header returns the names of the columns when the first row holds names: short,
// different, no values, and of another kind than the rows below in some column.
// Else it returns nil, and the first row is data: names are printed in events.
func (e *extractor) header(t *classifier.Table, text []byte) []string {
	first := 0
	for first < len(t.Cells) && t.Cells[first].Row == 1 {
		first++
	}
	if first == 0 || first*2 < t.Columns || !differs(t.Cells[:first], t.Cells[first:], t.Columns, text) {
		return nil
	}
	names := make([]string, t.Columns)
	seen, repeated := make(map[string]bool, first), 0
	for _, c := range t.Cells[:first] {
		cell := text[c.Start:c.End]
		label, isData := e.label(cell)
		if isData || !hasLetter(cell) {
			return nil
		}
		if seen[label] {
			repeated++
		}
		seen[label] = true
		names[c.Column] = label
	}
	if repeated*mostRepeated > first {
		return nil
	}
	return names
}

// differs tells whether half the values of some column are of another kind than its head.
func differs(head, rest []classifier.Cell, columns int, text []byte) bool {
	heads := make([]cellKind, columns)
	for _, c := range head {
		heads[c.Column] = kindOf(text[c.Start:c.End])
	}
	total, other := make([]int, columns), make([]int, columns)
	for _, c := range rest {
		if c.Row > sampledRows+1 {
			break
		}
		total[c.Column]++
		if kind := kindOf(text[c.Start:c.End]); kind > heads[c.Column] && kind >= figures || kind == words && heads[c.Column] == lowerCase {
			other[c.Column]++
		}
	}
	for i, n := range total {
		if n > 0 && other[i]*2 >= n {
			return true
		}
	}
	return false
}

func kindOf(cell []byte) cellKind {
	kind := words
	if r, _ := utf8.DecodeRune(cell); unicode.IsLower(r) || bytes.IndexByte(cell, '_') >= 0 {
		kind = lowerCase
	}
	for _, c := range cell {
		if c == '@' {
			return address
		}
		if c-'0' <= 9 {
			kind = figures
		}
	}
	return kind
}

func hasLetter(cell []byte) bool {
	return bytes.IndexFunc(cell, unicode.IsLetter) >= 0
}
