package detect

import (
	"bytes"
	"maps"
	"slices"

	"daylight.internal/classifier"
)

// streetNumbered reads Turkish addresses: "Atatürk Caddesi No: 12 Daire 3, 34710 Kadıköy".
func streetNumbered(c *classifier.Candidate, end int, s *streets) (place, bool) {
	text, i := c.Text, c.At
	if at(text, i-1) != ' ' || letter(at(text, end)) || at(text, end) >= 0x80 {
		return place{}, false
	}
	start := i - 1
	for n := 0; n < 3 && start > 0 && text[start] == ' '; n++ {
		name := start
		for name > 0 && start-name < longestStreetWord && (letter(text[name-1]) || text[name-1] >= 0x80 || digit(text[name-1]) || text[name-1] == '.') {
			name--
		}
		if name == start || !capital(text, name) && !digit(text[name]) {
			break
		}
		start = name - 1
	}
	if start++; start >= i {
		return place{}, false
	}
	i = end
	for n := 0; n < 6 && i < len(text) && i-end < longestHead; n++ {
		for at(text, i) == ' ' || at(text, i) == ',' {
			i++
		}
		if sign := signEnd(text, i); sign > i && digit(at(text, sign)) {
			number, ok := house(text, sign)
			if !ok {
				return place{}, false
			}
			number = unitEnd(text, number)
			if t := tailOf(c, number, s); t.sure > 0 {
				return found(text, start, t.end, t.country, t.sure)
			}
			return found(text, start, number, "", streetAlone)
		}
		next := lettersEnd(text, i, longestStreetWord)
		if next == i {
			return place{}, false
		}
		if i = next; at(text, i) == '.' {
			i++
		}
	}
	return place{}, false
}

// arabicCities are the places of the big markets, by country.
var arabicCities = citiesOf("SA:الرياض,جدة,مكة,المدينة المنورة,الدمام,الخبر,الطائف,تبوك,بريدة,أبها,السعودية",
	"AE:دبي,أبوظبي,أبو ظبي,الشارقة,عجمان,العين,رأس الخيمة,الفجيرة,الإمارات",
	"EG:القاهرة,الجيزة,الإسكندرية,الاسكندرية,المعادي,مدينة نصر,مصر الجديدة,الدقي,المهندسين,الزمالك,طنطا,المنصورة,أسيوط,مصر")

// arabicPlaces finds them: the first two letters open what is often a city's name.
var arabicPlaces = foldSetOf(slices.Sorted(maps.Keys(arabicCities))...)

// streetArabic reads the street, a number on either side of it and a city.
func streetArabic(c *classifier.Candidate, end int, _ *streets) (place, bool) {
	text, from := c.Text, c.At
	if at(text, end) != ' ' {
		return place{}, false
	}
	start, before := houseBefore(text, from)
	if !before {
		start = from
	}
	last, city, country := arabicTail(text, end)
	c.Steps += longestTail / charactersPerStep
	switch {
	case !before && last == end:
		return place{}, false
	case country != "":
		return found(text, start, max(last, city), country, withCity)
	case before:
		last = max(last, arabicName(text, end))
	}
	return found(text, start, last, "", streetAlone)
}

// arabicTail reads on behind a street word: the end of the last number of up to
// five digits, the end of the first city, and its country.
func arabicTail(text []byte, end int) (last, city int, country string) {
	last = end
	limit := min(len(text), end+longestTail)
	for i := end; i < limit; i++ {
		switch b := text[i]; {
		case b == '\n' && at(text, i+1) == '\n' || b == '!' || b == '?' || b == '.' && i-end > 40:
			return last, city, country
		case digit(b) && !word(text[i-1]):
			number := i
			for number < limit && digit(text[number]) {
				number++
			}
			if number-i <= 5 {
				last = number
			}
			i = number - 1
		case b >= 0xD8 && country == "" && text[i-1] == ' ':
			if n := arabicPlaces.at(text[:limit], i); n > 0 {
				city, country = i+n, arabicCities[string(text[i:i+n])]
			}
		}
	}
	return last, city, country
}

// arabicName returns the end of the two words after a street word.
func arabicName(text []byte, i int) int {
	for range 2 {
		if at(text, i) != ' ' {
			break
		}
		i++
		for i < len(text) && text[i] >= 0xD8 && text[i] <= 0xDB && !(text[i] == 0xD8 && at(text, i+1) == 0x8C) {
			i += 2
		}
	}
	return min(i, len(text))
}

// suffix is an ending of street names, and the country of its postcodes by their form.
type suffix struct{ text, five, four, letters, parted string }

// suffixes are the endings of German, Dutch and Nordic streets. Of each, the
// country whose postcodes have five digits, four, four and two letters, and three
// and two digits.
var suffixes = []suffix{
	{"straße", "DE", "AT", "", ""}, {"strasse", "DE", "CH", "", ""}, {"str.", "DE", "AT", "", ""}, {"weg", "DE", "AT", "NL", ""}, {"platz", "DE", "AT", "", ""}, {"allee", "DE", "AT", "", ""},
	{"gasse", "DE", "AT", "", ""}, {"ring", "DE", "AT", "NL", ""}, {"damm", "DE", "", "", ""}, {"ufer", "DE", "AT", "", ""}, {"steig", "DE", "AT", "", ""}, {"chaussee", "DE", "", "", ""}, {"promenade", "DE", "AT", "", ""},
	{"graben", "DE", "AT", "", ""}, {"zeile", "DE", "AT", "", ""}, {"markt", "DE", "AT", "NL", ""}, {"hof", "DE", "AT", "NL", ""}, {"berg", "DE", "AT", "", ""}, {"wall", "DE", "", "", ""}, {"kamp", "DE", "", "", ""}, {"tor", "DE", "AT", "", ""}, {"linden", "DE", "", "", ""},
	{"straat", "", "BE", "NL", ""}, {"laan", "", "BE", "NL", ""}, {"plein", "", "BE", "NL", ""}, {"gracht", "", "", "NL", ""}, {"kade", "", "", "NL", ""}, {"dreef", "", "BE", "NL", ""}, {"singel", "", "", "NL", ""},
	{"dijk", "", "", "NL", ""}, {"pad", "", "", "NL", ""}, {"steeg", "", "", "NL", ""}, {"steenweg", "", "BE", "", ""},
	{"gatan", "", "", "", "SE"}, {"vägen", "", "", "", "SE"}, {"gränd", "", "", "", "SE"}, {"torget", "", "NO", "", "SE"}, {"gata", "", "NO", "", ""}, {"gate", "", "NO", "", ""}, {"veien", "", "NO", "", ""}, {"vegen", "", "NO", "", ""},
	{"vej", "", "DK", "", ""}, {"gade", "", "DK", "", ""}, {"plads", "", "DK", "", ""}, {"katu", "FI", "", "", ""}, {"tie", "FI", "", "", ""},
}

// postcodeFirst reads, from its postcode, an address such as "Lange Straße 12a,
// 10115 Berlin" or "Kerkstraat 7, 1017 GA Amsterdam".
func postcodeFirst(text []byte, i int) (place, bool) {
	digits := 1
	for digit(at(text, i+digits)) && digits < 6 {
		digits++
	}
	if digits == 2 { // the second part of a postcode such as 111 51
		if i -= 4; i < 0 || text[i+3] != ' ' || !digit(text[i]) || !digit(text[i+1]) || !digit(text[i+2]) || word(at(text, i-1)) {
			return place{}, false
		}
		digits = 3
	}
	form, name := codeForm(text, i+digits, digits)
	if form == 0 || !capital(text, name) || text[name] >= 0xE2 {
		return place{}, false
	}
	start, sfx, ok := streetBefore(text, i)
	end := cityEnd(text, name)
	if !ok || end-name < 3 {
		return place{}, false
	}
	if sfx.text == "" { // a street without a street word
		return found(text, start, end, "", streetAlone)
	}
	country := [...]string{'5': sfx.five, '4': sfx.four, 'A': sfx.letters, 's': sfx.parted}[form]
	if form == '4' && (country == "AT" || country == "") && hasMarker(text[max(0, i-4):end], placesCH) {
		country = "CH"
	}
	if country == "" {
		return place{}, false
	}
	return found(text, start, end, country, withPostcode)
}

// codeForm tells which form the postcode has whose first digits end at i, and
// where the city begins: '5', '4', 'A' with letters, 's' parted.
func codeForm(text []byte, i, digits int) (form byte, city int) {
	switch digits {
	case 5:
		return '5', i + 1
	case 4:
		if b, e := at(text, i+1), at(text, i+2); b >= 'A' && b <= 'Z' && e >= 'A' && e <= 'Z' && at(text, i+3) == ' ' {
			return 'A', i + 4
		}
		return '4', i + 1
	}
	if digit(at(text, i+1)) && digit(at(text, i+2)) && at(text, i+3) == ' ' {
		return 's', i + 4
	}
	return 0, i
}

// countryLetters may stand before a postcode.
var countryLetters = [][]byte{[]byte("D-"), []byte("DE-"), []byte("A-"), []byte("AT-"), []byte("CH-"), []byte("NL-"), []byte("B-"), []byte("SE-"), []byte("S-"), []byte("DK-"), []byte("N-"), []byte("NO-"), []byte("FI-")}

// streetBefore reads the street and the house number before a postcode at i.
func streetBefore(text []byte, i int) (start int, s suffix, ok bool) {
	for _, letters := range countryLetters {
		if bytes.HasSuffix(text[:i], letters) && !word(at(text, i-len(letters)-1)) {
			i -= len(letters)
			break
		}
	}
	end := i
	for end > 0 && i-end < 5 && bytes.IndexByte([]byte(" ,\n\r|/\xC2\xB7"), text[end-1]) >= 0 {
		end--
	}
	end = floorBefore(text, end)
	if end == i {
		return 0, s, false
	}
	number := end
	for number > 0 && end-number <= longestHouse && (word(text[number-1]) || text[number-1] == '-' || text[number-1] == '/') {
		number--
	}
	if number < end && letter(text[number]) && end-number == 1 && at(text, number-1) == ' ' && digit(at(text, number-2)) {
		for number--; number > 0 && end-number <= longestHouse && digit(text[number-1]); {
			number-- // the letter stands apart: 12 a
		}
	}
	if _, ok = house(text, number); !ok || at(text, number-1) != ' ' {
		return 0, s, false
	}
	last := number - 1
	start = wordStartBefore(text, last)
	street := text[start:last]
	for _, known := range suffixes {
		if s = known; len(street) >= len(s.text) && equalFoldSuffix(street, s.text) {
			if len(street) == len(s.text) {
				start = namesBefore(text, start)
			}
			return start, s, start < last && capital(text, start)
		}
	}
	return start, suffix{}, len(street) > 4 && capital(text, start)
}

// floorBefore goes back over the floor of a Danish or Norwegian address, such as
// ", 4. tv.".
func floorBefore(text []byte, i int) int {
	from := max(0, i-16)
	comma := bytes.LastIndexByte(text[from:i], ',')
	if comma < 0 || !digit(at(text, from+comma+2)) || !bytes.Contains(text[from+comma:i], []byte(". ")) {
		return i
	}
	return from + comma
}

// equalFoldSuffix tells whether the street ends like that, with or without a point
// after "str".
func equalFoldSuffix(street []byte, s string) bool {
	return bytes.EqualFold(street[len(street)-len(s):], []byte(s))
}

// wordStartBefore returns the start of the word that ends at i.
func wordStartBefore(text []byte, i int) int {
	start := i
	for start > 0 && i-start < 48 && (letter(text[start-1]) || text[start-1] >= 0x80 || text[start-1] == '-' || text[start-1] == '.') {
		start--
	}
	return start
}

// namesBefore goes back over up to three words of a street's name.
func namesBefore(text []byte, i int) int {
	for range 3 {
		if at(text, i-1) != ' ' {
			break
		}
		start := wordStartBefore(text, i-1)
		if start == i-1 || !capital(text, start) {
			break
		}
		i = start
	}
	return i
}
