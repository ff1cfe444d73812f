package classifier

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strconv"
)

// hit is a confirmed value of the segment that is being scanned.
type hit struct {
	start, end  int // in the folded text
	matcher     int
	confidence  float64
	country     string
	value       uint64 // of the normalised value, for counting people
	fingerprint uint64 // 0 when the finding will not be stored
}

// before tells whether h comes first where overlaps are resolved.
func (h *hit) before(o *hit) bool {
	switch {
	case h.start != o.start:
		return h.start < o.start
	case h.end != o.end:
		return h.end > o.end
	}
	return h.matcher < o.matcher
}

// mostPassed is how many hits a new one may come before without a sort at the end:
// they come nearly in their order.
const mostPassed = 16

// Hits are counted when so many are gathered: few at first, since what is hit before
// a detector has its stored finding needs a fingerprint.
const firstFlush, lastFlush = 8, 256

// valueKey tells values of one scan apart; the seed is that of their kind.
func valueKey(seed uint64, value []byte) uint64 {
	n := len(value)
	seed ^= uint64(n) << 56
	if n < 8 {
		rest := uint64(0)
		for i, b := range value {
			rest |= uint64(b) << (8 * i)
		}
		return mix(seed, rest)
	}
	for i := 0; i < n-8; i += 8 {
		seed = mix(seed, binary.LittleEndian.Uint64(value[i:]))
	}
	return mix(seed, binary.LittleEndian.Uint64(value[n-8:]))
}

// fingerprint is the keyed hash of a value: SipHash-2-4 of its kind, a zero byte
// and the normalised value.
func (r *run) fingerprint(m *matcher, value []byte) uint64 {
	if len(r.s.options.Key) == 0 {
		return 0
	}
	r.message = append(append(append(r.message[:0], m.fingerprintKind()...), 0), value...)
	return r.s.sip.hash(r.message)
}

// emit notes the candidate as a hit of the segment.
func (r *run) emit(m *matcher, c *Candidate) {
	at := len(r.hits)
	r.emitted++
	if at == cap(r.hits) {
		r.hits = append(r.hits, hit{})
	}
	r.hits = r.hits[:at+1]
	h := &r.hits[at]
	h.start, h.end, h.matcher, h.value, h.fingerprint = c.Start, c.End, m.index, 0, 0
	if h.confidence = c.Confidence; h.confidence == 0 {
		h.confidence = m.Confidence
	}
	if h.country = c.Country; h.country == "" {
		h.country = m.Country
	}
	value := c.Value
	if len(value) == 0 {
		value = r.text[c.Start:c.End]
	}
	if m.Identity != "" {
		h.value = valueKey(m.seed, value)
	}
	if r.counts[m.index].stored < r.s.options.StoredFindings {
		h.fingerprint = r.fingerprint(m, value)
	}
	if r.atToken && h.confidence >= sureConfidence {
		r.sure = span{c.Start, c.End}
	}
	if at > 0 && h.before(&r.hits[at-1]) {
		r.insert(at)
	}
}

// insert moves the last hit to its place, if that is near.
func (r *run) insert(at int) {
	h := r.hits[at]
	limit := max(0, at-mostPassed)
	for ; at > limit && h.before(&r.hits[at-1]); at-- {
		r.hits[at] = r.hits[at-1]
	}
	r.jumbled = r.jumbled || at > 0 && h.before(&r.hits[at-1])
	r.hits[at] = h
}

// settle counts the many hits that were gathered; no later one begins before limit.
func (r *run) settle(limit int) {
	r.flush(limit)
	r.flushAt = max(min(2*r.flushAt, lastFlush), 2*len(r.hits))
}

// flush resolves the overlaps among the hits that end before the folded offset
// limit, counts them and keeps the others for later.
func (r *run) flush(limit int) {
	if r.jumbled {
		slices.SortFunc(r.hits, func(a, b hit) int {
			return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end), cmp.Compare(a.matcher, b.matcher))
		})
		r.jumbled = false
	}
	done := 0
	last := -1 // the built-in hit that stands at the moment
	for ; done < len(r.hits); done++ {
		h := &r.hits[done]
		if h.end > limit && limit < len(r.text) {
			break
		}
		if r.s.matchers[h.matcher].standalone {
			r.count(h)
			continue
		}
		if last >= 0 && h.start < r.hits[last].end {
			if r.better(h, &r.hits[last]) {
				last = done
			}
			continue
		}
		if last >= 0 {
			r.count(&r.hits[last])
		}
		last = done
	}
	if last >= 0 {
		if done < len(r.hits) && r.hits[done].start < r.hits[last].end { // not decided yet
			done--
			r.hits[done] = r.hits[last]
		} else {
			r.count(&r.hits[last])
		}
	}
	r.hits = r.hits[:copy(r.hits, r.hits[done:])]
}

// better tells whether a should stand in place of b, which it overlaps.
func (r *run) better(a, b *hit) bool {
	if a.start <= b.start && a.end >= b.end || b.start <= a.start && b.end >= a.end {
		if order := r.compareVoices(a, b); order != 0 {
			return order > 0
		}
	}
	return a.confidence > b.confidence || a.confidence == b.confidence && a.end-a.start > b.end-b.start
}

// count adds a hit to the result.
func (r *run) count(h *hit) {
	m := &r.s.matchers[h.matcher]
	cell := -1
	if r.segments[r.segment].Table != nil {
		cell = r.cellAt(&r.counting, r.shifts.original(h.start))
		r.sheet.report(r, cell)
	}
	if r.tally(m, h.value, cell, h.confidence) {
		r.store(m, Finding{
			Start: r.base + r.shifts.original(h.start), End: r.base + r.shifts.original(h.end), Country: h.country, Confidence: h.confidence, Fingerprint: h.fingerprint,
			Location: r.location(cell), Masked: mask(&m.Detector, string(r.text[h.start:h.end])),
		})
	}
}

// count adds up the findings of one matcher.
type count struct {
	n       int
	stored  int
	summary Summary
}

// tally counts a finding, for the summary of its detector and for the people, and
// tells whether it is to be stored.
func (r *run) tally(m *matcher, value uint64, cell int, confidence float64) bool {
	if m.Identity != "" {
		r.people.add(r.record(cell), m.kind, value)
	}
	c := &r.counts[m.index]
	c.n++
	if c.n == 1 {
		r.counted = append(r.counted, m.index)
	}
	return c.n == 1 || c.stored < r.s.options.StoredFindings || confidence > c.summary.Confidence
}

// fingerprintKind is what equal values must share to be equal: the kind of
// identity, else the detector.
func (m *matcher) fingerprintKind() string {
	if m.Identity != "" {
		return m.Identity
	}
	return m.ID
}

// store keeps a finding within the limit and the best one in the summary.
func (r *run) store(m *matcher, f Finding) {
	f.Detector, f.Class, f.Segment = m.ID, m.Class, r.segment
	c := &r.counts[m.index]
	if c.n == 1 || f.Confidence > c.summary.Confidence {
		c.summary = Summary{Detector: f.Detector, Class: f.Class, Country: f.Country,
			Masked: f.Masked, Location: f.Location, Confidence: f.Confidence}
	}
	if c.stored < r.s.options.StoredFindings {
		c.stored++
		r.found = append(r.found, f)
	}
}

// findings returns what was stored, in document order.
func (r *run) findings() []Finding {
	if len(r.found) == 0 {
		return nil
	}
	order := func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Segment, b.Segment), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	}
	if !slices.IsSortedFunc(r.found, order) {
		slices.SortStableFunc(r.found, order)
	}
	return slices.Clone(r.found)
}

// summaries adds up the findings of each detector, sorted by id.
func (r *run) summaries() []Summary {
	if len(r.counted) == 0 {
		return nil
	}
	list := make([]Summary, 0, len(r.counted))
	for _, i := range r.counted {
		c := &r.counts[i]
		c.summary.Count = c.n
		list = append(list, c.summary)
	}
	slices.SortFunc(list, func(a, b Summary) int { return cmp.Compare(a.Detector, b.Detector) })
	return list
}

// record returns the number of the record that holds a cell, or the segment.
func (r *run) record(cell int) uint64 {
	if cell >= 0 {
		return rowRecord(r.segment, r.segments[r.segment].Table.Cells[cell].Row)
	}
	if r.ownRecord == 0 {
		r.ownRecord = 1 + r.records.of(r.segments, r.segment)
	}
	return r.ownRecord - 1
}

// location renders where a value of the segment stands.
func (r *run) location(cell int) string {
	segment := &r.segments[r.segment]
	if cell < 0 {
		return segment.Location.String()
	}
	c := segment.Table.Cells[cell]
	row := Location{Parent: &segment.Location, Stage: StageRow, Index: int(c.Row)}
	return Location{Parent: &row, Stage: StageColumn, Name: columnName(segment.Table, int(c.Column))}.String()
}

// columnName is the header of a column, or its number from 1.
func columnName(t *Table, column int) string {
	if column < len(t.Header) && t.Header[column] != "" {
		return t.Header[column]
	}
	return strconv.Itoa(column + 1)
}
