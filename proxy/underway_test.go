package proxy

import (
	"context"
	"sync"
	"testing"
)

// Exchanges begin and end while two wait: each wait ends when all have ended, and there is
// no race between the last to end and the next to begin.
func TestWhatIsUnderWayMayBeginWhileSomebodyWaits(t *testing.T) {
	var u underWay
	if err := u.await(t.Context()); err != nil {
		t.Errorf("with none: %v", err)
	}
	u.begin()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if u.await(over) == nil {
		t.Error("it waits for nobody")
	}
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if err := u.await(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	for range 4 {
		all.Go(func() {
			for range 1000 {
				u.begin()
				u.end()
			}
		})
	}
	u.end()
	all.Wait()
	if u.many != 0 {
		t.Errorf("%d are left", u.many)
	}
}
