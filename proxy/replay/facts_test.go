package replay_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
)

// strict has a rule for nearly every condition there is.
const strict = `version: 1
groups:
  even: {networks: [127.0.0.0/9]}
  everybody: {networks: [127.0.0.0/8]}
approvals:
  - {service: deepl, status: sanctioned}
  - {service: chatgpt, status: tolerated, data: [company]}
  - {service: claude, status: prohibited, data: [personal]}
rules:
  - name: a list
    match: {data: {class: personal, people: ">=3"}}
    action: block
  - name: not here
    match: {vendor: Anthropic, status: prohibited}
    action: block
  - name: china
    match: {country: CN, data: personal}
    action: block
    mode: monitor
  - name: unread
    match: {coverage: [undecodable, truncated, not_inspected], operation: [prompt, upload]}
    action: log
  - name: large
    match: {bytes: ">=100KiB", method: [POST, PUT]}
    action: block
    mode: monitor
  - name: keys
    match: {account: [api_key, anonymous]}
    action: allow
  - name: the rest
    match: {groups: [everybody], data: [{class: personal, confidence: ">=60%"}]}
    action: block
  - name: files elsewhere
    match: {traffic: other, method: [POST], bytes: ">=10"}
    action: log
`

// An event tells enough to be judged again: of every exchange of every service the
// same policy says the same of its event as it said of the exchange.
func TestAnEventIsJudgedAsItsExchangeWas(t *testing.T) {
	sessions := readSessions(t, "services")
	w := startWorldUnder(t, strict, sessions)
	w.playAll(t, w.serviceRuns(sessions))
	now, same := w.watched.Replay(nil), w.watched.Replay(w.watched.Snapshot)
	decided := map[string]int{}
	for _, e := range w.written(t) {
		recorded := fmt.Sprint(verdictOf(e), e.Service.Status)
		judgement := now.Judge(e.Facts(), e.Lacks())
		possible := slices.ContainsFunc(judgement.Now.Verdicts, func(v rules.Verdict) bool {
			return fmt.Sprint(plainly(v), v.Status) == recorded || len(judgement.Now.Verdicts) > 1 && plainly(v) == verdictOf(e)
		})
		if !possible || e.Lacks() == 0 && len(judgement.Now.Verdicts) > 1 {
			text, _ := json.Marshal(e)
			t.Errorf("%s\nnow %+v", text, judgement.Now.Verdicts)
		}
		if j := same.Judge(e.Facts(), e.Lacks()); !j.Same {
			t.Errorf("the same policy does not decide alike: %+v", j)
		}
		if e.Lacks() != 0 {
			decided["lacks something"]++
			continue
		}
		decided[e.Verdict.Rule]++
		if v := w.watched.Decide(e.Facts(), nil); fmt.Sprint(plainly(v), v.Status) != recorded || !slices.Equal(v.Groups, e.Client.Groups) {
			text, _ := json.Marshal(e)
			t.Errorf("%s\nnow %+v", text, v)
		}
	}
	if len(decided) < 7 {
		t.Errorf("only these rules decided: %v", decided)
	}
}

// plainly is a verdict as an event tells it, without the reason.
func plainly(v rules.Verdict) audit.Verdict {
	return audit.Verdict{Action: v.Action, Rule: v.Rule, At: v.At, Enforced: !v.Monitor, MonitoredBy: v.MonitoredBy}
}

func verdictOf(e audit.Event) audit.Verdict {
	e.Verdict.Reason = ""
	return e.Verdict
}

// written are all events as a log brings them back.
func (w *world) written(t *testing.T) (out []audit.Event) {
	t.Helper()
	var log bytes.Buffer
	for _, events := range w.events {
		for _, e := range events {
			line, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			log.Write(append(line, '\n'))
		}
	}
	for e, err := range audit.Read(&log) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}
