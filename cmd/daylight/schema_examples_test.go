package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"daylight.internal/classifier/detect"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml/jsonschema"
)

// beside are keys that a mapping needs for an example of another key to make
// sense, by the path of the mapping, or of that key where it is special. Where
// the example is of one of them, none is added.
var beside = map[string][]string{
	"detectors.*": {`regexp: 'LC-\d{8}'`, "words:", "columns:"},
	"groups.*":    {"users: ana", "networks:"},
	"accounts[]":  {"tenant: 0b3c9d44", "domain:"},
	"services[]":  {"operations: [{kind: prompt, path: '/v1/{team}/chat', text: $.prompt}]"},

	"tests[]":                     {"request: {url: 'https://chatgpt.com/'}", "expect: {action: log}"},
	"tests[].rows":                {"request: {service: chatgpt}", "columns: [user, prompt, action]"},
	"tests[].columns":             {"request: {service: chatgpt}", "rows: [[ana@corp.example, hello, log]]"},
	"tests[].request":             {"url: 'https://chatgpt.com/'", "service:", "har:", "http:", "websocket:"},
	"tests[].request.service":     {"prompt: hello"},
	"tests[].request.prompt":      {"service: chatgpt"},
	"tests[].request.prompt_file": {"service: chatgpt"},
	"tests[].request.upload":      {"service: chatgpt"},
	"tests[].request.entry":       {"har: chat.har"},

	"services[].operations[]": {"text: $.prompt", "websocket: true"},
	"services[].risk":         {"trains_on_input: never", "retention_days:", "regions:"},
}

func TestEveryExampleOfAKeyWorks(t *testing.T) {
	schema, err := policySchema(&configFlags{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	known := policyfile.Known{Catalog: embedded, Detectors: detect.All()}
	count := 0
	for path, s := range schema.Keys() {
		if s.Example == "" {
			continue
		}
		count++
		t.Run(path, func(t *testing.T) {
			base := "version: 1\ngroups: {marketing: {users: mo}}\n"
			if !strings.HasPrefix(path, "rules[]") {
				base += "rules: [{name: customer lists stay home, match: {users: mo}, action: block}]\n"
			}
			text, err := yaml.Marshal(around(schema, "", path, s))
			if err != nil {
				t.Fatal(err)
			}
			_, problems := policyfile.Load([]policyfile.File{
				{Name: "base.yaml", Data: []byte(base)}, {Name: "example.yaml", Data: append([]byte("version: 1\n"), text...)},
			}, known)
			for _, p := range problems.Errors() { // such small policies are doubtful
				t.Errorf("%s\n%s", p.Error(), text)
			}
		})
	}
	if count < 80 {
		t.Errorf("only %d keys have an example", count)
	}
}

// around writes the example of the key at path into the smallest mapping that
// stands at above and holds it.
func around(mapping *jsonschema.Schema, above, path string, s *jsonschema.Schema) map[string]any {
	rest := strings.TrimPrefix(strings.TrimPrefix(path, above), ".")
	name := rest[:strings.IndexAny(rest+".", ".[")]
	out := map[string]any{}
	for _, p := range mapping.Properties {
		if slices.Contains(mapping.Required, p.Name) && p.Schema.Example != "" {
			out[p.Name] = value(p.Schema.Example)
		}
	}
	key := strings.TrimPrefix(above+"."+name, ".")
	asTest := func(path string) string { return strings.Replace(path, "cases[].", "", 1) } // a case is written like its test
	needed, special := beside[asTest(key)]
	if !special || key != path {
		needed = beside[asTest(above)]
	}
	if !slices.ContainsFunc(needed, func(line string) bool { return strings.HasPrefix(line, name+":") }) || above == "tests[]" {
		for _, line := range needed {
			if key, text, _ := strings.Cut(line, ": "); text != "" {
				out[key] = value(text)
			}
		}
	}
	if above == "services[].operations[]" && name != "pieces" {
		delete(out, "websocket")
	}
	switch {
	case key == path:
		out[name] = value(s.Example)
	case strings.HasPrefix(path, key+"[]"):
		out[name] = []any{around(mapping.Lookup(name).Mapping(), key+"[]", path, s)}
	case strings.HasPrefix(path, key+".*"):
		out[name] = map[string]any{"an_example": around(mapping.Lookup(name).Mapping(), key+".*", path, s)}
	default:
		out[name] = around(mapping.Lookup(name).Mapping(), key, path, s)
	}
	if above == "" {
		delete(out, "version")
	}
	return out
}

func value(text string) any {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		panic(err)
	}
	return jsonschema.Value(n.Content[0])
}

func TestEveryExampleOfTheConfigurationWorks(t *testing.T) {
	schema := configSchema()
	for path, s := range schema.Keys() {
		if s.Description == "" {
			t.Errorf("%s has no description: give its field the tag `doc`", path)
		}
		if s.Example == "" {
			continue
		}
		t.Run(path, func(t *testing.T) {
			content := around(schema, "", path, s)
			for key, with := range map[string]string{"ca_cert": "ca_key", "ca_key": "ca_cert", "user_header": "user_header_from", "type": "path", "path": "type"} {
				if strings.HasSuffix(path, "."+key) {
					addBeside(content, key, with, schema)
				}
			}
			text, err := yaml.Marshal(content)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "daylight.yaml")
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := (&configFlags{file: file}).load(); err != nil {
				var said bytes.Buffer
				(&environment{stderr: &said}).report(err)
				t.Errorf("%s\n%s", said.String(), text)
			}
		})
	}
}

// addBeside gives the mapping that holds a key the example of another key.
func addBeside(content map[string]any, key, with string, schema *jsonschema.Schema) {
	for _, v := range content {
		if list, ok := v.([]any); ok {
			v = list[0]
		}
		mapping, ok := v.(map[string]any)
		if _, here := mapping[key]; !ok || !here {
			continue
		}
		for path, s := range schema.Keys() {
			if strings.HasSuffix(path, "."+with) {
				mapping[with] = value(s.Example)
			}
		}
	}
}
