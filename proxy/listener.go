package proxy

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/pires/go-proxyproto"
)

// clientListener accepts clients, as many as there is room for.
type clientListener struct {
	net.Listener
	admission     *admission
	trusted       []netip.Prefix // must send a PROXY header, which is believed
	shared        []netip.Prefix // have many people behind one address
	headerTimeout time.Duration
	counters      Counters
	relieve       func() // frees descriptors, or waits until they may be
	closed        func() // is called behind each connection; nil: nothing is
	// refused tells of a client who was refused; nil: what net/http answers by itself
	// stays as it is, and there is no event.
	refused func(refusal) (id string)
}

// Accept implements net.Listener. What takes time, such as a slot in the queue, is left to the
// first RemoteAddr or Read of the connection.
func (l *clientListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		switch {
		case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
			l.counters.LimitHit("descriptors")
			l.relieve()
		case err != nil:
			return nil, err // http.Server waits and tries again when it can pass
		case l.admission.hasRoom():
			return l.wrap(conn), nil
		default:
			l.counters.LimitHit("connection_queue")
			l.refuseAtOnce(conn, addressOf(conn.RemoteAddr()))
		}
	}
}

// refuseAtOnce tells a client to come again, without waiting for what it has to say. It is
// the answer to a flood, and may be lost.
func (l *clientListener) refuseAtOnce(conn net.Conn, client netip.Addr) {
	// The answer fits the socket's buffer, so this never waits.
	conn.SetWriteDeadline(time.Now().Add(time.Second))
	conn.Write(l.overloaded(client))
	conn.Close()
}

// overloaded is what a client is told for whom there is no room.
func (l *clientListener) overloaded(client netip.Addr) []byte {
	if l.refused == nil {
		return []byte(plainOverloaded)
	}
	r := refusal{status: http.StatusServiceUnavailable, reason: blindReason(http.StatusServiceUnavailable)}
	r.client.Address = client
	l.counters.RequestRefused(r.reason)
	return blindAnswer(r.status, l.refused(r))
}

const plainOverloaded = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: " + retryAfter +
	"\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 21\r\n\r\ntoo many connections\n"

func (l *clientListener) wrap(conn net.Conn) *clientConn {
	c := &clientConn{Conn: conn, raw: conn, listener: l, slot: newSlot()}
	c.heads.client, c.heads.refused = c.RemoteAddr, l.refused
	c.heads.served.Store(l.refused == nil)
	c.release = sync.OnceFunc(func() {
		l.admission.leave(c.slot)
		l.admission.held.Add(-1)
		if l.closed != nil {
			l.closed()
		}
	})
	if contains(l.trusted, addressOf(conn.RemoteAddr())) {
		// A trusted balancer must send the header: a connection without one
		// would be taken for the balancer's own.
		c.balanced = proxyproto.NewConn(conn, proxyproto.WithPolicy(proxyproto.REQUIRE),
			proxyproto.SetReadHeaderTimeout(l.headerTimeout))
		c.Conn = c.balanced
	}
	return c
}

func contains(networks []netip.Prefix, address netip.Addr) bool {
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(address) })
}

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
