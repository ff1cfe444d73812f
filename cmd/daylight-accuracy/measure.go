package main

import (
	"bytes"
	"fmt"
	"iter"
	"runtime"
	"slices"

	"daylight.internal/classifier"
	"daylight.internal/cmd/daylight-accuracy/corpus"
	"daylight.internal/rules/engine"
)

// size is how much is measured.
type size struct {
	rounds     int   // each plants every kind of value at least once
	cleanBytes int64 // of prose and of code in which nothing is, over all languages; of the other kinds a quarter
	logLines   int
	luhn       int // random numbers of each length that fit the check digit of cards
}

func fullSize() size {
	return size{rounds: 300, cleanBytes: 40 << 20, logLines: 1_000_000, luhn: 10_000}
}
func smallSize() size { return size{rounds: 20, cleanBytes: 2 << 20, logLines: 15_000} }

// seed of everything that is measured.
const seed = 1

// chunk is how much clean text is made and scanned at a time.
const chunk = 1 << 20

// measurement is all that was counted.
type measurement struct {
	size     size
	planted  *tally
	visitors *tally // access logs with the addresses of visitors
	clean    []*cleanTally
	logs     *cleanTally
	luhn     []luhnShare
	without  []string // detectors of which nothing is planted, sorted
}

// cleanTally counts findings in texts in which nothing is to be found.
type cleanTally struct {
	kind      corpus.Kind
	bytes     int64
	lines     int
	findings  int
	detectors map[string]int
	examples  map[string][]string
}

// scanner is the engine's way of reading a file.
type scanner func(name string, data []byte) (classifier.Document, classifier.Result)

// measure makes the corpora, scans them as "daylight scan" does and counts.
func measure(n size, examples int) (*measurement, error) {
	snapshot, problems := engine.Compile(engine.Source{Scanner: classifier.Options{StoredFindings: 1 << 20}})
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("compile the starter policy: %w", err)
	}
	m := &measurement{size: n, planted: newTally(snapshot.Detectors(), examples), visitors: newTally(snapshot.Detectors(), examples)}
	for _, d := range snapshot.Detectors() {
		if !slices.Contains(corpus.PlantedDetectors(), d.ID) {
			m.without = append(m.without, d.ID)
		}
	}
	slices.Sort(m.without)
	inOrder(corpus.Documents(seed, n.rounds), func(d corpus.Document) judged { return judge(snapshot.Scan, d) }, func(j judged) bool {
		m.planted.add(j)
		return true
	})
	inOrder(accessLogs(n), func(d corpus.Document) judged { return judge(snapshot.Scan, d) }, func(j judged) bool {
		m.visitors.add(j)
		return true
	})
	for _, kind := range corpus.CleanKinds() {
		t := &cleanTally{kind: kind, detectors: map[string]int{}, examples: map[string][]string{}}
		enough := func() bool { return t.bytes >= n.cleanBytes/4 }
		switch kind {
		case corpus.Prose, corpus.Code:
			enough = func() bool { return t.bytes >= n.cleanBytes }
		case corpus.Logs:
			m.logs = t
			enough = func() bool { return t.lines >= n.logLines }
		}
		inOrder(numbers(), func(i int) cleanPart { return cleanScan(snapshot.Scan, kind, i) }, func(p cleanPart) bool {
			t.add(p, examples)
			return !enough()
		})
		m.clean = append(m.clean, t)
	}
	if n.luhn > 0 {
		m.luhn = luhnShares(snapshot.Scan, n.luhn)
	}
	return m, nil
}

func accessLogs(n size) iter.Seq[corpus.Document] {
	return func(yield func(corpus.Document) bool) {
		for i := range n.rounds {
			if !yield(corpus.AccessLog(seed+uint64(i), 16<<10)) {
				return
			}
		}
	}
}

func numbers() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
}

// cleanPart is what was found in a chunk of clean text.
type cleanPart struct {
	bytes, lines int
	findings     []foundValue
}

// cleanScan makes and scans the i-th chunk of a kind; the languages take turns.
func cleanScan(scan scanner, kind corpus.Kind, i int) cleanPart {
	languages := corpus.Languages()
	text := corpus.Clean(kind, languages[i%len(languages)], seed+uint64(i), chunk)
	document, result := scan("clean.txt", text)
	p := cleanPart{bytes: len(text), lines: bytes.Count(text, []byte("\n"))}
	for i := range result.Findings {
		p.findings = append(p.findings, foundValue{result.Findings[i].Detector, exampleOf(&result.Findings[i], document)})
	}
	return p
}

func (t *cleanTally) add(p cleanPart, examples int) {
	t.bytes += int64(p.bytes)
	t.lines += p.lines
	t.findings += len(p.findings)
	for _, f := range p.findings {
		if t.detectors[f.detector]++; len(t.examples[f.detector]) < examples {
			t.examples[f.detector] = append(t.examples[f.detector], f.example)
		}
	}
}

// inOrder works on several items at once and hands the results on in the order of
// the items, until take returns false.
func inOrder[In, Out any](items iter.Seq[In], work func(In) Out, take func(Out) bool) {
	pending := make(chan chan Out, runtime.GOMAXPROCS(0))
	done := make(chan struct{})
	go func() {
		defer close(pending)
		for item := range items {
			result := make(chan Out, 1)
			select {
			case pending <- result:
			case <-done:
				return
			}
			go func() { result <- work(item) }()
		}
	}()
	for result := range pending {
		if !take(<-result) {
			break
		}
	}
	close(done)
}
