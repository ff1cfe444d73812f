package detect_test

import (
	"maps"
	"slices"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
	"daylight.internal/classifier/detect/hostile"
)

// honestShare is how much of the budget honest text may take, however full of findings.
const honestShare = 0.25

func TestHonestTextStaysFarBelowTheBudget(t *testing.T) {
	s := newScanner(t)
	for _, corpora := range []map[string][]byte{cleanCorpora(t), dirtyCorpora(), fullCorpora()} {
		for _, name := range slices.Sorted(maps.Keys(corpora)) {
			text := corpora[name]
			segments := segmentsOf(name, text)
			for i := range segments {
				if name == "csv" {
					segments[i].Table = cells(text)
				}
			}
			result, granted := s.Scan(segments), 2*len(text)
			if share := float64(result.Steps) / float64(granted); share > honestShare || result.Exhausted {
				t.Errorf("%s takes %d of %d steps", name, result.Steps, granted)
			}
		}
	}
}

// Each of these keeps a scan busy at every byte, and nothing comes of it.
func TestTextThatKeepsAScanBusyForNothingEndsWithTheBudget(t *testing.T) {
	s, err := classifier.NewScanner(detect.All(), nil, classifier.Options{Regions: []string{"US"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{"token=", "apikey=", "pwd=", "1 11 11 11 111 111 11 ", "1 111 111 11 ", "call 415 555 2 ", "av. 1 ", "香港 1 "} {
		text := hostile.Repeat(piece, corpusSize).Body
		result := s.Scan([]classifier.Segment{{Text: text}})
		if !result.Exhausted || result.Scanned == 0 || result.Scanned >= int64(len(text)) {
			t.Errorf("%q: exhausted %v after %d of %d bytes and %d steps", piece, result.Exhausted, result.Scanned, len(text), result.Steps)
		}
	}
}
