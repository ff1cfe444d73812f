package engine

import (
	"mime"
	"slices"
	"strings"

	"daylight.internal/rules/catalog"
)

// Refusal is the shape in which a client is told that its request was stopped, in
// the words of policy tests.
type Refusal string

// The shapes.
const (
	RefusedPage      Refusal = "page"      // a page that a person reads
	RefusedPreflight Refusal = "preflight" // a preflight is answered, so that the request behind it may be refused
	RefusedOpenAI    Refusal = "openai"    // errors of APIs, which their apps show
	RefusedAnthropic Refusal = "anthropic"
	RefusedGoogle    Refusal = "google"
	RefusedJSON      Refusal = "json" // RFC 9457, where the service has no shape of its own that is known
	RefusedGRPC      Refusal = "grpc"
	RefusedGRPCWeb   Refusal = "grpc_web"
	RefusedGRPCText  Refusal = "grpc_web_text"
	RefusedConnect   Refusal = "connect"
	RefusedStream    Refusal = "connect_stream"
	RefusedClose     Refusal = "websocket_close" // the connection ends with a reason
	RefusedSignalR   Refusal = "signalr"         // an error in a message, which leaves the connection open
	RefusedRealtime  Refusal = "realtime"
	RefusedTunnel    Refusal = "tunnel" // a CONNECT is refused
)

// Refusals are all shapes.
func Refusals() []string {
	return []string{
		string(RefusedPage), string(RefusedPreflight), string(RefusedOpenAI), string(RefusedAnthropic), string(RefusedGoogle), string(RefusedJSON),
		string(RefusedGRPC), string(RefusedGRPCWeb), string(RefusedGRPCText), string(RefusedConnect), string(RefusedStream),
		string(RefusedClose), string(RefusedSignalR), string(RefusedRealtime), string(RefusedTunnel),
	}
}

// RefusalOf returns how the client of a request is told that it was stopped. query
// is raw, header has canonical names; service is nil for a destination on no list.
func RefusalOf(method, query string, header map[string][]string, service *catalog.Service) Refusal {
	if method == "CONNECT" {
		return RefusedTunnel
	}
	if isPreflight(method, header) {
		return RefusedPreflight
	}
	if IsNavigation(method, header) {
		return RefusedPage
	}
	if call := CallOf(method, query, header); call != NoCall {
		return callRefusals[call]
	}
	if service == nil {
		return RefusedJSON
	}
	switch service.ErrorShape {
	case catalog.OpenAIError:
		return RefusedOpenAI
	case catalog.AnthropicError:
		return RefusedAnthropic
	case catalog.GoogleError:
		return RefusedGoogle
	}
	return RefusedJSON
}

// callRefusals are the shapes of failed calls, by their protocol. It is never changed.
var callRefusals = [...]Refusal{GRPC: RefusedGRPC, GRPCWeb: RefusedGRPCWeb, GRPCWebText: RefusedGRPCText, ConnectUnary: RefusedConnect, ConnectStream: RefusedStream}

// Call returns the protocol of which the shape is a failed call, or NoCall.
func (r Refusal) Call() Call { return Call(max(0, slices.Index(callRefusals[:], r))) }

// MessageRefusal returns how the client of a WebSocket is told that a message was
// stopped. Where no invocation waits for an answer, SignalR's client is told by a close.
func (p *Plan) MessageRefusal() Refusal {
	switch p.MessageError() {
	case SignalRError:
		return RefusedSignalR
	case RealtimeError:
		return RefusedRealtime
	}
	return RefusedClose
}

// IsNavigation tells whether a person will see the answer as a page. Browsers say
// so (W3C Fetch Metadata); for older ones it is guessed.
func IsNavigation(method string, header map[string][]string) bool {
	if mode := headerOf(header, "Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate"
	}
	media, _, err := mime.ParseMediaType(headerOf(header, "Content-Type"))
	if err != nil {
		media = ""
	}
	return (method == "GET" || method == "POST") &&
		strings.Contains(headerOf(header, "Accept"), "text/html") &&
		headerOf(header, "X-Requested-With") == "" &&
		!strings.HasSuffix(media, "json")
}

// isPreflight tells whether a browser asks if a page may make a request (Fetch standard, 4.8).
func isPreflight(method string, header map[string][]string) bool {
	return method == "OPTIONS" && headerOf(header, "Origin") != "" && headerOf(header, "Access-Control-Request-Method") != ""
}
