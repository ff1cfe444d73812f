package main

import (
	"os"
	"strings"
	"testing"

	"daylight.internal/rules/discovery"
	"daylight.internal/rules/discovery/calibration"
)

func TestTheDocumentOfDiscoveryTellsOfEveryShapeAndSign(t *testing.T) {
	d, err := discovery.New()
	if err != nil {
		t.Fatal(err)
	}
	shapes, err := calibration.Load(os.DirFS("../../testdata/discovery"))
	if err != nil {
		t.Fatal(err)
	}
	var documents [2]string
	for i := range documents {
		m := discoveryMeasurement{d: d, plays: 1, rows: calibration.Measure(d, shapes, 1), hosts: 50}
		m.mixed = calibration.Mixed(d, shapes, m.hosts)
		documents[i] = m.render()
	}
	if documents[0] != documents[1] {
		t.Error("two measurements differ")
	}
	for _, s := range shapes {
		if !strings.Contains(documents[0], "| "+s.Name+" |") {
			t.Errorf("%s is missing", s.Name)
		}
	}
	for _, word := range discovery.Vocabulary() {
		if !strings.Contains(documents[0], "| `"+word+"` |") {
			t.Errorf("%s is missing", word)
		}
	}
	written, err := os.ReadFile("../../docs/discovery.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range d.Signals() {
		if !strings.Contains(string(written), "| `"+s.Word.String()+"` | "+s.Group+" |") {
			t.Errorf("docs/discovery.md does not know %s: run make accuracy", s.Word)
		}
	}
}
