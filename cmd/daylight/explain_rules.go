package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// shortPolicy is how many rules are shown one by one.
const shortPolicy = 12

// rules lists the rules that were tried. In a long policy those that fail at their
// first condition are counted.
func (p *explainPrinter) rules() {
	label, folded := "rules", 0
	flush := func() {
		switch folded {
		case 0:
			return
		case 1:
			p.line(label, "%s", p.ink.dim("     1 rule fails at its first condition (--all shows it)"))
		default:
			p.line(label, "%s", p.ink.dim(fmt.Sprintf("     %d rules fail at their first condition (--all shows them)", folded)))
		}
		label, folded = "", 0
	}
	for i := range p.e.Rules {
		r := &p.e.Rules[i]
		if !p.all && len(p.e.Rules) > shortPolicy && !r.Matched && failsAtOnce(r) {
			folded++
			continue
		}
		flush()
		p.rule(label, r)
		label = ""
	}
	flush()
	switch {
	case len(p.e.Rules) == 0 && p.e.NotTried == 0:
		p.line(label, "the policy has none")
	case p.e.NotTried > 0:
		p.line(label, "%s", p.ink.dim("     "+plural(p.e.NotTried, "rule")+" behind it, not tried"))
	}
}

// failsAtOnce tells whether a rule fails at its first condition, its traffic apart.
func failsAtOnce(r *engine.ExplainedRule) bool {
	looked := r.Conditions
	if len(looked) > 1 && looked[0].Condition == "traffic" {
		looked = looked[1:]
	}
	return len(looked) <= 1
}

// rule writes a rule with the conditions that tell: all of those that hold for the
// one that decided, for another the one at which it failed.
func (p *explainPrinter) rule(label string, r *engine.ExplainedRule) {
	mark := "no   "
	if slices.ContainsFunc(r.Conditions, func(c engine.ExplainedCondition) bool { return c.Outcome == "unknown" }) {
		mark = "may  " // what it held is not on record
	}
	if r.Matched {
		mark = p.ink.bold("yes  ")
	}
	p.line(label, "%s%s  %s", mark, r.Name, p.ink.dim(fmt.Sprintf("%s, %s", r.Action, r.At)))
	var rows [][]string
	for i, c := range r.Conditions {
		isLast := i == len(r.Conditions)-1
		if !p.all && (r.Matched && c.Condition == "traffic" && !isLast || !r.Matched && !isLast) {
			continue
		}
		saw := "saw " + orNothing(c.Saw)
		if c.Outcome == "unknown" {
			saw = "what it held is not known"
		}
		rows = append(rows, []string{"     " + c.Condition, "wants " + c.Wanted + "; " + saw, c.Outcome})
	}
	p.table("", rows)
}

func orNothing(text string) string {
	if text == "" {
		return "nothing"
	}
	return text
}

// policySources are the files of the policy, to quote rules from.
type policySources []policyfile.File

// mostQuoted bounds the lines of a rule that are quoted.
const mostQuoted = 14

// excerpt quotes the entry of a list that stands at a position file:line:col, up to
// where its indentation ends; "" when there is no such place.
func (s policySources) excerpt(at string, indent int) string {
	rest, _, ok := cutLast(at, ":")
	name, lineText, ok2 := cutLast(rest, ":")
	first, err := strconv.Atoi(lineText)
	if !ok || !ok2 || err != nil {
		return ""
	}
	for _, f := range s {
		if f.Name == name {
			return quoteEntry(strings.Split(string(f.Data), "\n"), first, indent)
		}
	}
	return ""
}

func cutLast(text, separator string) (before, after string, ok bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(separator):], true
}

func quoteEntry(lines []string, first, indent int) string {
	if first < 1 || first > len(lines) {
		return ""
	}
	margin := leading(lines[first-1])
	var b strings.Builder
	for n := first; n <= len(lines); n++ {
		line := strings.TrimRight(lines[n-1], " \t\r")
		if n > first && line != "" && leading(line) <= margin {
			break
		}
		if line == "" {
			continue
		}
		if n-first >= mostQuoted {
			fmt.Fprintf(&b, "%s%5s | …\n", strings.Repeat(" ", indent), "")
			break
		}
		fmt.Fprintf(&b, "%s%5d | %s\n", strings.Repeat(" ", indent), n, line)
	}
	return b.String()
}

func leading(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
