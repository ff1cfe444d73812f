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
	// ID names the kind of fault in few words that never change, such as
	// "unknown-key"; "" when it has none of its own.
	ID      string
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
	_, err := io.WriteString(w, p.Text(func(_ Part, text string) string { return text }))
	return err
}

// Part is a part of what is printed for a problem, for those who colour it.
type Part uint8

// The parts.
const (
	PlacePart Part = iota // file:line:col
	ErrorPart             // the word, and the carets of an error
	WarningPart
	GutterPart
	HintPart
)

// Text returns what Write prints, with each part as paint makes it.
func (p Problem) Text(paint func(part Part, text string) string) string {
	kind, word := ErrorPart, "error"
	if p.Warning {
		kind, word = WarningPart, "warning"
	}
	var b strings.Builder
	b.WriteString(paint(PlacePart, p.Position.String()+":") + " " + paint(kind, word+":") + " " + p.Message + "\n")
	if p.Source != "" {
		before, marked, after := p.excerpt()
		gutter := fmt.Sprintf("%5d |", p.Line)
		b.WriteString(paint(GutterPart, gutter) + " " + before + marked + after + "\n")
		b.WriteString(paint(GutterPart, strings.Repeat(" ", len(gutter)-1)+"|") + " " + blank(before) + paint(kind, strings.Repeat("^", max(1, columns(marked)))) + "\n")
	}
	if p.Hint != "" {
		b.WriteString("        " + paint(HintPart, p.Hint) + "\n")
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

// Unique returns the problems without those that say the same of the same place:
// what an alias stands for is read as often as it is used.
func (ps Problems) Unique() Problems {
	type said struct {
		Position
		message string
	}
	seen := make(map[said]bool, len(ps))
	return slices.DeleteFunc(ps, func(p Problem) bool {
		s := said{p.Position, p.Message}
		again := seen[s]
		seen[s] = true
		return again
	})
}
