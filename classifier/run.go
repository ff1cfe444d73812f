package classifier

// run is the scratch memory of one Scan. It is reused.
type run struct {
	s            *Scanner
	segments     []Segment
	segment      int
	text         []byte // folded text of the segment
	shifts       folding
	buffer       []byte
	base         int // where the text begins in the original, more than 0 only in a stream
	candidate    Candidate
	blocks       blocks
	numbers      numbers
	digits       []byte // of the number that layouts are tried on
	tokenEnd     int    // of the last token that was visited
	signs        []int  // where the next of each kind stands
	nextSign     int    // the first of them
	budget       int    // of steps
	steps        int    // what is left of it
	hearing      hearing
	asked        question   // the last one of spoken
	around       matcherSet // its answer lives there
	label        matcherSet // what a label of the row speaks of
	near         vicinity   // of the last number
	forms        forms
	quiet        [quietSlots]quietKey
	emitted      int        // hits so far
	cells        []Cell     // of the segment, when it is a table
	named        matcherSet // what the key of the segment speaks for
	namedField   *field     // the key itself, nil for none
	namedColumns matcherSet // those that expect their values under that key
	folded       []byte     // a value of a column
	cell         int        // near the cell of the last candidate
	fields       map[string]*field
	recentFields [1 << 4]recentField
	longField    bool // one of them has a long name
	records      records
	ownRecord    uint64   // 1 + the record of the segment, 0 until it is asked for
	header       []string // names of the columns, when the segment is a table
	headerFields []*field // what they say
	hits         []hit
	found        []Finding
	counts       []count // by matcher
	counted      []int   // the matchers that found something
	people       people
	marks        []mark // of detectors that ask for several, the latest
	tried        []int  // for each matcher, the start below which its pattern was tried
	last         []span // for each matcher, the value that it found last at an anchor
	stained      bool   // something stands in tried, or more in last than settled tells
	settled      []int  // the matchers of which something stands in last
	atToken      bool   // what is tried begins with a token
	sure         span   // of the latest sure value that begins with a token
	position     int    // in text
	message      []byte // of which a fingerprint is made
	sheet        sheet
	objects      objects
	counting     int  // near the cell of the last finding
	jumbled      bool // the hits do not stand in their order
	flushAt      int
}

// span is a half-open range of the folded text.
type span struct{ start, end int }

// begin makes the scratch memory ready for a body.
func (r *run) begin(segments []Segment) {
	r.segments, r.budget = segments, r.s.steps(segments)
	r.steps = r.budget
	r.hits, r.found = r.hits[:0], r.found[:0]
	r.jumbled, r.flushAt = false, firstFlush
	r.people.reset()
	r.records.reset()
	r.objects.begin()
	r.forms.cells, r.forms.text = false, false
	r.forms.scan++
}

// keptBuffer is the most text that scratch memory holds between scans.
const keptBuffer = 4 << 20

// end lets go of everything that belongs to the body.
func (r *run) end() {
	r.segments, r.cells, r.text, r.candidate.Text, r.blocks.text = nil, nil, nil, nil, nil
	if cap(r.buffer) > keptBuffer {
		r.buffer = nil
	}
	r.forgetFields()
	clear(r.found)
	for _, i := range r.counted { // few of many
		r.counts[i] = count{}
	}
	r.counted = r.counted[:0]
	r.records.reset()
	r.objects.begin()
}

// grant adds to the budget what n more bytes of a stream may take.
func (r *run) grant(n int) {
	if r.s.options.Steps == 0 {
		r.budget += stepsPerByte * n
		r.steps += stepsPerByte * n
	}
}

// steps is what a scan of the segments may take.
func (s *Scanner) steps(segments []Segment) int {
	if s.options.Steps > 0 {
		return s.options.Steps
	}
	n := 0
	for i := range segments {
		n += len(segments[i].Text)
	}
	return defaultSteps + stepsPerByte*n
}
