package proxy

import (
	"net/http"
	"strings"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// unreadable says why a request cannot be read before it goes on: what follows
// it, or its body, is a stream of messages in both directions, which would wait
// for ever for its own answers. "" when it can.
func (x *exchange) unreadable(r *http.Request) string {
	switch {
	case wantsWebSocket(r) && !hasBody(r):
		return "websocket"
	case r.ContentLength >= 0 || !hasBody(r): // it has an end
		return ""
	case isMessageStream(mediaType(r.Header)) && x.plan.MayStream():
		return "grpc"
	}
	return ""
}

// isMessageStream knows the media types of gRPC, whose web form has requests of
// one message, and of Connect.
func isMessageStream(media string) bool {
	return media == "application/grpc" || strings.HasPrefix(media, "application/grpc+") || strings.HasPrefix(media, "application/connect+")
}

// passUnread judges by the head alone. A body streams on but is observed: its
// media type is only what the client says, and must not be a way around: where
// another body would be held, none but messages pass.
func (x *exchange) passUnread(r *http.Request, reason string) *http.Response {
	head := engine.Body{Reason: reason}
	if reason == "websocket" {
		head.Reason = "" // its messages are exchanges of their own
	}
	x.evaluate(head)
	if x.outcome.Verdict.Stops() {
		return x.block(r)
	}
	if !hasBody(r) {
		return nil
	}
	x.watch(r, reason)
	if x.plan.Need == rules.Hold { // another body would have been held
		r.Body = &envelopeBody{ReadCloser: r.Body}
	}
	return nil
}
