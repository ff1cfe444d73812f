package classifier

import (
	"cmp"
	"math"
)

// voice is how the surroundings of a value speak of it: whether they do, from how
// far, and in how many bytes.
type voice struct {
	speaks           bool
	distance, length int
}

// compare tells which of two voices counts more: one that is heard, the nearer,
// then the one that says more.
func (v voice) compare(o voice) int {
	switch {
	case v.speaks != o.speaks:
		if v.speaks {
			return 1
		}
		return -1
	case v.distance != o.distance:
		return cmp.Compare(o.distance, v.distance)
	}
	return cmp.Compare(v.length, o.length)
}

// or returns the one that counts more.
func (v voice) or(o voice) voice {
	if o.compare(v) > 0 {
		return o
	}
	return v
}

// muchSurer is by how much one of two values is surer than the other if no nearer
// word outweighs it.
const muchSurer = 0.08

// compareVoices tells which of two values, of which one covers the other, its
// surroundings speak of: more than 0 for a, 0 when they do not decide it. What is
// within a longer value is no more than a part of it, whatever speaks of it.
func (r *run) compareVoices(a, b *hit) int {
	switch x, y := r.voice(a), r.voice(b); {
	case x.speaks && y.speaks && math.Abs(a.confidence-b.confidence) >= muchSurer:
		return 0
	case a.start == b.start && a.end == b.end:
		return x.compare(y)
	case x.speaks && !y.speaks && a.end-a.start > b.end-b.start:
		return 1
	case y.speaks && !x.speaks && b.end-b.start > a.end-a.start:
		return -1
	}
	return 0
}

// nameDistance is from where the name of a column or key speaks: what stands beside
// the value says more.
const nameDistance = contextBefore

// voice returns how the surroundings of a value speak of it.
func (r *run) voice(h *hit) (best voice) {
	segment := &r.segments[r.segment]
	from, to := max(0, h.start-contextBefore), min(len(r.text), h.end+contextAfter)
	if segment.Table != nil {
		i := r.cellAt(&r.cell, r.shifts.original(h.start))
		if i < 0 {
			return best
		}
		header := r.headerField(int(segment.Table.Cells[i].Column))
		best = header.voice(r.s, h.matcher)
		if r.labelled(i, h.start, header) && r.label.has(h.matcher) {
			for _, label := range r.labels(i, h.start) {
				best = best.or(r.heardVoice(h, label.start, label.end))
			}
		}
		from, to = r.inCell(&segment.Table.Cells[i], h.start, h.end, from, to)
	}
	if segment.Field != "" {
		best = best.or(r.field(segment.Field).voice(r.s, h.matcher))
	}
	return best.or(r.heardVoice(h, from, clauseEnd(r.text, h.end, to)))
}

// heardVoice returns how text[from:to] speaks of a value.
func (r *run) heardVoice(h *hit, from, to int) (best voice) {
	for _, p := range r.hearing.hear(r.text, from, to) {
		if r.s.context.phrases[p.phrase].owners.has(h.matcher) {
			best = best.or(voice{true, max(h.start-p.end, p.at-h.end, 0), p.end - p.at})
		}
	}
	return best
}

// voice returns how a name speaks of the values of a matcher.
func (f *field) voice(s *Scanner, matcher int) voice {
	if f == nil || !f.speaks.has(matcher) {
		return voice{}
	}
	v := voice{speaks: true, distance: nameDistance}
	if f.whole && f.columns.has(matcher) {
		v.length = f.length
	}
	for _, p := range f.heard {
		if s.context.phrases[p.phrase].owners.has(matcher) {
			v.length = max(v.length, p.end-p.at)
		}
	}
	return v
}
