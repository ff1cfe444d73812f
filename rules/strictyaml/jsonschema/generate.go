package jsonschema

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Values is what a text may be. The tag `values:"NAME"` of a field says which
// entry of the vocabulary belongs to it.
type Values struct {
	Name     string   // of one of them, for people, such as "id of a service"
	Words    []string // the known ones; nil when there is no list
	Meanings []string // of Words, one each, or nil
	Open     bool     // other words are fine too: Words are only offered
	Pattern  string   // that a word not among Words must fit, in what RE2 and ECMA 262 have in common
	Hint     string   // what to write where the pattern does not fit
}

// Vocabulary holds the values by the name that the tags of fields use.
type Vocabulary map[string]Values

// Described is a type that does not look in YAML as its Go type does: it says
// beside its DecodeYAML what may stand there.
type Described interface {
	JSONSchema(c Context) *Schema
}

// Context is the field that a type is described for.
type Context struct {
	generator *generator
	values    string // the name in the vocabulary; "" for any text
}

type generator struct {
	vocabulary  Vocabulary
	definitions Properties
}

// quoted is code in the doc of a field, where a back-quote cannot stand.
var quoted = regexp.MustCompile(`(^|[\s(])'([^']+)'`)

// longList is how many words are written once and referred to.
const longList = 24

// Of returns the schema of files that are read into a value of type t. Structs
// take the keys of their yaml tags; the tags doc, values, default, const and
// example describe them, and doc:"-" leaves a key out that is always refused. Code
// in doc stands in single quotes. It panics when a tag is wrong, which any test of
// the type shows.
func Of(t reflect.Type, description string, vocabulary Vocabulary) *Schema {
	g := &generator{vocabulary: vocabulary}
	s := Context{generator: g}.Of(t)
	s.Draft, s.Description, s.Definitions = draft, description, g.definitions
	return s
}

// For is the context with other values.
func (c Context) For(values string) Context {
	c.values = values
	return c
}

// Of describes a type for the field of the context.
func (c Context) Of(t reflect.Type) *Schema {
	if d, ok := reflect.New(t).Interface().(Described); ok {
		return d.JSONSchema(c)
	}
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return c.For("duration").Text()
	case t.Kind() == reflect.String:
		return c.Text()
	case t.Kind() == reflect.Bool:
		return &Schema{Type: Types{"boolean"}}
	case reflect.Zero(t).CanInt():
		return &Schema{Type: Types{"integer"}}
	case t.Kind() == reflect.Float64:
		return &Schema{Type: Types{"number"}}
	case t.Kind() == reflect.Pointer:
		return c.Of(t.Elem())
	case t.Kind() == reflect.Slice:
		return &Schema{Type: Types{"array"}, Items: c.Of(t.Elem())}
	case t.Kind() == reflect.Map:
		return c.Mapping(t.Elem())
	case t.Kind() == reflect.Struct:
		return c.object(t)
	}
	panic("jsonschema: unsupported type " + t.String())
}

// Text describes a text with the values of the field.
func (c Context) Text() *Schema {
	if c.values == "" {
		return &Schema{Type: anyText(), values: Values{Name: "text"}}
	}
	v, ok := c.generator.vocabulary[c.values]
	if !ok {
		panic("jsonschema: no values are called " + c.values)
	}
	words := &Schema{Type: Types{"string"}, Enum: v.Words, Meanings: v.Meanings, values: v}
	if len(v.Words) > longList && v.Open {
		words.Comment, words.Not = "offered only: a hover would show all of them if it could match, and any text is fine", &Schema{}
	}
	if len(v.Words) > longList {
		words = c.generator.define(c.values, words)
	}
	other := &Schema{Type: Types{"string"}, Pattern: v.Pattern, PatternHint: v.Hint, values: v}
	if v.Pattern == "" {
		other.Type = anyText()
	}
	switch {
	case v.Words == nil:
		return other
	case v.Open:
		return &Schema{AnyOf: []*Schema{words, other}, values: v}
	}
	return words
}

// anyText are the types of a text: a number without quotes is one for the decoder, too.
func anyText() Types { return Types{"string", "number"} }

// define writes a schema once and returns a reference to it.
func (g *generator) define(name string, s *Schema) *Schema {
	known := &Schema{Properties: g.definitions}
	if known.Lookup(name) == nil {
		g.definitions = append(g.definitions, Property{name, s})
	}
	return &Schema{Ref: "#/definitions/" + name, values: s.values}
}

// TextOrList describes a text that may also be a list of at least so many texts.
func (c Context) TextOrList(least int) *Schema {
	return AnyOf(c.Text(), &Schema{Type: Types{"array"}, Items: c.Text(), MinItems: least})
}

// AnyOf describes what is written in one of several ways.
func AnyOf(ways ...*Schema) *Schema {
	out := &Schema{}
	for _, w := range ways {
		if out.values.Name == "" {
			out.values = w.values
		}
		if len(w.AnyOf) > 0 && w.Description == "" {
			out.AnyOf = append(out.AnyOf, w.AnyOf...)
		} else {
			out.AnyOf = append(out.AnyOf, w)
		}
	}
	return out
}

// Mapping describes a mapping of names that the author chooses. The values of
// the field are those of the names.
func (c Context) Mapping(element reflect.Type) *Schema {
	s := &Schema{Type: Types{"object"}, Additional: c.For("").Of(element)}
	if c.values != "" {
		s.Names = c.Text()
		s.values = s.Names.values
	}
	return s
}

func (c Context) object(t reflect.Type) *Schema {
	s := &Schema{Type: Types{"object"}, Additional: false, of: t}
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		name, options, _ := strings.Cut(tag.Get("yaml"), ",")
		if name == "" || name == "-" || tag.Get("doc") == "-" {
			continue
		}
		p := c.For(tag.Get("values")).Of(t.Field(i).Type)
		if p.Ref != "" { // beside a reference nothing else counts
			p = AnyOf(p)
		}
		p.describe(quoted.ReplaceAllString(tag.Get("doc"), "$1`$2`"), name, tag.Get("example"))
		p.Default, p.Const = parsed(tag.Get("default")), parsed(tag.Get("const"))
		s.Properties = append(s.Properties, Property{name, p})
		if options == "required" {
			s.Required = append(s.Required, name)
		}
	}
	return s
}

// describe says what a key is for. Editors write examples into the file, which
// is right only where the form of a text is the question; elsewhere a hover shows them.
func (s *Schema) describe(doc, key, example string) {
	s.Description, s.Markdown, s.Example = doc, doc, example
	value := parsed(example)
	switch {
	case value == nil:
	case s.values.Pattern != "" && s.values.Words == nil && len(s.Properties) == 0:
		s.Examples = []any{value}
	default:
		s.Markdown += "\n\n```yaml\n" + key + ": " + example + "\n```"
	}
	if s.Markdown == s.Description && !strings.Contains(doc, "`") {
		s.Markdown = "" // a plain text says the same
	}
}

// parsed reads the value of a tag, which is YAML; nil for an empty one.
func parsed(text string) any {
	if text == "" {
		return nil
	}
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil || len(n.Content) != 1 {
		panic(fmt.Sprintf("jsonschema: %q is not YAML", text))
	}
	return Value(n.Content[0])
}
