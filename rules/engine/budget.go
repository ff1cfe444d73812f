package engine

import "daylight.internal/classifier"

// budgeted lowers the bytes that were read when the scanner's budget ran out:
// what it did not come to was not inspected, and the body is only known in
// proportion to its text.
func budgeted(c classifier.Coverage, segments []classifier.Segment, result *classifier.Result) classifier.Coverage {
	if !result.Exhausted {
		return c
	}
	var text int64
	for i := range segments {
		text += int64(len(segments[i].Text))
	}
	if result.Scanned < text {
		c.BytesRead = int64(float64(c.BytesRead) * float64(result.Scanned) / float64(text))
	}
	return c
}
