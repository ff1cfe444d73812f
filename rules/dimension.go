package rules

// dimension is one condition of all rules, or approvals, that lists what may be.
type dimension struct {
	free  bits // the members of the list without the condition
	named table
}

// newDimension makes the dimension of a list of n members; nil when none of them
// has the condition.
func newDimension[S ~string](n int, values func(int) []S, s syntax) *dimension {
	free, given := make(bits, wordsFor(n)), false
	texts := func(i int) []string {
		var out []string
		for _, v := range values(i) {
			out = append(out, string(v))
		}
		return out
	}
	for i := range n {
		if len(values(i)) == 0 {
			free.add(i)
		} else {
			given = true
		}
	}
	if !given {
		return nil
	}
	return &dimension{free: free, named: newTable(n, texts, s)}
}

// restrict keeps in out the members that one of the values satisfies. room is
// overwritten.
func (d *dimension) restrict(out, room bits, values ...string) {
	if d == nil {
		return
	}
	copy(room, d.free)
	for _, v := range values {
		d.named.addTo(v, room)
	}
	out.intersect(room)
}

// openTo adds to out the members with the condition: whether it holds is not
// known yet.
func (d *dimension) openTo(out bits) {
	if d != nil {
		out.uniteAbsent(d.free)
	}
}
