package engine

import (
	"slices"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/rules"
)

// someMember stands for any text in a pattern of users.
const someMember = "somebody"

// Member makes up a client of a group: the first address of its first network, and
// a user that fits its first pattern. false: there is no such group.
func (s *Snapshot) Member(group string) (rules.Client, bool) {
	i := slices.IndexFunc(s.policy.Groups, func(g rules.Group) bool { return g.Name == group })
	if i < 0 {
		return rules.Client{}, false
	}
	var c rules.Client
	g := &s.policy.Groups[i]
	if len(g.Networks) > 0 {
		network := g.Networks[0]
		c.Address = network.Addr()
		if next := c.Address.Next(); network.Contains(next) {
			c.Address = next
		}
	}
	if len(g.Users) > 0 {
		c.User = strings.ReplaceAll(g.Users[0], "*", someMember)
	}
	return c, true
}

// ClassesIn returns the data classes of which something was found, sorted.
func (s *Snapshot) ClassesIn(c *rules.Content) []string {
	var found []string
	for class, detectors := range s.classes {
		if c != nil && slices.ContainsFunc(c.Findings, func(f classifier.Summary) bool { return slices.Contains(detectors, f.Detector) }) {
			found = append(found, class)
		}
	}
	slices.Sort(found)
	return found
}
