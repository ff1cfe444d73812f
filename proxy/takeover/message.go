package takeover

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Next is told of the process that comes next. Its functions are called by one goroutine.
type Next struct {
	// Serving is called when it serves; replace: it asks this process to end.
	Serving func(replace bool)
	// Gone is called when it has ended, or has left the listeners, after that.
	Gone func()
}

// maxListeners bounds what one process hands to the next.
const maxListeners = 64

// maxMessage bounds a message, in bytes.
const maxMessage = 16 << 10

// offer is what the process that serves sends together with its sockets.
type offer struct {
	Listeners []string `json:"listeners"` // their names, in the order of the descriptors
}

// The words that the process which begins sends, and the answer to both.
const (
	wordServing = "serving" // it serves
	wordReplace = "replace" // it serves, and the other one should end
	wordNoted   = "noted"
)

// parseOffer reads an offer that came with a number of descriptors.
func parseOffer(message []byte, descriptors int) (names []string, err error) {
	var o offer
	if err := json.Unmarshal(message, &o); err != nil {
		return nil, fmt.Errorf("reading the offer: %w", err)
	}
	seen := map[string]bool{}
	for _, name := range o.Listeners {
		if seen[name] {
			return nil, errors.New("reading the offer: one name twice")
		}
		seen[name] = true
	}
	if len(o.Listeners) != descriptors || descriptors > maxListeners {
		return nil, fmt.Errorf("reading the offer: %d names for %d sockets", len(o.Listeners), descriptors)
	}
	return o.Listeners, nil
}
