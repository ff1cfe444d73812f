package faults_test

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// visit is one connection to the faulty server.
type visit struct {
	protocol protocol
	raw      net.Conn // the TCP connection
	config   *tls.Config
	done     <-chan struct{} // closed with the test

	conn   net.Conn // raw, or the TLS in it
	in     *bufio.Reader
	framer *xhttp2.Framer // of HTTP/2
	stream uint32
	key    string // of a WebSocket
}

// startFaulty starts a server that meets each connection with serve.
func startFaulty(t *testing.T, p protocol, config *tls.Config, serve func(*visit)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var visits sync.WaitGroup
	t.Cleanup(func() {
		l.Close()
		close(done)
		visits.Wait()
	})
	config = config.Clone()
	config.NextProtos = []string{"http/1.1"}
	if p == http2 {
		config.NextProtos = []string{"h2"}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			visits.Go(func() {
				defer c.Close()
				c.SetDeadline(time.Now().Add(patience))
				stop := make(chan struct{})
				defer close(stop)
				go func() {
					select {
					case <-done:
						c.Close()
					case <-stop:
					}
				}()
				serve(&visit{protocol: p, raw: c, config: config, done: done})
			})
		}
	}()
	return l.Addr().String()
}

// secure makes the TLS connection; plain HTTP has none.
func (v *visit) secure() error {
	v.conn = v.raw
	if v.protocol != plain {
		c := tls.Server(v.raw, v.config)
		if err := c.Handshake(); err != nil {
			return err
		}
		v.conn = c
	}
	v.in = bufio.NewReader(v.conn)
	return nil
}

// request waits for the head of a request.
func (v *visit) request() error {
	if err := v.secure(); err != nil {
		return err
	}
	if v.protocol == http2 {
		return v.request2()
	}
	r, err := http.ReadRequest(v.in)
	if err != nil {
		return err
	}
	v.key = r.Header.Get("Sec-WebSocket-Key")
	_, err = io.Copy(io.Discard, r.Body)
	return err
}

func (v *visit) request2() error {
	preface := make([]byte, len(xhttp2.ClientPreface))
	if _, err := io.ReadFull(v.in, preface); err != nil {
		return err
	}
	v.framer = xhttp2.NewFramer(v.conn, v.in)
	if err := v.framer.WriteSettings(); err != nil {
		return err
	}
	for {
		f, err := v.framer.ReadFrame()
		if err != nil {
			return err
		}
		switch f := f.(type) {
		case *xhttp2.SettingsFrame:
			if !f.IsAck() {
				err = v.framer.WriteSettingsAck()
			}
		case *xhttp2.HeadersFrame:
			v.stream = f.StreamID
		}
		if end, ok := f.(interface{ StreamEnded() bool }); ok && end.StreamEnded() {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// begin sends the head of an answer whose body has length bytes; -1: without a length.
func (v *visit) begin(length int) error {
	kind := "text/plain"
	if v.protocol == sse {
		kind = "text/event-stream"
	}
	switch {
	case v.protocol == webSocket:
		_, err := fmt.Fprintf(v.conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept(v.key))
		return err
	case v.protocol == http2:
		var block bytes.Buffer
		fields := hpack.NewEncoder(&block)
		fields.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
		fields.WriteField(hpack.HeaderField{Name: "content-type", Value: kind})
		if length >= 0 {
			fields.WriteField(hpack.HeaderField{Name: "content-length", Value: fmt.Sprint(length)})
		}
		return v.framer.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: v.stream, BlockFragment: block.Bytes(), EndHeaders: true})
	case length < 0:
		_, err := fmt.Fprintf(v.conn, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n", kind)
		return err
	default:
		_, err := fmt.Fprintf(v.conn, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", kind, length)
		return err
	}
}

// beginning is what some sends.
const beginning = "data: beginning\n\n"

// some sends the beginning of the body behind a head with a length.
func (v *visit) some() error {
	switch v.protocol {
	case webSocket:
		_, err := fmt.Fprintf(v.conn, "\x81%c%s", len(beginning), beginning)
		return err
	case http2:
		return v.framer.WriteData(v.stream, false, []byte(beginning))
	default:
		_, err := io.WriteString(v.conn, beginning)
		return err
	}
}

// stall does nothing more until the other side leaves or the test ends.
func (v *visit) stall() { io.Copy(io.Discard, v.conn) }

// reset ends the connection with a RST.
func (v *visit) reset() {
	v.raw.(*net.TCPConn).SetLinger(0)
	v.raw.Close()
}

func accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// answerWell serves all protocols as they should be.
func answerWell(w http.ResponseWriter, r *http.Request) {
	if key := r.Header.Get("Sec-WebSocket-Key"); key != "" {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		fmt.Fprintf(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: %s\r\n\r\n\x81\x04fine\x88\x02\x03\xe8", accept(key))
		return
	}
	io.Copy(io.Discard, r.Body)
	if r.Header.Get("Accept") == "text/event-stream" {
		w.Header().Set("Content-Type", "text/event-stream")
	}
	io.WriteString(w, "data: fine\n\n")
}

// startWell returns the address of a server without a fault that has a name.
func startWell(t *testing.T, p protocol, name string) (address string) {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(answerWell))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	if p == plain {
		s.Start()
		return s.Listener.Addr().String()
	}
	s.EnableHTTP2 = p == http2
	s.TLS = &tls.Config{Certificates: []tls.Certificate{issue(t, name, time.Now().Add(time.Hour), false)}}
	s.StartTLS()
	return s.Listener.Addr().String()
}
