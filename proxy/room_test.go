package proxy

import (
	"context"
	"net/netip"
	"runtime"
	"slices"
	"testing"
	"time"

	"daylight.internal/proxy/fair"
)

func TestPlacesBoundTheMemoryOfEvaluations(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		name       string
		bytes      int64
		compressed bool
		at         int // once, of 128 MiB
	}{
		{"a window of 16 MiB", 16 * mib, false, 1},
		{"a window that alone takes more", 64 * mib, false, 1},
		{"8 MiB", 8 * mib, false, 2},
		{"1 MiB", mib, false, 16},
		{"160 KiB that unpack to 16 MiB", 160 << 10, true, 1},
		{"a small compressed prompt", 2 << 10, true, 81},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlaces(128 * mib)
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			entered := 0
			var leave func()
			for {
				left := p.enter(ended, fair.Client{}, c.bytes, c.compressed)
				if left == nil {
					break
				}
				leave = left
				entered++
			}
			if want := min(c.at, runtime.GOMAXPROCS(0)); entered != want {
				t.Errorf("%d at once, want %d", entered, want)
			}
			leave()
			if p.enter(ended, fair.Client{}, c.bytes, c.compressed) == nil {
				t.Error("the place that came back is not given")
			}
		})
	}
}

func TestASmallBodyDoesNotWaitForLargeOnes(t *testing.T) {
	p := newPlaces(1 << 20)
	p.enter(t.Context(), fair.Client{}, 16<<20, false)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if p.enter(ended, fair.Client{}, 4<<10, false) == nil {
		t.Error("a prompt waits")
	}
}

func TestPlacesAreGivenInOrder(t *testing.T) {
	r := &room{size: 10, free: 10}
	leave := r.enter(t.Context(), fair.Client{}, 6)
	order := make(chan string, 2)
	go func() { r.enter(t.Context(), fair.Client{}, 10)(); order <- "large" }()
	waitUntil(t, func() bool { r.mu.Lock(); defer r.mu.Unlock(); return len(r.waiting) == 1 })
	go func() { r.enter(t.Context(), fair.Client{}, 1)(); order <- "small" }()
	waitUntil(t, func() bool { r.mu.Lock(); defer r.mu.Unlock(); return len(r.waiting) == 2 })
	leave()
	<-order
	<-order
	if r.free != 10 {
		t.Errorf("%d of 10 are free at the end", r.free)
	}
}

func TestWhoGivesUpTakesNoPlace(t *testing.T) {
	r := &room{size: 10, free: 10}
	leave := r.enter(t.Context(), fair.Client{}, 6)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if r.enter(ctx, fair.Client{}, 6) != nil {
		t.Fatal("there is no room")
	}
	entered := r.enter(t.Context(), fair.Client{}, 4) // nobody is before it any more
	leave()
	entered()
	if r.free != 10 || len(r.waiting) != 0 {
		t.Errorf("%d free, %d wait", r.free, len(r.waiting))
	}
}

// One who brings hundreds of bodies at once keeps another waiting for one of them.
func TestClientsTakeTurns(t *testing.T) {
	r := &room{size: 1, free: 1}
	leave := r.enter(t.Context(), fair.ClientOf("ana", netip.Addr{}), 1)
	came := make(chan string, 400)
	wait := func(user string, n int) {
		go func() {
			leave := r.enter(t.Context(), fair.ClientOf(user, netip.Addr{}), 1)
			came <- user
			leave()
		}()
		waitUntil(t, func() bool { r.mu.Lock(); defer r.mu.Unlock(); return len(r.waiting) == n })
	}
	for n := range 300 {
		wait("ana", n+1)
	}
	wait("ben", 301)
	wait("ben", 302)
	wait("cai", 303)
	leave()
	var order []string
	for range 303 {
		order = append(order, <-came)
	}
	if got, want := order[:6], []string{"ana", "ben", "cai", "ana", "ben", "ana"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
