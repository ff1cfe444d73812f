package proxy

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
)

// beginDrain drains until the test ends.
func (p *testProxy) beginDrain(t *testing.T) (ended chan struct{}) {
	t.Helper()
	ended = make(chan struct{})
	go func() { defer close(ended); p.Drain(t.Context()) }()
	eventually(t, p.leaving.Load)
	return ended
}

func TestAKeptConnectionIsServedOnceMoreWhileDraining(t *testing.T) {
	server := proxytest.NewHTTP1Server(t, text("hello"), "ai.example")
	for _, inside := range []string{"the proxy's port", "a tunnel"} {
		t.Run(inside, func(t *testing.T) {
			p := startProxy(t, withHost("plain.example:80", server.Listener.Addr().String()), server)
			request := "GET http://daylight.internal/proxy.pac HTTP/1.1\r\nHost: daylight.internal\r\n\r\n"
			var conn net.Conn
			if inside == "a tunnel" {
				request = "GET / HTTP/1.1\r\nHost: ai.example\r\n\r\n"
				conn = p.openTLS(t, "ai.example", "http/1.1")
			} else {
				conn = dialed(t, p.addr)
			}
			for i, wantClose := range []bool{false, true} {
				io.WriteString(conn, request)
				resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					t.Fatalf("request %d: %v", i+1, err)
				}
				io.Copy(io.Discard, resp.Body)
				if resp.Close != wantClose {
					t.Errorf("answer %d closes the connection: %v", i+1, resp.Close)
				}
				if i == 0 {
					ended := p.beginDrain(t)
					defer func() { <-ended }() // when the last client has gone
				}
			}
			if _, err := conn.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("behind the last answer: %v", err)
			}
			conn.Close()
		})
	}
}

func dialed(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// openTLS opens an intercepted connection that speaks a protocol.
func (p *testProxy) openTLS(t *testing.T, host, protocol string) *tls.Conn {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(p.ca)
	conn := tls.Client(p.openTunnel(t, host+":443"), &tls.Config{ServerName: host, RootCAs: roots, NextProtos: []string{protocol}})
	if err := conn.Handshake(); err != nil {
		t.Fatal(err)
	}
	return conn
}

// framesClient speaks HTTP/2 by single frames.
type framesClient struct {
	*http2.Framer
	t *testing.T
}

func (p *testProxy) openFrames(t *testing.T, host string) *framesClient {
	t.Helper()
	conn := p.openTLS(t, host, "h2")
	io.WriteString(conn, http2.ClientPreface)
	c := &framesClient{http2.NewFramer(conn, conn), t}
	c.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	c.WriteSettings()
	return c
}

func (c *framesClient) ask(stream uint32) {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, f := range [][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", "ai.example"}, {":path", "/"}} {
		encoder.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]})
	}
	c.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block.Bytes(), EndHeaders: true, EndStream: true})
}

// await reads until a frame that is told as these words.
func (c *framesClient) await(want string) {
	c.t.Helper()
	for {
		frame, err := c.ReadFrame()
		got := fmt.Sprint("error ", err)
		switch f := frame.(type) {
		case *http2.MetaHeadersFrame:
			got = fmt.Sprintf("answer %s in stream %d", f.PseudoValue("status"), f.StreamID)
		case *http2.GoAwayFrame:
			got = fmt.Sprintf("goaway %d %v", f.LastStreamID, f.ErrCode)
		}
		if got == want {
			return
		}
		if err != nil {
			c.t.Fatalf("%s instead of %s", got, want)
		}
	}
}

// RFC 9113 6.8: what a client sends before it has heard of the end is served.
func TestAStreamThatCrossesTheGoAwayIsServed(t *testing.T) {
	server := proxytest.NewServer(t, text("hello"), "ai.example")
	p := startProxy(t, nil, server)
	c := p.openFrames(t, "ai.example")
	c.ask(1)
	c.await("answer 200 in stream 1")
	p.beginDrain(t)
	c.await("goaway 2147483647 NO_ERROR")
	c.ask(3) // as if it had been on its way
	c.await("answer 200 in stream 3")
	c.await("goaway 3 NO_ERROR")
	c.await("error EOF")
}

// A connection that was opened during a drain is of use first.
func TestAConnectionThatComesDuringADrainIsServedBeforeItIsSentAway(t *testing.T) {
	server := proxytest.NewServer(t, text("hello"), "ai.example")
	p := startProxy(t, nil, server)
	keeps := dialed(t, p.addr) // somebody must be there, or the drain ends
	eventually(t, func() bool { return p.admission.held.Load() > 0 })
	p.beginDrain(t)
	c := p.openFrames(t, "ai.example")
	c.ask(1)
	c.await("goaway 2147483647 NO_ERROR")
	c.await("answer 200 in stream 1")
	keeps.Close()
}

func TestFrameBordersAreFoundHoweverTheBytesCome(t *testing.T) {
	stream := []byte{0, 0, 2, 4, 0, 0, 0, 0, 0, 'a', 'b', 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 'c'}
	borders := map[int]bool{11: true, 20: true, 30: true}
	for size := 1; size <= len(stream); size++ {
		var f frameBorder
		for at := 0; at < len(stream); {
			n := min(size, len(stream)-at)
			f.advance(stream[at : at+n])
			if at += n; f.at() != borders[at] {
				t.Errorf("pieces of %d: border at %d: %v", size, at, f.at())
			}
		}
	}
	if (&frameBorder{}).at() {
		t.Error("a frame of ours would come before SETTINGS")
	}
}

func TestTheGoAwayStandsBetweenTwoFrames(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	ours, theirs := net.Pipe()
	conn := &streamConn{Conn: tls.Server(ours, server.TLS)}
	frame := []byte{0, 0, 2, 4, 0, 0, 0, 0, 0, 'a', 'b'}
	go func() {
		defer conn.Close()
		for i, piece := range [][]byte{frame, frame[:3], frame[3:10], frame[10:], frame} {
			if i == 2 {
				conn.askToGo()
			}
			conn.Write(piece)
		}
	}()
	got, err := io.ReadAll(tls.Client(theirs, &tls.Config{InsecureSkipVerify: true}))
	if want := bytes.Join([][]byte{frame, frame, goAwayLater, frame}, nil); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the client gets % x (%v), want % x", got, err, want)
	}
}

// What lives on to the end of the time is told why it ends.
func TestLongConnectionsAreToldOfTheEnd(t *testing.T) {
	server := proxytest.NewHTTP1Server(t, upgradeTo(func(c net.Conn, rw *bufio.ReadWriter) { io.Copy(c, rw) }), "ai.example")
	echo := tcpServer(t, func(c net.Conn) { io.Copy(c, c) })
	p := startProxy(t, withHost("echo.example:7", echo), server)
	p.decide = func(host, _ string) engine.TunnelDecision {
		if host == "echo.example" {
			return engine.Tunnel
		}
		return engine.Intercept
	}
	tunnel := p.openTunnel(t, "echo.example:7")
	io.WriteString(tunnel, "!")
	io.ReadFull(tunnel, make([]byte, 1))
	socket := p.openTLS(t, "ai.example", "http/1.1")
	io.WriteString(socket, "GET / HTTP/1.1\r\nHost: ai.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	reader := bufio.NewReader(socket)
	if resp, err := http.ReadResponse(reader, nil); err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("no WebSocket: %v", err)
	}
	p.beginDrain(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	shut := make(chan error, 1)
	go func() { shut <- p.Shutdown(ctx) }()
	frame := make([]byte, 4)
	if _, err := io.ReadFull(reader, frame); err != nil || !bytes.Equal(frame, []byte{0x88, 2, 1001 >> 8, 1001 & 0xff}) {
		t.Errorf("the WebSocket ends with % x (%v), want close 1001", frame, err)
	}
	if err := <-shut; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if got := p.lastTunnel(t, 2).report.Err; got != "shutdown" {
		t.Errorf("the tunnel ended with %q", got)
	}
}

// Some begin to speak HTTP/2 when the others were already told of the end.
func TestAConnectionThatBeginsHTTP2AfterTheOthersWereSentAwayIsSentAwayToo(t *testing.T) {
	for _, by := range []string{"Drain", "Shutdown"} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			server := proxytest.NewServer(t, text("hello"), "ai.example")
			p := startProxy(t, func(cfg *Config, _ *Dependencies) { cfg.Limits.IdleTimeout = time.Hour }, server)
			early := p.openFrames(t, "ai.example")
			early.ask(1)
			early.await("answer 200 in stream 1")
			begins, mayBegin := p.delayStreams()
			late := p.openFrames(t, "ai.example")
			wait(t, begins, "the late one")
			ended := make(chan error, 1)
			go func() {
				if by == "Drain" {
					p.Drain(t.Context())
					ended <- nil
				} else {
					ended <- p.Shutdown(t.Context())
				}
			}()
			early.await("goaway 1 NO_ERROR")
			early.await("error EOF")
			close(mayBegin)
			late.await("goaway 0 NO_ERROR")
			late.await("error EOF")
			if err := wait(t, ended, "the end"); err != nil {
				t.Error(err)
			}
		})
	}
}

// delayStreams has connections wait before they speak HTTP/2.
func (p *testProxy) delayStreams() (begins chan struct{}, mayBegin chan struct{}) {
	begins, mayBegin = make(chan struct{}, 1), make(chan struct{})
	speak := p.inner.TLSNextProto["h2"]
	p.inner.TLSNextProto["h2"] = func(server *http.Server, conn *tls.Conn, handler http.Handler) {
		begins <- struct{}{}
		<-mayBegin
		speak(server, conn, handler)
	}
	return begins, mayBegin
}
