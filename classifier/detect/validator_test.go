package detect_test

import (
	"regexp"
	"slices"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
)

// checkDigits is how validators name check digits, hedged how they say that not
// all values have one.
var (
	checkDigits = regexp.MustCompile(`Luhn|modulo|\bmod\b|Verhoeff|check (digit|letter|character)|base58check|CRC-16|Keccak|EIP-55`)
	hedged      = regexp.MustCompile(`[;(]| or | of ten | until |full confidence|without context|new numbers|over nine digits`)
)

// TestWhatValidatorsSayOfCheckDigitsIsTrue changes each digit of the examples, one
// at a time. A check digit refuses nearly all that comes of it.
func TestWhatValidatorsSayOfCheckDigitsIsTrue(t *testing.T) {
	s := newScanner(t)
	for _, d := range detect.All() {
		if d.Class == "credentials" || d.Check == nil && d.Match == nil && d.Confirm == nil {
			continue
		}
		tried, refused := changedDigits(s, &d)
		if tried == 0 {
			continue
		}
		share := float64(refused) / float64(tried)
		claims := checkDigits.MatchString(d.Validator)
		switch {
		case hedged.MatchString(d.Validator):
		case claims && share < 0.8:
			t.Errorf("%s: %q, but %.0f %% of the numbers with one digit changed pass", d.ID, d.Validator, 100-100*share)
		case !claims && share > 0.5:
			t.Errorf("%s: %q, but most of the numbers with one digit changed are refused", d.ID, d.Validator)
		}
	}
}

// changedDigits counts the values made of the examples by changing one digit, and
// how many of them the detector refuses.
func changedDigits(s *classifier.Scanner, d *classifier.Detector) (tried, refused int) {
	for _, example := range d.Examples {
		for _, f := range scan(s, example).Findings {
			if f.Detector != d.ID {
				continue
			}
			for i := f.Start; i < f.End; i++ {
				if example[i] < '0' || example[i] > '9' {
					continue
				}
				changed := []byte(example)
				changed[i] = '0' + (changed[i]-'0'+1)%10
				tried++
				if !slices.ContainsFunc(scan(s, string(changed)).Findings, func(g classifier.Finding) bool { return g.Detector == d.ID && g.Start <= i && i < g.End }) {
					refused++
				}
			}
		}
	}
	return tried, refused
}
