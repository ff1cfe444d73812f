package proxy

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const relayBuffer = 32 << 10

// relay copies both ways between a client and a server until both are done, one
// breaks, or neither sends for long.
//
// It copies by itself instead of by splice: a spliced tunnel holds four more
// file descriptors for its pipes as long as it is open, idle or not.
type relay struct {
	client, server net.Conn
	buffers        *bufferPool
	idle           time.Duration // allowed without a byte either way
	lingering      time.Duration // allowed after one side has ended its sending
	watch          *tunnelWatch  // may be nil

	sent, received atomic.Int64 // bytes from and to the client
	last           atomic.Int64 // time of the last byte, in Unix nanoseconds
	half           atomic.Bool  // one side has ended
	problem        atomic.Pointer[string]
}

// run returns when both directions have ended. Both connections are closed then.
func (r *relay) run() {
	r.last.Store(time.Now().UnixNano())
	var wg sync.WaitGroup
	wg.Go(func() { r.copy(r.server, r.client, &r.sent, "client") })
	r.copy(r.client, r.server, &r.received, "server")
	wg.Wait()
	r.client.Close()
	r.server.Close()
}

// err returns a bounded word for what ended the relay, "" for an orderly end.
func (r *relay) err() string {
	if p := r.problem.Load(); p != nil {
		return *p
	}
	return ""
}

func (r *relay) fail(word string) {
	// A side that has ended its sending often closes altogether: what it no longer
	// takes is no problem.
	if closed := strings.HasSuffix(word, "_closed") || strings.HasSuffix(word, "_reset"); !closed || !r.half.Load() {
		r.problem.CompareAndSwap(nil, &word)
	}
	r.client.Close()
	r.server.Close()
}

// copy moves one direction. source names the side that it reads from.
func (r *relay) copy(dst, src net.Conn, count *atomic.Int64, source string) {
	defer func() {
		if v := recover(); v != nil {
			r.fail("panic")
		}
	}()
	// An idle direction holds a small buffer; a busy one borrows a large one.
	small := make([]byte, 1<<10)
	buf := small
	defer func() { r.buffers.release(buf) }()
	for {
		n, err := r.read(src, buf)
		if n > 0 {
			now := time.Now()
			r.last.Store(now.UnixNano())
			count.Add(int64(n))
			r.watch.passed(source == "client", now, n)
			dst.SetWriteDeadline(time.Now().Add(r.idle))
			if _, err := dst.Write(buf[:n]); err != nil {
				r.fail(other(source) + "_closed")
				return
			}
		}
		switch {
		case err == io.EOF:
			r.finish(dst)
			return
		case errors.Is(err, os.ErrDeadlineExceeded):
			r.fail("idle")
			return
		case errors.Is(err, net.ErrClosed):
			r.fail("shutdown")
			return
		case err != nil:
			r.fail(source + "_reset")
			return
		}
		buf = r.resize(buf, small, n)
	}
}

// resize takes a large buffer after a read that filled the small one, and gives
// it back after one that the small one would have held.
func (r *relay) resize(buf, small []byte, n int) []byte {
	switch {
	case len(buf) == len(small) && n == len(small):
		return r.buffers.borrow()
	case len(buf) > len(small) && n <= len(small):
		r.buffers.release(buf)
		return small
	default:
		return buf
	}
}

// read reads once. A deadline that passed while the other direction was busy is
// moved on.
func (r *relay) read(src net.Conn, buf []byte) (int, error) {
	for {
		half, allowed := r.half.Load(), r.idle
		if half {
			allowed = r.lingering
		}
		deadline := time.Unix(0, r.last.Load()).Add(allowed)
		if !time.Now().Before(deadline) {
			return 0, os.ErrDeadlineExceeded
		}
		src.SetReadDeadline(deadline)
		if half != r.half.Load() {
			continue // finish came between; it must not be overruled
		}
		n, err := src.Read(buf)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
	}
}

// finish passes on that the source has ended. The other direction may go on, but
// not wait for as long as before.
func (r *relay) finish(dst net.Conn) {
	r.last.Store(time.Now().UnixNano())
	r.half.Store(true)
	if err := closeWrite(dst); err != nil { // it has closed altogether: that is an orderly end, too
		var none string
		r.problem.CompareAndSwap(nil, &none)
		dst.Close()
		return
	}
	// dst is the source of the other direction: wake its reader, which then sees the new limit.
	dst.SetReadDeadline(time.Now())
}

func other(side string) string {
	if side == "client" {
		return "server"
	}
	return "client"
}
