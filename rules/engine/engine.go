// Package engine joins the catalogue, the classifier and the policy: it turns a
// request into a verdict. It is pure: every command and the proxy call it, and
// there is no second implementation of a verdict anywhere.
package engine

import (
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/discovery"
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
	// Earlier is what the last exchanges with the same host told of it, when that is
	// on no list: what they proved holds for this one from its head on.
	Earlier discovery.History
	// Upload is what announced this request, when it carries the bytes of an
	// upload that another call opened; nil otherwise.
	Upload *Upload
	// Account is the account of the service when it is known already, as in a
	// test; nil: what the request tells.
	Account *rules.Account
}

// Upload is an upload that a call to a service opened, and whose bytes travel in
// requests of their own, often to a host on no list. They are judged under the
// service that opened it.
type Upload struct {
	Service  string // catalogue id, or rules.Suspected
	Filename string // as the client named it; "" when it did not
	// MediaType is that of the file, as announced; "" when it was not.
	MediaType string
	// Size is that of the file in bytes; 0 when it was not announced.
	Size int64
	// Telling is set when the name of the file is itself data: nobody is told it.
	Telling bool
	// Account is that of the call that opened it.
	Account rules.Account
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
	// Peek is true when the beginning of the body may show that a destination on no
	// list is AI: Peeked tells what is needed then.
	Peek bool
	// Discovery is what is known of an exchange with a destination on no list; who
	// sees the answer adds to a copy of it.
	Discovery discovery.Exchange
	// Service is the catalogue's entry; nil for a destination on no list.
	Service *catalog.Service
	// PathTemplate is the path with its identifiers replaced by {id}.
	PathTemplate string

	planned   bool                // by a snapshot; see Unplanned
	operation *catalog.Operation  // nil when only the host is known
	marks     *rules.AccountMarks // of the head, while a marker in the body may tell more; else nil
}

// Body is what was captured of a request body, as it travelled.
type Body struct {
	Bytes []byte
	Total int64 // bytes received; more than len(Bytes) when it was cut
	// Reason says why nothing or not all was captured, as a bounded word such
	// as "over_limit" or "websocket"; "" when Bytes is all.
	Reason string
	// Frame is set when the body is one message of a WebSocket, decompressed.
	Frame Frame
	// Window is what went before over the same connection, or in the same stream
	// of messages; nil when the body stands alone.
	Window *Window
	// Part is set when the body is a part of a file that travels in several requests.
	Part *Part
}

// Frame is the kind of a WebSocket message.
type Frame uint8

// The frames. The zero value is no frame.
const (
	NoFrame Frame = iota
	TextFrame
	BinaryFrame
)

// Outcome is the judgement of one exchange.
type Outcome struct {
	Facts   rules.Facts // Content is set
	Verdict rules.Verdict
	Result  classifier.Result
	// Added is the part of Facts.Content that the body added to its window: what
	// the event tells, so that a value is told once. Without a window it is all.
	Added *rules.Content
	// Service is the catalogue's entry; nil for a destination on no list.
	Service *catalog.Service
	// PathTemplate is the path with its identifiers replaced by {id}.
	PathTemplate string
	// MediaType is what the bytes turned out to be.
	MediaType string
	// ShapeChanged is true when the catalogue knows where the text of this
	// operation sits, but nothing of a body that could be read sits there: the
	// service has changed its format. All of the body was taken for text instead.
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
