package proxy

import (
	"context"
	"io"
	"sync"
)

// registry knows the connections that no http.Server knows: CONNECTs before
// their hand-over, and tunnels.
type registry struct {
	mu     sync.Mutex
	open   map[io.Closer]struct{}
	closed bool
	wg     sync.WaitGroup
}

// add registers a connection; false when the proxy is closing.
func (g *registry) add(c io.Closer) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	if g.open == nil {
		g.open = make(map[io.Closer]struct{})
	}
	g.open[c] = struct{}{}
	g.wg.Add(1)
	return true
}

func (g *registry) remove(c io.Closer) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, ok := g.open[c]; ok {
		delete(g.open, c)
		g.wg.Done()
	}
}

// shutdown refuses new connections and waits for those that are open. When ctx
// ends it closes them, and waits until their events are told.
func (g *registry) shutdown(ctx context.Context) error {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	done := make(chan struct{})
	go func() { g.wg.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	for c := range g.open {
		c.Close()
	}
	g.mu.Unlock()
	<-done
	return ctx.Err()
}
