package classifier_test

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
)

// streamed scans text in pieces that end at the cuts.
func streamed(s *classifier.Scanner, text []byte, window, ahead int, cuts ...int) classifier.Result {
	stream := s.Stream(classifier.Location{}, "").Narrow(window, ahead)
	from := 0
	for _, cut := range append(cuts, len(text)) {
		stream.Write(bytes.Clone(text[from:cut]))
		from = cut
	}
	return stream.Close()
}

func compareStream(t *testing.T, s *classifier.Scanner, text []byte, window, ahead int, cuts ...int) {
	t.Helper()
	want, got := s.Scan([]classifier.Segment{{Text: text}}), streamed(s, text, window, ahead, cuts...)
	got.Steps = want.Steps // what is asked for twice where the text was cut costs twice
	if reflect.DeepEqual(got, want) {
		return
	}
	for i := range max(len(got.Findings), len(want.Findings)) {
		if i >= len(got.Findings) || i >= len(want.Findings) || got.Findings[i] != want.Findings[i] {
			t.Errorf("from finding %d on:\ngot  %+v\nwant %+v", i, got.Findings[i:min(i+2, len(got.Findings))], want.Findings[i:min(i+2, len(want.Findings))])
			break
		}
	}
	t.Fatalf("people %d, not %d; scanned %d, not %d; summaries\n%+v, not\n%+v; cut at %d:\n%.3000q", got.People, want.People, got.Scanned, want.Scanned, got.Summaries, want.Summaries, cuts, text)
}

func TestAStreamIsGrantedStepsForEachByte(t *testing.T) {
	honest, busy := []byte(strings.Repeat("Ana, ana@example.com, +49 151 12345678, ИНН 1234567894;\n", 10000)), bytes.Repeat([]byte("apikey="), 50000)
	s := newScanner(t)
	if result := streamed(s, honest, 64<<10, 16<<10); result.Exhausted || result.Scanned != int64(len(honest)) || result.Steps < len(honest)/20 {
		t.Errorf("honest text: exhausted %v after %d of %d bytes and %d steps", result.Exhausted, result.Scanned, len(honest), result.Steps)
	}
	if result := streamed(s, busy, 64<<10, 16<<10); !result.Exhausted || result.Scanned >= int64(len(busy)) {
		t.Errorf("busy text: exhausted %v after %d of %d bytes and %d steps", result.Exhausted, result.Scanned, len(busy), result.Steps)
	}
}

func TestTextInPiecesHasTheFindingsOfTheWhole(t *testing.T) {
	s := newTireless(t)
	filler := strings.Repeat("words and 12 more, ", 60)
	for _, d := range detect.All() {
		for _, example := range d.Examples[:min(1, len(d.Examples))] {
			text := []byte(filler + example + " " + filler)
			step := 1 + len(example)/cutsOfExample
			for cut := len(filler) - 1; cut <= len(filler)+len(example); cut += step {
				compareStream(t, s, text, 64, 1024, cut)
			}
		}
	}
}

// randomPieces is a text of fragments, and where it is cut.
func randomPieces(random *rand.Rand, list []string, size int) (text []byte, cuts []int) {
	for len(text) < size {
		text = append(text, list[random.IntN(len(list))]...)
		if random.IntN(3) == 0 {
			text = append(text, ' ')
		}
	}
	for range size / 500 {
		text[random.IntN(len(text))] = byte(random.IntN(256))
	}
	for at := 0; at < len(text); at += 1 + random.IntN(random.IntN(2000)+1) {
		cuts = append(cuts, at)
	}
	return text, cuts
}

func TestTextInRandomPiecesHasTheFindingsOfTheWhole(t *testing.T) {
	s := newTireless(t, classifier.Pattern{ID: "slow", Class: "c", Regexp: `[a-z]+ly\b`}, classifier.Pattern{ID: "sign", Class: "c", Regexp: `[a-z]{2}:[a-z]{2}`})
	list := fragments()
	random := rand.New(rand.NewPCG(9, 10))
	rounds := streamRounds
	for range rounds {
		text, cuts := randomPieces(random, list, 6000)
		compareStream(t, s, text, 64*(1+random.IntN(20)), 2048, cuts...)
	}
	text, cuts := randomPieces(random, list, 400<<10)
	compareStream(t, s, text, 64<<10, 16<<10, cuts...)
}

func FuzzStream(f *testing.F) {
	for i, text := range fragments() {
		if i%streamSeedEvery == 0 {
			f.Add([]byte(text), uint64(1))
		}
	}
	s := newTireless(f)
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 0))
		text = bytes.Repeat(append(text, ' '), 1+4000/(len(text)+1))
		if len(text) > 1<<16 {
			return
		}
		var cuts []int
		for at := 0; at < len(text); at += 1 + random.IntN(1000) {
			cuts = append(cuts, at)
		}
		compareStream(t, s, text, 64*(1+random.IntN(8)), 2048, cuts...)
	})
}
