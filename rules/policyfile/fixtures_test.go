package policyfile_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const fixtures = "../../testdata/policies"

// embedded reads the catalogue once: it never changes.
var embedded = sync.OnceValues(catalog.Embedded)

// known stands for the program around a policy: the embedded catalogue, a few
// detectors, and a fixed day.
func known(t testing.TB) policyfile.Known {
	t.Helper()
	c, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return policyfile.Known{
		Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Catalog: c,
		Detectors: []classifier.Detector{
			{ID: "email", Class: "personal"}, {ID: "phone", Class: "personal"}, {ID: "payment_card", Class: "payment"},
			{ID: "campaign_performance", Class: "campaign_performance"}, {ID: "creative_marker", Class: "creative"}, {ID: "jwt", Class: "credentials"},
		},
	}
}

func load(t testing.TB, files ...policyfile.File) (*policyfile.Source, strictyaml.Problems) {
	t.Helper()
	return policyfile.Load(files, known(t))
}

// text makes one file of its lines.
func text(lines ...string) policyfile.File {
	return policyfile.File{Name: "p.yaml", Data: []byte(strings.Join(lines, "\n") + "\n")}
}

func render(t testing.TB, problems strictyaml.Problems) string {
	t.Helper()
	var b strings.Builder
	for _, p := range problems {
		if err := p.Write(&b); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func TestGoodPoliciesHaveNoProblems(t *testing.T) {
	for _, name := range glob(t, "good") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			if _, problems := load(t, read(t, name)); len(problems) > 0 {
				t.Error("\n" + render(t, problems))
			}
		})
	}
}

func TestBadPoliciesAreExplained(t *testing.T) {
	distinct := map[string]bool{}
	for _, name := range glob(t, "bad") {
		t.Run(filepath.Base(name), func(t *testing.T) {
			_, problems := load(t, read(t, name))
			for _, p := range problems {
				distinct[withoutNames(p.Message)] = true
			}
			golden := strings.TrimSuffix(name, ".yaml") + ".txt"
			got := render(t, problems)
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) || got == "" {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
	if len(distinct) < 40 {
		t.Errorf("the fixtures show %d distinct faults, want at least 40", len(distinct))
	}
	t.Logf("%d distinct faults", len(distinct))
}

// withoutNames reduces a message to its kind.
func withoutNames(message string) string {
	parts := strings.Split(message, `"`)
	for i := 1; i < len(parts); i += 2 {
		parts[i] = "…"
	}
	return strings.Join(parts, `"`)
}

func TestEveryFaultOfAFileIsReportedAtOnce(t *testing.T) {
	_, problems := load(t, read(t, fixtures+"/bad/twenty-faults.yaml"))
	lines := map[string]bool{}
	for _, p := range problems.Errors() {
		lines[p.Position.String()+p.Message] = true
	}
	if len(lines) < 20 {
		t.Errorf("%d faults, want at least 20:\n%s", len(lines), render(t, problems))
	}
}

func TestEveryProblemShowsItsLine(t *testing.T) {
	for _, name := range glob(t, "bad") {
		_, problems := load(t, read(t, name))
		for _, p := range problems {
			if p.File != filepath.Base(name) || p.Line < 1 || p.Column < 1 || p.Length < 1 {
				t.Errorf("%s: a problem without a place: %+v", name, p)
			}
		}
	}
}

func glob(t testing.TB, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(fixtures, folder, "*.yaml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no policies in %s: %v", folder, err)
	}
	return names
}

func read(t testing.TB, name string) policyfile.File {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return policyfile.File{Name: filepath.Base(name), Data: data}
}
