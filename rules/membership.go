package rules

import (
	"net/netip"
	"strings"
)

// Membership is a group of a client, and what of the group fits it: the first
// network that holds its address, the first pattern that its user fits, or both.
type Membership struct {
	Group   string
	Network netip.Prefix
	User    string // the pattern; "" when none fits
}

// Memberships are the groups of a client in the order of the policy, as GroupsOf
// returns them, with the reason of each.
func (p *Policy) Memberships(c Client) []Membership {
	var list []Membership
	address, user := c.Address.Unmap(), strings.ToLower(c.User)
	for i := range p.Groups {
		g := &p.Groups[i]
		m := Membership{Group: g.Name}
		for _, n := range g.Networks {
			if n.Contains(address) {
				m.Network = n
				break
			}
		}
		for _, pattern := range g.Users {
			if matchUser([]string{pattern}, user) {
				m.User = pattern
				break
			}
		}
		if m.Network.IsValid() || m.User != "" {
			list = append(list, m)
		}
	}
	return list
}
