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
