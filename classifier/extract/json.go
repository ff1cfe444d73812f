package extract

import (
	"bytes"

	"daylight.internal/classifier"
)

// json reads a body of one JSON value or of several, on lines of their own or
// just behind each other. What is not JSON is read as text.
func (e *extractor) json(b []byte, p place) {
	b = trimScriptGuard(b)
	e.expect(min(bytes.Count(b, []byte{'"'})/4, len(b)/16)) // names and values have two quotes each
	lines := isLineDelimited(bytes.TrimLeft(b, separators))
	line := 1
	for {
		trimmed := bytes.TrimLeft(b, separators)
		line += bytes.Count(b[:len(b)-len(trimmed)], []byte{'\n'})
		if b = trimmed; len(b) == 0 {
			return
		}
		before := e.mark()
		w := e.newWalk(b, p, lines, line)
		outcome := w.run()
		rest := b[w.next:]
		if outcome == malformed {
			if !w.found && !lines { // it was never JSON
				e.undo(before)
				rest = b
			}
			rest = e.salvage(rest, lines, p)
		}
		line += bytes.Count(b[:len(b)-len(rest)], []byte{'\n'})
		b, lines = rest, true
	}
}

// separators may stand between values: white space, and the record separator of
// RFC 7464 and of SignalR.
const separators = " \t\r\n\x1e"

// newWalk prepares a walk over the next value of a body.
func (e *extractor) newWalk(b []byte, p place, lines bool, line int) jsonWalk {
	outer := p.location()
	if lines {
		outer = classifier.Location{Parent: p.at, Stage: classifier.StageLine, Index: line}
	}
	return jsonWalk{e: e, b: b, outer: outer, field: p.field, depth: p.depth}
}

// salvage reads as text what stands behind a mistake, up to the end of the line
// when the body has a value on each, and returns what is left.
func (e *extractor) salvage(bad []byte, lines bool, p place) (rest []byte) {
	if lines {
		if i := bytes.IndexByte(bad, '\n'); i >= 0 {
			bad, rest = bad[:i], bad[i:]
		}
	}
	if bytes.IndexByte(bad, '\\') >= 0 {
		// A lenient server might go on reading, and see what the escapes hide.
		if room, ok := e.reserve(len(bad)); ok {
			bad = e.buffer.keep(unescape(room, bad))
		}
	}
	e.text(bad, p.location(), p.field, p.depth)
	return rest
}

// nestedJSON reads a string that is itself JSON and tells whether it was.
func (e *extractor) nestedJSON(s []byte, at classifier.Location, field string, depth int) bool {
	b := bytes.TrimSpace(s)
	if len(b) < 2 || b[0] != '{' && b[0] != '[' || !looksJSON(b) {
		return false
	}
	if b[len(b)-1] != b[0]+2 && !e.cut { // in ASCII '}' is '{'+2 and ']' is '['+2
		return false
	}
	before := e.mark()
	if depth+1 > e.limits.Depth {
		e.skip(classifier.Truncated, "over_depth", 0)
		return false
	}
	w := jsonWalk{e: e, b: b, outer: at, field: field, depth: depth + 1}
	outcome := w.run()
	if outcome == parsed && w.next == len(b) || outcome == ended && e.cut {
		return true
	}
	e.undo(before)
	return false
}
