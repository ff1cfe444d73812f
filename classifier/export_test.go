package classifier

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// Hits returns what the pass over text confirms, before overlaps are resolved.
func (s *Scanner) Hits(text []byte) []string {
	r := s.newRun()
	r.begin([]Segment{{Text: text}})
	r.text, r.shifts = fold(text, nil, nil)
	r.candidate.Text = r.text
	r.scanText()
	return r.described()
}

// ReferenceHits returns the same by trying every detector at every offset. It
// shares the validators with the pass, but none of its dispatch.
func (s *Scanner) ReferenceHits(text []byte) []string {
	r := s.newRun()
	r.begin([]Segment{{Text: text}})
	r.text, r.shifts = fold(text, nil, nil)
	r.candidate.Text = r.text
	for i := range r.text {
		for k := range s.matchers {
			r.tryEverything(&s.matchers[k], i)
		}
	}
	return r.described()
}

func (r *run) described() []string {
	list := make([]string, len(r.hits))
	slices.SortFunc(r.hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.matcher, b.matcher))
	})
	for i, h := range r.hits {
		list[i] = fmt.Sprintf("%s %q", r.s.matchers[h.matcher].ID, r.text[h.start:h.end])
	}
	return slices.Compact(list)
}

func (r *run) tryEverything(m *matcher, i int) {
	text := r.text
	for _, pattern := range m.Layouts {
		l, err := compileLayout(m.index, pattern)
		if err != nil {
			panic(err)
		}
		c := r.reset(i, i+len(pattern))
		var ok bool
		if c.Value, ok = l.match(text, i, c.Value); ok {
			c.NeedsContext = m.Use == Context || m.Use == Form && l.bare
			r.considerSlowly(m)
		}
	}
	for _, literal := range m.Literals {
		end, ok := foldedPrefix(text, i, string(appendFolded(nil, []byte(literal))))
		before := len(literal) - len(bytes.TrimLeftFunc([]byte(literal), func(r rune) bool { return r < 0x80 && !isWord(byte(r)) }))
		if !ok || !wordStart(text, i+before) {
			continue
		}
		c := r.reset(i, i)
		if m.Match != nil {
			c.NeedsContext = m.Use == Context
			if m.Match(c) {
				r.considerSlowly(m)
			}
		} else if wholeWord(text, i, end) {
			c.End = end
			c.Value = append(c.Value, appendFolded(nil, []byte(literal))...)
			r.considerSlowly(m)
		}
	}
	if anchored(m.Anchor, text, i) {
		c := r.reset(i, i)
		c.NeedsContext = m.Use == Context
		if m.Match(c) {
			r.considerSlowly(m)
		}
	}
}

// considerSlowly is consider with a plain search for context.
func (r *run) considerSlowly(m *matcher) {
	c := &r.candidate
	r.steps--
	if m.Check != nil && !m.Check(c.Value) {
		return
	}
	if c.NeedsContext && !(m.Series && inSeries(r.text, c.Start, c.End, m.Check)) {
		to := clauseEnd(r.text, c.End, min(len(r.text), c.End+contextAfter))
		near := func(word string) bool { return plainlySpoken(r.text, max(0, c.Start-contextBefore), to, word) }
		if !slices.ContainsFunc(m.Context, near) {
			return
		}
	}
	r.confirm(m)
}

// wordStart tells whether a word, or a rune of a script without blanks, begins at i.
func wordStart(text []byte, i int) bool {
	if i >= len(text) || byteClass[text[i]] == byteTail {
		return false
	}
	if isWord(text[i]) {
		return !wordAt(text, i-1)
	}
	if text[i] >= 0xC3 && text[i] < 0xE0 && i >= 2 && text[i-2] >= 0xC3 && text[i-2] < 0xE0 && text[i-1] >= 0x80 && text[i-1] < 0xC0 {
		return arabicMark(text[i-2], text[i-1])
	}
	return true
}

func anchored(a Anchor, text []byte, i int) bool {
	end, letters, digits := i, 0, 0
	for wordAt(text, end) {
		if isDigit(text[end]) {
			digits++
		} else {
			letters++
		}
		end++
	}
	next := byte(0)
	if end < len(text) {
		next = text[end]
	}
	token := wordAt(text, i) && !wordAt(text, i-1)
	switch a {
	case AnchorNumber:
		return token && letters == 0 && !glued(text, i) && (digits >= longNumber || bytes.IndexByte([]byte(" -./()"), next) >= 0)
	case AnchorDecimal:
		return token && letters == 0 && !glued(text, i) && digits <= 3 && next == '.'
	case AnchorWord:
		return token && letters > 0 && digits > 0
	case AnchorAt:
		return text[i] == '@'
	case AnchorColon:
		return text[i] == ':' && i+1 < len(text) && (isWord(text[i+1]) || text[i+1] == ':')
	}
	return false
}
