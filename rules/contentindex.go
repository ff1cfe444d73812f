package rules

import (
	"math"
	"strings"
)

// contentIndex holds the conditions on content with what they share: each
// detector is a number, and findings that several rules count are counted once.
type contentIndex struct {
	detectors  map[string]int // those that a policy names
	selections []selection
	known      map[string]int // the selections by what they select
}

// selection is which findings a condition counts.
type selection struct {
	any        bool // of every detector
	detectors  bits
	confidence Interval
}

// dataCondition is a condition on the findings of a selection.
type dataCondition struct {
	selection     uint32
	count, people Interval
}

// seen is a finding as the conditions look at it.
type seen struct {
	detector   int // -1 for one that no condition names
	count      int64
	confidence int64 // in percent
}

// newContentIndex numbers the detectors that a policy names.
func newContentIndex(p *Policy) *contentIndex {
	x := &contentIndex{detectors: map[string]int{}, known: map[string]int{}}
	number := func(ids []string) {
		for _, id := range ids {
			if _, ok := x.detectors[id]; !ok {
				x.detectors[id] = len(x.detectors)
			}
		}
	}
	for i := range p.Rules {
		for j := range p.Rules[i].Match.Data {
			number(p.Rules[i].Match.Data[j].Detectors)
		}
	}
	for i := range p.Approvals {
		number(p.Approvals[i].Detectors)
	}
	return x
}

// set returns detectors as a set of their numbers.
func (x *contentIndex) set(ids []string) bits {
	s := make(bits, wordsFor(len(x.detectors)))
	for _, id := range ids {
		s.add(x.detectors[id])
	}
	return s
}

// condition compiles one condition on content.
func (x *contentIndex) condition(d *DataMatch) dataCondition {
	c := dataCondition{count: d.Count.Interval(), people: d.People.Interval()}
	if d.Count.Op == "" {
		c.count = Interval{1, math.MaxInt64}
	}
	key := d.Confidence.String() + "\x00"
	if d.Detectors != nil {
		key += strings.Join(d.Detectors, "\x00") + "\x00"
	}
	i, ok := x.known[key]
	if !ok {
		i = len(x.selections)
		x.known[key] = i
		x.selections = append(x.selections, selection{any: d.Detectors == nil, detectors: x.set(d.Detectors), confidence: d.Confidence.Interval()})
	}
	c.selection = uint32(i)
	return c
}

// look translates findings; out has room for them.
func (x *contentIndex) look(c *Content, out []seen) {
	for i := range c.Findings {
		f := &c.Findings[i]
		id, ok := x.detectors[f.Detector]
		if !ok {
			id = -1
		}
		out[i] = seen{id, int64(f.Count), int64(math.Round(f.Confidence * 100))}
	}
}

// total counts the findings that are selected.
func (s *selection) total(findings []seen) int64 {
	var n int64
	for _, f := range findings {
		if (s.any || f.detector >= 0 && s.detectors.has(f.detector)) && s.confidence.Holds(f.confidence) {
			n += f.count
		}
	}
	return n
}
