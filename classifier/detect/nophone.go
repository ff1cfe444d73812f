package detect

import (
	"bytes"

	"daylight.internal/classifier"
)

// noPhone tells whether the groups are those of something that is never dialled:
// a fraction, an address of a machine, bytes in hexadecimal, a place on earth.
func noPhone(text []byte, start, last int, plus bool, g *phoneGroups) bool {
	return !plus && (fraction(text, start, g) || years(text, start, g) || quad(g) || amidBytes(text, start, last, g)) || plus && place6709(text, start, last, g)
}

// fraction tells whether the number is a decimal: 4.423394, 0.4520771050, 754256182894.0.
func fraction(text []byte, start int, g *phoneGroups) bool {
	return g.n == 2 && g.gaps[0] == '.' && (g.lengths[0] == 1 || g.lengths[0] == 2 && text[start] != '0' || g.lengths[1] <= 2)
}

// years tells whether the number is a span of years: 2008-2009.
func years(text []byte, start int, g *phoneGroups) bool {
	if g.n != 2 || g.lengths[0] != 4 || g.lengths[1] != 4 || g.gaps[0] != '-' {
		return false
	}
	from, to := number(text[start:start+2]), number(text[start+5:start+7])
	return (from == 19 || from == 20) && (to == 19 || to == 20)
}

// quad tells whether the groups are those of an IP address.
func quad(g *phoneGroups) bool {
	if g.n != 4 {
		return false
	}
	for i, n := range g.lengths[:4] {
		if n > 3 || i < 3 && g.gaps[i] != '.' {
			return false
		}
	}
	return true
}

// amidBytes tells whether the groups go on, before or after, with one of the same
// length that is hexadecimal and has a digit, or with two that are hexadecimal.
func amidBytes(text []byte, start, last int, g *phoneGroups) bool {
	if g.n < 2 || bytes.IndexFunc(g.gaps[:g.n-1], func(r rune) bool { return r != ' ' }) >= 0 {
		return false
	}
	return hexGroups(text, start, -1, g.lengths[1]) || hexGroups(text, last, 1, g.lengths[g.n-1])
}

// hexGroups looks at the two groups beside i, in the direction step.
func hexGroups(text []byte, i, step, length int) bool {
	if length > 4 {
		return false
	}
	for range 2 {
		gap, from := i, i+1
		if step < 0 {
			gap, from = i-1, i-1-length
		}
		if at(text, gap) == ' ' && at(text, gap+step) == ' ' { // between two halves of a line
			gap, from = gap+step, from+step
		}
		if at(text, gap) != ' ' || from < 0 || word(at(text, from-1)) || word(at(text, from+length)) || from+length > len(text) {
			return false
		}
		figure := false
		for _, b := range text[from : from+length] {
			if !digit(b) && !(b|0x20 >= 'a' && b|0x20 <= 'f') {
				return false
			}
			figure = figure || digit(b)
		}
		if figure {
			return true
		}
		i = from
		if step > 0 {
			i += length
		}
	}
	return true
}

// place6709 tells whether the number is a latitude and longitude in degrees and
// minutes, or seconds as well (ISO 6709): +593249-1394338.
func place6709(text []byte, start, last int, g *phoneGroups) bool {
	n := g.lengths[0]
	if n != 4 && n != 6 || g.n > 2 {
		return false
	}
	longitude := start + n + 1
	if sign := at(text, longitude-1); sign != '-' && sign != '+' {
		return false
	}
	end := longitude
	for digit(at(text, end)) {
		end++
	}
	return end-longitude == n+1 && end >= last && number(text[start:start+2]) <= 90 && text[start+2] < '6' &&
		number(text[longitude:longitude+3]) <= 180 && text[longitude+3] < '6'
}

// splitsCode tells whether the calling code behind 00 goes on in the second group,
// as in "0035 2044 0036": nobody writes one so.
func (p *phoneBook) splitsCode(c *classifier.Candidate, digits []byte) bool {
	if at(c.Text, c.Start) != '0' || digit(at(c.Text, c.Start+4)) || !digit(at(c.Text, c.Start+3)) || len(digits) < 3 {
		return false
	}
	return len(p.plan(number(digits[:3])).regions) > 0
}
