package proxy

import (
	"cmp"
	"context"
	"runtime"
	"sync"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/pinning"
	"daylight.internal/proxy/websocket"
)

// JudgeOptions configure a Judge.
type JudgeOptions struct {
	// Limits; the zero value of each means its default.
	Limits Limits
	// LearnBypass leaves hosts closed that clients of a network reject our certificate for.
	LearnBypass bool
	Snapshots   *Snapshots
	Events      audit.Sink // besides Metrics, which gets every event anyway
	Metrics     *metrics.Metrics
	// TempDir takes the encrypted parts of held bodies; "" for the system's.
	TempDir string

	// Now is the clock; nil: time.Now.
	Now func() time.Time

	queue int // copies that may wait for a worker; 0 for queueLength
}

// Judge is the judging half of a proxy: it asks the snapshot, captures bodies,
// acts and tells. It implements the seam to the carrying half.
type Judge struct {
	limits    Limits
	snapshots *Snapshots
	sink      audit.Sink
	metrics   *metrics.Metrics
	now       func() time.Time

	memory  *memory // of bodies that are captured
	shares  *shares // of it, by client
	copies  *shares // the part of it for copies, which wait for a worker while those that are held must not
	disk    *disk   // of held bodies that memory cannot keep
	uploads *uploads
	// discovered is where AI was found on hosts of no list.
	discovered *discovered
	pinning    *pinning.Memory // nil: nothing is learned

	conversations *conversations
	refusals      refusals

	queue  chan observation
	places places

	inflaters websocket.Inflaters

	workers sync.WaitGroup
	open    sync.WaitGroup // exchanges without their event
	closing sync.Once
	ended   chan struct{} // tells the workers that nothing will come
}

// observation is an evaluation that nobody waits for.
type observation struct {
	exchange *exchange
	head     prefix
	run      func() (done bool) // instead, for a message of a WebSocket
}

// queueLength is how many copies may wait for a worker; their memory has a bound of its own.
const queueLength = 4096

// NewJudge starts the workers of a judge. Close ends them.
func NewJudge(o JudgeOptions) *Judge {
	sink := audit.Sink(o.Metrics)
	if o.Events != nil {
		sink = audit.Multi(o.Metrics, o.Events)
	}
	limits := o.Limits.WithDefaults()
	j := &Judge{
		limits: limits, snapshots: o.Snapshots,
		sink: sink, metrics: o.Metrics, now: o.Now,
		memory: &memory{limit: limits.InspectMemoryBytes, patience: memoryPatience},
		disk:   &disk{dir: o.TempDir, limit: limits.HoldDiskBytes},
		queue:  make(chan observation, cmp.Or(o.queue, queueLength)),
		places: newPlaces(limits.EvaluationMemoryBytes),
		ended:  make(chan struct{}),
	}
	if j.now == nil {
		j.now = time.Now
	}
	j.shares = newShares(j.memory)
	j.copies = newShares(&memory{whole: j.memory, limit: limits.InspectMemoryBytes / 4 * 3, patience: memoryPatience})
	j.discovered = &discovered{
		limit: limits.DiscoveredHosts, keeps: limits.DiscoveredFor,
		full: func() { j.metrics.LimitHit("discovered_hosts") }, count: j.metrics.DiscoveredHosts,
	}
	j.pinning = newPinning(&o, &limits)
	j.uploads = newUploads(&limits, j.memory, &j.places.memory, j.metrics.LimitHit)
	j.refusals = refusals{limit: limits.RefusedEvents, full: func() { j.metrics.LimitHit("refused_events") }}
	j.conversations = newConversations(limits.Conversations, j.metrics.LimitHit)
	for range runtime.GOMAXPROCS(0) {
		j.workers.Go(func() {
			for {
				select {
				case o := <-j.queue:
					if o.run != nil {
						o.run()
						continue
					}
					o.exchange.observe(o.head)
				case <-j.ended:
					return
				}
			}
		})
	}
	return j
}

// Close waits until every exchange that has ended has left its event, or until
// ctx ends. The carrying half must have ended before: no exchange may begin.
func (j *Judge) Close(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		j.open.Wait()
		j.closing.Do(func() { close(j.ended) })
		j.workers.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
