package classifier

import "bytes"

// reach is how far before its anchor a match may begin.
const reach = 96

// scanSegment looks through one segment, as far as the budget lasts.
func (r *run) scanSegment(index int) {
	segment := &r.segments[index]
	r.segment, r.cell, r.counting = index, 0, 0
	r.text, r.shifts = fold(segment.Text, r.buffer, r.shifts)
	if len(r.shifts) > 0 {
		r.buffer = r.text[:0]
	}
	r.marks = r.marks[:0]
	clear(r.tried)
	r.hearing.reset()
	r.candidate.Text = r.text
	r.readNames(index)
	r.scanText()
	for _, m := range r.s.slow {
		r.scanSlowly(m)
	}
	r.flush(len(r.text))
	r.closeRecords(index)
}

// scanText is the one pass: it stops only where some detector may begin.
func (r *run) scanText() {
	text := r.text
	r.position = len(text)
	for i := 0; i < len(text); {
		switch class := byteClass[text[i]]; class {
		case byteLetter, byteDigit:
			i = r.word(i)
		case byteLead:
			i = r.foreign(i)
		case byteAnchor:
			r.anchor(i)
			i++
		default:
			i++
		}
		r.settle(i - reach)
		if r.steps < 0 {
			r.position = i
			return
		}
	}
}

// word handles the run of ASCII letters and digits at i and returns its end.
func (r *run) word(i int) int {
	text := r.text
	j, seen := i, uint8(0)
	for j < len(text) {
		class := byteClass[text[j]]
		if class&byteWord == 0 {
			break
		}
		seen |= class
		j++
	}
	long, short := r.s.literals.ascii(text, i)
	if long != nil {
		r.tryLiterals(long, i)
	}
	if short != nil {
		r.tryLiterals(short, i)
	}
	if seen&byteDigit != 0 {
		if seen&byteLetter != 0 || !glued(text, i) {
			r.token(i, j, seen == byteDigit)
		}
		if len(r.s.digitPatterns) > 0 {
			r.tryDigitPatterns(i)
		}
	}
	return j
}

// foreign handles the rune at i, outside of ASCII, and returns where to go on:
// after the word in scripts of two bytes, after the rune in others.
func (r *run) foreign(i int) int {
	text := r.text
	long, short := r.s.literals.other(text, i)
	if long != nil {
		r.tryLiterals(long, i)
	}
	if short != nil {
		r.tryLiterals(short, i)
	}
	return afterForeign(text, i)
}

// afterForeign returns the end of the word, or the rune, that begins at i. Bytes
// that a broken sequence lacks are not skipped: nothing hides behind one.
func afterForeign(text []byte, i int) int {
	lead := text[i]
	next := afterRune(text, i)
	for lead >= 0xC3 && lead < 0xE0 && next < len(text) && !arabicMark(text[i], text[next-1]) {
		if i, lead = next, text[next]; lead >= 0xC3 && lead < 0xE0 {
			next = afterRune(text, i)
		}
	}
	return next
}

// afterRune returns the end of the sequence whose lead byte is at i.
func afterRune(text []byte, i int) int {
	end := min(len(text), i+runeSize(text[i]))
	for i++; i < end && text[i]&0xC0 == 0x80; i++ {
	}
	return i
}

// arabicMark tells whether the two bytes are an Arabic comma, semicolon,
// question mark, percent sign or full stop: they part words.
func arabicMark(a, b byte) bool {
	return a == 0xD8 && (b == 0x8C || b == 0x9B || b == 0x9F) || a == 0xD9 && b >= 0xAA && b <= 0xAD || a == 0xDB && b == 0x94
}

// token tries what may begin at, or just before, a run of letters and digits
// with at least one digit.
func (r *run) token(i, j int, digits bool) {
	s := r.s
	next := byte(0)
	if j < len(r.text) {
		next = r.text[j]
	}
	if n := j - i; n <= longestToken {
		if layouts := s.layouts[index(digits)][n][separatorClass(next)]; len(layouts) > 0 {
			r.tryLayouts(layouts, i, j)
		}
	}
	if digits {
		if j-i >= longNumber || continues(next) {
			for _, m := range s.numbers {
				r.tryMatch(m, i)
			}
		}
		if j-i <= 3 && next == '.' {
			for _, m := range s.decimals {
				r.tryMatch(m, i)
			}
		}
	} else {
		for _, m := range s.words {
			r.tryMatch(m, i)
		}
	}
}

// tryDigitPatterns tries the patterns that are found by the first digit of a token.
func (r *run) tryDigitPatterns(i int) {
	for !isDigit(r.text[i]) {
		i++
	}
	for _, m := range r.s.digitPatterns {
		r.tryStarts(m, i)
	}
}

// longNumber is how many digits a number has that nothing need follow.
const longNumber = 5

// continues tells whether c may stand inside of a number.
func continues(c byte) bool {
	return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')'
}

// tryLayouts tries the layouts of the group text[i:j] whose next group is as
// long as the one that follows.
func (r *run) tryLayouts(layouts []layout, i, j int) {
	next := j + 1
	for next < len(r.text) && next-j <= longestToken && isWord(r.text[next]) {
		next++
	}
	whole, known := false, false
	for k := range layouts {
		l := &layouts[k]
		switch {
		case l.next != 0:
			if l.second == next-j-1 {
				r.tryLayout(l, i-l.before)
			}
		case l.bare:
			if !known {
				whole, known = wholeToken(r.text, i, j, true), true
			}
			if whole {
				c := r.reset(i, j)
				c.Value = append(c.Value, r.text[i:j]...)
				r.considerLayout(l)
			}
		default:
			r.tryLayout(l, i-l.before)
		}
	}
}

func index(digits bool) int {
	if digits {
		return 1
	}
	return 0
}

// anchor tries what hangs upon a punctuation mark.
func (r *run) anchor(i int) {
	matchers := r.s.ats
	if r.text[i] == ':' {
		if !wordAt(r.text, i+1) && (i+1 >= len(r.text) || r.text[i+1] != ':') {
			return // the colon of prose and of JSON
		}
		matchers = r.s.colons
	}
	for _, m := range matchers {
		r.tryMatch(m, i)
	}
}

// tryLiterals compares the literals with the text at i and, where one stands
// there, lets its owner look.
func (r *run) tryLiterals(literals []literal, i int) {
	for k := range literals {
		l := &literals[k]
		start := i - len(l.prefix)
		if start < 0 || !bytes.HasPrefix(r.text[start:], []byte(l.prefix)) {
			continue
		}
		end, ok := foldedPrefix(r.text, i, l.folded)
		if !ok {
			continue
		}
		m := &r.s.matchers[l.owner]
		switch {
		case m.expression != nil:
			r.tryStarts(l.owner, start)
		case m.Match != nil:
			r.tryMatch(l.owner, start)
		default:
			r.tryWord(m, l, start, end)
		}
	}
}

func (r *run) reset(start, end int) *Candidate {
	c := &r.candidate
	c.At, c.Start, c.End = start, start, end
	c.Value, c.Country, c.Confidence, c.NeedsContext = c.Value[:0], "", 0, false
	return c
}

func (r *run) tryLayout(l *layout, start int) {
	c := r.reset(start, start+len(l.pattern))
	var ok bool
	if c.Value, ok = l.match(r.text, start, c.Value); !ok {
		return
	}
	r.considerLayout(l)
}

func (r *run) considerLayout(l *layout) {
	m := &r.s.matchers[l.detector]
	r.candidate.NeedsContext = m.Use == Context || m.Use == Form && l.bare
	r.consider(m)
}

func (r *run) tryMatch(owner, at int) {
	m := &r.s.matchers[owner]
	c := r.reset(at, at)
	c.NeedsContext = m.Use == Context
	if m.Match(c) {
		r.consider(m)
	}
}

func (r *run) tryWord(m *matcher, l *literal, start, end int) {
	if !wholeWord(r.text, start, end) {
		return
	}
	c := r.reset(start, end)
	c.Value = append(c.Value, l.folded...)
	c.NeedsContext = m.Use == Context
	r.consider(m)
}

// consider confirms the candidate, cheapest test first, and tells whether it is
// a value.
func (r *run) consider(m *matcher) bool {
	r.steps--
	c := &r.candidate
	switch {
	case m.Check != nil && !m.Check(c.Value):
		return false
	case m.columnar && r.inColumn(m, c.Start): // counted with its column
		return false
	case !c.NeedsContext, m.Series && inSeries(r.text, c.Start, c.End, m.Check):
		return r.confirm(m)
	}
	return r.spoken(c.Start, c.End).has(m.index) && r.confirm(m)
}

// confirm asks for the last test and notes the value.
func (r *run) confirm(m *matcher) bool {
	c := &r.candidate
	if m.Confirm != nil {
		r.steps -= confirmSteps
		if !m.Confirm(c) {
			return false
		}
	}
	if c.NeedsContext && m.Use == Form && c.Confidence == 0 {
		c.Confidence = contextConfidence
	}
	if m.Distinct > 0 {
		r.mark(m, c)
	} else {
		r.emit(m, c)
	}
	return true
}

// contextConfidence is that of bare digits that only their surroundings explain.
const contextConfidence = 0.85

// confirmSteps is what a costly confirmation is charged.
const confirmSteps = 3
