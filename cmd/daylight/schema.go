package main

import (
	"context"
	"flag"
	"fmt"
	"reflect"
	"strings"

	"daylight.internal/classifier/detect"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml/jsonschema"
)

// What editors and people of this repository read is written by make generate.
//go:generate sh -c "go run . schema policy > ../../docs/schema/policy.schema.json"
//go:generate sh -c "go run . schema config > ../../docs/schema/config.schema.json"
//go:generate sh -c "go run . schema services > ../../docs/schema/services.schema.json"
//go:generate sh -c "go run . schema policy --format markdown > ../../docs/policy-reference.md"

func schemaCommand() command {
	return command{
		name: "schema", group: "Policy", summary: "describe policy files for editors, and for people",
		usage: "schema [policy|config|services] [PATH...] [flags]",
		about: `Writes a JSON Schema of policy files (the default), of the configuration, or of
files of the catalogue, made of the same types by which they are read. With it
an editor completes keys and values, explains them and marks faults.

With PATHs, or the policy of a configuration, the groups, classes, detectors,
services and rules that these files declare are offered too.
`,
		examples: `  daylight schema > daylight.schema.json
  daylight schema policy policy/ > policy/daylight.schema.json
  daylight schema config > daylight.config.schema.json
  daylight schema --format markdown | less

  The first line of a policy file then tells the editor where it is:
  # yaml-language-server: $schema=daylight.schema.json
`,
		setup: func(fs *flag.FlagSet) action {
			config := addConfigFlags(fs)
			format := fs.String("format", "json", "output `FORMAT`: json, or markdown with a reference for people")
			return func(_ context.Context, env *environment, args []string) error {
				schema, err := schemaOf(config, args)
				if err != nil {
					return err
				}
				return writeSchema(env, schema, *format)
			}
		},
	}
}

// schemaOf returns the schema that the arguments name.
func schemaOf(config *configFlags, args []string) (*jsonschema.Schema, error) {
	kind, paths := "policy", args
	if len(args) > 0 {
		kind, paths = args[0], args[1:]
	}
	if kind != "policy" && len(paths) > 0 {
		return nil, usagef("unexpected argument %q", paths[0])
	}
	switch kind {
	case "policy":
		return policySchema(config, paths)
	case "config":
		return configSchema(), nil
	case "services":
		return catalog.FileSchema(), nil
	}
	if strings.ContainsAny(kind, "./") {
		return nil, &usageError{message: fmt.Sprintf("unknown schema %q", kind), help: "write `daylight schema policy " + kind + "`\n"}
	}
	return nil, unknown("schema", kind, []string{"policy", "config", "services"}, "write policy, config or services")
}

// policySchema describes policy files, and offers what the policy declares.
func policySchema(config *configFlags, paths []string) (*jsonschema.Schema, error) {
	c, err := config.load()
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		paths = c.Policy
	}
	files, err := readPolicyFiles(paths)
	if err != nil {
		return nil, err
	}
	embedded, err := catalog.Embedded()
	if err != nil {
		return nil, err
	}
	return policyfile.JSONSchema(files, policyfile.Known{Catalog: embedded, Detectors: detect.All()}), nil
}

// configSchema describes daylight.yaml.
func configSchema() *jsonschema.Schema {
	return jsonschema.Of(reflect.TypeFor[configFile](), "The configuration of Daylight", configVocabulary())
}

func writeSchema(env *environment, schema *jsonschema.Schema, format string) error {
	var text []byte
	var err error
	switch format {
	case "json":
		text, err = schema.JSON()
	case "markdown":
		text = schema.Reference()
	default:
		return unknownFormat(format, "json", "markdown")
	}
	if err != nil {
		return err
	}
	_, err = env.stdout.Write(text)
	return err
}
