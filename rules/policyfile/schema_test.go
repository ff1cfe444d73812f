package policyfile_test

import (
	"bytes"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml/jsonschema"
)

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

func parse(t testing.TB, data []byte) *yaml.Node {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal(data, &n); err != nil || len(n.Content) == 0 {
		return nil
	}
	return n.Content[0]
}

func TestTheSchemaTakesGoodPolicies(t *testing.T) {
	schema := compiled(t, policyfile.JSONSchema(nil, known(t)))
	for _, name := range glob(t, "good") {
		if err := schema.Validate(jsonschema.Value(parse(t, read(t, name).Data))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryKeyOfAPolicyIsDescribed(t *testing.T) {
	for path, s := range policyfile.JSONSchema(nil, known(t)).Keys() {
		if s.Description == "" {
			t.Errorf("%s has no description: give its field the tag `doc`", path)
		}
	}
}
