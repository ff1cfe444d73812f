package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// edited is a policy while it is being written: § is where the cursor stands.
func edited(t *testing.T, e *editor, name, text string) (uri string, at position, found []diagnostic) {
	t.Helper()
	schema, err := filepath.Abs("../../docs/schema/policy.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	before, after, _ := strings.Cut(text, "§")
	lines := strings.Split(before, "\n")
	at = position{Line: len(lines), Character: len([]rune(lines[len(lines)-1]))} // below the modeline
	uri, found = e.open(filepath.Join(t.TempDir(), name), "# yaml-language-server: $schema="+schema+"\n"+before+after)
	return uri, at, found
}

func TestAnEditorCompletesPolicies(t *testing.T) {
	e := startEditor(t)
	const rule = "version: 1\nrules:\n  - name: lists stay home\n    action: block\n    match:\n"
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"sections", "version: 1\n§", []string{"approvals", "groups", "rules", "tests"}},
		{"conditions", rule + "      §", []string{"status", "data", "coverage", "people:"}[:3]},
		{"a status", rule + "      status: §", []string{"unreviewed", "prohibited"}},
		{"a status of a list", rule + "      status: [unreviewed, §]", []string{"prohibited", "tolerated"}},
		{"a status on a line of its own", rule + "      status:\n        - §", []string{"prohibited", "tolerated"}},
		{"a service", rule + "      service: §", []string{"chatgpt", "openai-api", "suspected"}},
		{"a data class", rule + "      data: §", []string{"personal", "credentials"}},
		{"a detector", rule + "      data:\n        detector: §", []string{"email", "payment_card"}},
		{"a comparison", rule + "      data:\n        class: personal\n        people: §", []string{">=10"}},
		{"actions", "version: 1\nrules:\n  - name: r\n    match: {}\n    action: §", []string{"block", "log", "allow"}},
		{"languages of a message", "version: 1\nrules:\n  - name: r\n    match: {}\n    action: block\n    message:\n      §", []string{"en", "zh"}},
		{"expectations", "version: 1\ntests:\n  - name: t\n    request: {url: 'https://chatgpt.com/'}\n    expect:\n      §", []string{"action", "people"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			uri, at, _ := edited(t, e, "policy.yaml", c.text)
			offered := e.complete(uri, at)
			for _, want := range c.want {
				if !slices.ContainsFunc(offered, func(o string) bool { return strings.Trim(o, `"'`) == want }) {
					t.Errorf("%q is not offered, only %q", want, offered[:min(len(offered), 30)])
				}
			}
		})
	}
}

func TestAnEditorExplainsPolicies(t *testing.T) {
	e := startEditor(t)
	for _, c := range []struct{ name, text, want string }{
		{"a section", "version: 1\nappro§vals:\n  - {service: chatgpt, status: tolerated}\n", "without an approval a service is `unreviewed`"},
		{"a key of an entry", "version: 1\napprovals:\n  - service: chatgpt\n    sta§tus: tolerated\n", "what was decided"},
		{"a value", "version: 1\napprovals:\n  - service: chatgpt\n    status: toler§ated\n", "known and accepted for now"},
		{"a condition", "version: 1\nrules:\n  - name: r\n    action: log\n    match: {cover§age: truncated}\n", "how much of the body could be read"},
		{"a comparison", "version: 1\nrules:\n  - name: r\n    action: log\n    match:\n      data: {class: personal, peo§ple: '>=10'}\n", "distinct individuals that the body names"},
		{"a service", "version: 1\napprovals:\n  - ser§vice: chatgpt\n    status: tolerated\n", "id in the catalogue"},
	} {
		t.Run(c.name, func(t *testing.T) {
			uri, at, _ := edited(t, e, "policy.yaml", c.text)
			shown := e.hover(uri, at)
			if !strings.Contains(shown, c.want) {
				t.Errorf("it shows %q", shown)
			}
			if len(shown) > 2000 {
				t.Errorf("nobody reads %d bytes: %s…", len(shown), shown[:500])
			}
		})
	}
}

func TestAnEditorMarksFaults(t *testing.T) {
	e := startEditor(t)
	for _, c := range []struct{ name, text, want string }{
		{"a misspelt key", "version: 1\nrules:\n  - name: r\n    §mach: {}\n    action: log\n    match: {}\n", "mach"},
		{"a misspelt section", "version: 1\n§rule: []\n", "rule"},
		{"an unknown status", "version: 1\napprovals:\n  - service: chatgpt\n    status: §approved\n", "sanctioned"},
		{"a comparison without an operator", "version: 1\nrules:\n  - name: r\n    action: log\n    match:\n      data:\n        class: personal\n        people: §\"10\"\n", "write it as"},
		{"a mapping for a list", "version: 1\nrules:\n  §name: r\n", "array"},
		{"a key that is missing", "version: 1\napprovals:\n  - §service: chatgpt\n", "status"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, at, found := edited(t, e, "policy.yaml", c.text)
			if len(found) != 1 || found[0].Range.Start.Line != at.Line || !strings.Contains(found[0].Message, c.want) {
				t.Errorf("want %q on line %d, it marks %+v", c.want, at.Line, found)
			}
		})
	}
}

func TestAnEditorFindsNoFaultInThePoliciesOfTheRepository(t *testing.T) {
	e := startEditor(t)
	for _, file := range describedFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		absolute, err := filepath.Abs(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, found := e.open(absolute, string(text)); len(found) > 0 {
			t.Errorf("%s: %+v", file, found)
		}
		if _, found := e.open(absolute+".bad.yaml", string(text)+"\nnobody_knows: this\n"); len(found) == 0 {
			t.Errorf("%s names a schema that marks nothing", file)
		}
	}
}
