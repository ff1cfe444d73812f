// Package rules decides what happens to an exchange. It is pure: a verdict is a
// function of facts and a policy, and says why.
package rules

import (
	"net/netip"
	"time"

	"daylight.internal/classifier"
)

// Facts are everything that a verdict may depend on, as plain values.
type Facts struct {
	Time        time.Time
	Client      Client
	Destination Destination
	Service     Service
	Account     Account
	Method      string
	// Path is the path of the URL without its query.
	Path      string
	MediaType string // of the request, as declared
	// Bytes is the size of the request body: what was received, or, before it
	// was, the declared length; -1 when neither is known.
	Bytes int64
	// Content holds what was read in the body. It is nil before the body was
	// read: a condition on it is then neither true nor false.
	Content *Content
}

// Client tells who is asking.
type Client struct {
	Address netip.Addr
	User    string // "" when nobody signed in
}

// Destination tells where an exchange goes. The three names agree unless
// somebody plays with them.
type Destination struct {
	ConnectHost string // the host of the CONNECT, "" for plain HTTP
	SNI         string // "" when the client sent none
	Host        string // the host that the request is for
	Port        uint16
}

// Service is what the catalogue, or the shape of the traffic, says of the destination.
type Service struct {
	ID       string // catalogue id, "suspected", or "" for what is not AI
	Vendor   string
	Category string
	Country  string // of the vendor's home, ISO 3166-1 alpha-2; "" when unknown
	// Countries are the others that the vendor acts from.
	Countries []string
	// Operation is "prompt", "upload" or "other"; "" when there is no service.
	Operation  string
	Confidence string   // how well the catalogue entry, or the suspicion, is founded
	Evidence   []string // why it is suspected, as bounded words
}

// IsAI tells whether the destination is an AI service, listed or suspected.
func (s Service) IsAI() bool { return s.ID != "" }

// Suspected is the id of a service that no list knows.
const Suspected = "suspected"

// Content is what was found in a body, and how much of it was read.
type Content struct {
	Findings []classifier.Summary
	People   int
	Coverage classifier.Coverage
}
