package proxy

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"daylight.internal/proxy/websocket"
)

// upgrade is a connection that became a WebSocket, as the server's side of it.
// goproxy relays: it writes here what the client sends and reads here what the
// server sends. This counts, bounds the silence, has the client's messages read,
// and keeps a panic from the process, for the relay runs in goroutines of its own.
type upgrade struct {
	server         io.ReadWriteCloser
	client         *upgradedClient // nil until goproxy takes the connection
	stream         clientStream    // nil: what the client sends goes on unread
	sent, received atomic.Int64    // bytes from and to the client
	idle           time.Duration   // allowed without a byte either way
	lingering      time.Duration   // allowed after the client has ended its sending
	timer          *time.Timer
	last           atomic.Int64
	ctx            context.Context // ends with the connection
	close          func()
	counters       Counters
	problem        atomic.Pointer[string] // what went wrong first; nil: nothing
	// What one side sends has come to its end. goproxy stops when either has, so
	// the other is waited for before it learns.
	clientEnded, serverEnded end
}

// closingTime is how long a connection that is being closed may take, and a frame
// of ours may wait for its place.
const closingTime = 2 * time.Second

// newUpgrade relays with server; closeClient ends the client's side.
func newUpgrade(server io.ReadWriteCloser, p *Proxy, closeClient func()) *upgrade {
	u := &upgrade{
		server: server, idle: p.limits.TunnelIdleTimeout, lingering: p.limits.IdleTimeout, counters: p.counters,
		clientEnded: newEnd(), serverEnded: newEnd(),
	}
	var cancel context.CancelFunc
	u.ctx, cancel = context.WithCancel(context.Background())
	u.close = sync.OnceFunc(func() {
		cancel()
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
		u.fail("idle")
		u.close()
		return
	}
	u.timer.Reset(u.idle - silent)
}

// takeClient returns the client's side as goproxy gets it.
func (u *upgrade) takeClient(conn net.Conn) net.Conn {
	u.client = &upgradedClient{Conn: conn, upgrade: u, turn: make(chan struct{}, 1)}
	return u.client
}

// Read reads what the server sends.
func (u *upgrade) Read(b []byte) (n int, err error) {
	defer recovered(&err)
	n, err = u.server.Read(b)
	u.count(&u.received, n)
	if n > 0 && u.stream != nil {
		u.stream.received(b[:n])
	}
	if err != nil {
		if errors.Is(err, syscall.ECONNRESET) {
			u.fail("server_reset")
		}
		u.endServer()
	}
	return n, err
}

// Write takes what the client sends.
func (u *upgrade) Write(b []byte) (n int, err error) {
	defer u.afterWrite(&err)
	defer recovered(&err)
	u.count(&u.sent, len(b))
	if u.stream == nil {
		return u.server.Write(b)
	}
	return u.stream.Write(b)
}

// afterWrite ends the client's direction after an error: goproxy reads no more.
func (u *upgrade) afterWrite(err *error) {
	if *err != nil {
		u.endClient(closingTime)
	}
}

// fail notes what ended the connection, as a relay does.
func (u *upgrade) fail(word string) { u.problem.CompareAndSwap(nil, &word) }

// trouble returns a bounded word; "" for an orderly end.
func (u *upgrade) trouble() string {
	if p := u.problem.Load(); p != nil {
		return *p
	}
	return ""
}

func (u *upgrade) count(bytes *atomic.Int64, n int) {
	bytes.Add(int64(n))
	u.last.Store(time.Now().UnixNano())
}

// endServer is called when the server sends nothing more: the client is told, and
// what it has sent is read to its end.
func (u *upgrade) endServer() {
	u.serverEnded.reach()
	if u.client == nil || closeWrite(u.client.Conn) != nil {
		return
	}
	u.clientEnded.wait(u.ctx, closingTime)
}

// endClient is called when the client sends nothing more, or nobody takes it.
// What the server still has to say is waited for.
func (u *upgrade) endClient(wait time.Duration) {
	if u.clientEnded.reach() && u.stream != nil {
		func() {
			defer func() { _ = recover() }()
			u.stream.end()
		}()
	}
	u.serverEnded.wait(u.ctx, wait)
}

// Close ends both sides.
func (u *upgrade) Close() error {
	u.close()
	return nil
}

// leave ends the connection because we do. The client is told; the server gets the
// client's answer to that.
func (u *upgrade) leave() {
	defer func() { _ = recover() }()
	u.fail("shutdown")
	time.AfterFunc(closingTime, func() {
		defer func() { _ = recover() }()
		u.close()
	})
	if u.client.insert(websocket.AppendClose(nil, websocket.StatusGoingAway, "", nil), websocket.FrameBorder) != nil {
		u.close()
	}
}

// finish closes the connection and waits until nobody uses it any more.
func (u *upgrade) finish() {
	u.close()
	if u.client == nil { // goproxy never came to relay
		u.endClient(0)
	}
	u.clientEnded.wait(context.Background(), closingTime)
}

// link is the connection as the reader of the client's messages sees it.
type link struct{ upgrade *upgrade }

// Write implements io.Writer.
func (l link) Write(b []byte) (int, error) { return l.upgrade.server.Write(b) }

func (l link) context() context.Context { return l.upgrade.ctx }

func (l link) insert(frame []byte) error {
	return l.upgrade.client.insert(frame, websocket.MessageBorder)
}

// closeBoth implements websocketLink. The server learns only that the client
// goes; what a policy says is not its business.
func (l link) closeBoth(code uint16, reason string) {
	u := l.upgrade
	time.AfterFunc(closingTime, func() {
		defer func() { _ = recover() }()
		u.close()
	})
	if u.client.insert(websocket.AppendClose(nil, code, reason, nil), websocket.FrameBorder) != nil {
		u.close()
		return
	}
	key := maskKey()
	if _, err := u.server.Write(websocket.AppendClose(nil, websocket.StatusGoingAway, "", &key)); err != nil {
		u.close()
	}
}

// end is a moment that comes once.
type end struct {
	once    *sync.Once
	reached chan struct{}
}

func newEnd() end { return end{&sync.Once{}, make(chan struct{})} }

// reach tells that it has come; it returns true the first time.
func (e end) reach() (first bool) {
	e.once.Do(func() {
		close(e.reached)
		first = true
	})
	return first
}

func (e end) wait(ctx context.Context, limit time.Duration) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-e.reached:
	case <-timer.C:
	case <-ctx.Done():
	}
}
