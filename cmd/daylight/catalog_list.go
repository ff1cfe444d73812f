package main

import (
	"cmp"
	"flag"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// serviceFilter picks services by their fields; "" picks all.
type serviceFilter struct {
	category, status, country, confidence, risk string
}

func (f *serviceFilter) flags(fs *flag.FlagSet) {
	fs.StringVar(&f.category, "category", "", "list only the services of a `CATEGORY`")
	fs.StringVar(&f.status, "status", "", "list only the services with a `STATUS`: sanctioned,\ntolerated, prohibited or unreviewed")
	fs.StringVar(&f.country, "country", "", "list only the services whose vendor acts from a `COUNTRY`,\nsuch as CN")
	fs.StringVar(&f.confidence, "confidence", "", "list only the services founded on a `CONFIDENCE`:\ndocumented, multi, code, single, host-only or declared")
	fs.StringVar(&f.risk, "risk", "", "list only the services whose vendor documents that it\ntrains on what people enter: `RISK` is never, opt_in,\nopt_out or always; or unknown when nothing is documented")
}

// check refuses words that no service can have, with the one that was meant.
func (f *serviceFilter) check(services []catalog.Service) error {
	categories, countries := map[string]bool{}, map[string]bool{}
	for _, s := range services {
		categories[s.Category] = true
		for _, country := range s.Countries {
			countries[country] = true
		}
	}
	for _, field := range []struct {
		name, value string
		words       []string
	}{
		{"status", f.status, []string{string(rules.Sanctioned), string(rules.Tolerated), string(rules.Prohibited), string(rules.Unreviewed)}},
		{"category", f.category, sortedKeys(categories)},
		{"country", f.country, sortedKeys(countries)},
		{"confidence", f.confidence, catalog.Confidences()},
		{"risk", f.risk, append(catalog.TrainingAnswers(), "unknown")},
	} {
		if field.value != "" && !slices.Contains(field.words, field.value) {
			return unknown(field.name, field.value, field.words, "write "+joinWords(field.words))
		}
	}
	return nil
}

func (f *serviceFilter) picks(s *catalog.Service, status rules.Status) bool {
	trains := "unknown"
	if s.Risk != nil && s.Risk.TrainsOnInput != "" {
		trains = s.Risk.TrainsOnInput
	}
	return (f.category == "" || f.category == s.Category) && (f.status == "" || f.status == string(status)) &&
		(f.country == "" || slices.Contains(s.Countries, f.country)) && (f.confidence == "" || f.confidence == s.Confidence) &&
		(f.risk == "" || f.risk == trains)
}

func (c *catalogRun) list() error {
	services := c.policy.snapshot.Catalog().Services()
	if err := c.filter.check(services); err != nil {
		return err
	}
	entries := []catalogEntry{}
	for i := range services {
		if e := c.entry(&services[i]); c.filter.picks(&services[i], e.Status) {
			entries = append(entries, e)
		}
	}
	slices.SortStableFunc(entries, func(a, b catalogEntry) int {
		return cmp.Or(strings.Compare(a.Category, b.Category), strings.Compare(a.Service, b.Service))
	})
	if c.format == "json" {
		return writeJSON(c.out, entries)
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SERVICE\tCATEGORY\tSTATUS\tCOUNTRY\tVENDOR")
	for _, e := range entries {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", e.Service, e.Category, e.Status, dash(e.Country), dash(e.Vendor))
	}
	return w.Flush()
}
