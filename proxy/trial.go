package proxy

import (
	"sync/atomic"
	"time"
)

// trial watches a connection that was just opened until its first request. Some apps
// end the handshake before they look at our certificate, and then hang up in silence.
type trial struct {
	info     *tunnelInfo
	judged   atomic.Pointer[tunneler] // nil once it is over: a policy must not live as long as a connection
	begun    time.Time
	received atomic.Int64 // bytes since the handshake
}

const (
	// trialTime is within what time a client that rejects our certificate hangs up. A
	// browser keeps a connection in store for longer.
	trialTime = 3 * time.Second
	// alertBytes is the longest TLS record of an alert, such as the one that says
	// goodbye: with HMAC-SHA-384 in CBC mode. The first bytes of HTTP/2 and the
	// shortest request over the ciphers of today are longer.
	alertBytes = 5 + 16 + 64
)

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
	judged := t.end()
	if judged != nil && time.Since(t.begun) < trialTime && t.received.Load() <= alertBytes {
		judged.unused(t.info)
	}
}
