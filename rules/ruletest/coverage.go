package ruletest

import (
	"slices"

	"daylight.internal/rules"
)

// RuleCoverage tells what tests say of one rule.
type RuleCoverage struct {
	Name, At string // At is file:line:col
	// Decided is the number of tests in which the rule decided about something.
	Decided int
	// Reached tells whether any test came as far as the rule: all before it did not match.
	Reached bool
}

// coverage counts the rules that decided.
func coverage(all []rules.Rule, results []Result) []RuleCoverage {
	out := make([]RuleCoverage, len(all))
	index := make(map[string]int, len(all))
	for i, rule := range all {
		out[i] = RuleCoverage{Name: rule.Name, At: rule.At}
		index[rule.At] = i
	}
	deepest := -1
	for i := range results {
		var seen []int // each rule counts once a test
		for _, d := range results[i].decided {
			n, ok := index[d.at]
			if !ok { // the implicit rule, behind all others
				deepest = len(all)
				continue
			}
			deepest = max(deepest, n)
			if !slices.Contains(seen, n) {
				seen = append(seen, n)
				out[n].Decided++
			}
		}
	}
	for i := range out {
		out[i].Reached = i <= deepest
	}
	return out
}

// Covered returns how many of the rules decided in at least one test.
func (r *Report) Covered() int {
	n := 0
	for _, rule := range r.Rules {
		if rule.Decided > 0 {
			n++
		}
	}
	return n
}

// Coverage is the share of the rules that decided, in percent; 100 without rules.
func (r *Report) Coverage() float64 {
	if len(r.Rules) == 0 {
		return 100
	}
	return 100 * float64(r.Covered()) / float64(len(r.Rules))
}
