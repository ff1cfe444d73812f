package main

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"time"

	re2 "github.com/wasilibs/go-re2"
	"github.com/wasilibs/go-re2/experimental"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
	"daylight.internal/classifier/extract"
)

// scanEngine is something that looks through a document. Slow ones get a part of it.
type scanEngine struct {
	name string
	part int // bytes of the document at most
	scan func(scanText)
}

// scanning measures the classifier alone on one core, with every detector,
// beside engines of regular expressions with the same shapes and a plain loop.
func (w world) scanning(_ context.Context, o options) error {
	scanner, err := classifier.NewScanner(detect.All(), nil, classifier.Options{StoredFindings: 1})
	if err != nil {
		return fmt.Errorf("compiling the detectors: %w", err)
	}
	engines, err := scanEngines(scanner)
	if err != nil {
		return err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // the collector works on the same core
	fmt.Printf("\nMB/s of one core (CPU time, fastest of %d interleaved rounds) on documents of %d KiB; %d detectors\n", o.rounds, documentSize>>10, len(scanner.Detectors()))
	fmt.Printf("  %-22s %9s", "", "findings")
	for _, e := range engines {
		fmt.Printf(" %14s", e.name)
	}
	fmt.Println()
	groups, err := scanGroups()
	if err != nil {
		return err
	}
	for _, group := range groups {
		var sum float64 // of seconds a byte
		for i := range group.texts {
			t := &group.texts[i]
			t.segments = extract.Body(extract.Input{Filename: t.file, Body: t.body}, extract.Limits{}).Segments
			for _, s := range scanner.Scan(t.segments).Summaries {
				t.findings += s.Count
			}
			speeds := race(engines, *t, o.rounds)
			w.results.note("scan "+group.name+" "+t.name, nameDaylight, speeds[0])
			sum += 1 / speeds[0]
			printSpeeds(t.name, fmt.Sprint(t.findings), speeds)
		}
		mean := float64(len(group.texts)) / sum
		w.results.note("scan "+group.name, nameDaylight, mean)
		printSpeeds("harmonic mean, "+group.name, "", []float64{mean})
	}
	return w.hostile(scanner, o)
}

func printSpeeds(name, findings string, speeds []float64) {
	fmt.Printf("  %-22s %9s", name, findings)
	for _, s := range speeds {
		fmt.Printf(" %14.4g", s)
	}
	fmt.Println()
}

// scanEngines returns Daylight first, then the yardsticks.
func scanEngines(scanner *classifier.Scanner) ([]scanEngine, error) {
	sources := expressions(detect.All())
	var standard []*regexp.Regexp
	var google []*re2.Regexp
	for _, source := range sources {
		one, err := regexp.Compile(source)
		if err != nil {
			return nil, fmt.Errorf("compiling %s: %w", source, err)
		}
		one.Longest()
		standard = append(standard, one)
		google = append(google, re2.MustCompile(source))
	}
	set, err := experimental.CompileSet(sources)
	if err != nil {
		return nil, fmt.Errorf("compiling the set: %w", err)
	}
	var table [256]int
	for i := range table {
		table[i] = i & 7
	}
	sum := 0
	return []scanEngine{
		{"daylight", documentSize, func(t scanText) { scanner.Scan(t.segments) }},
		{"with extraction", documentSize, func(t scanText) {
			scanner.Scan(extract.Body(extract.Input{Filename: t.file, Body: t.body}, extract.Limits{}).Segments)
		}},
		{"byte loop", documentSize, func(t scanText) {
			for _, c := range t.body {
				sum += table[c]
			}
		}},
		{"go-re2 set", documentSize, func(t scanText) { _, _ = set.FindAllWithError(t.body, len(sources)) }},
		{"go-re2", 4 << 10, func(t scanText) {
			for _, e := range google {
				e.FindAllIndex(t.body, -1)
			}
		}},
		{"regexp", 4 << 10, func(t scanText) {
			for _, e := range standard {
				e.FindAllIndex(t.body, -1)
			}
		}},
	}, nil
}

// race returns the speed of each engine in MB/s, the fastest of interleaved rounds.
func race(engines []scanEngine, t scanText, rounds int) []float64 {
	speeds := make([]float64, len(engines))
	for range rounds {
		for i, e := range engines {
			part := t
			if len(part.body) > e.part {
				part.body = part.body[:e.part]
			}
			speeds[i] = max(speeds[i], speedOf(part, e.scan))
		}
	}
	return speeds
}

// speedOf runs scan until the clock of the processor can be trusted.
func speedOf(t scanText, scan func(scanText)) float64 {
	scan(t)
	for n := 1; ; n *= 4 {
		before := selfCPU()
		for range n {
			scan(t)
		}
		if took := selfCPU() - before; took > 20*time.Millisecond {
			return float64(len(t.body)*n) / 1e6 / took.Seconds()
		}
	}
}
