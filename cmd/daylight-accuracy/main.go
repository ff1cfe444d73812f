// Command daylight-accuracy measures how right the classifier is, on texts that
// it makes itself and on the pages that were labelled by hand, and writes
// docs/accuracy.md; with the word discovery, how well unlisted AI services are told
// from other traffic, and writes docs/discovery.md. Equal sources give equal documents: nothing depends on the
// machine, the date or the time.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "discovery" {
		if err := discoveryMain(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "daylight-accuracy:", err)
			os.Exit(1)
		}
		return
	}
	out := flag.String("out", "docs/accuracy.md", "the `FILE` that is written; - for standard output")
	pages := flag.String("pages", "testdata/corpus/labelled", "the `FOLDER` of the labelled pages")
	small := flag.Bool("small", false, "measure as little as the test does")
	list := flag.Int("list", 0, "print `N` missed and N false examples of each detector instead")
	only := flag.String("only", "", "with -list: detectors with this in their `ID`")
	flag.Parse()
	n, examples := fullSize(), examplesShown
	if *small {
		n = smallSize()
	}
	m, err := measure(n, max(examples, *list))
	if err == nil && *list > 0 {
		m.printExamples(os.Stdout, *only)
	} else if err == nil {
		err = write(m, *pages, *out)
	}
	if err == nil {
		err = m.bars()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "daylight-accuracy:", err)
		os.Exit(1)
	}
}

// write renders the measurement beside that of the labelled pages.
func write(m *measurement, pages, out string) error {
	byHand, err := measurePages(os.DirFS(pages))
	if err != nil {
		return err
	}
	document := render(m, byHand)
	if out == "-" {
		_, err = os.Stdout.WriteString(document)
		return err
	}
	if err := os.WriteFile(out, []byte(document), 0o644); err != nil {
		return fmt.Errorf("write the document: %w", err)
	}
	return nil
}

// bars returns an error that names every bar that is missed.
func (m *measurement) bars() error {
	var missed []string
	for _, b := range m.barList() {
		if !b.met {
			missed = append(missed, b.name+": "+b.value)
		}
	}
	if len(missed) == 0 {
		return nil
	}
	return errors.New("bars are missed:\n  " + strings.Join(missed, "\n  "))
}
