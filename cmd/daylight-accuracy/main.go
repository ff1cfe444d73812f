// Command daylight-accuracy measures the classifier on made texts.
package main

import (
	"flag"
	"fmt"
	"os"

	"daylight.internal/classifier"
	"daylight.internal/cmd/daylight-accuracy/corpus"
	"daylight.internal/rules/engine"
)

func main() {
	kind := flag.String("kind", "prose", "the `KIND` of text")
	language := flag.String("language", "en", "its language")
	size := flag.Int("bytes", 1<<20, "its size")
	show := flag.Bool("print", false, "print the text")
	flag.Parse()
	text := corpus.Clean(corpus.Kind(*kind), corpus.Language(*language), 1, *size)
	if *show {
		os.Stdout.Write(text)
		return
	}
	s, err := engine.Compile(engine.Source{Scanner: classifier.Options{StoredFindings: 20}})
	if err != nil {
		panic(err)
	}
	doc, r := s.Scan("a.txt", text)
	fmt.Println(doc.Coverage, len(text))
	for _, f := range r.Summaries {
		fmt.Println(f.Detector, f.Count)
	}
	for _, f := range r.Findings {
		seg := doc.Segments[f.Segment]
		a, b := f.Start-seg.Offset, f.End-seg.Offset
		fmt.Printf("  %s %q\n", f.Detector, seg.Text[max(0, a-50):min(len(seg.Text), b+30)])
	}
}
