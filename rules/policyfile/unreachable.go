package policyfile

import (
	"slices"

	"daylight.internal/rules"
)

// unreachable warns of rules that can never decide because an earlier one takes
// all that they would match. It looks only at files without faults: a condition
// that could not be read would seem to take everything.
func (l *loader) unreachable() {
	for _, f := range l.files {
		if f.Problems.Err() != nil {
			return
		}
	}
	all := l.source.Policy.Rules
	for i := range all {
		for j := range i {
			if !takesAll(&all[j].Match, &all[i].Match) {
				continue
			}
			later, earlier := l.ruleAt[i], l.ruleAt[j]
			later.file.doubt(later.name, "put it before that rule, or remove it", "the rule %q can never decide: %q at %s matches all that it matches", later.name.V, earlier.name.V, earlier.name.At).ID = "shadowed-rule"
			break
		}
	}
}

// takesAll tells whether a matches whatever b matches, as far as their
// conditions show.
func takesAll(a, b *rules.Match) bool {
	return (a.Traffic == rules.TrafficAny || a.Traffic == b.Traffic) &&
		wider(a.Services, b.Services) && wider(a.Statuses, b.Statuses) && wider(a.Groups, b.Groups) && wider(a.Hosts, b.Hosts) &&
		wider(a.Users, b.Users) && wider(a.Categories, b.Categories) && wider(a.Vendors, b.Vendors) && wider(a.Countries, b.Countries) &&
		wider(a.Accounts, b.Accounts) && wider(a.Plans, b.Plans) && wider(a.Operations, b.Operations) && wider(a.Methods, b.Methods) && wider(a.Coverage, b.Coverage) &&
		(a.Bytes.Op == "" || a.Bytes == b.Bytes) &&
		!slices.ContainsFunc(a.Data, func(d rules.DataMatch) bool {
			return !slices.ContainsFunc(b.Data, func(o rules.DataMatch) bool { return sameData(d, o) })
		})
}

// wider tells whether a list of a condition takes all values that b takes; an
// empty one takes everything.
func wider[T comparable](a, b []T) bool {
	return len(a) == 0 || len(b) > 0 && !slices.ContainsFunc(b, func(v T) bool { return !slices.Contains(a, v) })
}

func sameData(a, b rules.DataMatch) bool {
	return a.Class == b.Class && slices.Equal(a.Detectors, b.Detectors) && a.Count == b.Count && a.People == b.People && a.Confidence == b.Confidence
}
