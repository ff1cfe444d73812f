package engine_test

import (
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

var (
	noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ana  = rules.Client{Address: netip.MustParseAddr("10.20.0.7"), User: "ana@corp.example"}
)

// embedded reads the catalogue once: it never changes.
var embedded = sync.OnceValues(catalog.Embedded)

func compile(t testing.TB, source engine.Source) *engine.Snapshot {
	t.Helper()
	source.Now = noon
	if source.Catalog == nil {
		var err error
		if source.Catalog, err = embedded(); err != nil {
			t.Fatal(err)
		}
	}
	s, problems := engine.Compile(source)
	if s == nil || problems.Err() != nil {
		for _, p := range problems {
			var b strings.Builder
			_ = p.Write(&b)
			t.Log(b.String())
		}
		t.Fatal("the policy does not compile")
	}
	return s
}

// policy compiles rules that are written behind `version: 1`.
func policy(t testing.TB, lines ...string) *engine.Snapshot {
	t.Helper()
	return compile(t, engine.Source{Policy: []policyfile.File{{Name: "p.yaml", Data: []byte("version: 1\n" + strings.Join(lines, "\n") + "\n")}}})
}

// post is a request with a JSON body.
func post(host, path string, body string, change ...func(*engine.Request)) (engine.Request, engine.Body) {
	r := engine.Request{
		Time: noon, Client: ana, Destination: rules.Destination{ConnectHost: host, SNI: host, Host: host, Port: 443},
		Method: "POST", Path: path, Header: map[string][]string{"Content-Type": {"application/json"}}, Length: int64(len(body)),
	}
	for _, c := range change {
		c(&r)
	}
	return r, engine.Body{Bytes: []byte(body), Total: int64(len(body))}
}

func evaluate(s *engine.Snapshot, r engine.Request, b engine.Body) (engine.Plan, engine.Outcome) {
	p := s.Plan(r)
	return p, s.Evaluate(p, b)
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

// chatgpt is the body of a prompt as the web app of ChatGPT sends it.
func chatgpt(text string) string {
	return fmt.Sprintf(`{"action":"next","messages":[{"id":"a","author":{"role":"user"},"content":{"content_type":"text","parts":[%q]}}],"model":"auto"}`, text)
}

const chatPath = "/backend-api/f/conversation"

func TestStarterPolicyIsSound(t *testing.T) {
	s, problems := engine.Compile(engine.Source{Now: noon, Monitor: true})
	if len(problems) > 0 || s == nil || !s.Monitor() {
		t.Fatalf("problems %v", problems)
	}
}

func TestStarterPolicy(t *testing.T) {
	s := compile(t, engine.Source{})
	for _, c := range []struct {
		name, text string
		action     rules.Action
		rule       string
	}{
		{"a clean question", "What would be a good slogan for a bakery?", rules.Log, ""},
		{"one address", "Please answer ana@customers.example kindly.", rules.Log, ""},
		{"a customer list", customers(12), rules.Block, "customer lists stay home"},
		{"a card", "My card is 4539 1488 0343 6467, why was it declined?", rules.Block, "payment data stays home"},
		{"a national id", "客户身份证号 11010519491231002X 怎么核验？", rules.Block, "national ids stay home"},
		{"a key", "Why does AKIAIOSFODNN7EXAMPLE not work?", rules.Block, "credentials stay home"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, b := post("chatgpt.com", chatPath, chatgpt(c.text))
			p, o := evaluate(s, r, b)
			if p.Need != rules.Hold || o.Verdict.Action != c.action || o.Verdict.Rule != c.rule {
				t.Errorf("need %v, verdict %+v", p.Need, o.Verdict)
			}
		})
	}
}

func TestACustomerListIsCounted(t *testing.T) {
	s := compile(t, engine.Source{})
	r, b := post("chatgpt.com", chatPath, chatgpt(customers(250)))
	_, o := evaluate(s, r, b)
	f := o.Facts
	if f.Service.ID != "chatgpt" || f.Service.Operation != "prompt" || o.Verdict.Status != rules.Unreviewed || f.Content.People != 250 || f.Content.Coverage.State.String() != "complete" {
		t.Errorf("facts %+v content %+v", f, f.Content)
	}
	if o.PathTemplate != chatPath || o.ShapeChanged || o.Service == nil || o.Service.Name == "" {
		t.Errorf("outcome %+v", o)
	}
}

func TestAnApprovalLetsItsDataThrough(t *testing.T) {
	lines := []string{
		"groups:", "  marketing: {networks: [10.20.0.0/16]}",
		"approvals:", "  - {service: chatgpt, status: sanctioned, groups: [marketing], data: [personal], expires: 2027-03-31}",
		"rules:", "  - {name: lists, match: {status: unreviewed, data: {class: personal, people: \">=10\"}}, action: block}",
	}
	s := policy(t, lines...)
	r, b := post("chatgpt.com", chatPath, chatgpt(customers(20)))
	if _, o := evaluate(s, r, b); o.Verdict.Action != rules.Log || o.Verdict.Status != rules.Sanctioned || o.Verdict.Groups[0] != "marketing" {
		t.Errorf("approved: %+v", o.Verdict)
	}
	r.Client.Address = netip.MustParseAddr("10.30.0.7")
	if _, o := evaluate(s, r, b); !o.Verdict.Stops() {
		t.Errorf("another group: %+v", o.Verdict)
	}
	r.Client, r.Time = ana, noon.AddDate(1, 0, 0)
	if _, o := evaluate(s, r, b); !o.Verdict.Stops() || !strings.Contains(o.Verdict.Reason, "expired on 2027-03-31") {
		t.Errorf("a year later: %+v", o.Verdict)
	}
}

func TestOnlyThePlacesOfTextAreRead(t *testing.T) {
	s := policy(t, "rules:", "  - {name: mail, match: {data: personal}, action: block}")
	r, b := post("chatgpt.com", chatPath, `{"messages":[{"content":{"parts":["hello"]}}],"account":"ana@corp.example"}`)
	if _, o := evaluate(s, r, b); o.Verdict.Stops() || o.ShapeChanged {
		t.Errorf("an address beside the prompt: %+v", o.Verdict)
	}
}

func TestWritingInAFieldThatNobodyListedIsReadToo(t *testing.T) {
	s := policy(t, "rules:", "  - {name: lists, match: {data: {class: personal, people: '>=10'}}, action: block}")
	r, b := post("chatgpt.com", chatPath, fmt.Sprintf(`{"messages":[{"content":{"parts":["make it shorter"]}}],"new_context":%q}`, customers(20)))
	_, o := evaluate(s, r, b)
	if !o.Verdict.Stops() || o.Facts.Content.People != 20 {
		t.Errorf("verdict %+v, people %d", o.Verdict, o.Facts.Content.People)
	}
}

func TestAListOfShortValuesBesideThePromptIsReadToo(t *testing.T) {
	s := policy(t, "rules:", "  - {name: mail, match: {data: personal}, action: block}")
	for _, c := range []struct {
		beside string
		stops  bool
	}{
		{`"a@x.example","b@x.example","c@x.example"`, true},
		{`"a@x.example","a@x.example","a@x.example","en-GB"`, false}, // the account, again and again
	} {
		r, b := post("chatgpt.com", chatPath, `{"messages":[{"content":{"parts":["hello"]}}],"beside":[`+c.beside+`]}`)
		if _, o := evaluate(s, r, b); o.Verdict.Stops() != c.stops {
			t.Errorf("beside %s: %+v", c.beside, o.Verdict)
		}
	}
}

func TestABodyOfAnotherShapeIsReadAsAWhole(t *testing.T) {
	s := policy(t, "rules:", "  - {name: mail, match: {data: personal}, action: block}")
	r, b := post("chatgpt.com", chatPath, `{"dialogue":[{"say":"write to ana@customers.example"}]}`)
	_, o := evaluate(s, r, b)
	if !o.ShapeChanged || !o.Verdict.Stops() {
		t.Errorf("shape changed %v, verdict %+v", o.ShapeChanged, o.Verdict)
	}
}

func TestShapeHasChangedWhenNothingOfABodyIsWhereTheTextSits(t *testing.T) {
	s := policy(t, "rules: []")
	for _, c := range []struct {
		name, media, body string
		want              bool
	}{
		{"the known place", "application/json", chatgpt("hello"), false},
		{"one known place of several", "application/json", `{"messages":[{"metadata":{"attachments":[{"name":"a.csv"}]}}],"extra":"x"}`, false},
		{"JSON of another shape", "application/json", `{"dialogue":[{"say":"hello"}]}`, true},
		{"a form", "application/x-www-form-urlencoded", "say=hello", true},
		{"parts", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"say\"\r\n\r\nhello\r\n--x--\r\n", true},
		{"plain text", "text/plain", "hello", true},
		{"an empty body", "application/json", "", false},
		{"an empty object", "application/json", "{}", false},
		{"what cannot be read", "image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, b := post("chatgpt.com", chatPath, c.body)
			r.Header["Content-Type"] = []string{c.media}
			if _, o := evaluate(s, r, b); o.ShapeChanged != c.want {
				t.Errorf("shape changed %v, coverage %+v", o.ShapeChanged, o.Facts.Content.Coverage)
			}
		})
	}
	r, b := post("chatgpt.com", "/backend-api/me", `{"say":"hello"}`)
	if _, o := evaluate(s, r, b); o.ShapeChanged {
		t.Error("a request of no operation has no shape")
	}
}

func TestUncapturedBodiesAreNeverCalledComplete(t *testing.T) {
	s := policy(t, "rules:", "  - {name: unread, match: {coverage: [not_inspected, truncated]}, action: block}")
	r, whole := post("chatgpt.com", chatPath, chatgpt("hello"))
	for _, c := range []struct {
		name          string
		body          engine.Body
		state, reason string
		stops         bool
	}{
		{"whole", whole, "complete", "", false},
		{"nothing captured", engine.Body{Reason: "websocket"}, "not_inspected", "websocket", true},
		{"nothing captured of a large one", engine.Body{Total: 1 << 30, Reason: "busy"}, "not_inspected", "busy", true},
		{"cut", engine.Body{Bytes: whole.Bytes[:40], Total: whole.Total, Reason: "over_limit"}, "truncated", "over_limit", true},
		{"cut at its very end", engine.Body{Bytes: whole.Bytes, Total: whole.Total, Reason: "over_limit"}, "truncated", "over_limit", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, o := evaluate(s, r, c.body)
			got := o.Facts.Content.Coverage
			if got.State.String() != c.state || got.Reason != c.reason || o.Verdict.Stops() != c.stops {
				t.Errorf("coverage %+v, verdict %+v", got, o.Verdict)
			}
		})
	}
}

func TestTheQueryIsReadToo(t *testing.T) {
	s := policy(t, "rules:", "  - {name: mail, match: {data: personal}, action: block}")
	r, b := post("chatgpt.com", "/", "", func(r *engine.Request) {
		r.Method, r.Query = "GET", "q=write+to+ana%40customers.example"
	})
	if p, o := evaluate(s, r, b); p.Need != rules.Hold || !o.Verdict.Stops() {
		t.Errorf("need %v, verdict %+v", p.Need, o.Verdict)
	}
}

func TestContentFreeBlockIsFinal(t *testing.T) {
	s := policy(t, "approvals:", "  - {service: deepseek, status: prohibited}", "rules:", "  - {name: no, match: {status: prohibited}, action: block}")
	r, _ := post("chat.deepseek.com", "/api/v0/chat/completion", "{}")
	if p := s.Plan(r); !p.Final || !p.Verdict.Stops() || p.Need != rules.Nothing {
		t.Errorf("plan %+v", p)
	}
}

func TestTraceOfAnOutcome(t *testing.T) {
	s := policy(t, "rules:", "  - {name: lists, match: {data: {class: personal, people: \">=10\"}}, action: block}")
	r, b := post("chatgpt.com", chatPath, chatgpt(customers(9)))
	var trace rules.Trace
	o := s.Explain(s.Plan(r), b, &trace)
	if o.Verdict.Rule != "" || len(trace.Steps) != 2 || trace.Steps[1].Outcome != "no" || !strings.Contains(trace.Steps[1].Saw, "9 people") {
		t.Errorf("steps %+v", trace.Steps)
	}
}

func TestFaultsOfEverySourceAreReported(t *testing.T) {
	s, problems := engine.Compile(engine.Source{
		Policy: []policyfile.File{{Name: "p.yaml", Data: []byte("version: 1\nrulez: []\n")}}, Bypass: []string{"https://bank.example/"}, Intercept: "some",
	})
	var got []string
	for _, p := range problems {
		got = append(got, p.Error())
	}
	all := strings.Join(got, "\n")
	if s != nil || !strings.Contains(all, "p.yaml:2:1") || !strings.Contains(all, "tls.bypass: error") || !strings.Contains(all, "tls.intercept: error") {
		t.Errorf("problems\n%s", all)
	}
}

func TestAWarningDoesNotKeepAPolicyOut(t *testing.T) {
	s, problems := engine.Compile(engine.Source{Now: noon, Policy: []policyfile.File{{Name: "p.yaml", Data: []byte(
		"version: 1\napprovals:\n  - {service: chatgpt, status: tolerated, expires: 2020-01-01}\n")}}})
	if s == nil || len(problems) != 1 || !problems[0].Warning {
		t.Errorf("problems %v", problems)
	}
}

func TestRevisionChangesWithEverythingThatDecides(t *testing.T) {
	file := func(name, rule string) policyfile.File {
		return policyfile.File{Name: name, Data: []byte("version: 1\nrules:\n  - {name: " + rule + ", match: {}, action: log}\n")}
	}
	base := engine.Source{Policy: []policyfile.File{file("a.yaml", "one"), file("b.yaml", "two")}}
	seen := map[string]string{compile(t, base).Revision(): "base"}
	for name, change := range map[string]func(*engine.Source){
		"content":   func(s *engine.Source) { s.Policy = []policyfile.File{file("a.yaml", "one"), file("b.yaml", "three")} },
		"order":     func(s *engine.Source) { s.Policy = []policyfile.File{s.Policy[1], s.Policy[0]} },
		"monitor":   func(s *engine.Source) { s.Monitor = true },
		"bypass":    func(s *engine.Source) { s.Bypass = []string{"bank.example"} },
		"intercept": func(s *engine.Source) { s.Intercept = engine.InterceptNone },
	} {
		source := base
		change(&source)
		r := compile(t, source).Revision()
		if other, again := seen[r]; again {
			t.Errorf("%s and %s have the revision %s", name, other, r)
		}
		seen[r] = name
	}
	if _, same := seen[compile(t, base).Revision()]; !same || len(compile(t, base).Revision()) != 12 {
		t.Error("the same source has another revision")
	}
}

func TestNothingOfTheBodyIsInTheOutcome(t *testing.T) {
	const secret = "planted.secret@customers.example"
	s := policy(t, "rules:", "  - {name: mail, match: {data: personal}, action: block}")
	r, b := post("chatgpt.com", chatPath, chatgpt("write to "+secret), func(r *engine.Request) { r.Query = "q=" + secret })
	var trace rules.Trace
	o := s.Explain(s.Plan(r), b, &trace)
	if !o.Verdict.Stops() {
		t.Fatal("the secret was not found")
	}
	o.Facts.Path = "" // the path is a fact; only its template is told
	if text := fmt.Sprintf("%+v %+v %+v %+v", o.Verdict, o.Facts.Content, o.Result, trace); strings.Contains(text, "planted.secret") {
		t.Errorf("the outcome holds the secret: %s", text)
	}
}

func TestExpiringApprovalsAreCounted(t *testing.T) {
	s := policy(t, "approvals:", "  - {service: chatgpt, status: tolerated, expires: 2026-11-25}",
		"  - {service: claude, status: tolerated, expires: 2026-12-10}", "  - {service: gemini, status: tolerated}", "  - {service: deepseek, status: tolerated, expires: 2026-11-01}")
	for days, want := range map[int]int{1: 0, 7: 1, 30: 2} {
		if got := s.Expiring(noon, noon.AddDate(0, 0, days)); got != want {
			t.Errorf("within %d days: %d, want %d", days, got, want)
		}
	}
}

func TestScanReadsAFile(t *testing.T) {
	s := compile(t, engine.Source{})
	doc, result := s.Scan("crm.csv", []byte(customers(30)))
	if doc.Coverage.State.String() != "complete" || result.People != 30 || len(doc.Segments) == 0 {
		t.Errorf("coverage %+v, people %d", doc.Coverage, result.People)
	}
}

func TestNamesOfHostsAreFolded(t *testing.T) {
	s := policy(t, "rules:", "  - {name: there, match: {traffic: any, host: [shop.example, chatgpt.com]}, action: block}")
	for _, host := range []string{"SHOP.example", "shop.example.", "ChatGPT.com"} {
		r, _ := post(host, "/", "")
		if p := s.Plan(r); !p.Verdict.Stops() || !p.Final {
			t.Errorf("%s: %+v", host, p.Verdict)
		}
	}
}
