package catalog

import (
	"slices"

	"daylight.internal/classifier"
	"daylight.internal/rules/strictyaml"
)

// Kinds of operations.
const (
	Prompt = "prompt" // carries what a person or a program asks
	Upload = "upload" // carries a file or a part of one
	Other  = "other"  // anything else on a host of the service
)

// Confidence says how well an entry is founded.
const (
	Documented = "documented" // the vendor documents it
	Multi      = "multi"      // two or more independent programs agree
	Code       = "code"       // one careful program does it
	Single     = "single"     // one source
	HostOnly   = "host-only"  // only the hosts are known
	Declared   = "declared"   // a policy author wrote it
)

// Error shapes: the JSON errors that the apps of a service can show.
const (
	OpenAIError    = "openai"
	AnthropicError = "anthropic"
	GoogleError    = "google"
	PlainError     = "plain"
)

// Service is one AI tool or API.
type Service struct {
	ID, Name, Vendor string
	// Country is the vendor's home, ISO 3166-1 alpha-2; "" when unknown.
	Country string
	// Countries also holds the others that the vendor acts from.
	Countries  []string
	Category   string
	Hosts      []Host
	Operations []Operation
	Account    Account // what tells one account from another; never recorded raw
	ErrorShape string
	Risk       *Risk  // nil when nothing is documented
	VerifiedOn string // the date of the last check against sources, YYYY-MM-DD
	Confidence string
	Notes      string
	At         strictyaml.Position
}

// Roles of hosts beside the ones that the service itself is at.
const (
	FilesRole  = "files"  // takes and hands out files, often by signed URLs
	DraftsRole = "drafts" // telemetry or synchronisation that carries what is being typed
)

// Host is a pattern of hosts; with Paths only those paths of them belong to
// the service.
type Host struct {
	Pattern HostPattern
	Paths   []PathPattern // nil: all
	Role    string        // FilesRole or DraftsRole; "" for the service itself
	// Plan is the vendor's plan where the host tells it, such as "free" for
	// api-free.deepl.com; "" when it does not. Plans differ in what is done with data.
	Plan string
	At   strictyaml.Position
}

// Operation is one kind of request of a service.
type Operation struct {
	At        strictyaml.Position
	Kind      string
	Method    string // upper case; "" for a WebSocket
	Paths     []PathPattern
	Hosts     []HostPattern // nil: every host of the service
	Query     []Requirement
	Header    []Requirement
	WebSocket bool
	// Text says where the text of people sits; empty when only names and sizes travel.
	Text []Locator
	// Protocol are places of values that the protocol itself needs, such as the
	// name of a model. A body with nothing else is no sign of another shape.
	Protocol []Locator
	// Pieces says how the texts of the messages of a WebSocket make up one; ""
	// when each message stands alone.
	Pieces   Pieces
	Examples []string // URLs
}

// Pieces is how a text that arrives in several messages is put together.
type Pieces string

// The ways. The zero value is none.
const (
	NoPieces Pieces = ""
	Append   Pieces = "append" // each value continues the text
	// Edits change the text at a place: "+position:length:text:…" inserts,
	// "-position:length:text:…" deletes; or retain, insert and delete are members
	// of the operations of a list. Positions count UTF-16 code units.
	// Sources: the programs named in services/writing.yaml, https://quilljs.com/docs/delta/
	Edits Pieces = "edits"
)

// IsText tells whether the place of a segment is one where the text of people
// sits, whatever kind its record is of. steps are those of its location.
func (o *Operation) IsText(steps []classifier.Location, members Members) bool {
	for i := range o.Text {
		if o.Text[i].MatchesSteps(steps, members) {
			return true
		}
	}
	return false
}

// IsProtocol tells whether a value that is not where the text sits is one of the
// protocol's own: at a place of these, what tells the kind of a record, or a number
// of a few digits. steps are those of its location.
func (o *Operation) IsProtocol(segment *classifier.Segment, steps []classifier.Location, members Members) bool {
	if isSmallNumber(segment.Text) {
		return true
	}
	for i := range o.Protocol {
		if o.Protocol[i].MatchesSteps(steps, members) {
			return true
		}
	}
	return slices.ContainsFunc(o.Text, func(l Locator) bool {
		return slices.ContainsFunc(l.Conditions, func(c Condition) bool { return c.ofRecord(*segment) })
	})
}

// isSmallNumber tells whether a value is a number such as a temperature or a size.
func isSmallNumber(text []byte) bool {
	const longest = 8
	if len(text) > longest {
		return false
	}
	for _, c := range text {
		if c-'0' > 9 && c != '.' && c != '-' && c != '+' && c|0x20 != 'e' {
			return false
		}
	}
	return true
}

// Separator is what stands between the records of one message; "" for nothing.
func (o *Operation) Separator() string {
	for _, l := range o.Text {
		if l.Separator != "" {
			return l.Separator
		}
	}
	return ""
}

// Requirement is a query parameter or header that an operation must have.
type Requirement struct {
	Name  string
	Value string // "*" stands for any run of characters
}
