package faults_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"daylight.internal/proxy"
)

// clientFaults are those of clients.
var clientFaults = []fault{
	{name: "the client leaves before its body", absent: map[protocol]string{webSocket: noBody}, ask: func(c *client) seen {
		c.begin(1000, nil).Close()
		return seen{}
	}},
	{name: "the client leaves within its body", absent: map[protocol]string{webSocket: noBody}, ask: func(c *client) seen {
		c.begin(1000, []byte(prompt)).Close()
		return seen{}
	}},
	{name: "the client leaves within the answer",
		serve: func(v *visit) {
			v.request()
			v.begin(1000)
			v.some()
			v.stall()
		},
		ask: func(c *client) seen {
			conn := c.begin(len(prompt), []byte(prompt))
			readUntil(conn, "beginning")
			conn.Close()
			return seen{}
		}},
	{name: "the client sends half a head", hasty: true,
		arrange: func(s *setup) { s.proxy.Limits.HeaderTimeout, s.proxy.Limits.IdleTimeout = 4*hasty, 4*hasty },
		ask: func(c *client) seen {
			conn := c.outer()
			if c.protocol == http2 {
				c.halfHead2(conn)
			} else {
				fmt.Fprintf(conn, "%s\r\nHost: %s\r\n", c.firstLine(), faulty)
			}
			return readAnswer(conn)
		}},
	{name: "the body stalls", hasty: true, absent: map[protocol]string{webSocket: noBody, tunnel: "nothing is read; see the stall within the body"},
		arrange: func(s *setup) { s.proxy.Limits.BodyIdleTimeout = hasty },
		ask: func(c *client) seen {
			conn := c.begin(1000, []byte(prompt))
			defer conn.Close()
			return c.answerOn(conn)
		}},
	{name: "the head is too long", ask: func(c *client) seen {
		conn := c.outer()
		defer conn.Close()
		long := strings.Repeat("a", 100<<10)
		if c.protocol == http2 {
			c.head2(conn, 0, [2]string{"x-long", long})
			return c.answerOn(conn)
		}
		fmt.Fprintf(conn, "%s\r\nHost: %s\r\nX-Long: %s\r\n\r\n", c.firstLine(), faulty, long)
		return readAnswer(conn)
	}},
	{name: "there are too many connections", hasty: true,
		arrange: func(s *setup) { s.proxy.Limits.Connections = 1 },
		ask: func(c *client) seen {
			// One of them has the place, whichever came first, and keeps it for it has begun to ask.
			answers := make(chan seen, 2)
			for range cap(answers) {
				conn, err := net.Dial("tcp", c.proxy)
				if err != nil {
					c.t.Fatal(err)
				}
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(patience))
				io.WriteString(conn, "GET ")
				go func() { answers <- readAnswer(conn) }()
			}
			saw := <-answers
			if saw.head.Get("Retry-After") == "" {
				c.t.Errorf("no Retry-After: %v", saw.head)
			}
			return saw
		}},
}

// lenient are limits that no stalled machine meets.
func lenient() proxy.Limits {
	return proxy.Limits{HeaderTimeout: patience, TLSTimeout: patience, DialTimeout: patience, FirstByteTimeout: patience, BodyIdleTimeout: patience}
}

// outer returns the connection on which the client's first head goes.
func (c *client) outer() net.Conn {
	c.t.Helper()
	if c.protocol == tunnel {
		conn, err := net.Dial("tcp", c.proxy)
		if err != nil {
			c.t.Fatal(err)
		}
		c.t.Cleanup(func() { conn.Close() })
		conn.SetDeadline(time.Now().Add(patience))
		return conn
	}
	return c.inside()
}

// inside returns a connection for requests to the faulty host.
func (c *client) inside() net.Conn {
	c.t.Helper()
	var alpn []string
	if c.protocol == http2 {
		alpn = []string{"h2"}
	}
	conn, _, err := c.open(faulty, alpn...)
	if err != nil {
		c.t.Fatal(err)
	}
	return conn
}

func (c *client) firstLine() string {
	switch c.protocol {
	case plain:
		return "POST http://" + faulty + c.protocol.path() + " HTTP/1.1"
	case tunnel:
		return "CONNECT " + faulty + ":443 HTTP/1.1"
	case webSocket:
		return "GET " + c.protocol.path() + " HTTP/1.1"
	}
	return "POST " + c.protocol.path() + " HTTP/1.1"
}

// begin sends the head of a request with a body of length bytes, and what it has of it.
func (c *client) begin(length int, body []byte) net.Conn {
	c.t.Helper()
	conn := c.inside()
	switch c.protocol {
	case http2:
		framer := c.head2(conn, length)
		if len(body) > 0 {
			framer.WriteData(1, len(body) == length, body)
		}
	case webSocket:
		fmt.Fprintf(conn, "%s\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n\r\n", c.firstLine(), faulty)
	default:
		line := c.firstLine()
		if c.protocol == tunnel {
			line = "POST " + c.protocol.path() + " HTTP/1.1"
		}
		fmt.Fprintf(conn, "%s\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", line, faulty, length, body)
	}
	return conn
}

// head2 begins a stream of HTTP/2; a length of 0 is no body.
func (c *client) head2(conn net.Conn, length int, more ...[2]string) *xhttp2.Framer {
	io.WriteString(conn, xhttp2.ClientPreface)
	framer := xhttp2.NewFramer(conn, conn)
	framer.WriteSettings()
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	fields := append([][2]string{{":method", "POST"}, {":scheme", "https"}, {":authority", faulty}, {":path", c.protocol.path()}, {"content-type", "application/json"}}, more...)
	for _, f := range fields {
		encoder.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]})
	}
	rest := block.Bytes()
	first := rest[:min(len(rest), 16<<10)]
	rest = rest[len(first):]
	framer.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: first, EndHeaders: len(rest) == 0, EndStream: length == 0})
	for len(rest) > 0 {
		part := rest[:min(len(rest), 16<<10)]
		rest = rest[len(part):]
		framer.WriteContinuation(1, len(rest) == 0, part)
	}
	return framer
}

func (c *client) halfHead2(conn net.Conn) {
	io.WriteString(conn, xhttp2.ClientPreface)
	framer := xhttp2.NewFramer(conn, conn)
	framer.WriteSettings()
	framer.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte{0x83}})
}

// answerOn reads the answer to what was written on a connection.
func (c *client) answerOn(conn net.Conn) seen {
	if c.protocol != http2 {
		return readAnswer(conn)
	}
	framer := xhttp2.NewFramer(conn, conn)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	out := seen{head: http.Header{}}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			out.cut = out.status != 0
			return out
		}
		switch f := frame.(type) {
		case *xhttp2.MetaHeadersFrame:
			fmt.Sscan(f.PseudoValue("status"), &out.status)
			for _, field := range f.RegularFields() {
				out.head.Add(field.Name, field.Value)
			}
		case *xhttp2.DataFrame:
			out.body += string(f.Data())
		case *xhttp2.RSTStreamFrame:
			out.cut = out.status != 0 && f.ErrCode != xhttp2.ErrCodeNo
			return out
		}
		if end, ok := frame.(interface{ StreamEnded() bool }); ok && end.StreamEnded() {
			return out
		}
	}
}

// readAnswer reads one answer of HTTP/1.
func readAnswer(conn io.Reader) (out seen) {
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil {
		out.read(resp)
	}
	return out
}
