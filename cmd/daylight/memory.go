package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// keepMemory has garbage collected so early that the process keeps to goal bytes
// as long as what it needs leaves a fifth of them, and tells when it does not:
// then the goal grows with the need, for a collector that never rests costs more
// than memory. It ends with ctx. Where GOMEMLIMIT is set, that holds instead.
func keepMemory(ctx context.Context, goal int64, exceeded func()) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(goal))
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for above := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		needed := memoryGoal(goal, memoryInUse())
		if needed > goal && !above {
			exceeded()
		}
		above = needed > goal
		debug.SetMemoryLimit(needed)
	}
}

// memoryGoal returns what the process should keep to when so many bytes live.
// Bodies need a little more than the goal for a while, and little garbage is let
// lie then. Connections by the thousand need far more all the time: a collection
// is dear then, and each further byte that lives lets a byte of garbage lie.
func memoryGoal(goal, live int64) int64 {
	return max(goal, live+goal/4, 2*live-goal)
}

// memoryInUse returns the bytes that the last collection found alive, with stacks.
func memoryInUse() int64 {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	var sum int64
	for _, s := range samples {
		if s.Value.Kind() == metrics.KindUint64 {
			sum += int64(s.Value.Uint64())
		}
	}
	return sum
}
