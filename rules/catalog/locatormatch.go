package catalog

import (
	"slices"

	"daylight.internal/classifier"
)

// String returns the locator as it was written.
func (l Locator) String() string { return l.text }

// MatchesSteps tells whether the locator points at the place of a segment, of
// which steps are those from the root. members tells what the filters of the
// locator ask of the body; without it none lets anything through. A locator also
// covers what was unpacked from the value it points at: nested JSON, base64,
// escapes, the cells and lines of a table, the name of a file.
func (l *Locator) MatchesSteps(steps []classifier.Location, members Members) bool {
	if len(steps) > 0 {
		switch first := steps[0].Stage; {
		case first == classifier.StageFrame || first == classifier.StageConnect:
			if l.Carrier != carrierOf(first) && l.Carrier != Protobuf {
				return false
			}
			steps = steps[1:]
		case l.Carrier == Frame || l.Carrier == Connect:
			return false
		}
	}
	if len(l.steps) == 0 { // a message that is a recording as a whole
		return len(steps) == 0
	}
	if len(steps) > 0 && steps[0].Stage == classifier.StageLine && l.steps[0].stage == classifier.StageDocument {
		steps = steps[1:] // each line of the body is a document
	}
	if l.Carrier == Protobuf && len(l.steps) > 0 && l.steps[0].stage == classifier.StageField {
		if len(steps) == 0 || steps[0].Stage != classifier.StageProtobuf {
			return false
		}
		steps = steps[1:]
	}
	return matchSteps(l.steps, steps, members)
}

// Applies tells whether the conditions hold of a record of a message. Of a name
// that stands in it several times any value counts: servers differ in which they take.
func (l Locator) Applies(record []classifier.Segment) bool {
	for _, c := range l.Conditions {
		if !slices.ContainsFunc(record, c.ofRecord) {
			return false
		}
	}
	return true
}

// ofRecord tells whether a segment is the top-level member of a message with the value.
func (c Condition) ofRecord(segment classifier.Segment) bool {
	if !c.fits(&segment) {
		return false
	}
	document := segment.Location.Parent
	return document != nil && document.Stage == classifier.StageJSON && document.Parent != nil && document.Parent.Stage == classifier.StageFrame
}

func carrierOf(s classifier.Stage) Carrier {
	if s == classifier.StageFrame {
		return Frame
	}
	return Connect
}

func matchSteps(want []step, steps []classifier.Location, members Members) bool {
	for i, w := range want {
		switch {
		case w.kind == stepAll:
			return i > 0 || len(steps) == 0 || steps[0].Stage != classifier.StageQuery && steps[0].Stage != classifier.StagePath
		case w.kind == stepDescend:
			for n := range len(steps) + 1 {
				if matchSteps(want[i+1:], steps[n:], members) {
					return true
				}
				if n < len(steps) && !isChild(steps[n]) {
					return false
				}
			}
			return false
		case w.kind == stepFilter:
			if len(steps) > 0 && steps[0].Stage == classifier.StageIndex {
				steps = steps[1:]
			}
			if len(steps) == 0 || !members.have(steps[0].Parent, w.filter) {
				return false
			}
			continue
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
	case classifier.StageIndex, classifier.StageField:
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
		classifier.StageRow, classifier.StageColumn, classifier.StageLine, classifier.StageFilename, classifier.StageProtobuf, classifier.StageUnescaped,
	}, s)
}
