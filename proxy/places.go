package proxy

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"daylight.internal/proxy/fair"
	"daylight.internal/rules"
)

// places bound the evaluations at once: there are as many as processors, and fewer
// when the bodies are large, for what one unpacks to takes many times its size.
// Small bodies have places of their own, not to wait behind large ones.
type places struct {
	small, large *room
	memory       memory // of the windows in which bodies are read that do not lie in one piece
}

const (
	// smallBody bytes are what a prompt has.
	smallBody = 64 << 10
	// smallPerProcessor evaluations of small bodies go on at once: judging takes a
	// processor, so that more would not be quicker.
	smallPerProcessor = 4
	// unpackFactor is the memory that evaluating takes for each byte that is read,
	// the byte included. Measured with 16 MiB: plain text 1, CSV 4, JSON of short
	// values 8, JSON of nested objects 12, of which extraction stops at its limits.
	unpackFactor = 8
	// ratio is how much a compressed body may unpack to, as extraction allows.
	ratio = 100
)

func newPlaces(evaluationMemory int64) places {
	return places{
		small:  &room{free: int64(smallPerProcessor * runtime.GOMAXPROCS(0))},
		large:  &room{size: evaluationMemory, free: evaluationMemory},
		memory: memory{limit: 1 << 62}, // the places bound it
	}
}

// guestOf returns for whom places are taken.
func guestOf(c rules.Client) fair.Client { return fair.ClientOf(c.User, c.Address) }

// enter waits until a body of which so many bytes are read may be evaluated.
// leave gives the place back; it is nil when ctx ended before.
func (p *places) enter(ctx context.Context, who fair.Client, bytes int64, compressed bool) (leave func()) {
	room, size := p.roomOf(bytes, compressed)
	return room.enter(ctx, who, size)
}

// enterWithin is enter, but waits for patience at most.
func (p *places) enterWithin(ctx context.Context, patience time.Duration, who fair.Client, bytes int64, compressed bool) (leave func()) {
	room, size := p.roomOf(bytes, compressed)
	if leave := room.try(size); leave != nil { // nearly always, and without a timer
		return leave
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return room.enter(waiting, who, size)
}

// roomOf returns where a body is evaluated and how much of the room it takes.
func (p *places) roomOf(bytes int64, compressed bool) (*room, int64) {
	if bytes <= smallBody && !compressed {
		return p.small, 1
	}
	if compressed {
		bytes *= ratio
	}
	perProcessor := (p.large.size + int64(runtime.GOMAXPROCS(0)) - 1) / int64(runtime.GOMAXPROCS(0))
	return p.large, min(max(unpackFactor*bytes, perProcessor), p.large.size)
}

// room lends out a number. Those who wait take turns: in each round every client comes
// in once, so that one with hundreds of bodies is no longer in the way of others than
// one with a single body. (Fair queueing: Demers, Keshav and Shenker, SIGCOMM 1989.)
type room struct {
	size    int64
	mu      sync.Mutex
	free    int64
	waiting []*entrant          // by round
	round   int                 // of who came in last
	next    map[fair.Client]int // the round of each client's next one, while anybody waits
}

type entrant struct {
	size  int64
	round int
	ready chan struct{} // closed when the room is his
}

// try takes size of the room if it is free and nobody waits for it; nil otherwise.
func (r *room) try(size int64) (leave func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) > 0 || r.free < size {
		return nil
	}
	r.free -= size
	return func() { r.leave(size) }
}

// enter waits for size of the room until ctx ends.
func (r *room) enter(ctx context.Context, who fair.Client, size int64) (leave func()) {
	if leave := r.try(size); leave != nil {
		return leave
	}
	r.mu.Lock()
	e := r.queue(who, size)
	r.admit() // what came free meanwhile
	r.mu.Unlock()
	select {
	case <-e.ready:
		return func() { r.leave(size) }
	case <-ctx.Done():
		r.giveUp(e)
		return nil
	}
}

// queue lets a client wait. The lock is held.
func (r *room) queue(who fair.Client, size int64) *entrant {
	if len(r.waiting) == 0 || r.next == nil {
		r.next = map[fair.Client]int{}
	}
	e := &entrant{size: size, round: max(r.round, r.next[who]), ready: make(chan struct{})}
	r.next[who] = e.round + 1
	at := len(r.waiting)
	for at > 0 && r.waiting[at-1].round > e.round {
		at--
	}
	r.waiting = slices.Insert(r.waiting, at, e)
	return e
}

func (r *room) leave(size int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.free += size
	r.admit()
}

// admit lets in whose turn it is, as far as there is room. The lock is held.
func (r *room) admit() {
	for len(r.waiting) > 0 && r.waiting[0].size <= r.free {
		r.free -= r.waiting[0].size
		r.round = r.waiting[0].round
		close(r.waiting[0].ready)
		r.waiting = slices.Delete(r.waiting, 0, 1)
	}
}

// giveUp takes an entrant out of the queue, or back what it was just given.
func (r *room) giveUp(e *entrant) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.Index(r.waiting, e); i >= 0 {
		r.waiting = slices.Delete(r.waiting, i, i+1)
	} else {
		r.free += e.size
	}
	r.admit()
}
