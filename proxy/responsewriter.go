package proxy

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// responseWriter sends a response to the client as it comes: nothing waits in a
// buffer for more.
type responseWriter struct {
	http.ResponseWriter
	controller *http.ResponseController
	proto      int // major version of the client's protocol
	conn       *connState
	buffers    *bufferPool
	p          *Proxy
	slowClient watchdog
	slowServer watchdog
	address    netip.Addr // of the client
	stall      *stall     // of a long answer; nil else
	cutting    sync.Mutex // held while the client is cut off
	writing    bool       // it is waited for; cutting guards it
	source     io.Reader  // that slowServer waits for: the body of the server, which ends when it is closed

	// contentLength is the header that goproxy drops from a response whose body
	// was wrapped; "" for none.
	contentLength string
	length        int64 // declared, -1 when unknown
	written       int64
	status        int
	cut           error                    // why the body ended early
	hijacked      atomic.Pointer[net.Conn] // after an upgrade
	taken         func(net.Conn) net.Conn  // wraps it for goproxy; nil: it goes as it is

	informing sync.Mutex // held while a 1xx is sent, by a goroutine of the transport
	answered  bool       // no 1xx after this
}

func newResponseWriter(w http.ResponseWriter, r *http.Request, p *Proxy) *responseWriter {
	rw := &responseWriter{
		ResponseWriter: w, controller: http.NewResponseController(w), proto: r.ProtoMajor,
		conn: connStateOf(r), buffers: &p.buffers, p: p, length: -1, address: clientAddress(r),
	}
	rw.slowClient = watchdog{limit: p.limits.IdleTimeout, bite: func() {
		rw.cutOff(func() { p.counters.LimitHit("idle_timeout") })
	}}
	rw.slowServer = watchdog{limit: p.limits.TunnelIdleTimeout, bite: func() {
		p.counters.LimitHit("tunnel_idle_timeout")
		if body, ok := rw.source.(io.Closer); ok {
			body.Close()
		}
	}}
	return rw
}

// Unwrap serves http.ResponseController.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush sends what net/http holds. goproxy asks for it.
func (w *responseWriter) Flush() {
	w.beginWriting()
	defer w.endWriting()
	if err := w.controller.Flush(); err != nil && w.cut == nil {
		w.cut = err
	}
}

// WriteHeader sends the head at once unless the whole body is about to follow.
func (w *responseWriter) WriteHeader(status int) {
	if w.status != 0 {
		return
	}
	w.stopInforming()
	w.status = status
	header := w.Header()
	if status != http.StatusSwitchingProtocols {
		w.prepare(header, status)
	}
	w.ResponseWriter.WriteHeader(status)
	// The failure of a gRPC call may be all in the head, which must then end the stream too.
	if w.length < 0 && status != http.StatusSwitchingProtocols && header["Grpc-Status"] == nil {
		w.Flush()
	}
}

func (w *responseWriter) prepare(header http.Header, status int) {
	removeHopByHop(header)
	if w.contentLength != "" && header["Content-Length"] == nil {
		header.Set("Content-Length", w.contentLength)
	}
	if w.proto == 1 && header["Trailer"] != nil {
		// HTTP/1 has trailers only behind a chunked body, HTTP/2 behind any.
		header.Del("Content-Length")
	}
	if n, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64); err == nil {
		w.length = n
	}
	if status == http.StatusNoContent || status == http.StatusNotModified {
		w.length = 0
	}
	if header["Content-Type"] == nil {
		header["Content-Type"] = nil // net/http must not guess one
	}
	w.p.sendAway(header, w.proto)
	if w.proto == 1 && w.conn.broken.Load() {
		header.Set("Connection", "close")
	}
}

func (w *responseWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	w.beginWriting()
	n, err := w.ResponseWriter.Write(b)
	w.endWriting()
	w.written += int64(n)
	switch {
	case err != nil:
		w.stop(err)
	case w.written != w.length:
		w.Flush()
	}
	return n, err
}

// beginWriting is called before each wait for the client, endWriting behind it.
func (w *responseWriter) beginWriting() {
	w.setWriting(true)
	w.slowClient.start()
	if w.stall == nil && w.written >= stallsFrom {
		w.stall = w.p.stalls.watch(w.address, func() { w.cutOff(func() {}) })
	}
	if w.stall != nil {
		w.stall.start()
	}
}

func (w *responseWriter) endWriting() {
	w.setWriting(false)
	w.slowClient.stop()
	if w.stall != nil {
		w.stall.stop()
	}
}

func (w *responseWriter) setWriting(writing bool) {
	w.cutting.Lock()
	defer w.cutting.Unlock()
	w.writing = writing
}

// cutOff ends the write that waits for the client, and counts it; any goroutine may. One
// that comes when the write has just ended does nothing: net/http gives what is behind the
// controller to other answers, so after the handler another client could be cut off.
func (w *responseWriter) cutOff(count func()) {
	w.cutting.Lock()
	defer w.cutting.Unlock()
	if w.writing {
		count()
		w.controller.SetWriteDeadline(time.Now())
	}
}

// ReadFrom copies a body. Each read of the server's is bounded in time.
func (w *responseWriter) ReadFrom(src io.Reader) (total int64, err error) {
	buf := w.buffers.borrow()
	defer w.buffers.release(buf)
	w.source = src
	for {
		w.slowServer.start()
		n, readErr := src.Read(buf)
		w.slowServer.stop()
		if n > 0 {
			if _, err := w.Write(buf[:n]); err != nil {
				return total, err
			}
			total += int64(n)
		}
		if readErr == io.EOF {
			return total, nil
		}
		if readErr != nil {
			w.stop(readErr)
			return total, readErr
		}
	}
}

// relayedBody is a response body that goes to the client by ReadFrom, also where
// goproxy puts a writer of its own between: before event streams.
type relayedBody struct {
	io.ReadCloser
	client *responseWriter
}

// WriteTo implements io.WriterTo.
func (b relayedBody) WriteTo(io.Writer) (int64, error) { return b.client.ReadFrom(b.ReadCloser) }

func (w *responseWriter) stop(err error) {
	if w.cut == nil && !errors.Is(err, http.ErrBodyNotAllowed) {
		w.cut = err
	}
}

// Hijack gives the connection away after an upgrade. goproxy leaves it open.
func (w *responseWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := w.controller.Hijack()
	if err == nil {
		original := conn
		w.hijacked.Store(&original)
		if w.taken != nil {
			conn = w.taken(conn)
		}
	}
	return conn, rw, err
}

// closeHijacked closes the connection if it was given away, and tells whether it was.
func (w *responseWriter) closeHijacked() bool {
	conn := w.hijacked.Load()
	if conn == nil {
		return false
	}
	(*conn).Close()
	return true
}

// inform passes a 1xx on.
func (w *responseWriter) inform(status int, from http.Header) {
	w.informing.Lock()
	defer w.informing.Unlock()
	if w.answered {
		return
	}
	header := w.Header()
	for name, values := range from {
		header[name] = values
	}
	removeHopByHop(header)
	w.ResponseWriter.WriteHeader(status)
	clear(header)
}

func (w *responseWriter) stopInforming() {
	w.informing.Lock()
	defer w.informing.Unlock()
	w.answered = true
}
