package proxy

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/pires/go-proxyproto"
)

// clientListener accepts clients: it bounds their number and believes the PROXY
// header of those that must send one.
type clientListener struct {
	net.Listener
	open          *atomic.Int64 // shared by the listeners of one proxy
	limit         int64
	trusted       []netip.Prefix
	headerTimeout time.Duration
	counters      Counters
	refused       func(refusal) (id string)
}

func (l *clientListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
			l.counters.LimitHit("descriptors")
		}
		if err != nil {
			return nil, err // http.Server waits and tries again when it can pass
		}
		if l.open.Add(1) <= l.limit {
			return l.wrap(conn), nil
		}
		l.open.Add(-1)
		l.counters.LimitHit("connections")
		// The answer fits the socket's buffer, so this never waits.
		conn.SetWriteDeadline(time.Now().Add(time.Second))
		conn.Write(l.overloaded(conn))
		conn.Close()
	}
}

// overloaded is what a client is told for which there is no room.
func (l *clientListener) overloaded(conn net.Conn) []byte {
	r := refusal{status: http.StatusServiceUnavailable, reason: blindReason(http.StatusServiceUnavailable)}
	if address, err := netip.ParseAddrPort(conn.RemoteAddr().String()); err == nil {
		r.client.Address = address.Addr().Unmap()
	}
	return blindAnswer(r.status, l.refused(r))
}

func (l *clientListener) wrap(conn net.Conn) net.Conn {
	l.counters.Connections(1)
	c := &clientConn{Conn: conn, raw: conn, release: sync.OnceFunc(func() {
		l.open.Add(-1)
		l.counters.Connections(-1)
	})}
	c.heads.client, c.heads.refused = c.RemoteAddr, l.refused
	address, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return c
	}
	peer := address.AddrPort().Addr().Unmap()
	if slices.ContainsFunc(l.trusted, func(p netip.Prefix) bool { return p.Contains(peer) }) {
		// A trusted balancer must send the header: a connection without one
		// would be taken for the balancer's own.
		c.Conn = proxyproto.NewConn(conn, proxyproto.WithPolicy(proxyproto.REQUIRE),
			proxyproto.SetReadHeaderTimeout(l.headerTimeout))
	}
	return c
}

// clientConn is a client's connection that counts against the limit.
type clientConn struct {
	net.Conn
	raw     net.Conn
	release func()
	heads   headWatch
}

func (c *clientConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}

func (c *clientConn) CloseWrite() error { return closeWrite(c.raw) }

// handover is the listener of the inner server: it accepts the connections that
// were opened inside a CONNECT.
type handover struct {
	conns chan net.Conn
	done  chan struct{}
	close func()
}

func newHandover() *handover {
	h := &handover{conns: make(chan net.Conn), done: make(chan struct{})}
	h.close = sync.OnceFunc(func() { close(h.done) })
	return h
}

// deliver hands a connection to the inner server; false when it is closed.
func (h *handover) deliver(c net.Conn) bool {
	select {
	case h.conns <- c:
		return true
	case <-h.done:
		return false
	}
}

func (h *handover) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.done:
		return nil, net.ErrClosed
	}
}

func (h *handover) Close() error {
	h.close()
	return nil
}

func (h *handover) Addr() net.Addr { return handoverAddr{} }

type handoverAddr struct{}

func (handoverAddr) Network() string { return "connect" }
func (handoverAddr) String() string  { return "connect" }
