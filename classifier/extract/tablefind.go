package extract

import (
	"bytes"
	"math"
	"strings"
)

// delimiters separate the cells of tables, the less ambiguous first.
const delimiters = "\t;|,"

// tableFinder finds the tables in a text: runs of lines with equally many
// delimiters. It remembers where each delimiter's next run is, so that a text is
// looked at once for each delimiter.
type tableFinder struct {
	text []byte
	runs [len(delimiters)]int // where the next run of a delimiter begins
}

// tableStart is where a table begins and what separates its cells.
type tableStart struct {
	start     int
	delimiter byte
}

// tableType names the type of a text that begins with a table; "" when it does not.
func tableType(text []byte) string {
	if t, ok := newTableFinder(text[:min(len(text), 16<<10)]).next(0); ok && t.start == 0 {
		return t.mediaType()
	}
	return ""
}

func (t tableStart) mediaType() string {
	if t.delimiter == '\t' {
		return tsvType
	}
	return csvType
}

func newTableFinder(text []byte) *tableFinder {
	f := &tableFinder{text: text}
	for i := range f.runs {
		f.runs[i] = -1
		if bytes.IndexByte(text, delimiters[i]) < 0 {
			f.runs[i] = math.MaxInt
		}
	}
	return f
}

// next returns the first table at or behind from, which is the beginning of a line.
func (f *tableFinder) next(from int) (t tableStart, ok bool) {
	t.start = math.MaxInt
	for i := range f.runs {
		if f.runs[i] < from {
			f.runs[i] = findRun(f.text, from, delimiters[i])
		}
		if f.runs[i] < t.start {
			t = tableStart{f.runs[i], delimiters[i]}
		}
	}
	return t, t.start != math.MaxInt
}

// findRun returns where the first run of lines that make a table begins.
func findRun(text []byte, from int, delimiter byte) int {
	start, length, count := from, 0, 0
	for from < len(text) {
		line, end := text[from:], len(text)
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line, end = line[:i], from+i+1
		}
		n := countDelimiters(line, delimiter)
		if n != count || n == 0 {
			start, length, count = from, 0, n
		}
		length++
		if n > 0 && length >= linesNeeded(line, delimiter, n) {
			return start
		}
		from = end
	}
	return math.MaxInt
}

// linesNeeded is how many lines with n delimiters, of which line is the last, are
// no accident. Prose has commas too, and code ends its lines with them.
func linesNeeded(line []byte, delimiter byte, n int) int {
	line = bytes.TrimRight(line, " \r")
	atEnd := len(line) > 0 && line[len(line)-1] == delimiter
	switch {
	case delimiter == '\t':
		return 2
	case delimiter == '|' && n >= 2:
		return 2
	case n == 1 && atEnd, n == 1 && delimiter == ',' && bytes.Contains(line, []byte(", ")):
		return math.MaxInt
	case delimiter == ',' && (n == 1 || bytes.Contains(line, []byte(", "))):
		return 4
	default:
		return 3
	}
}

// countDelimiters counts the delimiters of a line that stand outside quotes. Tabs
// at its beginning are the indentation of code.
func countDelimiters(line []byte, delimiter byte) int {
	if delimiter == '\t' {
		line = bytes.TrimLeft(line, "\t")
	}
	if bytes.IndexByte(line, '"') < 0 {
		return bytes.Count(line, []byte{delimiter})
	}
	n, quoted := 0, false
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		} else if c == delimiter && !quoted {
			n++
		}
	}
	return n
}

// declaredTable tells the delimiter of a text that is said to be a table.
func declaredTable(text []byte, h hint) (delimiter byte, ok bool) {
	ending := h.filename[strings.LastIndexByte(h.filename, '.')+1:]
	switch {
	case h.mediaType == csvType, h.mediaType == tsvType, ending == "csv", ending == "tsv", ending == "tab":
	case h.mediaType == "application/vnd.ms-excel", h.mediaType == "application/csv":
		// Browsers on Windows call CSV so.
	default:
		return 0, false
	}
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	delimiter, most := ',', 0
	for i := range len(delimiters) {
		if n := countDelimiters(line, delimiters[i]); n > most {
			delimiter, most = delimiters[i], n
		}
	}
	return delimiter, true
}
