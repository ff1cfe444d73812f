package ruletest

import (
	"fmt"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/recording"
)

// decision is the rule that decided about an exchange or a message; "" for the implicit one.
type decision struct{ at string }

// judge asks the engine and compares.
func (r *runner) judge(t *policyfile.Test, x *recording.Exchange) (result Result) {
	judged, decided := r.all(x)
	worst := strictest(judged)
	result.Verdict, result.decided = worst.Verdict, decided
	result.Differences = r.compare("", &t.Expect, worst)
	for i := range t.Expect.Messages {
		result.Differences = append(result.Differences, r.message(i+1, &t.Expect.Messages[i], judged, x)...)
	}
	if len(result.Differences) > 0 {
		result.Why = r.why(t, x, worst)
	}
	return result
}

// all judges the request and every message that would be sent.
func (r *runner) all(x *recording.Exchange) (judged []recording.Judgement, decided []decision) {
	for j := range x.Each(r.snapshot, false) {
		judged, decided = append(judged, j), append(decided, decision{j.Verdict.At})
	}
	return judged, decided
}

// strictest is the judgement that counts: the first that stops something, else the
// first of the strictest action, of a WebSocket rather one of a message.
func strictest(judged []recording.Judgement) *recording.Judgement {
	worst := &judged[0]
	for i := range judged[1:] {
		j := &judged[i+1]
		if worst.Verdict.Stops() {
			break
		}
		if j.Verdict.Stops() || j.Verdict.Action < worst.Verdict.Action || worst.Message == 0 && j.Verdict.Action == worst.Verdict.Action {
			worst = j
		}
	}
	return worst
}

// message compares the n-th message with what is expected of it.
func (r *runner) message(n int, e *policyfile.TestExpectation, judged []recording.Judgement, x *recording.Exchange) []Difference {
	prefix := fmt.Sprintf("message %d ", n)
	for i := range judged {
		if judged[i].Message == n {
			return r.compare(prefix, e, &judged[i])
		}
	}
	got := "the connection was closed before it"
	if n > len(x.Messages) {
		got = "the transcript has " + plural(len(x.Messages), "message")
	}
	return []Difference{{Key: prefix[:len(prefix)-1], Want: "to be judged", Got: got, At: firstPlace(e)}}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// trace judges once more, and returns the steps of the decision on a message.
func (r *runner) trace(x *recording.Exchange, message int) *rules.Trace {
	for j, trace := range x.Each(r.snapshot, true) {
		if j.Message == message {
			return trace
		}
	}
	return new(rules.Trace)
}

// content is what was found, never nil.
func content(o *engine.Outcome) *rules.Content {
	if o.Facts.Content == nil {
		return new(rules.Content)
	}
	return o.Facts.Content
}
