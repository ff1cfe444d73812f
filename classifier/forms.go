package classifier

// What is tried at a cell that holds nothing but a number depends on its column and
// on its form alone: how many digits its groups have and what parts them. A column
// repeats few forms, so for each one it is found out once what could be a value, and
// only that is tried where the form comes again.

const (
	// longestForm bounds the cells that have a form, in bytes.
	longestForm = 24
	// formSlots is how many forms are remembered, by their hash: a later one displaces
	// an earlier one.
	formSlots = 1 << 8
	// formSteps is what it takes to find out what a form may be.
	formSteps = 32
	// longestSign bounds what stands before the first digit: a plus sign and a bracket.
	longestSign = 2
)

// formKey is the text of a cell with zeros for digits, and the names that speak of it.
type formKey struct {
	text          [longestForm / 8]uint64
	length        int
	column, named *field
	kind          formKind
}

// formKind is where a number stands.
type formKind uint8

const (
	ofCell   formKind = iota
	ofMember          // the whole value of a member, whose key has columns
	ofText            // in running text, where words around it may speak of it
	ofProse           // the same, with a blank beside it
)

// form is what is tried at cells of one form.
type form struct {
	key    formKey
	scan   uint32     // in which it was seen
	known  bool       // what follows was found out, when it came the second time
	plain  bool       // it is a number, and nothing else matters
	asks   bool       // more would be tried if a label spoke of it
	checks bool       // of that, something that has a check
	silent bool       // no name of the column speaks of anything
	last   int        // where the last group begins, in the cell
	sure   matcherSet // those of which the names speak
	tokens []formToken
	tries  []formTry
	groups []Group // relative to the cell
}

// formToken is a group of digits and what may begin at it, in the order of tries.
type formToken struct {
	at, end int // in the cell
	pass    int // tokens before that are passed over then
	tries   [2]int
	groups  [2]int
	several bool // the number has several groups
}

// formTry is one thing to try: a layout of digits alone, one that goes on otherwise,
// the layouts of a list that begin before their digits, or a matcher.
type formTry struct {
	led     *layoutList
	layout  *layout
	matcher int
	exact   bool
	weak    bool // in running text it needs a word
	number  bool // a number that may be taken
	end     int  // in the cell: of the groups that have the layout
}

// forms remembers forms during one scan.
type forms struct {
	slots  [formSlots]form
	scan   uint32
	cells  bool // the segment has cells, or is one, that may have a form
	text   bool // it is running text
	groups [mostGroups]Group
}

// bordersForm are the bytes that part cells and belong to no value.
var bordersForm = [256]bool{',': true, ';': true, '\t': true, '\n': true, '\r': true, '|': true, '"': true}

// bordersBefore and bordersBehind are those that stand around numbers in running text.
var bordersBefore, bordersBehind = withBytes(bordersForm, ":{[=<>'"), withBytes(bordersForm, "}]<>'")

func withBytes(set [256]bool, more string) [256]bool {
	for i := range len(more) {
		set[more[i]] = true
	}
	return set
}

// openForms makes ready for a segment.
func (r *run) openForms() {
	table := r.segments[r.segment].Table != nil
	r.forms.cells = r.s.formed && (table && len(r.shifts) == 0 || !table && len(r.text) <= longestForm)
	r.forms.text = r.s.formed && !table && !r.forms.cells
}

// textForm tries what the number of several groups may be that begins at i in running
// text, by its form, and tells whether it is known.
func (r *run) textForm(i int) bool {
	start, end := i, i+1
	for start > 0 && i-start < longestSign && (r.text[start-1] == '+' || r.text[start-1] == '(') {
		start--
	}
	key := formKey{named: r.namedField, kind: ofText}
	if start > 0 && r.text[start-1] == ' ' {
		key.kind = ofProse
	} else if start > 0 && !bordersBefore[r.text[start-1]] {
		return false
	}
	for limit := min(len(r.text), start+longestForm+1); end < limit && (isDigit(r.text[end]) || inNumber(endClass[r.text[end]])); end++ {
	}
	if end < len(r.text) && !bordersBehind[r.text[end]] {
		if r.text[end-1] != ' ' || isDigit(r.text[end-2]) && mayName(r.text[end]) {
			return false
		}
		key.kind = ofProse
	}
	if end-start > longestForm || !key.read(r.text, start, end) {
		return false
	}
	f := r.forms.of(r, &key, start, end)
	if !f.plain {
		return false
	}
	r.tokenEnd = start
	r.tryForm(f, start, end)
	return true
}

// cellForm tries what the cell may be whose first digit stands at p, by its form, and
// returns where it ends; 0 when it has none that is known.
func (r *run) cellForm(p int) int {
	start, end, cell := 0, len(r.text), -1
	key := formKey{named: r.namedField}
	if table := r.segments[r.segment].Table; table != nil {
		if cell = r.cellAt(&r.cell, p); cell < 0 {
			return 0
		}
		c := &table.Cells[cell]
		start, end, key.column = int(c.Start), int(c.End), r.headerField(int(c.Column))
	} else {
		key.kind = ofCell
		if len(r.namedColumns) > 0 {
			key.kind = ofMember
		}
	}
	if p-start > longestSign || end-start > longestForm || r.tokenEnd > start || !key.read(r.text, start, end) {
		return 0
	}
	f := r.forms.of(r, &key, start, end)
	if !f.plain || !r.bordered(start, end) || cell >= 0 && f.asksLabel(r) && r.labelled(cell, start, key.column) || f.opensPhrase(r, start, end) {
		return 0
	}
	r.tryForm(f, start, end)
	return end
}

// of returns the form of text[start:end], which is plain only from the second time on
// that it is seen.
func (s *forms) of(r *run, key *formKey, start, end int) *form {
	f := s.find(key)
	switch {
	case !f.key.equals(key) || f.scan != s.scan:
		*f = form{key: *key, scan: s.scan, tokens: f.tokens[:0], tries: f.tries[:0], groups: f.groups[:0]}
	case !f.known:
		r.findForm(f, start, end)
	}
	return f
}

// read reads the text of a cell, and tells whether it may have a form.
func (k *formKey) read(text []byte, start, end int) bool {
	var room [longestForm]byte
	cell, n := &room, end-start
	if start+longestForm <= len(text) {
		cell = (*[longestForm]byte)(text[start:])
	} else {
		copy(room[:], text[start:end])
	}
	k.length = n
	letters := k.readEight(0, eight(cell[0:8]), n)
	if n > 8 {
		letters |= k.readEight(1, eight(cell[8:16]), n-8)
	}
	if n > 16 {
		letters |= k.readEight(2, eight(cell[16:24]), n-16)
	}
	return letters == 0
}

// readEight reads n or eight bytes of the text, and returns those that no form has.
func (k *formKey) readEight(i int, x uint64, n int) (letters uint64) {
	if n < 8 {
		x &= 1<<(8*uint(n)) - 1
	}
	_, digit := kindsOf(x)
	k.text[i] = x &^ (digit >> 7 * 0xF)
	return x & (0xC0 * everyByte)
}

func (k *formKey) equals(o *formKey) bool {
	return k.text[0] == o.text[0] && k.text[1] == o.text[1] && k.text[2] == o.text[2] && k.length == o.length && k.column == o.column && k.named == o.named && k.kind == o.kind
}

// find returns the slot of a key.
func (s *forms) find(k *formKey) *form {
	h := mix(mix(k.text[0], k.text[1]), k.text[2])
	if k.column != nil {
		h += k.column.seed
	}
	if k.named != nil {
		h += k.named.seed
	}
	return &s.slots[h>>32&(formSlots-1)]
}

// asksLabel tells whether a label in the row could make a difference.
func (f *form) asksLabel(r *run) bool {
	return f.silent && (f.checks || f.asks && r.header == nil)
}

// opensPhrase tells whether a context word begins with the last group of a cell and
// goes on in the next.
func (f *form) opensPhrase(r *run, start, end int) bool {
	last := start + f.last
	return end < len(r.text) && isGap(rune(r.text[end])) && r.s.context.figures[r.text[last]] && r.hearing.hears(r.text, last, end)
}

// bordered tells whether nothing around a cell belongs to the number in it.
func (r *run) bordered(start, end int) bool {
	return (start == 0 || bordersForm[r.text[start-1]]) && (end == len(r.text) || bordersForm[r.text[end]])
}

// tryForm tries what a cell of a form may be.
func (r *run) tryForm(f *form, start, end int) {
	r.steps -= groupSteps
	if len(f.tries) > 0 {
		if f.key.kind < ofText {
			r.near.from, r.near.to, r.near.set, r.near.sure = start, end, f.sure, f.sure
		}
		for k := range f.tokens {
			if t := &f.tokens[k]; start+t.at >= r.tokenEnd && !r.sure.holds(start+t.at) {
				r.tokenEnd = start + t.pass
				r.tryToken(f, t, start)
			}
		}
	}
	r.tokenEnd = end
}

func (r *run) tryToken(f *form, t *formToken, start int) {
	if t.tries[0] == t.tries[1] {
		return
	}
	i := start + t.at
	number := r.forms.number(f, t, start)
	if t.several {
		r.candidate.Number = number
	}
	r.atToken = true
	digits, asked, taken := 0, false, false
	for k := t.tries[0]; k < t.tries[1]; k++ {
		try := &f.tries[k]
		switch {
		case try.weak && !r.mayBeSpoken(i, start+try.end).has(try.matcher):
		case try.led != nil:
			if try.led.mayLead(r.text[:i]) {
				r.tryPartial(try.led.led, i, start+try.end)
			}
		case try.layout == nil:
			if !asked {
				asked, taken = true, r.sure.start == i && r.sure.end > i
			}
			if r.candidate.Number = number; !try.number || !taken {
				r.tryMatch(try.matcher, i)
			}
		case try.exact:
			if digits != try.end {
				r.digits, digits = r.digits[:0], try.end
			}
			r.tryExact(try.layout, i, start+try.end)
		case try.layout.mayStand(r.text, i, start+try.end):
			r.tryLayout(try.layout, i-try.layout.before)
		}
	}
	r.atToken = false
	r.candidate.Number = nil
}

// number returns the groups of the number at a token of a cell.
func (s *forms) number(f *form, t *formToken, start int) []Group {
	list := f.groups[t.groups[0]:t.groups[1]]
	for k := range list {
		g := &s.groups[k]
		*g = list[k]
		g.Start += start
		g.End += start
	}
	return s.groups[:len(list)]
}
