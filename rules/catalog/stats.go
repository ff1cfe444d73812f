package catalog

import (
	"cmp"
	"slices"
	"strings"
)

// Stats are the numbers of a catalogue.
type Stats struct {
	Services       int     `json:"services"`
	Hosts          int     `json:"hosts"` // patterns
	WithOperations int     `json:"with_operations"`
	WithPrompts    int     `json:"with_prompt_location"`
	WithRisk       int     `json:"with_risk"`
	Oldest         string  `json:"oldest_verified_on,omitempty"` // YYYY-MM-DD
	OldestID       string  `json:"oldest_service,omitempty"`
	Categories     []Count `json:"categories"`
	Countries      []Count `json:"countries"` // the vendor's home; "" when unknown
	Confidences    []Count `json:"confidences"`
}

// Count is how many services have one value.
type Count struct {
	Value       string `json:"value"`
	Services    int    `json:"services"`
	WithPrompts int    `json:"with_prompt_location"`
}

// Stats counts the services. Values with more services come first.
func (c *Catalog) Stats() Stats {
	stats := Stats{Services: len(c.services)}
	categories, countries, confidences := tally{}, tally{}, tally{}
	for i := range c.services {
		s := &c.services[i]
		stats.Hosts += len(s.Hosts)
		if len(s.Operations) > 0 {
			stats.WithOperations++
		}
		if s.KnowsPrompts() {
			stats.WithPrompts++
		}
		if s.Risk != nil {
			stats.WithRisk++
		}
		if s.VerifiedOn != "" && (stats.Oldest == "" || s.VerifiedOn < stats.Oldest) {
			stats.Oldest, stats.OldestID = s.VerifiedOn, s.ID
		}
		categories.add(s.Category, s)
		countries.add(s.Country, s)
		confidences.add(s.Confidence, s)
	}
	stats.Categories, stats.Countries, stats.Confidences = categories.counts(), countries.counts(), confidences.counts()
	return stats
}

type tally map[string]Count

func (t tally) add(value string, s *Service) {
	count := t[value]
	count.Value = value
	count.Services++
	if s.KnowsPrompts() {
		count.WithPrompts++
	}
	t[value] = count
}

func (t tally) counts() []Count {
	out := make([]Count, 0, len(t))
	for _, count := range t {
		out = append(out, count)
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(b.Services-a.Services, strings.Compare(a.Value, b.Value)) })
	return out
}
