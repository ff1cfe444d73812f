package engine

import (
	"bytes"
	"slices"

	"daylight.internal/classifier"
	"daylight.internal/rules/catalog"
)

// peopleOfAList is the number of people from which short values outside the known
// places are a list, and no longer the account and the device of one caller.
const peopleOfAList = 3

// scan classifies what people wrote in the body of an operation; changed tells
// whether its text was not where the catalogue expects it.
func (s *Snapshot) scan(o *catalog.Operation, doc classifier.Document) (result classifier.Result, changed bool) {
	text, rest, changed := locate(o, doc)
	if len(rest) >= peopleOfAList && s.scanner.Scan(rest).People >= peopleOfAList {
		text = doc.Segments
	}
	return s.scanner.Scan(text), changed
}

// locate parts the segments where the text of people sits from the rest. Text is
// what the operation points at, and whatever else reads like writing, so that a
// field that nobody listed hides nothing; the rest are identifiers, tokens and
// the like. When the operation says nothing, or nothing is where it points, all
// is text; changed then tells whether something should have been there.
func locate(o *catalog.Operation, doc classifier.Document) (text, rest []classifier.Segment, changed bool) {
	if o == nil || len(o.Text) == 0 {
		return doc.Segments, nil, false
	}
	found, ofBody, writing := false, false, 0
	isText := make([]bool, len(doc.Segments))
	for i := range doc.Segments {
		segment := &doc.Segments[i]
		steps := segment.Location.Steps()
		isText[i] = o.IsText(steps)
		found = found || isText[i]
		if isText[i] = isText[i] || len(steps) == 0 || isWriting(segment); isText[i] {
			writing++
		}
		ofBody = ofBody || len(steps) > 0 && slices.Contains([]classifier.Stage{classifier.StageDocument, classifier.StageForm}, steps[0].Stage)
	}
	if !found {
		return doc.Segments, nil, ofBody && doc.Coverage.State == classifier.Complete
	}
	text, rest = part(doc.Segments, isText, writing)
	return text, rest, false
}

// part copies the segments, of which n are text, into the text and the rest. There
// may be hundreds of thousands: the room is made once.
func part(segments []classifier.Segment, isText []bool, n int) (text, rest []classifier.Segment) {
	if n == len(segments) {
		return segments, nil
	}
	all := make([]classifier.Segment, len(segments))
	text, rest = all[:0:n], all[n:n]
	for i, segment := range segments {
		if isText[i] {
			text = append(text, segment)
		} else {
			rest = append(rest, segment)
		}
	}
	return text, rest
}

// isWriting tells whether a value outside the known places reads like something
// that a person wrote or pasted.
func isWriting(segment *classifier.Segment) bool {
	const shortest = 48 // bytes; labels, dates and versions are shorter
	return segment.Table != nil || len(segment.Text) >= shortest && bytes.ContainsAny(segment.Text, " \n\t\u3000\u3001\u3002\uff0c")
}
