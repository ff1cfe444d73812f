package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"daylight.internal/cmd/daylight-accuracy/corpus"
	"daylight.internal/rules/engine/accuracy"
)

// record is what the small measurement counted when it was last recorded.
type record struct {
	Detectors map[string]accuracy.Score      `json:"detectors"`
	Clean     map[corpus.Kind]map[string]int `json:"clean"` // false findings by kind and detector
}

func (m *measurement) record() record {
	r := record{Detectors: map[string]accuracy.Score{}, Clean: map[corpus.Kind]map[string]int{}}
	for id, s := range m.planted.detectors {
		r.Detectors[id] = *s
	}
	for _, t := range m.clean {
		r.Clean[t.kind] = t.detectors
	}
	return r
}

func (r record) encode() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	return append(text, '\n'), err
}

// worse returns what has become worse since the record, one line each.
func (r record) worse(now record) (lines []string) {
	for _, id := range slices.Sorted(maps.Keys(now.Detectors)) {
		is, was := now.Detectors[id], r.Detectors[id]
		switch {
		case was.Expected > 0 && is.Expected-is.Hit > was.Expected-was.Hit:
			lines = append(lines, fmt.Sprintf("%s: %d of %d values are missed, it was %d of %d", id, is.Expected-is.Hit, is.Expected, was.Expected-was.Hit, was.Expected))
		case is.Wrong > was.Wrong:
			lines = append(lines, fmt.Sprintf("%s: %d false findings, it was %d", id, is.Wrong, was.Wrong))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.Detectors)) {
		if was := r.Detectors[id]; was.Hit > 0 && now.Detectors[id].Expected == 0 {
			lines = append(lines, fmt.Sprintf("%s: nothing is planted or the detector is gone; %d values were found", id, was.Hit))
		}
	}
	for _, kind := range corpus.CleanKinds() {
		for _, id := range slices.Sorted(maps.Keys(now.Clean[kind])) {
			if is, was := now.Clean[kind][id], r.Clean[kind][id]; is > was {
				lines = append(lines, fmt.Sprintf("%s: %d false findings in clean %s, it was %d", id, is, kind, was))
			}
		}
	}
	return lines
}
