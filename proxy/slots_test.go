package proxy

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
)

// However a connection ends, its place, its exchange, its tunnel and its goroutines are given back.
func TestEveryPlaceIsGivenBack(t *testing.T) {
	hello := proxytest.NewServer(t, text("hello"), "ai.example")
	hello.Hosts["echo.example:7"] = tcpServer(t, func(c net.Conn) { io.Copy(c, c); c.Close() })
	hello.Hosts["closed.example:7"] = "127.0.0.1:1"
	ask := func(c net.Conn) { fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: ai.example\r\n\r\n") }
	for name, way := range map[string]func(t *testing.T, p *testProxy){
		"the client says nothing":     func(t *testing.T, p *testProxy) { p.dial(t).Close() },
		"the client leaves in a head": func(t *testing.T, p *testProxy) { c := p.dial(t); io.WriteString(c, "GET "); c.Close() },
		"a head is malformed":         func(t *testing.T, p *testProxy) { c := p.dial(t); io.WriteString(c, "x\r\n\r\n"); io.ReadAll(c) },
		"a head is too slow":          func(t *testing.T, p *testProxy) { c := p.dial(t); io.WriteString(c, "GET "); io.ReadAll(c) },
		"a client stays idle":         func(t *testing.T, p *testProxy) { c := p.dial(t); askOwn(c); io.ReadAll(c) },
		"a tunnel ends": func(t *testing.T, p *testProxy) {
			c := p.openTunnel(t, "echo.example:7")
			c.Write([]byte("x"))
			closeWrite(c)
			io.ReadAll(c)
		},
		"a tunnel is reset":                 func(t *testing.T, p *testProxy) { c := p.openTunnel(t, "echo.example:7"); hangUp(c) },
		"a tunnel reaches no server":        func(t *testing.T, p *testProxy) { c, _ := p.connect(t, "closed.example:7"); io.ReadAll(c) },
		"the client is silent in a CONNECT": func(t *testing.T, p *testProxy) { c := p.openTunnel(t, "ai.example:443"); c.Close() },
		"the handshake fails": func(t *testing.T, p *testProxy) {
			c := p.openTunnel(t, "ai.example:443")
			c.Write([]byte("\x16\x03\x01\x00\x05xxxxx"))
			io.ReadAll(c)
		},
		"the certificate is rejected": func(t *testing.T, p *testProxy) {
			c := p.openTunnel(t, "ai.example:443")
			tls.Client(c, &tls.Config{ServerName: "ai.example"}).Handshake()
			c.Close()
		},
		"an opened connection ends": func(t *testing.T, p *testProxy) {
			c := p.openInner(t, "ai.example:443", "http/1.1")
			ask(c)
			readResponse(t, c)
			c.Close()
		},
		"an opened connection is reset": func(t *testing.T, p *testProxy) {
			c := p.openInner(t, "ai.example:443", "http/1.1")
			ask(c)
			hangUp(c.NetConn())
		},
		"an opened connection stays idle": func(t *testing.T, p *testProxy) {
			c := p.openInner(t, "ai.example:443", "http/1.1")
			ask(c)
			readResponse(t, c)
			io.ReadAll(c)
		},
		"HTTP/2": func(t *testing.T, p *testProxy) {
			client := p.client()
			get(t, client, "https://ai.example/")
			client.CloseIdleConnections()
		},
		"HTTP/2 that says nothing": func(t *testing.T, p *testProxy) { c := p.openInner(t, "ai.example:443", "h2"); hangUp(c.NetConn()) },
		"a panic": func(t *testing.T, p *testProxy) {
			c := p.openInner(t, "ai.example:443", "http/1.1")
			fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: ai.example\r\nX-Panic: 1\r\n\r\n")
			readResponse(t, c)
			c.Close()
		},
		"an upload breaks off": func(t *testing.T, p *testProxy) {
			c := p.openInner(t, "ai.example:443", "http/1.1")
			fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: ai.example\r\nContent-Length: 1000\r\n\r\nxxx")
			hangUp(c.NetConn())
		},
	} {
		t.Run(name, func(t *testing.T) {
			counts := &counting{}
			p := startProxy(t, func(c *Config, d *Dependencies) {
				c.Limits = Limits{HeaderTimeout: time.Second, IdleTimeout: time.Second, FirstByteTimeout: time.Second}
				d.Counters = counts
			}, hello)
			p.decide = func(host, _ string) engine.TunnelDecision {
				if host == "ai.example" {
					return engine.Intercept
				}
				return engine.Tunnel
			}
			p.onRequest = func(r *http.Request) *http.Response {
				if r.Header.Get("X-Panic") != "" {
					panic("secret")
				}
				return nil
			}
			way(t, p)
			p.mustBeEmpty(t)
			before := runtime.NumGoroutine()
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					way(t, p)
				})
			}
			wg.Wait()
			p.mustBeEmpty(t)
			p.transport.CloseIdleConnections()
			eventually(t, func() bool { return runtime.NumGoroutine() <= before+2 })
			if counts.get("connections") != 0 || counts.get("tunnels") != 0 || counts.get("waiting") != 0 || counts.get("exchanges") != 0 {
				t.Errorf("counted %v", counts.counts)
			}
		})
	}
}

func hangUp(c net.Conn) {
	if replay, ok := c.(*replayConn); ok {
		c = replay.Conn
	}
	c.(*net.TCPConn).SetLinger(0)
	c.Close()
}

// Those who wait are let in by a shutdown as places come free, and the end closes them.
func TestWhoWaitsLeavesNothingBehindWhenTheProxyEnds(t *testing.T) {
	p, _ := crowded(t, Limits{Connections: 1, ClientConnections: 9, ConnectionWait: time.Hour}, nil)
	p.occupy(t, "127.0.0.1", 1)
	for range 3 {
		askOwn(p.dialFrom(t, "127.0.0.2"))
	}
	p.awaitWaiting(t, 3)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p.Shutdown(ctx)
	p.mustBeEmpty(t)
}

// Whatever comes and goes in whatever order, the numbers add up and the bounds hold.
func TestTheNumbersOfTheAdmissionAddUp(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(20, seed))
		total, each, queue := 1+r.IntN(8), 1+r.IntN(8), 1+r.IntN(8)
		a := newAdmission(total, each, queue, time.Millisecond, noCounters{})
		a.grace = time.Duration(r.IntN(2)) * time.Millisecond
		var wg sync.WaitGroup
		for client := range 6 {
			who := clientNetwork(netip.AddrFrom4([4]byte{10, 0, 0, byte(client)}))
			random := rand.New(rand.NewPCG(seed, uint64(client)))
			wg.Go(func() {
				for range 200 {
					s := newSlot()
					if random.IntN(4) == 0 {
						go a.leave(s) // the server is closed meanwhile
					}
					if a.enter(s, who, false, func() { a.leave(s) }) == "" {
						a.isBusy(s)
						a.check(t)
						if random.IntN(2) == 0 {
							a.isIdle(s, func() { a.leave(s) })
							runtime.Gosched()
						}
					}
					a.leave(s)
				}
			})
		}
		wg.Wait()
		a.mu.Lock()
		if a.open != 0 || len(a.waiting) != 0 || a.idle.Len() != 0 || len(a.clients) != 0 {
			t.Errorf("%d of %d, %d, %d: %d are open, %d wait, %d are idle, %d clients", seed, total, each, queue, a.open, len(a.waiting), a.idle.Len(), len(a.clients))
		}
		a.mu.Unlock()
	}
}

func (a *admission) check(t *testing.T) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.open > a.total || len(a.waiting) > a.queue {
		t.Errorf("%d are open and %d wait", a.open, len(a.waiting))
	}
	open, waiting := 0, 0
	for _, c := range a.clients {
		open, waiting = open+c.open, waiting+c.waiting
		if c.open > a.each || c.open < 0 || c.waiting < 0 {
			t.Errorf("a client has %d open and %d waiting", c.open, c.waiting)
		}
	}
	if open != a.open || waiting != len(a.waiting) {
		t.Errorf("clients have %d open and %d waiting, all %d and %d", open, waiting, a.open, len(a.waiting))
	}
}
