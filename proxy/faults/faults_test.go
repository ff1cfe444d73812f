package faults_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"
)

// fault is one row of the matrix.
type fault struct {
	name        string
	host        string                           // default: faulty
	certificate func(*testing.T) tls.Certificate // of the server; nil: a good one
	serve       func(*visit)                     // nil: the server is well
	arrange     func(*setup)
	ask         func(*client) seen // nil: one ordinary exchange
	body        string             // default: prompt
	// absent tells in which protocols the fault cannot be, and why.
	absent map[protocol]string
	// hasty tells that a limit is so short that a machine that stalls may meet it
	// in the next request too, which is then made again.
	hasty bool
}

const hasty = time.Second

// noTLS is why a fault of TLS is not in plain HTTP.
var noTLS = map[protocol]string{plain: "there is no TLS"}

// only keeps a fault from all protocols but some.
func only(reason string, some ...protocol) map[protocol]string {
	absent := map[protocol]string{}
	for _, p := range protocols {
		absent[p] = reason
	}
	for _, p := range some {
		delete(absent, p)
	}
	return absent
}

const noBody = "the handshake has no body"

func and(absent map[protocol]string, reason string, more ...protocol) map[protocol]string {
	for _, p := range more {
		absent[p] = reason
	}
	return absent
}

// serverFaults are those of a server that can be reached.
var serverFaults = []fault{
	{name: "the server closes at accept", serve: func(*visit) {}},
	{name: "the server resets at accept", serve: (*visit).reset},
	{name: "the server sends garbage for TLS", absent: noTLS, serve: func(v *visit) {
		v.raw.Read(make([]byte, 4096))
		v.raw.Write([]byte("\x16\x03\x03\xff\xff" + strings.Repeat("\xa5", 400)))
		io.Copy(io.Discard, v.raw)
	}},
	{name: "the server speaks plain text on the TLS port", absent: noTLS, serve: func(v *visit) {
		v.raw.Read(make([]byte, 4096))
		io.WriteString(v.raw, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
		io.Copy(io.Discard, v.raw)
	}},
	{name: "the server never begins its TLS", hasty: true, absent: and(only("there is no TLS", http1, http2, sse, webSocket), "the client waits, as it would without a proxy, until the tunnel is idle", tunnel),
		arrange: func(s *setup) { s.proxy.Limits.TLSTimeout = hasty },
		serve:   func(v *visit) { io.Copy(io.Discard, v.raw) }},
	{name: "the certificate has expired", absent: noTLS, certificate: expired, serve: answerOnce},
	{name: "the certificate has another name", absent: noTLS, certificate: misnamed, serve: answerOnce},
	{name: "the certificate is signed by itself", absent: noTLS, certificate: selfSigned, serve: answerOnce},
	{name: "the server resets before the head", serve: func(v *visit) {
		v.request()
		v.reset()
	}},
	{name: "the server resets within the head", serve: func(v *visit) {
		v.request()
		if v.protocol == http2 {
			v.conn.Write([]byte("\x00\x00\x40\x01\x04\x00\x00\x00\x01\x88"))
		} else {
			io.WriteString(v.conn, "HTTP/1.1 200 OK\r\nContent-Ty")
		}
		v.reset()
	}},
	{name: "the server resets within the body", serve: func(v *visit) {
		v.request()
		v.begin(1000)
		v.some()
		v.reset()
	}},
	{name: "the server ends its sending before the head", serve: func(v *visit) {
		v.request()
		v.endSending()
	}},
	{name: "the server ends its sending within the body", serve: func(v *visit) {
		v.request()
		v.begin(1000)
		v.some()
		v.endSending()
	}},
	{name: "the server never answers", hasty: true, absent: map[protocol]string{tunnel: "the answer is the client's to wait for; see the stall within the body"},
		arrange: func(s *setup) { s.proxy.Limits.ResponseTimeout = hasty },
		serve: func(v *visit) {
			v.request()
			v.stall()
		}},
	{name: "the server stalls within the body", hasty: true,
		arrange: func(s *setup) { s.proxy.Limits.TunnelIdleTimeout = 4 * hasty },
		serve: func(v *visit) {
			v.request()
			v.begin(1000)
			v.some()
			v.stall()
		}},
	{name: "the body is shorter than its length", absent: map[protocol]string{webSocket: "an upgrade has no length"}, serve: func(v *visit) {
		v.request()
		v.begin(len(beginning) + 1)
		v.some()
		if v.protocol == http2 {
			v.framer.WriteData(v.stream, true, nil)
			v.stall()
		}
	}},
	{name: "the body is longer than its length", absent: map[protocol]string{webSocket: "an upgrade has no length"}, serve: func(v *visit) {
		v.request()
		v.begin(len(beginning) - 1)
		v.some()
		v.stall()
	}},
	{name: "the head has no end", serve: func(v *visit) {
		v.request()
		if v.protocol == http2 {
			v.endlessHead2()
			return
		}
		io.WriteString(v.conn, "HTTP/1.1 200 OK\r\n")
		for {
			if _, err := fmt.Fprintf(v.conn, "X-More: %s\r\n", strings.Repeat("a", 8<<10)); err != nil {
				return
			}
		}
	}},
	{name: "the status line is none", absent: map[protocol]string{http2: "a status there is a field; see the frame that is none"}, serve: func(v *visit) {
		v.request()
		io.WriteString(v.conn, "HTTP/9.9 abc\r\n\r\n")
		v.stall()
	}},
	{name: "a chunk has no size", absent: map[protocol]string{http2: "there are no chunks", webSocket: "there are no chunks"}, serve: func(v *visit) {
		v.request()
		v.begin(-1)
		fmt.Fprintf(v.conn, "%x\r\n%s\r\nzz\r\n", len(beginning), beginning)
		v.stall()
	}},
	{name: "a frame is none", absent: only("there are no frames", http2, webSocket), serve: func(v *visit) {
		v.request()
		if v.protocol == http2 {
			v.conn.Write([]byte("\x00\x00\x01\x00\x00\x00\x00\x00\x00x")) // DATA of the connection itself
		} else {
			v.begin(0)
			v.conn.Write([]byte("\xff\x7f")) // reserved bits, reserved opcode
			return
		}
		v.stall()
	}},
	{name: "the server goes away before the answer", absent: only("there is no GOAWAY", http2), serve: func(v *visit) {
		v.request()
		v.framer.WriteGoAway(v.stream, xhttp2.ErrCodeInternal, nil)
	}},
	{name: "the server resets the stream within the body", absent: only("there are no streams", http2), serve: func(v *visit) {
		v.request()
		v.begin(1000)
		v.some()
		v.framer.WriteRSTStream(v.stream, xhttp2.ErrCodeInternal)
		v.stall()
	}},
}

// answerOnce serves one exchange well, if the client lets it come to that.
func answerOnce(v *visit) {
	if v.request() == nil && v.begin(len(beginning)) == nil {
		v.some()
	}
}

func (v *visit) endSending() {
	if c, ok := v.conn.(*tls.Conn); ok {
		c.CloseWrite()
	}
	if v.conn == v.raw || v.protocol == tunnel {
		closeWrite(v.raw)
	}
	v.stall()
}

// endlessHead2 sends a header block in ever more frames.
func (v *visit) endlessHead2() {
	v.framer.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: v.stream, BlockFragment: []byte{0x88}})
	field := append([]byte("\x00\x01x\x7f\x81\x3e"), strings.Repeat("a", 8<<10)...) // x: 8192 bytes
	for v.framer.WriteContinuation(v.stream, false, field) == nil {
	}
}
