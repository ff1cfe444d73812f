package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestCollectionPercentReachesTheFloorAndNeverLessThanTwiceWhatLives(t *testing.T) {
	for _, c := range []struct {
		name        string
		floor, live int64
		want        int
	}{
		{"a small heap may grow to the floor", 64 << 20, 8 << 20, 700},
		{"half of the floor lives", 64 << 20, 32 << 20, 100},
		{"as much as the floor lives", 64 << 20, 64 << 20, 100},
		{"more than the floor lives", 64 << 20, 1 << 30, 100},
		{"nothing was collected yet", 64 << 20, 0, 1500},
		{"the runtime begins at 4 MiB even when less lives", 64 << 20, 1 << 10, 1500},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := collectionPercent(c.floor, c.live); got != c.want {
				t.Errorf("%d %%, want %d", got, c.want)
			}
		})
	}
}

// sink keeps the compiler from leaving allocations out.
var sink []byte

func TestASmallHeapIsCollectedFromTheFloorOn(t *testing.T) {
	t.Setenv("GOGC", "")
	collections := func() (n uint32) {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 512 << 20 / (64 << 10) {
			sink = make([]byte, 64<<10)
		}
		runtime.ReadMemStats(&after)
		return after.NumGC - before.NumGC
	}
	usual := collections()
	ctx, cancel := context.WithCancel(t.Context())
	collectFrom(ctx, 128<<20)
	runtime.GC()
	rare := collections()
	cancel()
	if rare*2 > usual {
		t.Errorf("%d collections with a floor of 128 MiB, %d without", rare, usual)
	}
	for deadline := time.Now().Add(time.Minute); ; runtime.GC() {
		percent := debug.SetGCPercent(usualPercent)
		if debug.SetGCPercent(percent); percent == usualPercent {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the percentage is still %d", percent)
		}
	}
}
