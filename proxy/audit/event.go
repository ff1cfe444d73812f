// Package audit holds the event: the one record that every exchange leaves, for
// auditors, and the sinks that take it.
package audit

import (
	"cmp"
	"net/netip"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules"
)

// The kinds of events.
const (
	KindExchange = "exchange"
	KindTunnel   = "tunnel"
	// KindRefused is a request that was answered before it became an exchange. The
	// later ones of the same client for the same reason have no event for a while.
	KindRefused = "refused"
)

// The modes of Timing: how the body was captured.
const (
	ModeHold    = "hold"
	ModeObserve = "observe"
	ModeNothing = "nothing"
)

// Event is the record of one exchange or tunnel. It never holds a matched value,
// a query or a header value.
type Event struct {
	Time        time.Time            `json:"time"`
	ID          string               `json:"id"`       // UUIDv7; what a block page quotes
	Kind        string               `json:"kind"`     // "exchange", "tunnel" or "refused"
	Revision    string               `json:"revision"` // of the snapshot that judged it
	Client      Client               `json:"client"`
	Destination Destination          `json:"destination"`
	Service     Service              `json:"service"`
	AIAccount   *AIAccount           `json:"account,omitempty"` // nil when not AI
	Request     Request              `json:"request"`
	Response    Response             `json:"response"`
	Coverage    classifier.Coverage  `json:"coverage"`
	Findings    []classifier.Summary `json:"findings"`
	People      int                  `json:"people"`
	Verdict     Verdict              `json:"verdict"`
	Timing      Timing               `json:"timing"`
	Upload      *Upload              `json:"upload,omitempty"` // whose bytes the request carried
	// Shape is what a request looked like that is suspected; nil for all others.
	Shape *Shape `json:"shape,omitempty"`
	// Connection is the ID of the event of the WebSocket that carried the message;
	// "" when it was no message of one.
	Connection string `json:"connection,omitempty"`
	// Conversation is the same for the exchanges of one user with one service that
	// soon follow one another; "" for what is not AI, or stands alone.
	Conversation string `json:"conversation,omitempty"`
	// Error is a bounded word for what went wrong, such as "dial" or
	// "client_gone"; "" when nothing did.
	Error string `json:"error,omitempty"`
}

// Client is who asked.
type Client struct {
	Address netip.Addr `json:"address"`
	User    string     `json:"user"`
	Group   string     `json:"group"` // the first group of the policy, or "none"
	Groups  []string   `json:"groups,omitempty"`
}

// Destination is where the exchange went.
type Destination struct {
	Host         string `json:"host"`
	Port         uint16 `json:"port"`
	SNI          string `json:"sni,omitempty"`
	ConnectHost  string `json:"connect_host,omitempty"`
	Mismatch     bool   `json:"mismatch,omitempty"` // the three names disagree
	PathTemplate string `json:"path_template"`
	Protocol     string `json:"protocol"` // "HTTP/1.1", "HTTP/2.0", "websocket", "tunnel"
}

// Service is what the catalogue said.
type Service struct {
	ID         string       `json:"id"` // "" when not AI
	Vendor     string       `json:"vendor,omitempty"`
	Category   string       `json:"category,omitempty"`
	Country    string       `json:"country,omitempty"`
	Status     rules.Status `json:"status,omitempty"`
	Operation  string       `json:"operation,omitempty"`
	Confidence string       `json:"confidence,omitempty"`
	Evidence   []string     `json:"evidence,omitempty"`
	// ShapeChanged is true when nothing of the body was where the catalogue says
	// that the text of the operation sits, so that all of it was taken for text.
	ShapeChanged bool `json:"shape_changed,omitempty"`
}

// AIAccount is the account of the service that was used.
type AIAccount struct {
	Kind rules.AccountKind `json:"kind"`
	Name string            `json:"name,omitempty"` // as the policy calls it
	Plan string            `json:"plan,omitempty"` // of the vendor, such as "free"
	// Fingerprint is a keyed hash of the tenant, the user or the API key in 16
	// hexadecimal digits; "" when none is known. Without the key it tells nothing.
	Fingerprint string `json:"fingerprint,omitempty"`
}

// Request is what the client sent.
type Request struct {
	Method    string `json:"method"`
	Bytes     int64  `json:"bytes"` // of the body, as it travelled
	MediaType string `json:"media_type,omitempty"`
}

// Response is what came back.
type Response struct {
	Status    int    `json:"status"` // 0 when none was sent
	Bytes     int64  `json:"bytes"`
	MediaType string `json:"media_type,omitempty"`
}

// Upload is the upload, opened by another call, whose bytes a request carried.
type Upload struct {
	OpenedBy string `json:"opened_by"` // id of the event of that call
	Filename string `json:"filename"`  // "…" and the extension when the name itself is or looks like data
}

// Shape is the structure of a request: names and types, no value. A name that
// looks like a value is *.
type Shape struct {
	// Text is the place of the longest text for people, as the catalogue writes
	// places, such as "$.messages[*].content"; Upload that of a file. "" for none.
	Text   string `json:"text,omitempty"`
	Upload string `json:"upload,omitempty"`
	// Keys are the places of the values with their types, such as "$.model text";
	// 64 at most.
	Keys      []string `json:"keys"`
	Stream    bool     `json:"stream,omitempty"` // the answer came in pieces
	MediaType string   `json:"media_type,omitempty"`
}

// Verdict is the decision.
type Verdict struct {
	Action   rules.Action `json:"action"`
	Rule     string       `json:"rule"` // "" for the implicit last rule
	At       string       `json:"at,omitempty"`
	Reason   string       `json:"reason"`
	Enforced bool         `json:"enforced"` // false: only what would be done
	// MonitoredBy says why it is not enforced: "configuration", "rule", "group",
	// "policy", "share" (of a rule that is enforced for a part of the people) or
	// "late"; "" when it is.
	MonitoredBy string `json:"monitored_by,omitempty"`
	// OnErrorBy is set when the exchange could not be judged: whose on_error decided,
	// "rule", "policy" (the file of the rule) or "configuration"; "certain" when it would
	// have come out the same whatever the body held, "late" when it had left. Rule and At
	// are then of the rule that was asked, which may have matched.
	OnErrorBy string `json:"on_error_by,omitempty"`
}

// Passed makes it the verdict on what went on all the same.
func (v *Verdict) Passed() {
	v.Enforced, v.MonitoredBy = false, cmp.Or(v.MonitoredBy, rules.ByLateness)
}

// Timing is in seconds.
type Timing struct {
	Total     float64 `json:"total_seconds"`
	Verdict   float64 `json:"verdict_seconds"`              // from the last body byte to the verdict
	Mode      string  `json:"mode"`                         // "hold", "observe" or "nothing"
	FirstByte float64 `json:"first_byte_seconds,omitempty"` // of the response, from the request's head
}

// Sink takes events. Record must not block: a sink that cannot keep up drops
// the event and counts it.
type Sink interface {
	Record(Event)
}
