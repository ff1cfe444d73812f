package rules

import (
	"net/netip"
	"time"
)

// Policy is a compiled policy: every name in it is resolved, every list is in
// the order in which it was written.
type Policy struct {
	// MonitorAll makes every verdict one of what would be done, whatever else says.
	MonitorAll bool
	// Monitor does so for clients in none of whose groups a mode is set.
	Monitor bool
	// OnErrorAllow lets through what could not be judged where neither a rule nor its
	// file says what becomes of it.
	OnErrorAllow bool
	Groups       []Group
	Approvals    []Approval
	Accounts     []NamedAccount
	Rules        []Rule
}

// Group names clients by network or by signed-in user.
type Group struct {
	Name     string
	Networks []netip.Prefix
	Users    []string // patterns with *, lower case
	Mode     Mode     // of the rules for its clients
}

// Approval sets the status of a service for groups and data classes until it expires.
type Approval struct {
	Service    string
	Status     Status
	Groups     []string // empty: everybody
	Data       []string // classes it speaks of; empty: any
	Detectors  []string // Data resolved to the ids of their detectors
	Owner      string
	Assessment string
	Expires    time.Time // the first moment when it no longer holds; zero: never
	At         string    // file:line:col
}

// Rule is one line of decision. Conditions are joined by "and"; the values of
// one condition by "or". An empty condition does not restrict.
type Rule struct {
	Name    string
	At      string // file:line:col
	Match   Match
	Action  Action
	Monitor bool
	Enforce Share // for whom it is enforced; the others are monitored
	// OnError is for an exchange that the rule might have stopped and that could not be
	// judged; OnErrorOfFile tells that it is the default of the file.
	OnError       OnError
	OnErrorOfFile bool
	Message       map[string]string
}

// Traffic says which destinations a rule speaks of. The zero value is AI.
type Traffic uint8

// The kinds of traffic.
const (
	TrafficAI Traffic = iota
	TrafficOther
	TrafficAny
)

// Match holds the conditions of a rule.
type Match struct {
	Traffic    Traffic
	Groups     []string
	Users      []string // patterns with *, lower case
	Services   []string
	Categories []string
	Vendors    []string
	Countries  []string
	Statuses   []Status
	Accounts   []AccountKind
	Plans      []string
	Operations []string
	Methods    []string
	Hosts      []string // exact, or "*.example" for the subdomains
	Coverage   []string
	Bytes      Comparison
	Data       []DataMatch // all of them must hold
}

// DataMatch is a condition on what a body contains.
type DataMatch struct {
	Class    string // "" when a detector or anything was asked for
	Detector string // the one that was named; "" for none
	// Detectors are the ids that count: the class resolved, or the detector that
	// was named; nil for any.
	Detectors  []string
	Count      Comparison // of findings; the zero value asks for at least one
	People     Comparison
	Confidence Comparison // of the best finding, in percent
}

// Comparison compares a number. The zero value is always true.
type Comparison struct {
	Op    string // ">=", ">", "<=", "<", "=", or ""
	Value int64
}

// Holds tells whether n satisfies the comparison.
func (c Comparison) Holds(n int64) bool {
	switch c.Op {
	case ">=":
		return n >= c.Value
	case ">":
		return n > c.Value
	case "<=":
		return n <= c.Value
	case "<":
		return n < c.Value
	case "=":
		return n == c.Value
	default:
		return true
	}
}
