package engine

import (
	"mime"
	"slices"
	"strings"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// RefusalOf returns how the client of a request is told that it was stopped. query
// is raw, header has canonical names; service is nil for a destination on no list.
func RefusalOf(method, query string, header map[string][]string, service *catalog.Service) rules.Refusal {
	if method == "CONNECT" {
		return rules.RefusedTunnel
	}
	if isPreflight(method, header) {
		return rules.RefusedPreflight
	}
	if IsNavigation(method, header) {
		return rules.RefusedPage
	}
	if call := CallOf(method, query, header); call != NoCall {
		return callRefusals[call]
	}
	if service == nil {
		return rules.RefusedJSON
	}
	switch service.ErrorShape {
	case catalog.OpenAIError:
		return rules.RefusedOpenAI
	case catalog.AnthropicError:
		return rules.RefusedAnthropic
	case catalog.GoogleError:
		return rules.RefusedGoogle
	}
	return rules.RefusedJSON
}

// callRefusals are the shapes of failed calls, by their protocol. It is never changed.
var callRefusals = [...]rules.Refusal{GRPC: rules.RefusedGRPC, GRPCWeb: rules.RefusedGRPCWeb, GRPCWebText: rules.RefusedGRPCText, ConnectUnary: rules.RefusedConnect, ConnectStream: rules.RefusedStream}

// RefusedCall returns the protocol of which a refusal is a failed call, or NoCall.
func RefusedCall(r rules.Refusal) Call { return Call(max(0, slices.Index(callRefusals[:], r))) }

// MessageRefusal returns how the client of a WebSocket is told that a message was
// stopped. Where no invocation waits for an answer, SignalR's client is told by a close.
func (p *Plan) MessageRefusal() rules.Refusal {
	switch p.MessageError() {
	case SignalRError:
		return rules.RefusedSignalR
	case RealtimeError:
		return rules.RefusedRealtime
	}
	return rules.RefusedClose
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
