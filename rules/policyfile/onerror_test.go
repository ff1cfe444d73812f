package policyfile_test

import (
	"strings"
	"testing"

	"daylight.internal/rules"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml"
)

// The default of a file is for its own rules, and a rule's own word goes before it.
func TestOnErrorOfFilesAndRules(t *testing.T) {
	files := []policyfile.File{
		{Name: "a.yaml", Data: []byte("version: 1\non_error: allow\nrules:\n  - {name: one, match: {}, action: block}\n  - {name: two, match: {}, action: block, on_error: block}\n  - {name: three, match: {}, action: log}\n")},
		{Name: "b.yaml", Data: []byte("version: 1\nrules:\n  - {name: four, match: {traffic: other}, action: block}\n  - {name: five, match: {traffic: other}, action: block, mode: monitor, on_error: allow}\n")},
	}
	source, problems := policyfile.Load(files, policyfile.Known{})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		onError rules.OnError
		ofFile  bool
	}{{rules.OnErrorAllow, true}, {rules.OnErrorBlock, false}, {rules.NoOnError, false}, {rules.NoOnError, false}, {rules.OnErrorAllow, false}} {
		if r := source.Policy.Rules[i]; r.OnError != want.onError || r.OnErrorOfFile != want.ofFile {
			t.Errorf("rule %s: %q, of the file %v", r.Name, r.OnError, r.OnErrorOfFile)
		}
	}
}

func TestFaultsOfOnError(t *testing.T) {
	rule := func(more string) policyfile.File {
		return text("version: 1", "rules:", "  - {name: r, match: {}, "+more+"}")
	}
	for _, c := range []struct {
		policy          policyfile.File
		id, fault, hint string
	}{
		{rule("action: block, on_error: blok"), "unknown-on-error", `unknown on_error "blok"`, `did you mean "block"?`},
		{rule("action: block, on_error: never"), "unknown-on-error", `unknown on_error "never"`, "known: allow, block"},
		{rule("action: block, on_error: fail-closed"), "unknown-on-error", `unknown on_error "fail-closed"`, "write block"},
		{rule("action: block, on_error: open"), "unknown-on-error", `unknown on_error "open"`, "write allow"},
		{rule("action: log, on_error: block"), "invalid-on-error", "only the action block has an on_error", "remove it"},
		{rule("action: allow, on_error: allow"), "invalid-on-error", "only the action block has an on_error", "remove it"},
		{rule("action: block, on_error: [block]"), "wrong-type", "expected text, found a list", ""},
		{rule("action: block, on_eror: block"), "unknown-key", `unknown key "on_eror"`, "on_error"},
		{text("version: 1", "on_error: stop", "rules:", "  - {name: r, match: {}, action: block}"), "unknown-on-error", `unknown on_error "stop"`, "known: allow, block"},
		{text("version: 1", "on_error: block", "rules:", "  - {name: r, match: {}, action: log}"), "useless-on-error", "this has no effect: the file has no rule that blocks", "remove it"},
		{text("version: 1", "on_error: block", "rules:", "  - {name: r, match: {}, action: block, on_error: allow}"), "useless-on-error", "this has no effect", "remove it"},
		{text("version: 1", "on_error: block", "groups: {a: {users: [ana]}}", "rules:", "  - {name: r, match: {groups: a}, action: block, mode: monitor}"), "", "", ""},
	} {
		_, problems := load(t, c.policy)
		got := render(t, problems)
		if c.id == "" {
			if len(problems) > 0 {
				t.Errorf("%s:\n%s", c.policy.Data, got)
			}
			continue
		}
		if len(problems) != 1 || problems[0].ID != c.id || !strings.Contains(got, c.fault) || !strings.Contains(got, c.hint) || problems[0].Position == (strictyaml.Position{}) {
			t.Errorf("%s:\n%s\nwant %s: %s\nhint %s", c.policy.Data, got, c.id, c.fault, c.hint)
		}
	}
}

func TestAFileOfTestsHasNoOnError(t *testing.T) {
	_, problems := policyfile.Load([]policyfile.File{{Name: "a_test.yaml", Data: []byte("version: 1\non_error: allow\n")}}, policyfile.Known{})
	if got := render(t, problems); !strings.Contains(got, "holds only `version` and `tests`") {
		t.Error(got)
	}
}
