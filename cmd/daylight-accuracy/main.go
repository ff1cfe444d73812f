// Command daylight-accuracy measures the classifier on made texts.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"

	"daylight.internal/classifier"
	"daylight.internal/cmd/daylight-accuracy/corpus"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/engine/accuracy"
)

func main() {
	kind := flag.String("kind", "", "the `KIND` of text")
	language := flag.String("language", "en", "its language")
	size := flag.Int("bytes", 1<<20, "its size")
	rounds := flag.Int("rounds", 5, "rounds")
	show := flag.Bool("print", false, "print the text")
	examples := flag.Int("examples", 3, "")
	flag.Parse()
	if *kind != "" {
		text := corpus.Clean(corpus.Kind(*kind), corpus.Language(*language), 1, *size)
		if *show {
			os.Stdout.Write(text)
			return
		}
	}
	s, err := engine.Compile(engine.Source{Scanner: classifier.Options{StoredFindings: 1 << 20}})
	if err != nil {
		panic(err)
	}
	known := map[string]bool{}
	for _, d := range s.Detectors() {
		known[d.ID] = true
	}
	scores := map[string]*accuracy.Score{}
	misses := map[string][]string{}
	wrongs := map[string][]string{}
	unknown := map[string]bool{}
	entry := func(m map[string]*accuracy.Score, n string) *accuracy.Score {
		if m[n] == nil {
			m[n] = &accuracy.Score{}
		}
		return m[n]
	}
	total := 0
	for d := range corpus.Documents(1, *rounds) {
		if *show {
			fmt.Printf("=== %s\n%s\n", d.Name, d.Text)
			continue
		}
		total += len(d.Text)
		doc, r := s.Scan(d.Name, d.Text)
		var spans []accuracy.Span
		for _, l := range d.Labels {
			spans = append(spans, accuracy.Span{Detector: l.Detector, Start: l.Start, End: l.End, Optional: l.Optional})
		}
		v := accuracy.Judge(d.Text, spans, doc, r, twin)
		for i, l := range d.Labels {
			if !known[l.Detector] {
				unknown[l.Detector] = true
				continue
			}
			if l.Optional {
				continue
			}
			sc := entry(scores, l.Detector)
			sc.Expected++
			if v.Found[i] {
				sc.Hit++
			} else {
				misses[l.Detector] = append(misses[l.Detector], fmt.Sprintf("%s: %q", d.Name, d.Text[max(0, l.Start-50):min(len(d.Text), l.End+20)]))
			}
		}
		for _, i := range v.Wrong {
			f := &r.Findings[i]
			entry(scores, f.Detector).Wrong++
			a, b, c := accuracy.Around(f, doc, 50)
			over := ""
			for _, l := range d.Labels {
				if f.Start < l.End && l.Start < f.End {
					over = "on " + l.Detector
				}
			}
			wrongs[f.Detector] = append(wrongs[f.Detector], fmt.Sprintf("%s %s %s: %q [%s] %q", d.Name, over, f.Location, a, b, c))
		}
	}
	fmt.Println(total, "bytes; no detector yet:", slices.Sorted(maps.Keys(unknown)))
	for _, name := range slices.Sorted(maps.Keys(scores)) {
		sc := scores[name]
		flag := ""
		if sc.Recall() < 0.99 {
			flag += " R"
		}
		if sc.Precision() < 0.99 {
			flag += " P"
		}
		fmt.Printf("%-26s %6d %6d %6d  R %.4f P %.4f%s\n", name, sc.Expected, sc.Expected-sc.Hit, sc.Wrong, sc.Recall(), sc.Precision(), flag)
	}
	for _, name := range slices.Sorted(maps.Keys(scores)) {
		for i, m := range misses[name] {
			if i < *examples {
				fmt.Println("MISS", name, m)
			}
		}
		for i, m := range wrongs[name] {
			if i < *examples {
				fmt.Println("WRONG", name, m)
			}
		}
	}
}

func twin(found, expected string) bool {
	switch expected {
	case "cn_mobile":
		return found == "phone"
	}
	return false
}
