package main

import (
	"os"
	"strings"
	"testing"

	"daylight.internal/rules/policyfile"
)

// UPDATE=1 go test ./cmd/daylight -run KindsOfFaults rewrites the table.
func TestTheDocumentsListAllKindsOfFaults(t *testing.T) {
	const file, begin, end = "../../docs/policy.md", "<!-- kinds of faults -->\n", "<!-- end of kinds -->\n"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| id | meaning |\n|---|---|\n")
	for _, k := range policyfile.Kinds() {
		b.WriteString("| `" + k.ID + "` | " + k.Meaning + " |\n")
	}
	head, rest, ok := strings.Cut(string(text), begin)
	table, tail, alsoOK := strings.Cut(rest, end)
	if !ok || !alsoOK {
		t.Fatalf("%s has no table between %q and %q", file, begin, end)
	}
	if table == b.String() {
		return
	}
	if os.Getenv("UPDATE") == "" {
		t.Fatalf("the table of kinds in %s is out of date", file)
	}
	if err := os.WriteFile(file, []byte(head+begin+b.String()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
