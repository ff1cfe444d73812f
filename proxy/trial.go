package proxy

import (
	"net"
	"sync/atomic"
	"time"
)

// trial watches a connection that was just opened until its first request. Some apps
// end the handshake before they look at our certificate, and then hang up in silence.
type trial struct {
	info   *tunnelInfo
	judged atomic.Pointer[tunneler] // nil once it is over: a policy must not live as long as a connection
	begun  time.Time
	spoke  atomic.Bool // the client sent something behind the handshake
}

// trialTime is within what time a client that rejects our certificate hangs up. A
// browser keeps a connection in store for longer.
const trialTime = 3 * time.Second

func newTrial(judged tunneler, info *tunnelInfo) *trial {
	t := &trial{info: info, begun: time.Now()}
	t.judged.Store(&judged)
	return t
}

// end returns whom to tell, the first time that it is called.
func (t *trial) end() tunneler {
	if t == nil || t.judged.Load() == nil {
		return nil
	}
	if judged := t.judged.Swap(nil); judged != nil {
		return *judged
	}
	return nil
}

// passed notes that a request came: the client has taken our certificate.
func (t *trial) passed() {
	if judged := t.end(); judged != nil {
		judged.accepted(t.info)
	}
}

// closed notes that the connection ended.
func (t *trial) closed() {
	if judged := t.end(); judged != nil && time.Since(t.begun) < trialTime && !t.spoke.Load() {
		judged.unused(t.info)
	}
}

// trialOf finds the trial of a connection of the inner server; nil when it has none.
func trialOf(conn net.Conn) *trial {
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		if c, ok := secure.NetConn().(*tunnelConn); ok {
			return c.trial
		}
	}
	return nil
}
