package main

import (
	"fmt"
	"io/fs"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/engine/accuracy"
)

// measurePages renders what is found in the pages that were labelled by hand.
func measurePages(root fs.FS) (string, error) {
	pages, err := accuracy.ReadPages(root)
	if err != nil {
		return "", err
	}
	snapshot, problems := engine.Compile(engine.Source{Scanner: classifier.Options{StoredFindings: 1}})
	if err := problems.Err(); err != nil {
		return "", fmt.Errorf("compile the starter policy: %w", err)
	}
	t := accuracy.NewTally(snapshot.Detectors())
	for _, page := range pages {
		for name := t.Unknown(page); name != ""; name = t.Unknown(page) {
			delete(page.Find, name) // a test of the engine names what does not exist
		}
		_, result := snapshot.Scan(page.File, page.Text)
		t.Add(page, result)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d pages. In %d of them there is nothing to find; %d of these raise a false alarm (95 %% interval %s %%). People are counted right on %d of %d pages that name people.\n\n",
		t.Pages, t.Clean, t.FalseAlarms, interval(accuracy.Wilson(t.FalseAlarms, t.Clean)), t.PeopleRight, t.PeoplePages)
	renderScores(&b, "data class", t.Classes, nil)
	renderScores(&b, "language", t.Languages, nil)
	renderScores(&b, "detector", t.Detectors, nil)
	return b.String(), nil
}
