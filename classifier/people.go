package classifier

import (
	"cmp"
	"slices"
)

// identity is one value that identifies a person, inside a record.
type identity struct {
	record uint64
	kind   int
	value  uint64
}

// people counts distinct individuals. Values of different kinds in one record
// belong together by their order: the second address to the second number.
// Equal values of two records are one person.
type people struct {
	pending []identity
	parent  []int32          // union-find over values
	nodes   map[uint64]int32 // value to its place in parent
	stamps  []uint32         // for each node, the record that named it last
	stamp   uint32
	ranks   []int32
	count   int
	weak    int // the kind that counts only in records without another
}

// The bounds of what is remembered. Beyond the second, values are taken for new ones.
const (
	pendingIdentities = 1 << 18
	knownIdentities   = 1 << 20
)

func (p *people) reset() {
	p.pending, p.parent, p.stamps, p.stamp, p.count = p.pending[:0], p.parent[:0], p.stamps[:0], 0, 0
	clear(p.nodes)
}

// add notes a value of a record.
func (p *people) add(record uint64, kind int, value uint64) {
	if len(p.pending) >= pendingIdentities {
		p.settle()
	}
	p.pending = append(p.pending, identity{record, kind, value})
}

// total returns the number of distinct individuals so far.
func (p *people) total() int {
	p.settle()
	return p.count
}

// settle joins the values of each pending record.
func (p *people) settle() {
	if len(p.pending) == 0 {
		return
	}
	if p.nodes == nil {
		p.nodes = map[uint64]int32{}
	}
	// Stable, so that the values of one kind keep their order in the record.
	slices.SortStableFunc(p.pending, func(a, b identity) int {
		return cmp.Or(cmp.Compare(a.record, b.record), cmp.Compare(a.kind, b.kind))
	})
	for from := 0; from < len(p.pending); {
		to := from + 1
		for to < len(p.pending) && p.pending[to].record == p.pending[from].record {
			to++
		}
		p.join(p.pending[from:to])
		from = to
	}
	p.pending = p.pending[:0]
}

// join unites the values of one record, sorted by kind: the k-th of each kind
// with the k-th of the others.
func (p *people) join(record []identity) {
	if record[0].kind != record[len(record)-1].kind {
		record = slices.DeleteFunc(record, func(i identity) bool { return i.kind == p.weak })
	}
	p.stamp++
	ranks, k := p.ranks[:0], 0 // the nodes that stand for the persons of the record
	for i, id := range record {
		if i > 0 && record[i-1].kind != id.kind {
			k = 0
		}
		node := p.node(id.value)
		if node >= 0 {
			if p.stamps[node] == p.stamp {
				continue // the same value once more
			}
			p.stamps[node] = p.stamp
		}
		if k < len(ranks) {
			p.unite(ranks[k], node)
		} else {
			ranks = append(ranks, node)
		}
		k++
	}
	p.ranks = ranks
}

// node returns the place of a value, -1 when there is no room for a new one.
func (p *people) node(value uint64) int32 {
	if n, ok := p.nodes[value]; ok {
		return n
	}
	p.count++
	if len(p.parent) >= knownIdentities {
		return -1
	}
	n := int32(len(p.parent))
	p.parent = append(p.parent, n)
	p.stamps = append(p.stamps, 0)
	p.nodes[value] = n
	return n
}

// unite makes two nodes one person. One that found no room was counted, so the
// count alone is corrected.
func (p *people) unite(a, b int32) {
	if a < 0 || b < 0 {
		p.count--
		return
	}
	if a, b = p.root(a), p.root(b); a != b {
		p.parent[b] = a
		p.count--
	}
}

func (p *people) root(n int32) int32 {
	for p.parent[n] != n {
		p.parent[n] = p.parent[p.parent[n]]
		n = p.parent[n]
	}
	return n
}
