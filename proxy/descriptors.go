package proxy

import (
	"os"
	"sync/atomic"
	"time"
)

// Descriptors that are kept for what is no connection of a client or for one: files, the
// admin listener, names.
const reservedDescriptors = 160

// FitDescriptors returns limits with as many connections as the process may have files
// open, or the same when that is enough: a connection has a second one, to a server, and
// those that wait or are told to come again have one each. The limits have their defaults.
func FitDescriptors(l Limits, available uint64) (fitting Limits, lowered bool) {
	if uint64(2*l.Connections+2*l.ConnectionQueue+reservedDescriptors) <= available {
		return l, false
	}
	files := int(available)
	l.ConnectionQueue = max(1, min(l.ConnectionQueue, files/16))
	l.Connections = max(1, (files-reservedDescriptors-2*l.ConnectionQueue)/2)
	l.ClientConnections = min(l.ClientConnections, (l.Connections+1)/2)
	return l, true
}

// descriptorsPause is how long accepting waits for a descriptor to come free.
const descriptorsPause = 20 * time.Millisecond

// relievedConnections are closed each time that the system has no more descriptors.
const relievedConnections = 16

// relieve frees descriptors: of connections to servers that are in store, and of clients
// who ask nothing.
func (p *Proxy) relieve() {
	p.transport.CloseIdleConnections()
	p.admission.relieve(relievedConnections)
	time.Sleep(descriptorsPause)
}

// spares are descriptors that are held open to be given up when others have run out.
type spares struct {
	files chan *os.File
	ended atomic.Bool
}

func newSpares(n int) *spares {
	s := &spares{files: make(chan *os.File, n)}
	s.refill()
	return s
}

// refill opens as many as there should be, or as can be.
func (s *spares) refill() {
	for len(s.files) < cap(s.files) && !s.ended.Load() {
		f, err := os.Open(os.DevNull)
		if err != nil {
			return
		}
		select {
		case s.files <- f:
		default:
			f.Close()
		}
	}
}

// giveUp closes one. Without any it waits for others to close theirs.
func (s *spares) giveUp() {
	select {
	case f := <-s.files:
		f.Close()
	default:
		time.Sleep(descriptorsPause)
	}
}

// close gives all of them up.
func (s *spares) close() {
	s.ended.Store(true)
	for len(s.files) > 0 {
		s.giveUp()
	}
}
