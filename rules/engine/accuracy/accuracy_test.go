package accuracy

import (
	"math"
	"reflect"
	"testing"

	"daylight.internal/classifier"
)

func near(a, b float64) bool { return math.Abs(a-b) < 0.0001 }

// The expected intervals are those of published tables.
func TestIntervals(t *testing.T) {
	if low, high := Wilson(10, 10); !near(low, 0.7225) || high != 1 {
		t.Errorf("Wilson 10 of 10: %.4f to %.4f", low, high)
	}
	if low, high := Wilson(0, 10); low != 0 || !near(high, 0.2775) {
		t.Errorf("Wilson 0 of 10: %.4f to %.4f", low, high)
	}
	if low, high := Poisson(0); low != 0 || !near(high, 3.6889) {
		t.Errorf("Poisson 0: %.4f to %.4f", low, high)
	}
	if low, high := Poisson(10); !near(low, 4.7954) || !near(high, 18.3904) {
		t.Errorf("Poisson 10: %.4f to %.4f", low, high)
	}
	s := Score{Expected: 10, Hit: 8, Wrong: 2}
	if s.Recall() != 0.8 || s.Precision() != 0.8 || !near(s.F1(), 0.8) {
		t.Errorf("recall %f, precision %f, F1 %f", s.Recall(), s.Precision(), s.F1())
	}
}

func TestAFindingIsRightWhereDetectorAndPlaceFit(t *testing.T) {
	text := []byte("mail ana@example.com, phone 5550100, zip 10115")
	document := classifier.Document{Segments: []classifier.Segment{{Text: text}}}
	spans := []Span{{Detector: "email", Start: 5, End: 20}, {Detector: "phone", Start: 28, End: 35}, {Detector: "postal_address", Start: 41, End: 46}}
	related := func(found, expected string) Relation {
		switch {
		case found == "mobile" && expected == "phone":
			return Same
		case found == "postcode" && expected == "postal_address":
			return Part
		}
		return Unrelated
	}
	result := classifier.Result{Findings: []classifier.Finding{
		{Detector: "email", Start: 9, End: 20},     // overlaps
		{Detector: "phone", Start: 5, End: 20},     // right detector, wrong place
		{Detector: "mobile", Start: 28, End: 35},   // as good as phone
		{Detector: "iban", Start: 28, End: 35},     // right place, wrong detector
		{Detector: "postcode", Start: 41, End: 46}, // a part only
	}}
	want := Verdict{Found: []bool{true, true, false}, Wrong: []int{1, 3}}
	if got := Judge(text, spans, document, result, related); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

// The text of a JSON string has other offsets than the body it stands in.
func TestWhereTheTextIsDecodedTheValueDecides(t *testing.T) {
	body := []byte(`{"a": "x\ny ana@example.com"}`)
	document := classifier.Document{Segments: []classifier.Segment{{Text: []byte("x\ny ana@example.com")}}}
	spans := []Span{{Detector: "email", Start: 12, End: 27}}
	none := func(string, string) Relation { return Unrelated }
	result := classifier.Result{Findings: []classifier.Finding{{Detector: "email", Start: 4, End: 19}}}
	if got := Judge(body, spans, document, result, none); !got.Found[0] || got.Wrong != nil {
		t.Errorf("got %+v", got)
	}
}
