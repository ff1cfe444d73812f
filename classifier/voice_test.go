package classifier_test

import (
	"testing"

	"daylight.internal/classifier"
)

// Numbers of several kinds look alike, by design or by chance.
func TestAValueIsWhatItsSurroundingsCallIt(t *testing.T) {
	s := newScanner(t)
	for _, tt := range []struct{ text, want string }{
		{"Indonesian NIK = 5171075602630018", "id_nik×1"},
		{"5171075602630018", "payment_card×1"},
		{"henkilötunnus 180565-6756", "fi_hetu×1"},
		{"personnummer 180565-6756", "se_personnummer×1"},
		{"Hungarian social security number (TAJ) 203692651", "hu_taj×1"}, // the nearer word
		{"US social security number 203692651", "us_ssn×1"},
		{"هوية 784-1967-5110975-0، هاتف 0555501849", "ae_emirates_id×1 phone×1"}, // the word behind the comma speaks of the next
		{"my account is at DE89370400440532013000", "iban×1"},
		{"uid 234123412346", "in_aadhaar×1"},
	} {
		if got := summary(s.Scan([]classifier.Segment{{Text: []byte(tt.text)}})); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

// What is within a longer value stays a part of it.
func TestAWordForAPartDoesNotSplitAValue(t *testing.T) {
	s := newScanner(t)
	text := "account 0532013000: DE89370400440532013000, see amqp://user:TWqz7IgXv4ycyA@api.example.com:6434/x"
	if got, want := summary(s.Scan([]classifier.Segment{{Text: []byte(text)}})), "connection_string×1 iban×1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
