package engine

import (
	"cmp"

	"daylight.internal/classifier"
	"daylight.internal/rules"
)

// Judge plans and evaluates a request with its body, or a message of a WebSocket, as
// the proxy does: what no content can change is not read. The steps of the decision
// are appended to trace unless it is nil.
func (s *Snapshot) Judge(r Request, b Body, trace *rules.Trace) (Plan, Outcome) {
	p := s.Plan(r)
	if p.Peek && !(p.Final && p.Verdict.Stops()) {
		p = s.Peeked(p, b.Bytes)
	}
	p.Peek = false
	if !p.Final {
		return p, s.Explain(p, b, trace)
	}
	return p, s.unread(&p, b, trace)
}

// unread is the outcome of an exchange of which no content can change the verdict.
func (s *Snapshot) unread(p *Plan, b Body, trace *rules.Trace) Outcome {
	o := Outcome{Facts: p.Facts, Verdict: p.Verdict, Service: p.Service, PathTemplate: p.PathTemplate}
	o.Facts.Content = &rules.Content{Coverage: classifier.Coverage{Reason: cmp.Or(b.Reason, "policy")}}
	o.Facts.Bytes = max(b.Total, int64(len(b.Bytes)))
	if trace != nil {
		s.policy.Decide(p.Facts, trace) // the same verdict, and how it came about
	}
	return o
}

// JudgeTunnel judges a tunnel that is not opened, as the proxy does: an exchange
// that nobody reads, for the reason that Unopened gives.
func (s *Snapshot) JudgeTunnel(r Request, reason string, trace *rules.Trace) (Plan, Outcome) {
	p := s.Plan(r)
	p.Need = rules.Hold // nothing has left yet
	if p.Final {
		return p, s.unread(&p, Body{Reason: reason}, trace)
	}
	return p, s.Explain(p, Body{Reason: reason}, trace)
}
