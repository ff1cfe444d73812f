package detect

import (
	"bytes"
	"slices"
	"strings"

	"daylight.internal/classifier"
)

// How far around a value its words are read, and how close before it a word of
// many meanings must stand.
const (
	wordsBefore, wordsAfter = 64, 32
	nearestWord             = 12
)

// reasons are the words of a context, in lower case: weak are those of many meanings.
type reasons struct {
	weakWords    []string
	weak, strong *foldSet
}

func reasonsOf(context, weak []string) *reasons {
	strong := slices.DeleteFunc(slices.Clone(context), func(w string) bool { return slices.Contains(weak, w) })
	return &reasons{weak, foldSetOf(weak...), foldSetOf(strong...)}
}

// What it costs to look for words of many meanings around a value, and for others
// when there is one.
const weakSteps, explainSteps = 8, 32

// explain tells whether a value has a better reason than a word of many
// meanings somewhere near: another word of its context, the name of its key or
// column, or that word right before it. "Call 415 555 2671" speaks of a phone,
// "the call failed after 4155552671 ns" does not.
func (r *reasons) explain(c *classifier.Candidate) bool {
	c.Steps += weakSteps
	around := c.Text[max(0, c.Start-wordsBefore):min(len(c.Text), c.End+wordsAfter)]
	if !r.weak.says(around) {
		return true
	}
	if c.Steps += explainSteps; r.strong.says(around) {
		return true
	}
	before := bytes.ToLower(c.Text[max(0, c.Start-wordsBefore):c.Start])
	for _, w := range r.weakWords {
		i := bytes.LastIndex(before, []byte(w))
		if i < 0 || !wholeWordAt(before, i, w) {
			continue
		}
		gap := before[i+len(w):]
		if len(gap) <= nearestWord && !bytes.ContainsAny(gap, "\n;,(){}[]<>/_") || bytes.IndexFunc(gap, noFigures) < 0 {
			return true // right before it, or before other numbers of its kind
		}
	}
	return false
}

// noFigures tells what does not stand in a list of numbers.
func noFigures(r rune) bool { return (r < '0' || r > '9') && !strings.ContainsRune(" :-/.()+", r) }

// wholeWordAt tells whether the word, which stands at i, is no part of a longer one.
// Chinese and Japanese words stand close together.
func wholeWordAt(text []byte, i int, w string) bool {
	return w[0] >= 0xE3 || !wordByte(at(text, i-1)) && !wordByte(at(text, i+len(w)))
}

// assignedElse tells whether the value is assigned to a name in which none of the
// words is: the name says what it is, and words around it speak of something else.
func assignedElse(c *classifier.Candidate, context []string) bool {
	end := c.Start - 1
	if at(c.Text, end) != '=' {
		return false
	}
	start := nameStart(c.Text, end)
	name := bytes.ToLower(c.Text[start:end])
	return len(name) > 0 && !slices.ContainsFunc(context, func(w string) bool { return bytes.Contains(name, []byte(w)) })
}

// argument tells whether the value is the last argument of a call, in a line in which
// none of the words is: words of other lines of a program speak of something else.
func argument(c *classifier.Candidate, context *foldSet) bool {
	line := c.Text[max(0, c.Start-longestCall):c.Start]
	line = line[bytes.LastIndexByte(line, '\n')+1:]
	open := bytes.LastIndexByte(line, '(')
	if at(c.Text, c.End) != ')' || open <= 0 || !word(line[open-1]) || !bytes.HasSuffix(line, []byte(", ")) {
		return false
	}
	return !context.says(line)
}

// longestCall bounds the bytes of a call before its last argument.
const longestCall = 128

// inCapitals is the Confirm of registration marks: in capitals, as on the plate, and
// no part of a name of code. Types of chips and drivers have the same shapes.
func inCapitals(c *classifier.Candidate) bool {
	for _, b := range c.Text[c.Start:c.End] {
		if b >= 'a' && b <= 'z' {
			return false
		}
	}
	before, after := at(c.Text, c.Start-1), at(c.Text, c.End)
	return before != '_' && before != '/' && after != '_' && after != '/'
}
