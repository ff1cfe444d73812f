package classifier

import (
	"cmp"
	"slices"
)

// identity is one value that identifies a person, inside a record.
type identity struct {
	record uint64
	value  uint64 // a hash of kind and value
	kind   int32
	order  int32 // of its coming
}

// people counts distinct individuals. Values of different kinds in one record
// belong together by their order: the second address to the second number.
// Equal values of two records are one person.
type people struct {
	pending  []identity
	jumbled  bool // the pending records do not stand in their order
	known    identities
	stamp    uint32
	ranks    []int32 // the persons of a record, each by one of its values
	perKind  []int32 // how many values of a kind the record has so far
	count    int
	weakKind int32 // the kind that counts only in records without another
}

// The bounds of what is remembered. Beyond the second, values are taken for new ones.
const (
	fewestPending     = 1 << 6
	pendingIdentities = 1 << 16
	knownIdentities   = 1 << 18
	// keptIdentities is the room for pending ones that is kept for the next scan.
	keptIdentities = 1 << 14
)

// newPeople counts by the given number of kinds of identity.
func newPeople(kinds int) people { return people{perKind: make([]int32, kinds)} }

func (p *people) reset() {
	p.pending, p.jumbled, p.count, p.stamp = p.pending[:0], false, 0, 0
	if cap(p.pending) > keptIdentities {
		p.pending = nil
	}
	p.known.reset()
}

// add notes a value of a record.
func (p *people) add(record uint64, kind int, value uint64) {
	n := len(p.pending)
	if n >= pendingIdentities {
		p.settle()
		n = 0
	}
	if n == cap(p.pending) {
		p.pending = append(make([]identity, 0, max(fewestPending, 2*n)), p.pending...)
	}
	p.jumbled = p.jumbled || n > 0 && p.pending[n-1].record > record
	p.pending = append(p.pending, identity{record, value, int32(kind), int32(n)})
}

// total returns the number of distinct individuals so far.
func (p *people) total() int {
	p.settle()
	return p.count
}

// settle joins the values of each pending record.
func (p *people) settle() {
	if p.jumbled {
		slices.SortFunc(p.pending, func(a, b identity) int {
			return cmp.Or(cmp.Compare(a.record, b.record), cmp.Compare(a.order, b.order))
		})
	}
	for from := 0; from < len(p.pending); {
		to := from + 1
		for to < len(p.pending) && p.pending[to].record == p.pending[from].record {
			to++
		}
		p.join(p.pending[from:to])
		from = to
	}
	p.pending, p.jumbled = p.pending[:0], false
}

// join unites the values of one record: the k-th of each kind with the k-th of
// the others.
func (p *people) join(record []identity) {
	if len(record) == 1 {
		p.node(record[0].value)
		return
	}
	strong := slices.ContainsFunc(record, func(i identity) bool { return i.kind != p.weakKind })
	p.stamp++
	p.ranks = p.ranks[:0]
	clear(p.perKind)
	for _, id := range record {
		if strong && id.kind == p.weakKind {
			continue
		}
		node := p.node(id.value)
		if node >= 0 {
			if p.known.nodes[node].stamp == p.stamp {
				continue // the same value once more
			}
			p.known.nodes[node].stamp = p.stamp
		}
		if k := int(p.perKind[id.kind]); k < len(p.ranks) {
			p.unite(p.ranks[k], node)
		} else {
			p.ranks = append(p.ranks, node)
		}
		p.perKind[id.kind]++
	}
}

// node returns the node of a value, -1 when there is no room for a new one.
func (p *people) node(value uint64) int32 {
	n, fresh := p.known.find(value)
	if fresh {
		p.count++
	}
	return n
}

// unite makes two nodes one person. One that found no room was counted, so the
// count alone is corrected.
func (p *people) unite(a, b int32) {
	if a < 0 || b < 0 {
		p.count--
		return
	}
	if a, b = p.known.root(a), p.known.root(b); a != b {
		p.known.nodes[b].parent = a
		p.count--
	}
}
