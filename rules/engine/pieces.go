package engine

import (
	"bytes"
	"slices"
	"strconv"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// maxEdits are applied one by one in a message; the text of any more is put at
// the end. A person makes one or two.
const maxEdits = 256

// scanPieces puts what a message brings into the text of its connection and
// classifies that text. What the text does not show, such as a value that the
// same message deletes again, is classified beside it: the service has seen it.
func (s *Snapshot) scanPieces(way catalog.Pieces, found located, edits []edit, w *Window) (classifier.Result, *rules.Content, *Window) {
	after := &Window{begun: true, document: w.document.clone()}
	for i := range edits {
		if i >= maxEdits {
			edits[i].list, way = nil, catalog.Append
		}
		edits[i].apply(way, &after.document)
	}
	at := edits[len(edits)-1].at
	whole := extract.Text(after.document.text, at, s.limits)
	segments := slices.Clone(whole)
	for i, e := range edits {
		if i < maxEdits && e.kind == bringText && !bytes.Contains(after.document.text, e.text) {
			segments = append(segments, extract.Text(e.text, e.at, s.limits)...)
		}
	}
	segments = append(segments, s.listed(found.beside())...)
	result := s.scanner.Scan(segments)
	switch trimmed := after.document.trim(); {
	case trimmed:
		after.known = knownFrom(s.scanner.Scan(extract.Text(after.document.text, at, s.limits)))
	case len(segments) > len(whole):
		after.known = knownFrom(s.scanner.Scan(whole))
	default:
		after.known = knownFrom(result)
	}
	return result, &w.known, after
}

// beside parts the segments to which no locator points, as locate does.
func (l *located) beside() (text, rest []classifier.Segment) {
	placed := l.placed
	for i := range l.all {
		segment := &l.all[i]
		switch {
		case len(placed) > 0 && placed[0] == i:
			placed = placed[1:]
		case isWriting(segment):
			text = append(text, *segment)
		default:
			rest = append(rest, *segment)
		}
	}
	return text, rest
}

// edit is what one value of a message does to a text: it brings text, or keeps
// or deletes a number of its units.
type edit struct {
	kind  editKind
	at    classifier.Location
	text  []byte
	own   bool // text is no part of the body
	units int
	list  *classifier.Location // of the operations of which it is one; nil for none
	first bool                 // of that list
}

type editKind uint8

const (
	bringText editKind = iota
	keepUnits
	deleteUnits
)

// edits returns what the placed segments bring, in order, with the operations
// beside them. The pieces into which a table parts a value are one again.
func (l *located) edits() []edit {
	var out []edit
	placed := l.placed
	for i := range l.all {
		segment := &l.all[i]
		e := edit{at: segment.Location, text: segment.Text, list: operationsOf(&segment.Location)}
		last := len(out) - 1
		switch {
		case len(placed) > 0 && placed[0] == i:
			placed = placed[1:]
			if last >= 0 && segment.Offset > 0 && out[last].at == segment.Location {
				out[last].join(segment.Text)
				continue
			}
		case !e.readOperation(segment):
			continue
		}
		e.first = last < 0 || out[last].list != e.list
		out = append(out, e)
	}
	return out
}

// join continues the text.
func (e *edit) join(text []byte) {
	if !e.own {
		e.text, e.own = slices.Clone(e.text), true
	}
	e.text = append(e.text, text...)
}

// readOperation reads a number beside the text: {"retain": 7}, {"delete": 3}.
func (e *edit) readOperation(segment *classifier.Segment) bool {
	if e.list == nil {
		return false
	}
	n, err := strconv.ParseUint(string(segment.Text), 10, 31)
	switch {
	case err != nil:
		return false
	case segment.Location.Name == "retain":
		e.kind = keepUnits
	case segment.Location.Name == "delete":
		e.kind = deleteUnits
	default:
		return false
	}
	e.units, e.text = int(n), nil
	return true
}

// operationsOf returns the list of operations of which l is a member of one; nil
// when it is none.
func operationsOf(l *classifier.Location) *classifier.Location {
	if l.Stage == classifier.StageUnescaped {
		l = l.Parent
	}
	if l.Stage != classifier.StageKey || l.Name != "insert" && l.Name != "retain" && l.Name != "delete" {
		return nil
	}
	if l.Parent == nil || l.Parent.Stage != classifier.StageIndex {
		return nil
	}
	return l.Parent.Parent
}

// apply changes the text as the value says. What cannot be read as an edit is
// put at the end.
func (e *edit) apply(way catalog.Pieces, d *document) {
	if way == catalog.Append {
		if e.kind == bringText {
			d.append(e.text)
		}
		return
	}
	if e.list != nil {
		if e.first {
			d.cursor = 0
		}
		switch e.kind {
		case keepUnits:
			d.cursor += e.units
		case deleteUnits:
			d.remove(d.cursor, e.units)
		default:
			d.cursor = d.insert(d.cursor, e.text)
		}
		return
	}
	position, text, inserts, ok := parseEdit(e.text)
	switch {
	case !ok:
		d.append(e.text)
	case inserts:
		e.text = text
		d.insert(position, text)
	default:
		if e.text = text; bytes.HasPrefix(d.text[d.offset(position):], text) {
			e.text = nil // nothing that was not there
		}
		d.remove(position, units(text))
	}
}

// parseEdit reads "+position:length:text:…" and "-position:length:text:…".
func parseEdit(value []byte) (position int, text []byte, inserts, ok bool) {
	if len(value) == 0 || value[0] != '+' && value[0] != '-' {
		return 0, nil, false, false
	}
	number, rest, found := bytes.Cut(value[1:], []byte{':'})
	length, rest, foundLength := bytes.Cut(rest, []byte{':'})
	end := bytes.LastIndexByte(rest, ':')
	if !found || !foundLength || end < 0 {
		return 0, nil, false, false
	}
	n, err := strconv.ParseUint(string(number), 10, 31)
	if _, bad := strconv.ParseUint(string(length), 10, 31); err != nil || bad != nil {
		return 0, nil, false, false
	}
	if _, bad := strconv.ParseUint(string(rest[end+1:]), 10, 31); bad != nil {
		return 0, nil, false, false
	}
	return int(n), rest[:end], value[0] == '+', true
}
