package policyfile

import (
	"slices"

	"daylight.internal/rules"
)

// shadowedApprovals warns of approvals that can never set a status: another one
// that is asked before them holds for all clients and content that they hold for.
func (l *loader) shadowedApprovals(m *reachMap) {
	byService := map[string][]int{}
	all := l.source.Policy.Approvals
	for i := range all {
		byService[all[i].Service] = append(byService[all[i].Service], i)
	}
	for i := range all {
		if l.hasExpired(all[i].Expires) {
			continue // which was said
		}
		for _, j := range byService[all[i].Service] {
			if i == j || !m.askedFirst(&all[j], &all[i], j < i) || !m.takesApproval(&all[j], &all[i]) {
				continue
			}
			at, other := l.approvalAt[i], l.approvalAt[j]
			at.file.doubt(at.name, "remove it, or say for which groups and data it is meant", "this approval can never decide: the one at %s holds whenever it does, and makes %q %s", other.name.At, all[j].Service, all[j].Status).ID = "shadowed-approval"
			break
		}
	}
}

// askedFirst tells whether a comes before b: the one that says more, among those
// alike the stricter one, then the one that stands first.
func (m *reachMap) askedFirst(a, b *rules.Approval, standsFirst bool) bool {
	says := func(a *rules.Approval) int { return min(len(a.Groups), 1) + min(len(a.Data), 1) }
	strictness := []rules.Status{rules.Sanctioned, rules.Tolerated, rules.Prohibited}
	switch sa, sb := slices.Index(strictness, a.Status), slices.Index(strictness, b.Status); {
	case says(a) != says(b):
		return says(a) > says(b)
	case sa != sb:
		return sa > sb
	default:
		return standsFirst
	}
}

// takesApproval tells whether a holds whenever b does.
func (m *reachMap) takesApproval(a, b *rules.Approval) bool {
	if !a.Expires.IsZero() && (b.Expires.IsZero() || a.Expires.Before(b.Expires)) {
		return false
	}
	groups := len(a.Groups) == 0 || len(b.Groups) > 0 && m.clients.inGroups(a.Groups, &rules.Match{Groups: b.Groups})
	if !groups || len(a.Data) == 0 {
		return groups
	}
	// One that prohibits holds when any of its data is found, the others when nothing else is.
	return len(b.Data) > 0 && (a.Status == rules.Prohibited) == (b.Status == rules.Prohibited) && listedIn(b.Detectors, a.Detectors)
}
