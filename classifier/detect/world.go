package detect

import (
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
// the same short name is none of persons.
func withShapes(lists ...[]classifier.Detector) []classifier.Detector {
	all := slices.Concat(lists...)
	for i := range all {
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
