package engine_test

import (
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// What is found may never depend on what was loaded before.
func TestAScannerServesOnOnlyWhenNoDetectorDiffers(t *testing.T) {
	const project = "version: 1\ndetectors:\n  project: {class: confidential, words: [Bluebird], context: [project]}\n"
	policy := func(text string) []policyfile.File { return []policyfile.File{{Name: "p.yaml", Data: []byte(text)}} }
	scanning := classifier.Options{Key: []byte("key"), Regions: []string{"DE"}}
	former := compile(t, engine.Source{Policy: policy(project), Scanner: scanning})
	for _, c := range []struct {
		name, text string
		scanning   classifier.Options
		serves     bool
	}{
		{"nothing differs", project, scanning, true},
		{"a rule more", project + "rules: [{name: r, match: {data: {class: confidential}}, action: block}]\n", scanning, true},
		{"no detector any more", "version: 1\n", scanning, false},
		{"another word", "version: 1\ndetectors:\n  project: {class: confidential, words: [Redbird], context: [project]}\n", scanning, false},
		{"another class", "version: 1\ndetectors:\n  project: {class: personal, words: [Bluebird], context: [project]}\n", scanning, false},
		{"another context", "version: 1\ndetectors:\n  project: {class: confidential, words: [Bluebird]}\n", scanning, false},
		{"another key", project, classifier.Options{Key: []byte("other"), Regions: []string{"DE"}}, false},
		{"other regions", project, classifier.Options{Key: []byte("key"), Regions: []string{"FR"}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			next := compile(t, engine.Source{Policy: policy(c.text), Scanner: c.scanning, Former: former})
			if got := engine.SharesScanner(former, next); got != c.serves {
				t.Errorf("serves on: %v, want %v", got, c.serves)
			}
			alone := compile(t, engine.Source{Policy: policy(c.text), Scanner: c.scanning})
			if next.Revision() != alone.Revision() {
				t.Errorf("revision %s, without a former snapshot %s", next.Revision(), alone.Revision())
			}
		})
	}
}
