package policyfile_test

import (
	"strings"
	"testing"

	"daylight.internal/rules"
	"daylight.internal/rules/policyfile"
)

func TestTestsKeepWhatTheySay(t *testing.T) {
	s := mustLoad(t, read(t, fixtures+"/good/marketing.yaml"))
	r, e := s.Tests[0].Request, s.Tests[0].Expect
	if r.Method != "POST" || r.URL.Host != "chatgpt.com" || r.BodyFile.V != "crm.csv" || r.Headers["Content-Type"] != "text/csv" || r.Address.String() != "10.20.0.7" || r.Time.Year() != 2027 {
		t.Errorf("request %+v", r)
	}
	exactly := rules.Comparison{Op: "=", Value: 250}
	if e.Action.V != "block" || e.People.V != exactly || e.Findings[0].Detector.V != "email" || e.Findings[0].Count.V != exactly || s.Tests[1].Expect.People.Set || !s.Tests[1].Expect.Rule.Set {
		t.Errorf("expectation %+v", e)
	}
	if r := s.Tests[1].Request; r.Method != "POST" || r.Body == "" {
		t.Errorf("a request with a body is not a POST: %+v", r)
	}
}

// named returns the test of that name.
func named(t *testing.T, s *policyfile.Source, name string) policyfile.Test {
	t.Helper()
	var names []string
	for _, test := range s.Tests {
		if test.Name == name {
			return test
		}
		names = append(names, test.Name)
	}
	t.Fatalf("no test %q among %q", name, names)
	return policyfile.Test{}
}

func TestCasesChangeSingleKeysOfTheirTest(t *testing.T) {
	s := mustLoad(t, text("version: 1", "groups: {sales: {users: ['*@sales.example']}}",
		"tests:",
		"  - name: a list",
		"    request: {user: ana@corp.example, address: 10.0.0.1, service: chatgpt, prompt: hello, headers: {Accept: text/html}}",
		"    expect: {action: log, people: 0}",
		"    cases:",
		"      - {name: as a page, request: {headers: {accept: '*/*'}}, expect: {people: '>=2'}}",
		"      - {request: {group: sales}}",
		"      - {request: {group: sales}}",
		"      - {request: {url: 'https://a.example/', body_file: b.csv}, expect: {action: block}}",
		"      - {request: {prompt: another}}",
	))
	page := named(t, s, "a list/as a page")
	if page.Request.User != "ana@corp.example" || page.Request.Prompt.V != "hello" || page.Request.Headers["Accept"] != "*/*" || page.Expect.Action.V != "log" || page.Expect.People.V.Op != ">=" {
		t.Errorf("%+v", page)
	}
	sales := named(t, s, "a list/sales")
	if r := sales.Request; r.Group != "sales" || r.User != "" || r.Address.IsValid() || r.Prompt.V != "hello" {
		t.Errorf("a group replaces the client: %+v", r)
	}
	named(t, s, "a list/sales #2")
	elsewhere := named(t, s, "a list/b.csv")
	if r := elsewhere.Request; r.Service.Set || r.Prompt.Set || r.BodyFile.V != "b.csv" || r.Method != "POST" || r.User != "ana@corp.example" || elsewhere.Expect.Action.V != "block" {
		t.Errorf("a URL replaces the service and what belongs to it: %+v", r)
	}
	if last := named(t, s, "a list/case 5"); last.Request.Prompt.V != "another" || last.At.Line != 12 {
		t.Errorf("the name of a case may not quote its prompt: %+v", last)
	}
}

func TestATableIsAListOfCases(t *testing.T) {
	s := mustLoad(t, text("version: 1", "tests:",
		"  - name: services",
		"    request: {prompt: hello}",
		"    expect: {action: log}",
		"    columns: [name, service, user, account.kind, expect.service, findings.email, findings.phone, without, people]",
		"    rows:",
		"      - [first, chatgpt, ana@corp.example, private, chatgpt, 1, '>=2', [payment], '>=10']",
		"      - [~, deepseek, ~, ~, ~, ~, ~, ~, 0]",
	))
	first := named(t, s, "services/first")
	if first.Request.Service.V != "chatgpt" || first.Request.User != "ana@corp.example" || first.Request.Account.Kind != rules.PrivateAccount || first.At.Line != 8 {
		t.Errorf("%+v", first)
	}
	if e := first.Expect; e.Service.V != "chatgpt" || len(e.Findings) != 2 || e.Findings[1].Detector.V != "phone" || e.Findings[1].Count.V.Value != 2 || e.Without[0].V != "payment" || e.People.V.Value != 10 || e.Action.V != "log" {
		t.Errorf("%+v", e)
	}
	second := named(t, s, "services/deepseek")
	if second.Request.User != "" || second.Request.Account != nil || second.Expect.Service.Set || second.Expect.Findings != nil || second.Expect.People.V != (rules.Comparison{Op: "="}) {
		t.Errorf("~ does not leave the key as it was: %+v", second)
	}
}

func TestFaultsOfTestsAreToldAtTheirPlace(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string // of a test, behind its name
		want  string   // line:column: and a part of the message, for each fault
	}{
		{"goes nowhere", []string{"    expect: {action: log}"}, "4:5 the request goes nowhere"},
		{"expects nothing", []string{"    request: {url: 'https://a.example/'}"}, "4:5 the test expects nothing"},
		{"nothing sent to a service", []string{"    request: {service: chatgpt}", "    expect: {action: log}"}, "5:24 nothing is sent"},
		{"two destinations", []string{"    request: {service: chatgpt, prompt: a, har: b.har}", "    expect: {action: log}"}, "5:49 more than one destination"},
		{"two prompts", []string{"    request: {service: chatgpt, prompt: a, upload: b}", "    expect: {action: log}"}, "5:52 more than one prompt"},
		{"a body for a service", []string{"    request: {service: chatgpt, prompt: a, body: b}", "    expect: {action: log}"}, "5:50 `body` belongs to a request with a `url`"},
		{"an entry of nothing", []string{"    request: {url: 'https://a.example/', entry: 2}", "    expect: {action: log}"}, "5:49 `entry` belongs to a request with a `har`"},
		{"entry 0", []string{"    request: {har: a.har, entry: 0}", "    expect: {action: log}"}, "5:34 there is no entry 0"},
		{"an absolute file", []string{"    request: {har: /etc/passwd}", "    expect: {action: log}"}, "5:20 not be absolute"},
		{"headers of a recording", []string{"    request: {har: a.har, headers: {Accept: b}}", "    expect: {action: log}"}, "5:37 a recording has its own headers"},
		{"no such group", []string{"    request: {url: 'https://a.example/', group: x}", "    expect: {action: log}"}, `5:49 unknown group "x"`},
		{"no such response", []string{"    request: {url: 'https://a.example/'}", "    expect: {response: html}"}, `6:24 unknown response "html"`},
		{"no such class", []string{"    request: {url: 'https://a.example/'}", "    expect: {classes: [secret], without: [persona]}"}, `6:24 unknown data class "secret" 6:43 unknown data class "persona"`},
		{"no number", []string{"    request: {url: 'https://a.example/'}", "    expect: {people: some, findings: {email: -1}}"}, `6:22 "some" is not a comparison 6:46 a number of values is 0 or more`},
		{"rows without columns", []string{"    request: {url: 'https://a.example/'}", "    rows: [[log]]"}, "6:11 the rows have no columns"},
		{"columns without rows", []string{"    request: {url: 'https://a.example/'}", "    columns: [action]"}, "6:15 the columns have no rows"},
		{"a short row", []string{"    request: {url: 'https://a.example/'}", "    columns: [action, rule]", "    rows: [[log]]"}, "7:12 the row has 1 value for 2 columns"},
		{"no such column", []string{"    request: {url: 'https://a.example/'}", "    columns: [actoin]", "    rows: [[log]]"}, `6:15 unknown column "actoin"`},
		{"a wrong value in a row", []string{"    request: {url: 'https://a.example/'}", "    columns: [action]", "    rows: [[log], [blok]]"}, `7:20 unknown action "blok"`},
		{"a case twice", []string{"    request: {url: 'https://a.example/'}", "    expect: {action: log}", "    cases: [{name: a}, {name: a}]"}, `7:31 the case "a" is given twice`},
		{"messages in messages", []string{"    request: {websocket: a.ws}", "    expect: {messages: [{messages: [{action: log}]}]}"}, "6:25 a message has no messages"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := load(t, text(append([]string{"version: 1", "", "tests:", "  - name: it"}, c.lines...)...))
			var got []string
			for _, p := range problems {
				got = append(got, p.Position.String()[len("p.yaml:"):]+" "+p.Message)
			}
			rest := strings.Join(got, " ")
			for _, want := range strings.SplitAfter(c.want, " ") {
				i := strings.Index(rest, strings.TrimSpace(want))
				if i < 0 {
					t.Fatalf("got %q", got)
				}
				rest = rest[i:]
			}
			if n := strings.Count(c.want, ":") - strings.Count(c.want, "`:"); len(problems) != n {
				t.Errorf("%d faults, want %d: %q", len(problems), n, got)
			}
		})
	}
}

func TestAFileOfTestsHoldsNothingElse(t *testing.T) {
	rule := policyfile.File{Name: "a_test.yaml", Data: []byte("version: 1\nrules:\n  - {name: hidden, match: {}, action: allow}\n")}
	_, problems := load(t, rule)
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "only `version` and `tests`") {
		t.Errorf("%v", problems)
	}
}
