package rules

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
	// NotRefused is none: the client gets what the server answers.
	NotRefused Refusal = "server"
)

// Refusals are all shapes, NotRefused the last.
func Refusals() []string {
	return []string{
		string(RefusedPage), string(RefusedPreflight), string(RefusedOpenAI), string(RefusedAnthropic), string(RefusedGoogle), string(RefusedJSON),
		string(RefusedGRPC), string(RefusedGRPCWeb), string(RefusedGRPCText), string(RefusedConnect), string(RefusedStream),
		string(RefusedClose), string(RefusedSignalR), string(RefusedRealtime), string(RefusedTunnel), string(NotRefused),
	}
}
