package classifier

// reach is how far before its anchor a match may begin.
const reach = 96

// scanSegment looks through one segment, as far as the budget lasts.
func (r *run) scanSegment(index int) {
	segment := &r.segments[index]
	r.segment, r.cell, r.counting, r.ownRecord = index, 0, 0, 0
	r.readNames(index)
	key, quiet := r.quietKeyOf(segment)
	if quiet != nil && quiet.equals(&key) {
		r.steps--
		r.shifts, r.position = r.shifts[:0], len(segment.Text)
	} else {
		before := r.emitted
		r.readSegment(segment)
		if quiet != nil && r.emitted == before && r.steps >= 0 {
			*quiet = key
		}
	}
	r.closeRecords(index)
}

// readSegment looks through the text of a segment.
func (r *run) readSegment(segment *Segment) {
	r.text, r.shifts = fold(segment.Text, r.buffer, r.shifts)
	if len(r.shifts) > 0 {
		r.buffer = r.text[:0]
	}
	r.forgetText()
	r.openForms()
	r.readText()
	r.scanText(0, len(r.text))
	r.flush(len(r.text))
}

// forgetText lets go of what is remembered of the text before.
func (r *run) forgetText() {
	r.base, r.tokenEnd, r.sure, r.marks = 0, 0, span{}, r.marks[:0]
	for _, owner := range r.settled {
		r.last[owner] = span{}
	}
	r.settled = r.settled[:0]
	if r.stained {
		clear(r.tried)
		clear(r.last)
		r.stained = false
	}
}

// readText prepares to read the folded text.
func (r *run) readText() {
	r.candidate.Text = r.text
	if r.candidate.noted {
		clear(r.candidate.notes[:])
		r.candidate.noted = false
	}
	r.blocks.reset(r.text)
	r.hearing.reset(&r.blocks)
	r.numbers.reset()
	r.asked = question{start: -1}
	r.near.forget()
}

// scanText is the one pass: block by block it looks where words and tokens begin,
// and only there: at places from from, a multiple of blockSize, up to to.
func (r *run) scanText(from, to int) {
	r.findSigns(from)
	for base := from; base < to; base += blockSize {
		b := *r.blocks.at(base) // a copy: what is asked for meanwhile may displace it
		here := below(min(to-base, blockSize))
		starts := b.starts & here
		if !r.s.literals.figures {
			starts &^= b.digit
		}
		if starts != 0 {
			r.literals(r.blocks.window(base), base, starts&b.word, starts&^b.word)
		}
		if b.digit&here != 0 {
			r.tokens(&b, b.digit&here)
		}
		if r.nextSign < base+blockSize {
			r.trySigns(min(base+blockSize, to))
		}
		if len(r.hits) >= r.flushAt {
			r.settle(base - reach)
		}
		if r.steps < 0 {
			r.position = min(base+blockSize, to)
			return
		}
	}
	r.position = to
	for _, m := range r.s.slow {
		r.scanSlowly(m, from, to)
	}
}

func (r *run) reset(start, end int) *Candidate {
	c := &r.candidate
	c.At, c.Start, c.End = start, start, end
	c.Value, c.Country, c.Confidence, c.NeedsContext, c.Steps, c.layout = c.Value[:0], "", 0, false, 0, nil
	return c
}

func (r *run) tryLayout(l *layout, start int) {
	c := r.reset(start, start+len(l.pattern))
	r.steps -= len(l.pattern) / checkedPerStep
	var ok bool
	if c.Value, ok = l.match(r.text, start, c.Value); !ok {
		return
	}
	r.steps -= l.length / longSecret
	m := &r.s.matchers[l.detector]
	if c.NeedsContext, c.layout = l.needsContext(m.Use), l; c.NeedsContext && l.length >= longSecret && !r.speaksOf(m, c.Start, c.End) {
		r.steps--
		return // one answer serves all the vendors that have such keys
	}
	r.consider(m)
}

// longSecret is the length of a group from which on it is a secret rather than a
// number, so that its check costs more than the question for its context.
const longSecret = 20

func (r *run) tryMatch(owner, at int) {
	last := &r.last[owner]
	if at >= last.start && at < last.end {
		return // inside of a value
	}
	m := &r.s.matchers[owner]
	if m.Yields && r.inColumn(m, at) {
		return // counted with its column
	}
	c := r.reset(at, at)
	c.NeedsContext = m.Use == Context
	ok := m.Match(c)
	r.steps -= 1 + c.Steps
	if ok && r.consider(m) {
		if last.end == 0 {
			r.settled = append(r.settled, owner)
		}
		*last = span{c.Start, c.End}
	}
}

// consider confirms the candidate and tells whether it is a value. One that is gives
// back some of what it took: the budget is there to end text that keeps the scan busy
// for nothing, not text that is full of findings.
func (r *run) consider(m *matcher) bool {
	before := r.steps
	if !r.credible(m) || !r.confirm(m) {
		return false
	}
	r.steps = min(before, r.steps+foundSteps)
	return true
}

// credible tells whether all but the last test say that the candidate is a value, the
// cheapest first.
func (r *run) credible(m *matcher) bool {
	c := &r.candidate
	r.steps -= checkSteps + len(c.Value)/checkedPerStep
	switch {
	case m.Check != nil && !m.Check(c.Value):
		return false
	case (m.columnar || m.Yields) && (r.inColumn(m, c.Start) || r.inColumn(m, c.End-1)): // counted with its column
		return false
	}
	if !c.NeedsContext && c.layout != nil {
		c.NeedsContext = r.doubtful(m, c)
	}
	return !c.NeedsContext || m.Series && inSeries(r.text, c.Start, c.End, m.Check) || r.speaksOf(m, c.Start, c.End)
}

// confirm asks for the last test and notes the value.
func (r *run) confirm(m *matcher) bool {
	c := &r.candidate
	if m.Confirm != nil {
		c.Steps = confirmSteps
		ok := m.Confirm(c)
		r.steps -= c.Steps
		if !ok {
			return false
		}
	}
	if c.NeedsContext && m.Use == Form && c.Confidence == 0 {
		c.Confidence = contextConfidence
	}
	if m.Distinct > 0 {
		r.mark(m, c)
	} else {
		r.emit(m, c)
	}
	return true
}

// contextConfidence is that of bare digits that only their surroundings explain.
const contextConfidence = 0.85

// What is charged for each group of a number, for a check, a costly confirmation,
// the question whether there is any context, and which.
const (
	groupSteps = 1
	checkSteps = 2
	// checkedPerStep is how many bytes of a value are checked in the time of a step.
	checkedPerStep = 16
	nearSteps      = 2
	confirmSteps   = 4
	contextSteps   = 4
	// foundSteps is the most that a value gives back.
	foundSteps = 16
)
