package proxy

import (
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// upgrade is the server's side of a connection that became a WebSocket. goproxy
// relays; this counts, bounds the silence, and keeps a panic from the process, for
// the relay runs in goroutines of its own.
type upgrade struct {
	server         io.ReadWriteCloser
	sent, received atomic.Int64 // bytes from and to the client
	idle           time.Duration
	timer          *time.Timer
	last           atomic.Int64
	close          func()
	counters       Counters
}

// newUpgrade relays with server; closeClient ends the client's side.
func newUpgrade(server io.ReadWriteCloser, p *Proxy, closeClient func()) *upgrade {
	u := &upgrade{server: server, idle: p.limits.TunnelIdleTimeout, counters: p.counters}
	u.close = sync.OnceFunc(func() {
		u.timer.Stop()
		u.server.Close()
		closeClient()
	})
	u.last.Store(time.Now().UnixNano())
	u.timer = time.AfterFunc(1<<62, u.check) // check uses it, so it starts when it is there
	u.timer.Reset(u.idle)
	return u
}

// check ends a silent relay, or looks again when it will have been silent.
func (u *upgrade) check() {
	defer func() { _ = recover() }()
	silent := time.Since(time.Unix(0, u.last.Load()))
	if silent >= u.idle {
		u.counters.LimitHit("tunnel_idle_timeout")
		u.close()
		return
	}
	u.timer.Reset(u.idle - silent)
}

func (u *upgrade) Read(b []byte) (n int, err error) {
	defer recovered(&err)
	n, err = u.server.Read(b)
	u.count(&u.received, n)
	return n, err
}

func (u *upgrade) Write(b []byte) (n int, err error) {
	defer recovered(&err)
	n, err = u.server.Write(b)
	u.count(&u.sent, n)
	return n, err
}

func (u *upgrade) count(bytes *atomic.Int64, n int) {
	bytes.Add(int64(n))
	u.last.Store(time.Now().UnixNano())
}

// Close ends both sides.
func (u *upgrade) Close() error {
	u.close()
	return nil
}
