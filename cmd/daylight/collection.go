package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
)

// collectFrom has garbage collected when the heap reaches floor bytes, or twice
// what lives where that is more. What Daylight needs at rest is small, and so
// collections at twice of it would take a sixth of all processor time under load.
// It ends with ctx. Where GOGC is set, that holds instead.
func collectFrom(ctx context.Context, floor int64) {
	if os.Getenv("GOGC") != "" {
		return
	}
	c := &collection{ctx: ctx, floor: floor, percent: usualPercent}
	c.adjust()
}

const (
	usualPercent = 100     // what the runtime begins with
	leastHeap    = 4 << 20 // what it takes for alive, in bytes, where less is
)

// freeGarbage is what a command that ends soon may let lie, in bytes: most end
// without a collection, and large input is collected as ever.
const freeGarbage = 96 << 20

// collection sets the runtime's percentage anew behind each collection, since it
// is one of what was then found alive.
type collection struct {
	ctx     context.Context
	floor   int64
	percent int
}

// garbage is found by the next collection. It holds a pointer because the runtime
// may keep small values without any for longer.
type garbage struct{ _ *garbage }

func (c *collection) adjust() {
	if c.ctx.Err() != nil {
		debug.SetGCPercent(usualPercent)
		return
	}
	if percent := collectionPercent(c.floor, memoryInUse()); percent != c.percent {
		c.percent = percent
		debug.SetGCPercent(percent)
	}
	runtime.AddCleanup(&garbage{}, (*collection).adjust, c)
}

// collectionPercent returns how much may be allocated in proportion to what lives
// before the heap reaches floor, in steps of ten, since each change stops the
// program for a moment.
func collectionPercent(floor, live int64) int {
	live = max(live, leastHeap)
	return int(max(usualPercent, (floor-live)*10/live*10))
}
