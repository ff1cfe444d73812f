package policyfile

import (
	"reflect"
	"strconv"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/strictyaml"
	"daylight.internal/rules/strictyaml/jsonschema"
)

// accountIn is the account of a request: its kind alone, or a mapping.
type accountIn struct {
	At   strictyaml.Position
	Kind text `yaml:"kind,required" doc:"whose account it is" values:"account" example:"private"`
	Plan text `yaml:"plan" doc:"the vendor's plan" values:"plan" example:"free"`
	Name text `yaml:"name" doc:"as the policy calls it" example:"Acme workspace"`
}

// plainAccount is an accountIn without its own way of decoding.
type plainAccount accountIn

// DecodeYAML implements strictyaml.Decodable.
func (a *accountIn) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		a.At = d.Position(n)
		d.Decode(n, &a.Kind)
		return
	}
	d.Decode(n, (*plainAccount)(a))
}

// classesIn is a list of classes, which may be empty: nothing is found then.
type classesIn struct {
	At   strictyaml.Position
	List []text
	None bool
}

// DecodeYAML implements strictyaml.Decodable.
func (c *classesIn) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	c.At = d.Position(n)
	c.None = n.Kind == yaml.SequenceNode && len(n.Content) == 0
	d.Decode(n, (*strictyaml.Strings)(&c.List))
}

// JSONSchema implements jsonschema.Described.
func (*accountIn) JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	return jsonschema.AnyOf(c.For("account").Text(), c.Of(reflect.TypeFor[plainAccount]()))
}

// JSONSchema implements jsonschema.Described.
func (*classesIn) JSONSchema(c jsonschema.Context) *jsonschema.Schema { return c.TextOrList(0) }

// amountIn is a number or a comparison.
type amountIn struct{ text }

// JSONSchema implements jsonschema.Described.
func (*amountIn) JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	s := c.For("amount").Text()
	s.Type = append(s.Type, "integer")
	return s
}

// messagesIn is a list of expectations.
type messagesIn []expectEntry

// JSONSchema implements jsonschema.Described: a message has no messages of its own.
func (*messagesIn) JSONSchema(c jsonschema.Context) *jsonschema.Schema {
	var fields []reflect.StructField
	all := reflect.TypeFor[expectEntry]()
	for i := range all.NumField() {
		if f := all.Field(i); f.Type != reflect.TypeFor[messagesIn]() {
			fields = append(fields, f)
		}
	}
	return &jsonschema.Schema{Type: jsonschema.Types{"array"}, Items: c.Of(reflect.StructOf(fields))}
}

// rowsIn is the table of a test.
type rowsIn struct{ node *yaml.Node }

// DecodeYAML implements strictyaml.Decodable.
func (r *rowsIn) DecodeYAML(_ *strictyaml.Decoder, n *yaml.Node) { r.node = n }

// JSONSchema implements jsonschema.Described.
func (*rowsIn) JSONSchema(jsonschema.Context) *jsonschema.Schema {
	row := &jsonschema.Schema{Type: jsonschema.Types{"array"}, MinItems: 1}
	return &jsonschema.Schema{Type: jsonschema.Types{"array"}, Items: row, MinItems: 1}
}

// rows turns the table of a test into cases: each value under the key of its column.
func (f *file) rows(e *testEntry) []caseEntry {
	table := e.Rows.node
	switch {
	case table == nil && len(e.Columns) == 0:
		return nil
	case table == nil:
		f.fault(e.Columns[0], "give the values of each case as a list under `rows`", "the columns have no rows").ID = "invalid-test"
		return nil
	case len(e.Columns) == 0:
		f.Errorf(table, "say what the values are: `columns: [prompt, action]`", "the rows have no columns").ID = "invalid-test"
		return nil
	case table.Kind != yaml.SequenceNode || len(table.Content) == 0:
		f.Errorf(table, "write each case as a list: `- [hello, log]`", "the rows are no list").ID = "invalid-test"
		return nil
	}
	keys, ok := f.columns(e.Columns)
	if !ok {
		return nil
	}
	var out []caseEntry
	for _, row := range table.Content {
		if row.Kind == yaml.AliasNode {
			row = row.Alias
		}
		switch {
		case row.Kind != yaml.SequenceNode:
			f.Errorf(row, "write it as a list: [hello, log]", "a row is no list").ID = "invalid-test"
		case len(row.Content) != len(keys):
			f.Errorf(row, "write ~ for what stays as the test has it", "the row has %s for %s", count(len(row.Content), "value"), count(len(keys), "column")).ID = "invalid-test"
		default:
			out = append(out, f.row(row, keys))
		}
	}
	return out
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// row decodes one case as if it had been written with its keys.
func (f *file) row(row *yaml.Node, keys []column) caseEntry {
	var sections [3]*yaml.Node
	for i := range sections {
		sections[i] = mappingAt(row)
	}
	for i, value := range row.Content {
		if value.Kind == yaml.ScalarNode && value.Tag == "!!null" {
			continue
		}
		keys[i].put(sections[keys[i].section], value)
	}
	c := caseEntry{At: f.Position(row)}
	for _, name := range sections[nameSection].Content {
		c.Name = text{}
		f.Decode(name, &c.Name)
	}
	f.Decode(sections[requestSection], &c.Request)
	if len(sections[expectSection].Content) > 0 {
		f.Decode(sections[expectSection], &c.Expect)
	}
	return c
}

func mappingAt(n *yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: n.Line, Column: n.Column}
}
