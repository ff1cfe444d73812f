package detect

import (
	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// travelDocuments returns what stands in the lines that machines read.
func travelDocuments() []classifier.Detector {
	return []classifier.Detector{{
		ID: "passport_mrz", Name: "Machine-readable zone of a passport or identity card", Class: personal, Identity: "passport",
		Source: "ICAO Doc 9303, parts 3 to 7", Validator: "check digits of ICAO 9303, sex, date of expiry",
		Literals: openings(), Anchor: classifier.AnchorWord, Match: matchMRZ,
		Examples: []string{
			"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
			"L898902C36UTO7408122F1204159ZE184226B<<<<<10",
			"I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
			"I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
			"D231458907UTO7408122F1204159<<<<<<<6",
		},
		NearMisses: []string{
			"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C37UTO7408122F1204159ZE184226B<<<<<10", "L898902C36UTO7408123F1204159ZE184226B<<<<<10",
			"L898902C36UTO7408122F1204159ZE184226B<<<<<11", "L898902C36UTO7408122F1204159ZE184226B<<<<<1", "l898902c36uto7408122f1204159ze184226b<<<<<10",
			"I<UTOD231458908<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6", "7408122F1204159UTO<<<<<<<<<<<6",
		},
	}}
}

// openings are how the first line may begin: the kind of document, a filler and
// the first letter of the issuing state, or ID and a state. Passports of other
// kinds are found by their second line.
func openings() []string {
	list := []string{"P<", "V<", "I<", "A<", "C<"}
	for _, state := range []string{
		"D<<", "AUT", "BEL", "BGR", "CHE", "CYP", "CZE", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN", "IRL", "ISL", "ITA", "LIE", "LTU", "LUX", "LVA", "MLT", "NLD", "NOR", "POL", "PRT", "ROU",
		"SRB", "SVK", "SVN", "SWE", "TUR", "UKR", "UTO",
	} {
		list = append(list, "ID"+state)
	}
	return list
}

// The lengths of a line of the three sizes of documents.
const (
	lineTD1 = 30
	lineTD2 = 36
	lineTD3 = 44
)

// mrzByte tells whether c may stand in a machine-readable zone.
func mrzByte(c byte) bool { return c >= 'A' && c <= 'Z' || digit(c) || c == '<' }

// mrzLine returns the line at i, nil when it is of no known length.
func mrzLine(text []byte, i int) []byte {
	end := i
	for end < len(text) && end-i <= lineTD3 && mrzByte(text[end]) {
		end++
	}
	if n := end - i; n == lineTD1 || n == lineTD2 || n == lineTD3 {
		return text[i:end]
	}
	return nil
}

// nextLine returns where the text goes on after the end of a line, real or escaped.
func nextLine(text []byte, i int) int {
	for n := 0; n < 4; n++ {
		switch at(text, i) {
		case '\r', '\n', ' ':
			i++
		case '\\':
			i += 2
		default:
			return i
		}
	}
	return i
}

// matchMRZ reads the data line of a passport or of an older identity card, with
// or without the name line above it, or the first two lines of a newer card.
func matchMRZ(c *classifier.Candidate) bool {
	text := c.Text
	if c.At > 0 && (word(text[c.At-1]) || text[c.At-1] == '<') || !mrzByte(text[c.At]) || !mrzByte(at(text, c.At+lineTD1-1)) {
		return false
	}
	line := mrzLine(text, c.At)
	if line == nil {
		return false
	}
	c.End = c.At + len(line)
	if dataLine(line) {
		c.Value = appendDocument(c.Value, line[:9])
		return true
	}
	if line[0] < 'A' || line[0] > 'V' {
		return false
	}
	from := nextLine(text, c.End)
	second := mrzLine(text, from)
	switch {
	case len(second) != len(line):
		return false
	case len(line) != lineTD1:
		if !dataLine(second) {
			return false
		}
		c.Value = appendDocument(c.Value, second[:9])
	case !cardLines(line, second):
		return false
	default:
		c.Value = appendDocument(c.Value, line[5:14])
	}
	c.End = from + len(second)
	return true
}

// checked tells whether c is the check digit of b. A filler stands for 0.
func checked(b []byte, c byte) bool {
	if c == '<' {
		c = '0'
	}
	return checksum.ICAO9303(b) == int(c)-'0'
}

// dataLine checks the second line of a passport (TD3) or of a card of two lines
// (TD2): number, birth date, sex, expiry, and the digit over all of them.
func dataLine(line []byte) bool {
	n := len(line)
	if n == lineTD1 || !holder(line[13:28]) || !checked(line[:9], line[9]) {
		return false
	}
	var all [lineTD3]byte
	fields := append(append(append(all[:0], line[:10]...), line[13:20]...), line[21:n-1]...)
	if n == lineTD3 && !checked(line[28:42], line[42]) {
		return false
	}
	return checked(fields, line[n-1])
}

// cardLines checks the first two lines of a card of three (TD1). A number longer
// than nine characters goes on behind a filler and is read without its own digit.
func cardLines(first, second []byte) bool {
	if first[14] != '<' && !checked(first[5:14], first[14]) || !holder(second[:15]) {
		return false
	}
	var all [2 * lineTD1]byte
	fields := append(append(append(append(all[:0], first[5:]...), second[:7]...), second[8:15]...), second[18:29]...)
	return checked(fields, second[29])
}

// holder checks birth date, sex and expiry: yymmdd, digit, sex, yymmdd, digit.
func holder(b []byte) bool {
	if sex := b[7]; sex != 'F' && sex != 'M' && sex != 'X' && sex != '<' {
		return false
	}
	return checked(b[:6], b[6]) && checked(b[8:14], b[14]) && checksum.Digits(b[8:14]) && checksum.Digits(b[:2]) &&
		shortDate(pair(b, 8), pair(b, 10), pair(b, 12))
}

// appendDocument appends the number of the document without fillers.
func appendDocument(dst, number []byte) []byte {
	for _, c := range number {
		if c != '<' {
			dst = append(dst, c)
		}
	}
	return dst
}
