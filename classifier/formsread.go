package classifier

import "slices"

// findForm finds out what cells of the form of text[start:end] may be.
func (r *run) findForm(f *form, start, end int) {
	r.steps -= formSteps
	f.known = true
	for _, b := range r.text[start:end] {
		if !isDigit(b) && b != '+' && !inNumber(endClass[b]) {
			return
		}
	}
	f.readNames()
	f.plain = f.key.kind >= ofText || r.bordered(start, end)
	for i := start; f.plain && i < end; i++ {
		if j := tokenEnd(r.text, i, end); j > i {
			f.readToken(r, i, j, start)
			i = j
		}
	}
}

// readNames finds out of what the names speak, when no label does.
func (f *form) readNames() {
	column, named := f.key.column, f.key.named
	f.silent = column == nil || column.speaks.empty()
	switch {
	case column == nil && named == nil:
		f.sure = nil
	case column == nil:
		f.sure = named.speaks
	case named == nil:
		f.sure = column.speaks
	default:
		f.sure = slices.Clone(column.speaks)
		f.sure.join(named.speaks)
	}
}

// readToken finds out what may begin at the group of digits at text[i:j], as number
// does.
func (f *form) readToken(r *run, i, j, start int) {
	t := formToken{at: i - start, end: j - start, pass: j - start, tries: [2]int{len(f.tries)}, groups: [2]int{len(f.groups)}}
	if !glued(r.text, i) {
		end := endOther
		if j < len(r.text) {
			end = endClass[r.text[j]]
		}
		first := &r.s.layouts.first[min(j-i, longestGroup)][end]
		number := r.numbers.from(r.text, i)
		for _, g := range number {
			g.Start, g.End = g.Start-start, g.End-start
			f.groups = append(f.groups, g)
		}
		t.several = len(number) > 1
		if first.list != nil {
			f.readLayouts(r, first.list, i, j, start)
		}
		digits := f.readGroups(r, number, first.goesOn, start)
		f.readMatchers(r, number, digits, i, start)
		for k := 1; t.several && k < len(number) && number[k-1].Joined && (number[k-1].Gap == '-' || number[k-1].Gap == '.'); k++ {
			t.pass = number[k].End - start // as passGlued does
		}
	}
	t.tries[1], t.groups[1] = len(f.tries), len(f.groups)
	f.last = t.at
	if t.tries[0] < t.tries[1] || t.pass > t.end {
		f.tokens = append(f.tokens, t)
	}
}

// readGroups enters the layouts of two groups and more, and counts the digits.
func (f *form) readGroups(r *run, number []Group, alive bool, start int) (digits int) {
	key := uint64(0)
	for k := range number {
		g := &number[k]
		digits += g.Len()
		if !alive {
			continue
		}
		key = groupKey(key, g.Len(), endClass[g.Gap])
		if list := r.s.layouts.get(key); k > 0 && list != nil {
			f.readLayouts(r, *list, number[0].Start, g.End, start)
		}
		alive = g.Joined
	}
	return digits
}

// readMatchers enters the matchers of numbers, and of decimals.
func (f *form) readMatchers(r *run, number []Group, digits, i, start int) {
	if digits >= leastNumber {
		for _, m := range r.s.numbers {
			bare := len(number) == 1 && r.s.matchers[m].BareNeedsContext && !plusBefore(r.text, i)
			if f.ask(&r.s.matchers[m]) && bare && f.key.kind < ofText {
				continue
			}
			f.tries = append(f.tries, formTry{matcher: m, number: true, weak: bare && f.key.kind >= ofText, end: number[0].End - start})
		}
	}
	if len(number) < 2 || number[0].Len() > longestWhole || number[0].Gap != '.' {
		return
	}
	var list []int
	if number[1].Len() >= leastPlaces {
		list = r.s.decimals
	} else if len(number) > 3 && number[1].Gap == '.' && number[2].Gap == '.' {
		list = r.s.quads
	}
	for _, m := range list {
		f.ask(&r.s.matchers[m])
		f.tries = append(f.tries, formTry{matcher: m})
	}
}

// readLayouts enters the layouts of a key that the cell, its names and its form do
// not rule out.
func (f *form) readLayouts(r *run, list *layoutList, i, end, start int) {
	if !plusAt(r.text, i-1) && wholeToken(r.text, i, end, true) {
		for _, layouts := range [...][]layout{list.exact, list.weak} {
			for k := range layouts {
				f.readLayout(r, &layouts[k], i, end, start)
			}
		}
	}
	led := list.led
	if f.key.kind == ofProse && len(led) > 0 { // what stands before the blank decides
		led = nil
		f.tries = append(f.tries, formTry{led: list, end: end - start})
	}
	for _, layouts := range [...][]layout{list.partial, led} {
		for k := range layouts {
			if l := &layouts[k]; l.mayHaveForm(r.text, i-l.before, start, start+f.key.length, f.key.kind == ofProse) {
				f.readLayout(r, l, i, end, start)
			}
		}
	}
}

func (f *form) readLayout(r *run, l *layout, i, end, start int) {
	m := &r.s.matchers[l.detector]
	from := i - l.before
	within := from >= start && from+len(l.pattern) <= start+f.key.length
	needs := within && l.needsContext(m.Use) && !m.Series
	if f.ask(m) && needs && f.key.kind < ofText {
		return
	}
	f.tries = append(f.tries, formTry{layout: l, matcher: l.detector, exact: l.exact, weak: needs && f.key.kind >= ofText, end: end - start})
}

// ask tells whether the names do not speak of m, so that a label could make a
// difference, and notes it.
func (f *form) ask(m *matcher) bool {
	if f.sure.has(m.index) {
		return false
	}
	f.asks, f.checks = true, f.checks || m.Check != nil
	return true
}

// mayHaveForm tells whether a layout that begins at offset from of the text may stand
// there, whatever digits the cell text[start:end] has, and whatever borders are around it,
// or anything else if it is open.
func (l *layout) mayHaveForm(text []byte, from, start, end int, open bool) bool {
	for k := range len(l.pattern) {
		p, at := l.pattern[k], from+k
		if at >= start && at < end && isDigit(p) && isDigit(text[at]) {
			continue
		}
		switch {
		case at < start-1 || at > end || open && (at < start || at >= end) || at == start-1 && bordersBefore[p] || at == end && bordersBehind[p]:
		case at == start-1 || at == end || !stands(p, text[at]):
			return false
		}
	}
	return true
}
