package policyfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

const neverMatches = "the rule can never match: "

// impossible warns of rules whose conditions contradict one another or what the
// catalogue and the approvals say, and of services in a list to which that happens.
func (l *loader) impossible(m *reachMap, reaches []reach) {
	for i := range reaches {
		r := &reaches[i]
		c := contradiction{m, l.ruleAt[i].file, l.ruleEntries[i], r.match}
		switch {
		case c.named() || c.clients() || c.data():
		case r.scope == m.nothing:
			c.profile()
		default:
			c.services(m.scopes[r.scope])
		}
	}
}

// contradiction looks at one rule.
type contradiction struct {
	*reachMap
	file  *file
	entry *ruleEntry
	match *rules.Match
}

func (c *contradiction) report(at text, hint, format string, args ...any) {
	c.file.doubt(at, hint, neverMatches+format, args...).ID = "impossible-rule"
}

// attribute is what the catalogue says of services and a rule may ask for.
type attribute struct {
	what    string
	written words
	asked   []string
	index   map[string]set
	of      func(s *catalog.Service) []string
}

func (c *contradiction) attributes() []attribute {
	e := &c.entry.Match
	return []attribute{
		{"category", e.Category, c.match.Categories, c.categories, func(s *catalog.Service) []string { return []string{s.Category} }},
		{"vendor", e.Vendor, c.match.Vendors, c.vendors, func(s *catalog.Service) []string { return []string{s.Vendor} }},
		{"country", e.Country, c.match.Countries, c.countries, func(s *catalog.Service) []string {
			all := append([]string{s.Country}, s.Countries...)
			slices.Sort(all)
			return slices.Compact(all)
		}},
	}
}

// named reports a rule for which no service has all that the catalogue should say.
func (c *contradiction) named() bool {
	m := *c.match
	m.Categories, m.Vendors, m.Countries = nil, nil, nil
	chosen := c.universe.named(&m)
	for _, a := range c.attributes() {
		if len(a.asked) == 0 {
			continue
		}
		left := slices.Clone(chosen)
		left.intersect(union(c.size, a.asked, a.index))
		if left.empty() {
			c.report(a.written[0], c.facts(chosen, a), "none of its services has the %s %s", a.what, quotedOr(a.asked))
			return true
		}
		chosen = left
	}
	return false
}

// facts tells what the services have instead, when they are few.
func (c *contradiction) facts(chosen set, a attribute) string {
	var parts []string
	for i := range chosen.all {
		if len(parts) == 3 || i >= len(c.universe.services) {
			return ""
		}
		s := &c.universe.services[i]
		parts = append(parts, fmt.Sprintf("%q has the %s %s", s.ID, a.what, quotedOr(a.of(s))))
	}
	return strings.Join(parts, "; ")
}

// clients reports a rule for groups and users that are never the same people.
func (c *contradiction) clients() bool {
	if c.reachMap.clients.anybody(c.match) {
		return false
	}
	c.report(c.entry.Match.Users[0], "", "no user of the %s %s fits %s", nounFor("group", c.match.Groups), quotedOr(c.match.Groups), quotedOr(c.match.Users))
	return true
}

// data reports conditions on content that contradict each other.
func (c *contradiction) data() bool {
	i := contradictory(c.match.Data)
	if i < 0 {
		return false
	}
	e := &c.entry.Match.Data[i]
	at := e.Class
	for _, w := range []text{e.Detector, e.Count, e.People} {
		if w.Set {
			at = w
		}
	}
	c.report(at, "conditions in a list must all hold; make two rules of it", "this contradicts another condition on the same data")
	return true
}

// profile reports a rule for named services that cannot have the status, the
// account, the plan or the operation that it asks for. A rule for all services
// may wait for approvals to come.
func (c *contradiction) profile() {
	e, m := &c.entry.Match, c.match
	if len(m.Services)+len(m.Categories)+len(m.Vendors)+len(m.Countries) == 0 {
		return
	}
	chosen, wanted := c.universe.named(m), wants(m)
	who := c.names(chosen)
	switch {
	case !c.some(chosen, profile{wanted.status, ^mask(0), ^mask(0), ^mask(0)}):
		hint := "say so in an approval"
		if slices.Contains(m.Statuses, rules.Unreviewed) {
			hint = "an approval for everybody and all data says otherwise"
		}
		c.report(e.Status[0], hint, "nothing makes %s %s", who, joinOr(m.Statuses))
	case !c.some(chosen, profile{^mask(0), wanted.account, ^mask(0), ^mask(0)}):
		if slices.Equal(m.Accounts, []rules.AccountKind{rules.CorporateAccount}) {
			return // that no such account is named was said
		}
		c.report(e.Account[0], "`daylight catalog show` tells the markers of a service; tenants are named under `accounts`", "no request to %s shows the account %s", who, joinOr(m.Accounts))
	case !c.some(chosen, profile{^mask(0), ^mask(0), wanted.plan, ^mask(0)}):
		c.report(e.Plan[0], "`daylight catalog show` tells which plans show", "no request to %s shows the plan %s", who, joinOr(m.Plans))
	case !c.some(chosen, profile{^mask(0), ^mask(0), ^mask(0), wanted.operation}):
		c.report(e.Operation[0], "leave the condition out: its requests are all `other` or `upload`", "the catalogue knows no %s of %s", joinOr(m.Operations), who)
	default:
		c.report(c.entry.Name, "", "no service has all that it asks for")
	}
}

// some tells whether a service of the set can have what is wanted.
func (c *contradiction) some(chosen set, wanted profile) bool {
	for i := range chosen.all {
		if i < len(c.profiles) && c.profiles[i].meets(wanted) {
			return true
		}
	}
	return false
}

// services reports services of a list that its other conditions leave out. Those
// that have another status are left alone: approvals come and go.
func (c *contradiction) services(live set) {
	wanted := wants(c.match)
	wanted.status = ^mask(0)
	for _, w := range once(slices.Concat(c.entry.Match.Service, c.entry.Match.Services)) {
		i := c.ids[w.V]
		if live.has(i) {
			continue
		}
		if why := c.lacks(i, wanted); why != "" {
			c.file.doubt(w, "remove it here", "%q never counts here: %s", w.V, why).ID = "impossible-word"
		}
	}
}

// lacks tells what a service does not have of what a rule asks for.
func (c *contradiction) lacks(i int, wanted profile) string {
	if i < len(c.universe.services) {
		s := &c.universe.services[i]
		for _, a := range c.attributes() {
			if has := a.of(s); len(a.asked) > 0 && !slices.ContainsFunc(has, func(v string) bool { return slices.Contains(a.asked, v) }) {
				return fmt.Sprintf("its %s is %s", a.what, quotedOr(has))
			}
		}
	} else if len(c.match.Categories)+len(c.match.Vendors)+len(c.match.Countries) > 0 {
		return "nothing is known of services on no list"
	}
	p := c.profiles[i]
	switch {
	case p.account&wanted.account == 0:
		return "none of its requests shows the account " + joinOr(c.match.Accounts)
	case p.plan&wanted.plan == 0:
		return "none of its requests shows the plan " + joinOr(c.match.Plans)
	case p.operation&wanted.operation == 0:
		return "the catalogue knows no " + joinOr(c.match.Operations) + " of it"
	}
	return ""
}

// names lists services for a message, when they are few.
func (c *contradiction) names(chosen set) string {
	var ids []string
	for i := range chosen.all {
		if len(ids) == 3 {
			return "any of its services"
		}
		id := rules.Suspected
		if i < len(c.universe.services) {
			id = c.universe.services[i].ID
		}
		ids = append(ids, strconv.Quote(id))
	}
	return joinOr(ids)
}

func nounFor(noun string, names []string) string {
	if len(names) == 1 {
		return noun
	}
	return noun + "s"
}

func quotedOr(list []string) string {
	quoted := make([]string, len(list))
	for i, w := range list {
		quoted[i] = strconv.Quote(w)
	}
	return joinOr(quoted)
}

// joinOr writes a list as "a, b or c".
func joinOr[T ~string](list []T) string {
	var b strings.Builder
	for i, w := range list {
		switch {
		case i == 0:
		case i == len(list)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}
