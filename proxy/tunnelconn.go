package proxy

import "net"

// tunnelConn is the client's side of a CONNECT. While a ClientHello is looked at
// it keeps what it reads and drops what is written, so that the handshake can be
// given up without a trace and the bytes relayed to the true server.
type tunnelConn struct {
	replayConn
	opening *opening    // until the hand-over
	info    *tunnelInfo // from the hand-over
	trial   *trial      // from the hand-over; nil without TLS
	looking bool
	seen    []byte
	last    lastRecord // that was read, until the hand-over
}

func newTunnelConn(conn net.Conn, o *opening) *tunnelConn {
	if replay, ok := conn.(*replayConn); ok {
		return &tunnelConn{replayConn: *replay, opening: o}
	}
	return &tunnelConn{replayConn: replayConn{Conn: conn}, opening: o}
}

func (c *tunnelConn) Read(b []byte) (int, error) {
	if c.opening != nil {
		c.opening.endTurn()
	}
	n, err := c.replayConn.Read(b)
	if c.looking {
		c.seen = append(c.seen, b[:n]...)
		if len(c.seen) > c.opening.p.limits.HeaderBytes {
			return 0, errLongHello
		}
	}
	if c.opening != nil {
		c.last.add(b[:n])
	}
	return n, err
}

func (c *tunnelConn) Write(b []byte) (int, error) {
	if c.looking {
		return len(b), nil
	}
	if c.opening != nil {
		c.opening.endTurn()
	}
	return c.Conn.Write(b)
}

func (c *tunnelConn) Close() error {
	defer c.trial.closed()
	return c.replayConn.Close()
}

// look begins to keep what is read.
func (c *tunnelConn) look() { c.looking = true }

// proceed forgets what was kept: the handshake goes on.
func (c *tunnelConn) proceed() { c.looking, c.seen = false, nil }

// rewind makes what was kept be read again.
func (c *tunnelConn) rewind() {
	c.ahead = append(c.seen, c.ahead...)
	c.proceed()
}
