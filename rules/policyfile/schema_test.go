package policyfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"gopkg.in/yaml.v3"

	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml"
	"daylight.internal/rules/strictyaml/jsonschema"
)

// compiled makes a validator of another project of the schema.
func compiled(t testing.TB, s *jsonschema.Schema) *validator.Schema {
	t.Helper()
	text, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := validator.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := validator.NewCompiler()
	if err := c.AddResource("daylight.json", doc); err != nil {
		t.Fatal(err)
	}
	out, err := c.Compile("daylight.json")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// content returns the mapping of a file, or nil when it is no YAML.
func content(data []byte) *yaml.Node {
	var n yaml.Node
	if err := yaml.Unmarshal(data, &n); err != nil || len(n.Content) == 0 {
		return nil
	}
	return n.Content[0]
}

func TestEveryKeyOfAPolicyIsDescribed(t *testing.T) {
	count := 0
	for path, s := range policyfile.JSONSchema(nil, known(t)).Keys() {
		if count++; s.Description == "" {
			t.Errorf("%s has no description: give its field the tag `doc`", path)
		}
	}
	if count < 90 {
		t.Errorf("only %d keys", count)
	}
}

func TestTheSchemaTakesGoodPolicies(t *testing.T) {
	schema := compiled(t, policyfile.JSONSchema(nil, known(t)))
	for _, name := range append(glob(t, "good"), "../engine/starter.yaml") {
		if err := schema.Validate(jsonschema.Value(content(read(t, name).Data))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// structural are the faults that are about one place of one file alone, so that
// a schema can find them too.
var structural = []string{
	"wrong-type", "unknown-key", "missing-key", "missing-value", "unknown-action", "invalid-comparison", "invalid-share", "invalid-mode",
}

func TestTheSchemaRefusesWhatIsBadByItself(t *testing.T) {
	schema := compiled(t, policyfile.JSONSchema(nil, known(t)))
	found := map[string]int{}
	for _, name := range glob(t, "bad") {
		in := read(t, name)
		n := content(in.Data)
		if n == nil {
			continue
		}
		marked := lines(schema.Validate(jsonschema.Value(n)), n)
		_, problems := load(t, in)
		for _, p := range problems {
			if !slices.Contains(structural, p.ID) {
				continue
			}
			if found[p.ID]++; !marked[p.Line] {
				t.Errorf("the schema finds no fault here: %s", p.Error())
			}
		}
	}
	if len(found) < 6 {
		t.Errorf("the bad policies show too few kinds of faults: %v", found)
	}
}

// lines returns the lines that the validator complains of.
func lines(err error, n *yaml.Node) map[int]bool {
	marked := map[int]bool{}
	var fault *validator.ValidationError
	if errors.As(err, &fault) {
		mark(fault, n, marked)
	}
	return marked
}

func mark(fault *validator.ValidationError, root *yaml.Node, marked map[int]bool) {
	n := root
	for _, step := range fault.InstanceLocation {
		n = below(n, step, marked)
	}
	marked[n.Line] = true
	if extra, ok := fault.ErrorKind.(*kind.AdditionalProperties); ok {
		for _, name := range extra.Properties {
			below(n, name, marked)
		}
	}
	for _, cause := range fault.Causes {
		mark(cause, root, marked)
	}
}

// below returns what stands under a key or at an index, and marks the line of the key.
func below(n *yaml.Node, step string, marked map[int]bool) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if n.Content[i].Value == step {
			marked[n.Content[i].Line] = true
			return n.Content[i+1]
		}
	}
	var i int
	if _, err := fmt.Sscan(step, &i); err == nil && n.Kind == yaml.SequenceNode && i < len(n.Content) {
		return n.Content[i]
	}
	return n
}

// spoiled are values of which each has the wrong type somewhere.
func spoiled() map[string]*yaml.Node {
	text := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "something"}
	list := &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{text}}
	return map[string]*yaml.Node{
		"a text": text, "a list": list,
		"a list in a list": {Kind: yaml.SequenceNode, Content: []*yaml.Node{list}},
		"a mapping":        {Kind: yaml.MappingNode, Content: []*yaml.Node{text, text}},
		"nothing":          {Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"},
	}
}

// TestSchemaAndLoaderRefuseTheSame spoils every key and value of good policies.
func TestSchemaAndLoaderRefuseTheSame(t *testing.T) {
	schema := compiled(t, policyfile.JSONSchema(nil, known(t)))
	total, refused := 0, 0
	for _, name := range append(glob(t, "good"), "../engine/starter.yaml") {
		root := content(read(t, name).Data)
		spoil(root, func(what string) {
			data, err := yaml.Marshal(root)
			if err != nil {
				t.Fatal(err)
			}
			err = schema.Validate(jsonschema.Value(content(data)))
			_, problems := load(t, policyfile.File{Name: "p.yaml", Data: data})
			bySchema, byLoader := err != nil, problems.Err() != nil
			isStructural := slices.ContainsFunc(problems, func(p strictyaml.Problem) bool { return slices.Contains(structural, p.ID) })
			if isStructural && !bySchema {
				t.Errorf("%s, %s: the schema takes what the loader refuses:\n%s", filepath.Base(name), what, render(t, problems))
			}
			if bySchema && !byLoader {
				t.Errorf("%s, %s: the loader takes what the schema refuses: %v", filepath.Base(name), what, err)
			}
			if total++; bySchema {
				refused++
			}
		})
	}
	if t.Logf("%d of %d spoiled policies refused", refused, total); refused < 200 {
		t.Errorf("only %d of %d spoiled policies are refused", refused, total)
	}
}

// spoil changes one key or value after the other, and puts each back.
func spoil(n *yaml.Node, try func(what string)) {
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			name := child.Value
			child.Value = name + "x"
			try(fmt.Sprintf("key %q misspelt on line %d", name, child.Line))
			child.Value = name
			continue
		}
		bad := spoiled()
		for k, kind := range slices.Sorted(maps.Keys(bad)) {
			if (k+child.Line+child.Column)%2 == 0 { // half of them, for all would take a minute
				n.Content[i] = bad[kind]
				try(fmt.Sprintf("%s on line %d", kind, child.Line))
			}
		}
		n.Content[i] = child
		spoil(child, try)
	}
}
