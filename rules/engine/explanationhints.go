package engine

import (
	"fmt"
	"slices"
	"strings"

	"daylight.internal/rules"
)

// mostHints bounds the hints: the first ones tell most.
const mostHints = 4

// hints say what would change the verdict.
func (s *Snapshot) hints(f *rules.Facts, v rules.Verdict, x *Explanation) []string {
	hints := []string{}
	add := func(format string, args ...any) {
		if len(hints) < mostHints {
			hints = append(hints, fmt.Sprintf(format, args...))
		}
	}
	if v.Action == rules.Block && v.Monitor {
		add("%s", enforceHint(v))
	}
	s.statusHints(f, v, x, add)
	if v.Rule != "" && len(x.Rules) > 0 {
		if wants := necessary(&x.Rules[len(x.Rules)-1]); wants != "" {
			add("rule %q no longer matches when one of these does not hold: %s; then %s", v.Rule, wants, s.otherwiseHint(x))
		}
	}
	if near := nearest(x.Rules, v); near != nil {
		last := near.Conditions[len(near.Conditions)-1]
		add("the nearest rule that blocks is %q (%s): it fails at %s, which wants %s and sees %s", near.Name, near.At, last.Condition, last.Wanted, orNothing(last.Saw))
	}
	if len(s.policy.Groups) > 0 && f.Client == (rules.Client{}) {
		add("the client is nobody: with a user, an address or a group, other rules and approvals may hold")
	}
	return hints
}

// enforceHint says what keeps a block from being enforced.
func enforceHint(v rules.Verdict) string {
	const goes = "the exchange goes on: "
	switch v.MonitoredBy {
	case rules.ByConfiguration:
		return goes + "the configuration has mode: monitor, which no policy overrides"
	case rules.ByRule:
		return goes + "the rule has mode: monitor; without it the exchange is blocked"
	case rules.ByGroup:
		return goes + "a group of the client has mode: monitor"
	case rules.ByPolicy:
		return goes + "a policy file has mode: monitor, before which mode: enforce of a group of the client goes"
	case rules.ByShare:
		return goes + "the client is outside of the share for which the rule is enforced"
	}
	return goes + "it had left when it was judged"
}

// statusHints tell what an approval could do, where the rule asks for a status.
func (s *Snapshot) statusHints(f *rules.Facts, v rules.Verdict, x *Explanation, add func(string, ...any)) {
	if v.Action != rules.Block || !f.Service.IsAI() || len(x.Rules) == 0 {
		return
	}
	rule := &x.Rules[len(x.Rules)-1]
	i := slices.IndexFunc(rule.Conditions, func(c ExplainedCondition) bool { return c.Condition == "status" })
	if i < 0 || f.Service.ID == rules.Suspected {
		return
	}
	for _, a := range x.Status.Approvals {
		if !a.Decides && !strings.Contains(rule.Conditions[i].Wanted, a.Status) {
			add("the approval at %s would make it %s, but %s", a.At, a.Status, a.Reason)
			return
		}
	}
	add("an approval of %s for this client and this content, with a status other than %s, takes it out of the rule", f.Service.ID, rule.Conditions[i].Wanted)
}

// necessary lists the conditions of a rule beside its traffic.
func necessary(r *ExplainedRule) string {
	var parts []string
	for _, c := range r.Conditions {
		if c.Condition != "traffic" {
			parts = append(parts, c.Condition+" "+c.Wanted)
		}
	}
	return strings.Join(parts, "; ")
}

func (s *Snapshot) otherwiseHint(x *Explanation) string {
	o := x.Otherwise
	switch {
	case o == nil:
		return "another rule decides"
	case o.Rule == "":
		return "no rule matches, and the action is " + o.Action
	case o.Action == "block" && !o.Enforced:
		return fmt.Sprintf("rule %q would block it (not enforced)", o.Rule)
	}
	return fmt.Sprintf("rule %q decides: %s", o.Rule, o.Action)
}

// nearest returns the rule that is stricter than the verdict and of which most
// conditions hold, all but the last that was looked at; nil when none has two.
func nearest(tried []ExplainedRule, v rules.Verdict) *ExplainedRule {
	const fewest = 2 // the traffic always holds, nearly
	var near *ExplainedRule
	for i := range tried {
		r := &tried[i]
		if r.Matched || len(r.Conditions) < fewest || r.Conditions[len(r.Conditions)-1].Outcome != "no" || r.Action != rules.Block.String() || v.Action == rules.Block {
			continue
		}
		if near == nil || len(r.Conditions) > len(near.Conditions) {
			near = r
		}
	}
	return near
}

func orNothing(saw string) string {
	if saw == "" {
		return "nothing"
	}
	return saw
}
