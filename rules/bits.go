package rules

// bits is a set of positions in a list, one bit for each.
type bits []uint64

// wordsFor is the length of the bits of a list.
func wordsFor(n int) int { return (n + 63) / 64 }

func (b bits) add(i int) { b[i/64] |= 1 << (i % 64) }

func (b bits) has(i int) bool { return b[i/64]>>(i%64)&1 != 0 }

// fill makes the set that of the first n positions.
func (b bits) fill(n int) {
	clear(b)
	for i := range n / 64 {
		b[i] = ^uint64(0)
	}
	if n%64 != 0 {
		b[n/64] = 1<<(n%64) - 1
	}
}

// intersect keeps what is in o as well.
func (b bits) intersect(o bits) {
	for i, w := range o {
		b[i] &= w
	}
}

// unite adds what is in o.
func (b bits) unite(o bits) {
	for i, w := range o {
		b[i] |= w
	}
}

// uniteAbsent adds what is not in o.
func (b bits) uniteAbsent(o bits) {
	for i, w := range o {
		b[i] |= ^w
	}
}

// positions is a set of positions in a list, in whichever form is smaller: an
// index of many names thus takes no more room than the lists it was made from.
type positions struct {
	few  []uint32
	many bits
}

// newPositions makes the set of some of n positions.
func newPositions(few []uint32, n int) positions {
	if len(few) < 2*wordsFor(n) {
		return positions{few: few}
	}
	p := positions{many: make(bits, wordsFor(n))}
	for _, i := range few {
		p.many.add(int(i))
	}
	return p
}

func (p positions) addTo(out bits) {
	for _, i := range p.few {
		out.add(int(i))
	}
	out.unite(p.many)
}
