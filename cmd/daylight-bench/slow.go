package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// slowKind is a way of taking a connection and giving nothing for it.
type slowKind struct {
	name string
	// be returns when the connection ends.
	be func(context.Context, *slowClient)
}

// slowClient is one of the slow.
type slowClient struct {
	client         // through Daylight
	closed  client // the same, but it trusts the server of tunnels that stay closed
	hold    func() // is called when it begins to be slow
	settle  func()
	holding bool
}

// slowKinds are all ways, in equal parts.
func slowKinds() []slowKind {
	return []slowKind{
		{"head", slowHead}, {"body", slowBody}, {"reader", slowReader},
		{"half ClientHello", halfHello}, {"idle tunnel", idleTunnel}, {"silent", silent},
	}
}

// heartbeat is the time between two bytes.
const heartbeat = time.Second

// drip sends a byte at a time, over and over, until the connection fails.
func drip(ctx context.Context, conn net.Conn, text string) {
	for n := 0; rest(ctx, heartbeat); n++ {
		_ = conn.SetDeadline(time.Now().Add(patience))
		if _, err := io.WriteString(conn, text[n%len(text):][:1]); err != nil {
			return
		}
	}
}

// outlast waits until the other side ends the connection.
func outlast(ctx context.Context, conn net.Conn) {
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	_ = conn.SetDeadline(time.Time{})
	_, _ = io.Copy(io.Discard, conn)
}

// slowHead sends a byte of an endless head each second.
func slowHead(ctx context.Context, s *slowClient) {
	conn, err := s.reach()
	if err != nil {
		return
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "GET http://%s/page HTTP/1.1\r\nHost: %[1]s\r\nX-Slow: ", plainHost); err != nil {
		return
	}
	s.hold()
	drip(ctx, conn, "slow")
}

// slowBody sends a prompt that is held, a byte each second.
func slowBody(ctx context.Context, s *slowClient) {
	conn, err := s.open(heldHost)
	if err != nil {
		return
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "POST /v1/chat/completions HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n", heldHost); err != nil {
		return
	}
	s.hold()
	drip(ctx, conn, prompt)
}

// slowReader reads an answer of 64 MiB, a little each second.
func slowReader(ctx context.Context, s *slowClient) {
	conn, err := s.open(plainHost)
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.Conn.(*tls.Conn).NetConn().(*net.TCPConn).SetReadBuffer(4 << 10)
	if _, err := fmt.Fprintf(conn, "GET /page?bytes=%d HTTP/1.1\r\nHost: %s\r\n\r\n", 64<<20, plainHost); err != nil {
		return
	}
	response, err := http.ReadResponse(conn.reader, nil)
	if err != nil {
		return
	}
	defer response.Body.Close()
	s.hold()
	for part := make([]byte, 1<<10); rest(ctx, heartbeat); {
		_ = conn.SetDeadline(time.Now().Add(patience))
		if _, err := io.ReadFull(response.Body, part); err != nil {
			return
		}
	}
}

// halfHello begins a handshake and never ends it.
func halfHello(ctx context.Context, s *slowClient) {
	conn, err := s.connect(plainHost)
	if err != nil {
		return
	}
	defer conn.Close()
	hello := clientHello(plainHost)
	if _, err := conn.Write(hello[:len(hello)/2]); err != nil {
		return
	}
	s.hold()
	outlast(ctx, conn)
}

// clientHello returns what a client sends first.
func clientHello(host string) []byte {
	var sent bytes.Buffer
	_ = tls.Client(recordingConn{sent: &sent}, &tls.Config{ServerName: host}).Handshake()
	return sent.Bytes()
}

// recordingConn keeps what is written, and has nothing to read.
type recordingConn struct {
	net.Conn
	sent *bytes.Buffer
}

func (c recordingConn) Write(b []byte) (int, error)    { return c.sent.Write(b) }
func (recordingConn) Read([]byte) (int, error)         { return 0, errors.New("there is no server") }
func (recordingConn) SetWriteDeadline(time.Time) error { return nil }

// idleTunnel asks once through a tunnel that is not opened, and then is still.
func idleTunnel(ctx context.Context, s *slowClient) {
	conn, err := s.closed.open(closedHost)
	if err != nil {
		return
	}
	defer conn.Close()
	if err := conn.exchange(s.closed.small(closedHost)); err != nil {
		return
	}
	s.hold()
	outlast(ctx, conn)
}

// silent connects and says nothing.
func silent(ctx context.Context, s *slowClient) {
	conn, err := s.reach()
	if err != nil {
		return
	}
	defer conn.Close()
	s.hold()
	outlast(ctx, conn)
}
