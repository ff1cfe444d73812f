package rules

import (
	"slices"
	"strings"
)

// evaluation is one look at a policy: the facts and what follows from them for
// every rule alike.
type evaluation struct {
	policy   *Policy
	decider  *Decider // nil for the plain walk
	facts    Facts
	user     string   // case folded
	groups   []string // of the client, in the order of the policy
	standing standing
	// monitoring is that of rules which say nothing of it.
	monitoring monitoring
	place      Share // of the client in the line of all people, once placed
	placed     bool
}

// newEvaluation begins a plain walk.
func (p *Policy) newEvaluation(f Facts) *evaluation {
	e := &evaluation{policy: p, facts: f, user: strings.ToLower(f.Client.User)}
	e.groups = p.groupsOf(f.Client.Address, e.user)
	e.standing = p.standing(&f, e.groups)
	e.monitoring = p.monitoring(e.groups)
	return e
}

// GroupsOf returns the groups of a client in the order of the policy.
func (p *Policy) GroupsOf(c Client) []string {
	return p.groupsOf(c.Address, strings.ToLower(c.User))
}

// rule joins the conditions of a rule by "and" and stops at the first that is
// false. The steps are appended to trace unless it is nil.
func (e *evaluation) rule(r *Rule, trace *Trace) ternary {
	all := yes
	for i := range conditions {
		c := &conditions[i]
		if !c.given(&r.Match) {
			continue
		}
		t := c.holds(e, &r.Match)
		if trace != nil {
			trace.Steps = append(trace.Steps, Step{Rule: r.Name, At: r.At, Condition: c.key, Wanted: c.wanted(&r.Match), Outcome: t.String(), Saw: c.saw(e)})
		}
		if t == no {
			return no
		}
		all = min(all, t)
	}
	return all
}

// verdict makes the verdict of a rule, or the implicit one when r is nil.
func (e *evaluation) verdict(r *Rule) Verdict {
	s := e.settled()
	v := Verdict{Status: s.possible.list[0], Groups: e.groups, Action: e.action(r)}
	if s.approval != nil {
		v.Approval = s.approval.At
	}
	if r != nil {
		v.Rule, v.At, v.Message = r.Name, r.At, r.Message
		v.MonitoredBy = e.monitoredBy(r)
		v.Monitor = v.MonitoredBy != ""
	}
	v.Reason = e.reason(r, &s)
	return v
}

// action is that of a rule, or the implicit one when r is nil.
func (e *evaluation) action(r *Rule) Action {
	switch {
	case r != nil:
		return r.Action
	case e.facts.Service.IsAI():
		return Log
	default:
		return Allow
	}
}

// settled returns the standing for a verdict: of a body that nobody will read,
// the one of a body without findings.
func (e *evaluation) settled() standing {
	if e.standing.possible.n == 1 {
		return e.standing
	}
	f := e.facts
	f.Content = &Content{}
	if e.decider != nil {
		return e.decider.standing(&f, e.groups, nil, &room{})
	}
	return e.policy.standing(&f, e.groups)
}

// overlap tells whether two short lists share a member.
func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}
