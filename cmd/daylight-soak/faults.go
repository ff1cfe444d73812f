package main

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"time"
)

// fault is a server that does not do what a server should, and what becomes of a
// request to it.
type fault struct {
	host    string
	status  int // that the client gets; 0 when the answer breaks off behind a status of 200
	early   int // that it gets when the end overtakes the answer, as a reset can; 0: never
	behave  func(c *net.TCPConn, config *tls.Config)
	expired bool     // its certificate
	names   []string // of its certificate; empty for the host
}

// faults are the faulty servers.
func faults() []fault {
	return []fault{
		{host: "reset.soak.test", status: http.StatusBadGateway, behave: secured(func(*tls.Conn) {}, reset)},
		{host: "silent.soak.test", status: http.StatusGatewayTimeout, behave: secured(linger, nil)},
		{host: "halfclosed.soak.test", status: http.StatusBadGateway, behave: secured(func(c *tls.Conn) {
			_ = c.CloseWrite()
			linger(c)
		}, nil)},
		{host: "short.soak.test", behave: secured(func(c *tls.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nshort")
		}, nil)},
		{host: "torn.soak.test", early: http.StatusBadGateway, behave: secured(func(c *tls.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n")
			time.Sleep(20 * time.Millisecond) // the client has mostly seen the head by then
		}, reset)},
		{host: "nohttp.soak.test", status: http.StatusBadGateway, behave: secured(func(c *tls.Conn) {
			_, _ = io.WriteString(c, "220 mail.soak.test ESMTP\r\n")
		}, nil)},
		{host: "garbage.soak.test", status: http.StatusBadGateway, behave: func(c *net.TCPConn, _ *tls.Config) {
			_, _ = io.WriteString(c, "\x16\x03\x03\x40\x00this is no handshake at all")
			_, _ = c.Read(make([]byte, 4096))
		}},
		{host: "mute.soak.test", status: http.StatusGatewayTimeout, behave: func(c *net.TCPConn, _ *tls.Config) { _, _ = io.Copy(io.Discard, c) }},
		{host: "wrongname.soak.test", status: http.StatusBadGateway, behave: secured(linger, nil), names: []string{"other.soak.test"}},
		{host: "expired.soak.test", status: http.StatusBadGateway, behave: secured(linger, nil), expired: true},
	}
}

// The names of servers that are not there.
const (
	closedHost  = "closed.soak.test"  // nobody listens
	unknownHost = "unknown.soak.test" // has no address
)

// secured makes the handshake, reads what comes first, and goes on as the fault is;
// then it ends the connection, by end when that is not nil.
func secured(then func(*tls.Conn), end func(*net.TCPConn)) func(*net.TCPConn, *tls.Config) {
	return func(raw *net.TCPConn, config *tls.Config) {
		conn := tls.Server(raw, config)
		if conn.Handshake() != nil {
			return
		}
		if _, err := conn.Read(make([]byte, 4096)); err != nil {
			return
		}
		if then(conn); end != nil {
			end(raw)
		} else {
			_ = conn.Close()
		}
	}
}

func reset(c *net.TCPConn) { _ = c.SetLinger(0) }

// linger says nothing until the other side goes.
func linger(c *tls.Conn) { _, _ = io.Copy(io.Discard, c) }

// breakDown starts the faulty servers.
func (i *internet) breakDown() error {
	for _, f := range faults() {
		names, end := f.names, time.Now().Add(24*time.Hour)
		if names == nil {
			names = []string{f.host}
		}
		if f.expired {
			end = time.Now().Add(-24 * time.Hour)
		}
		leaf, err := i.authority.leaf(end, names...)
		if err != nil {
			return err
		}
		listener, err := i.listen("443", f.host)
		if err != nil {
			return err
		}
		go i.accept(listener, f, &tls.Config{Certificates: []tls.Certificate{leaf}})
	}
	closed, err := freeAddress()
	if err != nil {
		return err
	}
	i.hosts[closedHost+":443"] = closed
	return nil
}

// accept lets a faulty server have its connections until it is closed.
func (i *internet) accept(listener net.Listener, f fault, config *tls.Config) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		if !i.keep(conn) {
			_ = conn.Close()
			return
		}
		go func() {
			defer i.drop(conn)
			_ = conn.SetDeadline(time.Now().Add(patience))
			f.behave(conn.(*net.TCPConn), config)
		}()
	}
}

func (i *internet) keep(conn net.Conn) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.open[conn] = true
	return !i.closed
}

func (i *internet) drop(conn net.Conn) {
	_ = conn.Close()
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.open, conn)
}
