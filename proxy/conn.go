package proxy

import (
	"errors"
	"net"
)

// closeWrite ends the sending direction of a connection, if it can be ended alone.
func closeWrite(c net.Conn) error {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// replayConn reads some bytes again before it reads from the connection.
type replayConn struct {
	net.Conn
	ahead []byte
}

func (c *replayConn) Read(b []byte) (int, error) {
	if len(c.ahead) == 0 {
		return c.Conn.Read(b)
	}
	n := copy(b, c.ahead)
	if c.ahead = c.ahead[n:]; len(c.ahead) == 0 {
		c.ahead = nil
	}
	return n, nil
}

func (c *replayConn) CloseWrite() error { return closeWrite(c.Conn) }

// fill waits for the first bytes and keeps them for the next reader.
func (c *replayConn) fill() error {
	if len(c.ahead) > 0 {
		return nil
	}
	buf := make([]byte, 2048) // most ClientHellos fit
	n, err := c.Conn.Read(buf)
	if n > 0 {
		c.ahead, err = buf[:n], nil
	}
	return err
}

// maxAhead bounds what is read before a client's protocol is known.
const maxAhead = 4096

// fillMore waits for bytes behind those that are kept.
func (c *replayConn) fillMore() error {
	if len(c.ahead) >= maxAhead {
		return errors.New("too many bytes of an unknown protocol")
	}
	buf := make([]byte, 1024)
	n, err := c.Conn.Read(buf)
	if n > 0 {
		c.ahead, err = append(c.ahead, buf[:n]...), nil
	}
	return err
}
