// Package checksum holds the check-digit algorithms that identifiers share.
//
// Unless a comment says otherwise, arguments are ASCII digits without
// separators, most significant first, check digit last; other bytes give false.
package checksum

// Digits tells whether b is not empty and holds ASCII digits alone.
func Digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// Uniform tells whether all bytes of b are equal, as in numbers that people
// make up.
func Uniform(b []byte) bool {
	for _, c := range b {
		if c != b[0] {
			return false
		}
	}
	return true
}

// Luhn checks ISO/IEC 7812-1, annex B.
func Luhn(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	sum, double := uint(0), len(b)%2 == 0
	for _, c := range b {
		d := c - '0'
		if d > 9 {
			return false
		}
		if double {
			d = doubledDigits[d]
		}
		sum += uint(d)
		double = !double
	}
	return sum%10 == 0
}

// doubledDigits holds for each digit the sum of the digits of its double.
const doubledDigits = "\x00\x02\x04\x06\x08\x01\x03\x05\x07\x09"

// Weighted returns the sum of the digits times their weights; digits beyond the
// weights do not count.
func Weighted(b []byte, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(b[i]-'0') * w
	}
	return sum
}

// Mod returns the number that the digits spell, modulo m.
func Mod(b []byte, m int) int {
	r := 0
	for _, c := range b {
		r = (r*10 + int(c-'0')) % m
	}
	return r
}

// Mod97 checks ISO/IEC 7064 mod 97-10 over digits and capital letters (A is
// 10): the remainder must be 1.
func Mod97(b []byte) bool {
	r := 0
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			r = (r*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			r = (r*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return r == 1
}

// Mod11_10 checks ISO/IEC 7064 mod 11,10.
func Mod11_10(b []byte) bool {
	if !Digits(b) || len(b) < 2 {
		return false
	}
	p := 10
	for _, c := range b[:len(b)-1] {
		s := (int(c-'0') + p) % 10
		if s == 0 {
			s = 10
		}
		p = s * 2 % 11
	}
	return (p+int(b[len(b)-1]-'0'))%10 == 1
}

// Mod11_2 checks ISO/IEC 7064 mod 11-2; the last byte may be X for ten.
func Mod11_2(b []byte) bool {
	if len(b) < 2 || !Digits(b[:len(b)-1]) {
		return false
	}
	p := 0
	for _, c := range b[:len(b)-1] {
		p = (p + int(c-'0')) * 2 % 11
	}
	last := b[len(b)-1]
	if last == 'X' {
		return (p+10)%11 == 1
	}
	return last >= '0' && last <= '9' && (p+int(last-'0'))%11 == 1
}

var verhoeffProduct = [10][10]byte{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
	{2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
	{4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
	{6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
	{8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
}

var verhoeffPermutation = [8][10]byte{
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
	{5, 8, 0, 3, 7, 9, 6, 1, 4, 2}, {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
	{9, 4, 5, 3, 1, 2, 6, 8, 7, 0}, {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
	{2, 7, 9, 3, 8, 0, 6, 4, 1, 5}, {7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
}

// Verhoeff checks J. Verhoeff, Error Detecting Decimal Codes (1969).
func Verhoeff(b []byte) bool {
	if !Digits(b) {
		return false
	}
	c := byte(0)
	for i := range b {
		c = verhoeffProduct[c][verhoeffPermutation[i%8][b[len(b)-1-i]-'0']]
	}
	return c == 0
}

// Date tells whether year, month and day can be the birth date of somebody alive
// in this or the last century.
func Date(year, month, day int) bool {
	if year < 1880 || year > 2060 || month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		days = 29
	}
	return day <= days
}
