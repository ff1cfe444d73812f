package policyfile

import (
	"maps"
	"slices"

	"daylight.internal/rules"
)

// offered are the sorted words that rules, approvals and tests can choose from:
// gathered once, for there may be thousands of those.
type offered struct {
	categories, vendors []string
	services            []string // with the suspected ones
	classes, detectors  []string
}

// offer gathers them, when services and data classes are known.
func (l *loader) offer() {
	categories, vendors := map[string]bool{}, map[string]bool{}
	if c := l.source.Catalog; c != nil {
		for _, s := range c.Services() {
			categories[s.Category], vendors[s.Vendor] = true, true
		}
		l.offered.services = c.IDs()
	}
	l.offered.services = append(l.offered.services, rules.Suspected)
	slices.Sort(l.offered.services)
	l.offered.categories, l.offered.vendors = slices.Sorted(maps.Keys(categories)), slices.Sorted(maps.Keys(vendors))
	l.offered.classes, l.offered.detectors = l.classNames(), l.detectorIDs()
}
