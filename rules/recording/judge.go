package recording

import (
	"iter"
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

// Refusal is what the client is told: NotRefused when the verdict stops nothing.
func (j *Judgement) Refusal() rules.Refusal {
	r := &j.Plan.Request
	switch {
	case !j.Verdict.Stops():
		return rules.NotRefused
	case j.Message > 0:
		return j.Plan.MessageRefusal()
	default:
		return engine.RefusalOf(r.Method, r.Query, r.Header, j.Outcome.Service)
	}
}

// Judge plans and evaluates the request and each message of the client, as the
// proxy does, and returns the strictest outcome: the first that stops something,
// else the first of the strictest action. The steps of its decision are appended
// to trace unless it is nil.
func (x *Exchange) Judge(s *engine.Snapshot, trace *rules.Trace) Judgement {
	var worst Judgement
	var steps *rules.Trace
	for j, own := range x.Each(s, trace != nil) {
		if j.Message == 0 || j.Verdict.Stops() || j.Verdict.Action < worst.Verdict.Action || worst.Message == 0 && j.Verdict.Action == worst.Verdict.Action {
			worst, steps = j, own
		}
		if j.Verdict.Stops() {
			break
		}
	}
	if trace != nil {
		trace.Steps = append(trace.Steps, steps.Steps...)
	}
	return worst
}

// Each judges the request and then the messages of the client in turn, with the
// steps of each decision when it is traced. It ends where the connection would.
func (x *Exchange) Each(s *engine.Snapshot, traced bool) iter.Seq2[Judgement, *rules.Trace] {
	return func(yield func(Judgement, *rules.Trace) bool) {
		j, trace := judge(s, x.Request, x.Body, 0, traced, x.Fails && !x.IsWebSocket())
		if !yield(j, trace) || j.Verdict.Stops() || j.Plan.Request.Method == "CONNECT" {
			return // nothing goes on behind it, or nobody sees it
		}
		request, window := x.messageRequest(), &engine.Window{}
		for i := range x.Messages {
			b := x.Messages[i]
			b.Window, request.Length = window, b.Total
			j, trace := judge(s, request, b, i+1, traced, x.Fails)
			if !yield(j, trace) || j.Refusal() == rules.RefusedClose {
				return
			}
		}
	}
}

func judge(s *engine.Snapshot, r engine.Request, b engine.Body, message int, traced, fails bool) (Judgement, *rules.Trace) {
	var trace *rules.Trace
	if traced {
		trace = new(rules.Trace)
	}
	var plan engine.Plan
	var outcome engine.Outcome
	reason := unopened(s, &r)
	switch {
	case reason != "":
		r.Method, r.Path, r.Query, r.Header, r.Length = "CONNECT", "", "", nil, -1
		b = engine.Body{Reason: reason}
		plan, outcome = s.JudgeTunnel(r, reason, trace)
	case fails:
		plan, outcome = s.JudgeFailing(r, b)
	default:
		plan, outcome = s.Judge(r, b, trace)
	}
	return Judgement{Plan: plan, Outcome: outcome, Body: b, Message: message}, trace
}

// unopened tells why the tunnel of a request is not opened, so that nobody sees
// more of it than the names; "" when it is opened, or there is none.
func unopened(s *engine.Snapshot, r *engine.Request) string {
	if r.Destination.ConnectHost == "" {
		return ""
	}
	return s.Unopened(r.Destination.ConnectHost, r.Destination.SNI, r.Destination.Port)
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
