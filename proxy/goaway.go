package proxy

//lint:file-ignore SA1019 net/http has no way to put the first GOAWAY in

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"net/http"
	"sync"
	"sync/atomic"

	"golang.org/x/net/http2"
)

// serveStreams has HTTP/2 spoken on connections that can be asked to go. net/http alone
// ends a connection with one GOAWAY, which refuses the streams that the client was
// opening meanwhile. RFC 9113 6.8 has a server send one with the highest number first.
func (p *Proxy) serveStreams(server *http.Server) error {
	h2 := &http2.Server{}
	p.streamHost = &http.Server{HTTP2: server.HTTP2, IdleTimeout: server.IdleTimeout}
	// Shutting it down, which has no listener, refuses streams on the connections of h2.
	if err := http2.ConfigureServer(p.streamHost, h2); err != nil {
		return err
	}
	server.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(server *http.Server, conn *tls.Conn, handler http.Handler) {
			ctx := context.Background()
			if base, ok := handler.(interface{ BaseContext() context.Context }); ok {
				ctx = base.BaseContext()
			}
			c := &streamConn{Conn: conn}
			if state, ok := ctx.Value(connStateKey{}).(*connState); ok {
				state.streams = c
			}
			p.streams.add(c)
			defer p.streams.remove(c)
			h2.ServeConn(c, &http2.ServeConnOpts{Context: ctx, BaseConfig: server, Handler: handler})
		},
	}
	return nil
}

// streamConns knows the connections that speak HTTP/2.
type streamConns struct {
	mu   sync.Mutex
	open map[*streamConn]struct{}
}

func (s *streamConns) add(c *streamConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[*streamConn]struct{}{}
	}
	s.open[c] = struct{}{}
}

func (s *streamConns) remove(c *streamConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

func (s *streamConns) askToGo() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		go c.askToGo() // it waits for a client that reads slowly
	}
}

// streamConn is a client's connection that speaks HTTP/2. It puts one frame of ours
// between two frames of the server.
type streamConn struct {
	*tls.Conn
	writing sync.Mutex
	border  frameBorder
	asked   atomic.Bool // the frame is to be written
	done    bool        // it was
}

// Write implements net.Conn.
func (c *streamConn) Write(b []byte) (int, error) {
	c.writing.Lock()
	n, err := c.Conn.Write(b)
	c.border.advance(b[:n])
	c.writing.Unlock()
	if err == nil {
		c.writeAsked()
	}
	return n, err
}

// askToGo sends a GOAWAY that refuses no stream: the client opens its next ones on
// another connection, and those that are on their way are served.
func (c *streamConn) askToGo() {
	defer func() { _ = recover() }()
	if !c.asked.Swap(true) {
		c.writeAsked()
	}
}

// writeAsked writes the frame if this is its place. Whoever writes now will ask again.
func (c *streamConn) writeAsked() {
	if !c.asked.Load() || !c.writing.TryLock() {
		return
	}
	defer c.writing.Unlock()
	if c.done || !c.border.at() {
		return
	}
	c.done = true
	_, _ = c.Conn.Write(goAwayLater) // the server learns of a broken connection by itself
}

// goAwayLater is a GOAWAY frame: length, type, flags, stream 0; last stream 2^31-1, NO_ERROR.
var goAwayLater = []byte{0, 0, 8, byte(http2.FrameGoAway), 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0}

// frameBorder follows the frames of a stream of bytes.
type frameBorder struct {
	head    [9]byte
	have    int    // bytes of the next frame's head
	payload uint32 // bytes until its end
	begun   bool   // the first frame has ended: nothing may come before SETTINGS
}

func (f *frameBorder) at() bool { return f.begun && f.have == 0 && f.payload == 0 }

func (f *frameBorder) advance(b []byte) {
	for len(b) > 0 {
		if f.payload > 0 {
			n := min(uint32(len(b)), f.payload)
			b, f.payload = b[n:], f.payload-n
			continue
		}
		n := copy(f.head[f.have:], b)
		b, f.have = b[n:], f.have+n
		if f.have == len(f.head) {
			f.have, f.begun = 0, true
			f.payload = binary.BigEndian.Uint32(f.head[:4]) >> 8
		}
	}
}
