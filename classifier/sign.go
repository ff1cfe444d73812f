package classifier

import (
	"bytes"
	"math"
	"slices"
)

// sign is a byte of ASCII at which some matchers look closer. Signs are so few
// that the fastest search goes from one to the next.
type sign struct {
	b      byte
	owners []int
}

// addSign enters a matcher that is tried at every b.
func (s *Scanner) addSign(b byte, owner int) {
	i := slices.IndexFunc(s.signs, func(known sign) bool { return known.b == b })
	if i < 0 {
		i = len(s.signs)
		s.signs = append(s.signs, sign{b: b})
	}
	s.signs[i].owners = append(s.signs[i].owners, owner)
}

// findSigns looks for the first sign of each kind from from on.
func (r *run) findSigns(from int) {
	r.signs, r.nextSign = r.signs[:0], math.MaxInt
	for _, sign := range r.s.signs {
		at := nextByte(r.text, from, sign.b)
		r.signs = append(r.signs, at)
		r.nextSign = min(r.nextSign, at)
	}
}

// trySigns tries what hangs upon the signs before to.
func (r *run) trySigns(to int) {
	r.nextSign = math.MaxInt
	for k := range r.signs {
		sign := &r.s.signs[k]
		for r.signs[k] < to {
			for _, owner := range sign.owners {
				if r.s.matchers[owner].expression != nil {
					r.tryStarts(owner, r.signs[k])
				} else {
					r.tryMatch(owner, r.signs[k])
				}
			}
			r.signs[k] = nextByte(r.text, r.signs[k]+1, sign.b)
		}
		r.nextSign = min(r.nextSign, r.signs[k])
	}
}

// nextByte returns the offset of the next b from i on, far beyond the text if none follows.
func nextByte(text []byte, i int, b byte) int {
	if n := bytes.IndexByte(text[min(i, len(text)):], b); n >= 0 {
		return i + n
	}
	return math.MaxInt
}
