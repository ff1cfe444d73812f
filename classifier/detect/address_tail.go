package detect

import "bytes"

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

// cityEnd returns the end of the name of a place: at most three words that begin
// with capitals, or particles, on one line.
func cityEnd(text []byte, i int) int {
	end := i
	for n := 0; n < 3; n++ {
		next := i
		for next < len(text) && next-i < 40 && (letter(text[next]) || text[next] >= 0x80 && text[next] < 0xE2 || text[next] == '-' || text[next] == '\'') {
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

// tailOf reads on from the street and number for a postcode or a city of s.
func tailOf(text []byte, from int, s *streets) (t tail) {
	limit := min(len(text), from+longestTail)
	small := 0
	for i := from; i < limit; {
		b := text[i]
		if b == ' ' || b == ',' || b == '\t' || b == '\r' || b == '\n' || b == '-' || b == '/' || b == '.' || b == '(' || b == ')' || b == '#' || b == '\\' || b == ':' {
			if b == '\n' && at(text, i+1) == '\n' || b == '.' && at(text, i+1) == ' ' && sentenceEnds(text, from, i) {
				break
			}
			i++
			continue
		}
		if !word(b) && b < 0x80 || b >= 0xE2 && b != 0xE2 {
			break
		}
		if end, country, ok := s.postcodeAt(text, i); ok {
			return tail{end, country, withPostcode}
		}
		end := i
		for end < limit && (word(text[end]) || text[end] >= 0x80 || text[end] == '\'') {
			end++
		}
		if country, cityEnd := s.cityAt(text, i); country != "" && t.sure == 0 {
			t = tail{cityEnd, country, withCity}
		}
		if letter(b) && !capital(text, i) && end-i > 3 {
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
	for start > from && (word(text[start-1]) || text[start-1] >= 0x80) {
		start--
	}
	return i-start > 5 || start < i && digit(text[start])
}

// postcodeAt reads one of the postcodes of s at i.
func (s *streets) postcodeAt(text []byte, i int) (end int, country string, ok bool) {
	if !(digit(text[i]) || text[i] >= 'A' && text[i] <= 'Z') || word(at(text, i-1)) {
		return 0, "", false
	}
	for k := range s.codes {
		p := &s.codes[k]
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
