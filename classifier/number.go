package classifier

import "slices"

// Group is a run of digits of a number.
type Group struct {
	Start, End int
	Gap        byte // the byte that follows, 0 at the end of the text
	// Joined: one byte parts the group from the next.
	Joined bool
}

// Len returns the number of digits.
func (g Group) Len() int { return g.End - g.Start }

const (
	// longestGap bounds the bytes of " -./()" between two groups.
	longestDigitGap = 3
	// leastNumber is how many digits make a number that AnchorNumber means.
	leastNumber = 7
	// longestWhole and leastPlaces are the digits before and after the point of
	// what AnchorDecimal means.
	longestWhole, leastPlaces = 3, 4
)

// numbers reads sequences of groups of digits, each group once.
type numbers struct {
	groups []Group
	at     int // of the group that was asked for last
	next   int // where the group behind the last begins; -1 when none does
}

func (n *numbers) reset() { n.groups, n.at, n.next = n.groups[:0], 0, -1 }

// from returns the groups of the number that begins at i: at most mostGroups.
func (n *numbers) from(text []byte, i int) []Group {
	for n.at < len(n.groups) && n.groups[n.at].Start < i {
		n.at++
	}
	if n.at == len(n.groups) || n.groups[n.at].Start != i {
		n.groups, n.at, n.next = n.groups[:0], 0, i
	} else if n.at >= blockSize { // make room in a long list
		n.groups, n.at = n.groups[:copy(n.groups, n.groups[n.at:])], 0
	}
	for n.next >= 0 && len(n.groups)-n.at < mostGroups {
		n.read(text, n.next)
	}
	return n.groups[n.at:min(n.at+mostGroups, len(n.groups))]
}

// read appends the group at i. One that is too long ends the number.
func (n *numbers) read(text []byte, i int) {
	end := i + 1
	for limit := min(len(text), i+longestToken+1); end < limit && isDigit(text[end]); end++ {
	}
	g := Group{Start: i, End: end}
	n.next = -1
	if end < len(text) {
		g.Gap = text[end]
		if next := nextGroup(text, end); next > 0 {
			n.next, g.Joined = next, next == end+1
		}
	}
	n.groups = append(n.groups, g)
}

// nextGroup returns where the group begins that follows the one which ends at end; 0
// when none does.
func nextGroup(text []byte, end int) int {
	for k := end; k < len(text) && k <= end+longestDigitGap; k++ {
		if isDigit(text[k]) && k > end {
			return k
		}
		if !inNumber(endClass[text[k]]) {
			break
		}
	}
	return 0
}

// inNumber tells whether bytes of a class may stand inside of a number.
func inNumber(end uint8) bool { return end >= endBlank && end <= endBracket }

// number tries what may begin with the token of digits at text[i:j].
func (r *run) number(i, j int) {
	end := endOther
	if j < len(r.text) {
		end = endClass[r.text[j]]
	}
	n := j - i
	first := &r.s.layouts.first[min(n, longestGroup)][end]
	switch {
	case inNumber(end) && nextGroup(r.text, j) > 0:
		r.groups(i, j, end, first)
	case first.list != nil || n >= leastNumber || end == endBlank:
		r.group(i, j, end, first.list)
	}
}

// group tries what may be or begin with a number of one group, the digits at
// text[i:j]. Most such numbers nobody speaks of, and only few need no context.
func (r *run) group(i, j int, end uint8, list *layoutList) {
	n := j - i
	name := end == endBlank && beforeName(r.text, j, n)
	if list == nil && n < leastNumber && !name || glued(r.text, i) {
		return
	}
	if list != nil {
		r.tryLayouts(list, i, j)
	}
	if n < leastNumber && !name {
		return
	}
	if taken := r.sure.start == i && r.sure.end > i; n >= leastNumber && !taken {
		r.tryGroup(i, j)
	}
	if name {
		r.tryCodes(i)
	}
	r.candidate.Number = nil
}

// tryGroup tries the numbers of one group: those that may do without a context, or
// have one.
func (r *run) tryGroup(i, j int) {
	for _, m := range r.s.numbers {
		if r.s.matchers[m].BareNeedsContext && !plusBefore(r.text, i) && !r.mayBeSpoken(i, j).has(m) {
			continue
		}
		r.candidate.Number = r.numbers.from(r.text, i)
		r.tryMatch(m, i)
	}
}

// plusBefore tells whether a plus sign, perhaps with a bracket, leads the number at i.
func plusBefore(text []byte, i int) bool {
	return plusAt(text, i-1) || i > 1 && text[i-1] == '(' && plusAt(text, i-2)
}

func (r *run) tryCodes(i int) {
	r.candidate.Number = r.numbers.from(r.text, i)
	for _, m := range r.s.codes {
		r.tryMatch(m, i)
	}
}

// groups tries what may begin with a number of several groups, of which text[i:j] is
// the first.
func (r *run) groups(i, j int, end uint8, first *firstGroup) {
	if r.forms.text && r.textForm(i) || glued(r.text, i) {
		return
	}
	r.candidate.Number = r.numbers.from(r.text, i)
	r.steps -= groupSteps * len(r.candidate.Number)
	if first.list != nil {
		r.tryLayouts(first.list, i, j)
	}
	digits := r.tryGroups(i, first.goesOn)
	if taken := r.sure.start == i && r.sure.end > i; digits >= leastNumber && !taken {
		for _, m := range r.s.numbers {
			r.tryMatch(m, i)
		}
	}
	if end == endBlank && beforeName(r.text, j, j-i) {
		r.tryCodes(i)
	}
	if j-i <= longestWhole && end == endPoint {
		r.decimal(r.candidate.Number, i)
	}
	if len(r.s.digitPatterns) == 0 {
		r.passGlued(r.candidate.Number)
	}
	r.candidate.Number = nil
}

// passGlued passes over the groups of a number that a hyphen or point joins to the
// one before: nothing begins there.
func (r *run) passGlued(number []Group) {
	for k := 1; k < len(number) && number[k-1].Joined && (number[k-1].Gap == '-' || number[k-1].Gap == '.'); k++ {
		if g := &number[k]; !isWord(g.Gap) && g.Gap != ':' {
			r.tokenEnd = g.End
		}
	}
}

// tryGroups tries the layouts of two groups and more that may begin at i, and
// counts the digits of the number.
func (r *run) tryGroups(i int, alive bool) (digits int) {
	layouts := &r.s.layouts
	key := uint64(0)
	for k := range r.candidate.Number {
		g := &r.candidate.Number[k]
		digits += g.Len()
		if !alive {
			continue
		}
		key = groupKey(key, g.Len(), endClass[g.Gap])
		if k > 0 && layouts.mayHave(key) {
			if list := layouts.get(key); list != nil {
				r.tryLayouts(*list, i, g.End)
			}
		}
		alive = g.Joined
	}
	return digits
}

// beforeName tells whether n digits that end at i may be a postcode: one blank
// and a capital letter follow, of Latin script or one with as long sequences.
func beforeName(text []byte, i, n int) bool {
	if n < 2 || n > 5 || i+1 >= len(text) || text[i] != ' ' {
		return false
	}
	return mayName(text[i+1])
}

// mayName tells whether the name of a place may begin with b.
func mayName(b byte) bool { return b >= 'A' && b <= 'Z' || b >= 0xC3 && b < 0xD8 }

// decimal tries what begins with up to three digits and a point.
func (r *run) decimal(groups []Group, i int) {
	if groups[1].Len() >= leastPlaces {
		for _, m := range r.s.decimals {
			r.tryMatch(m, i)
		}
	} else if len(groups) > 3 && groups[1].Gap == '.' && groups[2].Gap == '.' {
		for _, m := range r.s.quads {
			r.tryMatch(m, i)
		}
	}
}

// tryLayouts tries the layouts of a key, which the groups of text[i:end] have.
func (r *run) tryLayouts(list *layoutList, i, end int) {
	if r.mayFit(list, i, end) && !plusAt(r.text, i-1) && wholeToken(r.text, i, end, true) {
		r.digits = r.digits[:0]
		for k := range list.exact {
			r.tryExact(&list.exact[k], i, end)
		}
		r.tryWeak(list, i, end)
	}
	r.tryPartial(list.partial, i, end)
	if len(list.led) > 0 && list.mayLead(r.text[:i]) {
		r.tryPartial(list.led, i, end)
	}
}

// mayFit tells whether some layout of the list that says all of it may be a value:
// one that stands alone, or one that somebody may speak of.
func (r *run) mayFit(list *layoutList, i, end int) bool {
	return len(list.exact) > 0 || len(list.weak) > 0 && (!r.near.covers(i, end) || r.near.set.meets(list.owners))
}

// mayLead tells whether text that ends before digits may be the beginning of a layout.
func (list *layoutList) mayLead(text []byte) bool {
	n := len(text)
	return n > 0 && list.lead.has(text[n-1]) && (n == 1 || list.ahead.has(text[n-2]))
}

// tryPartial tries layouts of which the groups at text[i:end] are a part.
func (r *run) tryPartial(list []layout, i, end int) {
	for k := range list {
		if l := &list[k]; l.mayStand(r.text, i, end) {
			r.tryLayout(l, i-l.before)
		}
	}
}

// plusAt tells whether i holds the plus sign of an international phone number, which
// only phone numbers have.
func plusAt(text []byte, i int) bool { return i >= 0 && text[i] == '+' }

// tryWeak tries the layouts that need context. One question answers for all of
// them, and for the other groups of the number.
func (r *run) tryWeak(list *layoutList, i, end int) {
	if len(list.weak) == 0 {
		return
	}
	if len(list.weak) <= fewLayouts && !r.near.covers(i, end) && r.segments[r.segment].Table == nil {
		for k := range list.weak {
			r.tryExact(&list.weak[k], i, end)
		}
		return
	}
	near := r.mayBeSpoken(i, end)
	if !near.meets(list.owners) {
		return
	}
	for k := range list.weak {
		if l := &list.weak[k]; near.has(l.detector) {
			r.tryExact(l, i, end)
		}
	}
}

// fewLayouts is how many layouts are checked before their context is looked for.
const fewLayouts = 2

// tryExact tries a layout of digits that the text between i and end is known to have.
func (r *run) tryExact(l *layout, i, end int) {
	m := &r.s.matchers[l.detector]
	if len(r.digits) == 0 {
		r.digits = appendDigits(r.digits, r.text[i:end])
	}
	c := r.reset(i, end)
	c.Value = append(c.Value, r.digits...)
	c.NeedsContext, c.layout = l.needsContext(m.Use), l
	r.consider(m)
}

func appendDigits(dst, text []byte) []byte {
	n := len(dst)
	dst = slices.Grow(dst, len(text))[:n+len(text)]
	for _, b := range text {
		if dst[n] = b; b-'0' <= 9 {
			n++
		}
	}
	return dst[:n]
}
