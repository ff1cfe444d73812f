package classifier_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
)

// fragments are what hostile and honest texts are made of.
func fragments() []string {
	list := strings.Split("0 1 22 333 4444 12345 - . ( ) + @ : / , _ ٠ ١ ۵ ２ A B X AB sk_ sk- eyJ x o DE89 паспорт инн ИНН тел تاريخ هاتف ، 手机 电话 机密 CTR 3% roas \n \t é ß №", " ")
	for _, d := range detect.All() {
		list = append(list, d.Examples...)
		list = append(list, d.NearMisses...)
		list = append(list, d.Context...)
	}
	return append(list, " ", " ", " ", "\u00a0", "\u200b", "–")
}

func compare(t *testing.T, s *classifier.Scanner, text []byte) {
	t.Helper()
	got, want := s.Hits(text), s.ReferenceHits(text)
	if !slices.Equal(got, want) {
		t.Errorf("%q\nthe pass finds  %q\nthe reference   %q", text, got, want)
	}
}

func TestThePassFindsWhatTryingEverythingFinds(t *testing.T) {
	s := newTireless(t)
	list := fragments()
	random := rand.New(rand.NewPCG(3, 4))
	rounds := differentialRounds
	if testing.Short() {
		rounds = 50
	}
	for range rounds {
		var text bytes.Buffer
		for range 2 + random.IntN(12) {
			text.WriteString(list[random.IntN(len(list))])
			if random.IntN(3) == 0 {
				text.WriteByte(' ')
			}
		}
		if compare(t, s, text.Bytes()); t.Failed() {
			return
		}
	}
}

func FuzzScan(f *testing.F) {
	for i, d := range detect.All() {
		if i%seedEvery == 0 && len(d.Examples) > 0 {
			f.Add([]byte(d.Examples[0]))
		}
	}
	f.Add([]byte("паспорт 45 11 123456، 手机138 1234 5678\u200b٠١٢ sk-CTR 3% roas"))
	s := newTireless(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 512 {
			return
		}
		compare(t, s, text)
		for _, finding := range s.Scan([]classifier.Segment{{Text: text}}).Findings {
			if finding.Start < 0 || finding.End > len(text) || finding.Start >= finding.End {
				t.Errorf("%s at [%d:%d] of %d", finding.Detector, finding.Start, finding.End, len(text))
			}
		}
	})
}

// What matchers note of a text must not be told of the next one.
func TestAScanRemembersNothingOfTheOneBefore(t *testing.T) {
	used := newScanner(t)
	address := []byte("garant: son père Hervé, 4 venelle du Puits, 29200 Brest, tél")
	for _, before := range []string{"rue Pasteur 1, 75002 Paris et la rue du Bac 7", "le 7, rue 1 rue 1 rue 1 avenue de rien du tout et de rien du tout et de rien du tout encore"} {
		used.Scan([]classifier.Segment{{Text: []byte(before)}})
		if got, want := used.Scan([]classifier.Segment{{Text: address}}).Summaries, newScanner(t).Scan([]classifier.Segment{{Text: address}}).Summaries; !slices.Equal(got, want) || len(got) == 0 {
			t.Errorf("after %q it finds %v, alone %v", before, got, want)
		}
	}
}
