package rules

import (
	"net/netip"
	"slices"
	"strings"
)

// Decider is a policy with an index of its rules, groups and approvals: it comes
// to the verdicts of the policy without looking at every rule. It is immutable
// and safe for concurrent use.
type Decider struct {
	// Policy is what the decider was compiled from. It must not be changed.
	*Policy
	names     []string // of the groups
	users     table    // over the groups
	networks  networks
	approvals map[string]*approvalIndex // by service
	rules     *ruleIndex
	content   *contentIndex
}

// Compile makes the decider of a policy, which must not be changed afterwards.
func Compile(p Policy) *Decider {
	d := &Decider{Policy: &p, content: newContentIndex(&p), networks: newNetworks(p.Groups)}
	for i := range p.Groups {
		d.names = append(d.names, p.Groups[i].Name)
	}
	d.users = newTable(len(p.Groups), func(i int) []string { return p.Groups[i].Users }, starred)
	d.approvals = newApprovalIndex(&p, d.content)
	d.rules = newRuleIndex(p.Rules, d.content)
	return d
}

// Decide is that of Policy. With a trace it walks through the rules one by one.
func (d *Decider) Decide(f Facts, trace *Trace) Verdict {
	if trace != nil {
		return d.Policy.Decide(f, trace)
	}
	f.settle()
	var r room
	e, s := d.begin(&f, &r)
	if s.next() {
		return e.verdict(&d.Rules[s.at])
	}
	return e.verdict(nil)
}

// Plan is that of Policy.
func (d *Decider) Plan(f Facts) (need Need, verdict Verdict, final bool) {
	var r room
	e, s := d.begin(&f, &r)
	aside := s.setAside(e.monitoring.by == "", r.bits(1, len(s.set)))
	undecided := false // an earlier rule may yet turn out to hold
	for s.next() {
		t := s.truth()
		undecided = undecided || t == unknown || s.anyOf(aside, s.at)
		if p, done := e.consider(&d.Rules[s.at], t, undecided); done {
			return p.need, p.verdict, p.final
		}
	}
	end := e.withoutIntervention(nil, undecided || s.anyOf(aside, len(d.Rules)))
	return end.need, end.verdict, end.final
}

// GroupsOf returns the groups of a client in the order of the policy.
func (d *Decider) GroupsOf(c Client) []string {
	return d.groupsOf(c.Address, strings.ToLower(c.User), &room{})
}

// begin begins an evaluation and the search for the rules that may hold. The
// facts and the room are part of the search alone, so that a verdict, which is made
// by the evaluation, does not keep them.
func (d *Decider) begin(f *Facts, r *room) (evaluation, search) {
	e := evaluation{policy: d.Policy, decider: d, facts: *f, user: strings.ToLower(f.Client.User)}
	e.groups = d.groupsOf(f.Client.Address, e.user, r)
	e.monitoring = d.monitoring(e.groups)
	found := d.look(f.Content, r)
	e.standing = d.standing(f, e.groups, found, r)
	return e, d.search(f, &e, found, r)
}

// groupsOf is that of Policy. Groups that follow one another in the policy, as
// one alone does, take no memory of their own.
func (d *Decider) groupsOf(address netip.Addr, user string, r *room) []string {
	in := bits(r.groups[:])
	if n := wordsFor(len(d.names)); n > len(in) {
		in = make(bits, n)
	}
	d.networks.addTo(address.Unmap(), in)
	if user != "" {
		d.users.addTo(user, in)
	}
	var names []string
	from := -1
	for w := newWalk(in); w.next(); {
		switch {
		case from < 0:
			from = w.at
			names = d.names[from : from+1 : from+1]
		case w.at == from+len(names) && &names[0] == &d.names[from]:
			names = d.names[from : w.at+1 : w.at+1]
		default:
			names = append(slices.Clip(names), d.names[w.at])
		}
	}
	return names
}

// look translates the findings of a content; nil for no content.
func (d *Decider) look(c *Content, r *room) []seen {
	if c == nil {
		return nil
	}
	found := r.seen[:]
	if len(c.Findings) > len(found) {
		found = make([]seen, len(c.Findings))
	}
	found = found[:len(c.Findings)]
	d.content.look(c, found)
	return found
}
