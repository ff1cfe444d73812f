package policyfile

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// set is a set of small numbers.
type set []uint64

func newSet(size int) set { return make(set, (size+63)/64) }

func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s set) covers(o set) bool {
	for i := range s {
		if o[i]&^s[i] != 0 {
			return false
		}
	}
	return true
}

func (s set) empty() bool {
	return !slices.ContainsFunc(s, func(w uint64) bool { return w != 0 })
}

func (s set) intersect(o set) {
	for i := range s {
		s[i] &= o[i]
	}
}

func (s set) unite(o set) {
	for i := range s {
		s[i] |= o[i]
	}
}

// all iterates over the members.
func (s set) all(yield func(int) bool) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			if !yield(i*64 + bits.TrailingZeros64(w)) {
				return
			}
		}
	}
}

// appendKey appends what no other set of the same size has.
func (s set) appendKey(b []byte) []byte {
	for _, w := range s {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b
}

// universe is where traffic can go, as far as rules tell it apart: the services
// of the catalogue by number, then the suspected ones, then all that is not AI.
type universe struct {
	services   []catalog.Service
	ids        map[string]int
	categories map[string]set
	vendors    map[string]set
	countries  map[string]set
	profiles   []profile // of each service and of the suspected ones
	size       int
	suspected  int
	other      int
	ai         set // all but other
}

// profile is what the facts about a service can be, as masks over the words of
// each condition. The bit behind the words stands for none of them.
type profile struct{ status, account, plan, operation mask }

type mask uint16

// maskOf returns the bits of words; every bit when there are no words.
func maskOf[T ~string](words, known []T) mask {
	if len(words) == 0 {
		return ^mask(0)
	}
	var m mask
	for _, w := range words {
		if i := slices.Index(known, w); i >= 0 {
			m |= 1 << i
		}
	}
	return m
}

func (l *loader) newUniverse() *universe {
	u := &universe{ids: map[string]int{}, categories: map[string]set{}, vendors: map[string]set{}, countries: map[string]set{}}
	if l.source.Catalog != nil {
		u.services = l.source.Catalog.Services()
	}
	u.suspected, u.other, u.size = len(u.services), len(u.services)+1, len(u.services)+2
	enter := func(m map[string]set, word string, i int) {
		if m[word] == nil {
			m[word] = newSet(u.size)
		}
		m[word].add(i)
	}
	u.ai = newSet(u.size)
	for i := range u.other {
		u.ai.add(i)
	}
	for i := range u.services {
		s := &u.services[i]
		u.ids[s.ID] = i
		enter(u.categories, s.Category, i)
		enter(u.vendors, s.Vendor, i)
		for _, c := range append([]string{s.Country}, s.Countries...) {
			enter(u.countries, c, i)
		}
		u.profiles = append(u.profiles, l.profile(s))
	}
	u.ids[rules.Suspected] = u.suspected
	u.profiles = append(u.profiles, profile{
		status:    maskOf([]rules.Status{rules.Unreviewed}, allStatuses()),
		account:   maskOf([]rules.AccountKind{rules.KeyAccount, rules.UnknownAccount}, allAccounts()) | 1<<len(allAccounts()),
		plan:      1 << len(catalog.Plans()),
		operation: ^mask(0),
	})
	statuses := u.approvedStatuses(l.source.Policy.Approvals)
	for i := range u.services {
		u.profiles[i].status = statuses[i]
	}
	return u
}

func allStatuses() []rules.Status {
	return []rules.Status{rules.Sanctioned, rules.Tolerated, rules.Prohibited, rules.Unreviewed}
}

func allAccounts() []rules.AccountKind {
	return []rules.AccountKind{rules.CorporateAccount, rules.PrivateAccount, rules.AnonymousAccount, rules.KeyAccount, rules.UnknownAccount}
}

func allOperations() []string { return []string{catalog.Prompt, catalog.Upload, catalog.Other} }

// approvedStatuses returns the statuses that each service may have. It is
// unreviewed but where an approval holds for everybody, everything and ever.
func (u *universe) approvedStatuses(approvals []rules.Approval) []mask {
	out := make([]mask, len(u.services))
	always := make([]bool, len(u.services))
	for i := range approvals {
		a := &approvals[i]
		n, ok := u.ids[a.Service]
		if !ok || n >= len(out) {
			continue
		}
		out[n] |= maskOf([]rules.Status{a.Status}, allStatuses())
		always[n] = always[n] || len(a.Groups) == 0 && len(a.Data) == 0 && a.Expires.IsZero()
	}
	for i := range out {
		if !always[i] {
			out[i] |= maskOf([]rules.Status{rules.Unreviewed}, allStatuses())
		}
	}
	return out
}

// profile reads what the catalogue and the named accounts say of a service. Any
// service may open an upload to another host.
func (l *loader) profile(s *catalog.Service) profile {
	p := profile{
		account:   maskOf([]rules.AccountKind{rules.UnknownAccount}, allAccounts()) | 1<<len(allAccounts()),
		plan:      1 << len(catalog.Plans()),
		operation: maskOf([]string{catalog.Upload, catalog.Other}, allOperations()),
	}
	for i := range s.Hosts {
		if s.Hosts[i].Plan != "" {
			p.plan |= maskOf([]string{s.Hosts[i].Plan}, catalog.Plans())
		}
	}
	for i := range s.Account.Plan {
		p.plan |= maskOf([]string{s.Account.Plan[i].Plan}, catalog.Plans())
	}
	for i := range s.Operations {
		p.operation |= maskOf([]string{s.Operations[i].Kind}, allOperations())
	}
	a := &s.Account
	add := func(holds bool, kind rules.AccountKind) {
		if holds {
			p.account |= maskOf([]rules.AccountKind{kind}, allAccounts())
		}
	}
	add(len(a.Key) > 0, rules.KeyAccount)
	add(len(a.Anonymous)+len(a.Session) > 0, rules.AnonymousAccount)
	add(len(a.Session)+len(a.Tenant)+len(a.User) > 0, rules.PrivateAccount)
	for i := range l.source.Policy.Accounts {
		n := &l.source.Policy.Accounts[i]
		add(n.Service == s.ID && a.TellsTenants(), n.Kind)
	}
	return p
}

// named returns the services that a rule's own words choose: those of the
// traffic that have one of the words of each condition.
func (u *universe) named(m *rules.Match) set {
	s := newSet(u.size)
	if m.Traffic != rules.TrafficOther {
		copy(s, u.ai)
	}
	if m.Traffic != rules.TrafficAI && len(m.Statuses)+len(m.Accounts)+len(m.Plans)+len(m.Operations) == 0 {
		s.add(u.other)
	}
	if len(m.Services) > 0 {
		chosen := newSet(u.size)
		for _, id := range m.Services {
			if i, ok := u.ids[id]; ok {
				chosen.add(i)
			}
		}
		s.intersect(chosen)
	}
	for _, c := range []struct {
		words []string
		index map[string]set
	}{{m.Categories, u.categories}, {m.Vendors, u.vendors}, {m.Countries, u.countries}} {
		if len(c.words) > 0 {
			s.intersect(union(u.size, c.words, c.index))
		}
	}
	return s
}

func union(size int, words []string, index map[string]set) set {
	s := newSet(size)
	for _, w := range words {
		if o := index[w]; o != nil {
			s.unite(o)
		}
	}
	return s
}
