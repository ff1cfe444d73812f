package proxy

import (
	"container/list"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"daylight.internal/rules"
)

// admission gives the slots for connections of clients. When all are taken the
// connections on which nothing was asked for longest are closed for newcomers; when there is
// none, newcomers wait for a slot, and some are told to come again.
//
// Clients who wait take turns: in each round every client comes in once, and in a round
// who came first. When the queue is full, the newest of the client with the most in it
// gives way: a client that is alone may fill it, and keeps nobody else out.
type admission struct {
	total    int           // slots
	each     int           // of one client
	queue    int           // connections that wait
	wait     time.Duration // for a slot
	grace    time.Duration // that a connection is left alone after its last request
	listen   time.Duration // to one that is told to come again: before the answer, and again behind it
	counters Counters
	warnings *limitWarnings // nil: none

	held atomic.Int64 // connections in whatever state

	mu      sync.Mutex
	open    int // slots that are taken
	turning int // connections that are told to come again, and listened to until they end
	clients map[netip.Prefix]*clientSlots
	waiting []*slot // by round
	round   int     // of who came in last
	idle    list.List
	armed   bool // settle will be called when the first of idle may be closed
}

// idleGrace is how long a connection is left alone after its last request, for its client
// may just be sending the next.
const idleGrace = time.Second

const turnAwayTime = 5 * time.Second

func newAdmission(total, each, queue int, wait time.Duration, counters Counters) *admission {
	return &admission{
		total: total, each: each, queue: queue, wait: wait, grace: idleGrace, listen: turnAwayTime, counters: counters,
		clients: map[netip.Prefix]*clientSlots{},
	}
}

// clientSlots are those of one client.
type clientSlots struct {
	who                    netip.Prefix
	open, waiting, turning int
	round                  int       // of the next that waits
	idle                   list.List // the longest idle first
}

// slot is that of one connection. Its fields are guarded by the admission.
type slot struct {
	state  slotState
	client *clientSlots
	round  int
	answer chan string // takes one: "" or the limit that was reached

	since       time.Time // that nothing is asked
	close       func()    // closes the connection while nothing is asked
	inAll, inIt *list.Element
}

type slotState int

const (
	slotNone slotState = iota
	slotWaiting
	slotOpen
	slotLeft // for good
)

func newSlot() *slot { return &slot{answer: make(chan string, 1)} }

// left is what enter returns for a connection that was closed meanwhile.
const left = "left"

// hasRoom counts a connection that was accepted. Beyond those that are served or wait there is
// room for as many that are told to come again.
func (a *admission) hasRoom() bool {
	if a.held.Add(1) <= int64(a.total+2*a.queue) {
		return true
	}
	a.held.Add(-1)
	return false
}

// enter waits for a slot. It returns "" or the limit that stands against it. A client
// without bound has as many slots as there are.
func (a *admission) enter(p *slot, who netip.Prefix, unbounded bool, close func()) (limit string) {
	if limit, waits := a.begin(p, who, unbounded, close); !waits {
		return limit
	}
	patience := time.NewTimer(a.wait)
	defer patience.Stop()
	select {
	case limit := <-p.answer:
		return limit
	case <-patience.C:
	}
	a.mu.Lock()
	if p.state == slotWaiting {
		a.dismiss(p, "connection_wait")
	}
	a.mu.Unlock()
	return <-p.answer
}

// begin takes a slot, or a turn in the queue.
func (a *admission) begin(p *slot, who netip.Prefix, unbounded bool, close func()) (limit string, waits bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p.state == slotLeft {
		return left, false
	}
	client := a.client(who)
	if !unbounded && client.open+client.waiting >= a.each {
		a.counters.LimitHit("client_connections")
		a.warnings.reached(rules.Client{Address: who.Addr()}, "client_connections", a.each)
		if !a.closeIdle(&client.idle) {
			return "client_connections", false
		}
		a.clients[who] = client // closing its only one forgets it
	}
	p.client, p.close = client, close
	if a.open >= a.total {
		a.counters.LimitHit("connections")
	}
	a.line(p)
	a.settle()
	if len(a.waiting) > a.queue {
		a.dismiss(a.givesWay(p), "connection_queue")
	}
	select {
	case limit := <-p.answer:
		return limit, false
	default:
		return "", true
	}
}

func (a *admission) client(who netip.Prefix) *clientSlots {
	client := a.clients[who]
	if client == nil {
		client = &clientSlots{who: who}
		a.clients[who] = client
	}
	return client
}

// line puts a newcomer into the queue.
func (a *admission) line(p *slot) {
	p.state = slotWaiting
	if len(a.waiting) == 0 {
		a.round++
	}
	p.round = max(a.round, p.client.round)
	p.client.round = p.round + 1
	p.client.waiting++
	a.counters.ConnectionsWaiting(1)
	at := len(a.waiting)
	for at > 0 && a.waiting[at-1].round > p.round {
		at--
	}
	a.waiting = slices.Insert(a.waiting, at, p)
}

// givesWay returns the newest of the client with the most in the queue; the newcomer when
// there are others with as many.
func (a *admission) givesWay(newcomer *slot) *slot {
	gives := newcomer
	for _, p := range a.waiting {
		if p.client.waiting > gives.client.waiting || p.client == gives.client {
			gives = p
		}
	}
	return gives
}

// settle lets in whose turn it is, as far as there are slots.
func (a *admission) settle() {
	for len(a.waiting) > 0 && (a.open < a.total || a.closeIdle(&a.idle)) {
		p := a.waiting[0]
		a.waiting = slices.Delete(a.waiting, 0, 1)
		a.round = p.round
		p.client.waiting--
		a.counters.ConnectionsWaiting(-1)
		p.client.open++
		a.open++
		p.state = slotOpen
		a.counters.Connections(1)
		a.rest(p, p.close)
		p.answer <- ""
	}
	if first := a.idle.Front(); len(a.waiting) > 0 && first != nil && !a.armed {
		a.armed = true
		time.AfterFunc(a.grace-time.Since(first.Value.(*slot).since), func() {
			defer func() { _ = recover() }()
			a.mu.Lock()
			defer a.mu.Unlock()
			a.armed = false
			a.settle()
		})
	}
}

// dismiss sends away one that waits.
func (a *admission) dismiss(p *slot, limit string) {
	a.waiting = slices.DeleteFunc(a.waiting, func(other *slot) bool { return other == p })
	p.client.waiting--
	a.counters.ConnectionsWaiting(-1)
	p.client.round-- // it has had no turn
	p.state = slotLeft
	a.forget(p.client)
	if limit != left {
		a.counters.LimitHit(limit)
	}
	p.answer <- limit
}

// closeIdle takes the slot of the first of the list, if nothing was asked on it for long
// enough. The connection is closed behind the caller's back: what closing takes is no
// reason to wait.
func (a *admission) closeIdle(idle *list.List) bool {
	first := idle.Front()
	if first == nil || time.Since(first.Value.(*slot).since) < a.grace {
		return false
	}
	p := first.Value.(*slot)
	a.release(p)
	go func() {
		defer func() { _ = recover() }()
		p.close()
	}()
	return true
}

// relieve closes some of those that are idle, when something else than slots runs out.
func (a *admission) relieve(connections int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for ; connections > 0 && a.closeIdle(&a.idle); connections-- {
	}
}

// isIdle notes that nothing is asked on a connection. close ends it, if that is so until then.
func (a *admission) isIdle(p *slot, close func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if p.state == slotOpen {
		a.rise(p)
		a.rest(p, close)
		a.settle()
	}
}

// isBusy notes that something is asked.
func (a *admission) isBusy(p *slot) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rise(p)
}

func (a *admission) rest(p *slot, close func()) {
	p.since, p.close = time.Now(), close
	p.inAll, p.inIt = a.idle.PushBack(p), p.client.idle.PushBack(p)
}

func (a *admission) rise(p *slot) {
	if p.inAll != nil {
		a.idle.Remove(p.inAll)
		p.client.idle.Remove(p.inIt)
		p.inAll, p.inIt = nil, nil
	}
}

// leave gives up what the connection has of a slot.
func (a *admission) leave(p *slot) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch p.state {
	case slotWaiting:
		a.dismiss(p, left)
	case slotOpen:
		a.release(p)
		a.settle()
	default:
		p.state = slotLeft
	}
}

func (a *admission) release(p *slot) {
	a.rise(p)
	p.state = slotLeft
	p.client.open--
	a.open--
	a.counters.Connections(-1)
	a.forget(p.client)
}

func (a *admission) forget(c *clientSlots) {
	if c.open == 0 && c.waiting == 0 && c.turning == 0 && a.clients[c.who] == c {
		delete(a.clients, c.who)
	}
}

// turnsAway asks whether a client that is told to come again may be listened to until it
// has heard, and for how long. There is room for as many as wait, and for a quarter of that by one client.
func (a *admission) turnsAway(who netip.Prefix) (longest time.Duration, done func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	client := a.client(who)
	if a.turning >= a.queue || client.turning >= max(1, a.queue/4) {
		a.forget(client)
		return 0, nil
	}
	a.turning++
	client.turning++
	return a.listen, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.turning--
		client.turning--
		a.forget(client)
	}
}

// clientNetwork is what counts as one client: an address, or in IPv6 the /64 that one
// machine can take addresses from at will.
func clientNetwork(address netip.Addr) netip.Prefix {
	address = address.Unmap().WithZone("")
	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}
	network, _ := address.Prefix(bits) // the zero Prefix for no address
	return network
}

func addressOf(a net.Addr) netip.Addr {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
