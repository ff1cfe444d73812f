package proxy

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"sync"
	"time"
)

// turn keeps apart the exchanges that follow each other on a connection to a server by HTTP/1.
// What a server sends behind its answer would be taken for the next answer, which is
// somebody else's: the transport puts a connection back before it looks for that.
//
// It knows bytes that were left over because then nobody waits for new ones: the
// transport reads from the connection only when it has used up what it had.
type turn struct {
	mu      sync.Mutex
	reading bool
	closed  bool
	changed chan struct{} // is closed when reading or closed becomes true; nil: nobody waits
	claimed bool          // the next request has the connection and has not begun to write
}

// errUnasked tells that a server spoke before it was asked.
var errUnasked = errors.New("the server sent something that nobody asked for")

func (t *turn) beginRead() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading = true
	t.wake()
}

// endRead returns whether what was read may be an answer.
func (t *turn) endRead(n int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading = false
	return n == 0 || !t.claimed
}

func (t *turn) write() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.claimed = false
}

func (t *turn) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	t.wake()
}

func (t *turn) wake() {
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
}

// claimTime is how long the transport may take from the end of an answer to its next look at
// the connection: no time at all, unless the machine stalls.
const claimTime = 5 * time.Second

// claim takes the connection for the next request; false when something is left of the last
// answer, or may be.
func (t *turn) claim() bool {
	timeout := time.NewTimer(claimTime)
	defer timeout.Stop()
	for {
		t.mu.Lock()
		if t.reading && !t.closed {
			t.claimed = true
			t.mu.Unlock()
			return true
		}
		if t.closed {
			t.mu.Unlock()
			return false
		}
		if t.changed == nil {
			t.changed = make(chan struct{})
		}
		changed := t.changed
		t.mu.Unlock()
		select {
		case <-changed:
		case <-timeout.C:
			return false
		}
	}
}

// takeTurn is told which connection the transport has chosen for a request.
func takeTurn(info httptrace.GotConnInfo) {
	defer func() { _ = recover() }()
	if !info.Reused {
		return
	}
	conn := info.Conn
	for {
		switch c := conn.(type) {
		case *tls.Conn:
			if c.ConnectionState().NegotiatedProtocol == "h2" { // its streams keep answers apart
				return
			}
			conn = c.NetConn()
		case *serverConn:
			if !c.turn.claim() {
				c.Close() // the transport takes another one if it still can
			}
			return
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return
		}
	}
}
