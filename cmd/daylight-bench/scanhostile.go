package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
	"daylight.internal/classifier/detect/hostile"
	"daylight.internal/classifier/extract"
)

// suspects is how many hostile texts are measured well, of those that seem slow.
const suspects = 12

// suspect is a hostile text that seems slow.
type suspect struct {
	text  scanText
	speed float64 // MB/s
}

// hostile finds the slowest of texts that are made to be slow. Those that use up
// the budget of steps say so, and are none.
func (w world) hostile(scanner *classifier.Scanner, o options) error {
	list, tried, exhausted := slowest(scanner, suspects, min(o.rounds, 3))
	w.results.note("scan hostile", nameDaylight, list[0].speed)
	fmt.Printf("  the slowest of %d hostile texts repeats %q: %.0f MB/s; %d use up the budget of steps, and say so\n", tried, list[0].text.name, list[0].speed, exhausted)
	return nil
}

// slowest returns the n slowest hostile texts that do not use up the budget.
func slowest(scanner *classifier.Scanner, n, rounds int) (list []suspect, tried, exhausted int) {
	for _, t := range hostile.Texts(detect.All(), documentSize) {
		text := scanText{name: t.Name, body: t.Body, segments: segmentsOf(t.File, t.Body)}
		before := selfCPU()
		if tried++; scanner.Scan(text.segments).Exhausted {
			exhausted++
			continue
		}
		list = append(list, suspect{text, -float64(selfCPU() - before)})
	}
	slices.SortFunc(list, func(a, b suspect) int { return cmp.Compare(a.speed, b.speed) })
	list = list[:min(len(list), n)]
	for i := range list {
		list[i].speed = 0
		for range rounds {
			list[i].speed = max(list[i].speed, speedOf(list[i].text, func(t scanText) { scanner.Scan(t.segments) }))
		}
	}
	slices.SortFunc(list, func(a, b suspect) int { return cmp.Compare(a.speed, b.speed) })
	return list, tried, exhausted
}

// segmentsOf reads a body; one without a file name is text as it is.
func segmentsOf(file string, body []byte) []classifier.Segment {
	if file == "" {
		return []classifier.Segment{{Text: body}}
	}
	return extract.Body(extract.Input{Filename: file, Body: body}, extract.Limits{}).Segments
}

// listed is how many of the slowest texts are told, alike how many of them may be
// slow by the same detector, and blamed how many detectors are told for each.
const listed, alike, blamed = 30, 2, 3

// hostileList prints the slowest hostile texts, and the detectors that take the
// most time on each when they are alone.
func (w world) hostileList(_ context.Context, o options) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	scanner, err := classifier.NewScanner(detect.All(), nil, classifier.Options{Steps: 1 << 40})
	if err != nil {
		return fmt.Errorf("compiling the detectors: %w", err)
	}
	var alone []*classifier.Scanner
	for _, d := range detect.All() {
		one, err := classifier.NewScanner([]classifier.Detector{d}, nil, classifier.Options{Steps: 1 << 40})
		if err != nil {
			return fmt.Errorf("compiling a detector: %w", err)
		}
		alone = append(alone, one)
	}
	list, tried, _ := slowest(scanner, 8*listed, min(o.rounds, 2))
	loop := speedOf(list[0].text, func(t scanText) { byteLoop(t.body) })
	fmt.Printf("\nMB/s of the slowest of %d hostile texts, without a budget (a byte loop: %.0f), and who takes how long alone\n", tried, loop)
	told, times := 0, map[string]int{}
	for _, s := range list {
		first, text := blame(alone, s.text)
		if times[first]++; times[first] > alike {
			continue
		}
		fmt.Printf("  %8.2f %6.4f  %-60.60q %s\n", s.speed, s.speed/loop, s.text.name, text)
		if told++; told == listed {
			break
		}
	}
	return nil
}

// blame names the detector that takes the most time on a text, and describes it
// with the next ones.
func blame(alone []*classifier.Scanner, t scanText) (first, text string) {
	type share struct {
		id   string
		took time.Duration
	}
	var shares []share
	for _, one := range alone {
		before := selfCPU()
		one.Scan(t.segments)
		shares = append(shares, share{one.Detectors()[0].ID, selfCPU() - before})
	}
	slices.SortFunc(shares, func(a, b share) int { return cmp.Compare(b.took, a.took) })
	var names []string
	for _, s := range shares[:blamed] {
		names = append(names, fmt.Sprintf("%s %s", s.id, s.took.Round(10*time.Microsecond)))
	}
	return shares[0].id, strings.Join(names, ", ")
}

func byteLoop(body []byte) int {
	var table [256]int
	for i := range table {
		table[i] = i & 7
	}
	sum := 0
	for _, c := range body {
		sum += table[c]
	}
	return sum
}
