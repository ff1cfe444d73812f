package detect

import (
	"bytes"

	"daylight.internal/classifier"
)

// britishCodes are the forms of British postcodes, by which an address is found
// whose street has no street word: "2 Baxtergate, Whitby YO21 1BL".
var britishCodes = []string{"Ad dAA", "Add dAA", "AdA dAA", "AAd dAA", "AAdd dAA", "AAdA dAA"}

// longestCode is the length of the longest of them.
const longestCode = len("AAdA dAA")

// confirmPostcodeLast looks, when only a postcode was read, for the rest of the
// address before it: a house number and names.
func confirmPostcodeLast(c *classifier.Candidate) bool {
	text := c.Text
	if c.End-c.Start > longestCode || !letter(text[c.Start]) {
		return true // an address
	}
	start, ok := namesBeforeCode(text, c.Start)
	if !ok || c.Start-start > farthest {
		return false
	}
	c.Country, c.Confidence, c.Value = "GB", withPostcode, c.Value[:0]
	return take(c, start, c.End)
}

// namesBeforeCode goes back over names with capitals, parted by blanks, commas
// and line ends, to the house number. There is a comma or line end between
// street and city.
func namesBeforeCode(text []byte, i int) (start int, ok bool) {
	parts, names := 0, 0
	for end := i; i-end < longestHead; {
		from := end
		for end > 0 && from-end < 3 && bytes.IndexByte([]byte(" ,\n\r"), text[end-1]) >= 0 {
			if end--; text[end] == ',' || text[end] == '\n' {
				parts++
			}
		}
		if start = end; from == end {
			return 0, false
		}
		for start > 0 && end-start < longestStreetWord && (word(text[start-1]) || text[start-1] >= 0x80 || bytes.IndexByte([]byte("'.-/"), text[start-1]) >= 0) {
			start--
		}
		switch {
		case start == end:
			return 0, false
		case digit(text[start]):
			last, ok := house(text, start)
			return start, ok && last == end && names > 1 && parts > 0
		case !capital(text, start) && end-start > 4:
			return 0, false
		}
		names++
		end = start
	}
	return 0, false
}
