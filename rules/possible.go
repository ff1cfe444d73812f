package rules

import (
	"math"
	"slices"

	"daylight.internal/classifier"
)

// Doubt tells what of some facts is not known. The zero value is no doubt.
type Doubt struct {
	Lack Lack
	// Detectors are those of which nobody knows what they would have found: what
	// the content says of others holds.
	Detectors map[string]bool
	// Service, Operation and Account are set when the catalogue or the accounts of
	// the policy may say otherwise of them than the facts do.
	Service, Operation, Account bool
	// Rest is set when more of the body may hold more than the content tells. The
	// coverage, unlike with LackRest, is that of the content for sure.
	Rest bool
}

// Possible is what may become of an exchange of which not everything is known.
type Possible struct {
	// Verdicts are those of the rules that hold or may hold, in their order, up to
	// the first that holds for sure; never empty. One alone is certain.
	Verdicts []Verdict
	Rules    []*Rule // of the verdicts, where there are several; nil for the implicit one
	// Open are the keys of the conditions that are neither true nor false, sorted.
	Open []string
}

// Possible returns the verdicts that facts allow of which some are in doubt:
// every way to complete the facts leads to one of them. A condition on facts in
// doubt is neither true nor false (Kleene's three-valued logic), each on its own,
// and so there may be a verdict that no completion leads to.
func (p *Policy) Possible(f Facts, d Doubt) Possible {
	if d.Lack&LackBytes != 0 {
		f.Bytes = -1
	}
	e := p.newEvaluation(f)
	p.doubtStanding(e, &d)
	var out Possible
	for i := range p.Rules {
		r := &p.Rules[i]
		t := out.rule(e, r, &d)
		if t == no {
			continue
		}
		out.add(e, r, &d)
		if t == yes {
			return out
		}
	}
	out.add(e, nil, &d)
	return out
}

// Possible is that of Policy, and faster where nothing is in doubt.
func (d *Decider) Possible(f Facts, doubt Doubt) Possible {
	isSure := doubt.Lack == 0 && !doubt.Rest && len(doubt.Detectors) == 0 && !doubt.Service && !doubt.Operation && !doubt.Account
	if !isSure || f.Content == nil || f.Bytes < 0 {
		return d.Policy.Possible(f, doubt)
	}
	return Possible{Verdicts: []Verdict{d.Decide(f, nil)}, Rules: []*Rule{nil}}
}

// doubtStanding widens the statuses that are possible to those that doubts allow.
func (p *Policy) doubtStanding(e *evaluation, d *Doubt) {
	switch {
	case d.Service || d.Lack&LackAddress != 0:
		e.standing = standing{}
		for _, status := range []Status{Unreviewed, Sanctioned, Tolerated, Prohibited} {
			e.standing.possible.add(status)
		}
	case d.Rest || d.Lack&(LackRest|LackEarlier|LackMessage) != 0 || len(d.Detectors) > 0:
		head := e.facts
		head.Content = nil
		e.standing = p.standing(&head, e.groups)
	}
}

func (o *Possible) add(e *evaluation, r *Rule, d *Doubt) {
	v := e.verdict(r)
	o.Verdicts, o.Rules = append(o.Verdicts, v), append(o.Rules, r)
	switch {
	case r == nil && d.Service: // whether it is AI decides
		v.Action = map[Action]Action{Log: Allow, Allow: Log}[v.Action]
		o.Verdicts, o.Rules = append(o.Verdicts, v), append(o.Rules, r)
		o.open("service")
	case r == nil || r.Action != Block:
	default:
		o.addUnenforced(e, r, v, d)
	}
}

// addUnenforced adds the verdict of a rule that blocks with the other answer to
// whether it is enforced, where that is in doubt.
func (o *Possible) addUnenforced(e *evaluation, r *Rule, v Verdict, d *Doubt) {
	late := d.Lack&LackTime != 0 && r.Match.Traffic == TrafficAI && v.Stops()
	if monitored := d.Lack&LackAddress != 0 && e.monitorsByAddress(r); late || monitored {
		v.Monitor, v.MonitoredBy = !v.Monitor, ByLateness
		if monitored {
			v.MonitoredBy = ByGroup
		}
		o.Verdicts, o.Rules = append(o.Verdicts, v), append(o.Rules, r)
		o.open(map[bool]string{true: "time", false: "groups"}[late])
	}
}

// monitorsByAddress tells whether the address of the client may decide whether a
// rule is enforced.
func (e *evaluation) monitorsByAddress(r *Rule) bool {
	if e.user == "" && r.Enforce > 0 && r.Enforce < Everybody {
		return true
	}
	return slices.ContainsFunc(e.policy.Groups, func(g Group) bool { return g.Mode != NoMode && len(g.Networks) > 0 })
}

func (o *Possible) open(key string) {
	if i, found := slices.BinarySearch(o.Open, key); !found {
		o.Open = slices.Insert(o.Open, i, key)
	}
}

// rule is evaluation.rule with doubts. Which conditions are open only counts
// when none is false.
func (o *Possible) rule(e *evaluation, r *Rule, d *Doubt) ternary {
	var open []string
	for i := range conditions {
		c := &conditions[i]
		if !c.given(&r.Match) {
			continue
		}
		switch d.condition(e, c, &r.Match) {
		case no:
			return no
		case unknown:
			open = append(open, c.key)
		}
	}
	for _, key := range open {
		o.open(key)
	}
	if len(open) > 0 {
		return unknown
	}
	return yes
}

// condition judges one condition of a rule.
func (d *Doubt) condition(e *evaluation, c *condition, m *Match) ternary {
	switch c.key {
	case "traffic":
		if d.Service && m.Traffic != TrafficAny {
			return unknown
		}
	case "service", "category", "vendor", "country", "status":
		if d.Service {
			return unknown
		}
	case "operation":
		if d.Service || d.Operation {
			return unknown
		}
	case "account", "plan":
		if d.Service || d.Account {
			return unknown
		}
	case "groups":
		if t := c.holds(e, m); t == yes || d.Lack&LackAddress == 0 || !e.policy.hasNetworks(m.Groups) {
			return t
		}
		return unknown
	case "coverage":
		if d.Lack&(LackRest|LackMessage) != 0 {
			return unknown
		}
	case "data":
		return d.data(e.facts.Content, m.Data)
	}
	return c.holds(e, m)
}

// hasNetworks tells whether one of the groups names clients by their address.
func (p *Policy) hasNetworks(groups []string) bool {
	return slices.ContainsFunc(p.Groups, func(g Group) bool { return len(g.Networks) > 0 && slices.Contains(groups, g.Name) })
}

// data judges the conditions on content, all of which must hold.
func (d *Doubt) data(c *Content, conditions []DataMatch) ternary {
	if c == nil {
		return unknown
	}
	all := yes
	for i := range conditions {
		all = min(all, d.found(c, &conditions[i]))
	}
	return all
}

// found judges one of them: by the least and the most that may have been found.
func (d *Doubt) found(c *Content, m *DataMatch) ternary {
	known := *c
	known.Findings = slices.DeleteFunc(slices.Clone(c.Findings), func(f classifier.Summary) bool { return d.Detectors[f.Detector] })
	count := span{least: m.countIn(&known)}
	count.most = count.least
	people := span{int64(c.People), int64(c.People)}
	if d.Rest || d.Lack&(LackRest|LackEarlier) != 0 {
		count.most, people.most = math.MaxInt64, math.MaxInt64
	}
	if d.Lack&LackMessage != 0 {
		count.least, people.least = 0, 0
	}
	for id := range d.Detectors {
		if m.Detectors == nil || slices.Contains(m.Detectors, id) {
			count.most = math.MaxInt64 // the detectors of policies count no people
		}
	}
	if m.Count.Op == "" {
		return min(count.holds(Comparison{Op: ">", Value: 0}), people.holds(m.People))
	}
	return min(count.holds(m.Count), people.holds(m.People))
}

// span is a number that is not known: from least to most.
type span struct{ least, most int64 }

// holds compares all numbers of the span.
func (s span) holds(c Comparison) ternary {
	switch c.Op {
	case "":
		return yes
	case "=":
		if s.least == s.most || c.Value < s.least || c.Value > s.most {
			return truth(s.least == c.Value)
		}
		return unknown
	}
	// The others change once between the ends.
	if least, most := c.Holds(s.least), c.Holds(s.most); least == most {
		return truth(least)
	}
	return unknown
}
