package checksum

// Complement11 is the digit that follows numbers with a weighted sum under the
// rule of most modulus 11 schemes: eleven less the remainder, nought in place of
// ten and eleven.
func Complement11(sum int) int {
	if r := sum % 11; r > 1 {
		return 11 - r
	}
	return 0
}

// LuhnExpanded checks the Luhn digit over digits and capital letters that are
// written as two digits each (A is 10), as ISO 6166 has it for securities.
func LuhnExpanded(b []byte) bool {
	sum, double := 0, false
	add := func(d int) {
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, double = sum+d, !double
	}
	for i := len(b) - 1; i >= 0; i-- {
		v := Value(b[i])
		if v < 0 {
			return false
		}
		add(v % 10)
		if v >= 10 {
			add(v / 10)
		}
	}
	return len(b) > 1 && sum%10 == 0
}

// Luhn36 checks the Luhn algorithm modulo 36 over digits and capital letters, as
// annex to the Indian CGST rules has it for tax numbers.
func Luhn36(b []byte) bool {
	sum := 0
	for i := range b {
		v := Value(b[len(b)-1-i])
		if v < 0 {
			return false
		}
		if i%2 == 1 {
			v *= 2
			v = v/36 + v%36
		}
		sum += v
	}
	return len(b) > 1 && sum%36 == 0
}
