package engine

import (
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/discovery"
)

// shapeBytes of a body show its shape.
const shapeBytes = 64 << 10

// Unlisted tells whether a destination is on no list, so that it is judged by
// what its traffic looks like.
func (p *Plan) Unlisted() bool { return p.Service == nil && p.Request.Upload == nil }

// Peeked is the plan of a request of which the beginning of the body was seen, as
// it travelled: discovery.PeekBytes of it are enough. It may come again with more.
func (s *Snapshot) Peeked(p Plan, beginning []byte) Plan {
	p.Peek = false
	if len(beginning) == 0 {
		return p
	}
	head := p.Request.discoveryWith(beginning, discovery.PeekBytes, false)
	p.Discovery.Body(&head)
	if service := s.Suspicion(p.Request, p.Discovery.Evidence()); service.IsAI() {
		p.Facts.Service, p.Facts.Account = service, s.suspectedAccount(&p.Request, &service)
		p.Need, p.Verdict, p.Final = s.policy.Plan(p.Facts)
	}
	return p
}

// Concluded is the outcome of an exchange that was let through before its answer
// showed what it is. b is what was kept of its body; it is not looked at when the
// exchange was read in any case.
func (s *Snapshot) Concluded(p Plan, o Outcome, e discovery.Evidence, b Body) Outcome {
	p.Facts.Service = s.Suspicion(p.Request, e)
	p.Facts.Account = s.suspectedAccount(&p.Request, &p.Facts.Service)
	p.Need, p.Peek, p.Final = rules.Observe, false, false
	if o.Facts.Content == nil {
		return s.Evaluate(p, b)
	}
	o.Facts.Service, o.Facts.Account = p.Facts.Service, p.Facts.Account
	o.Verdict = afterwards(s.policy.Decide(o.Facts, nil))
	return o
}

// SuspectedTunnel is the outcome of a tunnel that nobody opened, of which name and
// rhythm say that it leads to AI. That alone stops nothing and is no reason to say
// that it should have.
func (s *Snapshot) SuspectedTunnel(o Outcome, e discovery.Evidence) Outcome {
	if e.Result == discovery.Ordinary || o.Facts.Service.IsAI() {
		return o
	}
	o.Facts.Service = Suspicion(e, false)
	status := s.policy.Decide(o.Facts, nil).Status
	if o.Verdict.Action == rules.Allow {
		o.Verdict.Action = rules.Log
		o.Verdict.Reason = "suspected by name and rhythm alone"
	}
	o.Verdict.Status = status
	return o
}

// Structure is what a request looks like, of which the beginning of the body is
// given as it travelled, or a message of a WebSocket without its compression.
func (s *Snapshot) Structure(p Plan, beginning []byte, message bool) discovery.Structure {
	head := p.Request.discoveryWith(beginning, shapeBytes, message)
	return s.discovery.Structure(&head, s.isValue)
}

// isValue tells whether a detector finds something in a name of which it is not known
// that it is one of an API.
func (s *Snapshot) isValue(name string) bool {
	return s.vocabulary.location(name) != name && len(s.scanner.Scan([]classifier.Segment{{Text: []byte(name)}}).Summaries) > 0
}

// shape judges by head and body whether a host on no list is AI. The beginning
// of the body is enough.
func (s *Snapshot) shape(r *Request, b Body) rules.Service {
	head := r.Discovery()
	if r.mayHideAI() {
		head = r.discoveryWith(b.Bytes, shapeBytes, b.Frame != NoFrame)
	}
	return s.Suspicion(*r, s.discovery.Request(&head))
}

// Suspicion is the service that the evidence of an exchange speaks for, together
// with that of earlier ones; the zero value when it does not look like AI.
func (s *Snapshot) Suspicion(r Request, e discovery.Evidence) rules.Service {
	return Suspicion(r.Earlier.Judge(s.discovery, e), r.Length != 0)
}

// discoveryWith is Discovery with limit bytes of the beginning of a body.
func (r *Request) discoveryWith(beginning []byte, limit int, message bool) discovery.Request {
	head, encoding := r.Discovery(), ""
	if !message {
		encoding = strings.Join(r.Header["Content-Encoding"], ", ")
	}
	head.Body = extract.Head(beginning, encoding, limit)
	return head
}

// Discovery is the head of a request as discovery takes it.
func (r *Request) Discovery() discovery.Request {
	return discovery.Request{
		Method: r.Method, Host: r.Destination.Host, Port: r.Destination.Port, Path: r.Path, Header: r.Header,
		MediaType: r.mediaType(), Length: r.Length, WebSocket: r.query().WebSocket,
	}
}

// Discovery judges traffic to hosts on no list.
func (s *Snapshot) Discovery() *discovery.Discovery { return s.discovery }

// Lists tells whether a host is in the catalogue or named by the policy.
func (s *Snapshot) Lists(host string, port uint16) bool { return s.catalog.HasHost(host, port) }

// Suspicion is the service that evidence speaks for; the zero value when it does
// not look like AI. A request with a body is taken for a prompt.
func Suspicion(e discovery.Evidence, body bool) rules.Service {
	if e.Result == discovery.Ordinary {
		return rules.Service{}
	}
	operation := catalog.Other
	if body {
		operation = catalog.Prompt
	}
	return rules.Service{ID: rules.Suspected, Operation: operation, Confidence: e.Confidence, Evidence: e.Words.Strings()}
}
