package extract

import "daylight.internal/classifier"

// arena hands out buffers cut from larger ones, since most decoded strings are short.
type arena struct{ free []byte }

// reserve returns an empty buffer with room for n bytes. keep must be called
// before the next reserve.
func (a *arena) reserve(n int) []byte {
	if n > cap(a.free) {
		a.free = make([]byte, 0, max(n, 32<<10))
	}
	return a.free[:0:n]
}

// keep gives used, which was reserved and filled, to its owner for good.
func (a *arena) keep(used []byte) []byte {
	a.free = a.free[len(used):cap(a.free)]
	a.free = a.free[:0]
	return used[:len(used):len(used)]
}

// locate keeps a location that others will have as parent.
func (e *extractor) locate(l classifier.Location) *classifier.Location {
	if len(e.places) == cap(e.places) {
		e.places = make([]classifier.Location, 0, min(max(8, 2*cap(e.places)), 256))
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
