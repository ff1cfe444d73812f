package policyfile

import (
	"slices"

	"daylight.internal/rules"
)

// dataCovers tells whether each condition on content of a is fulfilled whenever
// those of b are; the number of people is compared elsewhere, for it is one of
// the whole body.
func dataCovers(a, b []rules.DataMatch) bool {
	return !slices.ContainsFunc(a, func(wide rules.DataMatch) bool {
		always := wide.Count.Op != "" && intervalOf(wide.Count) == every
		return !always && !slices.ContainsFunc(b, func(narrow rules.DataMatch) bool { return findingsCover(&wide, &narrow) })
	})
}

// counts returns how many findings a condition asks for.
func counts(d *rules.DataMatch) interval {
	if d.Count.Op == "" {
		return interval{From: 1, To: every.To}
	}
	return intervalOf(d.Count)
}

// findingsCover tells whether a content with the findings that narrow asks for
// has those that wide asks for.
func findingsCover(wide, narrow *rules.DataMatch) bool {
	w, n := counts(wide), counts(narrow)
	switch {
	case !w.Covers(n):
		return false
	case sameFindings(wide, narrow):
		return true
	default: // wide may count more findings
		return w.To == every.To && countsAll(wide, narrow)
	}
}

// countsAll tells whether a counts every finding that b counts.
func countsAll(a, b *rules.DataMatch) bool {
	return (a.Detectors == nil || b.Detectors != nil && listedIn(b.Detectors, a.Detectors)) && confidences(a).Covers(confidences(b))
}

func sameFindings(a, b *rules.DataMatch) bool {
	return countsAll(a, b) && countsAll(b, a)
}

// confidences are in percent.
func confidences(d *rules.DataMatch) interval {
	return intervalOf(d.Confidence).And(interval{From: 0, To: 100})
}

// listedIn tells whether a sorted list holds all of another sorted one.
func listedIn(few, many []string) bool {
	if len(few) > len(many) {
		return false
	}
	i := 0
	for _, v := range few {
		for i < len(many) && many[i] < v {
			i++
		}
		if i == len(many) || many[i] != v {
			return false
		}
	}
	return true
}

// contradictory returns the index of the first condition on content that cannot
// hold together with those before it; -1 when all can.
func contradictory(data []rules.DataMatch) int {
	people := every
	for i := range data {
		people = people.And(intervalOf(data[i].People))
		if people.Empty() {
			return i
		}
		for j := range i {
			if excludes(&data[i], &data[j]) || excludes(&data[j], &data[i]) {
				return i
			}
		}
	}
	return -1
}

// excludes tells whether a asks for more findings than b, which counts them all, lets be.
func excludes(a, b *rules.DataMatch) bool {
	return counts(a).From > counts(b).To && countsAll(b, a)
}
