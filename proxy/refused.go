package proxy

import (
	"net"
	"net/http"
	"sync/atomic"
)

// headWatch finds the requests that net/http refuses by itself, because their head
// is malformed, too large or too slow: no handler hears of them. What went over
// the client's connection since the last request tells them apart. Some of the
// head may have come before, with what the last request or a handshake ended with.
type headWatch struct {
	received, sent atomic.Int64 // bytes since the last request
	active         atomic.Bool  // some of a head was read since
	served         atomic.Bool  // a handler was called since
	late           atomic.Bool  // a read met its deadline since
	unfollowed     atomic.Bool  // requests may have come whose framing nobody checked

	client  func() net.Addr
	refused func(refusal) (id string)
	tunnel  atomic.Pointer[tunnelInfo] // inside of which heads come; nil before
}

// begin awaits the next request.
func (h *headWatch) begin() {
	h.received.Store(0)
	h.sent.Store(0)
	h.active.Store(false)
	h.served.Store(false)
	h.late.Store(false)
}

// Bytes that an answer of net/http has at least; the end of a TLS connection has
// fewer.
const shortestAnswer = 64

// refusal returns a bounded word for why the connection ended before a handler
// was called; "" when nothing was asked.
func (h *headWatch) refusal(headerBytes int64) string {
	switch {
	case h.served.Load():
		return ""
	case h.active.Load() && h.late.Load():
		return "header_timeout"
	case h.sent.Load() >= shortestAnswer && h.received.Load() >= headerBytes:
		return "header_bytes"
	case h.sent.Load() >= shortestAnswer:
		return "malformed"
	default:
		return "" // the client left
	}
}

// watchHeads is the ConnState of both servers.
func (p *Proxy) watchHeads(conn net.Conn, state http.ConnState) {
	defer func() { _ = recover() }()
	if t := trialOf(conn); t != nil && state == http.StateActive {
		t.spoke.Store(true)
	}
	watchIdle(conn, state)
	if f, ok := conn.(interface{ watch(http.ConnState) }); ok {
		f.watch(state)
	}
	c := clientConnOf(conn)
	if c == nil {
		return
	}
	switch state {
	case http.StateNew, http.StateIdle:
		c.heads.begin()
	case http.StateActive:
		c.heads.active.Store(true)
	}
	if state != http.StateClosed {
		return
	}
	reason := c.heads.refusal(int64(p.limits.HeaderBytes))
	if reason == "" {
		return
	}
	p.counters.RequestRefused(reason)
	if reason != "malformed" {
		p.counters.LimitHit(reason)
	}
}

// clientConnOf finds the client's connection below what was made of it. It is nil
// for HTTP/2, which begins with bytes of its own and refuses a head in its stream.
func clientConnOf(conn net.Conn) *clientConn {
	c, http2 := clientConnBelow(conn)
	if http2 {
		return nil
	}
	return c
}

func clientConnBelow(conn net.Conn) (below *clientConn, http2 bool) {
	for {
		switch c := conn.(type) {
		case *clientConn:
			return c, http2
		case interface{ NetConn() net.Conn }: // TLS
			conn = c.NetConn()
		case *clearConn:
			conn = c.Conn
		case *tunnelConn:
			http2 = c.info != nil && c.info.ALPN == "h2"
			conn = c.Conn
		case *replayConn:
			conn = c.Conn
		default:
			return nil, http2
		}
	}
}
