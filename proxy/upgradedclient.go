package proxy

import (
	"errors"
	"io"
	"net"
	"syscall"
	"time"

	"daylight.internal/proxy/websocket"
)

// upgradedClient is the client's side of a WebSocket. What the server sends
// passes untouched and at once; a frame of ours is put in where a frame or a
// message of the server's has ended.
type upgradedClient struct {
	net.Conn
	upgrade *upgrade

	turn    chan struct{} // who has put something in may write, and use what follows
	tracker websocket.Tracker
	waiting *insertion
	shut    bool // a close frame of ours was sent: nothing may follow
}

// insertion is a frame that waits for its place.
type insertion struct {
	frame  []byte
	border websocket.Border
	done   chan error // takes one
}

// errNoPlace tells that the server's messages left no place for a frame of ours.
var errNoPlace = errors.New("no place between two messages of the server")

// Read reads what the client sends.
func (c *upgradedClient) Read(b []byte) (n int, err error) {
	defer recovered(&err)
	n, err = c.Conn.Read(b)
	if n > 0 || err == nil { // the error comes again
		return n, nil
	}
	if errors.Is(err, syscall.ECONNRESET) {
		c.upgrade.fail("client_reset")
	}
	wait := time.Duration(0)
	if err == io.EOF {
		if half, ok := c.upgrade.server.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
			wait = c.upgrade.lingering
		} else {
			wait = closingTime
		}
	}
	c.upgrade.endClient(wait)
	return 0, err
}

// Write passes on what the server sends.
func (c *upgradedClient) Write(b []byte) (n int, err error) {
	defer recovered(&err)
	n, err = c.write(b)
	if err != nil {
		c.upgrade.clientEnded.wait(c.upgrade.ctx, closingTime)
	}
	return n, err
}

func (c *upgradedClient) write(b []byte) (n int, err error) {
	c.turn <- struct{}{}
	defer func() { <-c.turn }()
	for n < len(b) {
		if c.shut {
			return len(b), nil
		}
		border := websocket.NoBorder
		if c.waiting != nil {
			border = c.waiting.border
		}
		k := c.tracker.Advance(b[n:], border)
		if _, err := c.Conn.Write(b[n : n+k]); err != nil {
			return n, err
		}
		n += k
		if c.waiting != nil && c.tracker.At(border) {
			c.waiting.done <- c.put(c.waiting.frame)
			c.waiting = nil
		}
	}
	return n, nil
}

// put writes a frame of ours. The connection is broken when it fails.
func (c *upgradedClient) put(frame []byte) error {
	c.shut = c.shut || websocket.Opcode(frame[0]&0x0f) == websocket.Close
	c.Conn.SetWriteDeadline(time.Now().Add(closingTime))
	defer c.Conn.SetWriteDeadline(time.Time{})
	_, err := c.Conn.Write(frame)
	return err
}

// insert puts a frame in at the next border, which must come soon.
func (c *upgradedClient) insert(frame []byte, border websocket.Border) error {
	timer := time.NewTimer(closingTime)
	defer timer.Stop()
	select {
	case c.turn <- struct{}{}:
	case <-timer.C:
		return errNoPlace
	case <-c.upgrade.ctx.Done():
		return net.ErrClosed
	}
	if c.shut || c.tracker.At(border) {
		defer func() { <-c.turn }()
		if c.shut {
			return net.ErrClosed
		}
		return c.put(frame)
	}
	waiting := &insertion{frame, border, make(chan error, 1)}
	c.waiting = waiting
	<-c.turn
	select {
	case err := <-waiting.done:
		return err
	case <-timer.C:
	case <-c.upgrade.ctx.Done():
	}
	c.withdraw(waiting)
	select {
	case err := <-waiting.done: // it came all the same
		return err
	default:
		return errNoPlace
	}
}

// withdraw takes an insertion back, unless the server's side is writing: then the
// client does not read, and whatever is put in comes before nothing.
func (c *upgradedClient) withdraw(waiting *insertion) {
	select {
	case c.turn <- struct{}{}:
		if c.waiting == waiting {
			c.waiting = nil
		}
		<-c.turn
	default:
	}
}
