package corpus

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestEqualSeedsGiveEqualBytes(t *testing.T) {
	for _, kind := range CleanKinds() {
		for _, language := range Languages() {
			t.Run(fmt.Sprintf("%s/%s", kind, language), func(t *testing.T) {
				a, b := Clean(kind, language, 7, 20000), Clean(kind, language, 7, 20000)
				if !bytes.Equal(a, b) {
					t.Error("two texts of one seed differ")
				}
				if bytes.Equal(a, Clean(kind, language, 8, 20000)) {
					t.Error("two seeds give one text")
				}
				if len(a) < 20000 || !utf8.Valid(a) {
					t.Errorf("%d bytes, valid UTF-8: %t", len(a), utf8.Valid(a))
				}
			})
		}
	}
}

func TestLabelsPointAtWholeCells(t *testing.T) {
	for _, language := range Languages() {
		for _, format := range Formats() {
			d := NewCustomers(language, format, 3, 50)
			if len(d.Labels) < 150 {
				t.Fatalf("%s %s: %d labels", language, format, len(d.Labels))
			}
			for _, l := range d.Labels {
				before, after := d.Text[l.Start-1], d.Text[l.End]
				if !bytes.ContainsRune([]byte(",;\t\n\""), rune(before)) || !bytes.ContainsRune([]byte(",;\t\n\""), rune(after)) {
					t.Errorf("%s %s: %q is not a whole cell", language, format, d.Text[l.Start:l.End])
				}
			}
		}
	}
}

func BenchmarkClean(b *testing.B) {
	for _, kind := range CleanKinds() {
		b.Run(string(kind), func(b *testing.B) {
			b.SetBytes(1 << 20)
			for i := range b.N {
				Clean(kind, Russian, uint64(i), 1<<20)
			}
		})
	}
}

func TestFormsOfAPhoneNumberHaveEqualDigits(t *testing.T) {
	for _, n := range nations() {
		for _, forms := range append(n.mobile, n.office...) {
			first, rest, _ := strings.Cut(forms, "|")
			for form := range strings.SplitSeq(rest, "|") {
				if strings.Count(form, "#") > strings.Count(first, "#") {
					t.Errorf("%s: %q has more digits than %q", n.code, form, first)
				}
			}
		}
	}
}

// Numbers of which the issuer, or a standard, published an example.
func TestCheckDigitsAgreeWithPublishedExamples(t *testing.T) {
	for _, test := range []struct{ rule, got, want string }{
		{"Luhn: ISIN of Apple, letters as two digits", itoa(luhnDigit("30280378331" + "00")), "5"},
		{"Luhn: Visa's test card", withLuhn("401288888888188"), "4012888888881881"},
		{"ISO 7064 mod 11,10: German tax number of the ministry's example", itoa(hybridDigit("8609574271")), "9"},
		{"Verhoeff: 236", itoa(verhoeffDigit("236")), "3"},
		{"ICAO 9303: document number of the specimen", documentDigit("L898902C3"), "6"},
		{"ICAO 9303: birth date of the specimen", documentDigit("740812"), "2"},
		{"mod 97: IBAN of the registry's example for Germany", pad(98-remainder("370400440532013000DE00", 97), 2), "89"},
		{"mod 23: Spanish DNI 12345678Z", string(spanishLetters[remainder("12345678", 23)]), "Z"},
		{"mod 31: Finnish 131052-308T", string("0123456789ABCDEFHJKLMNPRSTUVWXY"[remainder("131052308", 31)]), "T"},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %s, want %s", test.rule, test.got, test.want)
		}
	}
}

func TestEachRoundPlantsEveryKindOfValue(t *testing.T) {
	found := map[string]int{}
	for d := range Documents(5, 4) {
		end := 0
		for _, l := range d.Labels {
			if l.Start < end || l.End <= l.Start || l.End > len(d.Text) {
				t.Fatalf("%s: label %+v after %d in %d bytes", d.Name, l, end, len(d.Text))
			}
			end = l.End
			found[l.Detector]++
		}
	}
	for _, id := range PlantedDetectors() {
		if found[id] == 0 {
			t.Errorf("%s is never planted", id)
		}
	}
}
