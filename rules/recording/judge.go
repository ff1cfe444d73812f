package recording

import (
	"maps"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// Judgement is what a snapshot says of a recorded exchange.
type Judgement struct {
	Plan engine.Plan
	engine.Outcome
	Body engine.Body // that was judged
	// Message is the number of the message, from 1, that the outcome is of; 0 for
	// the request.
	Message int
}

// Judge plans and evaluates the request and each message of the client, as the
// proxy does, and returns the strictest outcome: the first that stops something,
// else the first of the strictest action. The steps of its decision are appended
// to trace unless that is nil.
func (x *Exchange) Judge(s *engine.Snapshot, trace *rules.Trace) Judgement {
	worst, steps := judge(s, x.Request, x.Body, 0, trace != nil)
	request, window := x.messageRequest(), &engine.Window{}
	for i := range x.Messages {
		if worst.Verdict.Stops() {
			break // nothing goes on behind it
		}
		b := x.Messages[i]
		b.Window, request.Length = window, b.Total
		j, own := judge(s, request, b, i+1, trace != nil)
		if j.Verdict.Stops() || j.Verdict.Action < worst.Verdict.Action || worst.Message == 0 && j.Verdict.Action == worst.Verdict.Action {
			worst, steps = j, own
		}
	}
	if trace != nil {
		trace.Steps = append(trace.Steps, steps.Steps...)
	}
	return worst
}

func judge(s *engine.Snapshot, r engine.Request, b engine.Body, message int, traced bool) (Judgement, *rules.Trace) {
	var trace *rules.Trace
	if traced {
		trace = new(rules.Trace)
	}
	plan, outcome := s.Judge(r, b, trace)
	return Judgement{Plan: plan, Outcome: outcome, Body: b, Message: message}, trace
}

// messageRequest is the head of the request as it counts for messages: what it says
// of a body is not said of them.
func (x *Exchange) messageRequest() engine.Request {
	r := x.Request
	r.Header = maps.Clone(r.Header)
	delete(r.Header, "Content-Type")
	delete(r.Header, "Content-Encoding")
	return r
}
