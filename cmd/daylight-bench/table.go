package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// results are the measured values by metric, such as "exchange held", and contender.
type results map[string]map[string]float64

func (r results) note(metric, contender string, value float64) {
	if r[metric] == nil {
		r[metric] = map[string]float64{}
	}
	r[metric][contender] = value
}

// table prints the rows of one measurement, a column for each contender, and
// notes them for the bars.
type table struct {
	results results
	names   []string
}

func (w world) table(title string, contenders []contender) table {
	fmt.Printf("\n%s\n", title)
	t := table{results: w.results}
	for _, c := range contenders {
		t.names = append(t.names, c.name)
	}
	return t
}

// row prints the median of each contender with that of a second value in
// brackets, and how Daylight, the last, stands to the others: the median of the
// ratios round by round, since a machine that others use drifts.
func (t table) row(metric, description string, values [][]float64, verb string, second [][]float64, secondVerb string) {
	var columns, ratios strings.Builder
	last := len(values) - 1
	t.results.note(metric, t.names[last], median(values[last]))
	for i, name := range t.names {
		fmt.Fprintf(&columns, "   %s "+verb+" ("+secondVerb+")", name, median(values[i]), median(second[i]))
		if i != last {
			ratio := median(quotients(values[last], values[i]))
			t.results.note(metric+" /", name, ratio)
			fmt.Fprintf(&ratios, "   %s/%s %.2f", t.names[last], name, ratio)
		}
	}
	fmt.Printf("  %-26s%s  %s\n", description, columns.String(), ratios.String())
}

func quotients(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / b[i]
	}
	return out
}

// quantiles prints the median and the 99th percentile of each contender, and
// what Daylight adds to each.
func (t table) quantiles(metric, description string, all [][]time.Duration) {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	p50, p99 := make([]float64, len(all)), make([]float64, len(all))
	var columns strings.Builder
	for i, name := range t.names {
		slices.Sort(all[i])
		p50[i], p99[i] = ms(all[i][len(all[i])/2]), ms(all[i][len(all[i])*99/100])
		t.results.note(metric+" p50", name, p50[i])
		t.results.note(metric+" p99", name, p99[i])
		fmt.Fprintf(&columns, "   %s %.2f (%.2f)", name, p50[i], p99[i])
	}
	last := len(all) - 1
	fmt.Printf("  %-26s%s   daylight - bare %+.2f (%+.2f)\n", description, columns.String(), p50[last]-p50[0], p99[last]-p99[0])
}
