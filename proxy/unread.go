package proxy

import (
	"net/http"

	"daylight.internal/rules/engine"
)

// unreadable says why a request cannot be read before it goes on: what follows
// it is a stream of messages in both directions, which would wait for ever for
// its own answers. "" when it can.
func (x *exchange) unreadable(r *http.Request) string {
	if wantsWebSocket(r) && !hasBody(r) {
		return "websocket"
	}
	return ""
}

// passUnread judges by the head alone.
func (x *exchange) passUnread(r *http.Request, reason string) *http.Response {
	head := engine.Body{Reason: reason}
	if reason == "websocket" {
		head.Reason = "" // its messages are exchanges of their own
	}
	x.evaluate(head)
	if x.outcome.Verdict.Stops() {
		return x.block(r)
	}
	return nil
}
