package detect

import (
	"daylight.internal/classifier/checksum"
)

// The checks of VAT numbers without their prefix, of a length that vatRules
// allows. Their source is the structure that VIES publishes and, for the check
// digits, the algorithms that the national administrations told the European
// Commission.

// digitsAnd asks for digits alone before the check, which relies on them.
func digitsAnd(check func([]byte) bool) func([]byte) bool {
	return func(b []byte) bool { return checksum.Digits(b) && check(b) }
}

// complement is the digit that brings sum to a multiple of ten.
func complement(sum int) int { return (10 - sum%10) % 10 }

// crossLuhn is the sum of digits of which every second, from the second on, is doubled.
func crossLuhn(b []byte) int {
	sum := 0
	for i, c := range b {
		sum += checksum.CrossSum(int(c-'0') * (1 + i%2))
	}
	return sum
}

func vatAT(b []byte) bool {
	return b[0] == 'U' && checksum.Digits(b[1:]) && complement(crossLuhn(b[1:8])+4) == last(b)
}

func vatBE(b []byte) bool {
	return checksum.Digits(b) && b[0] <= '1' && number(b[:8]) > 0 && 97-number(b[:8])%97 == number(b[8:])
}

// vatBG checks the nine digits of legal persons, or the ten of citizens,
// foreigners and others.
func vatBG(b []byte) bool {
	if !checksum.Digits(b) || checksum.Uniform(b) {
		return false
	}
	if len(b) == 9 {
		return twoRounds(checksum.Weighted(b, 1, 2, 3, 4, 5, 6, 7, 8), checksum.Weighted(b, 3, 4, 5, 6, 7, 8, 9, 10)) == last(b)
	}
	other := 11 - checksum.Weighted(b, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11
	return egn(b) || checksum.Weighted(b, 21, 19, 17, 13, 11, 9, 7, 3, 1)%10 == last(b) || other != 10 && other%11 == last(b)
}

func vatCY(b []byte) bool {
	if !checksum.Digits(b[:8]) || !letter(b[8]) || string(b[:2]) == "12" {
		return false
	}
	sum := 0
	for i, c := range b[:8] {
		if i%2 == 0 {
			sum += oddValues[c-'0']
		} else {
			sum += int(c - '0')
		}
	}
	return b[8] == byte('A'+sum%26)
}

// vatCZ checks the eight digits of legal persons, the nine that open with a 6 of
// special cases, or a birth number.
func vatCZ(b []byte) bool {
	if !checksum.Digits(b) {
		return false
	}
	switch {
	case len(b) == 8:
		check := 11 - checksum.Weighted(b, 8, 7, 6, 5, 4, 3, 2)%11
		return b[0] != '9' && check%10 == last(b)
	case len(b) == 9 && b[0] == '6':
		rest := checksum.Weighted(b[1:], 8, 7, 6, 5, 4, 3, 2) % 11
		return (8-(10-rest+10)%11+10)%10 == last(b)
	}
	return rodneCislo(b)
}

func vatDE(b []byte) bool { return b[0] != '0' && checksum.Mod11_10(b) }

func vatDK(b []byte) bool {
	return checksum.Digits(b) && b[0] != '0' && checksum.Weighted(b, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0
}

func vatEE(b []byte) bool {
	return checksum.Digits(b) && b[0] == '1' && checksum.Weighted(b, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0
}

// vatES is the number of a person or of a legal person.
func vatES(b []byte) bool {
	switch {
	case checksum.Digits(b[:8]) && letter(b[8]):
		return dni(b)
	case !checksum.Digits(b[1:8]) || !letter(b[0]):
		return false
	case b[0] >= 'X' && b[0] <= 'Z':
		return nie(b)
	case b[0] == 'K' || b[0] == 'L' || b[0] == 'M':
		return b[8] == dniLetters[number(b[1:8])%23]
	}
	return cif(b)
}

func vatFI(b []byte) bool {
	return checksum.Digits(b) && checksum.Weighted(b, 7, 9, 10, 5, 8, 4, 2, 1)%11 == 0 && !checksum.Uniform(b)
}

// vatFR checks the SIREN and the key of two digits before it; keys with letters,
// reserved by law, were never made known to be in use.
func vatFR(b []byte) bool {
	if !checksum.Digits(b) || (number(b[:2])+97-(number(b[2:])*100+12)%97)%97 != 0 {
		return false
	}
	return siren(b[2:]) || string(b[2:5]) == "000" // Monaco
}

func vatHR(b []byte) bool { return checksum.Mod11_10(b) && !checksum.Uniform(b) }

func vatHU(b []byte) bool {
	return checksum.Digits(b) && checksum.Weighted(b, 9, 7, 3, 1, 9, 7, 3, 1)%10 == 0 && number(b) > 0
}

// vatIE checks the number as the PPS number it is, or one of the old shape, with a
// letter in the second place.
func vatIE(b []byte) bool {
	if checksum.Digits(b[:7]) {
		for _, c := range b[7:] {
			if !letter(c) {
				return false
			}
		}
		return pps(b)
	}
	if len(b) != 8 || !digit(b[0]) || !letter(b[1]) || !checksum.Digits(b[2:7]) || !letter(b[7]) {
		return false
	}
	sum := checksum.Weighted(b[2:7], 7, 6, 5, 4, 3) + 2*int(b[0]-'0')
	return "WABCDEFGHIJKLMNOPQRSTUV"[sum%23] == b[7]
}

// vatLT checks the nine digits of legal persons, or the twelve of others; the
// digit before the last is a one.
func vatLT(b []byte) bool {
	if !checksum.Digits(b) || b[len(b)-2] != '1' {
		return false
	}
	first, second := 0, 0
	for i, c := range b[:len(b)-1] {
		first += int(c-'0') * (1 + i%9)
		second += int(c-'0') * (1 + (i+2)%9)
	}
	return twoRounds(first, second) == last(b)
}

func vatLU(b []byte) bool {
	return checksum.Digits(b) && number(b[:6])%89 == number(b[6:]) && number(b) > 0
}

// vatLV checks the number of a legal person, or a personal code.
func vatLV(b []byte) bool {
	if !checksum.Digits(b) {
		return false
	}
	if b[0] > '3' {
		return checksum.Weighted(b, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)%11 == 3
	}
	return !dateless(b) && latvianCode(b)
}

func vatMT(b []byte) bool {
	return checksum.Digits(b) && b[0] != '0' && checksum.Weighted(b, 3, 4, 6, 7, 8, 9, 10, 1)%37 == 0
}

// vatNL checks the eleven test or, for the numbers of persons since 2020,
// ISO/IEC 7064 mod 97-10 with the prefix.
func vatNL(b []byte) bool {
	if b[9] != 'B' || !checksum.Digits(b[:9]) || !checksum.Digits(b[10:]) || number(b[10:]) == 0 {
		return false
	}
	var whole [14]byte
	copy(whole[copy(whole[:], "NL"):], b)
	return bsn(b[:9]) || checksum.Mod97(whole[:])
}

func vatRO(b []byte) bool {
	if !checksum.Digits(b) || b[0] == '0' {
		return false
	}
	weights := [...]int{7, 5, 3, 2, 1, 7, 5, 3, 2}
	sum, n := 0, len(b)-1
	for i, c := range b[:n] {
		sum += int(c-'0') * weights[9-n+i]
	}
	return sum*10%11%10 == last(b)
}

// vatSE checks the number of the organisation or person, with 01 behind it.
func vatSE(b []byte) bool {
	return checksum.Digits(b) && string(b[10:]) == "01" && checksum.Luhn(b[:10]) && number(b[:10]) > 0
}

func vatSI(b []byte) bool {
	if !checksum.Digits(b) || b[0] == '0' {
		return false
	}
	check := 11 - checksum.Weighted(b, 8, 7, 6, 5, 4, 3, 2)%11
	return check < 11 && check%10 == last(b)
}

// vatSK checks divisibility by eleven; the third digit tells the kind of person.
func vatSK(b []byte) bool {
	if !checksum.Digits(b) || b[0] == '0' {
		return false
	}
	kind := b[2] == '2' || b[2] == '3' || b[2] == '4' || b[2] >= '7'
	return kind && number(b)%11 == 0
}

// vatGB checks modulo 97, in the old or, since 2010, the new series; three more
// digits number a branch.
func vatGB(b []byte) bool {
	if !checksum.Digits(b) || number(b[:7]) == 0 {
		return false
	}
	rest := checksum.Weighted(b, 8, 7, 6, 5, 4, 3, 2, 10, 1) % 97
	return rest == 0 || rest == 42 && number(b[:7]) >= 1000000
}
