package classifier

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
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
	fingerprint uint64
}

// count adds up the findings of one matcher.
type count struct {
	n       int
	stored  int
	summary Summary
}

// hashOf is 64-bit FNV-1a of kind and value; it tells values of one scan apart.
func hashOf(kind string, value []byte) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(kind) {
		h = (h ^ uint64(kind[i])) * 1099511628211
	}
	h = (h ^ 0xFF) * 1099511628211
	for _, c := range value {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

// fingerprint is the keyed hash of a value: the first eight bytes of
// HMAC-SHA-256 over the kind, a zero byte and the normalised value.
func (r *run) fingerprint(kind string, value []byte) uint64 {
	if len(r.s.options.Key) == 0 {
		return 0
	}
	if r.mac == nil {
		r.mac = hmac.New(sha256.New, r.s.options.Key)
	}
	r.mac.Reset()
	r.sum = append(append(r.sum[:0], kind...), 0)
	r.mac.Write(append(r.sum, value...))
	r.sum = r.mac.Sum(r.sum[:0])
	return binary.BigEndian.Uint64(r.sum)
}

// emit notes the candidate as a hit of the segment.
func (r *run) emit(m *matcher, c *Candidate) {
	h := hit{start: c.Start, end: c.End, matcher: m.index, confidence: m.Confidence, country: m.Country}
	if c.Confidence != 0 {
		h.confidence = c.Confidence
	}
	if c.Country != "" {
		h.country = c.Country
	}
	value := c.Value
	if len(value) == 0 {
		value = r.text[c.Start:c.End]
	}
	kind := m.fingerprintKind()
	h.value = hashOf(kind, value)
	if r.counts[m.index].stored < r.s.options.StoredFindings {
		h.fingerprint = r.fingerprint(kind, value)
	}
	r.hits = append(r.hits, h)
}

// flush resolves the overlaps among the hits that end before the folded offset
// limit, counts them and keeps the others for later.
func (r *run) flush(limit int) {
	if len(r.hits) == 0 {
		return
	}
	slices.SortFunc(r.hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end), cmp.Compare(a.matcher, b.matcher))
	})
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
			if better(h, &r.hits[last]) {
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
		r.count(&r.hits[last])
	}
	r.hits = r.hits[:copy(r.hits, r.hits[done:])]
}

// better tells whether a should stand in place of b, which it overlaps.
func better(a, b *hit) bool {
	return cmp.Or(cmp.Compare(a.confidence, b.confidence), cmp.Compare(a.end-a.start, b.end-b.start)) > 0
}

// count adds a hit to the result.
func (r *run) count(h *hit) {
	m := &r.s.matchers[h.matcher]
	start, end := r.shifts.original(h.start), r.shifts.original(h.end)
	record, cell := r.record(start)
	r.add(m, sighting{
		start: start, end: end, cell: cell, record: record, text: r.text[h.start:h.end],
		confidence: h.confidence, country: h.country, value: h.value, fingerprint: h.fingerprint,
	})
}

// sighting is a value at its place in the original text.
type sighting struct {
	start, end  int
	cell        int // of the table, -1 elsewhere
	record      uint64
	text        []byte
	confidence  float64
	country     string
	value       uint64
	fingerprint uint64
	normalised  []byte // what the fingerprint is made of, when it is not made yet
}

// add counts a sighting: in the summary of its detector, for the people and,
// within the limit, as a finding.
func (r *run) add(m *matcher, g sighting) {
	if m.Identity != "" {
		r.people.add(g.record, m.kind, g.value)
	}
	c := &r.counts[m.index]
	if c.n++; c.n == 1 {
		r.counted = append(r.counted, m.index)
	}
	if c.stored >= r.s.options.StoredFindings && c.n > 1 && g.confidence <= c.summary.Confidence {
		return
	}
	if g.normalised != nil {
		g.fingerprint = r.fingerprint(m.fingerprintKind(), g.normalised)
	}
	r.store(c, Finding{
		Detector: m.ID, Class: m.Class, Country: g.country, Segment: r.segment, Start: g.start, End: g.end,
		Location: r.location(g.cell), Masked: mask(&m.Detector, string(g.text)),
		Confidence: g.confidence, Fingerprint: g.fingerprint,
	})
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
func (r *run) store(c *count, f Finding) {
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
	slices.SortStableFunc(r.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Segment, b.Segment), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return slices.Clone(r.found)
}

// summaries adds up the findings of each detector, sorted by id.
func (r *run) summaries() []Summary {
	var list []Summary
	for _, i := range r.counted {
		c := &r.counts[i]
		c.summary.Count = c.n
		list = append(list, c.summary)
	}
	slices.SortFunc(list, func(a, b Summary) int { return cmp.Compare(a.Detector, b.Detector) })
	return list
}

// record returns the number of the record that holds the offset of the original
// text, and the cell in a table, -1 elsewhere.
func (r *run) record(start int) (record uint64, cell int) {
	segment := &r.segments[r.segment]
	if segment.Table == nil {
		return r.records.of(r.segment), -1
	}
	if cell = r.cellAt(start); cell < 0 {
		return rowRecord(r.segment, 0), -1
	}
	return rowRecord(r.segment, segment.Table.Cells[cell].Row), cell
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
