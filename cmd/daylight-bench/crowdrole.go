package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// The size of the crowd, and how often each of its intercepted connections asks.
const (
	crowdIntercepted = 5000
	crowdSlow        = 2000
	crowdPause       = 20 * time.Second // half to one and a half times as long
	crowdDiallers    = 32               // handshakes at once while the crowd gathers
)

// crowdStatus is what the crowd tells of itself.
type crowdStatus struct {
	Intercepted int            `json:"intercepted"` // connections that are open now
	Exchanges   int            `json:"exchanges"`   // over them, each answered as it should be
	Slow        map[string]int `json:"slow"`        // slow clients that hold on now, by kind
	Settled     int            `json:"settled"`     // slow clients that have held on once
	Ended       map[string]int `json:"ended"`       // times that slow clients were cut off and came again
	Failures    []string       `json:"failures"`    // of intercepted connections, the first few
	Failed      int            `json:"failed"`      // how many there were
}

// crowd is the role of the many: intercepted connections that ask now and then,
// and slow clients, which come again when they are cut off.
type crowd struct {
	client client // through Daylight
	closed client // the same, but it trusts the server of tunnels that stay closed

	mu     sync.Mutex
	status crowdStatus
}

// crowdOut gathers the connections, and answers what becomes of them on a port of
// its own: the slow clients come when they are asked for.
func crowdOut(ctx context.Context, dir, proxy, data string) error {
	roots, err := readRoots(filepath.Join(data, "ca.pem"))
	if err != nil {
		return err
	}
	serverRoots, err := readRoots(filepath.Join(dir, "server-ca.pem"))
	if err != nil {
		return err
	}
	c := &crowd{client: client{proxy: proxy, roots: roots, port: "443"}, status: crowdStatus{Slow: map[string]int{}, Ended: map[string]int{}}}
	c.closed = c.client
	c.closed.roots = serverRoots
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", c.tell)
	slow := sync.OnceFunc(func() { c.startSlow(ctx) })
	mux.HandleFunc("POST /slow", func(http.ResponseWriter, *http.Request) { slow() })
	go c.gather(ctx)
	fmt.Println("listening", listener.Addr())
	return (&http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}).Serve(listener)
}

func (c *crowd) tell(w http.ResponseWriter, _ *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = json.NewEncoder(w).Encode(c.status)
}

// change alters the status.
func (c *crowd) change(by func(*crowdStatus)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	by(&c.status)
}

// gather opens the intercepted connections, and keeps each of them.
func (c *crowd) gather(ctx context.Context) {
	dialling := make(chan struct{}, crowdDiallers)
	for i := range crowdIntercepted {
		go func() {
			for ctx.Err() == nil {
				dialling <- struct{}{}
				conn, err := c.join(i)
				<-dialling
				if err == nil {
					c.change(func(s *crowdStatus) { s.Intercepted++ })
					err = c.keepAsking(ctx, conn)
					c.change(func(s *crowdStatus) { s.Intercepted-- })
				}
				c.change(func(s *crowdStatus) {
					if s.Failed++; len(s.Failures) < 5 {
						s.Failures = append(s.Failures, err.Error())
					}
				})
				rest(ctx, time.Second)
			}
		}()
	}
}

// join opens one of the connections: every other speaks HTTP/2, and in turn they
// ask for a page, are observed, and are held.
func (c *crowd) join(i int) (idler, error) {
	host := []string{plainHost, observedHost, heldHost}[i/2%3]
	if i%2 == 0 {
		return openAsker1(c.from(i), host)
	}
	return openAsker2(c.from(i), host)
}

// from gives a client one of 250 addresses.
func (c *crowd) from(i int) client {
	out := c.client
	out.from = net.IPv4(127, 30, 1, byte(1+i%250))
	return out
}

// keepAsking returns what went wrong.
func (c *crowd) keepAsking(ctx context.Context, conn idler) error {
	defer conn.Close()
	for {
		if err := conn.ask(); err != nil {
			return err
		}
		c.change(func(s *crowdStatus) { s.Exchanges++ })
		if !rest(ctx, time.Duration((0.5+rand.Float64())*float64(crowdPause))) {
			return ctx.Err()
		}
	}
}

// startSlow sets the slow clients to work, at different times within a while, so
// that those who are cut off do not all come again at once.
func (c *crowd) startSlow(ctx context.Context) {
	kinds := slowKinds()
	for i := range crowdSlow {
		kind := kinds[i%len(kinds)]
		s := &slowClient{client: c.from(i), settle: sync.OnceFunc(func() { c.change(func(s *crowdStatus) { s.Settled++ }) })}
		s.closed = c.closed
		s.closed.from = s.from
		go func() {
			for rest(ctx, time.Duration(rand.Float64()*float64(15*time.Second))) {
				s.hold = func() {
					s.settle()
					s.holding = true
					c.change(func(s *crowdStatus) { s.Slow[kind.name]++ })
				}
				kind.be(ctx, s)
				c.change(func(status *crowdStatus) {
					if s.holding {
						status.Slow[kind.name]--
					}
					status.Ended[kind.name]++
				})
				s.holding = false
			}
		}()
	}
}

// rest waits, and tells whether to go on.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// kindNames returns the names of the slow kinds in order.
func kindNames() []string {
	var names []string
	for _, k := range slowKinds() {
		names = append(names, k.name)
	}
	slices.Sort(names)
	return names
}
