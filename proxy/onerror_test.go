package proxy

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// faulty is a snapshot of the real engine that panics over a body with the word, and,
// as it is set, over each plan or tunnel.
type faulty struct {
	Snapshot
	plans, tunnels bool
}

const broken = "ana.broken@customer.example"

func (s faulty) Evaluate(p engine.Plan, b engine.Body) engine.Outcome {
	if bytes.Contains(b.Bytes, []byte(broken)) {
		panic("a detector failed over " + broken)
	}
	return s.Snapshot.Evaluate(p, b)
}

func (s faulty) Plan(r engine.Request) engine.Plan {
	if s.plans {
		panic("the catalogue failed over " + broken)
	}
	return s.Snapshot.Plan(r)
}

func (s faulty) Tunnel(client rules.Client, connectHost, sni string, port uint16) engine.TunnelDecision {
	if s.tunnels {
		panic("the policy failed")
	}
	return s.Snapshot.Tunnel(client, connectHost, sni, port)
}

// failClosed refuses what might be a list on its way to a prohibited service, and lets
// everything else through.
const failClosed = `version: 1
on_error: allow
approvals: [{service: openai-api, status: prohibited}]
rules:
  - {name: keys, match: {data: credentials}, action: block}
  - {name: lists, match: {status: prohibited, data: {class: personal, people: ">=3"}}, action: block, on_error: block}
`

func startFaulty(t *testing.T, source engine.Source, o JudgeOptions, fault faulty) *whole {
	t.Helper()
	w := startWholeAs(t, source, o)
	if err := w.judge.snapshots.Replace(func() (Snapshot, error) {
		fault.Snapshot = w.judge.snapshots.Current()
		return fault, nil
	}); err != nil {
		t.Fatal(err)
	}
	return w
}

func policyText(text string) []policyfile.File {
	return []policyfile.File{{Name: "policy.yaml", Data: []byte(text)}}
}

// mustTell checks the event of an exchange that could not be judged, and the metric.
func (w *whole) mustTell(t *testing.T, e *audit.Event, action rules.Action, rule, by string) {
	t.Helper()
	if v := &e.Verdict; v.Action != action || v.Rule != rule || (v.At == "") != (rule == "") || v.OnErrorBy != by || !v.Enforced || e.Error != "panic" || e.Coverage.Reason != "failed" {
		t.Errorf("event %+v", e)
	}
	done := map[bool]string{true: "block", false: "allow"}[action == rules.Block]
	text := scrapeText(t, w.metrics)
	if series := fmt.Sprintf(`daylight_evaluation_failures_total{action=%q,by=%q,reason="panic"} 1`, done, by); !strings.Contains(text, series) {
		t.Errorf("no %s", series)
	}
	if told := fmt.Sprintf("%+v", e) + text; strings.Contains(told, broken) || strings.Contains(told, "customer.example") {
		t.Error("a value is told")
	}
}

func TestAPanicInADetectorCostsWhatTheRuleSays(t *testing.T) {
	openAI, chatGPT := "https://api.openai.com/v1/chat/completions", "https://chatgpt.com/backend-api/f/conversation"
	for _, c := range []struct {
		name, url string
		policy    string
		source    engine.Source
		plans     bool
		action    rules.Action
		rule, by  string
		mode      string
	}{
		{name: "a prohibited service", url: openAI, action: rules.Block, rule: "lists", by: rules.ByRule, mode: "hold"},
		{name: "any other service", url: chatGPT, action: rules.Log, rule: "keys", by: rules.ByPolicy, mode: "hold"},
		{name: "no rule of its own, and a configuration that blocks", url: chatGPT, policy: wholePolicy, action: rules.Block, rule: "lists stay home", by: rules.ByConfiguration, mode: "hold"},
		{name: "no rule of its own, and a configuration that allows", url: chatGPT, policy: wholePolicy, source: engine.Source{OnErrorAllow: true}, action: rules.Log, rule: "lists stay home", by: rules.ByConfiguration, mode: "hold"},
		{name: "a rule that is monitored", url: openAI, policy: strings.ReplaceAll(failClosed, "on_error: block}", "on_error: block, mode: monitor}"), action: rules.Log, rule: "keys", by: rules.ByPolicy, mode: "hold"},
		{name: "a body that is observed", url: openAI, source: engine.Source{Monitor: true}, action: rules.Log, by: rules.ByCertainty, mode: "observe"},
		{name: "a request that was not even planned", url: chatGPT, plans: true, action: rules.Block, rule: "lists", by: rules.ByRule, mode: "nothing"},
		{name: "and where all is monitored", url: openAI, plans: true, source: engine.Source{Monitor: true}, action: rules.Log, by: rules.ByCertainty, mode: "nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.source.Policy = policyText(failClosed); c.policy != "" {
				c.source.Policy = policyText(c.policy)
			}
			w := startFaulty(t, c.source, JudgeOptions{}, faulty{plans: c.plans})
			body := prompt(customers + broken)
			resp, text := w.do(t, http.MethodPost, c.url, body, "Content-Type", "application/json")
			switch {
			case c.action == rules.Block && (resp.StatusCode != http.StatusForbidden || w.reached.String() != ""):
				t.Errorf("status %d; the server got %q", resp.StatusCode, w.reached)
			case c.action == rules.Block && c.url == openAI && !strings.Contains(text, `"type":"permission_error"`):
				t.Errorf("not the service's own shape: %s", text)
			case c.action != rules.Block && (resp.StatusCode != http.StatusOK || text != body):
				t.Errorf("status %d, and the body is not what it was", resp.StatusCode)
			}
			e := w.end(t)[0]
			w.mustTell(t, &e, c.action, c.rule, c.by)
			if e.Timing.Mode != c.mode {
				t.Errorf("mode %s", e.Timing.Mode)
			}
		})
	}
}

func TestThePageOfAFailureSaysThatItIsOne(t *testing.T) {
	w := startFaulty(t, engine.Source{Policy: policyText(failClosed)}, JudgeOptions{}, faulty{})
	resp, page := w.do(t, http.MethodPost, "https://api.openai.com/v1/chat/completions", prompt(broken), "Content-Type", "application/json", "Sec-Fetch-Mode", "navigate")
	e := w.end(t)[0]
	if resp.StatusCode != http.StatusForbidden || !strings.Contains(page, e.ID) || !strings.Contains(page, textFor(httptest.NewRequest("GET", "/", nil)).Block.LeadFailed[:20]) || strings.Contains(page, broken) {
		t.Errorf("status %d: %s", resp.StatusCode, page)
	}
}

// A file of a body that finds no room on the disk.
func TestAnUploadThatTheDiskCannotHoldCostsWhatTheRuleSays(t *testing.T) {
	large := strings.Repeat("word ", 100_000)
	for _, c := range []struct {
		name, host string
		blocked    bool
	}{
		{"a rule that blocks on error", "api.openai.com", true},
		{"a file that lets through", "chatgpt.com", false},
	} {
		o := JudgeOptions{TempDir: "/nowhere", Limits: Limits{HoldMemoryBytes: 64 << 10}}
		w := startWholeAs(t, engine.Source{Policy: policyText(failClosed)}, o)
		resp, text := w.do(t, http.MethodPost, "https://"+c.host+"/v1/files", large, "Content-Type", "text/plain")
		e := w.end(t)[0]
		if e.Coverage.Reason != "disk" || e.Timing.Mode != "hold" {
			t.Errorf("%s: event %+v", c.name, e)
		}
		if !c.blocked {
			if resp.StatusCode != http.StatusOK || text != large || e.Verdict.Action != rules.Log || e.Verdict.OnErrorBy != "" || e.Error != "" {
				t.Errorf("%s: status %d, %d bytes, event %+v", c.name, resp.StatusCode, len(text), e)
			}
			continue
		}
		if resp.StatusCode != http.StatusForbidden || w.reached.String() != "" || e.Verdict.Rule != "lists" || e.Verdict.OnErrorBy != rules.ByRule || e.Error != "disk" {
			t.Errorf("%s: status %d, the server got %d bytes, event %+v", c.name, resp.StatusCode, len(w.reached.String()), e)
		}
		if text := scrapeText(t, w.metrics); !strings.Contains(text, `daylight_evaluation_failures_total{action="block",by="rule",reason="disk"} 1`) {
			t.Error("it is not counted")
		}
	}
}

func TestAMessageThatCouldNotBeJudgedCostsWhatTheRuleSays(t *testing.T) {
	hello, bad := masked(websocket.Text, `{"type":"session.update"}`), masked(websocket.Text, `{"type":"x","text":"`+broken+`"}`)
	for _, blocked := range []bool{false, true} {
		policy := failClosed
		if !blocked {
			policy = strings.Replace(failClosed, "on_error: block", "on_error: allow", 1)
		}
		b := startSockets(t, faulty{Snapshot: compile(t, policy)}, JudgeOptions{}, "", nil)
		client, server := b.open(t, "api.openai.com", "/v1/realtime?model=m")
		client.say(t, hello, bad)
		if blocked {
			if answer := client.next(t); !strings.Contains(answer.payload, `"code":"blocked_by_policy"`) || strings.Contains(answer.payload, broken) {
				t.Errorf("the client hears %q", answer.payload)
			}
			server.expect(t, hello)
		} else {
			server.expect(t, hello, bad)
		}
		client.Close()
		messages, _ := b.end(t)
		want := map[bool]string{true: "lists", false: "keys"}[blocked]
		if len(messages) != 2 || messages[0].Verdict.OnErrorBy != "" || messages[1].Verdict.Rule != want || messages[1].Verdict.OnErrorBy == "" ||
			(messages[1].Verdict.Action == rules.Block) != blocked || messages[1].Error != "panic" {
			t.Errorf("events %+v", messages)
		}
	}
}

func TestACallThatCouldNotBeJudgedCostsWhatTheRuleSays(t *testing.T) {
	for onError, blocked := range map[string]bool{"block": true, "allow": false} {
		policy := "version: 1\nrules:\n  - {name: lists, match: {traffic: any, host: ai.example, data: personal}, action: block, on_error: " + onError + "}\n"
		service := newChat()
		p := startCalls(t, faulty{Snapshot: compile(t, policy)}, service.serve(t))
		conn := p.dial(t, "ai.example")
		s := stream(t, within(t), conn, "Talk")
		hear(t, s, "hello")
		say(t, s, "one")
		hear(t, s, "got one")
		say(t, s, broken)
		if !blocked {
			hear(t, s, "got "+broken)
			say(t, s, "two") // all goes on
			hear(t, s, "got two")
			if err := s.CloseSend(); err != nil {
				t.Fatal(err)
			}
		} else if err := s.RecvMsg(&wrapperspb.StringValue{}); status.Code(err) != codes.PermissionDenied || strings.Contains(err.Error(), broken) {
			t.Errorf("the client hears %v", err)
		}
		conn.Close()
		all := p.end(t)
		if heard := service.heard.String(); strings.Contains(heard, broken) == blocked {
			t.Errorf("the server heard %q", heard)
		}
		if len(all) != 1 {
			t.Fatalf("%d events", len(all))
		}
		if v := all[0].Verdict; v.Rule != "lists" || v.OnErrorBy != rules.ByRule || (v.Action == rules.Block) != blocked || all[0].Error == "" {
			t.Errorf("event %+v", all[0])
		}
	}
}

func TestATunnelThatCouldNotBeJudgedCostsWhatTheRulesSay(t *testing.T) {
	for onError, blocked := range map[string]bool{"block": true, "allow": false} {
		policy := "version: 1\nrules:\n  - {name: closed, match: {status: prohibited}, action: block, on_error: " + onError + "}\n"
		w := startFaulty(t, engine.Source{Policy: policyText(policy)}, JudgeOptions{}, faulty{tunnels: true})
		client := w.client()
		client.Transport.(*http.Transport).TLSClientConfig.InsecureSkipVerify = true // nobody opens it
		resp, err := client.Get("https://www.chase.com/")
		if (err != nil) != blocked {
			t.Errorf("on_error %s: %v", onError, err)
		} else if err == nil {
			resp.Body.Close()
		}
		client.CloseIdleConnections()
		e := w.end(t)[0]
		if v := e.Verdict; e.Kind != audit.KindTunnel || v.Rule != "closed" || v.OnErrorBy != rules.ByRule || (v.Action == rules.Block) != blocked || !v.Enforced {
			t.Errorf("on_error %s: event %+v", onError, e)
		}
	}
}
