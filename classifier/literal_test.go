package classifier_test

import (
	"testing"

	"daylight.internal/classifier"
)

// Words are found whatever follows them, be they shorter than what they are looked up by.
func TestShortWordsAreFoundBeforeAnyEnd(t *testing.T) {
	for _, word := range []string{"abc", "ABCD", "яд", "Ядро", "é-b", "港湾", "ядрами", "ab-c"} {
		s, err := classifier.NewScanner(nil, []classifier.Pattern{{ID: "mine", Class: "c", Words: []string{word}}}, classifier.Options{})
		if err != nil {
			t.Fatalf("%q: %v", word, err)
		}
		for _, end := range []string{"", " ", ".", "-", "_", ":", "\x00", "\n", " я", ", 1"} {
			text := "и " + word + end
			if findings := s.Scan([]classifier.Segment{{Text: []byte(text)}}).Findings; len(findings) != 1 || text[findings[0].Start:findings[0].End] != word {
				t.Errorf("%q in %q: %+v", word, text, findings)
			}
		}
		for _, end := range []string{"z", "я", "1"} {
			text := "и " + word + end
			if findings := s.Scan([]classifier.Segment{{Text: []byte(text)}}).Findings; len(findings) != 0 && word != "港湾" {
				t.Errorf("%q in %q: %+v", word, text, findings)
			}
		}
	}
}
