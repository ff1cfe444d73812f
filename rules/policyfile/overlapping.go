package policyfile

import (
	"net/netip"
	"slices"
	"strings"
)

// groupAt is a group as it was written.
type groupAt struct {
	file  *file
	entry entry[groupEntry]
}

// member is a network of a group with its place.
type member struct {
	netip.Prefix
	group int
	text
}

// overlapping warns of clients that are in two groups without need. A group
// within another is common, and fine where it stands first: metrics carry the
// first group of a client, and its mode counts.
func (l *loader) overlapping() {
	again := l.sameMembers()
	var networks []member
	for g, at := range l.groupAt {
		if again[g] {
			continue
		}
		for i, w := range once(at.entry.V.Networks) {
			networks = append(networks, member{l.source.Policy.Groups[g].Networks[i], g, w})
		}
		l.redundantUsers(g)
	}
	// Wide before narrow: what a network lies in is still on the stack.
	slices.SortStableFunc(networks, func(a, b member) int {
		if c := a.Addr().Compare(b.Addr()); c != 0 {
			return c
		}
		return a.Bits() - b.Bits()
	})
	var around []member
	for _, n := range networks {
		for len(around) > 0 && !around[len(around)-1].Overlaps(n.Prefix) {
			around = around[:len(around)-1]
		}
		l.within(n, around)
		around = append(around, n)
	}
}

// within looks at a network and those that it lies in, the widest first.
func (l *loader) within(n member, around []member) {
	name := func(g int) string { return l.source.Policy.Groups[g].Name }
	for i := len(around) - 1; i >= 0; i-- {
		switch wide := around[i]; {
		case wide.group == n.group:
			l.groupAt[n.group].file.doubt(n.text, "remove it", "%s lies in %s of the same group", n.V, wide.V).ID = "redundant-member"
			return
		case wide.Prefix == n.Prefix:
			later, earlier := n, wide
			if later.group < earlier.group {
				later, earlier = earlier, later
			}
			l.groupAt[later.group].file.doubt(later.text, "", "%s is in the group %q too (%s): its clients are in both, and metrics count them as %[2]q", later.V, name(earlier.group), earlier.At).ID = "overlapping-networks"
			return
		case wide.group < n.group:
			l.groupAt[n.group].file.doubt(n.text, "put the narrower group first", "%s lies in %s of the group %q (%s), which stands before: metrics count its clients as %[3]q", n.V, wide.V, name(wide.group), wide.At).ID = "overlapping-networks"
			return
		}
	}
}

// redundantUsers warns of users of a group whom another pattern of it takes.
func (l *loader) redundantUsers(g int) {
	users := l.source.Policy.Groups[g].Users
	var wide []int // patterns that can take others
	for i, p := range users {
		if strings.Contains(p, "*") {
			wide = append(wide, i)
		}
	}
	at := l.groupAt[g]
	written := once(at.entry.V.Users)
	for i, p := range users {
		for _, j := range wide {
			if i != j && wildcardCovers(users[j], p) && (users[j] != p || j < i) {
				at.file.doubt(written[i], "remove it", "%q of the same group takes %q too", written[j].V, written[i].V).ID = "redundant-member"
				break
			}
		}
	}
}

// sameMembers warns of groups that are made of the same as one before, and
// returns their numbers.
func (l *loader) sameMembers() map[int]bool {
	seen, again := map[string]int{}, map[int]bool{}
	for i := range l.source.Policy.Groups {
		g := &l.source.Policy.Groups[i]
		parts := slices.Clone(g.Users)
		for _, n := range g.Networks {
			parts = append(parts, n.String())
		}
		slices.Sort(parts)
		key := strings.Join(parts, "\n")
		first, known := seen[key]
		if !known {
			seen[key] = i
			continue
		}
		again[i] = true
		at := l.groupAt[i]
		at.file.doubt(at.entry.Name, "use one name for them", "the group %q has the same members as %q (%s)", g.Name, l.source.Policy.Groups[first].Name, l.groupAt[first].entry.Name.At).ID = "same-group"
	}
	return again
}
