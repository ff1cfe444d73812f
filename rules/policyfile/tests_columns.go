package policyfile

import (
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/strictyaml"
)

// The parts of a case that a column can be of.
const (
	nameSection = iota
	requestSection
	expectSection
)

// column says where the values of a column belong.
type column struct {
	section int
	key     text   // of the section
	inner   string // of a mapping under that key, such as "email" of findings; "" for the value itself
}

// columns reads the heads of a table: keys of a request or of an expectation, of
// which the request's come first; "expect.service" is the other one.
func (f *file) columns(heads []text) (out []column, ok bool) {
	request, expect := keysOf(reflect.TypeFor[requestEntry]()), keysOf(reflect.TypeFor[expectEntry]())
	known := slices.Concat([]string{"name"}, request, expect)
	seen := map[string]bool{}
	ok = true
	for _, head := range heads {
		c := column{key: head, section: expectSection}
		name := head.V
		if rest, found := strings.CutPrefix(name, "request."); found {
			name, c.section = rest, requestSection
		} else if rest, found := strings.CutPrefix(name, "expect."); found {
			name = rest
		} else if name == "name" {
			c.section = nameSection
		} else if key, _, _ := strings.Cut(name, "."); slices.Contains(request, key) {
			c.section = requestSection
		}
		c.key.V, c.inner, _ = strings.Cut(name, ".")
		in := [][]string{{"name"}, request, expect}[c.section]
		switch {
		case seen[head.V]:
			f.fault(head, "", "the column %q is given twice", head.V).ID = "invalid-test"
			ok = false
		case !slices.Contains(in, c.key.V):
			f.unknown(head, "column", known)
			ok = false
		case c.inner != "" && !slices.Contains([]string{"findings", "headers", "account"}, c.key.V):
			f.fault(head, "", "%q has no keys of its own", c.key.V).ID = "invalid-test"
			ok = false
		}
		seen[head.V] = true
		out = append(out, c)
	}
	return out, ok
}

// keysOf returns the keys of a mapping as they are written.
func keysOf(t reflect.Type) []string {
	var out []string
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// put adds the value to the mapping of its section; the key is where the head of the column is.
func (c *column) put(section *yaml.Node, value *yaml.Node) {
	if c.section == nameSection {
		section.Content = append(section.Content, value)
		return
	}
	if c.inner == "" {
		section.Content = append(section.Content, c.keyNode(c.key.V), value)
		return
	}
	for i := 0; i < len(section.Content); i += 2 {
		if inner := section.Content[i+1]; section.Content[i].Value == c.key.V && inner.Kind == yaml.MappingNode {
			inner.Content = append(inner.Content, c.keyNode(c.inner), value)
			return
		}
	}
	inner := mappingAt(value)
	inner.Content = []*yaml.Node{c.keyNode(c.inner), value}
	section.Content = append(section.Content, c.keyNode(c.key.V), inner)
}

func (c *column) keyNode(name string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name, Line: c.key.At.Line, Column: c.key.At.Column}
}

// over returns base with what is set in top in its place.
func over[T requestEntry | expectEntry](base, top T) T {
	b, t := reflect.ValueOf(&base).Elem(), reflect.ValueOf(&top).Elem()
	for i := range t.NumField() {
		if !t.Field(i).IsZero() {
			b.Field(i).Set(t.Field(i))
		}
	}
	return base
}

// overRequest is over, but what the top says in another form the base no longer says.
func overRequest(base, top requestEntry) requestEntry {
	targets := func(r *requestEntry) []*text { return []*text{&r.URL, &r.Service, &r.HAR, &r.HTTP, &r.WebSocket} }
	for _, forms := range []func(*requestEntry) []*text{
		targets,
		func(r *requestEntry) []*text { return []*text{&r.Body, &r.BodyFile} },
		func(r *requestEntry) []*text { return []*text{&r.Prompt, &r.PromptFile, &r.Upload} },
		func(r *requestEntry) []*text { return []*text{&r.Group, &r.User} },
		func(r *requestEntry) []*text { return []*text{&r.Group, &r.Address} },
	} {
		if slices.ContainsFunc(forms(&top), func(w *text) bool { return w.Set }) {
			for _, w := range forms(&base) {
				*w = text{}
			}
		}
	}
	if slices.ContainsFunc(targets(&top), func(w *text) bool { return w.Set }) {
		if !top.URL.Set {
			base.Body, base.BodyFile, base.Method = text{}, text{}, text{}
		}
		if !top.Service.Set {
			base.Prompt, base.PromptFile, base.Upload = text{}, text{}, text{}
		}
		if !top.HAR.Set {
			base.Entry = strictyaml.Value[int]{}
		}
	}
	return over(base, top)
}
