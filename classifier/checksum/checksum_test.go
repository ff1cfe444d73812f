package checksum

import "testing"

// The valid examples are public specimens; the invalid ones differ in the check digit.
func TestChecks(t *testing.T) {
	for _, tt := range []struct {
		name           string
		check          func([]byte) bool
		valid, invalid string
	}{
		{"luhn", Luhn, "4532015112830366", "4532015112830367"},
		{"luhn wants digits", Luhn, "18", "1A"},
		{"mod 97", Mod97, "0380000000608010167519SA"[2:] + "03", "0380000000608010167519SA"[2:] + "04"},
		{"mod 11,10", Mod11_10, "36574261809", "36574261800"},
		{"mod 11-2", Mod11_2, "11010519491231002X", "110105194912310020"},
		{"verhoeff", Verhoeff, "234123412346", "234123412347"},
	} {
		if !tt.check([]byte(tt.valid)) {
			t.Errorf("%s: %s is refused", tt.name, tt.valid)
		}
		if tt.check([]byte(tt.invalid)) {
			t.Errorf("%s: %s passes", tt.name, tt.invalid)
		}
	}
}

func TestDate(t *testing.T) {
	for _, d := range [][3]int{{2000, 2, 29}, {1999, 12, 31}, {1880, 1, 1}} {
		if !Date(d[0], d[1], d[2]) {
			t.Errorf("%v is a date", d)
		}
	}
	for _, d := range [][3]int{{1900, 2, 29}, {1999, 13, 1}, {1999, 4, 31}, {1879, 1, 1}, {1999, 1, 0}} {
		if Date(d[0], d[1], d[2]) {
			t.Errorf("%v is no date", d)
		}
	}
}
