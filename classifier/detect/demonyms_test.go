package detect

import (
	"slices"
	"testing"

	"daylight.internal/classifier"
)

func TestEveryEnglishNameIsOfADetector(t *testing.T) {
	all, demonyms := All(), demonyms()
	countries := map[string]bool{}
	for _, kind := range englishNames() {
		for _, id := range kind.detectors {
			i := slices.IndexFunc(all, func(d classifier.Detector) bool { return d.ID == id })
			if i < 0 {
				t.Errorf("there is no detector %s", id)
				continue
			}
			country := all[i].Country
			countries[country] = true
			if len(demonyms[country]) == 0 {
				t.Errorf("%s: no name for people of %q", id, country)
			} else if word := demonyms[country][0] + " " + kind.nouns[0]; !slices.Contains(all[i].Context, word) {
				t.Errorf("%s: %q is no context", id, word)
			}
		}
	}
	for country := range demonyms {
		if !countries[country] {
			t.Errorf("%s: no detector", country)
		}
	}
}
