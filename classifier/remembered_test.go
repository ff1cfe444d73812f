package classifier_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
)

// TestWhatIsRememberedChangesNothing compares scans that remember the forms of numbers
// and the values in which nothing was found with scans that look at each anew.
func TestWhatIsRememberedChangesNothing(t *testing.T) {
	with, without := newTireless(t), newTireless(t).WithoutForms()
	random := rand.New(rand.NewPCG(7, 8))
	numbers := numbersOf(detect.All())
	for range rememberedRounds {
		segments := repeating(random, numbers)
		got, want := outcome(with.Scan(segments)), outcome(without.ScanEach(segments))
		if !slices.Equal(got, want) {
			for _, s := range segments {
				t.Logf("%s: %q", s.Field, s.Text)
			}
			t.Fatalf("with what is remembered:\n%s\nwithout:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func outcome(r classifier.Result) (list []string) {
	list = append(list, fmt.Sprint(r.People))
	for _, f := range r.Findings {
		list = append(list, fmt.Sprintf("%s %d [%d:%d] %s %.2f %s", f.Detector, f.Segment, f.Start, f.End, f.Country, f.Confidence, f.Location))
	}
	for _, s := range r.Summaries {
		list = append(list, fmt.Sprintf("%+v", s))
	}
	return list
}

// numbersOf are the examples of the detectors that are mostly digits.
func numbersOf(detectors []classifier.Detector) (list []string) {
	for _, d := range detectors {
		for _, e := range slices.Concat(d.Examples, d.NearMisses) {
			digits := 0
			for _, c := range e {
				if c >= '0' && c <= '9' {
					digits++
				}
			}
			if 2*digits > len(e) && len(e) < 40 {
				list = append(list, e)
			}
		}
	}
	return list
}

// repeating makes a body of members, of a table or of running text, or all of them, in
// which few forms come again and again.
func repeating(random *rand.Rand, numbers []string) (segments []classifier.Segment) {
	var forms []string
	for range 1 + random.IntN(3) {
		forms = append(forms, numbers[random.IntN(len(numbers))])
	}
	keys := []string{"", "id", "phone", "card", "tax_id", "note", "iban", "date of birth", "zip", "passport", "total", "account", "ssn"}
	value := func() string { return otherDigits(random, forms[random.IntN(len(forms))]) }
	root := &classifier.Location{Stage: classifier.StageDocument}
	kind := random.IntN(4)
	if kind == 0 || kind == 3 {
		for i := range 12 {
			object := &classifier.Location{Parent: root, Stage: classifier.StageIndex, Index: i / 2}
			key := keys[random.IntN(len(keys))]
			segments = append(segments, classifier.Segment{Text: []byte(value()), Field: key, Location: classifier.Location{Parent: object, Stage: classifier.StageKey, Name: key}})
		}
	}
	if kind == 1 || kind == 3 {
		segments = append(segments, repeatingTable(random, keys, value))
	}
	if kind >= 2 {
		words := []string{"", "", "tel ", "card ", "call ", "of ", "IBAN ", "inn ", "(", "[", "'", `"`, "=", ": ", "€", "nr. ", "№ ", "ref-", "$", "+", "\t"}
		ends := []string{" ", ", ", ". ", ".", ";", ")", "]", "'", `"`, "\n", " x ", " Berlin ", "%", "-", " EUR ", ": ", "/"}
		var text strings.Builder
		for range 10 {
			text.WriteString(words[random.IntN(len(words))] + value() + ends[random.IntN(len(ends))])
		}
		segments = append(segments, classifier.Segment{Text: []byte(text.String()), Field: keys[random.IntN(len(keys))]})
	}
	return segments
}

// repeatingTable has a header or labels, or neither, and cells that this and that parts.
func repeatingTable(random *rand.Rand, keys []string, value func() string) classifier.Segment {
	parts := []string{",", ";", "\t", "|", " | ", "-", ".", " ", "/"}
	part := parts[random.IntN(len(parts))]
	columns, headed, labelled := 1+random.IntN(4), random.IntN(2) == 0, random.IntN(2) == 0
	t := &classifier.Table{Columns: columns}
	var text strings.Builder
	for row := range 8 {
		for column := range columns {
			cell := value()
			if headed && row == 0 {
				cell = keys[random.IntN(len(keys))]
				t.Header = append(t.Header, cell)
			} else if labelled && column%2 == 0 {
				cell = keys[random.IntN(len(keys))]
			}
			t.Cells = append(t.Cells, classifier.Cell{Start: uint32(text.Len()), End: uint32(text.Len() + len(cell)), Row: uint32(row), Column: uint16(column)})
			text.WriteString(cell + part)
		}
		text.WriteByte('\n')
	}
	return classifier.Segment{Text: []byte(text.String()), Table: t}
}

// otherDigits changes some digits of a text, or none.
func otherDigits(random *rand.Rand, text string) string {
	if random.IntN(3) == 0 {
		return text
	}
	b := []byte(text)
	for i, c := range b {
		if c >= '0' && c <= '9' && random.IntN(4) == 0 {
			b[i] = byte('0' + random.IntN(10))
		}
	}
	return string(b)
}
