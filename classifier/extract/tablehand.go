package extract

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// People who type or paste a list part its columns by signs that stand in prose,
// too: by " / ", " ~ " or arrows, or align them by blanks. Such lines are a table
// only under a head: a line of names.

// handSeparators part the cells of such lists. Blanks around those of ASCII belong to
// them. The last stands for two blanks or more.
var handSeparators = [...]string{" / ", " ~ ", " → ", "؛", alignment}

const (
	alignment = "  "
	// largestHandmade bounds the texts in which such lists are looked for: nobody
	// types more, and searching takes time.
	largestHandmade = 32 << 10
	// leastColumns and leastRows, the head included, are what makes a list no accident.
	leastColumns, leastRows = 3, 3
	// longestHead bounds a name in the head, in bytes.
	longestHead = 64
)

// handmade is a list under a head: its table and the part of the text that it takes.
type handmade struct {
	start, end int
	table      *classifier.Table
}

// findHandmade returns the first list at or behind from, which is the beginning of
// a line.
func findHandmade(text []byte, from int, separators []string) (handmade, bool) {
	for from < len(text) && len(separators) > 0 {
		end := nextLine(text, from)
		for _, separator := range separators {
			if l, ok := readHandmade(text, from, end, separator); ok {
				return l, true
			}
		}
		from = end
	}
	return handmade{}, false
}

// readHandmade reads the list whose head is text[start:end].
func readHandmade(text []byte, start, end int, separator string) (l handmade, ok bool) {
	if !bytes.Contains(text[start:end], []byte(separator)) {
		return l, false
	}
	head := splitCells(text, start, end, separator)
	if len(head) < leastColumns || !isHead(text, head) {
		return l, false
	}
	l = handmade{start: start, end: end, table: &classifier.Table{Columns: len(head)}}
	l.add(head, 1)
	rows := uint32(1)
	for l.end < len(text) && rows < largestHandmade {
		next := nextLine(text, l.end)
		row := splitRow(text, l.end, next, separator, head)
		if row == nil {
			break
		}
		rows++
		l.add(row, rows)
		l.end = next
	}
	return l, rows >= leastRows
}

// add appends the cells of a row that are not empty.
func (l *handmade) add(row [][2]int, number uint32) {
	for column, c := range row {
		if c[0] < c[1] {
			l.table.Cells = append(l.table.Cells, classifier.Cell{
				Start: uint32(c[0] - l.start), End: uint32(c[1] - l.start), Row: number, Column: uint16(column)})
		}
	}
}

// isHead tells whether cells can be the names of columns: short, with a letter in
// front, without figures.
func isHead(text []byte, cells [][2]int) bool {
	for _, c := range cells {
		name := text[c[0]:c[1]]
		if first, _ := utf8.DecodeRune(name); !unicode.IsLetter(first) || len(name) > longestHead {
			return false
		}
		if bytes.ContainsAny(name, "0123456789@:=<>{}") || bytes.Contains(name, []byte(", ")) {
			return false
		}
	}
	return true
}

// splitRow returns the cells of a row under a head, nil when the line is none: as
// many as the head has, or one less, which the last may be missing.
func splitRow(text []byte, start, end int, separator string, head [][2]int) [][2]int {
	if separator == alignment {
		if row := sliceRow(text, start, end, head); row != nil {
			return row
		}
	}
	row := splitCells(text, start, end, separator)
	if len(row) == len(head) || separator != alignment && len(row) == len(head)-1 && len(row) > 1 {
		return row
	}
	return nil
}

// splitCells cuts a line at its separators.
func splitCells(text []byte, start, end int, separator string) (cells [][2]int) {
	end = start + len(bytes.TrimRight(text[start:end], "\r\n"))
	for {
		at := nextSeparator(text[start:end], separator)
		if at < 0 {
			return append(cells, trimCell(text, start, end))
		}
		cells = append(cells, trimCell(text, start, start+at))
		start += at + len(separator)
		if separator == alignment {
			start += len(text[start:end]) - len(bytes.TrimLeft(text[start:end], " \u3000"))
		} else if separator[0] == ' ' {
			start-- // the blank behind it may be that before the next
		}
	}
}

// nextSeparator returns where the next separator in line begins, -1 for nowhere.
// Alignment at its beginning is indentation.
func nextSeparator(line []byte, separator string) int {
	if separator != alignment {
		return bytes.Index(line, []byte(separator))
	}
	indent := len(line) - len(bytes.TrimLeft(line, " \u3000"))
	at := bytes.Index(line[indent:], []byte(separator))
	if at < 0 {
		return -1
	}
	return indent + at
}

func trimCell(text []byte, start, end int) [2]int {
	for start < end && text[start] == ' ' {
		start++
	}
	for end > start && text[end-1] == ' ' {
		end--
	}
	return [2]int{start, end}
}

// sliceRow cuts a line where the names of the head begin, in characters; nil when
// a word stands across a border.
func sliceRow(text []byte, start, end int, head [][2]int) [][2]int {
	line := bytes.TrimRight(text[start:end], "\r\n ")
	if len(bytes.TrimSpace(line)) == 0 {
		return nil
	}
	lineStart := bytes.LastIndexByte(text[:head[0][0]], '\n') + 1
	row := make([][2]int, len(head))
	from := 0
	for i := range head {
		to := len(line)
		if i+1 < len(head) {
			to = byteOffset(line, utf8.RuneCount(text[lineStart:head[i+1][0]]))
			if to < len(line) && (to == 0 || line[to-1] != ' ') || to == len(line) && i == 0 {
				return nil
			}
		}
		row[i] = trimCell(text, start+from, start+to)
		from = to
	}
	return row
}

// byteOffset returns where the n-th character of line begins, its length when it
// has fewer.
func byteOffset(line []byte, n int) int {
	at := 0
	for ; n > 0 && at < len(line); n-- {
		_, size := utf8.DecodeRune(line[at:])
		at += size
	}
	return at
}

// handFinder finds the lists in a text, one after the other.
type handFinder struct {
	text       []byte
	separators []string // that the text has
	found      handmade
	known      bool // found is the next one, or there is none
}

func newHandFinder(text []byte) *handFinder {
	f := &handFinder{text: text}
	if len(text) > largestHandmade {
		return f
	}
	for _, separator := range handSeparators {
		sign := separator
		if separator != alignment {
			sign = strings.TrimLeft(separator, " ")
		}
		if bytes.Contains(text, []byte(sign)) {
			f.separators = append(f.separators, separator)
		}
	}
	return f
}

// next returns the first list at or behind from, which is the beginning of a line.
func (f *handFinder) next(from int) (handmade, bool) {
	if !f.known || f.found.table != nil && f.found.start < from {
		f.found, f.known = handmade{}, true
		if list, ok := findHandmade(f.text, from, f.separators); ok {
			f.found = list
		}
	}
	return f.found, f.found.table != nil
}

// precedes tells whether the list is rather a table than what a finder of
// delimiters found: commas stand inside of cells, too.
func (l *handmade) precedes(found tableStart) bool {
	return l.start < found.start || l.start == found.start && found.delimiter == ','
}
