// Package engine joins the catalogue, the classifier and the policy: it turns a
// request into a verdict. It is pure: every command and the proxy call it, and
// there is no second implementation of a verdict anywhere.
package engine

import (
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// Request is the head of an exchange, as plain values.
type Request struct {
	Time        time.Time
	Client      rules.Client
	Destination rules.Destination
	Method      string
	Path        string              // decoded, without the query
	Query       string              // raw; it is read but never recorded
	Header      map[string][]string // canonical names, as of net/http
	Length      int64               // declared length of the body, 0 for none, -1 when unknown
}

// Plan is what the snapshot says of an exchange before its body is read.
type Plan struct {
	Request Request
	Facts   rules.Facts // Content is nil
	Need    rules.Need
	// Verdict is the last word when Final is true: no content can change it.
	// Otherwise it is the zero value, and Evaluate gives the verdict.
	Verdict rules.Verdict
	Final   bool
	// Service is the catalogue's entry; nil for a destination on no list.
	Service *catalog.Service
	// PathTemplate is the path with its identifiers replaced by {id}.
	PathTemplate string

	operation *catalog.Operation // nil when only the host is known
}

// Body is what was captured of a request body, as it travelled.
type Body struct {
	Bytes []byte
	Total int64 // bytes received; more than len(Bytes) when it was cut
	// Reason says why nothing or not all was captured, as a bounded word such
	// as "over_limit" or "websocket"; "" when Bytes is all.
	Reason string
}

// Outcome is the judgement of one exchange.
type Outcome struct {
	Facts   rules.Facts // Content is set
	Verdict rules.Verdict
	Result  classifier.Result
	// Service is the catalogue's entry; nil for a destination on no list.
	Service *catalog.Service
	// PathTemplate is the path with its identifiers replaced by {id}.
	PathTemplate string
	// MediaType is what the bytes turned out to be.
	MediaType string
	// ShapeChanged is true when the catalogue knows where the text of this
	// operation sits, but nothing of a body that could be read sits there: the
	// service has changed its format. All of the body was looked at instead.
	ShapeChanged bool
}

// TunnelDecision says what happens to a CONNECT.
type TunnelDecision uint8

// The decisions. The zero value refuses.
const (
	Refuse TunnelDecision = iota
	Intercept
	Tunnel
)
