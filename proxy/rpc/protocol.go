// Package rpc knows gRPC, gRPC-web and Connect as they travel over HTTP: who
// speaks them, how messages are framed, and how a failed call is told.
// Sources: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md,
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md,
// https://connectrpc.com/docs/protocol
package rpc

import (
	"mime"
	"net/http"

	"daylight.internal/rules/engine"
)

// Protocol is what a call is made in.
type Protocol engine.Call

// The protocols. The zero value is any other use of HTTP.
const (
	None          = Protocol(engine.NoCall)
	GRPC          = Protocol(engine.GRPC)
	GRPCWeb       = Protocol(engine.GRPCWeb)
	GRPCWebText   = Protocol(engine.GRPCWebText)
	ConnectUnary  = Protocol(engine.ConnectUnary)
	ConnectStream = Protocol(engine.ConnectStream)
)

// Of returns the protocol of a request.
func Of(r *http.Request) Protocol {
	query := ""
	if r.URL != nil {
		query = r.URL.RawQuery
	}
	return Protocol(engine.CallOf(r.Method, query, r.Header))
}

// OfMediaType returns the protocol that a media type alone tells. Connect's unary
// calls in JSON have a type that says nothing.
func OfMediaType(contentType string) Protocol { return Protocol(engine.CallOfMediaType(contentType)) }

// Streams tells whether the requests of the protocol are envelopes that a client
// may send over the whole time of the call.
func (p Protocol) Streams() bool { return p == GRPC || p == GRPCWeb || p == ConnectStream }

// answerType is the media type of an answer to a request.
func (p Protocol) answerType(r *http.Request) string {
	if p == ConnectUnary {
		return "application/json"
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil {
		return media
	}
	return map[Protocol]string{
		GRPC: "application/grpc", GRPCWeb: "application/grpc-web", GRPCWebText: "application/grpc-web-text", ConnectStream: "application/connect+json",
	}[p]
}
