package main

import (
	"regexp"
	"strings"

	"daylight.internal/classifier"
)

// expressions are regular expressions of the shapes that the detectors look for,
// one for each: what an engine of expressions would have to find before anything
// is validated. Context words and checks are left out, which is kind to it.
func expressions(detectors []classifier.Detector) []string {
	var list []string
	for _, d := range detectors {
		var ways []string
		for _, layout := range d.Layouts {
			ways = append(ways, `\b`+layoutExpression(layout)+`\b`)
		}
		for _, literal := range d.Literals {
			ways = append(ways, `(?i:`+regexp.QuoteMeta(literal)+`)`+literalTail(d))
		}
		if way := anchorExpressions()[d.Anchor]; way != "" {
			ways = append(ways, way)
		}
		if len(ways) > 0 {
			list = append(list, strings.Join(ways, "|"))
		}
	}
	return list
}

// literalTail is what follows the literal of a detector: the body of a key.
func literalTail(d classifier.Detector) string {
	if d.Match == nil {
		return ""
	}
	return `[0-9A-Za-z_-]{16,}`
}

func layoutExpression(layout string) string {
	var b strings.Builder
	for _, c := range layout {
		switch c {
		case 'd':
			b.WriteString(`\d`)
		case 'A':
			b.WriteString(`[A-Za-z]`)
		case 'X':
			b.WriteString(`[0-9A-Za-z]`)
		case '_':
			b.WriteString(`[ -]`)
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	return b.String()
}

func anchorExpressions() map[classifier.Anchor]string {
	return map[classifier.Anchor]string{
		classifier.AnchorNumber:  `\+?\(?\d[\d ()./-]{6,18}\d`,
		classifier.AnchorDecimal: `-?\d{1,3}\.\d+(?:[., ]+-?\d+\.?\d*)+`,
		classifier.AnchorWord:    `\b[A-Za-z]{2,6}\d[0-9A-Za-z]{8,30}\b`,
		classifier.AnchorAt:      `[\w.%+-]{1,64}@[\w-]+(?:\.[\w-]+)+`,
		classifier.AnchorColon:   `\b[0-9A-Fa-f]{1,4}(?::{1,2}[0-9A-Fa-f]{1,4}){3,7}\b`,
	}
}
