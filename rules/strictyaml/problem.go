// Package strictyaml reads YAML that people edit by hand. It reports every
// fault at once, each with file, line and column, the line itself and a caret,
// and suggests the key that was probably meant. It is pure over bytes.
package strictyaml

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Position is a place in a file. Line and Column count from 1.
type Position struct {
	File         string
	Line, Column int
}

// String returns file:line:col.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Problem is one fault in a file, in the words of its author.
type Problem struct {
	Position
	Message string // lower case, no full stop
	Hint    string // what to do; may be empty
	Warning bool   // the file still works
	Length  int    // of the marked text in runes, at least 1
	Source  string // the line of the file; "" when there is none
}

// Error returns the first line that is printed for the problem.
func (p Problem) Error() string {
	kind := "error"
	if p.Warning {
		kind = "warning"
	}
	return fmt.Sprintf("%s: %s: %s", p.Position, kind, p.Message)
}

// Write prints the problem with its source line, a caret and the hint.
func (p Problem) Write(w io.Writer) error {
	var b strings.Builder
	b.WriteString(p.Error())
	b.WriteByte('\n')
	if p.Source != "" {
		gutter := fmt.Sprintf("%5d | ", p.Line)
		b.WriteString(gutter + p.Source + "\n")
		b.WriteString(strings.Repeat(" ", len(gutter)-2) + "| " + caretPad(p.Source, p.Column-1) + strings.Repeat("^", max(1, p.Length)) + "\n")
	}
	if p.Hint != "" {
		b.WriteString("        " + p.Hint + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// caretPad returns blanks as wide as the first n runes of line: tabs stay tabs,
// and wide (CJK) characters count twice, so that the caret stands under its text.
func caretPad(line string, n int) string {
	var b strings.Builder
	for _, r := range line {
		if n <= 0 {
			break
		}
		n--
		switch {
		case r == '\t':
			b.WriteByte('\t')
		case r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0x20000 && r <= 0x3fffd):
			b.WriteString("  ")
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// Problems are the faults of one or more files.
type Problems []Problem

// Error returns the first error and how many more there are.
func (ps Problems) Error() string {
	errs := ps.Errors()
	switch len(errs) {
	case 0:
		return "no problems"
	case 1:
		return errs[0].Error()
	default:
		return fmt.Sprintf("%s (and %d more)", errs[0].Error(), len(errs)-1)
	}
}

// Errors returns the problems that are not warnings.
func (ps Problems) Errors() Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.Warning })
}

// Err returns ps as an error, or nil when all of them are warnings.
func (ps Problems) Err() error {
	if errs := ps.Errors(); len(errs) > 0 {
		return errs
	}
	return nil
}

// Sort orders by file, line and column; problems of one place keep their order.
func (ps Problems) Sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
