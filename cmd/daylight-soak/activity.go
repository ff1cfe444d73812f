package main

import (
	"errors"
	"fmt"
	"maps"
	"sync"
)

// activity counts what is done to Daylight, window by window.
type activity struct {
	mu      sync.Mutex
	counts  map[string]int
	windows []map[string]int // the counts at the end of each
}

func newActivity() *activity { return &activity{counts: map[string]int{}} }

func (a *activity) note(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.counts[name]++
}

func (a *activity) endWindow() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.windows = append(a.windows, maps.Clone(a.counts))
}

// throughout returns an error for each name of which nothing was done in a third of the run.
func (a *activity) throughout(names ...string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	var missing []error
	n := len(a.windows)
	if n < 3 {
		return fmt.Errorf("%d windows are too few to show what was done throughout", n)
	}
	for _, name := range names {
		before := 0
		for third := range 3 {
			until := a.windows[n*(third+1)/3-1][name]
			if until == before {
				missing = append(missing, fmt.Errorf("in third %d of the run there was nothing of this: %s", third+1, name))
			}
			before = until
		}
	}
	return errors.Join(missing...)
}
