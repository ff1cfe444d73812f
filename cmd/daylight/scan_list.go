package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"daylight.internal/classifier"
)

// listedDetector is one line of the list in JSON.
type listedDetector struct {
	Detector   string   `json:"detector"`
	Name       string   `json:"name"`
	Class      string   `json:"class"`
	Country    string   `json:"country,omitempty"`
	Use        string   `json:"use"` // alone, form or context
	Validator  string   `json:"validator,omitempty"`
	Confidence float64  `json:"confidence"`
	Context    []string `json:"context,omitempty"`
	Columns    []string `json:"columns,omitempty"`
	Examples   []string `json:"examples,omitempty"`
	NearMisses []string `json:"near_misses,omitempty"`
	Source     string   `json:"source"`
}

// list prints what there is to find, sorted by class and id.
func (s *scanRun) list(detectors []classifier.Detector) error {
	slices.SortStableFunc(detectors, func(a, b classifier.Detector) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.ID, b.ID))
	})
	if s.format == "jsonl" {
		e := json.NewEncoder(s.env.stdout)
		e.SetEscapeHTML(false)
		for i := range detectors {
			if err := e.Encode(listed(&detectors[i])); err != nil {
				return fmt.Errorf("writing the detectors: %w", err)
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(s.env.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "DETECTOR\tCOUNTRY\tCLASS\tVALIDATOR\tEXAMPLE")
	for i := range detectors {
		d := &detectors[i]
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", d.ID, cmp.Or(d.Country, "-"), d.Class, validatorWords(d), exampleOf(d))
	}
	return w.Flush()
}

func listed(d *classifier.Detector) listedDetector {
	l := listedDetector{
		Detector: d.ID, Name: d.Name, Class: d.Class, Country: d.Country, Use: d.Use.String(), Validator: d.Validator,
		Confidence: d.Confidence, Context: d.Context, Examples: d.Examples, NearMisses: d.NearMisses, Source: d.Source,
	}
	for _, c := range d.Columns {
		l.Columns = append(l.Columns, c.Names...)
	}
	return l
}

// validatorWords says what a value must satisfy, and what must stand beside it.
func validatorWords(d *classifier.Detector) string {
	words := d.Validator
	if d.Use == classifier.Context {
		if words != "" {
			words += ", "
		}
		words += "with context"
	}
	return cmp.Or(words, "form")
}

// longestExample is how much of an example one line takes, in characters.
const longestExample = 48

// exampleOf shows the first example, or under which column a value counts.
func exampleOf(d *classifier.Detector) string {
	text := ""
	switch {
	case len(d.Examples) > 0:
		text = strings.Join(strings.Fields(d.Examples[0]), " ")
	case len(d.Columns) > 0 && len(d.Columns[0].Names) > 0:
		text = "under " + strings.TrimPrefix(d.Columns[0].Names[0], "?")
	}
	if utf8.RuneCountInString(text) > longestExample {
		text = string([]rune(text)[:longestExample-1]) + "…"
	}
	return text
}
