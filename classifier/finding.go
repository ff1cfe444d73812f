package classifier

import "errors"

// Finding is one value that a detector recognised. It carries no raw value.
type Finding struct {
	Detector string // id, such as "email" or "cn_resident_id"
	Class    string // the detector's own data class, such as "personal"
	Country  string // ISO 3166-1 alpha-2, "" when the value belongs to none
	// Segment is the index of the segment; Start and End are byte offsets in
	// its text, half open.
	Segment    int
	Start, End int
	Location   string  // of the value: the segment's location and, in a table, row and column
	Masked     string  // such as "a***@***.com"; never more than a hint
	Confidence float64 // 0 to 1
	// Fingerprint is a keyed hash of the normalised value: equal values of one
	// process have equal fingerprints. 0 when the scanner has no key.
	Fingerprint uint64
}

// Summary adds up the findings of one detector in one exchange.
type Summary struct {
	Detector   string  `json:"detector"`
	Class      string  `json:"class"`
	Country    string  `json:"country,omitempty"`
	Count      int     `json:"count"`
	Masked     string  `json:"masked_example"`
	Location   string  `json:"location"`
	Confidence float64 `json:"confidence"` // the highest
}

// Result is what a scan of all segments of one body found.
type Result struct {
	// Findings are in document order; at most Limits.StoredFindings for each
	// detector are kept. Summaries count them all.
	Findings []Finding
	// Summaries are sorted by detector id.
	Summaries []Summary
	// People is the number of distinct individuals that the body names.
	People int
	// Scanned is the number of bytes of text that were looked at.
	Scanned int64
	// Steps is how much of the budget the scan took; see Options.Steps.
	Steps int
	// Exhausted is true when the step budget ran out: what follows was not read.
	Exhausted bool
}

// CoverageState says how much of a body was read. The zero value is
// NotInspected, so that what nobody looked at is never called clean.
type CoverageState uint8

// The coverage states, from the worst to the best.
const (
	NotInspected CoverageState = iota
	Undecodable
	Truncated
	Complete
)

// String returns the word that policies, events and metrics use.
func (s CoverageState) String() string {
	switch s {
	case Complete:
		return "complete"
	case Truncated:
		return "truncated"
	case Undecodable:
		return "undecodable"
	default:
		return "not_inspected"
	}
}

// MarshalText makes the word appear in JSON.
func (s CoverageState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word back. The error does not quote it.
func (s *CoverageState) UnmarshalText(text []byte) error {
	for known := NotInspected; known <= Complete; known++ {
		if string(text) == known.String() {
			*s = known
			return nil
		}
	}
	return errors.New("reading a coverage: the word is none of complete, truncated, undecodable and not_inspected")
}

// Coverage tells how much of a body was read and, if not all, why.
type Coverage struct {
	State     CoverageState `json:"state"`
	Reason    string        `json:"reason,omitempty"` // a bounded word such as "over_limit"; "" when complete
	BytesRead int64         `json:"bytes_read"`       // of the body as it travelled
}

// Document is a body after extraction.
type Document struct {
	Segments []Segment
	Coverage Coverage
	// MediaType is what the bytes turned out to be, which is not always what
	// the header said.
	MediaType string
}
