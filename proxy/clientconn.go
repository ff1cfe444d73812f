package proxy

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pires/go-proxyproto"
)

// clientConn is a client's connection. It takes its slot at its first use: who asks
// is known only behind the PROXY header, and a slot may have to be waited for.
type clientConn struct {
	net.Conn
	raw      net.Conn
	balanced *proxyproto.Conn // nil unless a balancer says who asks
	listener *clientListener
	release  func()
	heads    headWatch

	slot    *slot
	arrival sync.Once
	address net.Addr
	refused bool        // it was told to come again
	quiet   atomic.Bool // the next byte that comes is something that is asked
}

// RemoteAddr returns the client's address, which may be one that a balancer told. The
// first call, which is net/http's first use of a connection, waits for a slot.
func (c *clientConn) RemoteAddr() net.Addr {
	c.arrival.Do(c.arrive)
	return c.address
}

func (c *clientConn) arrive() {
	defer func() {
		if recover() != nil { // net/http does not recover here
			c.refused = true
		}
	}()
	c.address = c.Conn.RemoteAddr()
	if c.balanced != nil && c.balanced.ProxyHeader() == nil {
		return // the first Read says so
	}
	client, peer := addressOf(c.address), addressOf(c.raw.RemoteAddr())
	// A balancer that speaks for itself is not one client among others.
	unbounded := c.balanced != nil && client == peer || contains(c.listener.shared, client)
	c.quiet.Store(true)
	limit := c.listener.admission.enter(c.slot, clientNetwork(client), unbounded, func() { c.Close() })
	if c.refused = limit != ""; c.refused && limit != left {
		c.turnAway(client)
	}
}

func (c *clientConn) turnAway(client netip.Addr) {
	longest, done := c.listener.admission.turnsAway(clientNetwork(client))
	if done == nil {
		c.listener.refuseAtOnce(c.raw, client)
		return
	}
	defer done()
	turnAway(c.raw, c.Conn, longest, func() []byte { return c.listener.overloaded(client) })
}

// turnAwayBytes are read of a connection that is told to come again.
const turnAwayBytes = 16 << 20

// turnAway answers a connection that is not served. To close a connection that still has
// something to read resets it, and a reset can overtake the answer. So the client is
// heard first, as some take an answer to nothing for a fault, and afterwards until it has
// closed, within bounds.
func turnAway(raw, conn net.Conn, longest time.Duration, answer func() []byte) {
	raw.SetDeadline(time.Now().Add(longest))
	var first [1]byte
	_, heard := conn.Read(first[:])
	if heard != nil && !errors.Is(heard, os.ErrDeadlineExceeded) {
		return
	}
	raw.SetDeadline(time.Now().Add(longest))
	if _, err := raw.Write(answer()); err != nil || closeWrite(raw) != nil {
		return
	}
	io.Copy(io.Discard, io.LimitReader(raw, turnAwayBytes))
}

// Close implements net.Conn; it gives the slot back.
func (c *clientConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}

func (c *clientConn) CloseWrite() error { return closeWrite(c.raw) }

// Read implements net.Conn.
func (c *clientConn) Read(b []byte) (int, error) {
	c.arrival.Do(c.arrive)
	if c.refused {
		return 0, io.EOF
	}
	n, err := c.Conn.Read(b)
	if n > 0 && c.quiet.Load() && c.quiet.CompareAndSwap(true, false) {
		c.listener.admission.isBusy(c.slot)
	}
	c.heads.received.Add(int64(n))
	if err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		c.heads.late.Store(true)
	}
	return n, err
}

// Write implements net.Conn.
func (c *clientConn) Write(b []byte) (int, error) {
	if own := c.heads.instead(b); own != nil {
		n, err := c.Conn.Write(own)
		c.heads.sent.Add(int64(n))
		return len(b), err
	}
	n, err := c.Conn.Write(b)
	c.heads.sent.Add(int64(n))
	return n, err
}

// lastWords is how long the end of a TLS connection may take that is closed to make room.
const lastWords = time.Second

// watchIdle tells the admission whether something is asked on a connection. top is
// what the server that serves it knows it as.
func watchIdle(top net.Conn, state http.ConnState) {
	c, http2 := clientConnBelow(top)
	if c == nil {
		return
	}
	switch state {
	case http.StateIdle:
		c.listener.admission.isIdle(c.slot, func() {
			trialOf(top).end() // it is not the client that hangs up
			raw := time.AfterFunc(lastWords, func() { c.raw.Close() })
			defer raw.Stop()
			top.Close()
		})
		// What comes over HTTP/2 may be but a sign of life.
		c.quiet.Store(!http2)
	case http.StateActive, http.StateHijacked:
		c.quiet.Store(false)
		c.listener.admission.isBusy(c.slot)
	}
}
