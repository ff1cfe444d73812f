package strictyaml

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// source is the text of a file by lines, as editors count them.
type source struct {
	lines []string // without their ends
	// starts are the places at which the lines of YAML begin, which counts more
	// characters as ends of lines than editors do; nil when both count the same.
	starts []start
	// columns holds, of long lines that were asked for and are not ASCII, the offset
	// of every columnStep-th character: a policy may be one line of megabytes.
	columns map[int][]int
}

const (
	columnStep = 256
	shortLine  = 4 * columnStep // bytes; its characters are counted each time
)

// lineEnds end a line of YAML besides the line feed.
var lineEnds = [...]string{"\r", "\u0085", "\u2028", "\u2029"}

// start is where a line of YAML begins: a line of the file, and how many
// characters of it stand before.
type start struct{ line, before int }

func newSource(data []byte) source {
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	s := source{lines: strings.Split(text, "\n")}
	if !slices.ContainsFunc(lineEnds[:], func(end string) bool { return strings.Contains(text, end) }) {
		return s
	}
	for i, line := range s.lines {
		s.starts = append(s.starts, start{i + 1, 0})
		for n, r := range []rune(line) {
			switch r {
			case '\r', 0x85, 0x2028, 0x2029:
				s.starts = append(s.starts, start{i + 1, n + 1})
			}
		}
	}
	return s
}

// line returns a line by its number, "" when there is none.
func (s *source) line(number int) string {
	if number < 1 || number > len(s.lines) {
		return ""
	}
	return s.lines[number-1]
}

// place turns a line and column of YAML into those of the file.
func (s *source) place(line, column int) (int, int) {
	if s.starts == nil || line < 1 || line > len(s.starts) {
		return line, column
	}
	at := s.starts[line-1]
	return at.line, at.before + column
}

// from returns the text of a line from a column on.
func (s *source) from(line, column int) string {
	text, column := s.line(line), max(column-1, 0)
	if len(text) <= shortLine {
		return behind(text, column)
	}
	marks, known := s.columns[line]
	if !known {
		marks = columnMarks(text)
		if s.columns == nil {
			s.columns = map[int][]int{}
		}
		s.columns[line] = marks
	}
	if marks == nil {
		return text[min(column, len(text)):]
	}
	mark := min(column/columnStep, len(marks)-1)
	return behind(text[marks[mark]:], column-columnStep*mark)
}

// behind returns what follows the first n characters of a text.
func behind(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[i:]
		}
		n--
	}
	return ""
}

// columnMarks returns the offsets of every columnStep-th character; nil for a
// text in which each takes one byte.
func columnMarks(text string) []int {
	var marks []int
	n := 0
	for i := range text {
		if n%columnStep == 0 {
			marks = append(marks, i)
		}
		n++
	}
	if n == len(text) {
		return nil
	}
	return marks
}

// Position returns the place of a node: of its value, not of the anchor or tag
// before it.
func (d *Decoder) Position(n *yaml.Node) Position {
	line, column := d.place(n.Line, n.Column)
	p := Position{File: d.File, Line: line, Column: column}
	if n.Anchor == "" && n.Style&yaml.TaggedStyle == 0 {
		return p
	}
	text := d.from(line, column)
	for rest := text; rest != "" && (rest[0] == '&' || rest[0] == '!'); {
		word := strings.IndexAny(rest, " \t")
		if word < 0 {
			return p // the value stands on a line of its own
		}
		rest = strings.TrimLeft(rest[word:], " \t")
		if rest != "" && rest[0] != '#' {
			p.Column = column + utf8.RuneCountInString(text[:len(text)-len(rest)])
		}
	}
	return p
}

// length returns how many characters of its first line a node takes.
func (d *Decoder) length(n *yaml.Node) int {
	switch {
	case n.Kind == yaml.AliasNode:
		return 1 + utf8.RuneCountInString(n.Value)
	case n.Kind != yaml.ScalarNode || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return 1
	}
	at := d.Position(n)
	text := d.from(at.Line, at.Column)
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		return max(1, utf8.RuneCountInString(quoted(text)))
	}
	length := utf8.RuneCountInString(n.Value)
	if at.Line > 0 && text != "" { // of a value over several lines, the first
		length = min(length, utf8.RuneCountInString(strings.TrimRight(text, " \t")))
	}
	return max(1, length)
}

// quoted returns the beginning of a line up to the quote that closes the first;
// all of it when that stands on a later line.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	for i := 1; i < len(text); i++ {
		switch {
		case text[0] == '"' && text[i] == '\\':
			i++
		case text[i] != text[0]:
		case text[0] == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
		default:
			return text[:i+1]
		}
	}
	return strings.TrimRight(text, " \t")
}

// firstInvalid returns the place of the first byte that is not UTF-8.
func firstInvalid(data []byte) (line, column int, found bool) {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n <= 1 {
			before := data[:i]
			begin := bytes.LastIndexByte(before, '\n') + 1
			return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[begin:]), true
		}
		i += n
	}
	return 0, 0, false
}
