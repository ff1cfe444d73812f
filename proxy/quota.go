package proxy

import (
	"net/netip"
	"sync"

	"daylight.internal/proxy/fair"
	"daylight.internal/rules"
)

// quota bounds how much of something is under way at once: of all clients together, and of
// each. Its limits are named by their keys.
type quota struct {
	total, each       int
	allKey, clientKey string
	shared            []netip.Prefix // have many people behind one address
	counters          Counters
	warnings          *limitWarnings // nil: none
	changed           func(delta int)

	mu    sync.Mutex
	taken int
	by    map[fair.Client]int
}

// take takes one. It returns how to give it back, which may be called more than once, or the
// key of the limit that stands against it.
func (q *quota) take(client rules.Client) (giveBack func(), limit string) {
	who := guestOf(client)
	unbounded := client.User == "" && contains(q.shared, client.Address)
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.taken >= q.total:
		limit = q.allKey
	case !unbounded && q.by[who] >= q.each:
		limit = q.clientKey
	}
	if limit != "" {
		q.counters.LimitHit(limit)
		if limit == q.clientKey {
			q.warnings.reached(client, limit, q.each)
		}
		return nil, limit
	}
	if q.by == nil {
		q.by = map[fair.Client]int{}
	}
	q.taken++
	q.changed(1)
	q.by[who]++
	return sync.OnceFunc(func() { q.giveBack(who) }), ""
}

func (q *quota) giveBack(who fair.Client) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.taken--
	q.changed(-1)
	if q.by[who]--; q.by[who] == 0 {
		delete(q.by, who)
	}
}

// inUse returns how much is under way.
func (q *quota) inUse() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.taken
}
