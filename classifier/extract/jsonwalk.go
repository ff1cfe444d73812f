package extract

import (
	"bytes"

	"daylight.internal/classifier"
)

// jsonWalk reads one JSON value straight over its bytes and emits its leaves.
type jsonWalk struct {
	e     *extractor
	b     []byte
	next  int                 // where to read on
	outer classifier.Location // of the text that is JSON
	field string              // of the value as a whole
	depth int                 // formats around it
	open  []container
	found bool // a string or number was read
}

// container is an array or object that is not closed yet.
type container struct {
	array bool
	index int    // of the current element
	key   string // of the current member
	// at is made when the first leaf needs it, so that the members of one object
	// share one parent and empty objects cost nothing.
	at *classifier.Location
}

// outcome is how a walk ended.
type outcome uint8

const (
	going     outcome = iota
	parsed            // the value is complete
	ended             // the bytes end inside it
	malformed         // next stands at what is not JSON
)

// run reads one value.
func (w *jsonWalk) run() outcome {
	w.open, w.e.spare = w.e.spare[:0], nil
	for {
		if o := w.value(); o != going {
			w.e.spare = w.open
			return o
		}
	}
}

// value reads a scalar or an opening bracket and what follows, up to the next value.
func (w *jsonWalk) value() outcome {
	switch c := w.peek(); c {
	case 0:
		return w.stop()
	case '{', '[':
		return w.enter(c == '[')
	case '"':
		w.next++
		text, closed := w.readString()
		if len(text) > 0 {
			at, field := w.leaf()
			w.found = true
			w.e.value(text, at, field, w.depth)
		}
		if !closed {
			return ended
		}
	case 't', 'f', 'n':
		start := w.next
		if !w.literal() {
			return w.stop()
		}
		if w.b[start] != 'n' && w.tellsKind() {
			at, field := w.leaf()
			w.e.emit(w.b[start:w.next:w.next], at, field)
		}
	default:
		if c != '-' && c-'0' > 9 {
			return malformed
		}
		w.number()
	}
	return w.after()
}

// enter opens a container and leads to its first value.
func (w *jsonWalk) enter(array bool) outcome {
	if len(w.open) >= w.e.limits.JSONDepth {
		w.e.skip(classifier.Truncated, "over_depth", 0)
		w.found = true
		return malformed // the rest is read as text
	}
	w.next++
	w.open = append(w.open, container{array: array})
	switch c := w.peek(); {
	case c == 0:
		return w.stop()
	case array && c == ']', !array && c == '}':
		return w.leave()
	case array:
		return going
	default:
		return w.key()
	}
}

// leave closes the innermost container.
func (w *jsonWalk) leave() outcome {
	w.next++
	w.open = w.open[:len(w.open)-1]
	return w.after()
}

// after reads what stands behind a value, up to the next one.
func (w *jsonWalk) after() outcome {
	for {
		if len(w.open) == 0 {
			return parsed
		}
		top := &w.open[len(w.open)-1]
		switch c := w.peek(); {
		case c == ',' && top.array:
			w.next++
			top.index++
			return going
		case c == ',':
			w.next++
			return w.key()
		case c == ']' && top.array, c == '}' && !top.array:
			w.next++
			w.open = w.open[:len(w.open)-1]
		default:
			return w.stop()
		}
	}
}

// key reads the name of a member and the colon.
func (w *jsonWalk) key() outcome {
	if w.peek() != '"' {
		return w.stop()
	}
	start := w.next
	w.next++
	name, closed := w.readString()
	if !closed || w.peek() != ':' {
		w.next = start // the name is text, too
		return malformed
	}
	w.next++
	top := &w.open[len(w.open)-1]
	label, isData := w.e.label(name)
	top.key = label
	if isData {
		w.found = true
		w.e.emit(name, classifier.Location{Parent: w.parent(), Stage: classifier.StageKeyName, Name: label}, "")
	}
	return going
}

// stop tells the end of the bytes from a mistake in them.
func (w *jsonWalk) stop() outcome {
	if w.next >= len(w.b) {
		return ended
	}
	return malformed
}

// peek skips white space and returns the next byte; 0 at the end.
func (w *jsonWalk) peek() byte {
	for w.next < len(w.b) {
		switch c := w.b[w.next]; c {
		case ' ', '\t', '\r', '\n':
			w.next++
		default:
			return c
		}
	}
	return 0
}

// readString reads the rest of a string, whose opening quote was read.
func (w *jsonWalk) readString() (text []byte, closed bool) {
	end, escaped, closed := stringEnd(w.b, w.next)
	text = w.b[w.next:end:end]
	w.next = end
	if closed {
		w.next++
	}
	if escaped {
		if room, ok := w.e.reserve(len(text)); ok {
			text = w.e.buffer.keep(unescape(room, text))
		}
	}
	return text, closed
}

// tellsKind tells whether the next value is a member of a record of a WebSocket:
// true or false there may say what kind of record it is.
func (w *jsonWalk) tellsKind() bool {
	return w.outer.Stage == classifier.StageFrame && len(w.open) == 1 && !w.open[0].array
}

// literal reads true, false or null.
func (w *jsonWalk) literal() bool {
	for _, word := range [...]string{"true", "false", "null"} {
		if bytes.HasPrefix(w.b[w.next:], []byte(word)) {
			w.next += len(word)
			return true
		}
	}
	return false
}

// number reads a number. One of fewer than five digits identifies nobody, but
// under a key it may be a price, a quantity or a count of clicks.
func (w *jsonWalk) number() {
	start, digits := w.next, 0
	for ; w.next < len(w.b); w.next++ {
		c := w.b[w.next]
		if c-'0' <= 9 {
			digits++
		} else if c != '.' && c != '-' && c != '+' && c|0x20 != 'e' {
			break
		}
	}
	w.found = w.found || w.next < len(w.b) && w.b[w.next] == ','
	if at, field := w.leaf(); digits >= 5 || at.Stage == classifier.StageKey {
		w.e.emit(w.b[start:w.next:w.next], at, field)
	}
}

// leaf is the location of the current value, and its field.
func (w *jsonWalk) leaf() (classifier.Location, string) {
	if len(w.open) == 0 {
		return w.root(), w.field
	}
	parent := w.parent()
	top := w.open[len(w.open)-1]
	if !top.array {
		return classifier.Location{Parent: parent, Stage: classifier.StageKey, Name: top.key}, top.key
	}
	return classifier.Location{Parent: parent, Stage: classifier.StageIndex, Index: top.index}, w.nearestKey()
}

// nearestKey is the name under which the innermost array stands.
func (w *jsonWalk) nearestKey() string {
	for i := len(w.open) - 1; i >= 0; i-- {
		if !w.open[i].array {
			return w.open[i].key
		}
	}
	return w.field
}

// parent is the location of the innermost container.
func (w *jsonWalk) parent() *classifier.Location {
	n := len(w.open)
	for n > 0 && w.open[n-1].at == nil {
		n--
	}
	var at *classifier.Location
	if n > 0 {
		at = w.open[n-1].at
	}
	for ; n < len(w.open); n++ {
		var l classifier.Location
		if n == 0 {
			l = w.root()
		} else {
			outer := &w.open[n-1]
			l = classifier.Location{Parent: at, Stage: classifier.StageKey, Name: outer.key}
			if outer.array {
				l = classifier.Location{Parent: at, Stage: classifier.StageIndex, Index: outer.index}
			}
		}
		at = w.e.locate(l)
		w.open[n].at = at
	}
	return at
}

// root is the location of the value as a whole.
func (w *jsonWalk) root() classifier.Location {
	if w.outer.Stage == classifier.StageRoot {
		return classifier.Location{Stage: classifier.StageDocument}
	}
	return classifier.Location{Parent: w.e.locate(w.outer), Stage: classifier.StageJSON}
}
