package classifier

import (
	"bytes"
	"math"
)

// reach is how far before its anchor a match may begin.
const reach = 96

// scanSegment looks through one segment, as far as the budget lasts.
func (r *run) scanSegment(index int) {
	segment := &r.segments[index]
	r.segment, r.cell, r.counting = index, 0, 0
	r.text, r.shifts = fold(segment.Text, r.buffer, r.shifts)
	if len(r.shifts) > 0 {
		r.buffer = r.text[:0]
	}
	r.marks = r.marks[:0]
	clear(r.tried)
	r.hearing.reset()
	r.candidate.Text = r.text
	r.readNames(index)
	r.numbers.reset()
	r.tokenEnd = 0
	r.scanText(0, len(r.text))
	for _, m := range r.s.slow {
		r.scanSlowly(m)
	}
	r.flush(len(r.text))
	r.closeRecords(index)
}

// scanText is the one pass: block by block it looks where words and tokens begin,
// and only there.
func (r *run) scanText(from, to int) {
	at := nextByte(r.text, from, '@')
	previous, letters := uint64(0), uint64(0) // of the block before: its last byte a word's, its last letters
	if wordAt(r.text, from-1) {
		previous = 1
	}
	for base := from; base < to; base += blockSize {
		b := r.windowAt(base)
		m := masksOf(b)
		here := below(min(to-base, blockSize))
		starts := m.word &^ (m.word<<1 | previous)
		if previous = m.word >> (blockSize - 1); !r.s.literals.figures {
			starts &^= m.digit
		}
		if m.high {
			f := foreignMasksOf(b)
			starts |= f.other | f.two&^(f.two<<2|letters)
			letters = f.two >> (blockSize - 2)
		} else {
			letters = 0
		}
		r.literals(b, base, starts&here)
		if m.digit &= here; m.digit != 0 {
			r.tokens(base, &m)
		}
		for at < min(base+blockSize, to) {
			for _, owner := range r.s.ats {
				r.tryMatch(owner, at)
			}
			at = nextByte(r.text, at+1, '@')
		}
		r.settle(base - reach)
		if r.steps < 0 {
			r.position = min(base+blockSize, to)
			return
		}
	}
	r.position = to
}

// windowAt returns the block at base; the last ones are completed with zeros.
func (r *run) windowAt(base int) *window {
	if base+len(window{}) <= len(r.text) {
		return (*window)(r.text[base:])
	}
	n := copy(r.tail[:], r.text[base:])
	clear(r.tail[n:])
	return &r.tail
}

// nextByte returns the offset of the next b from i on, far beyond the text if none follows.
func nextByte(text []byte, i int, b byte) int {
	if n := bytes.IndexByte(text[min(i, len(text)):], b); n >= 0 {
		return i + n
	}
	return math.MaxInt
}

func (r *run) reset(start, end int) *Candidate {
	c := &r.candidate
	c.At, c.Start, c.End = start, start, end
	c.Value, c.Country, c.Confidence, c.NeedsContext = c.Value[:0], "", 0, false
	return c
}

func (r *run) tryLayout(l *layout, start int) {
	c := r.reset(start, start+len(l.pattern))
	var ok bool
	if c.Value, ok = l.match(r.text, start, c.Value); !ok {
		return
	}
	m := &r.s.matchers[l.detector]
	c.NeedsContext = m.Use == Context || m.Use == Form && l.bare
	r.consider(m)
}

func (r *run) tryMatch(owner, at int) {
	m := &r.s.matchers[owner]
	c := r.reset(at, at)
	c.NeedsContext = m.Use == Context
	if m.Match(c) {
		r.consider(m)
	}
}

// consider confirms the candidate, cheapest test first, and tells whether it is
// a value.
func (r *run) consider(m *matcher) bool {
	r.steps--
	c := &r.candidate
	switch {
	case m.Check != nil && !m.Check(c.Value):
		return false
	case m.columnar && r.inColumn(m, c.Start): // counted with its column
		return false
	case !c.NeedsContext, m.Series && inSeries(r.text, c.Start, c.End, m.Check):
		return r.confirm(m)
	}
	return r.spoken(c.Start, c.End).has(m.index) && r.confirm(m)
}

// confirm asks for the last test and notes the value.
func (r *run) confirm(m *matcher) bool {
	c := &r.candidate
	if m.Confirm != nil {
		r.steps -= confirmSteps
		if !m.Confirm(c) {
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

// confirmSteps is what a costly confirmation is charged.
const confirmSteps = 3
