package classifier

// identities are distinct values, joined into persons: a disjoint-set forest whose
// nodes are found by a table with open addressing.
type identities struct {
	nodes []identityNode
	slots []uint32 // base + 1 + the index of a node; what is not above base is from earlier scans
	base  uint32
}

type identityNode struct {
	value  uint64
	parent int32
	stamp  uint32 // of the record that named it last
}

const (
	fewestSlots = 1 << 10
	// keptSlots are those that are kept for the next scan.
	keptSlots = 1 << 16
)

func (t *identities) reset() {
	t.base += uint32(len(t.nodes))
	t.nodes = t.nodes[:0]
	if len(t.slots) > keptSlots {
		*t = identities{}
	}
	if t.base > 1<<31 {
		clear(t.slots)
		t.base = 0
	}
}

// find returns the node of a value, and whether it is new. Without room for a new
// one it returns -1.
func (t *identities) find(value uint64) (node int32, fresh bool) {
	if 2*len(t.nodes) >= len(t.slots) {
		t.grow()
	}
	mask := uint64(len(t.slots) - 1)
	at := value & mask
	for ; t.slots[at] > t.base; at = (at + 1) & mask {
		if n := int32(t.slots[at] - t.base - 1); t.nodes[n].value == value {
			return n, false
		}
	}
	if len(t.nodes) >= knownIdentities {
		return -1, true
	}
	n := int32(len(t.nodes))
	t.nodes = append(t.nodes, identityNode{value: value, parent: n})
	t.slots[at] = t.base + 1 + uint32(n)
	return n, true
}

// grow doubles the table.
func (t *identities) grow() {
	if len(t.nodes) >= knownIdentities {
		return
	}
	t.slots, t.base = make([]uint32, max(fewestSlots, 2*len(t.slots))), 0
	t.nodes = append(make([]identityNode, 0, len(t.slots)/2), t.nodes...)
	mask := uint64(len(t.slots) - 1)
	for n := range t.nodes {
		at := t.nodes[n].value & mask
		for t.slots[at] > 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = uint32(n) + 1
	}
}

// root returns the node that stands for the person of a node.
func (t *identities) root(n int32) int32 {
	for t.nodes[n].parent != n {
		t.nodes[n].parent = t.nodes[t.nodes[n].parent].parent
		n = t.nodes[n].parent
	}
	return n
}
