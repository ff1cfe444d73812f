package classifier

// opening is how the tokens of letters and digits begin that somebody wants to see:
// a layout, or a matcher where layout is nil.
type opening struct {
	layout          *layout
	matcher, length int
	// certain marks the bytes of which it is known whether they are digits, and
	// digits those that are.
	certain, digits uint64
}

func openingOf(matcher int, pattern string) opening {
	o := opening{matcher: matcher, length: len(pattern)}
	o.certain, o.digits = positions(pattern)
	return o
}

// openingBits is how many bytes of a token tell which openings it may have.
const openingBits = 6

// openingIndex finds the openings that a token of letters and digits may have, by
// its length, where the last stands for all that are longer than layouts, and by
// which of its first bytes are digits.
type openingIndex struct {
	lists [][]opening
	of    [longestLayout + 2][1 << openingBits]uint16
}

// compile enters the layouts and, behind them, what words wants to see. Lists that are
// equal are kept once.
func (x *openingIndex) compile(layouts *layoutIndex, words []opening) {
	for length := range x.of {
		var all []opening
		for i := range layouts.mixed[length] {
			l := &layouts.mixed[length][i]
			all = append(all, opening{l, l.detector, l.length, l.certain, l.digits})
		}
		for _, w := range words {
			if w.length <= length {
				all = append(all, w)
			}
		}
		known := map[string]uint16{}
		for first := range x.of[length] {
			var list []opening
			name := ""
			for i, o := range all {
				if uint64(first)&o.certain == o.digits&below(openingBits) {
					list, name = append(list, o), name+string(rune(i))
				}
			}
			if _, found := known[name]; !found {
				known[name] = uint16(len(x.lists))
				x.lists = append(x.lists, list)
			}
			x.of[length][first] = known[name]
		}
	}
}

// mixed tries what may begin with a token of letters and digits.
func (r *run) mixed(i, j int, digits uint64) {
	x := &r.s.tokenOpenings
	list := x.lists[x.of[min(j-i, longestLayout+1)][digits&below(openingBits)]]
	for k := range list {
		o := &list[k]
		switch {
		case digits&o.certain != o.digits:
		case o.layout == nil:
			r.tryMatch(o.matcher, i)
		case o.layout.follows(r.text, j):
			r.tryLayout(o.layout, i-o.layout.before)
		}
	}
}
