package proxy

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// drainLimit and drainTime bound what is still read of a body after the answer, so that a client that
// sends everything before it reads sees the answer and not a reset.
const (
	drainLimit = 4 << 20
	drainTime  = 10 * time.Second
)

// guardedBody is a request body as the client sends it. It bounds each wait,
// turns panics into errors, and marks an HTTP/1 connection whose framing broke: with
// full duplex net/http would go on and take the rest of a broken body for a request.
type guardedBody struct {
	io.ReadCloser
	conn       *connState // nil for HTTP/2, where a stream breaks alone
	controller *http.ResponseController
	counters   Counters
	trailers   http.Header // that come at the end
	started    atomic.Bool
	ended      atomic.Bool
	left       int64 // bytes that may still come

	mu     sync.Mutex // held while closing and failing, never while reading
	closed bool
	err    error // the first but io.EOF

	dog   watchdog
	limit string // the name of the dog's limit
}

func newGuardedBody(w http.ResponseWriter, r *http.Request, p *Proxy) *guardedBody {
	b := &guardedBody{ReadCloser: r.Body, controller: http.NewResponseController(w), counters: p.counters, trailers: r.Trailer, left: p.limits.BodyBytes}
	if r.ProtoMajor == 1 {
		b.conn = connStateOf(r)
	}
	b.limit = "body_idle_timeout"
	b.dog = watchdog{limit: p.limits.BodyIdleTimeout, bite: b.interrupt}
	if isMessageStream(r) { // the client may listen for long before its next message
		b.limit, b.dog.limit = "tunnel_idle_timeout", p.limits.TunnelIdleTimeout
	}
	b.dog.start() // here, because reading and finishing may be two goroutines
	b.dog.stop()
	return b
}

func (b *guardedBody) Read(p []byte) (n int, err error) {
	b.started.Store(true)
	b.dog.start()
	n, err = b.ReadCloser.Read(p)
	b.dog.stop()
	if left := b.left; int64(n) > left {
		// The server must not take what has come for the whole.
		err = b.refuseLength()
		return int(max(left, 0)), err
	}
	b.left -= int64(n)
	switch {
	case err == io.EOF:
		keepTrailers(b.trailers)
		b.ended.Store(true)
	case err != nil:
		b.fail(err)
	}
	return n, err
}

// refuseLength notes that the body is longer than any may be, and returns what is to be told.
func (b *guardedBody) refuseLength() *carryError {
	b.left = -1 // what is read from now on is beyond it too
	why := &carryError{status: http.StatusRequestEntityTooLarge, reason: "body_bytes"}
	b.counters.LimitHit("body_bytes")
	b.fail(why)
	return why
}

// Close is called by the transport, perhaps long before the exchange ends and
// perhaps after. The body itself is closed by finish.
func (b *guardedBody) Close() error { return nil }

// interrupt makes a read that waits return. The reason is noted first: net/http
// cancels the request as soon as the read fails, and then that would be the reason.
func (b *guardedBody) interrupt() {
	if b.fail(os.ErrDeadlineExceeded) {
		b.counters.LimitHit(b.limit)
		b.controller.SetReadDeadline(time.Now())
	}
}

// fail notes why the body could not be read; false after its end, when a late reader gets
// an error that says nothing of the framing.
func (b *guardedBody) fail(err error) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	if b.err == nil {
		b.err = err
	}
	if b.conn != nil {
		b.conn.broken.Store(true)
	}
	return true
}

// failure returns why the body could not be read to its end, or nil.
func (b *guardedBody) failure() *carryError {
	b.mu.Lock()
	defer b.mu.Unlock()
	var known *carryError
	switch {
	case b.err == nil:
		return nil
	case errors.As(b.err, &known):
		return known
	case errors.Is(b.err, os.ErrDeadlineExceeded):
		return &carryError{http.StatusRequestTimeout, "request_body_timeout", b.err}
	case errors.Is(b.err, io.ErrUnexpectedEOF), errors.Is(b.err, syscall.ECONNRESET):
		return &carryError{http.StatusBadRequest, "client_gone", b.err}
	default:
		return &carryError{http.StatusBadRequest, "request_body", b.err}
	}
}

// finish reads a little of what was left unread and closes the body. Nothing
// touches the connection afterwards.
func (b *guardedBody) finish(drain bool) {
	if b.conn != nil && !b.ended.Load() {
		b.controller.SetReadDeadline(time.Now().Add(drainTime))
		if drain {
			if _, err := io.CopyN(io.Discard, b.ReadCloser, drainLimit); err != nil && err != io.EOF {
				b.fail(err)
			}
		}
		if err := b.ReadCloser.Close(); err != nil {
			b.fail(err)
		}
		// net/http may already read ahead for the next request.
		b.controller.SetReadDeadline(time.Time{})
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.dog.stop()
}

// shieldedBody keeps a panic in a body from the transport's goroutine, where
// nobody would recover it.
type shieldedBody struct{ io.ReadCloser }

func (b shieldedBody) Read(p []byte) (n int, err error) {
	defer recovered(&err)
	return b.ReadCloser.Read(p)
}

func (b shieldedBody) Close() (err error) {
	defer recovered(&err)
	return b.ReadCloser.Close()
}
