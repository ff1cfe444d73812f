package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"daylight.internal/classifier"
)

// writeText prints the findings of one file for a person: one line for each
// detector with an example, or every finding when asked.
func (s *scanRun) writeText(name string, result *classifier.Result) error {
	if len(result.Summaries) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString(s.ink.bold(name))
	if result.People > 0 {
		b.WriteString(": " + people(result.People))
	}
	b.WriteByte('\n')
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	if s.all {
		for _, f := range result.Findings {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%.0f%%\n", f.Class, f.Detector, f.Masked, place(f.Location, f.Start), 100*f.Confidence)
		}
	} else {
		for _, f := range result.Summaries {
			fmt.Fprintf(w, "  %s\t%s\t%d\t%s\t%s\n", f.Class, f.Detector, f.Count, f.Masked, f.Location)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(s.env.stdout, b.String())
	return err
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// place names where a finding sits; plain text has no location but the offset.
func place(location string, start int) string {
	if location == "" {
		return fmt.Sprintf("byte %d", start)
	}
	return location
}
