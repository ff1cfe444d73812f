package strictyaml

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

var yamlLine = regexp.MustCompile(`(?s)^yaml: (?:line \d+: )?(.*)$`)

// syntaxHints say what to do about the complaints of the YAML parser, the first
// that fits.
var syntaxHints = []struct{ complaint, hint string }{
	{"tab character", "YAML is indented with spaces, never with tabs"},
	{"expected ',' or", "a { or [ here or below is not closed"},
	{"unexpected end of stream", "a quote here or below is not closed"},
	{"mapping values are not allowed", "put a value with `: ` in it into quotes; a key begins a line of its own"},
	{"could not find expected ':'", "write `key: value`; a longer text is indented deeper than its key"},
	{"did not find expected key", "indent it like the lines of the same list or mapping; a text with quotes or brackets in it is quoted as a whole"},
	{"did not find expected '-'", "indent it like the other lines of the list"},
	{"unknown anchor", "write &name before the value that *name stands for; a text that begins with * needs quotes"},
	{"control characters", "remove it"},
}

// syntax records why a text is no YAML. The parser tells the line where the block
// began, or none: the place is found anew.
func (d *Decoder) syntax(err error, data []byte) {
	message := err.Error()
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		message = m[1]
	}
	line := d.faultyLine(data)
	text := d.line(line)
	indent := len(text) - len(strings.TrimLeft(text, " "))
	hint := ""
	for _, h := range syntaxHints {
		if strings.Contains(message, h.complaint) {
			hint = h.hint
			break
		}
	}
	if strings.Contains(message, "cannot start any token") {
		hint = "put a value that begins with @, `, % or another sign into quotes"
		if strings.HasPrefix(text[indent:], "\t") {
			hint = syntaxHints[0].hint
		}
	}
	d.at(Position{File: d.File, Line: line, Column: indent + 1}, 1, hint, "this is not YAML: "+message).ID = "yaml-syntax"
}

// stepsBack is how many lines before the one where the parser gave up are tried
// for where the fault begins.
const stepsBack = 24

// faultyLine finds the line without which what stands above it is still YAML.
func (d *Decoder) faultyLine(data []byte) int {
	lines := bytes.SplitAfter(data, []byte("\n"))
	r := &lineReader{lines: slices.Clone(lines)}
	_ = yaml.NewDecoder(r).Decode(new(yaml.Node)) // it fails: what counts is how far it came
	gaveUp := min(max(r.read, 1), len(d.lines))
	for line := gaveUp; line > max(0, gaveUp-stepsBack); line-- {
		above := yaml.NewDecoder(bytes.NewReader(bytes.Join(lines[:line-1], nil)))
		var n yaml.Node
		if err := above.Decode(&n); err == nil || err == io.EOF {
			return line
		}
	}
	return gaveUp
}

// lineReader gives a line at a time, and so tells which one a parser asked for last.
type lineReader struct {
	lines [][]byte
	read  int
}

// Read implements io.Reader.
func (r *lineReader) Read(p []byte) (int, error) {
	if r.read == len(r.lines) {
		return 0, io.EOF
	}
	n := copy(p, r.lines[r.read])
	if r.lines[r.read] = r.lines[r.read][n:]; len(r.lines[r.read]) == 0 {
		r.read++
	}
	return n, nil
}
