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
	AllowSlow          bool     // the cost of an expression without an anchor is known: no warning
}

// Options configure a Scanner. The zero value of each means its default.
type Options struct {
	// Key keys the fingerprints of findings; empty: no fingerprints.
	Key []byte
	// Regions are ISO 3166-1 codes tried for phone numbers in national format.
	Regions []string
	// StoredFindings bounds the findings kept for each detector (default 1); beyond
	// it they are only counted, and the summaries tell of them.
	StoredFindings int
	// Steps bounds the work of one scan beyond reading the bytes: a step is some 40 ns
	// of an idle processor. The default of 1 << 14 and two for each byte lets a body of
	// 1 MiB take about a tenth of a second. Prose takes less than a tenth of a step a
	// byte, tables of customers 0.3 and lists of numbers 0.7.
	Steps int
}

// Scan looks through the segments of one body, in their order. When the budget
// of steps runs out it says so and leaves the rest unread.
func (s *Scanner) Scan(segments []Segment) Result {
	r := s.pool.Get().(*run)
	r.begin(segments)
	scanned := int64(0)
	for i := range segments {
		r.scanSegment(i)
		scanned += int64(r.shifts.original(r.position))
		if r.steps < 0 {
			break
		}
	}
	result := r.result()
	result.Scanned = scanned
	r.end()
	s.pool.Put(r) // not after a panic, which may leave it in disorder
	return result
}

// result adds up what was found.
func (r *run) result() Result {
	return Result{
		Findings: r.findings(), Summaries: r.summaries(), People: r.people.total(),
		Steps: r.budget - r.steps, Exhausted: r.steps < 0,
	}
}
