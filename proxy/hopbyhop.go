package proxy

import (
	"io"
	"net/http"
	"net/textproto"
	"strings"
)

// removeHopByHop deletes the fields that speak of one connection, RFC 9110 7.6.1.
func removeHopByHop(h http.Header) {
	for _, value := range h["Connection"] {
		for name := range strings.SplitSeq(value, ",") {
			if name = textproto.TrimString(name); name != "" {
				h.Del(name)
			}
		}
	}
	for _, name := range []string{
		"Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
		"Proxy-Authentication-Info", "Te", "Transfer-Encoding", "Upgrade", "Http2-Settings",
	} {
		delete(h, name)
	}
}

// wantsWebSocket tells whether a request asks for a WebSocket, RFC 6455 4.2.1.
func wantsWebSocket(r *http.Request) bool {
	return r.ProtoMajor == 1 && r.ProtoAtLeast(1, 1) && r.Method == http.MethodGet &&
		hasToken(r.Header["Connection"], "upgrade") && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// isWebSocket tells whether a response switches to a WebSocket.
func isWebSocket(resp *http.Response) bool {
	_, relayed := resp.Body.(io.ReadWriteCloser)
	return relayed && hasToken(resp.Header["Connection"], "upgrade") && strings.EqualFold(resp.Header.Get("Upgrade"), "websocket")
}

func hasToken(values []string, token string) bool {
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(textproto.TrimString(part), token) {
				return true
			}
		}
	}
	return false
}

// prepareRequest makes a request of the client's one of ours.
func prepareRequest(r *http.Request) {
	upgrade, trailers := wantsWebSocket(r), hasToken(r.Header["Te"], "trailers")
	removeHopByHop(r.Header)
	if upgrade {
		r.Header["Connection"], r.Header["Upgrade"] = []string{"Upgrade"}, []string{"websocket"}
	}
	if trailers {
		r.Header["Te"] = []string{"trailers"} // gRPC asks for it
	}
	if r.Header["User-Agent"] == nil {
		r.Header["User-Agent"] = nil // the transport must not add its own
	}
	r.Close = false // the client's close is not ours to the server
}
