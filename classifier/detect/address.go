package detect

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// An address in running text is found by its street word ("Street", "rue", «ул.»,
// "شارع"), by its region (Chinese, Japanese, Korean) or by its postcode (German and
// Dutch, whose street words end other words). It takes a house number, and a
// postcode or a known city to be sure; with the number alone it needs context.

// streets are the street words of one language, and how an address goes on there.
type streets struct {
	words []string // in small letters
	parse func(c *classifier.Candidate, end int, s *streets) (place, bool)
	// adjectives: a street may be named by the word before, as in «Невский проспект».
	adjectives bool
	// codes are the postcodes that may follow, and cities the places that are
	// enough without one, by country.
	codes  []postcode
	cities map[string]string
	filter placeFilter
	// notes are the first two of the notes of the language: of what follows a
	// street, and of what stands before it.
	notes int
}

// place is an address that was read.
type place struct {
	start, end int
	country    string // "" when only the language is known
	confidence float64
}

// The bounds of an address.
const (
	longestStreetWord = 32
	longestTail       = 110 // bytes from street and number to the end of the address
	longestHead       = 80  // bytes from the start of the address to the street
	longestHouse      = 8   // bytes of a house number
	farthest          = 92  // bytes from the start of the address to where it is found
	mostStreetWords   = 6
)

// What it costs to read an address from a street word, a postcode, a region.
const (
	streetSteps   = 8
	postcodeSteps = 4
	regionSteps   = 4
)

// The confidence in an address with a postcode, with a city, and with neither.
const (
	withPostcode = 0.9
	withCity     = 0.85
	streetAlone  = 0.7
)

func addresses() []classifier.Detector {
	byWord := streetWords{}
	var literals []string
	for i, s := range languages() {
		s.filter, s.notes = filterOf(s), 2*i
		for _, w := range s.words {
			literals = append(literals, w)
			byWord.add(strings.TrimRight(w, " ,"), s)
		}
	}
	index := indexRegions()
	for _, names := range regions {
		literals = append(literals, strings.Fields(names)...)
	}
	slices.Sort(literals)
	literals = slices.Compact(literals)
	return []classifier.Detector{{
		ID: "postal_address", Name: "Postal address", Class: personal, Confidence: withCity,
		Source: "UPU, addressing systems; national address formats", Validator: "house number with a street word, region or postcode; city or postcode, else context", Context: addressContext,
		Literals: literals, Figure: 192, Anchor: classifier.AnchorPostcode, Layouts: britishCodes, Confirm: confirmPostcodeLast,
		Match: func(c *classifier.Candidate) bool {
			a, ok := place{}, false
			switch first := c.Text[c.At]; {
			case digit(first):
				a, ok = postcodeFirst(c.Text, c.At)
				c.Steps = postcodeSteps
			case first >= 0xE3:
				a, ok = regionFirst(c, &index)
				c.Steps += regionSteps
			default:
				a, ok = street(c, byWord)
			}
			c.Country, c.Confidence, c.NeedsContext = a.country, a.confidence, a.confidence == streetAlone
			return ok && c.At-a.start <= farthest && take(c, a.start, a.end)
		},
		Columns: []classifier.Column{column("address", true, nil)}, Yields: true,
		Mask:     func(string) string { return "***" },
		Examples: addressExamples, NearMisses: addressNearMisses,
	}, postcodes()}
}

// addressContext holds words that say that an address follows.
var addressContext = []string{
	"address", "addr", "lives at", "live at", "living at", "resides", "residing", "residence", "ship to", "shipping", "deliver", "delivery", "mail to", "mailing", "moved to", "home",
	"adresse", "anschrift", "wohnhaft", "wohnt", "lieferadresse", "domicilié", "domiciliée", "habite", "demeurant", "livraison", "livrer", "dirección", "domicilio", "vive en", "envío", "entrega",
	"indirizzo", "residente", "abita", "spedizione", "endereço", "morada", "reside", "mora na", "adres", "zamieszkały", "zamieszkała", "woonachtig", "woont", "ikamet", "adresi", "oturuyor",
	"адрес", "адресу", "проживает", "проживающий", "проживающая", "прописан", "прописана", "зарегистрирован", "зарегистрирована", "живет", "доставка", "доставить", "адреса", "мешкає", "проживає",
	"地址", "住址", "住在", "送货", "收货", "寄到", "送到", "配送", "住所", "주소", "العنوان", "عنوان", "يسكن", "تسكن", "يقيم", "تقيم", "توصيل", "पता",
}

// streetWords are the languages of each street word: of the word alone, with a point
// behind it, and with a slash.
type streetWords map[string]*[3][]*streets

// The ways of writing a street word.
const (
	plainWord = iota
	pointedWord
	slashedWord
)

// wordForm tells how the word is written that text[:end] ends with, and where it
// ends without its point or slash.
func wordForm(text []byte, end int) (form, plain int) {
	switch text[end-1] {
	case '.':
		return pointedWord, end - 1
	case '/':
		return slashedWord, end - 1
	}
	return plainWord, end
}

func (w streetWords) add(word string, s *streets) {
	form, end := wordForm([]byte(word), len(word))
	if w[word[:end]] == nil {
		w[word[:end]] = new([3][]*streets)
	}
	if list := &w[word[:end]][form]; !slices.Contains(*list, s) {
		*list = append(*list, s)
	}
}

// street looks the word at i up and reads the address around it, in the language
// that is the surest of it.
func street(c *classifier.Candidate, byWord streetWords) (place, bool) {
	text, i := c.Text, c.At
	if letterBefore(text, i) {
		return place{}, false
	}
	var buffer [longestStreetWord]byte
	end := streetWordEnd(text, i)
	form, plain := wordForm(text, end)
	forms := byWord[string(smallLetters(buffer[:0], text[i:plain]))]
	if forms == nil {
		return place{}, false
	}
	if form != plainWord {
		if best, ok := surest(c, end, forms[form]); ok {
			return best, true
		}
	}
	return surest(c, plain, forms[plainWord])
}

// surest reads the address around the street word that ends at end.
func surest(c *classifier.Candidate, end int, languages []*streets) (best place, ok bool) {
	for _, s := range languages {
		c.Steps += streetSteps
		if a, found := s.parse(c, end, s); found && a.confidence > best.confidence {
			best, ok = a, true
		}
	}
	return best, ok
}

// letterBefore tells whether a letter or digit of any script ends at i.
func letterBefore(text []byte, i int) bool {
	if b := at(text, i-1); b < utf8.RuneSelf {
		return word(b)
	}
	before, _ := utf8.DecodeLastRune(text[max(0, i-utf8.UTFMax):i])
	return unicode.IsLetter(before) || unicode.IsDigit(before)
}

// streetWordEnd returns the end of the letters at i, with a point or slash behind.
func streetWordEnd(text []byte, i int) int {
	end := lettersEnd(text, i, longestStreetWord-2)
	if b := at(text, end); b == '.' || b == '/' {
		end++
	} else if b == '-' {
		end = lettersEnd(text, end+1, 4)
	}
	return end
}

// lettersEnd returns the end of the letters at i: ASCII, and any other script.
func lettersEnd(text []byte, i, limit int) int {
	end := min(len(text), i+limit)
	for i < end && (letter(text[i]) || text[i] >= 0x80) {
		i++
	}
	return i
}

// smallLetters appends text in small letters.
func smallLetters(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		if b := text[i]; b < utf8.RuneSelf && len(dst) < longestStreetWord {
			dst = append(dst, lower(b))
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if len(dst)+size > longestStreetWord {
			return dst
		}
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
		i += size
	}
	return dst
}

// capital tells whether a capital letter stands at i.
func capital(text []byte, i int) bool {
	if b := at(text, i); b < 0x80 {
		return b >= 'A' && b <= 'Z'
	}
	r, _ := utf8.DecodeRune(text[i:])
	return unicode.IsUpper(r)
}

// house reads a house number at i, such as 12, 221B, 12-14, 10/3, and returns its end.
func house(text []byte, i int) (int, bool) {
	end := i
	for end < len(text) && end-i <= longestHouse && (word(text[end]) || (text[end] == '/' || text[end] == '-') && word(at(text, end+1))) {
		end++
	}
	if end == i || end-i > longestHouse || !digit(text[i]) {
		return i, false
	}
	digits, letters := 0, 0
	for _, b := range text[i:end] {
		switch {
		case digit(b):
			digits++
		case letter(b):
			letters++
		}
	}
	first := 0
	for first < end-i && digit(text[i+first]) {
		first++
	}
	return end, first <= 5 && letters <= 2 && text[i] != '0' && at(text, end) != '%' && at(text, end) != ':' && !(at(text, end) == '.' && digit(at(text, end+1)))
}

// houseBefore returns where the house number begins that ends before i, with one
// blank or comma and blank between.
func houseBefore(text []byte, i int) (int, bool) {
	end := i
	for end > 0 && i-end < 2 && (text[end-1] == ' ' || text[end-1] == ',') {
		end--
	}
	start := end
	for start > 0 && end-start <= longestHouse && (word(text[start-1]) || text[start-1] == '/' || text[start-1] == '-') {
		start--
	}
	if end == i || start == end || at(text, start-1) >= 0x80 || at(text, start-1) == '.' || at(text, start-1) == '$' || at(text, start-1) == ',' && digit(at(text, start-2)) {
		return 0, false
	}
	last, ok := house(text, start)
	return start, ok && last == end
}

// found returns the address without what ends its line or sentence.
func found(text []byte, start, end int, country string, confidence float64) (place, bool) {
	for end > start && bytes.IndexByte([]byte(" ,.\r\n"), text[end-1]) >= 0 {
		end--
	}
	return place{start, end, country, confidence}, true
}
