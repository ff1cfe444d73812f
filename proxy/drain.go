package proxy

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// streamGrace is how long a client of HTTP/2 may still open streams after it was asked
// to go: what it had sent by then is on its way for less.
const streamGrace = 2 * time.Second

// drainLook is the time between two looks at who is still there.
const drainLook = 20 * time.Millisecond

// Drain asks every client to go, and goes on serving those that have not: answers of
// HTTP/1.1 close their connection, connections of HTTP/2 get a GOAWAY that refuses
// nothing yet. A client that sends on a connection it has kept is served. Drain returns
// when no client is connected any more, or when ctx ends; Shutdown then closes what is idle.
//
// The listeners should accept nobody new by then: who comes is served and sent away.
func (p *Proxy) Drain(ctx context.Context) {
	p.leaving.Store(true)
	p.streams.askToGo()
	refuse := time.NewTicker(streamGrace)
	defer refuse.Stop()
	look := time.NewTicker(drainLook)
	defer look.Stop()
	for p.admission.held.Load() > 0 {
		select {
		case <-refuse.C:
			p.refuseStreams()
		case <-look.C:
		case <-ctx.Done():
			return
		}
	}
}

// refuseStreams tells clients of HTTP/2 which stream was the last to be served; the
// connection ends when those that are open have ended. It reaches who speaks HTTP/2 by
// now, so it is called again as long as others may begin.
func (p *Proxy) refuseStreams() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = p.streamHost.Shutdown(ctx) // it has no connections of its own to wait for
}

// shutdownInner shuts the inner server down, which waits for HTTP/2 to end by itself.
func (p *Proxy) shutdownInner(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() { ended <- p.inner.Shutdown(ctx) }()
	again := time.NewTicker(drainLook)
	defer again.Stop()
	for {
		p.refuseStreams()
		select {
		case err := <-ended:
			return err
		case <-again.C:
		}
	}
}

// sendAway makes the answer the last one of its connection while the proxy drains.
func (p *Proxy) sendAway(header http.Header, proto int) {
	if proto == 1 && p.leaving.Load() {
		header.Set("Connection", "close")
	}
}

// upgrades knows the connections that became WebSockets, which net/http no longer does.
type upgrades struct {
	mu   sync.Mutex
	open map[*upgrade]struct{}
}

func (s *upgrades) add(u *upgrade) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[*upgrade]struct{}{}
	}
	s.open[u] = struct{}{}
}

func (s *upgrades) remove(u *upgrade) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, u)
}

// end closes each of them, with a close frame for its client.
func (s *upgrades) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for u := range s.open {
		go u.leave()
	}
}

// awaitExchanges waits until every exchange has ended and is told of, also those that
// became WebSockets, or until ctx ends.
func (p *Proxy) awaitExchanges(ctx context.Context) error { return p.exchanges.await(ctx) }

// underWay counts what has begun and not ended. Unlike with a sync.WaitGroup more may
// begin while somebody waits for the end: HTTP/2 still starts what it has read.
type underWay struct {
	mu   sync.Mutex
	many int
	none chan struct{} // closed when there is none; nil: nobody waits
}

func (u *underWay) begin() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.many++
}

func (u *underWay) end() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.many--; u.many == 0 && u.none != nil {
		close(u.none)
		u.none = nil
	}
}

// await returns when there is none, or with an error when ctx ends.
func (u *underWay) await(ctx context.Context) error {
	u.mu.Lock()
	if u.many == 0 {
		u.mu.Unlock()
		return nil
	}
	if u.none == nil {
		u.none = make(chan struct{})
	}
	none := u.none
	u.mu.Unlock()
	select {
	case <-none:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
