package ruletest_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/ruletest"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// embedded reads the catalogue once: it never changes.
var embedded = sync.OnceValues(catalog.Embedded)

// compile compiles files of a policy; what is not given is a sound one.
func compile(t testing.TB, files ...policyfile.File) *engine.Snapshot {
	t.Helper()
	c, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	s, problems := engine.Compile(engine.Source{Catalog: c, Policy: files, Now: noon})
	if problems.Err() != nil {
		var b strings.Builder
		for _, p := range problems {
			_ = p.Write(&b)
		}
		t.Fatal("\n" + b.String())
	}
	return s
}

const house = `version: 1
groups:
  marketing: {networks: [10.20.0.0/16], users: ["*@marketing.example"]}
approvals:
  - {service: claude, status: sanctioned, groups: [marketing], expires: 2027-03-31}
  - {service: deepseek, status: prohibited}
rules:
  - {name: prohibited tools, match: {status: prohibited}, action: block}
  - name: customer lists stay home
    match: {status: [unreviewed, tolerated], data: {class: personal, people: ">=10"}}
    action: block
  - {name: cards are watched, match: {data: payment}, action: block, mode: monitor}
  - {name: never tried, match: {service: gemini}, action: log}
`

var fixtures = fstest.MapFS{
	"policy/crm.csv": {Data: []byte(customers(12))},
	"policy/one.txt": {Data: []byte("Please write to ana.kovac@customers.example.\n")},
}

// customers is a list of n invented people.
func customers(n int) string {
	var b strings.Builder
	b.WriteString("name,email,city\n")
	for i := range n {
		fmt.Fprintf(&b, "Person %d,person.%d@customers.example,Berlin\n", i, i)
	}
	return b.String()
}

// run runs tests, written behind `tests:`, of the house's policy.
func run(t testing.TB, files fs.FS, o ruletest.Options, lines ...string) *ruletest.Report {
	t.Helper()
	s := compile(t, policyfile.File{Name: "policy/house.yaml", Data: []byte(house)},
		policyfile.File{Name: "policy/house_test.yaml", Data: []byte("version: 1\ntests:\n" + strings.Join(lines, "\n") + "\n")})
	o.Now = noon
	return ruletest.Run(s, s.Tests(), files, o)
}

// said is everything that a report says of what failed.
func said(r *ruletest.Report) string {
	var b strings.Builder
	for _, result := range r.Results {
		if result.Passed() {
			continue
		}
		fmt.Fprintf(&b, "%s %s\n", result.At, result.Name)
		if result.Problem != nil {
			fmt.Fprintf(&b, "  problem %s: %s\n", result.Problem.Position, result.Problem.Message)
		}
		for _, d := range result.Differences {
			fmt.Fprintf(&b, "  %s %s: want %s, got %s\n", d.At, d.Key, d.Want, d.Got)
		}
		for _, why := range result.Why {
			fmt.Fprintf(&b, "  %s\n", why)
		}
	}
	return b.String()
}

func TestWhatComesOutAsExpectedPasses(t *testing.T) {
	r := run(t, fixtures, ruletest.Options{},
		"  - name: a list to a tool that nobody approved",
		"    request: {service: chatgpt, upload: crm.csv}",
		"    expect: {action: block, enforced: true, rule: customer lists stay home, status: unreviewed, service: chatgpt, operation: upload, classes: [personal], without: [payment], findings: {email: 12, phone: 0}, people: 12, coverage: complete, response: openai}",
		"  - name: the same in a prompt, by marketing, to an approved one",
		"    request: {group: marketing, service: claude, prompt_file: crm.csv}",
		"    expect: {action: log, rule: '', status: sanctioned, people: '>=10', response: server}",
		"  - name: the approval has run out",
		"    request: {group: marketing, service: claude, prompt_file: crm.csv, time: 2027-04-01}",
		"    expect: {action: block, status: unreviewed, response: anthropic}",
		"  - name: a card is only watched",
		"    request: {url: 'https://claude.ai/api/organizations/a/chat_conversations/b/completion', body: '{\"prompt\":\"My card is 4539 1488 0343 6467\"}'}",
		"    expect: {action: block, enforced: false, rule: cards are watched, findings: {payment_card: 1}, response: server}",
		"  - name: a page of a prohibited tool",
		"    request: {url: 'https://chat.deepseek.com/', headers: {Sec-Fetch-Mode: navigate}}",
		"    expect: {action: block, service: deepseek, response: page, coverage: not_inspected, classes: []}",
		"  - name: a header of a prompt",
		"    request: {service: deepseek, prompt: hello, headers: {sec-fetch-mode: navigate}}",
		"    expect: {response: page}",
		"  - name: a shop",
		"    request: {url: 'https://shop.example/cart', body: '{\"item\":7}'}",
		"    expect: {action: allow, service: '', status: ''}",
		"  - name: an account that is known",
		"    request: {service: chatgpt, prompt: hello, account: {kind: private, plan: free}}",
		"    expect: {account: private}",
		"  - name: a bank, whose tunnel stays closed",
		"    request: {url: 'https://www.deutsche-bank.de/'}",
		"    expect: {action: allow, coverage: not_inspected}",
	)
	if r.Failed() > 0 || len(r.Results) != 9 {
		t.Errorf("%d tests\n%s", len(r.Results), said(r))
	}
}

func TestWhatComesOutOtherwiseIsExplained(t *testing.T) {
	r := run(t, fixtures, ruletest.Options{},
		"  - name: a list",
		"    request: {group: marketing, service: claude, prompt_file: crm.csv}",
		"    expect: {action: block, rule: customer lists stay home, classes: [payment], findings: {email: '>=20'}, people: 3, response: page}",
		"  - name: a question",
		"    request: {service: deepseek, prompt: hello}",
		"    expect: {rule: cards are watched}",
	)
	const want = `policy/house_test.yaml:3:5 a list
  policy/house_test.yaml:5:22 action: want block, got log
  policy/house_test.yaml:5:35 rule: want "customer lists stay home", got none
  policy/house_test.yaml:5:71 classes: want payment, got personal
  policy/house_test.yaml:5:99 findings.email: want >=20, got 12
  policy/house_test.yaml:5:116 people: want 3, got 12
  policy/house_test.yaml:5:129 response: want page, got server
  no rule matched: AI traffic is logged; claude is sanctioned; found 12 email of 12 people
  rule "customer lists stay home" (policy/house.yaml:9:5): status wants unreviewed, tolerated; saw sanctioned
  the test has no ` + "`time`" + `: approvals are judged as of now, 2026-11-22
policy/house_test.yaml:6:5 a question
  policy/house_test.yaml:8:20 rule: want "cards are watched", got "prohibited tools" (policy/house.yaml:8:5)
  rule "prohibited tools" matched; deepseek is prohibited
  rule "cards are watched" (policy/house.yaml:12:5) was not asked: "prohibited tools" (policy/house.yaml:8:5) stands before it
`
	if got := said(r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCoverageTellsWhichRulesNoTestDecides(t *testing.T) {
	r := run(t, fixtures, ruletest.Options{},
		"  - {name: a, request: {service: deepseek, prompt: a}, expect: {action: block}}",
		"  - {name: b, request: {service: chatgpt, prompt_file: crm.csv}, expect: {action: block}}",
		"  - {name: c, request: {service: chatgpt, prompt_file: crm.csv}, expect: {action: log}}",
	)
	var got []string
	for _, rule := range r.Rules {
		got = append(got, fmt.Sprintf("%s %s %d %v", rule.At, rule.Name, rule.Decided, rule.Reached))
	}
	want := []string{
		"policy/house.yaml:8:5 prohibited tools 1 true", "policy/house.yaml:9:5 customer lists stay home 2 true",
		"policy/house.yaml:12:5 cards are watched 0 false", "policy/house.yaml:13:5 never tried 0 false",
	}
	if !slices.Equal(got, want) || r.Coverage() != 50 || r.Failed() != 1 {
		t.Errorf("%.0f%% %q", r.Coverage(), got)
	}
}

func TestTestsArePickedByName(t *testing.T) {
	lines := []string{
		"  - name: a list",
		"    request: {service: chatgpt, prompt: hello}",
		"    expect: {action: log}",
		"    cases: [{name: one}, {name: two}]",
		"  - {name: another, request: {service: chatgpt, prompt: hello}, expect: {action: log}}",
	}
	for pattern, want := range map[string][]string{
		"": {"a list/one", "a list/two", "another"}, "/two": {"a list/two"}, "^a": {"a list/one", "a list/two", "another"}, "nothing": nil,
	} {
		r := run(t, fixtures, ruletest.Options{Run: regexp.MustCompile(pattern)}, lines...)
		var got []string
		for _, result := range r.Results {
			got = append(got, result.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q picks %q", pattern, got)
		}
	}
}
