package policyfile

import (
	"net/netip"
	"slices"
	"strings"

	"daylight.internal/rules"
)

// clients compares the conditions of rules on who asks. They are known by number:
// most rules share theirs with others.
type clients struct {
	groups  map[string]*rules.Group
	numbers map[string]int
	asked   []*rules.Match // by number
	wider   []wider        // by number
}

// wider are the conditions that cover one, among those with a number below limit.
type wider struct {
	numbers []int
	limit   int
}

func newClients(groups []rules.Group) *clients {
	c := &clients{groups: map[string]*rules.Group{}, numbers: map[string]int{}}
	for i := range groups {
		c.groups[groups[i].Name] = &groups[i]
	}
	return c
}

// number returns the number of a rule's condition.
func (c *clients) number(m *rules.Match) int {
	key := strings.Join(m.Groups, "\n") + "\n\n" + strings.Join(m.Users, "\n")
	n, known := c.numbers[key]
	if !known {
		n = len(c.asked)
		c.asked = append(c.asked, m)
		c.wider = append(c.wider, wider{})
		c.numbers[key] = n
	}
	return n
}

// around returns the conditions that take all clients that one takes, of those
// with a number below limit, and maybe more that are known. No two are compared twice.
func (c *clients) around(n, limit int) []int {
	w := &c.wider[n]
	for ; w.limit < limit; w.limit++ {
		if w.limit == n || c.compare(c.asked[w.limit], c.asked[n]) {
			w.numbers = append(w.numbers, w.limit)
		}
	}
	return w.numbers
}

// compare tells whether the first condition takes all clients that the second takes.
func (c *clients) compare(a, b *rules.Match) bool {
	return (len(a.Groups) == 0 || c.inGroups(a.Groups, b)) && (len(a.Users) == 0 || c.isUsers(a.Users, b))
}

// inGroups tells whether every client that a rule is for is in one of the groups.
func (c *clients) inGroups(groups []string, b *rules.Match) bool {
	if len(b.Groups) > 0 && !slices.ContainsFunc(b.Groups, func(inner string) bool {
		return !slices.ContainsFunc(groups, func(outer string) bool { return c.groupCovers(outer, inner) })
	}) {
		return true
	}
	if len(b.Users) == 0 {
		return false
	}
	var users []string
	for _, g := range groups {
		users = append(users, c.groups[g].Users...)
	}
	return allCovered(b.Users, users)
}

// isUsers tells whether every client that a rule is for fits one of the patterns.
func (c *clients) isUsers(users []string, b *rules.Match) bool {
	return len(b.Users) > 0 && allCovered(b.Users, users) ||
		len(b.Groups) > 0 && !slices.ContainsFunc(b.Groups, func(name string) bool {
			g := c.groups[name]
			return len(g.Networks) > 0 || !allCovered(g.Users, users)
		})
}

// groupCovers tells whether all clients of a group are in another one.
func (c *clients) groupCovers(outer, inner string) bool {
	if outer == inner {
		return true
	}
	o, i := c.groups[outer], c.groups[inner]
	return allCovered(i.Users, o.Users) && !slices.ContainsFunc(i.Networks, func(n netip.Prefix) bool {
		return !slices.ContainsFunc(o.Networks, func(wide netip.Prefix) bool { return wide.Bits() <= n.Bits() && wide.Overlaps(n) })
	})
}

// anybody tells whether a client can fulfil the conditions on both group and user.
func (c *clients) anybody(match *rules.Match) bool {
	return len(match.Groups) == 0 || len(match.Users) == 0 || slices.ContainsFunc(match.Groups, func(name string) bool {
		g := c.groups[name]
		return len(g.Networks) > 0 || slices.ContainsFunc(g.Users, func(p string) bool {
			return slices.ContainsFunc(match.Users, func(o string) bool { return wildcardsMeet(p, o) })
		})
	})
}
