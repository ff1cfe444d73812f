package catalog

import (
	"strings"
	"testing"
)

func TestMarkersOfAccounts(t *testing.T) {
	for _, c := range []struct{ source, problem string }{
		{"header:X-Team", ""},
		{"cookie:__Secure-*", ""},
		{"query:key", ""},
		{"path:team", ""},
		{"path:/anonymous/*", ""},
		{"host", ""},
		{"always", ""},
		{"$.a['b c'].d", ""},
		{"header:Authorization | jwt $['https://api.example/auth'].account", ""},
		{"header:Authorization | jwt $.plan = plus*", ""},
		{"header:Authorization = Bearer key_*", ""},
		{"header:", "is not an account marker"},
		{"team", "is not an account marker"},
		{"body:x", "is not an account marker"},
		{"path:/{", "needs a name"},
		{"$.a | jwt", "cannot follow |"},
		{"header:A | base64", "cannot follow |"},
		{"header:A | jwt tid", "is not a JSON path"},
		{"header:A | jwt $.a | jwt $.b", "is not a JSON path"},
		{"$.a.", "a name is missing"},
		{"header:A = ", "lacks the value"},
	} {
		m, err := parseMarker(c.source)
		switch {
		case err == nil && c.problem == "" && m.String() == c.source:
		case err != nil && c.problem != "" && strings.Contains(err.Error(), c.problem):
		default:
			t.Errorf("%q: %v, want %q", c.source, err, c.problem)
		}
	}
}

func TestAMarkerOfAPathNeedsItsPlaceholder(t *testing.T) {
	const service = "services: [{id: a, name: A, vendor: A, country: DE, category: chat, confidence: code, verified_on: 2026-11-22, hosts: [a.example], account: {tenant: path:team}, " +
		"operations: [{kind: other, path: '/{other}', example: 'https://a.example/x'}]}]"
	if _, problems := LoadFiles([]File{{Name: "a.yaml", Data: []byte(service)}}); len(problems) != 1 || !strings.Contains(problems[0].Message, "no operation has {team} in its path") {
		t.Errorf("%v", problems)
	}
	if _, problems := LoadFiles([]File{{Name: "a.yaml", Data: []byte(strings.Replace(service, "{other}", "{team}", 1))}}); len(problems) != 0 {
		t.Errorf("%v", problems)
	}
}

func TestWhatAnAPIHasWithoutMarkers(t *testing.T) {
	for _, c := range []struct {
		category, account string
		keys              bool
	}{
		{"llm_api", "", true},
		{"inference_relay", ", account: [header:X-Team]", true},
		{"llm_api", ", account: {session: header:Authorization}", false},
		{"chat", "", false},
	} {
		files := []File{{Name: "a.yaml", Data: []byte("services: [{id: a, name: A, vendor: A, country: DE, category: " + c.category + ", confidence: host-only, verified_on: 2026-11-22, hosts: [a.example]" + c.account + "}]")}}
		all, problems := LoadFiles(files)
		if s, ok := all.Service("a"); !ok || len(problems) > 0 || (len(s.Account.Key) > 0) != c.keys {
			t.Errorf("%s%s: %v %v", c.category, c.account, s, problems)
		}
	}
}

func TestTheValueOfAPlaceholder(t *testing.T) {
	all, problems := LoadFiles([]File{{Name: "a.yaml", Data: []byte("services: [{id: a, name: A, vendor: A, country: DE, category: chat, confidence: code, verified_on: 2026-11-22, hosts: [a.example], account: [path:team], " +
		"operations: [{kind: prompt, path: '[/v1]/teams/{team}[/users/{user}]/ask', text: $.a, example: 'https://a.example/teams/t/ask'}]}]")}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for path, want := range map[string]string{
		"/teams/red/ask": "red", "/v1//teams/red/users/ana/ask/": "red", "/v1/teams/r e d/ask": "r e d", "/teams/red": "",
	} {
		m, _ := all.Match(Query{Host: "a.example", Port: 443, Method: "POST", Path: path})
		if got := m.PathValue(path, "team"); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

func FuzzMarker(f *testing.F) {
	f.Add("header:Authorization | jwt $.plan = plus*", "plus")
	f.Add("path:/a/{b}[c]", "/a/b")
	f.Add("$['a']..b", "")
	f.Fuzz(func(_ *testing.T, source, value string) {
		if m, err := parseMarker(source); err == nil {
			m.Accepts(value)
			m.NamesCookie(value)
		}
	})
}
