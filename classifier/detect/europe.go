package detect

import (
	"slices"

	"daylight.internal/classifier"
	"daylight.internal/classifier/checksum"
)

// europe returns the national numbers of Europe, with those of Russia, Ukraine
// and Türkiye.
func europe() []classifier.Detector {
	return slices.Concat(
		britain(), france(), germanSpeaking(), italy(), iberia(), benelux(), nordic(), baltic(), centralEurope(), balkans(),
		russia(), ukraine(), europeanPlates(), valueAddedTax(), travelDocuments(),
	)
}

// pair is the number that the two digits at i spell.
func pair(b []byte, i int) int { return int(b[i]-'0')*10 + int(b[i+1]-'0') }

// shortDate tells whether two digits of a year, a month and a day can be a birth
// date in this or the last century.
func shortDate(year, month, day int) bool {
	return checksum.Date(1900+year, month, day) || checksum.Date(2000+year, month, day)
}

// twoRounds returns the check digit of EE, LT and BG numbers: the sum under the
// first weights mod 11 or, when that is ten, under the second, where ten is 0.
func twoRounds(first, second int) int {
	if check := first % 11; check < 10 {
		return check
	}
	return second % 11 % 10
}

// last is the value of the last digit.
func last(b []byte) int { return int(b[len(b)-1] - '0') }
