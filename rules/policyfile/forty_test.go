package policyfile_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml"
)

// fortyFaults is what must be said of the policy of five files in forty: all of it
// in one run, nothing twice, and nothing that only follows from another fault. The
// first file is not YAML, and defines the group that the others call "later".
var fortyFaults = []struct{ at, marked, id, message, hint string }{
	{"a-broken.yaml:4:3", "n", "yaml-syntax", "this is not YAML: did not find expected ',' or ']'", "a { or [ here or below is not closed; 2 unknown words that it may define were passed over"},
	{"b-groups.yaml:2:7", "observe", "unknown-mode", `unknown mode "observe"`, "known: monitor, enforce"},
	{"b-groups.yaml:5:22", "10.30.0.0/99", "invalid-network", `"10.30.0.0/99" is not a network`, "write it as 10.20.0.0/16 or 2001:db8::/32"},
	{"b-groups.yaml:8:9", "10.50.1.0/16", "invalid-network", `"10.50.1.0/16" has bits set behind its prefix length`, "write 10.50.0.0/16"},
	{"b-groups.yaml:9:3", "nobody", "empty-group", `group "nobody" has nobody in it`, "give it `networks` or `users`"},
	{"b-groups.yaml:10:3", "Big Team", "invalid-name", `"Big Team" cannot be the name of a group`, "use lower-case letters, digits, `_`, `-` and `.`"},
	{"b-groups.yaml:11:11", "user", "unknown-key", `unknown key "user"`, `did you mean "users"?`},
	{"b-groups.yaml:12:11", "[", "wrong-type", "expected a mapping, found a list", "write `key: value` lines here"},
	{"c-approvals.yaml:1:1", "g", "version", "the version is missing", "begin the file with `version: 1`"},
	{"c-approvals.yaml:1:10", "marketing", "duplicate-name", `group "marketing" is already given at b-groups.yaml:4:3`, ""},
	{"c-approvals.yaml:3:15", "chatgtp", "unknown-service", `unknown service "chatgtp"`, `did you mean "chatgpt"?`},
	{"c-approvals.yaml:4:15", "api.openai.com", "unknown-service", `"api.openai.com" is a host; services are named by their id`, "write openai-api"},
	{"c-approvals.yaml:5:31", "unreviewed", "invalid-status", `an approval cannot set the status "unreviewed"`, "leave the approval out: a service without one is unreviewed"},
	{"c-approvals.yaml:6:50", "31.12.2027", "invalid-date", `"31.12.2027" is not a date`, "write it as 2027-03-31"},
	{"c-approvals.yaml:8:34", "prohibited", "conflicting-approvals", `"grammarly" is already tolerated for the same groups and data at c-approvals.yaml:7:5`, "remove one of them"},
	{"c-approvals.yaml:11:12", "campain_performance", "unknown-data-class", `unknown data class "campain_performance"`, `did you mean "campaign_performance"?`},
	{"c-approvals.yaml:12:5", "{", "missing-key", `key "status" is missing`, ""},
	{"d-detectors.yaml:3:38", `'LC-(\d{8}'`, "invalid-expression", "reading the expression: missing closing ): `LC-(\\d{8}`", ""},
	{"d-detectors.yaml:4:3", "客户编号", "invalid-name", `"客户编号" cannot be the name of a detector`, "use lower-case letters, digits, `_`, `-` and `.`"},
	{"d-detectors.yaml:5:57", "lunn", "unknown-validator", `unknown validator "lunn"`, `did you mean "luhn"?`},
	{"d-detectors.yaml:8:3", "empty", "empty-data-class", `data class "empty" is made of nothing`, "give it `detectors`, `words` or `columns`"},
	{"d-detectors.yaml:9:23", "emial", "unknown-detector", `unknown detector "emial"`, `did you mean "email"?`},
	{"e-rules.yaml:4:23", "chatt", "unknown-category", `unknown category "chatt"`, `did you mean "chat"?`},
	{"e-rules.yaml:5:13", "deny", "unknown-action", `unknown action "deny"`, "write block"},
	{"e-rules.yaml:6:11", "first", "duplicate-name", `rule "first" is already given at e-rules.yaml:3:11`, ""},
	{"e-rules.yaml:7:47", "email", "unknown-data-class", `"email" is a detector, not a data class`, "write {detector: email}"},
	{"e-rules.yaml:11:39", `"10"`, "invalid-comparison", "the comparison has no operator", `write ">=10" for at least that, or "=10" for exactly that`},
	{"e-rules.yaml:12:14", `">=1 apple"`, "invalid-comparison", `">=1 apple" does not compare with a size`, `write it as ">=1MiB"`},
	{"e-rules.yaml:15:19", `""`, "empty-value", "the message is empty", "write what people should do instead"},
	{"e-rules.yaml:15:23", `"客户"`, "unknown-language", `unknown language "客户"`, "use a language tag such as en, zh, ru or ar"},
	{"e-rules.yaml:17:38", "claude", "other-traffic", "only AI services have this, but the rule is for other traffic", "remove it, or write `traffic: ai`"},
	{"e-rules.yaml:17:46", "hosts", "unknown-key", `unknown key "hosts"`, `did you mean "host"?`},
	{"e-rules.yaml:19:5", "m", "missing-key", `key "name" is missing`, ""},
	{"e-rules.yaml:19:21", "FETCH", "unknown-method", `unknown method "FETCH"`, "known: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, CONNECT"},
	{"e-rules.yaml:19:42", `"<0"`, "impossible-comparison", `"<0" can never be true`, ""},
	{"e-rules.yaml:20:13", "redact", "unsupported", "this version cannot redact", "use block with a `message`, or log"},
	{"e-rules.yaml:22:46", "email", "detector-not-of-class", `detector "email" is not part of the data class "payment"`, ""},
	{"e-rules.yaml:24:14", ">", "wrong-type", "a message is given by language", "write it as {en: …, zh: …}"},
	{"e-rules.yaml:29:20", "chatgpt.com", "invalid-test", `"chatgpt.com" is not a whole URL`, "write it as https://chatgpt.com/backend-api/conversation"},
	{"e-rules.yaml:30:35", "frist", "unknown-rule", `unknown rule "frist"`, `did you mean "first"?`},
}

func forty(t *testing.T) []policyfile.File {
	t.Helper()
	var files []policyfile.File
	for _, name := range glob(t, "forty") {
		files = append(files, read(t, name))
	}
	return files
}

func TestFortyFaultsAreFortyMessages(t *testing.T) {
	asWritten := func(data []byte) []byte { return data }
	for name, change := range map[string]func(data []byte) []byte{
		"as written":             asWritten,
		"with CRLF":              func(data []byte) []byte { return bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")) },
		"with a byte order mark": func(data []byte) []byte { return append([]byte("\ufeff"), data...) },
	} {
		t.Run(name, func(t *testing.T) {
			files := forty(t)
			for i := range files {
				files[i].Data = change(files[i].Data)
			}
			_, problems := load(t, files...)
			holdAgainstForty(t, problems)
		})
	}
}

func holdAgainstForty(t *testing.T, problems strictyaml.Problems) {
	t.Helper()
	if len(problems) != 40 || len(fortyFaults) != 40 {
		t.Errorf("%d messages, want 40 of %d:\n%s", len(problems), len(fortyFaults), render(t, problems))
	}
	for i, p := range problems[:min(len(problems), len(fortyFaults))] {
		want := fortyFaults[i]
		if got := p.Position.String(); got != want.at || p.ID != want.id || p.Message != want.message || p.Hint != want.hint || p.Warning {
			t.Errorf("got  %s [%s] %s (%s)\nwant %s [%s] %s (%s)", got, p.ID, p.Message, p.Hint, want.at, want.id, want.message, want.hint)
		}
		line := []rune(p.Source)
		if got := string(line[p.Column-1 : p.Column-1+p.Length]); got != want.marked {
			t.Errorf("%s marks %q, want %q", p.Position, got, want.marked)
		}
	}
}

// But for the names that it defines, a file that cannot be read changes nothing of
// what is said of the others.
func TestAFileThatIsNotYAMLHidesNothing(t *testing.T) {
	var without []policyfile.File
	for _, f := range forty(t) {
		if f.Name != "a-broken.yaml" {
			without = append(without, f)
		}
	}
	_, problems := load(t, without...)
	unknown := slices.DeleteFunc(slices.Clone(problems), func(p strictyaml.Problem) bool { return p.ID != "unknown-group" })
	if len(problems) != 39+2 || len(unknown) != 2 || !strings.Contains(unknown[0].Message, "later") {
		t.Errorf("without the file that defines it, the group is unknown twice, and 39 faults are left:\n%s", render(t, problems))
	}
}

func TestWhatAFaultMayHaveHiddenIsNotCalledUnknown(t *testing.T) {
	const uses = "rules:\n  - {name: one, match: {groups: [later, nowhere], data: leads, service: own}, action: log}\ntests:\n  - {name: t, request: {url: \"https://a.example\"}, expect: {rule: two}}\n"
	for _, c := range []struct{ name, text string }{
		{"a file that is not YAML", "version: 1\ngroups: {later: {users: [a]}\ndata_classes: {leads: {words: [x]}}\nservices: [{id: own}]\nrules: [{name: two}]\n"},
		{"a file that is no mapping", "- groups: {later: {users: [a]}}\n- leads\n- own\n- two\n"},
		{"sections of another structure", "version: 1\ngroups: [later]\ndata_classes: [leads]\nservices: {own: x}\nrules: {two: x}\n"},
		{"misspelt sections", "version: 1\ngruops: {later: {users: [a]}}\ndata_clases: {leads: {words: [x]}}\nservice: [{id: own}]\nrule: [{name: two}]\n"},
		{"not UTF-8", "version: 1 # later leads own two \xff\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := load(t, policyfile.File{Name: "a.yaml", Data: []byte(c.text)}, policyfile.File{Name: "b.yaml", Data: []byte("version: 1\n" + uses)})
			var said []string
			for _, p := range problems {
				if p.File == "b.yaml" {
					said = append(said, p.Message)
				}
			}
			if want := []string{`unknown group "nowhere"`}; !slices.Equal(said, want) {
				t.Errorf("of the other file it says %q, want %q\n%s", said, want, render(t, problems))
			}
		})
	}
}

func TestNoFaultIsSaidTwice(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a misspelt key that is needed", "rules: [{name: a, match: {}, acton: log}]", `unknown key "acton"`},
		{"a misspelt key of a group", "groups: {g: {netwroks: [10.0.0.0/8]}}", `unknown key "netwroks"`},
		{"a misspelt key of a detector", "detectors: {d: {class: personal, regex: x1}}", `unknown key "regex"`},
		{"a misspelt key of a data class", "data_classes: {d: {wrods: [x]}}", `unknown key "wrods"`},
		{"a misspelt key of data", "rules: [{name: a, match: {data: {clas: personal}}, action: log}]", `unknown key "clas"`},
		{"a misspelt key of an account", "accounts: [{service: chatgpt, tenannt: x}]", `unknown key "tenannt"`},
		{"a list instead of a group", "groups: {g: [10.0.0.0/8]}", "expected a mapping, found a list"},
		{"the name of a group that is used", "groups: {Big: {users: [a]}}\nrules: [{name: a, match: {groups: Big}, action: log}]", `"Big" cannot be the name of a group`},
		{"the name of a detector that is used", "detectors: {Big: {class: personal, words: [abcd]}}\nrules: [{name: a, match: {data: {detector: Big}}, action: log}]", `"Big" cannot be the name of a detector`},
		{"the name of a class that is used", "data_classes: {Big: {words: [abcd]}}\nrules: [{name: a, match: {data: Big}, action: log}]", `"Big" cannot be the name of a data class`},
		{"the name of a rule that a test expects", "rules: [{name: \"a\\nb\", match: {}, action: log}]\ntests: [{name: t, request: {url: \"https://a.example\"}, expect: {rule: \"a\\nb\"}}]", `the name of a rule is one line of printable text`},
		{"a detector that makes a class", "detectors: {d: {class: leads, regexp: '('}}\ndata_classes: {leads: {}}", "reading the expression"},
		{"an unknown detector in a class", "data_classes: {leads: {detectors: [emial]}}", `unknown detector "emial"`},
		{"what an alias stands for", "groups:\n  a: {networks: &n [10.0.0.0/99]}\n  b: {networks: *n}", `"10.0.0.0/99" is not a network`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := load(t, text("version: 1", c.text))
			if len(problems) != 1 || !strings.HasPrefix(problems[0].Message, c.want) {
				t.Errorf("want only %q:\n%s", c.want, render(t, problems))
			}
		})
	}
}
