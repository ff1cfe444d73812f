package extract

import (
	"slices"

	"daylight.internal/classifier"
)

// What the parts of a document take, in bytes; a test holds them to the types.
const (
	locationBytes = 40
	segmentBytes  = 96
	tableBytes    = 72
	cellBytes     = 16
	nameBytes     = 16
)

// arenaSize is how much an arena asks for at a time.
const arenaSize = 32 << 10

// arena hands out buffers cut from larger ones, since most decoded strings are short.
type arena struct{ free []byte }

// reserve returns an empty buffer with room for n bytes. keep must be called
// before the next reserve.
func (a *arena) reserve(n int) []byte {
	if n > cap(a.free) {
		a.free = make([]byte, 0, max(n, arenaSize))
	}
	return a.free[:0:n]
}

// keep gives used, which was reserved and filled, to its owner for good.
func (a *arena) keep(used []byte) []byte {
	a.free = a.free[len(used):cap(a.free)]
	a.free = a.free[:0]
	return used[:len(used):len(used)]
}

// reserve returns an empty buffer with room for n bytes, or false when the memory
// for one body is used up. What is put in it must be kept before the next reserve.
func (e *extractor) reserve(n int) ([]byte, bool) {
	if n > cap(e.buffer.free) && !e.grant(max(n, arenaSize)) {
		return nil, false
	}
	return e.buffer.reserve(n), true
}

// grant counts n bytes that stay in use until the body is judged, and tells
// whether there was room for them.
func (e *extractor) grant(n int) bool {
	if int64(n) > e.left() {
		e.skip(classifier.Truncated, "over_limit", 0)
		return false
	}
	e.memory += int64(n)
	return true
}

// left is the memory that may still be used.
func (e *extractor) left() int64 { return max(e.limits.Memory-e.memory-e.decoded, 0) }

// expect makes room for about n more segments, since growing is what costs most.
func (e *extractor) expect(n int) {
	before := cap(e.document.Segments)
	n = min(n, e.limits.Segments, 1<<16, int(e.left()/(2*segmentBytes)))
	e.document.Segments = slices.Grow(e.document.Segments, n)
	e.memory += int64(cap(e.document.Segments)-before) * segmentBytes
}

// growSegments makes room for one more segment at least, and tells whether it could.
func (e *extractor) growSegments() bool {
	n := len(e.document.Segments)
	more := max(8, n) // append alone would copy large slices five times over
	// The old ones stay in use while they are copied.
	if fits := e.left()/segmentBytes - int64(n); int64(more) > fits {
		more = int(max(0, fits))
	}
	if more = min(more, e.limits.Segments-n); more <= 0 {
		return false
	}
	e.expect(more)
	return true
}

// locate keeps a location that others will have as parent.
func (e *extractor) locate(l classifier.Location) *classifier.Location {
	if len(e.places) == cap(e.places) {
		e.places = make([]classifier.Location, 0, min(max(8, 2*cap(e.places)), 256))
		e.memory += int64(cap(e.places) * locationBytes)
	}
	e.places = append(e.places, l)
	return &e.places[len(e.places)-1]
}

// name returns b as a string; names come again and again.
func (e *extractor) name(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if e.names == nil {
		e.names = make([]string, 16)
	}
	if e.named++; e.named == 256 { // not a prompt: there may be many different ones
		e.names = make([]string, 64)
	}
	slot := &e.names[(uint(len(b))*7+uint(b[0])+uint(b[len(b)-1])*5)%uint(len(e.names))]
	if *slot != string(b) {
		*slot = string(b)
	}
	return *slot
}

// maskedName stands for a name that is itself data: locations are printed in
// events, where no value may appear.
const maskedName = "*"

// label returns the name to use in locations, and whether it is itself data:
// long, with an at sign, or with six digits or more.
func (e *extractor) label(name []byte) (string, bool) {
	if len(name) > 64 {
		return maskedName, true
	}
	digits := 0
	for _, c := range name {
		if c == '@' {
			return maskedName, true
		}
		if c-'0' <= 9 {
			digits++
		}
	}
	if digits >= 6 {
		return maskedName, true
	}
	return e.name(name), false
}
