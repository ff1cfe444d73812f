package classifier

import "math/bits"

// tokens visits the runs of letters and digits of a block that hold a digit, each
// in the block of its first one. Runs of more than longestToken bytes are none.
func (r *run) tokens(b *block, digits uint64) {
	text, base := r.text, b.base
	if r.tokenEnd > base {
		digits &^= below(min(r.tokenEnd-base, blockSize))
	}
	for digits != 0 {
		k := lowest(digits)
		if r.forms.cells {
			if end := r.cellForm(base + k); end >= base+blockSize {
				return
			} else if end > 0 {
				digits &^= below(end - base)
				continue
			}
		}
		start := base + blockSize - bits.LeadingZeros64(^b.word&below(k))
		if start == base {
			start = tokenStart(text, base)
		}
		end := base + k + bits.TrailingZeros64(^(b.word >> k))
		if end >= base+blockSize {
			end = tokenEnd(text, base+blockSize, start+longestToken+1)
		}
		if n := end - start; n <= longestToken {
			r.tokenEnd = end
			if start >= base && end <= base+blockSize {
				r.token(start, end, base+k, b.digit>>(start-base)&below(n))
			} else {
				r.token(start, end, base+k, digitsOf(text[start:min(end, start+blockSize)]))
			}
		}
		if end = max(end, r.tokenEnd); end >= base+blockSize {
			return
		}
		digits &^= below(end - base)
	}
}

// tokenStart returns where the run of letters and digits that goes on at i began,
// as far back as a token may be long.
func tokenStart(text []byte, i int) int {
	for limit := max(0, i-longestToken-1); i > limit && isWord(text[i-1]); {
		i--
	}
	return i
}

// tokenEnd returns where the run at i ends, at most limit.
func tokenEnd(text []byte, i, limit int) int {
	for limit = min(limit, len(text)); i < limit && isWord(text[i]); {
		i++
	}
	return i
}

// digitsOf marks the digits of a token of up to 64 bytes, the first in the lowest bit.
func digitsOf(token []byte) (mask uint64) {
	for i, b := range token {
		if isDigit(b) {
			mask |= 1 << i
		}
	}
	return mask
}

// token tries what may begin at a token, or just before it; first is its first
// digit, digits marks those among its first 64 bytes. What begins with 64 digits
// and goes on is nothing.
func (r *run) token(i, j, first int, digits uint64) {
	n := j - i
	if !r.sure.holds(i) {
		r.atToken = true
		switch {
		case digits != below(min(n, blockSize)):
			r.mixed(i, j, digits)
		case n <= blockSize:
			r.number(i, j)
		}
		r.atToken = false
	}
	if n == longestHextet && j < len(r.text) && r.text[j] == ':' {
		for _, m := range r.s.colons {
			r.tryMatch(m, j)
		}
	}
	if n == digitsBehindLetter {
		r.behindLetter(i)
	}
	for _, m := range r.s.digitPatterns {
		r.tryStarts(m, first)
	}
}

// sureConfidence is that of values inside of which no token is looked at: what
// begins there could not stand in their place.
const sureConfidence = 0.95

// holds tells whether i lies inside of the span, behind its start.
func (s span) holds(i int) bool { return i > s.start && i < s.end }

// longestHextet is how many digits a group of an address has that AnchorColon means.
const longestHextet = 4

// digitsBehindLetter is how many digits AnchorBehindLetter means.
const digitsBehindLetter = 3

// behindLetter tries what begins with a letter of two bytes before the token at i.
func (r *run) behindLetter(i int) {
	if i > 0 && r.text[i-1] == ' ' {
		i--
	}
	if i >= 2 && r.text[i-1] >= 0x80 && r.text[i-2] >= 0xC3 && r.text[i-2] < 0xE0 {
		for _, m := range r.s.behindLetter {
			r.tryMatch(m, i-2)
		}
	}
}

// positions marks the positions of a group of which it is certain whether they
// hold a digit, and those that do.
func positions(group string) (certain, digits uint64) {
	for i := range len(group) {
		if group[i] != 'X' {
			certain |= 1 << i
		}
		if group[i] == 'd' || isDigit(group[i]) {
			digits |= 1 << i
		}
	}
	return certain, digits
}

// follows tells whether what stands at j may part the first group from the next.
func (l *layout) follows(text []byte, j int) bool {
	switch {
	case l.next == 0:
		return true
	case j == len(text):
		return false
	case l.next == '_':
		return text[j] == ' ' || text[j] == '-'
	}
	return text[j] == l.next
}
