package detect

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// TestPlansAgreeWithTheLibrary tries the examples of every region, and numbers
// that differ from them in a few digits.
func TestPlansAgreeWithTheLibrary(t *testing.T) {
	book, random := newPhoneBook(), rand.New(rand.NewPCG(1, 2))
	rounds := 12
	if testing.Short() {
		rounds = 2
	}
	tried := 0
	for _, code := range slices.Sorted(func(yield func(int) bool) {
		for code := range phonenumbers.GetSupportedCallingCodes() {
			if !yield(code) {
				return
			}
		}
	}) {
		plan := book.plan(code)
		if len(plan.regions) == 0 {
			t.Errorf("+%d has no regions", code)
			continue
		}
		for _, m := range metadataOf(code) {
			for _, d := range []*phonenumbers.PhoneNumberDesc{m.GetFixedLine(), m.GetMobile(), m.GetTollFree(), m.GetPremiumRate()} {
				example := []byte(d.GetExampleNumber())
				for i := 0; i < rounds && len(example) > 0; i++ {
					comparePlan(t, plan, code, example)
					tried++
					example = mutated(random, []byte(d.GetExampleNumber()))
				}
			}
		}
	}
	if tried < 200*rounds {
		t.Errorf("only %d numbers were tried", tried)
	}
}

func mutated(random *rand.Rand, number []byte) []byte {
	switch random.IntN(4) {
	case 0:
		return append(number, byte('0'+random.IntN(10)))
	case 1:
		return number[:len(number)-1]
	}
	for range 1 + random.IntN(3) {
		number[random.IntN(len(number))] = byte('0' + random.IntN(10))
	}
	return number
}

func comparePlan(t *testing.T, plan *numberPlan, code int, national []byte) {
	t.Helper()
	if len(national) == 0 || len(national) > mostPhone {
		return
	}
	country := int32(code)
	value, err := strconv.ParseUint(string(national), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	zeros := int32(0)
	for int(zeros) < len(national)-1 && national[zeros] == '0' {
		zeros++
	}
	leading := zeros > 0
	number := &phonenumbers.PhoneNumber{CountryCode: &country, NationalNumber: &value, ItalianLeadingZero: &leading, NumberOfLeadingZeros: &zeros}
	valid := plan.valid(national, anyKind)
	for i, region := range plan.regions {
		if want := phonenumbers.IsValidNumberForRegion(number, region); (valid>>i&1 != 0) != want {
			t.Errorf("+%d %s in %s: the library says %v", code, national, region, want)
		}
	}
}

func BenchmarkPhoneBook(b *testing.B) {
	book := newPhoneBook()
	for _, digits := range []string{"4155552671", "15112345678", "7911123456", "13812345678", "2225550147"} {
		b.Run(digits, func(b *testing.B) {
			b.ReportAllocs()
			valid := uint32(0)
			for b.Loop() {
				for _, region := range []string{"US", "GB", "DE", "CN"} {
					home := book.home(region)
					valid |= home.plan.valid([]byte(digits), anyKind) & home.region
				}
			}
			_ = valid
		})
	}
}
