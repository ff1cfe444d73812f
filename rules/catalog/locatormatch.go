package catalog

import (
	"slices"

	"daylight.internal/classifier"
)

// String returns the locator as it was written.
func (l Locator) String() string { return l.text }

// Matches tells whether a segment at loc is what the locator points at.
func (l Locator) Matches(loc *classifier.Location) bool { return l.MatchesSteps(loc.Steps()) }

// MatchesSteps is Matches for a caller that has the steps of a location
// already. A locator also covers what was unpacked from the value it points at:
// nested JSON, base64, the cells and lines of a table, the name of a file.
func (l Locator) MatchesSteps(steps []classifier.Location) bool {
	if len(steps) > 0 {
		switch first := steps[0].Stage; {
		case first == classifier.StageFrame || first == classifier.StageConnect:
			if l.Carrier != carrierOf(first) && l.Carrier != Protobuf {
				return false
			}
			steps = steps[1:]
		case l.Carrier == Frame || l.Carrier == Connect:
			return false
		case first == classifier.StageLine && l.steps[0].stage == classifier.StageDocument:
			steps = steps[1:] // each line of the body is a document
		}
	}
	return matchSteps(l.steps, steps)
}

func carrierOf(s classifier.Stage) Carrier {
	if s == classifier.StageFrame {
		return Frame
	}
	return Connect
}

func matchSteps(want []step, steps []classifier.Location) bool {
	for i, w := range want {
		switch {
		case w.kind == stepAll:
			return i > 0 || len(steps) == 0 || steps[0].Stage != classifier.StageQuery && steps[0].Stage != classifier.StagePath
		case w.kind == stepDescend:
			for n := range len(steps) + 1 {
				if matchSteps(want[i+1:], steps[n:]) {
					return true
				}
				if n < len(steps) && !isChild(steps[n]) {
					return false
				}
			}
			return false
		case len(steps) == 0 || !w.matches(steps[0]):
			return false
		}
		steps = steps[1:]
	}
	return len(steps) == 0 || unpacks(steps[0].Stage)
}

func (s step) matches(l classifier.Location) bool {
	if s.kind == stepChild {
		return isChild(l)
	}
	switch s.stage {
	case classifier.StageDocument, classifier.StageJSON: // the same inside a form field or a part
		return l.Stage == classifier.StageDocument || l.Stage == classifier.StageJSON
	case classifier.StageIndex:
		return l.Stage == s.stage && l.Index == s.index
	default:
		return l.Stage == s.stage && l.Name == s.name
	}
}

func isChild(l classifier.Location) bool {
	return l.Stage == classifier.StageKey || l.Stage == classifier.StageIndex || l.Stage == classifier.StageKeyName
}

// unpacks tells whether a stage opens the inside of a single value.
func unpacks(s classifier.Stage) bool {
	return slices.Contains([]classifier.Stage{
		classifier.StageJSON, classifier.StageDocument, classifier.StageBase64, classifier.StageSheet,
		classifier.StageRow, classifier.StageColumn, classifier.StageLine, classifier.StageFilename,
	}, s)
}
