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

// located is a body whose text of people was parted from the rest.
type located struct {
	all []classifier.Segment
	// isText tells of each segment whether it is text; nil when all are.
	isText []bool
	// placed are those of text, by their index in all, to which a locator points.
	placed  []int
	found   bool // a locator points at something
	changed bool // the text of the operation is not where the catalogue expects it
	sound   int  // bytes at places of recordings
}

// locate parts the segments where the text of people sits from the rest. Text is
// what the operation points at, and whatever else reads like writing, so that a
// field that nobody listed hides nothing; the rest are identifiers, tokens and
// the like. When the operation says nothing, or nothing is where it points, all
// is text; changed then tells whether something should have been there, which the
// words of a protocol alone, as in a call of MCP's tools/list, do not.
func locate(o *catalog.Operation, doc classifier.Document, b Body) located {
	found := located{all: doc.Segments}
	if o == nil || len(o.Text) == 0 {
		return found
	}
	expected, shaped := false, false
	isText := make([]bool, len(doc.Segments))
	members := o.Members(doc.Segments)
	var steps []classifier.Location
	for start := 0; start < len(doc.Segments); {
		end := len(doc.Segments)
		if b.Frame != NoFrame {
			end = recordEnd(doc.Segments, start)
		}
		locators, conditioned := applicable(o, doc.Segments[start:end])
		expected = expected || len(locators) > 0
		for i := start; i < end; i++ {
			steps = doc.Segments[i].Location.AppendSteps(steps[:0])
			isText[i] = found.place(i, steps, locators, members, b.Frame)
			shaped = shaped || !found.found && (conditioned || hasShape(steps, b)) && !o.IsProtocol(&doc.Segments[i], steps, members)
		}
		start = end
	}
	found.isText = isText
	upgrade := o.WebSocket && b.Frame == NoFrame // its text is in the messages, and its query holds tokens
	if !found.found && expected && !upgrade {
		found.isText = nil
		found.changed = shaped && doc.Coverage.State == classifier.Complete && (o.Pieces != catalog.Edits || len(found.edits()) == 0)
	}
	return found
}

// place looks where the i-th segment belongs and tells whether it is text.
func (l *located) place(i int, steps []classifier.Location, locators []catalog.Locator, members catalog.Members, frame Frame) (isText bool) {
	segment := &l.all[i]
	at := -1
	for k := range locators {
		if locators[k].MatchesSteps(steps, members) {
			at = k
			break
		}
	}
	switch {
	case at < 0:
	case locators[at].Sound && isSound(segment, steps, frame):
		l.sound += len(segment.Text)
	default:
		l.placed = append(l.placed, i)
	}
	l.found = l.found || at >= 0
	return at >= 0 || len(steps) == 0 || isWriting(segment)
}

// recordEnd returns where the record of a WebSocket message ends that begins at start.
func recordEnd(segments []classifier.Segment, start int) int {
	first := frameOf(&segments[start].Location)
	end := start + 1
	for end < len(segments) && frameOf(&segments[end].Location) == first {
		end++
	}
	return end
}

// frameOf returns the number of the record that a place is in; 0 for none.
func frameOf(l *classifier.Location) int {
	for p := l; p != nil; p = p.Parent {
		if p.Stage == classifier.StageFrame {
			return p.Index
		}
	}
	return 0
}

// applicable returns the locators for a record. conditioned is true when the
// record is of a kind that the operation asks for.
func applicable(o *catalog.Operation, record []classifier.Segment) (locators []catalog.Locator, conditioned bool) {
	has := func(l catalog.Locator) bool { return len(l.Conditions) > 0 }
	if !slices.ContainsFunc(o.Text, has) {
		return o.Text, false
	}
	for _, l := range o.Text {
		if l.Applies(record) {
			locators = append(locators, l)
			conditioned = conditioned || has(l)
		}
	}
	return locators, conditioned
}

// hasShape tells whether a place is in a body of which the operation knows the
// shape: any body of a request, or the first message of a stream. The messages of
// a WebSocket are of many kinds, and the query and the path are no body.
func hasShape(steps []classifier.Location, b Body) bool {
	if len(steps) == 0 { // the body is plain text
		return b.Frame == NoFrame
	}
	switch steps[0].Stage {
	case classifier.StageConnect:
		return len(steps) > 1 && steps[1].Stage == classifier.StageJSON && steps[0].Index == 1 && (b.Window == nil || !b.Window.begun)
	case classifier.StageFrame, classifier.StageQuery, classifier.StagePath:
		return false
	default:
		return true
	}
}

// parted are segments of which the first are text, the others the rest.
type parted struct {
	segments []classifier.Segment
	texts    int
}

func (p parted) text() []classifier.Segment { return p.segments[:p.texts:p.texts] }
func (p parted) rest() []classifier.Segment { return p.segments[p.texts:] }

// part sorts the segments into the text and the rest, each in its order. There may
// be hundreds of thousands: they are moved, not copied, and all is sorted, too.
func (l *located) part() parted {
	if l.isText == nil {
		return parted{l.all, len(l.all)}
	}
	n := textFirst(l.all, l.isText, make([]classifier.Segment, min(len(l.all), partedAtOnce)))
	for i := range l.isText {
		l.isText[i] = i < n
	}
	return parted{l.all, n}
}

// partedAtOnce is how many segments are set aside while others are moved.
const partedAtOnce = 1024

// textFirst moves the text to the front and returns how much it is. What is more
// than aside can hold is parted in two halves, which then change places.
func textFirst(segments []classifier.Segment, isText []bool, aside []classifier.Segment) int {
	if len(segments) > len(aside) {
		half := len(segments) / 2
		first := textFirst(segments[:half], isText[:half], aside)
		second := textFirst(segments[half:], isText[half:], aside)
		rotate(segments[first:half+second], half-first)
		return first + second
	}
	text, rest := 0, 0
	for i := range segments {
		if isText[i] {
			segments[text] = segments[i]
			text++
		} else {
			aside[rest] = segments[i]
			rest++
		}
	}
	copy(segments[text:], aside[:rest])
	return text
}

// rotate moves the first n segments to the end.
func rotate(segments []classifier.Segment, n int) {
	slices.Reverse(segments[:n])
	slices.Reverse(segments[n:])
	slices.Reverse(segments)
}

// isWriting tells whether a value outside the known places reads like something
// that a person wrote or pasted.
func isWriting(segment *classifier.Segment) bool {
	const shortest = 48 // bytes; labels, dates and versions are shorter
	return segment.Table != nil || len(segment.Text) >= shortest && bytes.ContainsAny(segment.Text, " \n\t\u3000\u3001\u3002\uff0c")
}

// isSound tells whether what stands at the place of a recording can be one: a
// binary message that was taken for text, or base64 that was not taken for a file.
func isSound(segment *classifier.Segment, steps []classifier.Location, frame Frame) bool {
	if len(steps) == 0 || steps[len(steps)-1].Stage == classifier.StageFrame {
		return frame == BinaryFrame
	}
	const shortest = 16
	return len(segment.Text) >= shortest && !bytes.ContainsAny(segment.Text, " \n\t")
}

// listened corrects the coverage of a body with a recording, of which nothing is
// known: that of bytes without a format, or which pass for one by chance.
func (l *located) listened(c classifier.Coverage, o *catalog.Operation, frame Frame) classifier.Coverage {
	unknown := c.State == classifier.Undecodable && (c.Reason == "binary" || frame == BinaryFrame)
	if l.sound == 0 && !(unknown && o != nil && slices.ContainsFunc(o.Text, func(l catalog.Locator) bool { return l.Sound })) {
		return c
	}
	if c.State != classifier.Undecodable {
		c.BytesRead = max(0, c.BytesRead-int64(l.sound))
	}
	return classifier.Coverage{State: classifier.Undecodable, Reason: "audio", BytesRead: c.BytesRead}
}
