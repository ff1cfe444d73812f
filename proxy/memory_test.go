package proxy

import (
	"context"
	"testing"
	"time"
)

func TestOneBodyMayTakeALotAndManyShare(t *testing.T) {
	const limit, window = 64 << 20, 16 << 20
	for _, c := range []struct {
		name         string
		bodies       int
		least, total int64 // that each of them keeps, and all together
	}{
		{"one", 1, window, window},
		{"two", 2, window, 2 * window},
		{"ten", 10, 512 << 10, limit},
		{"a hundred", 100, fairFloor, limit},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := &memory{limit: limit}
			bodies := make([]prefix, c.bodies)
			for i := range bodies {
				bodies[i] = prefix{memory: m, limit: window}
			}
			piece := make([]byte, 64<<10)
			for range window / len(piece) { // they come side by side
				for i := range bodies {
					bodies[i].write(piece)
				}
			}
			var sum int64
			for i := range bodies {
				kept := int64(len(bodies[i].data))
				sum += kept
				if kept < c.least {
					t.Errorf("body %d keeps %d bytes, want at least %d", i, kept, c.least)
				}
			}
			if sum > c.total || m.used.Load() > limit {
				t.Errorf("they keep %d bytes and use %d, want at most %d", sum, m.used.Load(), c.total)
			}
			if b := m.get(fairFloor); b == nil {
				t.Error("nothing is left for a prompt")
			}
		})
	}
}

func TestGiantsThatCameFirstLeaveRoomForPrompts(t *testing.T) {
	m := &memory{limit: 64 << 20}
	giants := make([]prefix, 20)
	for i := range giants {
		giants[i] = prefix{memory: m, limit: 16 << 20}
		giants[i].write(make([]byte, 16<<20))
	}
	for i := range 300 {
		size := int64(promptBuffer)
		if i < 60 {
			size = fairFloor
		}
		if m.get(size) == nil {
			t.Fatalf("prompt %d gets no memory", i)
		}
	}
}

func TestWaitingForMemoryEnds(t *testing.T) {
	t.Run("when some comes back", func(t *testing.T) {
		m := &memory{limit: promptBuffer, patience: time.Minute}
		taken := m.get(promptBuffer)
		got := make(chan []byte)
		for range 3 {
			go func() { got <- m.await(t.Context(), smallestBuffer) }()
		}
		waitUntil(t, func() bool { return m.waiting.Load() == 3 })
		m.put(taken)
		for range 3 {
			if b := <-got; b == nil {
				t.Error("nothing was given")
			}
		}
	})
	t.Run("with the exchange", func(t *testing.T) {
		m := &memory{patience: time.Minute}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if m.await(ctx, 1) != nil {
			t.Error("there is none to give")
		}
	})
	t.Run("with its patience", func(t *testing.T) {
		m := &memory{patience: time.Millisecond}
		if m.await(t.Context(), 1) != nil {
			t.Error("there is none to give")
		}
	})
}

// waitUntil waits until something is true, for a minute at most.
func waitUntil(t *testing.T, true func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !true(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
	}
}
