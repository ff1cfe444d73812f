package rules

import "slices"

// approvalIndex holds the approvals of one service in order of precedence.
type approvalIndex struct {
	list   []indexedApproval
	groups *dimension // over the list; nil when each is for everybody
}

type indexedApproval struct {
	*Approval
	position  int  // in the policy
	detectors bits // those of Detectors
	limited   bool // to what it names: any other data it does not cover
}

// leavesOut tells at a glance that the approval does not cover the findings.
func (a *indexedApproval) leavesOut(found []seen) bool {
	return a.limited && len(found) > 0 && (found[0].detector < 0 || !a.detectors.has(found[0].detector))
}

// newApprovalIndex makes an index for each service that has approvals.
func newApprovalIndex(p *Policy, content *contentIndex) map[string]*approvalIndex {
	services := map[string]*approvalIndex{}
	for i := range p.Approvals {
		a := &p.Approvals[i]
		x := services[a.Service]
		if x == nil {
			x = &approvalIndex{}
			services[a.Service] = x
		}
		x.list = append(x.list, indexedApproval{a, i, content.set(a.Detectors), len(a.Data) > 0 && a.Status != Prohibited})
	}
	for _, x := range services {
		slices.SortStableFunc(x.list, func(a, b indexedApproval) int { return a.precedence(b.Approval) })
		x.groups = newDimension(len(x.list), func(i int) []string { return x.list[i].Groups }, literal)
	}
	return services
}

// standing is that of Policy, by the index. found are the findings of the content.
func (d *Decider) standing(f *Facts, groups []string, found []seen, r *room) standing {
	var s standing
	if !f.Service.IsAI() {
		s.possible.add(NoStatus)
		return s
	}
	expired := -1 // its position in the policy
	if x := d.approvals[f.Service.ID]; x != nil {
		for w := newWalk(x.applying(groups, r)); w.next(); {
			a := &x.list[w.at]
			if s.silent != nil && a.leavesOut(found) {
				continue // as it is not the first, nobody hears of it
			}
			if a.expiredAt(f) {
				if a.position > expired {
					s.expired, expired = a.Approval, a.position
				}
				continue
			}
			named := func(i int) bool { return found[i].detector >= 0 && a.detectors.has(found[i].detector) }
			if s.consider(a.Approval, f.Content, named) {
				return s
			}
		}
	}
	s.possible.add(Unreviewed)
	return s
}

// applying returns which approvals are for a client of the groups.
func (x *approvalIndex) applying(groups []string, r *room) bits {
	n := wordsFor(len(x.list))
	out := r.bits(0, n)
	out.fill(len(x.list))
	x.groups.restrict(out, r.bits(1, n), groups...)
	return out
}
