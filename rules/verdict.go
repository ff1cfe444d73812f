package rules

import "errors"

// Action is what is done with an exchange. The zero value blocks, so that a
// verdict nobody made lets nothing through.
type Action uint8

// The actions, from the strictest.
const (
	Block Action = iota
	Redact
	Coach
	Log
	Allow
)

// String returns the word that policies, events and metrics use.
func (a Action) String() string {
	switch a {
	case Redact:
		return "redact"
	case Coach:
		return "coach"
	case Log:
		return "log"
	case Allow:
		return "allow"
	default:
		return "block"
	}
}

// MarshalText makes the word appear in JSON.
func (a Action) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the word back. The error does not quote it.
func (a *Action) UnmarshalText(text []byte) error {
	for known := Block; known <= Allow; known++ {
		if string(text) == known.String() {
			*a = known
			return nil
		}
	}
	return errors.New("reading an action: the word is none of block, redact, coach, log and allow")
}

// Status is what the company decided about a service.
type Status string

// The statuses. What is not AI has none.
const (
	NoStatus   Status = ""
	Sanctioned Status = "sanctioned"
	Tolerated  Status = "tolerated"
	Prohibited Status = "prohibited"
	Unreviewed Status = "unreviewed"
)

// Verdict is the decision about one exchange and its reason.
type Verdict struct {
	Action Action
	// Rule is the name of the rule that decided, "" for the implicit last one.
	Rule string
	// At is where the rule stands, as file:line:col; "" for the implicit one.
	At     string
	Reason string // one sentence for the event; it never holds a matched value
	// Monitor is true when the action is only what would be done: the exchange
	// goes on. An exchange is stopped only when Action is Block and Monitor is false.
	Monitor bool
	// MonitoredBy is what makes Monitor true, such as ByRule; "" when it is false.
	MonitoredBy string
	// OnErrorBy is set when the exchange could not be judged: whose on_error decided, such
	// as ByRule, or ByCertainty. Rule and At then are of the rule that was asked, which
	// may have matched; "" when none would have stopped the exchange. Where one rule decides
	// whatever the body held, the verdict is that rule's.
	OnErrorBy string
	// Message is the policy's text for the person, by language tag; may be nil.
	Message map[string]string
	Status  Status // of the service for this client and this content
	// Approval is the position of the approval that set the status, or "".
	Approval string
	// Groups are the groups of the client in the order of the policy.
	Groups []string
}

// Stops tells whether the verdict keeps the exchange from its destination.
func (v Verdict) Stops() bool { return v.Action == Block && !v.Monitor }

// Need tells what must be read of a request before it may go on.
type Need uint8

// The needs, from the costliest. The zero value holds, so that a forgotten
// answer lets nothing through unread.
const (
	Hold    Need = iota // read and decide before the first byte leaves
	Observe             // read a copy; never delay
	Nothing             // stream through
)
