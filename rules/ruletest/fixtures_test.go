package ruletest_test

import (
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/ruletest"
)

// a HAR file with three entries: a page, a prompt with a card in it, a question.
const har = `{"log":{"version":"1.2","entries":[
{"startedDateTime":"2026-11-22T09:00:00Z","request":{"method":"GET","url":"https://shop.example/","headers":[]},"response":{"status":200,"headers":[],"content":{}}},
{"startedDateTime":"2026-11-22T09:00:01Z","request":{"method":"POST","url":"https://chatgpt.com/backend-api/f/conversation","headers":[{"name":"Content-Type","value":"application/json"}],"postData":{"mimeType":"application/json","text":"{\"messages\":[{\"content\":{\"parts\":[\"My card is 4539 1488 0343 6467\"]}}]}"}},"response":{"status":200,"headers":[],"content":{}}},
{"startedDateTime":"2027-04-02T09:00:02Z","request":{"method":"POST","url":"https://claude.ai/api/organizations/a/chat_conversations/b/completion","headers":[{"name":"Content-Type","value":"application/json"}],"postData":{"mimeType":"application/json","text":"{\"prompt\":\"hello\"}"}},"response":{"status":200,"headers":[],"content":{}}}]}}`

func TestARecordingIsJudgedAsItTravelled(t *testing.T) {
	files := maps.Clone(fixtures)
	files["policy/chat.har"] = &fstest.MapFile{Data: []byte(har)}
	files["policy/raw/prompt.http"] = &fstest.MapFile{Data: []byte(rawRequest)}
	r := run(t, files, ruletest.Options{},
		"  - {name: a request, request: {http: raw/prompt.http, user: ana}, expect: {action: log, service: chatgpt, operation: prompt}}",
		"  - {name: one entry, request: {har: chat.har, entry: 2}, expect: {action: block, enforced: false, findings: {payment_card: 1}, service: chatgpt}}",
		"  - {name: when it was recorded, request: {har: chat.har, entry: 3, group: marketing}, expect: {service: claude, status: unreviewed}}",
		"  - {name: or when the test says, request: {har: chat.har, entry: 3, group: marketing, time: 2027-01-01}, expect: {status: sanctioned}}",
		"  - {name: all, request: {har: chat.har}, expect: {findings: {email: 0}}}",
	)
	if r.Failed() > 0 || len(r.Results) != 7 {
		t.Errorf("%d tests\n%s", len(r.Results), said(r))
	}
	if last := r.Results[5]; last.Name != "all/entry 2" || !strings.Contains(last.Exchange, "POST https://chatgpt.com") {
		t.Errorf("an entry is called %q, %q", last.Name, last.Exchange)
	}
}

// chat is a transcript of a service whose client is told by a close.
func chat(texts ...string) *fstest.MapFile {
	lines := "wss://copilot.microsoft.com/c/api/chat?api-version=2\n\n"
	for _, text := range texts {
		lines += fmt.Sprintf(`> {"event":"send","content":[{"type":"text","text":%q}]}`, text) + "\n"
	}
	return &fstest.MapFile{Data: []byte(lines)}
}

func TestMessagesAreExpectedInTurn(t *testing.T) {
	files := fstest.MapFS{"policy/list.ws": chat("hello", customers(12), "are you still there?"), "policy/short.ws": chat("hello")}
	r := run(t, files, ruletest.Options{},
		"  - name: a list in the second message",
		"    request: {websocket: list.ws}",
		"    expect: {action: block, people: 12, response: websocket_close, messages: [{action: log, response: server}, {action: block, people: '>=12', response: websocket_close}]}",
		"  - name: a message behind the last",
		"    request: {websocket: list.ws}",
		"    expect: {messages: [{}, {}, {action: log}]}",
		"  - name: a message that is not there",
		"    request: {websocket: short.ws}",
		"    expect: {messages: [{action: block}, {action: log}]}",
	)
	const want = `policy/house_test.yaml:6:5 a message behind the last
  policy/house_test.yaml:8:42 message 3: want to be judged, got the connection was closed before it
`
	const missing = `policy/house_test.yaml:9:5 a message that is not there
  policy/house_test.yaml:11:34 message 1 action: want block, got log
  policy/house_test.yaml:11:51 message 2: want to be judged, got the transcript has 1 message
`
	got := said(r)
	if !r.Results[0].Passed() || !strings.Contains(got, want) || !strings.Contains(got, missing) {
		t.Errorf("%s", got)
	}
}

func TestAFixtureThatCannotBeUsedFailsItsTestOnly(t *testing.T) {
	files := fstest.MapFS{
		"policy/no.har": {Data: []byte("{\"log\": [")}, "policy/no.http": {Data: []byte("hello\n")}, "policy/no.ws": {Data: []byte("> hello\n")},
		"policy/folder/a": {Data: nil}, "policy/chat.har": {Data: []byte(har)},
	}
	for _, c := range []struct{ request, want string }{
		{"{service: chatgpt, prompt_file: gone.txt}", "policy/house_test.yaml:4:46: the fixture policy/gone.txt cannot be read: file does not exist"},
		{"{service: chatgpt, upload: folder}", "policy/house_test.yaml:4:41: the fixture policy/folder cannot be read"},
		{"{url: 'https://a.example/', body_file: ../../../gone}", "cannot be read"},
		{"{har: no.har}", "policy/no.har:"},
		{"{har: chat.har, entry: 4}", "policy/house_test.yaml:4:20: the recording has no entry 4: there are 3"},
		{"{http: no.http}", "policy/no.http:1:"},
		{"{websocket: no.ws}", "policy/no.ws:1:"},
		{"{service: notion-ai, upload: folder/a}", "policy/house_test.yaml:4:43: the catalogue does not say how a file is uploaded"},
	} {
		r := run(t, files, ruletest.Options{},
			"  - name: it", "    request: "+c.request, "    expect: {action: log}",
			"  - {name: the next, request: {service: chatgpt, prompt: hello}, expect: {action: log}}")
		if got := said(r); !strings.Contains(got, c.want) || r.Failed() != 1 || r.Results[0].Problem == nil {
			t.Errorf("%s:\n%s", c.request, got)
		}
	}
}

func TestABodyIsReadAsFarAsTheProxyReadsIt(t *testing.T) {
	files := fstest.MapFS{"policy/long.csv": {Data: []byte(customers(500))}}
	lines := []string{
		"  - name: a long list",
		"    request: {url: 'https://claude.ai/upload', body_file: long.csv}",
		"    expect: {coverage: complete}",
	}
	if r := run(t, files, ruletest.Options{}, lines...); r.Failed() > 0 {
		t.Error(said(r))
	}
	r := run(t, files, ruletest.Options{InspectBytes: 4 << 10}, lines...)
	if got := said(r); !strings.Contains(got, "coverage: want complete, got truncated (over_limit)") || r.Results[0].Verdict.Action.String() != "block" {
		t.Errorf("%s", got)
	}
	r = run(t, files, ruletest.Options{InspectBytes: 20}, "  - {name: a letter, request: {url: 'https://claude.ai/upload', body: 'No bytes behind the limit count: ana.kovac@customers.example'}, expect: {coverage: truncated, people: 0}}")
	if r.Failed() > 0 {
		t.Error(said(r))
	}
}

func TestAnAccountThatANamesakeTellsIsOverridden(t *testing.T) {
	r := run(t, nil, ruletest.Options{},
		"  - name: kinds",
		"    request: {service: chatgpt, prompt: hello, headers: {Authorization: Bearer x}}",
		"    columns: [account, expect.account]",
		"    rows: [[private, private], [anonymous, anonymous], [corporate, corporate]]")
	if r.Failed() > 0 || len(r.Results) != 3 {
		t.Error(said(r))
	}
}

// What was planted is in no word of a report.
func TestAReportHoldsNoMatchedValue(t *testing.T) {
	const card, address = "4539 1488 0343 6467", "ana.kovac@customers.example"
	s := compile(t, policyfile.File{Name: "p.yaml", Data: []byte(house + `tests:
  - name: it
    expect: {action: allow, people: 7, findings: {email: 3, payment_card: 0}, classes: [credentials]}
    cases:
      - request: {service: chatgpt, prompt: "My card is ` + card + `, write to ` + address + `"}
      - request: {url: "https://claude.ai/?to=` + address + `", body: "` + card + `"}
`)})
	var b strings.Builder
	r := ruletest.Run(s, s.Tests(), nil, ruletest.Options{Now: noon})
	if err := r.WriteJSON(&b, true); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteJUnit(&b, noon); err != nil {
		t.Fatal(err)
	}
	if r.Failed() != 2 || strings.Contains(b.String(), "4539") || strings.Contains(b.String(), "kovac") {
		t.Errorf("%d failed\n%s", r.Failed(), b.String())
	}
}

func TestAConfigurationThatMonitorsChangesNoTest(t *testing.T) {
	c, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	s, _ := engine.Compile(engine.Source{Catalog: c, Monitor: true, Now: noon, Policy: []policyfile.File{{Name: "p.yaml", Data: []byte(house + `tests:
  - {name: it, request: {service: deepseek, prompt: hello}, expect: {action: block, enforced: true}}
`)}}})
	if r := ruletest.Run(s, s.Tests(), nil, ruletest.Options{Now: noon}); r.Failed() > 0 || !s.Monitor() {
		t.Error(said(r))
	}
}

// panicking is a file system that fails in its own way at one name.
type panicking struct{ fstest.MapFS }

// Open implements fs.FS.
func (p panicking) Open(name string) (fs.File, error) {
	if name == "policy/bad.csv" {
		panic("4539 1488 0343 6467")
	}
	return p.MapFS.Open(name)
}

func TestAPanicCostsOneTest(t *testing.T) {
	r := run(t, panicking{fixtures}, ruletest.Options{Workers: 1},
		"  - name: lists",
		"    expect: {action: block}",
		"    request: {service: chatgpt}",
		"    columns: [prompt_file]",
		"    rows: [[bad.csv], [bad.csv], [crm.csv]]")
	got := said(r)
	if r.Failed() != 2 || strings.Count(got, "this is a fault of the program") != 2 || strings.Contains(got, "4539") {
		t.Errorf("%s", got)
	}
	tests := []policyfile.Test{{Name: "a request of nothing"}, {Name: "another"}}
	if r := ruletest.Run(compile(t), tests, nil, ruletest.Options{Now: noon}); r.Failed() != 2 {
		t.Errorf("%s", said(r))
	}
}
