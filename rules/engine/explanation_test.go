package engine_test

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// explain judges a request and explains it.
func explain(s *engine.Snapshot, r engine.Request, b engine.Body) (engine.Plan, engine.Outcome, engine.Explanation) {
	trace := new(rules.Trace)
	p, o := s.Judge(r, b, trace)
	return p, o, s.Explanation(&p, b, &o, trace)
}

const explainedPolicy = `
groups:
  marketing: {networks: [10.20.0.0/16], users: ["*@marketing.example"]}
  board: {users: ["ceo@*"]}
approvals:
  - {service: chatgpt, status: sanctioned, groups: [board]}
  - {service: chatgpt, status: sanctioned, groups: [marketing], data: [campaign_performance], expires: 2030-01-01, owner: mops, assessment: RA-1}
  - {service: chatgpt, status: sanctioned, expires: 2020-01-01}
  - {service: chatgpt, status: prohibited, data: [credentials]}
  - {service: claude, status: prohibited}
accounts:
  - {service: chatgpt, tenant: abc-1, name: Acme}
rules:
  - {name: board reads on, match: {groups: [board]}, action: allow}
  - {name: secrets, match: {data: credentials}, action: block}
  - {name: lists, match: {status: [unreviewed, prohibited], data: {class: personal, people: ">=3"}}, action: block, message: {en: Stop.}}
  - {name: rest, match: {}, action: log}
  - {name: never, match: {}, action: block}`

func TestAnExplanationSaysWhatTheVerdictRestsOn(t *testing.T) {
	s := policy(t, explainedPolicy)
	r, b := post("chatgpt.com", chatPath, chatgpt(customers(5)), func(r *engine.Request) {
		r.Client = rules.Client{User: "Ana@marketing.example", Address: netip.MustParseAddr("10.20.0.7")}
	})
	_, o, x := explain(s, r, b)
	if x.Verdict.Action != "block" || x.Verdict.Rule != "lists" || !x.Verdict.Enforced || x.Verdict.Reason != o.Verdict.Reason {
		t.Errorf("verdict %+v", x.Verdict)
	}
	if want := []engine.ExplainedGroup{{Name: "marketing", Network: "10.20.0.0/16", User: "*@marketing.example"}}; !slices.Equal(x.Client.Groups, want) {
		t.Errorf("groups %+v", x.Client.Groups)
	}
	if x.Service.By != engine.ByCatalogue || x.Service.Host != "chatgpt.com" || x.Service.Operation != "prompt" || x.Service.Path == "" || !strings.HasPrefix(x.Service.At, "chat.yaml:") {
		t.Errorf("service %+v", x.Service)
	}
	if x.Tunnel == nil || x.Tunnel.Decision != "intercept" {
		t.Errorf("tunnel %+v", x.Tunnel)
	}
	if x.Reading.Need != "hold" || x.Reading.Rule != "secrets" || len(x.Reading.Places) != 1 || !strings.Contains(x.Reading.Places[0].At, "$.messages") || x.Reading.Places[0].Texts == 0 {
		t.Errorf("reading %+v", x.Reading)
	}
	if x.People != 5 || len(x.Findings) == 0 || !slices.Contains(x.Findings[0].Classes, "personal") {
		t.Errorf("%d people, %+v", x.People, x.Findings)
	}
	var tried []string
	for _, rule := range x.Rules {
		last := rule.Conditions[len(rule.Conditions)-1]
		tried = append(tried, rule.Name+" "+rule.Action+" "+last.Condition+" "+last.Outcome)
	}
	if want := []string{"board reads on allow groups no", "secrets block data no", "lists block data yes"}; !slices.Equal(tried, want) || x.NotTried != 2 || !x.Rules[2].Matched || x.Rules[0].Matched {
		t.Errorf("rules %q, %d not tried", tried, x.NotTried)
	}
	if x.Otherwise == nil || x.Otherwise.Rule != "rest" || x.Otherwise.Action != "log" {
		t.Errorf("otherwise %+v", x.Otherwise)
	}
	if x.Answer == nil || !x.Answer.Given || x.Answer.Shape != "openai" || x.Answer.Message["en"] != "Stop." {
		t.Errorf("answer %+v", x.Answer)
	}
}

func TestAnApprovalThatDoesNotDecideSaysWhy(t *testing.T) {
	s := policy(t, explainedPolicy)
	for _, c := range []struct {
		name, user, text string
		status           string
		reasons          []string // of each approval; "" for the one that decides
	}{
		{"nobody", "", "hello", "unreviewed", []string{"it is for board only", "it is for marketing only", "it expired on 2020-01-01", "nothing of credentials was found"}},
		{"marketing, with customers", "ana@marketing.example", "write to ana.torres@kunden.example", "unreviewed",
			[]string{"it is for board only", "it does not cover personal (email)", "it expired on 2020-01-01", "nothing of credentials was found"}},
		{"marketing, without", "ana@marketing.example", "hello", "sanctioned", []string{"it is for board only", "", "it expired on 2020-01-01", "nothing of credentials was found"}},
		{"the board", "ceo@corp.example", "hello", "sanctioned", []string{"", "it is for marketing only", "it expired on 2020-01-01", "nothing of credentials was found"}},
		{"the board, with a key", "ceo@corp.example", "the key is ghp_16C7e42F292c6912E7710c838347Ae178B4a", "prohibited",
			[]string{"another one says more of this request, or is stricter", "it is for marketing only", "it expired on 2020-01-01", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, b := post("chatgpt.com", chatPath, chatgpt(c.text), func(r *engine.Request) { r.Client = rules.Client{User: c.user} })
			// No final verdict, so that the content is looked at.
			_, o := evaluate(s, r, b)
			x := s.ExplainFacts(o.Facts, o.Verdict, nil)
			var reasons []string
			for _, a := range x.Status.Approvals {
				reasons = append(reasons, a.Reason)
				if a.Decides != (a.Reason == "") {
					t.Errorf("%+v", a)
				}
			}
			if x.Status.Status != c.status || !slices.Equal(reasons, c.reasons) {
				t.Errorf("%s by %q", x.Status.Status, reasons)
			}
		})
	}
}

func TestATunnelSaysWhyItStaysClosed(t *testing.T) {
	file := []policyfile.File{{Name: "p.yaml", Data: []byte("version: 1\nrules: []\n")}}
	for _, c := range []struct {
		name, host string
		source     engine.Source
		reason, by string
	}{
		{"a bank", "www.deutsche-bank.de", engine.Source{}, "bank", "the embedded bypass list"},
		{"a host of the configuration", "hr.corp.example", engine.Source{Bypass: []string{"*.other.example", "*.corp.example"}}, "bypass", "tls.bypass *.corp.example"},
		{"anything but AI", "shop.example", engine.Source{Intercept: engine.InterceptCatalogued}, "not_intercepted", "tls.intercept catalogued"},
		{"anything", "chatgpt.com", engine.Source{Intercept: engine.InterceptNone}, "not_intercepted", "tls.intercept none"},
		{"nothing", "chatgpt.com", engine.Source{}, "", ""},
	} {
		c.source.Policy = file
		s := compile(t, c.source)
		r, b := post(c.host, "/x", "{}")
		_, _, x := explain(s, r, b)
		if x.Tunnel == nil || x.Tunnel.Reason != c.reason || x.Tunnel.By != c.by || (x.Tunnel.Decision == "intercept") != (c.reason == "") {
			t.Errorf("%s: %+v", c.name, x.Tunnel)
		}
		r.Destination.ConnectHost = ""
		if _, _, x := explain(s, r, b); x.Tunnel != nil {
			t.Errorf("%s: plain HTTP has a tunnel", c.name)
		}
	}
}

func TestTheRuleThatHoldsARequestIsTheFirstOneThatMayStopIt(t *testing.T) {
	for _, c := range []struct{ name, rules, need, rule string }{
		{"the first that looks into it", "{name: a, match: {groups: [m]}, action: block}, {name: b, match: {data: personal}, action: block}, {name: c, match: {data: payment}, action: block}", "hold", "b"},
		{"one behind a monitored one", "{name: a, match: {data: personal}, action: block, mode: monitor}, {name: b, match: {coverage: [truncated]}, action: block}", "hold", "b"},
		{"none when all are monitored", "{name: a, match: {data: personal}, action: block, mode: monitor}", "observe", ""},
		{"none when nothing is read", "{name: a, match: {}, action: block}, {name: b, match: {data: personal}, action: block}", "nothing", ""},
	} {
		s := policy(t, "groups: {m: {users: [m]}}", "rules: ["+c.rules+"]")
		r, b := post("chatgpt.com", chatPath, chatgpt("hello"))
		if _, _, x := explain(s, r, b); x.Reading.Need != c.need || x.Reading.Rule != c.rule {
			t.Errorf("%s: %+v", c.name, x.Reading)
		}
	}
}

func TestWhatNoContentCanChangeIsNotRead(t *testing.T) {
	s := policy(t, "rules: [{name: a, match: {}, action: block}]")
	r, b := post("chatgpt.com", chatPath, chatgpt(customers(5)))
	p, o, x := explain(s, r, b)
	if !p.Final || o.Verdict.Reason != p.Verdict.Reason || x.People != 0 || x.Reading.Coverage.Reason != "policy" || len(x.Rules) != 1 || !x.Rules[0].Matched {
		t.Errorf("%+v\n%+v", o.Verdict, x)
	}
}

func TestAnExplanationLeavesTheSnapshotAsItIs(t *testing.T) {
	s := policy(t, explainedPolicy)
	r, b := post("chatgpt.com", chatPath, chatgpt(customers(5)))
	before, err := json.Marshal(third(explain(s, r, b)))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if after, _ := json.Marshal(third(explain(s, r, b))); string(after) != string(before) {
			t.Fatalf("%s\n%s", before, after)
		}
	}
}

func third(_ engine.Plan, _ engine.Outcome, x engine.Explanation) engine.Explanation { return x }

func TestDiscoveryIsExplainedByItsEvidence(t *testing.T) {
	s := policy(t, "rules: []")
	r, b := post("llm.unknown.example", "/v1/chat/completions", `{"model":"gpt-5","messages":[{"role":"user","content":"hello there"}]}`)
	_, o, x := explain(s, r, b)
	if x.Service.ID != rules.Suspected || x.Service.By != engine.ByDiscovery || !slices.Equal(x.Service.Evidence, o.Facts.Service.Evidence) || x.Service.Score < 50 {
		t.Errorf("%+v", x.Service)
	}
	r, b = post("shop.example", "/cart", `{"item":7}`)
	if _, _, x := explain(s, r, b); x.Service.ID != "" || x.Service.By != "" || x.Status != nil || x.Account != nil {
		t.Errorf("%+v", x)
	}
}

func TestAPathThatIsNoOperationByItsMethodSaysByWhich(t *testing.T) {
	s := policy(t, "rules: []")
	r, b := post("chatgpt.com", chatPath, "", func(r *engine.Request) { r.Method = "GET" })
	if _, _, x := explain(s, r, b); x.Service.Path != "" || !slices.Equal(x.Service.Methods, []string{"POST"}) || x.Service.Operation != catalog.Other {
		t.Errorf("%+v", x.Service)
	}
}

func TestHintsSayWhatWouldChangeTheVerdict(t *testing.T) {
	for _, c := range []struct{ name, policy, user, text, want string }{
		{"a rule that is monitored", "rules: [{name: a, match: {data: personal}, action: block, mode: monitor}]", "", "ana.torres@kunden.example", "the rule has mode: monitor"},
		{"a policy that is", "mode: monitor\nrules: [{name: a, match: {data: personal}, action: block}]", "", "ana.torres@kunden.example", "a policy file has mode: monitor"},
		{"an approval of another group", "groups: {m: {users: [m]}}\napprovals: [{service: chatgpt, status: sanctioned, groups: [m]}]\nrules: [{name: a, match: {status: unreviewed, data: personal}, action: block}]", "", "ana.torres@kunden.example", "would make it sanctioned, but it is for m only"},
		{"no approval", "rules: [{name: a, match: {status: unreviewed, data: personal}, action: block}]", "", "ana.torres@kunden.example", "an approval of chatgpt"},
		{"too few people", "rules: [{name: a, match: {data: {class: personal, people: \">=10\"}}, action: block}]", "", "ana.torres@kunden.example", "it fails at data, which wants personal, people >=10 and sees 1 email of 1 person"},
		{"nobody", "groups: {m: {users: [m]}}\nrules: []", "", "hello", "the client is nobody"},
		{"what decides otherwise", "rules: [{name: a, match: {data: personal}, action: block}]", "", "ana.torres@kunden.example", "then no rule matches, and the action is log"},
	} {
		s := policy(t, c.policy)
		r, b := post("chatgpt.com", chatPath, chatgpt(c.text), func(r *engine.Request) { r.Client = rules.Client{User: c.user} })
		_, _, x := explain(s, r, b)
		if !strings.Contains(strings.Join(x.Hints, "\n"), c.want) {
			t.Errorf("%s: %q", c.name, x.Hints)
		}
	}
}

func TestNothingRawIsInAnExplanation(t *testing.T) {
	s := policy(t, explainedPolicy)
	const secret = "zq7secret"
	r, b := post("chatgpt.com", chatPath, chatgpt("write to "+secret+"@kunden.example, key "+secret), func(r *engine.Request) {
		r.Query = "q=" + secret
		r.Path = "/backend-api/" + secret
		r.Header["Cookie"] = []string{"session=" + secret}
		r.Header["Authorization"] = []string{"Bearer " + secret}
	})
	for _, host := range []string{"chatgpt.com", "shop.example", "llm.unknown.example"} {
		r.Destination.Host, r.Destination.ConnectHost, r.Destination.SNI = host, host, host
		text, err := json.Marshal(third(explain(s, r, b)))
		if err != nil || strings.Contains(string(text), secret) {
			t.Errorf("%s: %s, %v", host, text, err)
		}
	}
}

func TestFactsAloneAreExplained(t *testing.T) {
	s := policy(t, explainedPolicy)
	f := rules.Facts{Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Service: rules.Service{ID: "chatgpt", Operation: "prompt"}, Path: "/x"}
	trace := new(rules.Trace)
	v := s.Decide(f, trace)
	x := s.ExplainFacts(f, v, trace)
	if x.Service.By != engine.ByRecord || x.Service.Vendor == "" || x.Reading != nil || x.Tunnel != nil {
		t.Errorf("%+v", x)
	}
	for _, rule := range x.Rules {
		for _, c := range rule.Conditions {
			if (c.Condition == "data") != (c.Outcome == "unknown") {
				t.Errorf("content that is not on record: %+v", c)
			}
		}
	}
}
