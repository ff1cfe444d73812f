package jsonschema

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Reference writes a reference of every key in Markdown: what it means, what may
// be written, the default, and an example.
func (s *Schema) Reference() []byte {
	r := &reference{headings: map[reflect.Type]string{}}
	fmt.Fprintf(&r.b, "# Reference: %s\n\nEvery key, made of the types that the files are read into.\n", s.Description)
	r.table("", s)
	for _, p := range s.Properties {
		if below := p.Schema.Mapping(); below != nil {
			r.section(2, p.Name, "", p.Schema)
		}
	}
	return r.b.Bytes()
}

type reference struct {
	b        bytes.Buffer
	headings map[reflect.Type]string // under which a mapping is described: once
}

// section writes a key that holds a mapping, then the mappings below it.
func (r *reference) section(level int, name, above string, s *Schema) {
	fmt.Fprintf(&r.b, "\n%s %s\n\n%s.\n", strings.Repeat("#", level), title(name, above), sentence(s.Description))
	below := s.Mapping()
	r.table(name, below)
	for _, p := range below.Properties {
		if m := p.Schema.Mapping(); m != nil && r.heading(p.Name, name, m) == title(p.Name, name) {
			r.section(min(level+1, 4), p.Name, name, p.Schema)
		}
	}
}

// heading returns the heading under which a mapping is described: that of the
// first key that holds one of its kind.
func (r *reference) heading(name, above string, mapping *Schema) string {
	if _, known := r.headings[mapping.of]; !known {
		r.headings[mapping.of] = title(name, above)
	}
	return r.headings[mapping.of]
}

func title(name, above string) string {
	if above == "" {
		return name
	}
	return name + " of " + above
}

func (r *reference) table(name string, s *Schema) {
	r.b.WriteString("\n| key | value | meaning | example |\n|---|---|---|---|\n")
	for _, p := range s.Properties {
		value, example := p.Schema.written(), ""
		if m := p.Schema.Mapping(); m != nil {
			value = fmt.Sprintf("[%s](#%s)", p.Schema.kind(), strings.ReplaceAll(r.heading(p.Name, name, m), " ", "-"))
		}
		if slices.Contains(s.Required, p.Name) {
			value = "needed: " + value
		}
		if d := p.Schema.Default; d != nil {
			value += fmt.Sprintf("<br>default: %s", code(flow(d)))
		}
		if p.Schema.Example != "" {
			example = code(p.Name + ": " + p.Schema.Example)
		}
		fmt.Fprintf(&r.b, "| `%s` | %s | %s | %s |\n", p.Name, value, cell(p.Schema.Description), example)
	}
}

// Mapping returns the schema of the mapping that a key holds, directly, in a
// list, or by name; nil when it holds none with keys of its own.
func (s *Schema) Mapping() *Schema {
	if len(s.Properties) > 0 {
		return s
	}
	for _, way := range s.AnyOf {
		if m := way.Mapping(); m != nil {
			return m
		}
	}
	if s.Items != nil {
		return s.Items.Mapping()
	}
	if named, ok := s.Additional.(*Schema); ok {
		return named.Mapping()
	}
	return nil
}

// kind says how the mappings of a key are arranged.
func (s *Schema) kind() string {
	named, _ := s.Additional.(*Schema)
	switch {
	case named != nil:
		return "mappings by name"
	case s.Items != nil:
		return "list of mappings"
	case slices.ContainsFunc(s.AnyOf, isList):
		return s.values.Name + ", mapping or list"
	case len(s.AnyOf) > 0:
		return s.values.Name + " or mapping"
	}
	return "mapping"
}

func isList(s *Schema) bool { return s.Items != nil }

// written says what is written for a value that is no mapping.
func (s *Schema) written() string {
	or := ""
	if slices.ContainsFunc(s.AnyOf, isList) {
		or = " or a list"
	}
	switch {
	case s.Const != nil:
		return code(fmt.Sprint(s.Const))
	case len(s.Type) > 0 && s.Type[0] == "boolean":
		return "`true` or `false`"
	case len(s.Type) > 0 && s.Type[0] == "integer":
		return "whole number"
	}
	if isList(s) {
		return "list of: " + s.Items.written()
	}
	if named, ok := s.Additional.(*Schema); ok {
		return named.written() + " by " + cmp.Or(s.values.Name, "name")
	}
	v := s.values
	if len(v.Words) == 0 || v.Open {
		return cmp.Or(v.Name, "value") + or
	}
	var words []string
	for i, w := range v.Words {
		words = append(words, code(cmp.Or(w, "''")))
		if v.Meanings != nil && v.Meanings[i] != "" {
			words[i] += ": " + v.Meanings[i]
		}
	}
	if v.Meanings == nil {
		return "one" + or + " of " + strings.Join(words, ", ")
	}
	return "one" + or + " of<br>" + strings.Join(words, "<br>")
}

func sentence(text string) string {
	return strings.ToUpper(text[:1]) + text[1:]
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func code(text string) string {
	if strings.Contains(text, "`") {
		return "`` " + cell(text) + " ``"
	}
	return "`" + cell(text) + "`"
}

// flow writes a default on one line.
func flow(v any) string {
	list, ok := v.([]any)
	if !ok {
		return fmt.Sprint(v)
	}
	words := make([]string, len(list))
	for i, item := range list {
		words[i] = fmt.Sprint(item)
	}
	return "[" + strings.Join(words, ", ") + "]"
}
