package engine

import (
	"net/url"
	"strings"
)

// Call is the protocol in which a request is a remote procedure call.
// Sources: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md,
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md,
// https://connectrpc.com/docs/protocol
type Call uint8

// The protocols. The zero value is any other use of HTTP.
const (
	NoCall        Call = iota
	GRPC               // over HTTP/2, ends with trailers
	GRPCWeb            // its trailers are a last frame of the body
	GRPCWebText        // the same in base64
	ConnectUnary       // a message is the whole body, an error has a status of HTTP
	ConnectStream      // messages in envelopes, the last of which tells how it ended
)

// CallOf returns the protocol of a request. query is raw; header has canonical names.
func CallOf(method, query string, header map[string][]string) Call {
	if c := CallOfMediaType(headerOf(header, "Content-Type")); c != NoCall {
		return c
	}
	if headerOf(header, "Connect-Protocol-Version") == "1" || method == "GET" && isConnectQuery(query) {
		return ConnectUnary
	}
	return NoCall
}

func isConnectQuery(raw string) bool {
	if !strings.Contains(raw, "connect=v1") { // nearly always
		return false
	}
	query, err := url.ParseQuery(raw)
	return err == nil && query.Get("connect") == "v1" && query.Has("message")
}

// CallOfMediaType returns the protocol that a media type alone tells. Connect's
// unary calls in JSON have a type that says nothing.
func CallOfMediaType(contentType string) Call {
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
	return NoCall
}
