package detect_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
)

// TestRowsOfOneFormAreReadLikeTheFirst compares a table whose cells repeat few forms
// with its rows one by one: what was found out of a form must hold for each cell.
func TestRowsOfOneFormAreReadLikeTheFirst(t *testing.T) {
	s, err := classifier.NewScanner(detect.All(), nil, classifier.Options{StoredFindings: 1 << 20, Regions: []string{"US", "DE"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range []string{"phone,date of birth,card,zip,visits", "a,b,c,d,e", "notes,updated,reference,code,total"} {
		random := rand.New(rand.NewPCG(5, 6))
		var whole, rows []string
		var text bytes.Buffer
		fmt.Fprintln(&text, header)
		for range 60 {
			row := formRow(random)
			text.WriteString(row)
			rows = append(rows, described(s, []byte(header+"\n"+row))...)
		}
		whole = described(s, text.Bytes())
		if len(whole) < 60 {
			t.Errorf("%s: %d findings in 60 rows", header, len(whole))
		}
		if !slices.Equal(whole, rows) {
			t.Errorf("%s: the table has %q, its rows %q", header, whole, rows)
		}
	}
}

// formRow has values of one form each, of which some are right and some are not.
func formRow(random *rand.Rand) string {
	digits := func(n int) string { return fmt.Sprintf("%0*d", n, random.IntN([]int{1, 10, 100, 1000, 10000}[n])) }
	card := "4532 0151 1283 0366"
	if random.IntN(2) == 0 {
		card = fmt.Sprintf("4532 0151 %s %s", digits(4), digits(4))
	}
	return fmt.Sprintf("(415) 5%s-%s,%d%s-%s-%s,%s,%s%s,%s\n", digits(2), digits(4), 19+random.IntN(2), digits(2), digits(2), digits(2), card, digits(4), digits(1), digits(3))
}

// described tells what is found in a table, in its order.
func described(s *classifier.Scanner, text []byte) (list []string) {
	for _, f := range s.Scan([]classifier.Segment{{Text: text, Table: cells(text)}}).Findings {
		list = append(list, fmt.Sprintf("%s %s %.2f", f.Detector, text[f.Start:f.End], f.Confidence))
	}
	return list
}
