package proxy

import (
	"sync"
	"time"

	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
)

// tunnelWatch notes sizes and times in a tunnel that nobody opens. Its methods may
// be called on nil, and by the goroutines of both directions.
type tunnelWatch struct {
	discovery *discovery.Discovery
	begun     time.Time

	mu     sync.Mutex
	tunnel discovery.Tunnel
}

// watch implements tunneler. Tunnels to hosts of the embedded bypass list,
// and those that do not hold TLS, are known to be something else.
func (t *judgedTunnel) watch(reason string) *tunnelWatch {
	d := t.snapshot.Discovery()
	if d == nil || reason != "not_intercepted" && reason != "bypass" && reason != "pinned_learned" {
		return nil
	}
	return &tunnelWatch{discovery: d, begun: t.judge.now()}
}

// passed notes n bytes that went one way.
func (w *tunnelWatch) passed(fromClient bool, now time.Time, n int) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if fromClient {
		w.tunnel.Sent(now.Sub(w.begun), n)
	} else {
		w.tunnel.Received(w.discovery, now.Sub(w.begun), n)
	}
}

// suspect adds what a tunnel looked like to its outcome.
func (w *tunnelWatch) suspect(s Snapshot, plan *engine.Plan, o engine.Outcome) (suspected engine.Outcome) {
	suspected = o
	if w == nil || !plan.Unlisted() {
		return o
	}
	defer func() { _ = recover() }() // then it is not suspected
	w.mu.Lock()
	defer w.mu.Unlock()
	return s.SuspectedTunnel(o, w.discovery.Tunnel(plan.Facts.Destination.Host, &w.tunnel))
}
