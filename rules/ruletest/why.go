package ruletest

import (
	"fmt"
	"slices"
	"strconv"

	"daylight.internal/rules"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/recording"
)

// nearRules are explained of those with the expected action, at most.
const nearRules = 3

// why tells how a verdict came about that was not expected: its reason, and where
// each rule that should have decided gave up.
func (r *runner) why(t *policyfile.Test, x *recording.Exchange, j *recording.Judgement) []string {
	lines := []string{j.Verdict.Reason}
	if j.Message > 0 {
		lines[0] = fmt.Sprintf("message %d: %s", j.Message, lines[0])
	}
	if j.Verdict.OnErrorBy != "" { // no rule was tried
		return lines
	}
	trace := r.trace(x, j.Message)
	wanted := r.wanted(&t.Expect, &j.Verdict)
	for i := range wanted {
		if i == nearRules {
			lines = append(lines, fmt.Sprintf("and %d rules more that %s", len(wanted)-i, t.Expect.Action.V))
			break
		}
		lines = append(lines, whyNot(&wanted[i], trace, &j.Verdict))
	}
	if t.Request.Time.IsZero() && x.Request.Time.Equal(r.now) && r.snapshot.Expires(j.Facts.Service.ID) {
		lines = append(lines, "the test has no `time`: approvals are judged as of now, "+r.now.UTC().Format("2006-01-02"))
	}
	return lines
}

// wanted are the rules that should have decided: the expected one, else those with
// the expected action.
func (r *runner) wanted(e *policyfile.TestExpectation, v *rules.Verdict) []rules.Rule {
	all := r.snapshot.Rules()
	switch {
	case e.Rule.Set && e.Rule.V != v.Rule && e.Rule.V != "":
		return slices.DeleteFunc(all, func(rule rules.Rule) bool { return rule.Name != e.Rule.V })
	case e.Action.Set && e.Action.V != v.Action.String() && !(e.Rule.Set && e.Rule.V == ""):
		return slices.DeleteFunc(all, func(rule rules.Rule) bool { return rule.Action.String() != e.Action.V })
	}
	return nil
}

// whyNot tells which condition of a rule did not hold.
func whyNot(rule *rules.Rule, trace *rules.Trace, v *rules.Verdict) string {
	name := fmt.Sprintf("rule %q (%s)", rule.Name, rule.At)
	tried := false
	for _, s := range trace.Steps {
		if s.At != rule.At {
			continue
		}
		tried = true
		if s.Outcome != "yes" {
			return fmt.Sprintf("%s: %s wants %s; saw %s", name, s.Condition, orNone(s.Wanted), orNone(s.Saw))
		}
	}
	switch {
	case tried:
		return name + " matched"
	case v.Rule != "":
		return name + " was not asked: " + strconv.Quote(v.Rule) + " (" + v.At + ") stands before it"
	default:
		return name + " was not asked"
	}
}
