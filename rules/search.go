package rules

// search goes through the rules that hold, or may turn out to, in their order.
type search struct {
	walk
	index  *ruleIndex
	facts  *Facts
	open   bits    // the rules with a condition that may turn out either way
	found  []seen  // in the content, if it was read
	people int64   // in it
	totals []int64 // of the selections; -1 until it is asked for
}

// search begins a search. Only what is asked of one rule at a time, the size and
// the findings, is left for next.
func (d *Decider) search(f *Facts, e *evaluation, found []seen, r *room) search {
	x := d.rules
	n := wordsFor(len(d.Rules))
	out, room, open := r.bits(0, n), r.bits(1, n), r.bits(2, n)
	clear(open)
	x.restrictRequest(out, room, f, e)
	x.restrictStatus(out, room, open, r.bits(3, n), e.standing.possible.all())
	if e.accountIsPending() {
		x.account.openTo(open)
		x.plan.openTo(open)
	} else {
		x.account.restrict(out, room, string(f.Account.Kind))
		x.plan.restrict(out, room, f.Account.Plan)
	}
	s := search{index: x, facts: f, found: found, open: open}
	if f.Content == nil {
		x.coverage.openTo(open)
		open.unite(x.data)
	} else {
		x.coverage.restrict(out, room, f.Content.Coverage.State.String())
		s.people, s.totals = int64(f.Content.People), x.noTotals(r)
	}
	if f.Bytes < 0 {
		open.unite(x.bytes)
	}
	s.walk = newWalk(out)
	return s
}

// restrictRequest sets out to the rules that the head of a request leaves.
func (x *ruleIndex) restrictRequest(out, room bits, f *Facts, e *evaluation) {
	if f.Service.IsAI() {
		copy(out, x.traffic[1])
	} else {
		copy(out, x.traffic[0])
	}
	x.service.restrict(out, room, f.Service.ID)
	x.category.restrict(out, room, f.Service.Category)
	x.vendor.restrict(out, room, f.Service.Vendor)
	x.operation.restrict(out, room, f.Service.Operation)
	x.method.restrict(out, room, f.Method)
	x.groups.restrict(out, room, e.groups...)
	x.host.restrict(out, room, f.Destination.Host)
	x.restrictCountry(out, room, &f.Service)
	x.restrictUser(out, room, e.user)
}

func (x *ruleIndex) restrictCountry(out, room bits, s *Service) {
	if x.country == nil {
		return
	}
	copy(room, x.country.free)
	if s.Country != "" {
		x.country.named.addTo(s.Country, room)
	}
	for _, c := range s.Countries {
		x.country.named.addTo(c, room)
	}
	out.intersect(room)
}

func (x *ruleIndex) restrictUser(out, room bits, user string) {
	if user == "" { // nobody fits no pattern
		x.users.restrict(out, room)
	} else {
		x.users.restrict(out, room, user)
	}
}

// restrictStatus takes into account that the content may lead to one status or
// another: a rule for some of them may hold.
func (x *ruleIndex) restrictStatus(out, room, open, any bits, possible []Status) {
	if x.status == nil {
		return
	}
	clear(any)
	for _, s := range possible {
		copy(room, x.status.free)
		x.status.named.addTo(string(s), room)
		any.unite(room)
		if len(possible) > 1 {
			open.uniteAbsent(room)
		}
	}
	out.intersect(any)
}

// noTotals returns a place for the totals of each selection.
func (x *ruleIndex) noTotals(r *room) []int64 {
	n := len(x.content.selections)
	totals := r.totals[:]
	if n > len(totals) {
		totals = make([]int64, n)
	}
	totals = totals[:n]
	for i := range totals {
		totals[i] = -1
	}
	return totals
}

// next goes to the next rule; false at the end.
func (s *search) next() bool {
	for s.walk.next() {
		if s.fits(&s.index.rules[s.at]) {
			return true
		}
	}
	return false
}

// setAside takes the rules out that may not hold and, should they, do not stop
// the exchange: where nothing is enforced, all that may not hold. It returns
// them in out, which is overwritten.
func (s *search) setAside(enforced bool, out bits) bits {
	for i := range out {
		out[i] = s.set[i] & s.open[i]
		if enforced {
			out[i] &^= s.index.stops[i]
		}
		s.set[i] &^= out[i]
	}
	s.walk.begin()
	return out
}

// anyOf tells whether a rule of those set aside may turn out to hold that stands
// before a position.
func (s *search) anyOf(aside bits, before int) bool {
	for w := newWalk(aside); w.next() && w.at < before; {
		if s.fits(&s.index.rules[w.at]) {
			return true
		}
	}
	return false
}

// truth tells whether the rule holds, or may turn out to.
func (s *search) truth() ternary {
	if s.open.has(s.at) {
		return unknown
	}
	return yes
}

// fits looks at the conditions of one rule that depend on numbers, as far as
// these are known.
func (s *search) fits(r *ruleConditions) bool {
	if s.facts.Bytes >= 0 && !r.bytes.Holds(s.facts.Bytes) {
		return false
	}
	if s.facts.Content == nil {
		return true
	}
	conditions := s.index.conditions[r.from:r.to]
	for i := range conditions {
		d := &conditions[i]
		if !d.people.Holds(s.people) || !d.count.Holds(s.total(d.selection)) {
			return false
		}
	}
	return true
}

// total counts the findings of a selection once.
func (s *search) total(selection uint32) int64 {
	n := s.totals[selection]
	if n < 0 {
		n = s.index.content.selections[selection].total(s.found)
		s.totals[selection] = n
	}
	return n
}
