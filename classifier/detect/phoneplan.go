package detect

import (
	"encoding/binary"
	"fmt"
	"regexp/syntax"
	"slices"

	"github.com/nyaruka/phonenumbers"
)

// numberPlan tells which national numbers of one calling code exist: the patterns
// of libphonenumber for all of its regions and kinds of number, as one automaton
// over digits.
type numberPlan struct {
	regions  []string
	possible uint32       // a bit for each length that some number has
	lengths  []uint32     // the same of each region
	next     [][10]uint16 // by state; 0 is the dead one, 1 the start
	ends     []uint16     // by state, which verdict is passed there
	verdicts []planVerdict
}

// planVerdict tells which regions have a number, a bit for each: of any kind and
// mobile ones, by its length.
type planVerdict [2][longestNational + 1]uint32

// longestNational is how many digits a number has behind its calling code.
const longestNational = 17

// planEnd is a pattern that ends in a state.
type planEnd struct {
	region  uint8
	general bool   // the pattern of all numbers of the region, which every number must match
	mobile  bool   // a pattern of mobile numbers
	lengths uint32 // a bit for each length that such numbers have; 0: any
}

// numberKind is a kind of number that is looked for.
type numberKind bool

const (
	anyKind    numberKind = false
	mobileKind numberKind = true
)

// valid returns the regions that have the number, a bit for each.
func (p *numberPlan) valid(national []byte, kind numberKind) uint32 {
	state := uint16(1)
	for _, c := range national {
		if state = p.next[state][c-'0']; state == 0 {
			return 0
		}
	}
	if len(national) > longestNational {
		return 0
	}
	verdict := &p.verdicts[p.ends[state]]
	if kind == mobileKind {
		return verdict[1][len(national)]
	}
	return verdict[0][len(national)]
}

// verdictOf adds up the patterns that end in a state.
func verdictOf(ends []planEnd) (v planVerdict) {
	for n := range longestNational + 1 {
		general, special, mobile := uint32(0), uint32(0), uint32(0)
		for _, e := range ends {
			region := uint32(1) << e.region
			switch {
			case e.lengths>>n&1 == 0:
			case e.general:
				general |= region
			default:
				special |= region
				if e.mobile {
					mobile |= region
				}
			}
		}
		v[0][n], v[1][n] = general&special, general&mobile
	}
	return v
}

// planBuilder turns patterns into the automaton by following all of them at once.
type planBuilder struct {
	plan  *numberPlan
	progs []planPattern
	known map[string]uint16 // sets of instructions to states
	sets  [][]uint32
	heard map[planVerdict]uint16
}

type planPattern struct {
	prog *syntax.Prog
	end  planEnd
	base uint32 // number of its first instruction
}

// newNumberPlan reads the metadata of the regions of a calling code, the main one first.
func newNumberPlan(regions []*phonenumbers.PhoneMetadata) (*numberPlan, error) {
	b := planBuilder{plan: &numberPlan{}, known: map[string]uint16{}, heard: map[planVerdict]uint16{}}
	for i, m := range regions {
		b.plan.regions = append(b.plan.regions, m.GetId())
		for k, d := range []*phonenumbers.PhoneNumberDesc{
			m.GetGeneralDesc(), m.GetFixedLine(), m.GetMobile(), m.GetTollFree(), m.GetPremiumRate(), m.GetSharedCost(),
			m.GetVoip(), m.GetPersonalNumber(), m.GetPager(), m.GetUan(), m.GetVoicemail(),
		} {
			if err := b.add(d.GetNationalNumberPattern(), planEnd{uint8(i), k == 0, k == 2, lengthBits(d.GetPossibleLength())}); err != nil {
				return nil, fmt.Errorf("reading the numbering plan of %s: %w", m.GetId(), err)
			}
		}
		b.plan.lengths = append(b.plan.lengths, lengthBits(m.GetGeneralDesc().GetPossibleLength()))
		b.plan.possible = b.plan.lengths[0]
	}
	b.build()
	return b.plan, nil
}

func lengthBits(lengths []int32) (bits uint32) {
	if len(lengths) == 0 {
		return ^uint32(0)
	}
	for _, n := range lengths {
		if n > 0 {
			bits |= 1 << n
		}
	}
	return bits
}

func (b *planBuilder) add(pattern string, end planEnd) error {
	if pattern == "" {
		return nil
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return err
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return err
	}
	base := uint32(0)
	if n := len(b.progs); n > 0 {
		base = b.progs[n-1].base + uint32(len(b.progs[n-1].prog.Inst))
	}
	b.progs = append(b.progs, planPattern{prog, end, base})
	return nil
}

// build makes the states that can be reached, from the start on.
func (b *planBuilder) build() {
	b.plan.next, b.plan.ends = [][10]uint16{{}}, []uint16{b.verdict(nil)}
	b.sets = [][]uint32{nil}
	b.known[""] = 0
	var start []uint32
	for i := range b.progs {
		start = b.follow(start, i, uint32(b.progs[i].prog.Start))
	}
	b.state(start)
	for s := 1; s < len(b.sets); s++ {
		for digit := range 10 {
			b.plan.next[s][digit] = b.state(b.step(b.sets[s], rune('0'+digit)))
		}
	}
}

// step returns where the instructions of a set lead with a digit.
func (b *planBuilder) step(set []uint32, digit rune) (reached []uint32) {
	i := 0
	for _, id := range set {
		for i+1 < len(b.progs) && b.progs[i+1].base <= id {
			i++
		}
		if inst := &b.progs[i].prog.Inst[id-b.progs[i].base]; inst.Op != syntax.InstMatch && inst.MatchRune(digit) {
			reached = b.follow(reached, i, inst.Out)
		}
	}
	return reached
}

// follow adds to set the instructions of a pattern that read a digit, or end it,
// and are reached from pc without reading one.
func (b *planBuilder) follow(set []uint32, pattern int, pc uint32) []uint32 {
	p := &b.progs[pattern]
	switch inst := &p.prog.Inst[pc]; inst.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		return b.follow(b.follow(set, pattern, inst.Out), pattern, inst.Arg)
	case syntax.InstCapture, syntax.InstNop:
		return b.follow(set, pattern, inst.Out)
	case syntax.InstFail, syntax.InstEmptyWidth: // no pattern has the latter
		return set
	}
	return append(set, p.base+pc)
}

// state returns the state of a set of instructions, a new one if need be.
func (b *planBuilder) state(set []uint32) uint16 {
	slices.Sort(set)
	set = slices.Compact(set)
	key := make([]byte, 0, 4*len(set))
	for _, id := range set {
		key = binary.LittleEndian.AppendUint32(key, id)
	}
	if s, known := b.known[string(key)]; known {
		return s
	}
	s := uint16(len(b.sets))
	b.known[string(key)] = s
	b.sets = append(b.sets, set)
	b.plan.next = append(b.plan.next, [10]uint16{})
	b.plan.ends = append(b.plan.ends, b.verdict(b.endsOf(set)))
	return s
}

// verdict returns the number of what a state with these ends tells; few differ.
func (b *planBuilder) verdict(ends []planEnd) uint16 {
	v := verdictOf(ends)
	n, known := b.heard[v]
	if !known {
		n = uint16(len(b.plan.verdicts))
		b.heard[v] = n
		b.plan.verdicts = append(b.plan.verdicts, v)
	}
	return n
}

// endsOf returns the patterns that end in a set.
func (b *planBuilder) endsOf(set []uint32) (ends []planEnd) {
	i := 0
	for _, id := range set {
		for i+1 < len(b.progs) && b.progs[i+1].base <= id {
			i++
		}
		if b.progs[i].prog.Inst[id-b.progs[i].base].Op == syntax.InstMatch {
			ends = append(ends, b.progs[i].end)
		}
	}
	return ends
}
