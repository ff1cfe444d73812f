package engine_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

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
	if p.Facts.Service.IsAI() || p.Need != rules.Hold || p.Final {
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

func TestWaitingForASuspicionIsBounded(t *testing.T) {
	enforced, monitored := policy(t, unlistedMail...), policy(t, append([]string{"mode: monitor"}, unlistedMail...)...)
	body := completion("hello")
	media := func(value string) func(*engine.Request) {
		return func(r *engine.Request) { r.Header = map[string][]string{"Content-Type": {value}} }
	}
	length := func(n int64) func(*engine.Request) { return func(r *engine.Request) { r.Length = n } }
	for _, c := range []struct {
		name   string
		policy *engine.Snapshot
		change func(*engine.Request)
		want   rules.Need
	}{
		{"small JSON is held", enforced, length(1 << 20), rules.Hold},
		{"large JSON is observed", enforced, length(1<<20 + 1), rules.Observe},
		{"JSON of unknown length is observed", enforced, length(-1), rules.Observe},
		{"nothing is held that would not be blocked", monitored, length(100), rules.Observe},
		{"no body, no suspicion", enforced, length(0), rules.Nothing},
		{"a picture has no such shape", enforced, media("image/png"), rules.Nothing},
		{"a body is a body, whatever the method", enforced, func(r *engine.Request) { r.Method = "get" }, rules.Hold},
		{"a tunnel has no body", enforced, func(r *engine.Request) { r.Method, r.Length = "CONNECT", -1 }, rules.Nothing},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _ := post("copy.startup.example", "/v3/go", body, c.change)
			if p := c.policy.Plan(r); p.Need != c.want {
				t.Errorf("need %v, want %v", p.Need, c.want)
			}
		})
	}
}

func TestWhatWasFoundTooLateIsNotCalledEnforced(t *testing.T) {
	s := policy(t, unlistedMail...)
	r, b := post("copy.startup.example", "/v3/go", completion("write to ana@customers.example"), func(r *engine.Request) { r.Length = -1 })
	p, o := evaluate(s, r, b)
	if p.Need != rules.Observe || o.Verdict.Action != rules.Block || o.Verdict.Stops() || !strings.Contains(o.Verdict.Reason, "left already") {
		t.Errorf("need %v, verdict %+v", p.Need, o.Verdict)
	}
}

func TestRulesForOtherTrafficReadIt(t *testing.T) {
	s := policy(t, "rules:", "  - {name: elsewhere, match: {traffic: other, host: drive.example, data: personal}, action: block}")
	r, b := post("drive.example", "/upload", `{"note":"write to ana@customers.example"}`)
	if p, o := evaluate(s, r, b); p.Need != rules.Hold || o.Facts.Service.IsAI() || !o.Verdict.Stops() {
		t.Errorf("need %v, verdict %+v", p.Need, o.Verdict)
	}
}
