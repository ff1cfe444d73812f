package detect

import (
	"bytes"
	"slices"
	"strings"

	"daylight.internal/classifier"
)

func americas() []classifier.Detector {
	return withShapes(unitedStates(), usDriving(), canada(), mexico(), brazil(), latinAmerica())
}

func asia() []classifier.Detector {
	return withShapes(mainlandChina(), hongKongAndTaiwan(), japanAndKorea(), southeastAsia(), india(), southAsia(), centralAsia())
}

func middleEast() []classifier.Detector {
	return withShapes(gulf(), iranAndIsrael())
}

// withShapes joins lists of detectors. Columns without a shape get one: a layout,
// whatever separators stand in it, and the check. A column of other things under
// the same short name is none of persons. Where a context word stands right before
// the value, that counts more than what else the value might be.
func withShapes(lists ...[]classifier.Detector) []classifier.Detector {
	all := slices.Concat(lists...)
	for i := range all {
		if d := &all[i]; d.Check != nil && d.Confidence == 0 {
			d.Confirm = surerWithLabel(d.Confirm, d.Context)
		}
		for k := range all[i].Columns {
			if column := &all[i].Columns[k]; column.Shape == nil && len(all[i].Layouts) > 0 {
				column.Shape = shapeOfLayouts(all[i].Layouts, all[i].Check)
			}
		}
	}
	return all
}

func shapeOfLayouts(layouts []string, check func([]byte) bool) func([]byte) bool {
	var forms []string
	for _, layout := range layouts {
		form := strings.Map(func(r rune) rune {
			if r < 0x80 && word(byte(r)) {
				return r
			}
			return -1
		}, layout)
		if !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	return func(b []byte) bool {
		value, ok := compact(b)
		return ok && slices.ContainsFunc(forms, func(form string) bool {
			return len(form) == len(value) && reads(value, form) && (check == nil || check(value))
		})
	}
}

// compact returns a value of a cell in capitals, without blanks and marks between.
func compact(b []byte) (value []byte, ok bool) {
	if len(b) > longestCompact {
		return nil, false
	}
	value = make([]byte, 0, longestCompact)
	for _, c := range b {
		switch {
		case word(c):
			value = append(value, upper(c))
		case c >= 0x80 || strings.IndexByte(" -./()", c) < 0:
			return nil, false
		}
	}
	return value, true
}

// labelConfidence is that of a value that its label and its check digits explain:
// more than that of a value which stands alone.
const labelConfidence = 0.96

// surerWithLabel makes a Confirm that sets the confidence of a value in need of
// context with one of the words right before it.
func surerWithLabel(confirm func(*classifier.Candidate) bool, words []string) func(*classifier.Candidate) bool {
	labels := make([]string, len(words))
	for i, w := range words {
		labels[i] = strings.ToLower(w)
	}
	return func(c *classifier.Candidate) bool {
		if confirm != nil && !confirm(c) {
			return false
		}
		if c.NeedsContext && c.Confidence == 0 && endsWithLabel(c.Text[:c.Start], labels) {
			c.Confidence = labelConfidence
		}
		return true
	}
}

// longestLabel bounds the bytes before a value that may be its label.
const longestLabel = 48

func endsWithLabel(text []byte, labels []string) bool {
	text = text[max(0, len(text)-longestLabel):]
	end := len(text)
	for end > 0 && len(text)-end < 6 && strings.IndexByte(" :#=.-(\"'", text[end-1]) >= 0 {
		end--
	}
	before := bytes.ToLower(text[:end])
	before = bytes.TrimSuffix(before, []byte("："))
	for _, label := range labels {
		if rest, found := bytes.CutSuffix(before, []byte(label)); found && (len(rest) == 0 || label[0] >= 0xE3 || !wordByte(rest[len(rest)-1])) {
			return true
		}
	}
	return false
}
