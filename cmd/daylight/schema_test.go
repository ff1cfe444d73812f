package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// described are the files of the repository that tell an editor their schema.
func describedFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{
		"../../rules/engine/starter.yaml", "../../testdata/policies/good/*.yaml", "../../rules/catalog/services/*.yaml",
	} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	return files
}

func TestThePoliciesOfTheRepositoryTellEditorsTheirSchema(t *testing.T) {
	for _, file := range describedFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		line, _, _ := strings.Cut(string(text), "\n")
		path, ok := strings.CutPrefix(line, "# yaml-language-server: $schema=")
		if !ok {
			t.Errorf("%s begins with %q, not with its schema", file, line)
		} else if _, err := os.Stat(filepath.Join(filepath.Dir(file), path)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestTheGeneratedFilesAreUpToDate(t *testing.T) {
	for file, args := range map[string][]string{
		"schema/policy.schema.json":   {"schema", "policy"},
		"schema/config.schema.json":   {"schema", "config"},
		"schema/services.schema.json": {"schema", "services"},
		"policy-reference.md":         {"schema", "policy", "--format", "markdown"},
	} {
		want, err := os.ReadFile(filepath.Join("../../docs", file))
		if err != nil {
			t.Fatal(err)
		}
		var out, said bytes.Buffer
		if code := run(t.Context(), args, strings.NewReader(""), &out, &said); code != exitFine {
			t.Fatalf("%q: %s", args, said.String())
		}
		if !bytes.Equal(out.Bytes(), want) {
			t.Errorf("docs/%s is not what %q writes: run make generate", file, args)
		}
	}
}
