package classifier

import "unicode/utf8"

// The bounds of a stream, in bytes of folded text.
const (
	// streamWindow is how much is gathered before the pass goes on.
	streamWindow = 64 << 10
	// streamAhead is how far a match reaches behind its anchor at most, with all
	// that is asked of what follows it.
	streamAhead = 16 << 10
	// streamBehind is how far before its anchor anybody looks.
	streamBehind = 1 << 10
)

// Stream scans one plain text that arrives in pieces. It finds what Scan finds in
// the whole, wherever the text is cut, and holds at most about 100 KiB of it. It is
// not safe for concurrent use.
type Stream struct {
	s       *Scanner
	r       *run
	segment [1]Segment
	// window and ahead are the bounds of these names.
	window, ahead int
	text          []byte // folded
	rest          []byte // the beginning of a rune
	length        int    // of what text was made of, from r.base on
	from          int    // where the pass goes on
	scanned       int64
}

// Stream begins a text at a place of a body; field is as Segment.Field.
func (s *Scanner) Stream(location Location, field string) *Stream {
	st := &Stream{s: s, r: s.pool.Get().(*run), segment: [1]Segment{{Location: location, Field: field}}, window: streamWindow, ahead: streamAhead}
	st.r.begin(st.segment[:])
	st.r.segment, st.r.cell, st.r.counting = 0, 0, 0
	st.r.shifts = st.r.shifts[:0]
	st.r.forgetText()
	st.r.readNames(0)
	return st
}

// Write takes the next piece of the text. It never fails; behind the end of the
// budget it takes no notice.
func (st *Stream) Write(piece []byte) (int, error) {
	for at := 0; at < len(piece) && st.r.steps >= 0; {
		end := min(len(piece), at+st.window)
		st.take(piece[at:end])
		at = end
		if len(st.text) >= st.window+st.ahead {
			st.scan((len(st.text) - st.ahead) &^ (blockSize - 1))
		}
	}
	return len(piece), nil
}

// Close ends the text and returns what was found. The stream is of no use afterwards.
func (st *Stream) Close() Result {
	r := st.r
	if r.steps >= 0 {
		st.append(st.rest)
		st.scan(len(st.text))
	}
	result := r.result()
	result.Scanned = st.scanned
	r.end()
	st.s.pool.Put(r)
	st.r = nil
	return result
}

// take appends a piece of the text but for a rune that is not complete.
func (st *Stream) take(piece []byte) {
	if len(st.rest) > 0 {
		piece = append(st.rest, piece...)
	}
	whole := completeRunes(piece)
	st.r.grant(whole)
	st.append(piece[:whole])
	st.rest = append(st.rest[:0], piece[whole:]...)
}

// completeRunes returns how many bytes of text are not the beginning of a rune
// that goes on behind it.
func completeRunes(text []byte) int {
	for i := len(text) - 1; i >= 0 && i >= len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if utf8.FullRune(text[i:]) {
				break
			}
			return i
		}
	}
	return len(text)
}

func (st *Stream) append(piece []byte) {
	st.text, st.r.shifts = appendFold(st.text, st.r.shifts, piece, st.length)
	st.length += len(piece)
}

// scan goes on up to the folded offset to, and lets go of what nobody looks back at.
func (st *Stream) scan(to int) {
	r := st.r
	r.text = st.text
	r.readText()
	r.scanText(st.from, to)
	st.scanned = int64(r.base + r.shifts.original(r.position))
	limit := to - reach
	if to == len(st.text) {
		limit = to
	}
	r.flush(limit)
	cut := max(0, to-streamBehind)
	for i := range r.hits {
		cut = min(cut, r.hits[i].start-reach) // its surroundings are asked for when it is counted
	}
	cut = max(0, cut) &^ (blockSize - 1)
	st.length -= r.drop(cut)
	st.text = st.text[:copy(st.text, st.text[cut:])]
	st.from = to - cut
}

// drop moves the origin of the folded text to cut and returns how much of the
// original that is.
func (r *run) drop(cut int) int {
	original := r.shifts.original(cut)
	kept := r.shifts[:0]
	for _, s := range r.shifts {
		if int(s.folded) > cut {
			kept = append(kept, shift{s.folded - uint32(cut), s.original - uint32(original)})
		}
	}
	r.shifts = kept
	r.base += original
	r.tokenEnd -= cut
	r.sure = span{r.sure.start - cut, r.sure.end - cut}
	for i := range r.hits {
		r.hits[i].start -= cut
		r.hits[i].end -= cut
	}
	for i := range r.marks {
		r.marks[i].start -= cut
		r.marks[i].end -= cut
	}
	r.stained = true
	for i := range r.tried {
		r.tried[i] -= cut
		r.last[i].start -= cut
		r.last[i].end -= cut
	}
	return original
}
