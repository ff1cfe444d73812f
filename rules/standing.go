package rules

import (
	"cmp"
	"slices"
)

// standing is what the company decided about a service, for one client and one
// content.
type standing struct {
	// possible holds the statuses that the content may lead to; one when it is
	// known or makes no difference.
	possible statuses
	// approval set the first of them; nil when none did.
	approval *Approval
	// silent is the first approval that does not speak for this content, and
	// outside the class that it does not name.
	silent  *Approval
	outside string
	// expired is the last approval that would have applied once.
	expired *Approval
}

// statuses are a few distinct statuses; there are no more than four.
type statuses struct {
	list [4]Status
	n    int
}

func (s *statuses) all() []Status { return s.list[:s.n] }

func (s *statuses) add(status Status) {
	if s.n < len(s.list) && !slices.Contains(s.all(), status) {
		s.list[s.n] = status
		s.n++
	}
}

// standing looks the approvals through, the most specific first: one that names
// groups and data before one that names either, and that before one for
// everybody and everything; among equals the strictest, then the earliest.
func (p *Policy) standing(f *Facts, groups []string) standing {
	var s standing
	if !f.Service.IsAI() {
		s.possible.add(NoStatus)
		return s
	}
	for _, a := range p.candidates(f, groups, &s) {
		named := func(i int) bool { return slices.Contains(a.Detectors, f.Content.Findings[i].Detector) }
		if s.consider(a, f.Content, named) {
			return s
		}
	}
	s.possible.add(Unreviewed)
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
		case a.expiredAt(f):
			s.expired = a
		default:
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, (*Approval).precedence)
	return list
}

func (a *Approval) expiredAt(f *Facts) bool {
	return !a.Expires.IsZero() && !f.Time.Before(a.Expires)
}

// precedence sorts the approvals that are asked first before the others.
func (a *Approval) precedence(b *Approval) int {
	return cmp.Or(cmp.Compare(b.specificity(), a.specificity()), cmp.Compare(b.Status.strictness(), a.Status.strictness()))
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

// consider takes the next approval in order of precedence into account and tells
// whether no later one matters. named tells of the findings by their index
// whether the approval names them.
func (s *standing) consider(a *Approval, c *Content, named func(int) bool) (done bool) {
	t, outside := a.speaksFor(c, named)
	if t == no {
		if s.silent == nil && outside != "" {
			s.silent, s.outside = a, outside
		}
		return false
	}
	if s.approval == nil {
		s.approval = a
	}
	s.possible.add(a.Status)
	return t == yes
}

// speaksFor tells whether the approval holds for a content: a prohibition when
// any of its classes was found, any other when nothing outside its classes was.
// outside is a class that an approval leaves out.
func (a *Approval) speaksFor(c *Content, named func(int) bool) (t ternary, outside string) {
	if len(a.Data) == 0 {
		return yes, ""
	}
	if c == nil {
		return unknown, ""
	}
	for i := range c.Findings {
		switch {
		case a.Status == Prohibited && named(i):
			return yes, ""
		case a.Status != Prohibited && !named(i):
			return no, c.Findings[i].Class
		}
	}
	return truth(a.Status != Prohibited), ""
}
