package engine

import (
	"strings"

	"daylight.internal/classifier/extract"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/discovery"
)

// shapeBytes of a body show its shape.
const shapeBytes = 64 << 10

// shape judges by head and body whether a host on no list is AI. The beginning
// of the body is enough.
func (s *Snapshot) shape(r *Request, b Body) rules.Service {
	if !r.mayHideAI() {
		return s.suspect(r, nil)
	}
	encoding := ""
	if b.Frame == NoFrame {
		encoding = strings.Join(r.Header["Content-Encoding"], ", ")
	}
	return s.suspect(r, extract.Head(b.Bytes, encoding, shapeBytes))
}

// suspect returns the service that a request to a host on no list seems to
// have; the zero value when it does not look like AI.
func (s *Snapshot) suspect(r *Request, body []byte) rules.Service {
	head := r.Discovery()
	head.Body = body
	return Suspicion(r.Earlier.Judge(s.discovery, s.discovery.Request(&head)), r.Length != 0)
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
