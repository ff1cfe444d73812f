package policyfile

import (
	"maps"
	"slices"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
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
	if c := l.source.Catalog; c != nil {
		l.offered.services = c.IDs()
		l.offered.categories, l.offered.vendors = categoriesAndVendors(c)
	}
	l.offered.services = append(l.offered.services, rules.Suspected)
	slices.Sort(l.offered.services)
	l.offered.classes, l.offered.detectors = l.classNames(), l.detectorIDs()
}

// categoriesAndVendors returns those of the services of a catalogue, sorted.
func categoriesAndVendors(c *catalog.Catalog) (categories, vendors []string) {
	known, makers := map[string]bool{}, map[string]bool{}
	for _, s := range c.Services() {
		known[s.Category], makers[s.Vendor] = true, true
	}
	return slices.Sorted(maps.Keys(known)), slices.Sorted(maps.Keys(makers))
}
