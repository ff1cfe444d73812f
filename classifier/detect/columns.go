package detect

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"daylight.internal/classifier"
)

const lexiconSource = "column names in the project's lexicon"

// columns are the detectors of values that only their column gives away.
func columns() []classifier.Detector {
	list := []classifier.Detector{
		{
			ID: "column_person_name", Name: "Name of a person, in a column of names", Identity: "person_name", Validator: "words of letters",
			Columns: []classifier.Column{column("person_name", true, personName, personNames()...)},
		},
		{
			ID: "column_address", Name: "Postal address, in a column of addresses", Validator: "letters with a number, or several words",
			Columns: []classifier.Column{column("address", true, postalAddress, addressNames()...)},
		},
		{
			ID: "column_postcode", Name: "Postcode or city, in a column of places", Validator: "two to nine digits",
			Columns: []classifier.Column{column("postcode", false, postcodeShape, postcodeNames()...)},
		},
		{
			ID: "column_national_id", Name: "Identity document number, in a column of such", Identity: "national_id", Validator: "five digits or more",
			Columns: []classifier.Column{column("national_id", true, hasDigits,
				"passport", "passport number", "passport no", "national insurance no", "identity number", "id number", "identity card", "driver license", "driving licence", "drivers license", "护照", "护照号", "护照号码",
				"загранпаспорт", "водительское удостоверение", "رقم الجواز", "جواز السفر", "reisepass", "ausweisnummer", "personalausweis", "passeport", "pasaporte", "passaporte", "passaporto")},
		},
		{
			ID: "column_customer_id", Name: "Customer number, in a column of such", Identity: "customer_id", Validator: "one word with a digit",
			Columns: []classifier.Column{column("customer_id", true, identifier, customerNumbers()...)},
		},
	}
	for i := range list {
		list[i].Class, list[i].Source, list[i].Confidence = personal, lexiconSource, 0.8
	}
	return list
}

// The longest name, in words and bytes.
const (
	mostNameWords = 6
	longestName   = 80
)

// personName is the shape of a name: a few words of letters, that begin with
// capitals where the script has them.
func personName(b []byte) bool {
	if len(b) > longestName || len(b) < 2 {
		return false
	}
	if answer := asciiName(b); answer >= 0 {
		return answer > 0
	}
	return foreignName(b)
}

// foreignName is personName for text of any script.
func foreignName(b []byte) bool {
	words, letters, start := 0, 0, true
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		i += size
		switch {
		case unicode.IsLetter(r):
			if start {
				words++
				if unicode.IsLower(r) && !particle(b[i-size:]) && words == 1 && hasUpper(b) {
					return false // camelCase
				}
			}
			letters++
			start = false
		case unicode.Is(unicode.M, r): // accents, and vowels of Indian scripts
		case r == ' ' || r == ',' || r == '·' || r == '・' || r == '(' || r == ')' || r == '　':
			start = true
		case r == '-' || r == '\'' || r == '’' || r == '.':
		default:
			return false // figures, underscores, signs
		}
	}
	return letters >= 2 && words <= mostNameWords
}

// The kinds of bytes in names of ASCII.
const (
	nameOther = iota
	nameCapital
	nameSmall
	nameBlank
	nameInner // of a word: "Hans-Peter", "O'Neil", "St."
)

var nameKinds = func() (t [256]uint8) {
	for b := range t {
		switch c := byte(b); {
		case c >= 'A' && c <= 'Z':
			t[b] = nameCapital
		case c >= 'a' && c <= 'z':
			t[b] = nameSmall
		case c == ' ' || c == ',' || c == '(' || c == ')':
			t[b] = nameBlank
		case c == '-' || c == '\'' || c == '.':
			t[b] = nameInner
		}
	}
	return t
}()

// asciiName is personName for ASCII: 1 for yes, 0 for no, -1 when b goes beyond it.
func asciiName(b []byte) int {
	words, letters, capitals, start, smallFirst := 0, 0, 0, true, -1
	for i, c := range b {
		switch kind := nameKinds[c]; kind {
		case nameCapital, nameSmall:
			if start {
				if words++; words == 1 && kind == nameSmall {
					smallFirst = i
				}
				start = false
			}
			letters++
			capitals += int(nameSmall - kind)
		case nameBlank:
			start = true
		case nameInner:
		default:
			if c >= utf8.RuneSelf {
				return -1
			}
			return 0
		}
	}
	if smallFirst >= 0 && capitals > 0 && !particle(b[smallFirst:]) || letters < 2 || words > mostNameWords {
		return 0
	}
	return 1
}

// particle tells whether a name begins with a word such as "de" or "van".
func particle(b []byte) bool {
	for _, p := range []string{"de ", "del ", "della ", "da ", "di ", "van ", "von ", "der ", "la ", "le ", "al", "bin ", "ibn ", "ter ", "ten ", "d'"} {
		if bytes.HasPrefix(b, []byte(p)) {
			return true
		}
	}
	return false
}

func hasUpper(b []byte) bool { return bytes.IndexFunc(b, unicode.IsUpper) >= 0 }

// postalAddress is the shape of an address: letters, and a number or several words.
func postalAddress(b []byte) bool {
	letters, figures, blanks, foreign := false, false, 0, 0
	for i := 0; i < len(b); {
		if c := b[i]; c < utf8.RuneSelf {
			switch {
			case letter(c):
				letters = true
			case digit(c):
				figures = true
			case c == ' ':
				blanks++
			case c == '@':
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		i += size
		switch {
		case unicode.IsLetter(r):
			letters = true
			if size == 3 {
				foreign++
			}
		case unicode.IsDigit(r):
			figures = true
		}
	}
	return letters && (figures && (blanks > 0 || foreign > 3) || blanks >= 2 || foreign >= 6) && !bytes.HasPrefix(b, []byte("http"))
}

// postcodeShape is the shape of a postcode, or of one with its place.
func postcodeShape(b []byte) bool {
	figures := 0
	for _, c := range b {
		switch {
		case digit(c):
			figures++
		case c == '.' || c == ',' || c == '_' || c == '%' || c == '@' || c == ':':
			return false
		}
	}
	return figures >= 2 && figures <= 9 && len(b) <= 40
}

// identifier is the shape of a number or key: a single word with a figure.
func identifier(b []byte) bool {
	figures := false
	for _, c := range b {
		if c == ' ' || c == '@' {
			return false
		}
		figures = figures || digit(c)
	}
	return figures && len(b) >= 2 && len(b) <= 64
}
