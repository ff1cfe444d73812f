package policyfile

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"daylight.internal/rules/strictyaml"
)

// Test is one expectation of a policy author: a request and what must become of it.
type Test struct {
	At      strictyaml.Position
	Name    string
	Request TestRequest
	Expect  TestExpectation
}

// TestRequest describes a request. Empty fields stand for none.
type TestRequest struct {
	User     string
	Address  netip.Addr // the zero value: none
	Method   string     // POST when there is a body, else GET
	URL      *url.URL
	Headers  map[string]string
	Body     string
	BodyFile string    // relative to the file of the test
	Time     time.Time // zero: now
}

// TestExpectation holds what must come out; what is not set is not compared.
type TestExpectation struct {
	Action, Rule, Status, Service, Coverage strictyaml.Value[string]
	People                                  strictyaml.Value[int]
	Findings                                map[string]int // count by detector
}

type testEntry struct {
	At      strictyaml.Position
	Name    text         `yaml:"name,required" doc:"what the test shows; unique over all files" example:"a CRM export to ChatGPT is blocked"`
	Request requestEntry `yaml:"request,required" doc:"the request"`
	Expect  expectEntry  `yaml:"expect,required" doc:"what must become of it; what is not given is not compared"`
}

type requestEntry struct {
	User     text            `yaml:"user" doc:"who is signed in" example:"ana@marketing.corp.example"`
	Address  text            `yaml:"address" doc:"address of the client" values:"address" example:"10.20.0.7"`
	Method   text            `yaml:"method" doc:"method of the request; left out: POST with a body, else GET" values:"method" example:"PUT"`
	URL      text            `yaml:"url,required" doc:"the whole URL" values:"url" example:"https://chatgpt.com/backend-api/f/conversation"`
	Headers  map[string]text `yaml:"headers" doc:"headers by name" example:"{Content-Type: text/plain}"`
	Body     text            `yaml:"body" doc:"the body as text" example:"Write to ana.kovac@customer.example"`
	BodyFile text            `yaml:"body_file" doc:"a file with the body, relative to the file of the test" example:"crm.csv"`
	Time     text            `yaml:"time" doc:"when it is made; left out: now" values:"time" example:"2027-03-31T12:00:00Z"`
}

type expectEntry struct {
	At       strictyaml.Position
	Action   text                  `yaml:"action" doc:"the action of the verdict" values:"action" example:"block"`
	Rule     text                  `yaml:"rule" doc:"name of the rule that decides; '' for none" values:"rule" example:"customer lists stay home"`
	Status   text                  `yaml:"status" doc:"status of the service" values:"status" example:"unreviewed"`
	Service  text                  `yaml:"service" doc:"the service that the request belongs to" values:"service_or_suspected" example:"chatgpt"`
	Coverage text                  `yaml:"coverage" doc:"how much of the body was read" values:"coverage" example:"complete"`
	People   strictyaml.Value[int] `yaml:"people" doc:"distinct individuals that the body names" example:"250"`
	Findings map[string]int        `yaml:"findings" doc:"values found, by detector" values:"detector" example:"{email: 250}"`
}

// tests checks the structure of the tests; running them is another package's task.
func (l *loader) tests() {
	seen := map[string]place{}
	for _, f := range l.files {
		for _, e := range f.Tests {
			if e.Name.Set && f.title(e.Name, "test") {
				f.first(seen, e.Name, "test")
			}
			l.expectation(f, &e.Expect)
			l.source.Tests = append(l.source.Tests, Test{
				At: e.At, Name: e.Name.V, Request: f.request(&e.Request),
				Expect: TestExpectation{e.Expect.Action, e.Expect.Rule, e.Expect.Status, e.Expect.Service, e.Expect.Coverage, e.Expect.People, e.Expect.Findings},
			})
		}
	}
}

func (f *file) request(e *requestEntry) TestRequest {
	r := TestRequest{User: e.User.V, Body: e.Body.V, BodyFile: e.BodyFile.V, Method: "GET", Headers: map[string]string{}}
	hasBody := e.Body.Set || e.BodyFile.Set
	if hasBody {
		r.Method = "POST"
	}
	if e.Method.Set {
		if known := f.methods(words{e.Method}); len(known) > 0 {
			r.Method = known[0]
		}
	}
	if e.Body.Set && e.BodyFile.Set {
		f.fault(e.BodyFile, "keep one of them", "the request has both a body and a body_file").ID = "invalid-test"
	}
	var err error
	if r.URL, err = url.Parse(e.URL.V); e.URL.Set && (err != nil || r.URL.Host == "" || !slices.Contains([]string{"http", "https", "ws", "wss"}, r.URL.Scheme)) {
		f.fault(e.URL, "write it as https://chatgpt.com/backend-api/conversation", "%q is not a whole URL", e.URL.V).ID = "invalid-test"
	}
	if r.Address, err = netip.ParseAddr(e.Address.V); e.Address.Set && err != nil {
		f.fault(e.Address, "write it as 10.20.0.7", "%q is not an address", e.Address.V).ID = "invalid-test"
	}
	if r.Time, err = time.Parse(time.RFC3339, e.Time.V); e.Time.Set && err != nil {
		f.fault(e.Time, "write it as 2027-03-31T12:00:00Z", "%q is not a time", e.Time.V).ID = "invalid-test"
	}
	for name, value := range e.Headers {
		r.Headers[name] = value.V
	}
	return r
}

func (l *loader) expectation(f *file, e *expectEntry) {
	if !e.Action.Set && !e.Rule.Set && !e.Status.Set && !e.Service.Set && !e.Coverage.Set && !e.People.Set && e.Findings == nil && e.At.Line > 0 {
		f.ErrorAt(e.At, 1, "give it an `action` or a `rule`", "the test expects nothing").ID = "invalid-test"
	}
	if e.Action.Set {
		f.action(e.Action)
	}
	if e.Rule.Set && e.Rule.V != "" && !slices.Contains(l.ruleNames, e.Rule.V) {
		f.unknown(e.Rule, "rule", l.ruleNames)
	}
	f.oneOf(e.Status, "status", statuses)
	f.oneOf(e.Coverage, "coverage", coverages())
	l.service(f, e.Service, true)
	if e.People.Set && e.People.V < 0 {
		f.ErrorAt(e.People.At, e.People.Length, "", "a number of people is 0 or more").ID = "invalid-test"
	}
	for id := range e.Findings {
		if _, ok := l.detectors[id]; !ok {
			f.ErrorAt(e.At, 1, strictyaml.DidYouMean(id, l.detectorIDs()), "unknown detector %q", id).ID = "unknown-detector"
		}
	}
}

// oneOf checks a single word against the known ones.
func (f *file) oneOf(w text, what string, known []string) {
	if w.Set && !slices.Contains(known, strings.TrimSpace(w.V)) {
		f.unknown(w, what, known)
	}
}
