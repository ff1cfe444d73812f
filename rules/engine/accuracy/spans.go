package accuracy

import (
	"bytes"

	"daylight.internal/classifier"
)

// Span is a value that stands in a text.
type Span struct {
	Detector   string
	Start, End int // byte offsets in the text, half open
}

// Relation is what the finding of one detector means for a span of another.
type Relation uint8

// The relations. Each detector is Same to itself.
const (
	Unrelated Relation = iota
	Part               // right, but not yet the whole value: a postcode in an address
	Same               // as good as the detector that the span names
)

// Verdict is what became of the spans and findings of one text.
type Verdict struct {
	Found []bool // for each span
	Wrong []int  // indexes of the findings that are of no span
}

// Judge compares the findings of a text with its spans. A finding is right when
// it overlaps a span of its detector, or of one to which related puts it.
// Positions of findings count in decoded values, so where the bytes of the text
// are others, as in JSON and HTML, the value decides.
func Judge(text []byte, spans []Span, document classifier.Document, result classifier.Result, related func(found, expected string) Relation) Verdict {
	v := Verdict{Found: make([]bool, len(spans))}
	for i := range result.Findings {
		f := &result.Findings[i]
		value := valueOf(f, document)
		right := false
		for k, s := range spans {
			relation := Same
			if s.Detector != f.Detector {
				relation = related(f.Detector, s.Detector)
			}
			if relation == Unrelated || !overlaps(f, value, s, text) {
				continue
			}
			right = true
			v.Found[k] = v.Found[k] || relation == Same
		}
		if !right {
			v.Wrong = append(v.Wrong, i)
		}
	}
	return v
}

// valueOf returns the text that a finding names.
func valueOf(f *classifier.Finding, document classifier.Document) []byte {
	segment := &document.Segments[f.Segment]
	return segment.Text[f.Start-segment.Offset : f.End-segment.Offset]
}

func overlaps(f *classifier.Finding, value []byte, s Span, text []byte) bool {
	if f.End <= len(text) && bytes.Equal(text[f.Start:f.End], value) {
		return f.Start < s.End && s.Start < f.End
	}
	expected := text[s.Start:s.End]
	return bytes.Contains(expected, value) || bytes.Contains(value, expected)
}

// Around returns a finding with some of the text on both sides.
func Around(f *classifier.Finding, document classifier.Document, margin int) (before, value, after string) {
	segment := &document.Segments[f.Segment]
	start, end := f.Start-segment.Offset, f.End-segment.Offset
	return string(bytes.ToValidUTF8(segment.Text[max(0, start-margin):start], nil)), string(segment.Text[start:end]),
		string(bytes.ToValidUTF8(segment.Text[end:min(len(segment.Text), end+margin)], nil))
}
