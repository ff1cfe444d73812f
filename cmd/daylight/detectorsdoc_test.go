package main

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
)

// UPDATE=1 go test ./cmd/daylight -run TestEveryDetectorIsDocumented writes the list anew.
func TestEveryDetectorIsDocumented(t *testing.T) {
	const file, begin = "../../docs/detectors.md", "## The list\n"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(text), begin)
	if !found {
		t.Fatalf("%s holds no list", file)
	}
	scanner := newDocScanner(t)
	list := detectorList(scanner, detect.All())
	want := head + begin + list
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(text) != want {
		t.Errorf("%s lists other detectors than there are; UPDATE=1 go test ./cmd/daylight -run TestEveryDetectorIsDocumented writes it anew", file)
	}
	for _, f := range scanner.Scan([]classifier.Segment{{Text: []byte(list)}}).Findings {
		if f.Class == "credentials" {
			t.Errorf("the list shows a whole %s, which scanners of secrets would report: %s", f.Detector, f.Masked)
		}
	}
}

func TestTheReadmeCountsNoMoreDetectorsThanThereAre(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`more than (\d+) countries and more than\s+(\d+) kinds of keys`).FindSubmatch(readme)
	if said == nil {
		t.Fatal("the README does not count them")
	}
	countries, keys := map[string]bool{}, 0
	for _, d := range detect.All() {
		if d.Country != "" {
			countries[d.Country] = true
		}
		if d.Class == "credentials" {
			keys++
		}
	}
	for i, are := range []int{len(countries), keys} {
		if n, _ := strconv.Atoi(string(said[i+1])); are <= n {
			t.Errorf("it says %q, there are %d", said[0], are)
		}
	}
}

func newDocScanner(t *testing.T) *classifier.Scanner {
	t.Helper()
	s, err := classifier.NewScanner(detect.All(), nil, classifier.Options{StoredFindings: 10})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// classTitles are the data classes in the order of the list.
var classTitles = []struct{ class, title string }{
	{"personal", "of persons"},
	{"company", "registration and tax numbers of companies"},
	{"payment", "accounts, cards, wallets, securities"},
	{"credentials", "passwords, keys and tokens"},
	{"purchase_history", "who bought what"},
	{"location", "where somebody was"},
	{"campaign_performance", "what campaigns brought"},
	{"creative", "work that is not public yet"},
	{"competitive_research", "what is known of competitors"},
	{"confidential", "marks of confidentiality"},
}

// detectorList writes a table for each data class, sorted by country.
func detectorList(s *classifier.Scanner, all []classifier.Detector) string {
	var b strings.Builder
	countries := map[string]bool{}
	for _, d := range all {
		countries[d.Country] = true
	}
	delete(countries, "")
	fmt.Fprintf(&b, "\n%d detectors, %d of them for the numbers of %d countries.\n", len(all), countWhere(all, func(d classifier.Detector) bool { return d.Country != "" }), len(countries))
	for _, c := range classTitles {
		of := slices.DeleteFunc(slices.Clone(all), func(d classifier.Detector) bool { return d.Class != c.class })
		slices.SortStableFunc(of, func(a, b classifier.Detector) int {
			return cmp.Or(strings.Compare(a.Country, b.Country), strings.Compare(a.ID, b.ID))
		})
		fmt.Fprintf(&b, "\n### %s: %s (%d)\n\n", c.class, c.title, len(of))
		b.WriteString("| detector | finds | country | counts | check | example |\n|---|---|---|---|---|---|\n")
		for i := range of {
			d := &of[i]
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", d.ID, cell(d.Name), d.Country, counts(s, d), cell(d.Validator), code(documentedExample(s, d)))
		}
	}
	return b.String()
}

func countWhere(all []classifier.Detector, is func(classifier.Detector) bool) (n int) {
	for _, d := range all {
		if is(d) {
			n++
		}
	}
	return n
}

// counts says in which surroundings a value counts. Where context plays a part it
// tries the values of the examples without theirs.
func counts(s *classifier.Scanner, d *classifier.Detector) string {
	readsText := len(d.Layouts)+len(d.Literals) > 0 || d.Anchor != classifier.AnchorNone
	switch {
	case d.Rows != nil:
		return "as a table"
	case !readsText:
		return "in a column"
	case len(d.Context) == 0 && d.Use != classifier.Context:
		return "alone"
	}
	all, alone := 0, 0
	for _, text := range d.Examples {
		for _, f := range findingsOf(s, d, text) {
			all++
			alone += min(1, len(findingsOf(s, d, text[f.Start:f.End])))
		}
	}
	separated := slices.ContainsFunc(d.Layouts, func(layout string) bool { return strings.ContainsAny(layout, "_ -./") })
	switch {
	case alone == all:
		return "alone"
	case alone == 0 && !(d.Use == classifier.Form && separated):
		return "with context"
	}
	return "in its form"
}

func findingsOf(s *classifier.Scanner, d *classifier.Detector, text string) []classifier.Finding {
	return slices.DeleteFunc(s.Scan([]classifier.Segment{{Text: []byte(text)}}).Findings, func(f classifier.Finding) bool { return f.Detector != d.ID })
}

// documentedExample is the first example of a detector. Of secrets it shows only
// how they begin, so that nobody takes the documentation for a leak.
func documentedExample(s *classifier.Scanner, d *classifier.Detector) string {
	if d.Class != "credentials" || len(d.Examples) == 0 {
		return exampleOf(d)
	}
	text := d.Examples[0]
	cut := *d
	found := s.Scan([]classifier.Segment{{Text: []byte(text)}}).Findings
	slices.SortFunc(found, func(a, b classifier.Finding) int { return b.Start - a.Start })
	for _, f := range found {
		if f.Class == "credentials" {
			text = text[:f.Start] + opening(d, text[f.Start:f.End]) + "…" + text[f.End:]
		}
	}
	cut.Examples = []string{text}
	return exampleOf(&cut)
}

// opening is the part of a secret that is the same in all of its kind.
func opening(d *classifier.Detector, value string) (longest string) {
	for _, l := range d.Literals {
		if len(l) > len(longest) && strings.HasPrefix(value, l) {
			longest = l
		}
	}
	for _, l := range d.Layouts {
		if i := strings.IndexAny(l, "dAX_?"); i > len(longest) && strings.HasPrefix(value, l[:i]) {
			longest = l[:i]
		}
	}
	return longest
}

// cell and code write a text into a table, as it is and as code.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func code(text string) string {
	switch {
	case text == "":
		return ""
	case strings.Contains(text, "`"):
		return "`` " + cell(text) + " ``"
	}
	return "`" + cell(text) + "`"
}
