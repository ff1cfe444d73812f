package faults_test

// protocol is a way by which an exchange comes to the proxy.
type protocol string

const (
	http1     protocol = "http/1.1"
	http2     protocol = "http/2"
	sse       protocol = "sse"
	webSocket protocol = "websocket"
	tunnel    protocol = "tunnel" // not opened
	plain     protocol = "plain"  // http, without TLS
)

var protocols = []protocol{http1, http2, sse, webSocket, tunnel, plain}

func (p protocol) port() string {
	if p == plain {
		return "80"
	}
	return "443"
}

func (p protocol) path() string {
	if p == webSocket {
		return "/v1/realtime?model=m"
	}
	return "/v1/chat/completions"
}
