package rules

import (
	"maps"
	"net/netip"
	"slices"
)

// networks finds the members of a list whose networks hold an address: one
// look-up for each length of a prefix that occurs.
type networks struct {
	sets               map[netip.Prefix]positions
	lengths4, lengths6 []int
}

// newNetworks makes the table of a list of groups.
func newNetworks(groups []Group) networks {
	members := map[netip.Prefix][]uint32{}
	for i := range groups {
		for _, p := range groups[i].Networks {
			p = p.Masked()
			if list := members[p]; p.IsValid() && (len(list) == 0 || list[len(list)-1] != uint32(i)) {
				members[p] = append(list, uint32(i))
			}
		}
	}
	n := networks{sets: map[netip.Prefix]positions{}}
	lengths4, lengths6 := map[int]bool{}, map[int]bool{}
	for p, list := range members {
		n.sets[p] = newPositions(list, len(groups))
		if p.Addr().Is4() {
			lengths4[p.Bits()] = true
		} else {
			lengths6[p.Bits()] = true
		}
	}
	n.lengths4, n.lengths6 = slices.Sorted(maps.Keys(lengths4)), slices.Sorted(maps.Keys(lengths6))
	return n
}

// addTo adds to out the members with a network that holds the address, which is
// not one of IPv4 written as IPv6.
func (n *networks) addTo(address netip.Addr, out bits) {
	lengths := n.lengths6
	if address.Is4() {
		lengths = n.lengths4
	}
	if !address.IsValid() || address.Zone() != "" { // no prefix holds these
		return
	}
	for _, length := range lengths {
		p, _ := address.Prefix(length) // the length is one of its family
		n.sets[p].addTo(out)
	}
}
