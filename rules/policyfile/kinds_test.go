package policyfile_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"daylight.internal/rules/policyfile"
)

func kindIDs() []string {
	var ids []string
	for _, k := range policyfile.Kinds() {
		ids = append(ids, k.ID)
	}
	return ids
}

func TestEveryFaultOfTheFixturesHasAKind(t *testing.T) {
	ids := kindIDs()
	for _, folder := range []string{"bad", "forty"} {
		for _, name := range glob(t, folder) {
			_, problems := load(t, read(t, name))
			for _, p := range problems {
				if !slices.Contains(ids, p.ID) {
					t.Errorf("%s: the kind %q is not listed", p.Error(), p.ID)
				}
			}
		}
	}
}

// The ids in the source and those in the list are the same.
func TestKindsAreThoseOfTheSource(t *testing.T) {
	written := regexp.MustCompile(`\.?ID(?: =|:) "([a-z0-9-]+)"`)
	words := regexp.MustCompile(`(?:unknown|names|folded|oneOf)\(.*?"([a-z ]+)"`)
	unnamed := regexp.MustCompile(`(?m)^\s+(?:\w+\.)*(?:fault|doubt|ErrorAt|WarnAt|Errorf|Warnf|at)\(.*\)$`)
	used := map[string]bool{policyfile.OtherFault: true}
	for _, folder := range []string{".", "../strictyaml"} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range unnamed.FindAllString(string(source), -1) {
				if strings.Contains(m, ".ID") {
					continue
				}
				t.Errorf("%s: give this fault an ID: %s", file, strings.TrimSpace(m))
			}
			for _, m := range written.FindAllStringSubmatch(string(source), -1) {
				used[m[1]] = true
			}
			delete(used, "unknown-") // of which the rest is a word of the file
			for _, m := range words.FindAllStringSubmatch(string(source), -1) {
				used["unknown-"+strings.ReplaceAll(m[1], " ", "-")] = true
			}
		}
	}
	ids := kindIDs()
	for id := range used {
		if !slices.Contains(ids, id) {
			t.Errorf("%q is not listed", id)
		}
	}
	for i, id := range ids {
		if !used[id] {
			t.Errorf("%q is used nowhere", id)
		}
		if slices.Contains(ids[:i], id) {
			t.Errorf("%q is listed twice", id)
		}
	}
}
