package classifier

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Hits returns what the pass over text confirms, before overlaps are resolved. It goes
// over the text until the forms of all its numbers are known.
func (s *Scanner) Hits(text []byte) []string {
	r := s.newRun()
	r.begin([]Segment{{Text: text}})
	r.text, r.shifts = fold(text, nil, nil)
	r.openForms()
	for range 3 {
		r.hits = r.hits[:0]
		r.forgetText()
		r.readText()
		r.scanText(0, len(r.text))
	}
	return r.described()
}

// StepsOf returns how many steps a scan of the text takes, when there is no end to them.
func (s *Scanner) StepsOf(text []byte) int {
	r := s.newRun()
	r.begin([]Segment{{Text: text}})
	r.steps = 1 << 40
	r.scanSegment(0)
	return 1<<40 - r.steps
}

// ReferenceHits returns the same by trying every detector at every offset. It
// shares the validators with the pass, but none of its dispatch.
func (s *Scanner) ReferenceHits(text []byte) []string {
	r := s.newRun()
	r.begin([]Segment{{Text: text}})
	r.text, r.shifts = fold(text, nil, nil)
	r.candidate.Text = r.text
	plain := s.plain()
	for i := range r.text {
		inside := r.sure.holds(i)
		for k := range s.matchers {
			r.layoutsSlowly(&s.matchers[k], &plain[k], i, inside)
		}
		taken := r.sure.start == i && r.sure.end > i
		for k := range s.matchers {
			r.tryEverything(&s.matchers[k], &plain[k], i, inside, taken)
		}
	}
	return r.described()
}

// plainMatcher is what the reference needs of a matcher.
type plainMatcher struct {
	layouts  []layout
	literals []plainLiteral
}

type plainLiteral struct {
	prefix, folded string
	ways           []string
}

// plainMatchers are those of the scanners of these tests.
var plainMatchers sync.Map

func (s *Scanner) plain() []plainMatcher {
	if known, ok := plainMatchers.Load(s); ok {
		return known.([]plainMatcher)
	}
	list := make([]plainMatcher, len(s.matchers))
	for k := range s.matchers {
		for _, pattern := range s.matchers[k].Layouts {
			l, err := compileLayout(k, pattern)
			if err != nil {
				panic(err)
			}
			list[k].layouts = append(list[k].layouts, l)
		}
		for _, literal := range s.matchers[k].Literals {
			word := strings.TrimLeftFunc(literal, func(r rune) bool { return r < 0x80 && !isWord(byte(r)) })
			list[k].literals = append(list[k].literals, plainLiteral{literal[:len(literal)-len(word)], string(appendFolded(nil, []byte(word))), spellings(word)})
		}
	}
	plainMatchers.Store(s, list)
	return list
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

// layoutsSlowly tries the layouts of m whose first digits begin at i; none when that
// is inside of a value that is sure.
func (r *run) layoutsSlowly(m *matcher, plain *plainMatcher, i int, inside bool) {
	text := r.text
	for k := range plain.layouts {
		l := &plain.layouts[k]
		c := r.reset(i-l.before, i-l.before+len(l.pattern))
		var ok bool
		if c.Value, ok = l.match(text, i-l.before, c.Value); ok && !inside {
			c.NeedsContext, c.layout = l.needsContext(m.Use), l
			r.atToken = true
			r.considerSlowly(m)
			r.atToken = false
		}
	}
}

// tryEverything tries what else m finds at i; not what begins with a token inside of
// a value that is sure, nor a number where a layout took one.
func (r *run) tryEverything(m *matcher, plain *plainMatcher, i int, inside, taken bool) {
	text := r.text
	for k := range plain.literals {
		l := &plain.literals[k]
		if !bytes.HasPrefix(text[i:], []byte(l.prefix)) || !wordStart(text, i+len(l.prefix)) || !opens(text[i+len(l.prefix):], l.ways) {
			continue
		}
		end, ok := foldedPrefix(text, i+len(l.prefix), l.folded)
		if !ok || m.Figure > 0 && bytes.IndexFunc(text[max(0, i-m.Figure):min(len(text), i+m.Figure)], func(r rune) bool { return r >= '0' && r <= '9' }) < 0 {
			continue
		}
		if m.Match != nil {
			r.matchSlowly(m, i)
		} else if wholeWord(text, i, end) {
			c := r.reset(i, end)
			c.Value = append(c.Value, l.folded...)
			r.considerSlowly(m)
		}
	}
	sign := m.Anchor == AnchorAt || m.Anchor == AnchorColon || m.Anchor == AnchorBehindLetter
	if at, number := anchored(m, text, i); at && (sign || !inside) && !(taken && m.Anchor == AnchorNumber) {
		r.candidate.Number = number
		r.atToken = !sign
		r.matchSlowly(m, i)
		r.atToken = false
	}
}

// matchSlowly is tryMatch without any dispatch: no value is looked for inside of
// one that the same detector has found.
func (r *run) matchSlowly(m *matcher, at int) {
	if last := r.last[m.index]; at >= last.start && at < last.end {
		return
	}
	c := r.reset(at, at)
	c.NeedsContext = m.Use == Context
	if m.Match(c) && r.considerSlowly(m) {
		r.last[m.index] = span{c.Start, c.End}
	}
}

// considerSlowly is consider with a plain search for context.
func (r *run) considerSlowly(m *matcher) bool {
	c := &r.candidate
	r.steps--
	if m.Check != nil && !m.Check(c.Value) {
		return false
	}
	if !c.NeedsContext && c.layout != nil {
		c.NeedsContext = r.doubtful(m, c)
	}
	if c.NeedsContext && !(m.Series && inSeries(r.text, c.Start, c.End, m.Check)) {
		to := clauseEnd(r.text, c.End, min(len(r.text), c.End+contextAfter))
		near := func(word string) bool { return plainlySpoken(r.text, max(0, c.Start-contextBefore), to, word) }
		if !slices.ContainsFunc(m.Context, near) {
			return false
		}
	}
	return r.confirm(m)
}

// wordStart tells whether a word, or a rune of a script without blanks, begins at i.
func wordStart(text []byte, i int) bool {
	switch {
	case i >= len(text) || !isWord(text[i]) && text[i] < 0xC0:
		return false
	case isWord(text[i]):
		return !wordAt(text, i-1)
	}
	twoBytes := text[i] >= 0xC3 && text[i] < 0xE0
	return !twoBytes || i < 2 || !joins(text[i-2], text[i-1])
}

// opens tells whether text begins as a literal is written in one of its ways: by
// four bytes of ASCII, or by eight others (six of a shorter literal), up to the end of the word.
func opens(text []byte, ways []string) bool {
	return slices.ContainsFunc(ways, func(way string) bool {
		for i := 0; i < len(way) && (i < 4 || way[0] >= 0x80 && (i < 6 || i < 8 && len(way) >= 8)); i++ {
			if i >= len(text) {
				return false
			}
			a, b := text[i], way[i]
			switch {
			case way[0] >= 0x80 && a != b, i < 3 && a|0x20 != b|0x20, keyClass[a] != keyClass[b] && i == 3 && way[0] < 0x80:
				return false
			case i > 0 && b < 0x80 && (way[0] >= 0x80 && len(way) < 8 || way[0] < 0x80 && b&0x40 == 0):
				return true // the word ends here
			}
		}
		return true
	})
}

// plainGroups reads the groups of a number.
func plainGroups(text []byte, i int) (groups []Group) {
	for len(groups) < mostGroups {
		g := Group{Start: i, End: i}
		for g.End < len(text) && isDigit(text[g.End]) && g.Len() <= longestToken {
			g.End++
		}
		gap := g.End
		for gap < len(text) && gap < g.End+longestDigitGap && strings.IndexByte(" -./()", text[gap]) >= 0 {
			gap++
		}
		more := gap > g.End && gap < len(text) && isDigit(text[gap])
		if g.End < len(text) {
			g.Gap = text[g.End]
		}
		g.Joined = more && gap == g.End+1
		if groups = append(groups, g); !more {
			break
		}
		i = gap
	}
	return groups
}

// anchored tells whether the anchor of m is at i, and what number begins there.
func anchored(m *matcher, text []byte, i int) (at bool, number []Group) {
	switch m.Anchor {
	case AnchorAt:
		return text[i] == '@', nil
	case AnchorColon:
		return text[i] == ':' && !wordAt(text, i-5) && i >= 4 && !strings.ContainsFunc(string(text[i-4:i]), func(r rune) bool { return !wordAt([]byte(string(r)), 0) }) &&
			strings.ContainsAny(string(text[i-4:i]), "0123456789"), nil
	case AnchorBehindLetter:
		if i+2 >= len(text) || text[i] < 0xC3 || text[i] >= 0xE0 || text[i+1] < 0x80 {
			return false, nil
		}
		digits := bytes.TrimPrefix(text[i+2:], []byte(" "))
		return len(digits) >= 3 && isDigit(digits[0]) && isDigit(digits[1]) && isDigit(digits[2]) && !wordAt(digits, 3), nil
	}
	end, digits := i, 0
	for wordAt(text, end) {
		if isDigit(text[end]) {
			digits++
		}
		end++
	}
	if wordAt(text, i-1) || digits == 0 || end-i > longestToken || end-i > 64 && !bytes.ContainsFunc(text[i:i+64], unicode.IsLetter) {
		return false, nil
	}
	if m.Anchor == AnchorWord {
		for k := range len(m.Opening) {
			c := m.Opening[k]
			if i+k >= end || c == 'd' && !isDigit(text[i+k]) || c == 'A' && !isLetter(text[i+k]) {
				return false, nil
			}
		}
		return digits < end-i, nil
	}
	if digits < end-i || glued(text, i) {
		return false, nil
	}
	number = plainGroups(text, i)
	total := 0
	for _, g := range number {
		total += g.Len()
	}
	point := len(number) > 1 && digits <= 3 && number[0].Gap == '.'
	switch m.Anchor {
	case AnchorNumber:
		return total >= leastNumber, number
	case AnchorPostcode:
		after := bytes.IndexFunc(text[end:], func(r rune) bool { return r != ' ' })
		return digits >= 2 && digits <= 5 && after == 1 && (text[end+1] >= 'A' && text[end+1] <= 'Z' || text[end+1] >= 0xC3 && text[end+1] < 0xD8), nil
	case AnchorDecimal:
		return point && number[1].Len() >= leastPlaces, number
	case AnchorQuad:
		return point && number[1].Len() < leastPlaces && len(number) > 3 && number[1].Gap == '.' && number[2].Gap == '.', number
	}
	return false, nil
}

// Narrow makes a stream look at little at once.
func (st *Stream) Narrow(window, ahead int) *Stream {
	st.window, st.ahead = window, ahead
	return st
}

// WithoutForms makes a scanner that finds out nothing of the forms of numbers.
func (s *Scanner) WithoutForms() *Scanner {
	s.formed = false
	return s
}

// ScanEach is Scan without remembering values in which nothing was found.
func (s *Scanner) ScanEach(segments []Segment) Result {
	r := s.newRun()
	r.begin(segments)
	for i := range segments {
		r.forms.scan++
		r.scanSegment(i)
	}
	return r.result()
}
