package main

import (
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"

	"daylight.internal/cmd/daylight-accuracy/corpus"
	"daylight.internal/rules/engine/accuracy"
)

var update = flag.Bool("update", false, "record what is counted, and the sample of made texts")

const recordFile = "../../testdata/corpus/accuracy.json"

// TestAccuracyDoesNotDrop measures a part of what make accuracy measures and
// holds every detector against what was recorded. When it got worse on purpose,
// or better, record it with -update.
func TestAccuracyDoesNotDrop(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes it slow and finds nothing in it: make test runs it without")
	}
	m, err := measure(smallSize(), 2)
	if err != nil {
		t.Fatal(err)
	}
	now := m.record()
	if *update {
		text, err := now.encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(recordFile, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(recordFile)
	if err != nil {
		t.Fatal(err)
	}
	var recorded record
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	for _, line := range recorded.worse(now) {
		t.Error(line)
	}
	if t.Failed() {
		t.Log("examples: go run ./cmd/daylight-accuracy -small -list 5 -only ID")
	}
	for _, b := range m.barList() {
		if !b.met {
			t.Errorf("%s: %s is demanded, measured %s", b.name, b.demand, b.value)
		}
	}
}

// A drop must show: a record that says better of a detector than it is.
func TestAWorseDetectorFailsTheRecord(t *testing.T) {
	was := record{
		Detectors: map[string]accuracy.Score{"email": {Expected: 10, Hit: 10}, "phone": {Expected: 5, Hit: 5}, "iban": {Expected: 3, Hit: 3}},
		Clean:     map[corpus.Kind]map[string]int{"logs": {"email": 1}},
	}
	now := record{
		Detectors: map[string]accuracy.Score{"email": {Expected: 10, Hit: 9}, "phone": {Expected: 5, Hit: 5, Wrong: 1}},
		Clean:     map[corpus.Kind]map[string]int{"logs": {"email": 1, "phone": 1}},
	}
	want := []string{
		"email: 1 of 10 values are missed, it was 0 of 10",
		"phone: 1 false findings, it was 0",
		"iban: nothing is planted or the detector is gone; 3 values were found",
		"phone: 1 false findings in clean logs, it was 0",
	}
	if got := was.worse(now); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
	if got := was.worse(was); got != nil {
		t.Errorf("nothing changed, got %q", got)
	}
}

func TestEqualSourcesGiveAnEqualDocument(t *testing.T) {
	n := size{rounds: 1, cleanBytes: 1, logLines: 1, luhn: 10}
	var documents [2]string
	for i := range documents {
		m, err := measure(n, examplesShown)
		if err != nil {
			t.Fatal(err)
		}
		documents[i] = render(m, "")
	}
	if documents[0] != documents[1] {
		t.Error("two measurements differ")
	}
}

// TestNoCardInAMillionLogLines reads them all where a machine has the time: in CI.
func TestNoCardInAMillionLogLines(t *testing.T) {
	if raceEnabled || os.Getenv("CI") == "" {
		t.Skip("make accuracy reads them too")
	}
	m, err := measure(size{rounds: 1, cleanBytes: 1, logLines: 1_000_000}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if n := m.logs.detectors["payment_card"]; n > 0 || m.logs.lines < 1_000_000 {
		t.Errorf("%d cards in %d lines: %q", n, m.logs.lines, m.logs.examples["payment_card"])
	}
}
