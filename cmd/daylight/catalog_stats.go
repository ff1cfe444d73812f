package main

import (
	"fmt"
	"text/tabwriter"

	"daylight.internal/rules/catalog"
)

func (c *catalogRun) stats() error {
	stats := c.policy.snapshot.Catalog().Stats()
	if c.format == "json" {
		return writeJSON(c.out, stats)
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "services\t%d\nhosts\t%d\nwith operations\t%d\nwith prompt location\t%d\nwith risk facts\t%d\n",
		stats.Services, stats.Hosts, stats.WithOperations, stats.WithPrompts, stats.WithRisk)
	if stats.Oldest != "" {
		fmt.Fprintf(w, "oldest check\t%s (%s)\n", stats.Oldest, stats.OldestID)
	}
	for _, table := range []struct {
		title  string
		counts []catalog.Count
	}{{"CATEGORY", stats.Categories}, {"CONFIDENCE", stats.Confidences}, {"COUNTRY", stats.Countries}} {
		fmt.Fprintf(w, "\n%s\tSERVICES\tWITH PROMPT LOCATION\n", table.title)
		for _, count := range table.counts {
			fmt.Fprintf(w, "%s\t%d\t%d\n", dash(count.Value), count.Services, count.WithPrompts)
		}
	}
	return w.Flush()
}
