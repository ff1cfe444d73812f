package proxy

import (
	"strings"
	"unicode"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules/discovery"
)

// shapeKeys are told of one request at most.
const shapeKeys = 64

// newShape tells what a request looks like. A name that looks like a value is told as *.
func newShape(s discovery.Structure, media string, words discovery.Words) *audit.Shape {
	shape := &audit.Shape{Text: safePlace(s.Prompt), Upload: safePlace(s.Upload), MediaType: mediaTypeWord(media), Keys: []string{}}
	for _, w := range []discovery.Word{discovery.StreamAnswer, discovery.EventStream, discovery.SocketRhythm, discovery.TokenCadence, discovery.TokenPieces} {
		shape.Stream = shape.Stream || words.Has(w)
	}
	seen := map[string]bool{}
	for _, f := range s.Fields {
		if f.Place == "$" {
			continue
		}
		if key := safePlace(f.Place) + " " + f.Type; !seen[key] && len(shape.Keys) < shapeKeys {
			seen[key] = true
			shape.Keys = append(shape.Keys, key)
		}
	}
	return shape
}

// safePlace replaces the steps of a place that look like values, and the names of the
// fields and parts of a form.
func safePlace(place string) string {
	steps := strings.Split(place, ".")
	for i, step := range steps {
		carrier, name := "", step
		if before, field, ok := strings.Cut(step, ":"); ok && i == 0 {
			carrier, name = before+":", field
		}
		name, rest := name[:nameEnd(name)], name[nameEnd(name):]
		if looksLikeValue(name) || looksRandom(name) {
			steps[i] = carrier + "*" + rest
		}
	}
	return strings.Join(steps, ".")
}

// nameEnd returns where a name ends, behind which an index or another stage may stand.
func nameEnd(step string) int {
	if end := strings.IndexAny(step, "[ "); end > 0 {
		return end
	}
	return len(step)
}

// looksRandom tells whether a long name changes between capitals, small letters and
// digits more often than words do.
func looksRandom(name string) bool {
	const long, often = 16, 3 // letters, letters to a change
	changes, last := 0, 0
	for _, c := range name {
		kind := 1
		switch {
		case unicode.IsUpper(c):
			kind = 2
		case unicode.IsDigit(c):
			kind = 3
		}
		if last != 0 && kind != last {
			changes++
		}
		last = kind
	}
	return len(name) >= long && changes*often > len(name)
}
