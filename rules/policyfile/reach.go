package policyfile

import (
	"slices"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// reach is what a rule can match, as far as its conditions show. Masks and scope
// hold only what the facts can be, so that nothing is left when a rule can never match.
type reach struct {
	match    *rules.Match
	scope    int // number of the set of services in the map
	who      int // number of the conditions on the client
	people   interval
	bytes    interval
	wanted   profile // what the rule asks for
	profile          // and what there is of it
	coverage mask
}

// wants is what a rule asks of the facts about a service.
func wants(m *rules.Match) profile {
	return profile{
		status: maskOf(m.Statuses, allStatuses()), account: maskOf(m.Accounts, allAccounts()),
		plan: maskOf(m.Plans, catalog.Plans()), operation: maskOf(m.Operations, allOperations()),
	}
}

// meets tells whether a service with the profile can have what is wanted.
func (p profile) meets(w profile) bool {
	return p.status&w.status != 0 && p.account&w.account != 0 && p.plan&w.plan != 0 && p.operation&w.operation != 0
}

func (p profile) and(o profile) profile {
	return profile{p.status & o.status, p.account & o.account, p.plan & o.plan, p.operation & o.operation}
}

func (p profile) or(o profile) profile {
	return profile{p.status | o.status, p.account | o.account, p.plan | o.plan, p.operation | o.operation}
}

func (p profile) covers(o profile) bool {
	return o.status&^p.status == 0 && o.account&^p.account == 0 && o.plan&^p.plan == 0 && o.operation&^p.operation == 0
}

// reachMap works out and compares what rules reach. Sets of services are kept
// once and known by their number.
type reachMap struct {
	*universe
	clients   *clients
	scopes    []set
	numbers   map[string]int
	alive     map[asked]answer
	nothing   int // number of the empty set
	coverages []string
}

// asked are services by the number of their set, and what a rule asks of them.
type asked struct {
	scope  int
	wanted profile
}

// answer are those of the services that can have it, and what there is of them all.
type answer struct {
	scope int
	profile
}

func newReachMap(u *universe, p *rules.Policy) *reachMap {
	m := &reachMap{universe: u, clients: newClients(p.Groups), numbers: map[string]int{}, alive: map[asked]answer{}, coverages: coverages()}
	m.nothing = m.number(newSet(u.size))
	return m
}

// number returns the number of a set of services.
func (m *reachMap) number(s set) int {
	var buffer [128]byte
	key := s.appendKey(buffer[:0])
	n, known := m.numbers[string(key)]
	if !known {
		n = len(m.scopes)
		m.scopes = append(m.scopes, s)
		m.numbers[string(key)] = n
	}
	return n
}

// of works out what a rule reaches.
func (m *reachMap) of(match *rules.Match) reach {
	return m.within(match, m.named(match))
}

// within is of for a rule of which only some services are looked at.
func (m *reachMap) within(match *rules.Match, services set) reach {
	wanted := wants(match)
	r := reach{match: match, people: every, bytes: intervalOf(match.Bytes), wanted: wanted, coverage: maskOf(match.Coverage, m.coverages) & (1<<len(m.coverages) - 1)}
	alive := m.answer(asked{m.number(services), wanted})
	r.scope, r.who, r.profile = alive.scope, m.clients.number(match), alive.and(wanted)
	for i := range match.Data {
		r.people = r.people.and(intervalOf(match.Data[i].People))
	}
	return r
}

// answer tells which services can have what is asked of them. Most rules ask as
// others do.
func (m *reachMap) answer(q asked) answer {
	a, known := m.alive[q]
	if known {
		return a
	}
	live := newSet(m.size)
	for i := range m.scopes[q.scope].all {
		if i == m.other {
			live.add(i)
			none := profile{1 << len(allStatuses()), 1 << len(allAccounts()), 1 << len(catalog.Plans()), 1 << len(allOperations())}
			a.profile = a.or(none)
		} else if m.profiles[i].meets(q.wanted) {
			live.add(i)
			a.profile = a.or(m.profiles[i])
		}
	}
	a.scope = m.number(live)
	m.alive[q] = a
	return a
}

// empty tells whether the rule can never match.
func (m *reachMap) empty(r *reach) bool {
	return r.scope == m.nothing || r.people.empty() || r.bytes.empty() || !m.clients.anybody(r.match) || contradictory(r.match.Data) >= 0
}

// covers tells whether a rule matches whatever another one matches, as far as
// their conditions show, but for the services and the clients, which shadows
// compares. The cheap and telling ones come first.
func (m *reachMap) covers(a, b *reach) bool {
	return a.people.covers(b.people) && a.bytes.covers(b.bytes) && b.coverage&^a.coverage == 0 &&
		a.wanted.covers(b.profile) &&
		dataCovers(a.match.Data, b.match.Data) && listCovers(a.match.Methods, b.match.Methods) && hostsCover(a.match.Hosts, b.match.Hosts)
}

// listCovers tells whether a list of a condition takes all values that b takes; an
// empty one takes everything.
func listCovers(a, b []string) bool {
	return len(a) == 0 || len(b) > 0 && !slices.ContainsFunc(b, func(v string) bool { return !slices.Contains(a, v) })
}

func hostsCover(a, b []string) bool {
	if len(a) > 0 && len(b) == 0 {
		return false
	}
	for _, host := range b {
		covered := len(a) == 0
		for _, pattern := range a {
			covered = covered || hostCovers(pattern, host)
		}
		if !covered {
			return false
		}
	}
	return true
}
