package checksum

// Value returns the value of a digit or a capital letter (A is 10), as ICAO 9303
// and ISO/IEC 7064 count them; 0 for the filler "<", -1 for any other byte.
func Value(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10
	case c == '<':
		return 0
	}
	return -1
}

// ICAO9303 returns the check digit, 0 to 9, over digits, capital letters and
// fillers: weights 7, 3, 1 (ICAO Doc 9303-3, 4.9); -1 when another byte occurs.
func ICAO9303(b []byte) int {
	sum := 0
	for i, c := range b {
		v := Value(c)
		if v < 0 {
			return -1
		}
		sum += v * [...]int{7, 3, 1}[i%3]
	}
	return sum % 10
}

// LuhnAlphanumeric checks ISO/IEC 7812-1 where capital letters count as A = 10 up
// to Z = 35, and a doubled value above nine loses nine.
func LuhnAlphanumeric(b []byte) bool {
	sum := 0
	for i := range b {
		v := Value(b[len(b)-1-i])
		if v < 0 {
			return false
		}
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return len(b) > 1 && sum%10 == 0
}

// CrossSum returns the sum of the decimal digits of n, which is not negative.
func CrossSum(n int) int {
	sum := 0
	for ; n > 0; n /= 10 {
		sum += n % 10
	}
	return sum
}
