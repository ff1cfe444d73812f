package corpus

import "strings"

// The check digits of this package are worked out here, apart from
// classifier/checksum, from the rules as their issuers publish them.

// sumOf adds up digits times weights, from the left.
func sumOf(digits string, weights ...int) int {
	sum := 0
	for i, weight := range weights {
		sum += int(digits[i]-'0') * weight
	}
	return sum
}

// valueSum is sumOf where letters count A = 10 to Z = 35.
func valueSum(text string, weights ...int) int {
	sum := 0
	for i, weight := range weights {
		sum += valueOf(text[i]) * weight
	}
	return sum
}

// valueOf is 0 to 9 for digits, 10 to 35 for letters, 0 for the filler "<".
func valueOf(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	case c >= '0' && c <= '9':
		return int(c - '0')
	}
	return 0
}

// again calls make until it returns something: bodies whose check digit cannot be
// written are not given out.
func again(make func() string) string {
	for {
		if s := make(); s != "" {
			return s
		}
	}
}

// remainder returns the number in decimal modulo m; letters count as two digits.
func remainder(text string, m int) int {
	r := 0
	for i := range len(text) {
		if v := valueOf(text[i]); v >= 10 {
			r = (r*100 + v) % m
		} else {
			r = (r*10 + v) % m
		}
	}
	return r
}

// withLuhn appends the check digit of ISO/IEC 7812-1.
func withLuhn(body string) string { return body + itoa(luhnDigit(body)) }

// hybridDigit returns the check digit of ISO/IEC 7064 modulus 11,10.
func hybridDigit(body string) int {
	product := 10
	for i := range len(body) {
		sum := (int(body[i]-'0') + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = 2 * sum % 11
	}
	return (11 - product) % 10
}

// verhoeffDigit returns the check digit by Verhoeff's method, in the dihedral
// group of order ten.
func verhoeffDigit(body string) int {
	multiply := func(a, b int) int {
		switch {
		case a < 5 && b < 5:
			return (a + b) % 5
		case a < 5:
			return 5 + (a+b-5)%5
		case b < 5:
			return 5 + (a-5-b+5)%5
		}
		return (a - b + 5) % 5
	}
	permutation := [10]int{1, 5, 7, 6, 2, 8, 3, 0, 9, 4}
	c := 0
	for i := range len(body) {
		d := int(body[len(body)-1-i] - '0')
		for range (i + 1) % 8 {
			d = permutation[d]
		}
		c = multiply(c, d)
	}
	for d := range 10 {
		if multiply(c, d) == 0 {
			return d
		}
	}
	return 0
}

// documentDigit returns the check digit of ICAO Doc 9303 part 3: weights 7, 3, 1.
func documentDigit(text string) string {
	sum := 0
	for i := range len(text) {
		sum += valueOf(text[i]) * []int{7, 3, 1}[i%3]
	}
	return itoa(sum % 10)
}

// digitSums adds up the digits of each product.
func digitSums(digits string, weights ...int) int {
	sum := 0
	for i, weight := range weights {
		product := int(digits[i]-'0') * weight
		sum += product/10 + product%10
	}
	return sum
}

// grouped cuts a text into groups and joins them: grouped("123456789", "-", 3, 2, 4).
func grouped(text, separator string, lengths ...int) string {
	var b strings.Builder
	for i, n := range lengths {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(text[:n])
		text = text[n:]
	}
	return b.String() + text
}

// birth returns a birth date, as year, month and day.
func (w *writer) birth() (year, month, day int) {
	return w.between(1940, 2007), w.between(1, 12), w.between(1, 28)
}

// yymmdd and ddmmyy return a birth date in six digits.
func (w *writer) yymmdd() string {
	y, m, d := w.birth()
	return pad(y%100, 2) + pad(m, 2) + pad(d, 2)
}

func (w *writer) ddmmyy() string {
	y, m, d := w.birth()
	return pad(d, 2) + pad(m, 2) + pad(y%100, 2)
}
