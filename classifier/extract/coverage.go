package extract

import "daylight.internal/classifier"

// coverage adds up what was not read.
type coverage struct {
	state  classifier.CoverageState
	reason string // "" as long as all was read
	unread int64  // bytes, in the form in which they stood in the body
}

// skip notes that n bytes were not read. The worst state wins; of equal ones the
// first names the reason.
func (e *extractor) skip(state classifier.CoverageState, reason string, n int) {
	c := &e.coverage
	if c.reason == "" || state < c.state {
		c.state, c.reason = state, reason
	}
	c.unread += int64(n)
}

// mark remembers what was extracted, so that an attempt can be undone.
type mark struct {
	segments int
	cells    int
	coverage coverage
}

func (e *extractor) mark() mark {
	return mark{len(e.document.Segments), e.cells, e.coverage}
}

func (e *extractor) undo(m mark) {
	e.document.Segments = e.document.Segments[:m.segments]
	e.cells, e.coverage = m.cells, m.coverage
}
