package proxy

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"daylight.internal/proxy/framing"
)

// followed reads the requests of a client by HTTP/1 for net/http, which resolves what is ambiguous in a
// way of its own and goes on: here the connection ends.
type followed struct {
	follower framing.Follower
	heads    *headWatch
	stopped  atomic.Bool // the follower is; for Close, which may come from anywhere
	closing  atomic.Bool // a goroutine lingers
}

// errLateHead is no net.Error: to those net/http gives no answer.
var errLateHead = errors.New("the rest of the head did not come in time")

// read passes on what framing allows. net/http answers its error with a 400, for
// which headWatch.instead has our page.
func (f *followed) read(c net.Conn, b []byte) (int, error) {
	if f.follower.Stopped() {
		return f.end(c, b)
	}
	n, err := c.Read(b)
	if n > 0 {
		n, ambiguous := f.follower.Advance(b[:n])
		f.stopped.Store(f.follower.Stopped())
		if n > 0 {
			return n, nil // err comes again
		} else if ambiguous != nil {
			return f.end(c, b)
		}
	}
	if err != nil && len(b) > 1 && errors.Is(err, os.ErrDeadlineExceeded) && f.follower.InHead() {
		return n, errLateHead // one byte is read ahead, and given up by a deadline when the exchange ends
	}
	return n, err
}

// end is read behind the last byte that is understood. While an exchange goes on net/http
// reads one byte ahead, to learn whether the client has left: that it has not.
func (f *followed) end(c net.Conn, b []byte) (int, error) {
	if len(b) > 1 {
		return 0, framing.ErrAmbiguous
	}
	unread := make([]byte, 512)
	for {
		if _, err := c.Read(unread); err != nil {
			return 0, err
		}
	}
}

// watch is told the states of the connection.
func (f *followed) watch(state http.ConnState) {
	if state == http.StateIdle && !f.follower.Resume() {
		f.stopped.Store(true)
		f.heads.unfollowed.Store(true)
	}
}

// openedConn is a client's TLS connection that speaks HTTP/1. net/http takes its
// state from ConnectionState.
type openedConn struct {
	*tls.Conn
	followed
}

// Read implements net.Conn.
func (c *openedConn) Read(b []byte) (int, error) { return c.read(c.Conn, b) }

// Write implements net.Conn.
func (c *openedConn) Write(b []byte) (int, error) {
	if own := c.heads.instead(b); own != nil {
		_, err := c.Conn.Write(own)
		return len(b), err
	}
	return c.Conn.Write(b)
}

// Close implements net.Conn.
func (c *openedConn) Close() error {
	return c.close(c.Conn, func() {
		c.SetWriteDeadline(time.Now().Add(lingerTime)) // for who writes: CloseWrite waits for it
		c.Conn.CloseWrite()
		linger(c.NetConn())
	})
}

// clearConn is a client's connection in the clear, on the proxy port or in a CONNECT.
type clearConn struct {
	net.Conn
	followed
}

// Read implements net.Conn.
func (c *clearConn) Read(b []byte) (int, error) { return c.read(c.Conn, b) }

// Close implements net.Conn.
func (c *clearConn) Close() error {
	return c.close(c.Conn, func() { linger(c.Conn) })
}

// CloseWrite ends the sending.
func (c *clearConn) CloseWrite() error { return closeWrite(c.Conn) }

// NetConn returns what is below.
func (c *clearConn) NetConn() net.Conn { return c.Conn }

// close closes a connection, one that is stopped behind the caller's back after lingering: net/http
// closes all connections one after the other when the proxy ends. To close it again does so at once.
func (f *followed) close(c net.Conn, linger func()) error {
	if !f.stopped.Load() || f.closing.Swap(true) {
		return c.Close()
	}
	go func() {
		defer func() { _ = recover() }()
		defer c.Close()
		linger()
	}()
	return nil
}

// What a client may still send while it is told that its connection ends. Bytes that nobody has
// read would make the end a reset, and that can overtake the answer.
const (
	lingerBytes = 256 << 10
	lingerTime  = 500 * time.Millisecond
)

func linger(c net.Conn) {
	if closeWrite(c) != nil || c.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, c, lingerBytes)
}

// followedListener is the listener of the proxy port for net/http.
type followedListener struct{ net.Listener }

// Accept implements net.Listener.
func (l followedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	client := clientConnOf(c)
	if client == nil {
		return c, nil
	}
	return &clearConn{c, followed{heads: &client.heads}}, nil
}
