package replay

// Bounds on counting people exactly. A row that would need more is told to hold
// at least so many.
const (
	maxPeople  = 1 << 20 // distinct people of a report
	maxMembers = 1 << 22 // of all rows together
)

// people gives everybody a number.
type people struct {
	numbers map[string]uint32
	members int
	full    bool // somebody was not counted
}

// crowd counts distinct people.
type crowd map[uint32]struct{}

// number returns that of a person; false when there is no room for one more.
func (p *people) number(name string) (uint32, bool) {
	n, ok := p.numbers[name]
	switch {
	case ok:
		return n, true
	case len(p.numbers) >= maxPeople:
		p.full = true
		return 0, false
	}
	if p.numbers == nil {
		p.numbers = map[string]uint32{}
	}
	n = uint32(len(p.numbers))
	p.numbers[name] = n
	return n, true
}

// join adds a person to a crowd.
func (p *people) join(c *crowd, person uint32) {
	if _, in := (*c)[person]; in {
		return
	}
	if p.members >= maxMembers {
		p.full = true
		return
	}
	if *c == nil {
		*c = crowd{}
	}
	(*c)[person] = struct{}{}
	p.members++
}
