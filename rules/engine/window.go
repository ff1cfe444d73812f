package engine

import "daylight.internal/classifier"

// windowBytes of text at most are kept in a window.
const windowBytes = 64 << 10

// Window is the text that went before over one connection or in one stream of
// messages, so that a list which arrives in pieces is judged as a list. What a
// verdict stopped is not in it. It belongs to one goroutine at a time.
type Window struct {
	segments []classifier.Segment
}
