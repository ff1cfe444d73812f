package proxy

import (
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// stalls bounds the answers that wait for clients which do not read: of each lies here what
// its server has sent ahead. Beyond the limit the client with the most of them
// loses the one that waits longest.
type stalls struct {
	limit    int
	patience time.Duration // for one write, before it counts
	counters Counters

	mu      sync.Mutex
	waiting map[netip.Addr][]*stall // by client, the longest first
	count   int
}

// stallPatience is how long a client may take to make room for some kilobytes.
const stallPatience = 5 * time.Second

// stall is one answer. Its client is written to by one goroutine.
type stall struct {
	all     *stalls
	client  netip.Addr
	cut     func() // ends the answer; it may be called at any time
	dog     watchdog
	writing atomic.Bool
	listed  atomic.Bool
}

// stallsFrom is how much of an answer has gone before its writes are watched: a short
// one cannot keep much.
const stallsFrom = 64 << 10

func (all *stalls) watch(client netip.Addr, cut func()) *stall {
	s := &stall{all: all, client: clientShare(client), cut: cut}
	s.dog = watchdog{limit: all.patience, bite: s.enter}
	return s
}

// clientShare is what counts as one client: an address, of IPv6 a network of 64 bits.
func clientShare(address netip.Addr) netip.Addr {
	if address = address.Unmap(); address.Is6() {
		if network, err := address.Prefix(64); err == nil {
			return network.Addr()
		}
	}
	return address
}

// start is called before a write to the client, stop behind it.
func (s *stall) start() {
	s.writing.Store(true)
	s.dog.start()
}

func (s *stall) stop() {
	s.dog.stop()
	s.writing.Store(false)
	if s.listed.Load() {
		s.all.remove(s)
	}
}

// enter lists the stall, unless its write has just ended: either it sees that, or
// stop sees that it is listed.
func (s *stall) enter() {
	victim := s.all.add(s)
	if !s.writing.Load() {
		s.all.remove(s)
	}
	if victim != nil && victim.writing.Load() {
		s.all.counters.LimitHit("stalled_answers")
		victim.cut()
	}
}

// add returns the stall to cut for it, or nil.
func (all *stalls) add(s *stall) (victim *stall) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.waiting == nil {
		all.waiting = map[netip.Addr][]*stall{}
	}
	if s.listed.Swap(true) {
		return nil
	}
	all.waiting[s.client] = append(all.waiting[s.client], s)
	if all.count++; all.count <= all.limit {
		return nil
	}
	var most []*stall
	for _, list := range all.waiting {
		if len(list) > len(most) {
			most = list
		}
	}
	victim = most[0]
	all.drop(victim)
	return victim
}

func (all *stalls) remove(s *stall) {
	all.mu.Lock()
	defer all.mu.Unlock()
	all.drop(s)
}

func (all *stalls) drop(s *stall) {
	if !s.listed.Swap(false) {
		return
	}
	list := all.waiting[s.client]
	if at := slices.Index(list, s); at >= 0 {
		list = slices.Delete(list, at, at+1)
		all.count--
	}
	if all.waiting[s.client] = list; len(list) == 0 {
		delete(all.waiting, s.client)
	}
}
