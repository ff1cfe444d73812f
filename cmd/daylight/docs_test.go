package main

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// examples returns the blocks of YAML of a kind, of all documents.
func examples(t *testing.T, kind string) []block {
	t.Helper()
	var found []block
	for _, document := range documents(t) {
		for _, b := range blocks(t, document) {
			if b.is("yaml " + kind) {
				found = append(found, b)
			}
		}
	}
	if len(found) == 0 {
		t.Fatalf("the documents hold no example of kind %q", kind)
	}
	return found
}

func compileExample(t *testing.T, e block) *engine.Snapshot {
	t.Helper()
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	snapshot, problems := engine.Compile(engine.Source{Policy: []policyfile.File{{Name: e.String(), Data: []byte(e.text)}}, Now: now})
	for _, p := range problems {
		var said strings.Builder
		_ = p.Write(&said)
		t.Errorf("%s", said.String())
	}
	return snapshot
}

func TestThePoliciesOfTheDocumentsAreWithoutFault(t *testing.T) {
	for _, e := range examples(t, "policy") {
		compileExample(t, e)
	}
}

func TestTheFirstRuleOfTheReadmeDoesWhatItSays(t *testing.T) {
	snapshot := compileExample(t, examples(t, "policy first-rule")[0])
	if snapshot == nil {
		t.Fatal("it does not compile")
	}
	for _, c := range []struct {
		name, host, path string
		people           int
		want             rules.Action
		rule             string
	}{
		{"a list to a service nobody approved", "chatgpt.com", "/backend-api/f/conversation", 12, rules.Block, "customer lists stay home"},
		{"one person to it", "chatgpt.com", "/backend-api/f/conversation", 1, rules.Log, ""},
		{"a list to the approved service", "api.openai.com", "/v1/chat/completions", 12, rules.Log, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judgeExample(snapshot, rules.Client{Address: netip.MustParseAddr("127.0.0.1")}, c.host, c.path, conversation(c.host, c.people))
			if v.Action != c.want || v.Rule != c.rule {
				t.Errorf("%s by rule %q (%s), want %s by %q", v.Action, v.Rule, v.Reason, c.want, c.rule)
			}
		})
	}
}

func TestTheApprovalsOfTheDocumentsDecideAsItSays(t *testing.T) {
	snapshot := compileExample(t, examples(t, "policy approvals")[0])
	if snapshot == nil {
		t.Fatal("it does not compile")
	}
	const results = `{"messages":[{"role":"user","content":"Campaign: Spring, impressions 120000, clicks 3400, CTR 2.8%%, ROAS 4.1%s"}]}`
	for _, c := range []struct {
		name, user, body string
		want             rules.Status
		blocked          bool
	}{
		{"marketing sends results", "ana@marketing.corp.example", fmt.Sprintf(results, ""), rules.Sanctioned, false},
		{"with an address among them", "ana@marketing.corp.example", fmt.Sprintf(results, ", ana.kovac@customer.example"), rules.Tolerated, true},
		{"somebody else sends results", "tom@it.corp.example", fmt.Sprintf(results, ""), rules.Tolerated, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judgeExample(snapshot, rules.Client{User: c.user}, "api.openai.com", "/v1/chat/completions", []byte(c.body))
			if v.Status != c.want || (v.Action == rules.Block) != c.blocked {
				t.Errorf("%s, %s (%s)", v.Status, v.Action, v.Reason)
			}
		})
	}
}

// judgeExample judges a POST of JSON on the day for which the examples are written.
func judgeExample(s *engine.Snapshot, client rules.Client, host, path string, body []byte) rules.Verdict {
	plan := s.Plan(engine.Request{
		Time: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Client: client,
		Destination: rules.Destination{Host: host, Port: 443},
		Method:      "POST", Path: path, Length: int64(len(body)),
		Header: map[string][]string{"Content-Type": {"application/json"}},
	})
	return s.Evaluate(plan, engine.Body{Bytes: body, Total: int64(len(body))}).Verdict
}

// conversation is a request that names n people, in the shape of the host.
func conversation(host string, n int) []byte {
	var table strings.Builder
	table.WriteString(`name,email\n`)
	for i := range n {
		fmt.Fprintf(&table, `Anna Beispiel %d,anna.beispiel%d@mail.example\n`, i, i)
	}
	shape := `{"messages":[{"role":"user","content":"%s"}]}`
	if host == "chatgpt.com" {
		shape = `{"messages":[{"author":{"role":"user"},"content":{"content_type":"text","parts":["%s"]}}]}`
	}
	return []byte(fmt.Sprintf(shape, table.String()))
}

func TestTheConfigurationsOfTheDocumentsAreWithoutFault(t *testing.T) {
	for _, e := range examples(t, "config") {
		file := filepath.Join(t.TempDir(), "daylight.yaml")
		if err := os.WriteFile(file, []byte(e.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := (&configFlags{file: file}).load(); err != nil {
			var said bytes.Buffer
			(&environment{stderr: &said}).report(err)
			t.Errorf("%s: %s", e, said.String())
		}
	}
}

// The keys of the limits are described where they are read; the guide shows the same.
func TestTheLimitsAreDocumented(t *testing.T) {
	const file = "../../docs/configuration.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const head = "| key of `limits` | default | bounds |\n|---|---|---|\n"
	before, after, found := strings.Cut(string(text), head)
	if !found {
		t.Fatal("it has no table of limits")
	}
	var rows, given strings.Builder
	for _, p := range configSchema().Lookup("limits").Properties {
		fmt.Fprintf(&rows, "| `%s` | `%v` | %s |\n", p.Name, p.Schema.Default, p.Schema.Description)
		fmt.Fprintf(&given, "  %s: %v\n", p.Name, p.Schema.Default)
	}
	_, rest, _ := strings.Cut(after, "\n\n")
	if want := before + head + rows.String() + "\n" + rest; os.Getenv("UPDATE") != "" {
		write(t, file, want)
	} else if want != string(text) {
		t.Errorf("%s lists other limits than there are; UPDATE=1 go test ./cmd/daylight -run TestTheLimitsAreDocumented writes them anew", file)
	}
	config := filepath.Join(t.TempDir(), "daylight.yaml")
	write(t, config, "limits:\n"+given.String())
	c, err := (&configFlags{file: config}).load()
	if err != nil {
		t.Fatal(err)
	}
	if want := (proxy.Limits{}).WithDefaults(); c.Proxy.Limits != want {
		t.Errorf("the defaults are said to be %+v, they are %+v", c.Proxy.Limits, want)
	}
}

func TestTheReadmeShowsWhatTheDemoPrints(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?s)```text demo\n(.*?)```").FindSubmatch(readme)
	if shown == nil {
		t.Fatal("the README shows no scene of the demo")
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"demo"}, strings.NewReader(""), &out, &out); code != exitFine {
		t.Fatalf("the demo ends with %d:\n%s", code, out.String())
	}
	timeless := func(text string) string {
		return regexp.MustCompile(`[\d.]+ (µs|ms|s)\b`).ReplaceAllString(text, "TIME")
	}
	if !strings.Contains(timeless(out.String()), timeless(string(shown[1]))) {
		t.Errorf("the demo prints something else:\n%s", out.String())
	}
}

func TestTheCommandsOfTheDocumentsExist(t *testing.T) {
	for _, pattern := range []string{"../../README.md", "../../docs/*.md", "../../deploy/*.service"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile("(?:\\./cmd/daylight|`daylight|/usr/local/bin/daylight) ([a-z]+)").FindAllStringSubmatch(string(text), -1) {
				var out bytes.Buffer
				if code := run(context.Background(), []string{m[1], "--help"}, strings.NewReader(""), &out, &out); code != exitFine {
					t.Errorf("%s: daylight %s: %s", file, m[1], out.String())
				}
			}
		}
	}
}

func TestTheLinksOfTheDocumentsLeadSomewhere(t *testing.T) {
	files, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, "../../README.md", "../../CONTRIBUTING.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)[^)]*\)`).FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", file, m[1], err)
			}
		}
	}
}
