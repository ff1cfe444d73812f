package engine_test

import (
	"cmp"
	"flag"
	"os"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/engine/accuracy"
)

var updateAccuracy = flag.Bool("update", false, "record what is found in the labelled pages")

const (
	labelledPages = "../../testdata/corpus/labelled"
	accuracyTable = labelledPages + "/accuracy.golden"
)

// TestLabelledPages measures what is found in the labelled pages against what
// is in them, and holds the measure against the recorded one. Better or worse,
// a difference is shown; record it with -update when it is meant.
func TestLabelledPages(t *testing.T) {
	pages, err := accuracy.ReadPages(os.DirFS(labelledPages))
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) < 120 {
		t.Fatalf("%d pages", len(pages))
	}
	s := compile(t, engine.Source{Scanner: classifier.Options{StoredFindings: 1}})
	a := accuracy.NewTally(s.Detectors())
	for _, page := range pages {
		document, result := s.Scan(page.File, page.Text)
		if got := document.Coverage.State.String(); got != cmp.Or(page.Coverage, "complete") {
			t.Errorf("%s: coverage %s, %s", page.Name, got, document.Coverage.Reason)
		}
		if name := a.Unknown(page); name != "" {
			t.Errorf("%s: there is no detector and no class %q", page.Name, name)
		}
		a.Add(page, result)
	}
	got := a.Table()
	if *updateAccuracy {
		if err := os.WriteFile(accuracyTable, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(accuracyTable)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range changedLines(string(want), got) {
		t.Error(line)
	}
}

// changedLines returns the lines that only one of two texts has.
func changedLines(want, got string) (changed []string) {
	recorded := strings.Split(want, "\n")
	known := map[string]bool{}
	for _, line := range recorded {
		known[line] = true
	}
	for line := range strings.SplitSeq(got, "\n") {
		if line != "" && !known[line] {
			changed = append(changed, "now:      "+line)
		}
		delete(known, line)
	}
	for _, line := range recorded {
		if line != "" && known[line] {
			changed = append(changed, "recorded: "+line)
		}
	}
	return changed
}
