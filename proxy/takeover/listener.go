// Package takeover lets a process that begins go on with the listening sockets of the
// one that ends. A listening socket that is closed resets the connections in its queue,
// also when others listen on the same port; one that is shared loses nothing.
package takeover

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Listener is a TCP listener that can stop accepting, and go on. Accept is called by one
// goroutine.
type Listener struct {
	*net.TCPListener
	former   *Predecessor // which had it first; nil: it was opened here
	accepted atomic.Int64

	mu     sync.Mutex
	closed bool
	resume chan struct{} // nil unless it is paused; closed when Accept may go on
	parked chan struct{} // closed when Accept waits for that
}

// NewListener returns l as one that can pause.
func NewListener(l *net.TCPListener) *Listener { return &Listener{TCPListener: l} }

// Accept implements net.Listener. It waits while the listener is paused.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.TCPListener.Accept()
		if err == nil {
			l.accepted.Add(1)
			return conn, nil
		}
		paused, left := errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, net.ErrClosed)
		if !paused && !left {
			return nil, err
		}
		if waited := l.park(); left && !waited {
			return nil, err // Close came
		}
	}
}

// park waits while the listener is paused, and tells whether it was.
func (l *Listener) park() (waited bool) {
	l.mu.Lock()
	resume := l.resume
	if resume != nil && l.parked != nil {
		close(l.parked)
		l.parked = nil
	}
	l.mu.Unlock()
	if resume != nil {
		<-resume
	}
	return resume != nil
}

// Pause stops accepting. Those that connect wait in the queue of the socket, from which
// other processes that have it may take them. When Pause returns whoever was accepted
// has been taken over by the caller of Accept, unless ctx ended first.
func (l *Listener) Pause(ctx context.Context) {
	l.mu.Lock()
	if l.resume == nil && !l.closed { // Accept does not wait after Close
		l.resume, l.parked = make(chan struct{}), make(chan struct{})
		_ = l.SetDeadline(time.Unix(1, 0)) // wakes Accept
	}
	parked := l.parked
	l.mu.Unlock()
	if parked == nil {
		return
	}
	select {
	case <-parked:
	case <-ctx.Done():
	}
}

// Resume accepts again.
func (l *Listener) Resume() {
	_ = l.SetDeadline(time.Time{})
	l.release()
}

func (l *Listener) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.resume != nil {
		close(l.resume)
		l.resume, l.parked = nil, nil
	}
}

// Close implements net.Listener. It is allowed after Leave.
func (l *Listener) Close() error {
	err := l.TCPListener.Close()
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.release()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

const (
	// quietTime is how long nobody may come until nobody is taken to be coming: a
	// handshake that has begun ends within it.
	quietTime = 500 * time.Millisecond
	// leavingTime bounds the wait for it.
	leavingTime = 5 * time.Second
)

// IsShared tells whether the former process has the socket too.
func (l *Listener) IsShared() bool { return l.former.shares() }

// Leave ends the part of this process in the socket; Accept then waits until Close.
// When another process has the socket too, be it the former one or, given, the next,
// whoever connects is left to it. Otherwise whoever has begun to connect is accepted
// before the socket is closed.
func (l *Listener) Leave(ctx context.Context, given bool) {
	ctx, cancel := context.WithTimeout(ctx, leavingTime)
	defer cancel()
	if !given && !l.IsShared() {
		ignoreNew(l.TCPListener)
		l.awaitQuiet(ctx)
	}
	l.Pause(ctx)
	if l.former != nil {
		heedNew(l.TCPListener) // for a process before the former one, of which this one cannot know
	}
	_ = l.TCPListener.Close()
}

func (l *Listener) awaitQuiet(ctx context.Context) {
	timer := time.NewTimer(quietTime)
	defer timer.Stop()
	for before := l.accepted.Load(); ; before = l.accepted.Load() {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		if l.accepted.Load() == before {
			return
		}
		timer.Reset(quietTime)
	}
}
