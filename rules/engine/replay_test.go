package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// replayed compiles a policy; "version: 1" is added.
func replayed(t *testing.T, text string) *engine.Snapshot {
	t.Helper()
	c, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	s, problems := engine.Compile(engine.Source{Catalog: c, Policy: []policyfile.File{{Name: "p.yaml", Data: []byte("version: 1\n" + text)}}})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

// recordedFacts are those of a prompt to a host, with findings.
func recordedFacts(host, service string, findings ...classifier.Summary) rules.Facts {
	return rules.Facts{
		Time: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), Client: rules.Client{User: "ana@corp.example"},
		Destination: rules.Destination{Host: host, Port: 443}, Method: "POST", Path: "/v1/chat/completions", Bytes: 100,
		Service: rules.Service{ID: service, Operation: "prompt"}, Account: rules.Account{Kind: rules.PrivateAccount},
		Content: &rules.Content{Findings: findings, Coverage: classifier.Coverage{State: classifier.Complete}},
	}
}

func TestWhatChangedBetweenPoliciesIsInDoubt(t *testing.T) {
	block := func(match string) string { return "rules: [{name: r, match: {" + match + "}, action: block}]\n" }
	heron := classifier.Summary{Detector: "launch", Class: "launch", Count: 1, Confidence: 1}
	email := classifier.Summary{Detector: "email", Class: "personal", Count: 2, Confidence: 1}
	class := func(word string) string { return "data_classes: {launch: {words: [" + word + "]}}\n" }
	own := "services: [{id: acme-writer, hosts: [w.corp.example]}]\n"
	for _, c := range []struct {
		name     string
		old, new string // "-" for an unknown old one
		facts    rules.Facts
		want     string // the actions that may come, and the causes
	}{
		{"the same dictionary", class("heron") + block("data: launch"), class("heron") + block("data: launch"), recordedFacts("api.openai.com", "openai-api", heron), "block"},
		{"another word in it", class("heron") + block("data: launch"), class("crane") + block("data: launch"), recordedFacts("api.openai.com", "openai-api", heron), "block log: detectors"},
		{"a dictionary that nobody knows the age of", "-", class("heron") + block("data: launch"), recordedFacts("api.openai.com", "openai-api"), "block log: detectors"},
		{"no rule asks for it", "-", class("heron") + block("data: personal"), recordedFacts("api.openai.com", "openai-api"), "log"},
		{"a dictionary that is gone", class("heron") + block("data: launch"), block("data: {count: '>=1'}"), recordedFacts("api.openai.com", "openai-api", heron), "log"},
		{"and something else was found", class("heron") + block("data: launch"), block("data: {count: '>=1'}"), recordedFacts("api.openai.com", "openai-api", heron, email), "block"},
		{"a service of one's own", "-", own + block("service: acme-writer"), recordedFacts("w.corp.example", "", email), "block"},
		{"what it was sent is not known", "-", own + block("service: acme-writer, data: personal"), recordedFacts("w.corp.example", "", email), "block log: content"},
		{"nor its account", "-", own + block("service: acme-writer, account: private"), recordedFacts("w.corp.example", "", email), "block log: account"},
		{"another host is as it was", "-", own + block("service: acme-writer"), recordedFacts("x.corp.example", ""), "allow"},
		{"a service that is gone", own, block("service: suspected"), recordedFacts("w.corp.example", "acme-writer"), "block log allow: service"},
		{"a listed one stays", "-", own + block("vendor: OpenAI, country: US"), recordedFacts("api.openai.com", "openai-api"), "block"},
		{"new accounts", "", "accounts: [{service: chatgpt, tenant: acme}]\n" + block("account: private"), recordedFacts("chatgpt.com", "chatgpt"), "block log: account"},
		{"the same accounts", "accounts: [{service: chatgpt, tenant: acme}]\n", "accounts: [{service: chatgpt, tenant: ACME}]\n" + block("account: private"), recordedFacts("chatgpt.com", "chatgpt"), "block"},
		{"accounts of another service", "", "accounts: [{service: claude, tenant: acme}]\n" + block("account: private"), recordedFacts("chatgpt.com", "chatgpt"), "block"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var old *engine.Snapshot
			if c.old != "-" {
				old = replayed(t, c.old)
			}
			j := replayed(t, c.new).Replay(old).Judge(c.facts, 0)
			var actions []string
			for _, v := range j.Now.Verdicts {
				if word := v.Action.String(); !slices.Contains(actions, word) {
					actions = append(actions, word)
				}
			}
			got := strings.Join(actions, " ")
			if len(j.Causes) > 0 {
				got += ": " + strings.Join(j.Causes, " ")
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// What both policies decide alike is known to be the same, whatever it is that is
// not known; where they ask for different things it is not.
func TestSameWhateverIsNotKnown(t *testing.T) {
	facts := recordedFacts("api.openai.com", "openai-api")
	facts.Content = nil
	first := "rules: [{name: a, match: {data: personal}, action: block}, {name: other, match: {method: GET}, action: log}]\n"
	for _, c := range []struct {
		name, new string
		same      bool
	}{
		{"another name", "rules: [{name: b, match: {data: personal}, action: block}]\n", true},
		{"another threshold", "rules: [{name: a, match: {data: {class: personal, people: '>=5'}}, action: block}]\n", false},
		{"monitored", "rules: [{name: a, match: {data: personal}, action: block, mode: monitor}]\n", false},
		{"its class finds more", "data_classes: {personal: {words: [heron]}}\n" + first, false},
		{"one rule more", first + "  \n", true},
		{"a rule before it", "rules: [{name: z, match: {method: POST}, action: block}, {name: a, match: {data: personal}, action: block}]\n", false},
		{"a rule before it that asks for something else", "rules: [{name: z, match: {method: PUT}, action: block}, {name: a, match: {data: personal}, action: block}]\n", true},
	} {
		if j := replayed(t, c.new).Replay(replayed(t, first)).Judge(facts, rules.LackContent); j.Same != c.same {
			t.Errorf("%s: same is %v\nnow  %+v\nthen %+v", c.name, j.Same, j.Now.Verdicts, j.Then.Verdicts)
		}
	}
}

func TestAStatusThatHangsOnContentIsTheSameOnlyUnderTheSameApprovals(t *testing.T) {
	policy := func(class string) string {
		return "approvals: [{service: openai-api, status: tolerated, data: [" + class + "]}]\nrules: [{name: a, match: {status: unreviewed}, action: block}]\n"
	}
	facts := recordedFacts("api.openai.com", "openai-api")
	facts.Content = nil
	for class, want := range map[string]bool{"personal": true, "payment": false} {
		if j := replayed(t, policy(class)).Replay(replayed(t, policy("personal"))).Judge(facts, rules.LackContent); j.Same != want || len(j.Now.Verdicts) != 2 {
			t.Errorf("%s: same is %v, %+v", class, j.Same, j.Now.Verdicts)
		}
	}
}
