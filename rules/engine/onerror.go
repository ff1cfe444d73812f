package engine

import (
	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// Failed is the verdict on an exchange of which the plan was made, or of which making
// it failed (Unplanned), and that could not be judged. bytes is the size of the body, -1
// when it is not known; gone tells that it has left already, so that nothing stops it.
// It never panics.
func (s *Snapshot) Failed(p Plan, bytes int64, gone bool) rules.Verdict {
	verdict := s.failed(p, bytes)
	if gone && verdict.Stops() {
		verdict.Action, verdict.OnErrorBy = rules.Log, rules.ByLateness
		verdict.Reason += "; but the body had left already"
	}
	return verdict
}

func (s *Snapshot) failed(p Plan, bytes int64) (v rules.Verdict) {
	defer func() {
		if recover() == nil {
			return
		}
		v = rules.Verdict{Reason: "the exchange could not be judged, nor could its on_error", OnErrorBy: rules.ByConfiguration}
		if s.policy.OnErrorAllow || s.policy.MonitorAll {
			v.Action = rules.Log
		}
	}()
	f := p.Facts
	f.Content, f.Bytes = nil, bytes
	if !p.planned {
		return s.policy.Unjudged(rules.Doubt{Service: true, Operation: true, Account: true}, f)
	}
	if !p.Unlisted() || f.Service.IsAI() || !p.Request.mayHideAI() {
		return s.policy.Unjudged(rules.Doubt{}, f)
	}
	hidden := f // what the body might have shown
	hidden.Service = rules.Service{ID: rules.Suspected, Operation: catalog.Prompt}
	hidden.Account = s.suspectedAccount(&p.Request, &hidden.Service)
	return s.policy.Unjudged(rules.Doubt{}, f, hidden)
}

// Unplanned is the plan of a request of which making a plan failed: its service is not known.
func Unplanned(r Request) Plan {
	return Plan{
		Request: r, Final: true, Need: rules.Nothing,
		Facts: rules.Facts{Time: r.Time, Client: r.Client, Destination: r.Destination, Method: r.Method, Path: r.Path, Bytes: r.Length},
	}
}

// JudgeFailing is Judge, and fails where the body is read: what becomes of the exchange
// then. One that is decided by its head cannot fail.
func (s *Snapshot) JudgeFailing(r Request, b Body) (Plan, Outcome) {
	p := s.Plan(r)
	if p.Peek && !(p.Final && p.Verdict.Stops()) {
		p = s.Peeked(p, b.Bytes)
	}
	if p.Final {
		return p, s.unread(&p, b, nil)
	}
	o := Outcome{Facts: p.Facts, Service: p.Service, PathTemplate: p.PathTemplate}
	o.Facts.Bytes = max(b.Total, int64(len(b.Bytes)))
	o.Verdict = s.Failed(p, o.Facts.Bytes, p.Need != rules.Hold)
	o.Facts.Content = &rules.Content{Coverage: classifier.Coverage{Reason: "failed"}}
	return p, o
}

// lacking is what becomes of an outcome for which Daylight lacked memory, disk or a turn
// to read all that it would have read. Once the body has left nothing stops it.
func (s *Snapshot) lacking(p *Plan, reason string, o *Outcome) {
	if p.Need != rules.Hold || o.Verdict.Stops() || reason != "busy" && reason != "disk" {
		return
	}
	if v, ok := s.policy.Unread(o.Facts); ok {
		o.Verdict = v
	}
}
