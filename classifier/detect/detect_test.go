package detect_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
)

func newScanner(t testing.TB) *classifier.Scanner {
	t.Helper()
	s, err := classifier.NewScanner(detect.All(), nil, classifier.Options{Key: []byte("test")})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func scan(s *classifier.Scanner, text string) classifier.Result {
	return s.Scan([]classifier.Segment{{Text: []byte(text)}})
}

func has(result classifier.Result, detector string) bool {
	for _, f := range result.Findings {
		if f.Detector == detector {
			return true
		}
	}
	return false
}

func TestEachDetectorFindsItsExamplesAndNoNearMiss(t *testing.T) {
	s := newScanner(t)
	for _, d := range detect.All() {
		t.Run(d.ID, func(t *testing.T) {
			if d.Source == "" || d.Name == "" || d.Class == "" {
				t.Error("a name, a class and a source are needed")
			}
			if d.Validator == "" && (d.Check != nil || d.Match != nil || d.Confirm != nil || d.Rows != nil) {
				t.Error("it checks values: a validator must say what it asks for")
			}
			for _, text := range d.Examples {
				if !has(scan(s, text), d.ID) {
					t.Errorf("not found in %q", text)
				}
			}
			for _, text := range d.NearMisses {
				if has(scan(s, text), d.ID) {
					t.Errorf("found in %q", text)
				}
			}
			readsText := len(d.Layouts)+len(d.Literals) > 0 || d.Anchor != classifier.AnchorNone
			if readsText && (len(d.Examples) == 0 || len(d.NearMisses) == 0) {
				t.Error("examples and near misses are needed")
			}
		})
	}
}

func TestMasksShowAtMostAThird(t *testing.T) {
	s := newScanner(t)
	for _, d := range detect.All() {
		for _, text := range d.Examples {
			for _, f := range scan(s, text).Findings {
				value := text[f.Start:f.End]
				shown := strings.ReplaceAll(f.Masked, "*", "")
				for _, public := range []string{"service_account ", "@", "-----BEGIN "} {
					shown = strings.ReplaceAll(shown, public, "")
				}
				if n := utf8.RuneCountInString(shown); n*3 > utf8.RuneCountInString(value) {
					t.Errorf("%s: %q shows %d of %d characters", f.Detector, f.Masked, n, utf8.RuneCountInString(value))
				}
			}
		}
	}
}
