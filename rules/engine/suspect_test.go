package engine_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
)

// completion is the body of a chat completion as many services take it.
func completion(text string) string {
	return `{"model":"m-1","temperature":0.2,"messages":[{"role":"user","content":"` + text + `"}]}`
}

var unlistedMail = []string{"rules:", "  - {name: mail, match: {status: unreviewed, data: personal}, action: block}"}

func TestAnUnlistedServiceIsFoundByItsShape(t *testing.T) {
	s := policy(t, unlistedMail...)
	body := completion("write to ana@customers.example")
	r, b := post("copy.startup.example", "/v3/go", body)
	p, o := evaluate(s, r, b)
	if p.Facts.Service.IsAI() || p.Need != rules.Nothing || !p.Peek {
		t.Errorf("by its head alone: %+v", p)
	}
	if o.Facts.Service.ID != rules.Suspected || len(o.Facts.Service.Evidence) == 0 || !o.Verdict.Stops() || o.Service != nil {
		t.Errorf("by its body: %+v %+v", o.Facts.Service, o.Verdict)
	}
}

func TestWhatTheFirstAnswerProvedHoldsTheSecondRequest(t *testing.T) {
	s := policy(t, unlistedMail...)
	r, b := post("copy.startup.example", "/v3/go", `{"q":"write to ana@customers.example"}`)
	if p, o := evaluate(s, r, b); p.Facts.Service.IsAI() || o.Facts.Service.IsAI() {
		t.Errorf("by itself it tells nothing: %+v", o.Facts.Service)
	}
	first := r.Discovery()
	first.Body = b.Bytes
	x := s.Discovery().Exchange(&first)
	x.Answer(&discovery.Response{Status: 200, MediaType: "text/event-stream"})
	x.Stream(0, []byte("data: {\"choices\":[{\"delta\":{\"content\":\"Dear\"}}]}\n\n"))
	r.Earlier.Add(x.Evidence())
	p, o := evaluate(s, r, b)
	if p.Facts.Service.ID != rules.Suspected || p.Need != rules.Hold || !o.Verdict.Stops() {
		t.Errorf("service %+v, need %v, verdict %+v", p.Facts.Service, p.Need, o.Verdict)
	}
	r.Path = "/collect"
	if p, _ := evaluate(s, r, b); p.Facts.Service.IsAI() {
		t.Errorf("its telemetry: %+v", p.Facts.Service)
	}
}

func TestTheShapeIsSeenThroughACompression(t *testing.T) {
	s := policy(t, unlistedMail...)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(completion("write to ana@customers.example")))
	_ = w.Close()
	r, b := post("copy.startup.example", "/v3/go", packed.String(), func(r *engine.Request) {
		r.Header = map[string][]string{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}
	})
	if _, o := evaluate(s, r, b); o.Facts.Service.ID != rules.Suspected || !o.Verdict.Stops() {
		t.Errorf("service %+v, verdict %+v", o.Facts.Service, o.Verdict)
	}
}

func TestAnUnlistedServiceIsFoundByItsHead(t *testing.T) {
	s := policy(t, unlistedMail...)
	r, b := post("gateway.corp.example", "/v1/chat/completions", completion("hello"))
	p, o := evaluate(s, r, b)
	if p.Facts.Service.ID != rules.Suspected || p.Need != rules.Hold || o.Facts.Service.ID != rules.Suspected || o.Verdict.Action != rules.Log {
		t.Errorf("plan %+v, verdict %+v", p.Facts.Service, o.Verdict)
	}
}

func TestOrdinaryTrafficIsNeitherSuspectedNorClassified(t *testing.T) {
	s := policy(t, unlistedMail...)
	r, b := post("shop.example", "/api/cart", `{"email":"ana@customers.example","items":[{"sku":"A-1","quantity":2}]}`)
	_, o := evaluate(s, r, b)
	c := o.Facts.Content
	if o.Facts.Service.IsAI() || o.Verdict.Action != rules.Allow || len(c.Findings) != 0 || c.Coverage.State.String() != "not_inspected" || c.Coverage.Reason != "policy" {
		t.Errorf("service %+v, verdict %+v, content %+v", o.Facts.Service, o.Verdict, c)
	}
}

func TestAPeekTellsWhatIsNeeded(t *testing.T) {
	enforced, monitored := policy(t, unlistedMail...), policy(t, append([]string{"mode: monitor"}, unlistedMail...)...)
	banned := policy(t, "rules:", "  - {name: none, match: {status: unreviewed}, action: block}")
	media := func(value string) func(*engine.Request) {
		return func(r *engine.Request) { r.Header = map[string][]string{"Content-Type": {value}} }
	}
	length := func(n int64) func(*engine.Request) { return func(r *engine.Request) { r.Length = n } }
	ai, half, cart := completion("hello"), completion("hello, you")[:78], `{"sku":"A-1","quantity":2}`
	for _, c := range []struct {
		name   string
		policy *engine.Snapshot
		change func(*engine.Request)
		body   string
		peek   bool
		want   rules.Need
	}{
		{"JSON in the shape of AI is held", enforced, length(1 << 20), ai, true, rules.Hold},
		{"whatever its length", enforced, length(-1), ai, true, rules.Hold},
		{"half of it is enough", enforced, length(100), half, true, rules.Hold},
		{"other JSON is let through", enforced, length(100), cart, true, rules.Nothing},
		{"nothing is held that would not be blocked", monitored, length(100), ai, true, rules.Observe},
		{"what is always blocked need not be read", banned, length(100), ai, true, rules.Nothing},
		{"no body, no suspicion", enforced, length(0), "", false, rules.Nothing},
		{"whatever it is called", enforced, media("application/x-www-form-urlencoded"), ai, true, rules.Hold},
		{"a picture has no such shape", enforced, media("image/png"), ai, false, rules.Nothing},
		{"a body is a body, whatever the method", enforced, func(r *engine.Request) { r.Method = "get" }, ai, true, rules.Hold},
		{"a tunnel has no body", enforced, func(r *engine.Request) { r.Method, r.Length = "CONNECT", -1 }, "", false, rules.Nothing},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _ := post("copy.startup.example", "/v3/go", c.body, c.change)
			p := c.policy.Plan(r)
			if p.Peek != c.peek || p.Need != rules.Nothing {
				t.Errorf("peek %v, need %v before it", p.Peek, p.Need)
			}
			if p.Peek {
				p = c.policy.Peeked(p, []byte(c.body))
			}
			if p.Peek || p.Need != c.want {
				t.Errorf("need %v, want %v", p.Need, c.want)
			}
			if stops := p.Final && p.Verdict.Stops(); stops != (c.policy == banned) {
				t.Errorf("stops: %v", stops)
			}
		})
	}
}

func TestWhatWasFoundTooLateIsNotCalledEnforced(t *testing.T) {
	s := policy(t, unlistedMail...)
	r, b := post("copy.startup.example", "/v3/go", `{"q":"write to ana@customers.example"}`)
	p, o := evaluate(s, r, b)
	e := s.Discovery().Judge(discovery.Words(0).With(discovery.ModelFrames))
	for name, before := range map[string]engine.Outcome{"unread": {}, "read in any case": {Facts: rules.Facts{Content: &rules.Content{Findings: mails(s, r, b)}}}} {
		after := s.Concluded(p, before, e, b)
		if after.Facts.Service.ID != rules.Suspected || after.Verdict.Action != rules.Block || after.Verdict.Stops() || !strings.Contains(after.Verdict.Reason, "left already") {
			t.Errorf("%s: %+v, verdict %+v", name, after.Facts.Service, after.Verdict)
		}
	}
	if o.Facts.Service.IsAI() {
		t.Errorf("it was ordinary: %+v", o.Facts.Service)
	}
}

// mails are the findings of a body when it goes to AI.
func mails(s *engine.Snapshot, r engine.Request, b engine.Body) []classifier.Summary {
	r.Destination.Host = "api.openai.com"
	return s.Evaluate(s.Plan(r), b).Facts.Content.Findings
}

func TestATunnelIsOnlySuspected(t *testing.T) {
	s := policy(t, "rules:", "  - {name: none, match: {status: unreviewed}, action: block}")
	e := s.Discovery().Judge(discovery.Words(0).With(discovery.TunnelName).With(discovery.TunnelRhythm))
	_, before := evaluate(s, engine.Request{Time: noon, Client: ana, Method: "CONNECT", Length: -1, Destination: rules.Destination{ConnectHost: "gpt.startup.example", Host: "gpt.startup.example", Port: 443}}, engine.Body{Reason: "bypass"})
	o := s.SuspectedTunnel(before, e)
	if o.Facts.Service.ID != rules.Suspected || o.Facts.Service.Confidence != discovery.Low || o.Verdict.Action != rules.Log || o.Verdict.Status != rules.Unreviewed {
		t.Errorf("%+v, verdict %+v", o.Facts.Service, o.Verdict)
	}
}

func TestRulesForOtherTrafficReadIt(t *testing.T) {
	s := policy(t, "rules:", "  - {name: elsewhere, match: {traffic: other, host: drive.example, data: personal}, action: block}")
	r, b := post("drive.example", "/upload", `{"note":"write to ana@customers.example"}`)
	if p, o := evaluate(s, r, b); p.Need != rules.Hold || o.Facts.Service.IsAI() || !o.Verdict.Stops() {
		t.Errorf("need %v, verdict %+v", p.Need, o.Verdict)
	}
}

func TestAShapeNamesNoWordThatADetectorFinds(t *testing.T) {
	s := policy(t, "detectors:", "  projects: {class: confidential, words: [falconheavy]}", "rules:", "  - {name: all, match: {status: unreviewed}, action: log}")
	r, _ := post("copy.startup.example", "/v3/go", `{"model":"m","falconheavy":{"prompt":"please write a text about it"},"messages":[]}`)
	structure := s.Structure(s.Plan(r), []byte(`{"model":"m","falconheavy":{"prompt":"please write a text about it"},"messages":[]}`), false)
	for _, f := range append(structure.Fields, discovery.Field{Place: structure.Prompt}) {
		if strings.Contains(f.Place, "falcon") {
			t.Errorf("%q", f.Place)
		}
	}
}
