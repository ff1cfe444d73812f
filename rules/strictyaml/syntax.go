package strictyaml

import (
	"regexp"
	"strconv"
	"strings"
)

var yamlLine = regexp.MustCompile(`(?s)^yaml: (?:line (\d+): )?(.*)$`)

// syntax records why a text is no YAML. The line is the best that yaml.v3 tells.
func (d *Decoder) syntax(err error) {
	line, message := 1, err.Error()
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		message = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	hint := ""
	switch {
	case strings.Contains(message, "tab character") || strings.Contains(message, "cannot start any token"):
		hint = "YAML is indented with spaces, never with tabs"
	case strings.Contains(message, "expected ',' or"): // it gives the line where the block began
		hint = "a { or [ here or below is not closed"
	}
	line = min(max(line, 1), len(d.lines))
	column := 1 + len(d.lines[line-1]) - len(strings.TrimLeft(d.lines[line-1], " \t"))
	d.at(Position{File: d.File, Line: line, Column: column}, 1, hint, "this is not YAML: "+message)
}
