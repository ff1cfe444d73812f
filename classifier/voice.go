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
	w, ok := r.surroundings(h.start, h.end)
	if !ok {
		return best
	}
	best = w.header.voice(r.s, h.matcher)
	if name := r.segments[r.segment].Field; name != "" {
		best = best.or(r.field(name).voice(r.s, h.matcher))
	}
	best = best.or(r.heardVoice(h, w.from, w.to))
	if w.cell >= 0 && r.labelled(w.cell, h.start, w.header) && r.label.has(h.matcher) {
		for _, label := range r.labels(w.cell, h.start) {
			best = best.or(r.heardVoice(h, label.start, label.end))
		}
	}
	return best
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
	if f.columns.has(matcher) {
		v.length = f.length
	}
	for _, p := range f.heard {
		if s.context.phrases[p.phrase].owners.has(matcher) {
			v.length = max(v.length, p.end-p.at)
		}
	}
	return v
}
