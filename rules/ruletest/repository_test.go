package ruletest_test

import (
	"os"
	"path/filepath"
	"testing"

	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/ruletest"
)

// The policies of this repository do what their own tests say, and every rule of the
// starter policy is in one of them.
func TestThePoliciesOfTheRepositoryPassTheirTests(t *testing.T) {
	for _, c := range []struct {
		folder string
		files  []string
		rules  int // that must decide in a test
		tests  int // at least
	}{
		{"../engine", []string{"starter.yaml", "starter_test.yaml"}, 4, 12},
		{"../../testdata/policies/good", []string{"marketing.yaml"}, 6, 7},
	} {
		t.Run(c.files[0], func(t *testing.T) {
			var files []policyfile.File
			for _, name := range c.files {
				data, err := os.ReadFile(filepath.Join(c.folder, name))
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, policyfile.File{Name: name, Data: data})
			}
			s := compile(t, files...)
			r := ruletest.Run(s, s.Tests(), os.DirFS(c.folder), ruletest.Options{Now: noon})
			if r.Failed() > 0 || len(r.Results) < c.tests {
				t.Errorf("%d tests\n%s", len(r.Results), said(r))
			}
			if r.Covered() < c.rules {
				t.Errorf("%d of %d rules decide in a test", r.Covered(), len(r.Rules))
			}
		})
	}
}
