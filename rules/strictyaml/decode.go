package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Limits on one file. People do not write more; a bomb does.
const (
	MaxFileBytes = 4 << 20
	maxNodes     = 500_000
	maxDepth     = 64
)

// Value is a scalar that remembers where it was written. Set is false when the
// key is absent.
type Value[T any] struct {
	V      T
	At     Position
	Length int
	Set    bool
}

func (v *Value[T]) place(at Position, length int) any {
	v.At, v.Length, v.Set = at, length, true
	return &v.V
}

type placer interface {
	place(at Position, length int) any
}

// Decodable is a type that reads its own node, such as a list that may be
// written as a single value.
type Decodable interface {
	DecodeYAML(d *Decoder, n *yaml.Node)
}

// Decoder reads one file and collects its problems.
type Decoder struct {
	File     string
	Problems Problems
	source
	nodes   int
	aliased bool // an alias was followed
	depth   int
	layouts map[reflect.Type]*layout
}

// Parse reads the single document of a file. The node is nil when the file is
// empty or cannot be parsed; the decoder then holds the reason.
func Parse(file string, data []byte) (*yaml.Node, *Decoder) {
	d := &Decoder{File: file}
	if len(data) > MaxFileBytes {
		d.Problems = append(d.Problems, Problem{Position: Position{File: file, Line: 1, Column: 1}, ID: "file-size", Message: fmt.Sprintf("the file is larger than %d MiB", MaxFileBytes>>20), Hint: "split it into several files"})
		return nil, d
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	d.source = newSource(data)
	if line, column, found := firstInvalid(data); found {
		d.at(Position{File: file, Line: line, Column: column}, 1, "save the file as UTF-8", "the text is not valid UTF-8").ID = "not-utf8"
		return nil, d
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, next yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) {
			d.syntax(err, data)
		}
		return nil, d
	}
	if err := dec.Decode(&next); err == nil {
		d.Errorf(&next, "put it into a file of its own", "a second document in one file").ID = "second-document"
	} else if !errors.Is(err, io.EOF) {
		d.syntax(err, data)
		return nil, d
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil, d
	}
	root := doc.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, d
	}
	return root, d
}

// Errorf records a fault at a node. The problem is returned to be given an ID,
// before the next one is recorded; so it is by the others.
func (d *Decoder) Errorf(n *yaml.Node, hint, format string, args ...any) *Problem {
	return d.at(d.Position(n), d.length(n), hint, fmt.Sprintf(format, args...))
}

// Warnf records a doubt at a node.
func (d *Decoder) Warnf(n *yaml.Node, hint, format string, args ...any) *Problem {
	p := d.Errorf(n, hint, format, args...)
	p.Warning = true
	return p
}

// ErrorAt records a fault at a place that was decoded before; a Value has its
// At and Length.
func (d *Decoder) ErrorAt(at Position, length int, hint, format string, args ...any) *Problem {
	return d.at(at, length, hint, fmt.Sprintf(format, args...))
}

// WarnAt records a doubt at a place that was decoded before.
func (d *Decoder) WarnAt(at Position, length int, hint, format string, args ...any) *Problem {
	p := d.ErrorAt(at, length, hint, format, args...)
	p.Warning = true
	return p
}

func (d *Decoder) at(at Position, length int, hint, message string) *Problem {
	p := Problem{Position: at, Message: message, Hint: hint, Length: max(1, length), Source: d.line(at.Line)}
	d.Problems = append(d.Problems, p)
	return &d.Problems[len(d.Problems)-1]
}

// Decode reads a node into out, a pointer. Structs take the keys of their yaml
// tags (",required" makes one obligatory); a field "At Position" receives the
// place of the mapping, and "Faulty bool" whether something in it did not fit. Everything that does not fit is recorded, the rest is read.
func (d *Decoder) Decode(n *yaml.Node, out any) {
	d.value(n, reflect.ValueOf(out).Elem())
}

func (d *Decoder) tooMuch(n *yaml.Node) {
	message, hint := "the file unfolds to too much", "write fewer aliases"
	switch {
	case d.aliased:
	case d.depth > maxDepth:
		message, hint = "the values are nested too deeply", fmt.Sprintf("at most %d levels are read", maxDepth)
	default:
		message, hint = "the file holds too many values", "split it into several files"
	}
	d.Errorf(n, hint, "%s", message).ID = "too-many-aliases"
}

func (d *Decoder) value(n *yaml.Node, v reflect.Value) {
	d.nodes++
	d.depth++
	defer func() { d.depth-- }()
	if d.nodes > maxNodes || d.depth > maxDepth {
		if d.nodes <= maxNodes+1 {
			d.tooMuch(n)
		}
		d.nodes = maxNodes + 2
		return
	}
	if n.Kind == yaml.AliasNode {
		n, d.aliased = n.Alias, true
	}
	if v.CanAddr() {
		if c, ok := v.Addr().Interface().(Decodable); ok {
			c.DecodeYAML(d, n)
			return
		}
		if p, ok := v.Addr().Interface().(placer); ok {
			if n.Tag == "!!null" {
				d.Errorf(n, "write a value or leave the key out", "the value is missing").ID = "missing-value"
				return
			}
			d.value(n, reflect.ValueOf(p.place(d.Position(n), d.length(n))).Elem())
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.value(n, v.Elem())
	case reflect.Struct:
		d.mapping(n, v)
	case reflect.Slice:
		d.sequence(n, v)
	case reflect.Map:
		d.dictionary(n, v)
	default:
		d.scalar(n, v)
	}
}

func (d *Decoder) mapping(n *yaml.Node, v reflect.Value) {
	layout, before := d.layout(v.Type()), len(d.Problems)
	d.fields(n, v, layout)
	if layout.faulty >= 0 {
		v.Field(layout.faulty).SetBool(len(d.Problems) > before)
	}
}

func (d *Decoder) fields(n *yaml.Node, v reflect.Value, layout *layout) {
	if n.Kind != yaml.MappingNode {
		d.Errorf(n, "write `key: value` lines here", "expected a mapping, found %s", kindName(n)).ID = "wrong-type"
		return
	}
	if layout.at >= 0 {
		*v.Field(layout.at).Addr().Interface().(*Position) = d.Position(n)
	}
	seen := make([]int, len(layout.names)) // the lines of the keys
	var unknown map[string]int
	var misspelt []string
	for key, value := range d.Pairs(n) {
		name := key.Value
		i := slices.Index(layout.names, name)
		line := unknown[name]
		if i >= 0 {
			line = seen[i]
		}
		switch {
		case line > 0:
			d.Errorf(key, "", "key %q is already given on line %d", name, line).ID = "duplicate-key"
		case i >= 0:
			seen[i] = d.Position(key).Line
			d.value(value, v.Field(layout.fields[i]))
		default:
			if unknown == nil {
				unknown = map[string]int{}
			}
			unknown[name] = d.Position(key).Line
			misspelt = append(misspelt, d.unknownKey(key, layout.names))
		}
	}
	for i, name := range layout.names {
		if layout.required[i] && seen[i] == 0 && !slices.Contains(misspelt, name) {
			d.Errorf(n, "", "key %q is missing", name).ID = "missing-key"
		}
	}
}

// unknownKey returns the key that was probably meant, "" when none is close.
func (d *Decoder) unknownKey(key *yaml.Node, names []string) string {
	meant := Suggest(key.Value, names)
	hint := fmt.Sprintf("did you mean %q?", meant)
	if meant == "" {
		hint = "known keys: " + strings.Join(names, ", ")
	}
	d.Errorf(key, hint, "unknown key %q", key.Value).ID = "unknown-key"
	return meant
}

// Pairs iterates over the keys and values of a mapping, merge keys (<<) unfolded.
func (d *Decoder) Pairs(n *yaml.Node) func(yield func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if key.Kind == yaml.ScalarNode && key.Tag == "!!merge" {
				d.Errorf(key, "write the keys out", "merge keys are not supported").ID = "merge-key"
				continue
			}
			if key.Kind != yaml.ScalarNode {
				d.Errorf(key, "", "a key must be plain text").ID = "wrong-type"
				continue
			}
			if !yield(key, value) {
				return
			}
		}
	}
}

func (d *Decoder) sequence(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		d.Errorf(n, "write it as [a, b] or as lines that begin with `- `", "expected a list, found %s", kindName(n)).ID = "wrong-type"
		return
	}
	first := v.Len()
	v.Grow(len(n.Content))
	v.SetLen(first + len(n.Content))
	for i, item := range n.Content {
		d.value(item, v.Index(first+i))
	}
}

func (d *Decoder) dictionary(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		d.Errorf(n, "write `name: value` lines here", "expected a mapping, found %s", kindName(n)).ID = "wrong-type"
		return
	}
	if v.IsNil() {
		v.Set(reflect.MakeMap(v.Type()))
	}
	seen := map[string]int{}
	for key, value := range d.Pairs(n) {
		if line, again := seen[key.Value]; again {
			d.Errorf(key, "", "key %q is already given on line %d", key.Value, line).ID = "duplicate-key"
			continue
		}
		seen[key.Value] = d.Position(key).Line
		e := reflect.New(v.Type().Elem()).Elem()
		d.value(value, e)
		v.SetMapIndex(reflect.ValueOf(key.Value).Convert(v.Type().Key()), e)
	}
}

func (d *Decoder) scalar(n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.ScalarNode {
		d.Errorf(n, "", "expected %s, found %s", typeName(v), kindName(n)).ID = "wrong-type"
		return
	}
	var err error
	switch {
	case n.Tag == "!!null": // a key without a value is not false, 0 or ""
		err = errors.New("null")
	case v.Type() == reflect.TypeFor[time.Duration]():
		var t time.Duration
		if t, err = time.ParseDuration(n.Value); err == nil {
			v.SetInt(int64(t))
		}
	case v.Kind() == reflect.String:
		v.SetString(n.Value)
	case v.Kind() == reflect.Bool:
		var b bool
		if err = n.Decode(&b); err == nil {
			v.SetBool(b)
		}
	case v.CanInt():
		var i int64
		if i, err = strconv.ParseInt(n.Value, 0, v.Type().Bits()); err == nil {
			v.SetInt(i)
		}
	case v.Kind() == reflect.Float64:
		var f float64
		if err = n.Decode(&f); err == nil {
			v.SetFloat(f)
		}
	default:
		panic("strictyaml: unsupported type " + v.Type().String())
	}
	if err != nil {
		d.Errorf(n, "", "expected %s, found %s", typeName(v), kindName(n)).ID = "wrong-type"
	}
}

func typeName(v reflect.Value) string {
	switch {
	case v.Type() == reflect.TypeFor[time.Duration]():
		return `a duration such as "30s" or "10m"`
	case v.Kind() == reflect.Bool:
		return "true or false"
	case v.CanInt():
		return "a whole number"
	case v.CanFloat():
		return "a number"
	default:
		return "text"
	}
}

func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	if n.Tag == "!!null" {
		return "nothing"
	}
	return strconv.Quote(n.Value)
}
