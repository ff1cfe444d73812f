package detect

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// postcode is how the postcodes of a country are written: d is a digit, A a
// capital, X either, a blank is one or none; any other byte stands for itself.
type postcode struct {
	country string
	layout  string
	// region: one of these stands before, such as a state.
	region map[string]bool
	// city: a name must follow.
	city bool
	// markers in the address are the country's own.
	markers []string
}

// match reads the postcode at i and returns its end.
func (p *postcode) match(text []byte, i int) (int, bool) {
	if p.region != nil {
		end := i
		for end < len(text) && end-i < 4 && text[end] >= 'A' && text[end] <= 'Z' {
			end++
		}
		if !p.region[string(text[i:end])] {
			return i, false
		}
		i = end
		for n := 0; n < 3 && (at(text, i) == ' ' || at(text, i) == ','); n++ {
			i++
		}
	}
	for k := range len(p.layout) {
		b := at(text, i)
		switch layout := p.layout[k]; {
		case layout == ' ':
			if b != ' ' {
				continue
			}
		case layout == 'd' && !digit(b), layout == 'A' && (b < 'A' || b > 'Z'), layout == 'X' && (!word(b) || b >= 'a'),
			layout != 'd' && layout != 'A' && layout != 'X' && b != layout:
			return i, false
		}
		i++
	}
	if word(at(text, i)) || at(text, i) == '.' && digit(at(text, i+1)) || at(text, i) == '-' && digit(at(text, i+1)) && p.country != "US" {
		return i, false
	}
	if !p.city {
		return i, true
	}
	from := i
	for at(text, from) == ' ' || at(text, from) == ',' && from == i {
		from++
	}
	if from == i || !capital(text, from) {
		return i, false
	}
	return cityEnd(text, from), true
}

// particles stand inside of the names of places.
var particles = setOf("am an an der auf bei der den do da de del della des di du el en im in la las le les los ob sur sous upon")

// cityBytes are those of the words of names of places.
var cityBytes = func() *class {
	c := bytesOf("-'")
	for b := range c {
		c[b] = c[b] || letter(byte(b)) || b >= 0x80 && b < 0xE2
	}
	return c
}()

// cityEnd returns the end of the name of a place: at most three words that begin
// with capitals, or particles, on one line.
func cityEnd(text []byte, i int) int {
	end := i
	for n := 0; n < 3; n++ {
		next := i
		for next < len(text) && next-i < 40 && cityBytes[text[next]] {
			next++
		}
		if next == i {
			break
		}
		if !capital(text, i) {
			if !particles[string(text[i:next])] {
				break
			}
		} else {
			end = next
		}
		if at(text, next) != ' ' {
			break
		}
		i = next + 1
	}
	return end
}

// tail is the end of an address: what says where it is.
type tail struct {
	end     int
	country string
	sure    float64 // withPostcode, withCity or 0
}

// Of the rest of an address: what parts its words, and what they are made of.
var (
	tailGaps  = bytesOf(" ,\t\r\n-/.()#\\:")
	tailBytes = foreignAnd("'")
)

// tailOf reads on from the street and number for a postcode or a city of s.
func tailOf(c *classifier.Candidate, from int, s *streets) (t tail) {
	text := c.Text
	limit := min(len(text), from+longestTail)
	if !s.placeIn(c, c.Note(s.notes), from, limit) {
		return t
	}
	c.Steps += tailSteps
	small := 0
	for i := from; i < limit; {
		b := text[i]
		if tailGaps[b] {
			if b == '\n' && at(text, i+1) == '\n' || b == '.' && at(text, i+1) == ' ' && sentenceEnds(text, from, i) {
				break
			}
			i++
			continue
		}
		if !word(b) && b < 0x80 || b > 0xE2 {
			break
		}
		if end, country, ok := s.postcodeAt(text, i); ok {
			return tail{end, country, withPostcode}
		}
		end := i
		for end < limit && tailBytes[text[end]] {
			end++
		}
		if t.sure == 0 && s.filter.mayName(text, i) {
			if country, cityEnd := s.cityAt(text, i); country != "" {
				t = tail{cityEnd, country, withCity}
			}
		}
		if letter(b) && b >= 'a' && end-i > 3 {
			if small++; small > 1 {
				break
			}
		}
		i = max(end, i+1)
	}
	return t
}

// sentenceEnds tells whether the point at i ends a sentence and no abbreviation: the
// word before it is long, or a number.
func sentenceEnds(text []byte, from, i int) bool {
	start := i
	for start > from && i-start <= 5 && wordByte(text[start-1]) {
		start--
	}
	return i-start > 5 || start < i && digit(text[start])
}

// placeFilter tells in a few instructions of most words that they are neither the
// beginning of a postcode of a language nor one of its cities.
type placeFilter struct {
	// How many digits, or capitals, a postcode may open with, a bit each.
	digits, capitals uint32
	names            [1 << 6]uint64 // of how cities open
}

func filterOf(s *streets) (f placeFilter) {
	for _, p := range s.codes {
		for region := range p.region {
			f.capitals |= 1 << len(region)
		}
		n := len(p.layout) - len(strings.TrimLeft(p.layout, p.layout[:1]))
		switch {
		case p.region != nil:
		case p.layout[0] == 'A':
			f.capitals |= 1 << n
		default:
			f.digits |= 1 << n
			if rest, ok := strings.CutPrefix(p.layout[n:], " "); ok { // the blank may be missing
				f.digits |= 1 << (n + len(rest) - len(strings.TrimLeft(rest, "d")))
			}
		}
	}
	for city := range s.cities {
		first, size := utf8.DecodeRuneInString(city)
		for _, way := range []string{city, string(unicode.ToUpper(first)) + city[size:], strings.ToUpper(city)} {
			h := nameHash([]byte(way), 0)
			f.names[h>>6] |= 1 << (h & 63)
		}
	}
	return f
}

// nameHash is of the first four bytes at i, of ASCII in either case.
func nameHash(text []byte, i int) uint32 {
	key := binary.LittleEndian.Uint32(text[i : i+4])
	if key&0x80808080 == 0 {
		key |= 0x20202020
	}
	return key * 0x9E3779B1 >> 20
}

// mayName tells whether a city may be named at i.
func (f *placeFilter) mayName(text []byte, i int) bool {
	if i+4 > len(text) {
		return false
	}
	h := nameHash(text, i)
	return f.names[h>>6]>>(h&63)&1 != 0
}

// mayCode tells whether a postcode may begin at i.
func (f *placeFilter) mayCode(text []byte, i int) bool {
	n := 1
	switch b := text[i]; {
	case digit(b):
		for n < 10 && digit(at(text, i+n)) {
			n++
		}
		return f.digits>>n&1 != 0
	case b >= 'A' && b <= 'Z':
		for n < 5 && at(text, i+n) >= 'A' && at(text, i+n) <= 'Z' {
			n++
		}
		return f.capitals>>n&1 != 0
	}
	return false
}

const (
	// lookOn is how many bytes behind a question places are looked for at once,
	// lookedAt how many a step is charged for.
	lookOn, lookedAt = 64, 16
	// tailSteps is what it costs to read on behind a street, or before it, where
	// there is a place.
	tailSteps = 10
)

// placeIn tells whether a postcode or a city may begin in text[from:to]. Each byte
// is looked at once, as long as questions come in the order of the text.
func (s *streets) placeIn(c *classifier.Candidate, known *classifier.Note, from, to int) bool {
	if from < known.From || from > known.To {
		*known = classifier.Note{From: from, To: from}
		for n := 0; n < longestTail && known.To < to && wordByte(at(c.Text, known.To)) && wordByte(at(c.Text, known.To-1)); n++ {
			if known.To++; digit(at(c.Text, known.To)) {
				break
			}
		}
	}
	for limit := min(len(c.Text), to+lookOn); !known.Hit && known.To < to; {
		before := known.To
		s.lookFor(c.Text, known, limit)
		c.Steps += (known.To - before) / lookedAt
	}
	return known.Hit && known.To < to
}

// lookFor goes on to the next place, or to limit. A word is looked at where it
// begins, and where digits follow letters of another script.
func (s *streets) lookFor(text []byte, known *classifier.Note, limit int) {
	i := known.To
	for i < limit {
		if !wordByte(text[i]) {
			i++
			continue
		}
		if s.placeAt(text, i) {
			known.Hit = true
			break
		}
		for i++; i < len(text) && wordByte(text[i]) && !(digit(text[i]) && text[i-1] >= utf8.RuneSelf); {
			i++
		}
	}
	known.To = i
}

// placeAt tells whether a postcode or a city begins at i.
func (s *streets) placeAt(text []byte, i int) bool {
	if _, _, ok := s.postcodeAt(text, i); ok {
		return true
	}
	if !s.filter.mayName(text, i) {
		return false
	}
	country, _ := s.cityAt(text, i)
	return country != ""
}

// postcodeAt reads one of the postcodes of s at i.
func (s *streets) postcodeAt(text []byte, i int) (end int, country string, ok bool) {
	if !s.filter.mayCode(text, i) || word(at(text, i-1)) {
		return 0, "", false
	}
	figures := digit(text[i])
	for k := range s.codes {
		p := &s.codes[k]
		if figures != (p.region == nil && p.layout[0] == 'd') {
			continue
		}
		if end, ok = p.match(text, i); !ok {
			continue
		}
		if p.markers == nil || hasMarker(text[max(0, i-longestTail):min(len(text), end+24)], p.markers) {
			return end, p.country, true
		}
	}
	return 0, "", false
}

func hasMarker(b []byte, markers []string) bool {
	for _, m := range markers {
		if bytes.Contains(b, []byte(m)) {
			return true
		}
	}
	return false
}

// cityAt looks up the name at i, of one word or two.
func (s *streets) cityAt(text []byte, i int) (country string, end int) {
	var buffer [longestStreetWord]byte
	one := lettersEnd(text, i, longestStreetWord)
	if at(text, one) == ' ' {
		two := lettersEnd(text, one+1, longestStreetWord)
		if country = s.cities[string(smallLetters(buffer[:0], text[i:two]))]; country != "" {
			return country, two
		}
	}
	return s.cities[string(smallLetters(buffer[:0], text[i:one]))], one
}
