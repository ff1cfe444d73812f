package rules

import (
	"cmp"
	"slices"

	"daylight.internal/classifier"
)

// standing is what the company decided about a service, for one client and one
// content.
type standing struct {
	// possible holds the statuses that the content may lead to; one when it is
	// known or makes no difference.
	possible []Status
	// approval set the first of them; nil when none did.
	approval *Approval
	// silent is the first approval that does not speak for this content, and
	// outside the class that it does not name.
	silent  *Approval
	outside string
	// expired is an approval that would have applied once.
	expired *Approval
}

// standing looks the approvals through, the most specific first: one that names
// groups and data before one that names either, and that before one for
// everybody and everything; among equals the strictest, then the earliest.
func (p *Policy) standing(f *Facts, groups []string) standing {
	if !f.Service.IsAI() {
		return standing{possible: []Status{NoStatus}}
	}
	var s standing
	for _, a := range p.candidates(f, groups, &s) {
		t, outside := a.speaksFor(f.Content)
		if t == no {
			if s.silent == nil && outside != "" {
				s.silent, s.outside = a, outside
			}
			continue
		}
		if s.approval == nil {
			s.approval = a
		}
		if !slices.Contains(s.possible, a.Status) {
			s.possible = append(s.possible, a.Status)
		}
		if t == yes {
			return s
		}
	}
	if !slices.Contains(s.possible, Unreviewed) {
		s.possible = append(s.possible, Unreviewed)
	}
	return s
}

// candidates returns the approvals for the service and the client, sorted by
// precedence; the ones that ran out are only remembered in s.
func (p *Policy) candidates(f *Facts, groups []string, s *standing) []*Approval {
	var list []*Approval
	for i := range p.Approvals {
		a := &p.Approvals[i]
		switch {
		case a.Service != f.Service.ID || len(a.Groups) > 0 && !overlap(a.Groups, groups):
		case !a.Expires.IsZero() && !f.Time.Before(a.Expires):
			s.expired = a
		default:
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(a, b *Approval) int {
		return cmp.Or(cmp.Compare(b.specificity(), a.specificity()), cmp.Compare(b.Status.strictness(), a.Status.strictness()))
	})
	return list
}

func (a *Approval) specificity() int {
	n := 0
	if len(a.Groups) > 0 {
		n++
	}
	if len(a.Data) > 0 {
		n++
	}
	return n
}

func (s Status) strictness() int {
	return slices.Index([]Status{Sanctioned, Tolerated, Unreviewed, Prohibited}, s)
}

// speaksFor tells whether the approval holds for a content: a prohibition when
// any of its classes was found, any other when nothing outside its classes was.
// outside is a class that an approval leaves out.
func (a *Approval) speaksFor(c *Content) (t ternary, outside string) {
	if len(a.Data) == 0 {
		return yes, ""
	}
	if c == nil {
		return unknown, ""
	}
	named := func(s classifier.Summary) bool { return slices.Contains(a.Detectors, s.Detector) }
	if a.Status == Prohibited {
		return truth(slices.ContainsFunc(c.Findings, named)), ""
	}
	for _, found := range c.Findings {
		if !named(found) {
			return no, found.Class
		}
	}
	return yes, ""
}
