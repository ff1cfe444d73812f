// Package rpc knows gRPC, gRPC-web and Connect as they travel over HTTP: who
// speaks them, how messages are framed, and how a failed call is told.
// Sources: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md,
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md,
// https://connectrpc.com/docs/protocol
package rpc

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// Protocol is what a call is made in.
type Protocol uint8

// The protocols. The zero value is any other use of HTTP.
const (
	None          Protocol = iota
	GRPC                   // over HTTP/2, ends with trailers
	GRPCWeb                // its trailers are a last frame of the body
	GRPCWebText            // the same in base64
	ConnectUnary           // a message is the whole body, an error has a status of HTTP
	ConnectStream          // messages in envelopes, the last of which tells how it ended
)

// Of returns the protocol of a request.
func Of(r *http.Request) Protocol {
	if p := OfMediaType(r.Header.Get("Content-Type")); p != None {
		return p
	}
	if r.Header.Get("Connect-Protocol-Version") == "1" || r.Method == http.MethodGet && r.URL != nil && isConnectQuery(r.URL.RawQuery) {
		return ConnectUnary
	}
	return None
}

func isConnectQuery(raw string) bool {
	if !strings.Contains(raw, "connect=v1") { // nearly always
		return false
	}
	query, err := url.ParseQuery(raw)
	return err == nil && query.Get("connect") == "v1" && query.Has("message")
}

// OfMediaType returns the protocol that a media type alone tells. Connect's unary
// calls in JSON have a type that says nothing.
func OfMediaType(contentType string) Protocol {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	kind, codec, _ := strings.Cut(media, "+")
	switch {
	case kind == "application/grpc":
		return GRPC
	case kind == "application/grpc-web":
		return GRPCWeb
	case kind == "application/grpc-web-text":
		return GRPCWebText
	case kind == "application/connect" && codec != "":
		return ConnectStream
	case media == "application/proto":
		return ConnectUnary
	}
	return None
}

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
