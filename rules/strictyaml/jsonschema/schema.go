// Package jsonschema describes files in YAML for editors: it makes a JSON Schema
// (draft 07, which every editor understands) of the Go types that the files are
// read into, and a reference for people of the same schema. It is pure.
package jsonschema

import (
	"bytes"
	"encoding/json"
	"iter"
	"reflect"
	"slices"
	"strings"
)

// draft is the version of JSON Schema. It is the default of yaml-language-server
// and the newest that all common editors know.
const draft = "http://json-schema.org/draft-07/schema#"

// Schema is the part of JSON Schema that files of Daylight need. Keys that
// JSON Schema does not define are those of yaml-language-server.
type Schema struct {
	Draft       string     `json:"$schema,omitempty"`
	Ref         string     `json:"$ref,omitempty"`
	Comment     string     `json:"$comment,omitempty"`
	Description string     `json:"description,omitempty"`
	Markdown    string     `json:"markdownDescription,omitempty"` // what a hover shows
	Type        Types      `json:"type,omitempty"`
	Const       any        `json:"const,omitempty"`
	Enum        []string   `json:"enum,omitempty"`
	Meanings    []string   `json:"enumDescriptions,omitempty"` // of Enum, one each
	Pattern     string     `json:"pattern,omitempty"`
	PatternHint string     `json:"patternErrorMessage,omitempty"`
	Minimum     *int       `json:"minimum,omitempty"`
	Default     any        `json:"default,omitempty"`
	Examples    []any      `json:"examples,omitempty"`
	AnyOf       []*Schema  `json:"anyOf,omitempty"`
	Not         *Schema    `json:"not,omitempty"`
	Items       *Schema    `json:"items,omitempty"`
	MinItems    int        `json:"minItems,omitempty"`
	Properties  Properties `json:"properties,omitempty"`
	Names       *Schema    `json:"propertyNames,omitempty"`
	// Additional is false, or the *Schema of the keys that are not in Properties.
	Additional  any        `json:"additionalProperties,omitempty"`
	Required    []string   `json:"required,omitempty"`
	Definitions Properties `json:"definitions,omitempty"`

	values  Values       // what a text may be, for the reference
	of      reflect.Type // of a mapping with keys of its own
	Example string       `json:"-"` // as it was written; "" for none
}

// Types are the types that a value may have.
type Types []string

// MarshalJSON implements json.Marshaler: a single type is a text.
func (t Types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// Property is a key of a mapping.
type Property struct {
	Name   string
	Schema *Schema
}

// Properties are the keys of a mapping in the order of the Go type.
type Properties []Property

// MarshalJSON implements json.Marshaler: an object in the order of the list.
func (p Properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, property := range p {
		b.WriteByte("{,"[min(i, 1)])
		name, err := json.Marshal(property.Name)
		if err != nil {
			return nil, err
		}
		schema, err := encode(property.Schema)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(schema)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Lookup returns the schema of a key, or nil.
func (s *Schema) Lookup(name string) *Schema {
	i := slices.IndexFunc(s.Properties, func(p Property) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return s.Properties[i].Schema
}

// JSON returns the schema indented, with a newline at its end.
func (s *Schema) JSON() ([]byte, error) {
	compact, err := encode(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// encode is json.Marshal that leaves < and > readable.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// Keys iterates over every key that can be written, with its path, such as
// rules[].match.status. Names that an author chooses are a "*".
func (s *Schema) Keys() iter.Seq2[string, *Schema] {
	return func(yield func(string, *Schema) bool) { s.keys("", yield) }
}

func (s *Schema) keys(path string, yield func(string, *Schema) bool) bool {
	for _, p := range s.Properties {
		key := strings.TrimPrefix(path+"."+p.Name, ".")
		if !yield(key, p.Schema) || !p.Schema.keys(key, yield) {
			return false
		}
	}
	isMapping := func(way *Schema) bool { return len(way.Properties) > 0 }
	for _, way := range s.AnyOf {
		if way.Items != nil && slices.ContainsFunc(s.AnyOf, isMapping) {
			continue // the same keys again
		}
		if !way.keys(path, yield) {
			return false
		}
	}
	if s.Items != nil && !s.Items.keys(path+"[]", yield) {
		return false
	}
	if named, ok := s.Additional.(*Schema); ok && !named.keys(path+".*", yield) {
		return false
	}
	return true
}
