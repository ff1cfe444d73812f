package ruletest

import (
	"slices"
	"strconv"
	"strings"

	"daylight.internal/rules"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/recording"
	"daylight.internal/rules/strictyaml"
)

// comparer gathers what came out otherwise.
type comparer struct {
	prefix string
	found  []Difference
}

// compare holds a judgement against what is expected of it. prefix stands before each key.
func (r *runner) compare(prefix string, e *policyfile.TestExpectation, j *recording.Judgement) []Difference {
	c := comparer{prefix: prefix}
	v, f := &j.Verdict, &j.Outcome.Facts
	found := content(&j.Outcome)
	c.word("action", e.Action, v.Action.String())
	if e.Enforced.Set && e.Enforced.V == v.Monitor {
		c.add("enforced", strconv.FormatBool(e.Enforced.V), enforcement(v), e.Enforced.At)
	}
	c.rule(e.Rule, v)
	c.word("status", e.Status, string(v.Status))
	c.word("service", e.Service, f.Service.ID)
	c.word("operation", e.Operation, f.Service.Operation)
	c.word("account", e.Account, string(f.Account.Kind))
	c.classes(e, r.snapshot.ClassesIn(found))
	c.findings(e.Findings, found)
	if e.People.Set && !e.People.V.Holds(int64(found.People)) {
		c.add("people", amount(e.People.V), strconv.Itoa(found.People), e.People.At)
	}
	coverage := found.Coverage.State.String()
	if e.Coverage.Set && e.Coverage.V != coverage {
		if found.Coverage.Reason != "" {
			coverage += " (" + found.Coverage.Reason + ")"
		}
		c.add("coverage", e.Coverage.V, coverage, e.Coverage.At)
	}
	c.word("response", e.Response, string(j.Refusal()))
	return c.found
}

func (c *comparer) add(key, want, got string, at strictyaml.Position) {
	c.found = append(c.found, Difference{Key: c.prefix + key, Want: want, Got: got, At: at})
}

// word compares a word of which "" means none.
func (c *comparer) word(key string, want policyfile.Place, got string) {
	if want.Set && want.V != got {
		c.add(key, orNone(want.V), orNone(got), want.At)
	}
}

func orNone(word string) string {
	if word == "" {
		return "none"
	}
	return word
}

func (c *comparer) rule(want policyfile.Place, v *rules.Verdict) {
	if !want.Set || want.V == v.Rule {
		return
	}
	c.add("rule", ruleName(want.V, ""), ruleName(v.Rule, v.At), want.At)
}

func ruleName(name, at string) string {
	switch {
	case name == "":
		return "none"
	case at == "":
		return strconv.Quote(name)
	}
	return strconv.Quote(name) + " (" + at + ")"
}

// enforcement tells why a verdict is only what would be done.
func enforcement(v *rules.Verdict) string {
	if !v.Monitor {
		return "true"
	}
	if v.MonitoredBy == "" {
		return "false"
	}
	return "false (monitored by the " + v.MonitoredBy + ")"
}

func (c *comparer) classes(e *policyfile.TestExpectation, got []string) {
	all := orNone(strings.Join(got, ", "))
	if e.NoClasses.Set && len(got) > 0 {
		c.add("classes", "none", all, e.NoClasses.At)
	}
	for _, class := range e.Classes {
		if !slices.Contains(got, class.V) {
			c.add("classes", class.V, all, class.At)
		}
	}
	for _, class := range e.Without {
		if slices.Contains(got, class.V) {
			c.add("without", "no "+class.V, all, class.At)
		}
	}
}

func (c *comparer) findings(want []policyfile.ExpectedFindings, got *rules.Content) {
	for _, w := range want {
		count := 0
		for _, f := range got.Findings {
			if f.Detector == w.Detector.V {
				count += f.Count
			}
		}
		if !w.Count.V.Holds(int64(count)) {
			c.add("findings."+w.Detector.V, amount(w.Count.V), strconv.Itoa(count), w.Count.At)
		}
	}
}

func amount(c rules.Comparison) string {
	return strings.TrimPrefix(c.Op, "=") + strconv.FormatInt(c.Value, 10)
}

// firstPlace is where an expectation begins, as far as one can tell.
func firstPlace(e *policyfile.TestExpectation) strictyaml.Position {
	for _, p := range []policyfile.Place{e.Action, e.Rule, e.Status, e.Service, e.Operation, e.Account, e.Coverage, e.Response} {
		if p.Set {
			return p.At
		}
	}
	if e.People.Set {
		return e.People.At
	}
	return e.Enforced.At
}
