package engine

import (
	"slices"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

const (
	// windowBytes of text at most are kept in a window.
	windowBytes = 64 << 10
	// windowSegments are kept of a stream, of a few bytes each.
	windowSegments = 1024
	// windowLeft is what is left of each of them when it is full, so that not
	// every message has to make room.
	windowLeft = 3 // quarters
)

// Window is the text that went before over one connection or in one stream of
// messages, so that a list which arrives in pieces is judged as a list. What a
// verdict stopped is not in it. It belongs to one goroutine at a time.
type Window struct {
	begun bool // a message is in it
	// text and rest are the segments of the messages of a stream, parted as locate does.
	text, rest []classifier.Segment
	// open is the beginning of a record that goes on in the next message.
	open []byte
	// document is the text that the messages of a WebSocket edit.
	document document
	// known is what a scan of the window finds.
	known rules.Content
}

// knownFrom is the part of a result that is compared with the next one.
func knownFrom(r classifier.Result) rules.Content {
	return rules.Content{Findings: slices.Clone(r.Summaries), People: r.People}
}

// scan classifies what people wrote in a body, together with what its window
// holds. before is what was known of the window, after what it becomes; nil when
// the body stands alone.
func (s *Snapshot) scan(o *catalog.Operation, found *located, b Body) (result classifier.Result, before *rules.Content, after *Window) {
	switch {
	case b.Window == nil:
	case b.Frame == NoFrame:
		return s.scanStream(found, b.Window)
	case o != nil && o.Pieces != catalog.NoPieces:
		if edits := found.edits(); len(edits) > 0 {
			return s.scanPieces(o.Pieces, found, edits, b.Window)
		}
	case separatorOf(o) != "":
		return s.scanRecords(o, found, b)
	}
	return s.scanner.Scan(s.listed(found.part())), nil, nil
}

// listed adds the rest to the text when it is a list of people.
func (s *Snapshot) listed(p parted) []classifier.Segment {
	if rest := p.rest(); len(rest) >= peopleOfAList && s.scanner.Scan(rest).People >= peopleOfAList {
		return p.segments
	}
	return p.text()
}

// scanStream classifies a message together with those before it.
func (s *Snapshot) scanStream(found *located, w *Window) (classifier.Result, *rules.Content, *Window) {
	after := &Window{begun: true}
	own := found.part()
	joined := parted{slices.Concat(w.text, own.text(), w.rest, own.rest()), len(w.text) + own.texts}
	result := s.scanner.Scan(s.listed(joined))
	var cutText, cutRest bool
	after.text, cutText = keep(joined.text(), len(w.text))
	after.rest, cutRest = keep(joined.rest(), len(w.rest))
	if cutText || cutRest {
		after.known = knownFrom(s.scanner.Scan(s.listed(parted{slices.Concat(after.text, after.rest), len(after.text)})))
	} else {
		after.known = knownFrom(result)
	}
	return result, &w.known, after
}

// keep returns the newest segments that fit into a window, and whether that left
// some out. Those behind the first own of them are copied: bodies are used again.
func keep(segments []classifier.Segment, own int) (kept []classifier.Segment, cut bool) {
	size := 0
	for i := range segments {
		size += len(segments[i].Text)
	}
	from := 0
	if size > windowBytes || len(segments) > windowSegments {
		for from < len(segments)-1 && (size > windowBytes*windowLeft/4 || len(segments)-from > windowSegments*windowLeft/4) {
			size -= len(segments[from].Text)
			from++
		}
	}
	kept = slices.Clone(segments[from:])
	for i := max(0, own-from); i < len(kept); i++ {
		kept[i].Text = slices.Clone(kept[i].Text)
	}
	if size > windowBytes { // the last one alone is too large
		last := &kept[len(kept)-1]
		last.Text = slices.Clone(last.Text[len(last.Text)-windowBytes:])
		last.Table = nil
	}
	return kept, from > 0 || size > windowBytes
}
