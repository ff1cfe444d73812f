package proxy

import (
	"sync"

	"daylight.internal/proxy/fair"
)

// shares parts a memory by client. One may take three quarters of it: a client that
// begins bodies without end, and lets none of them come, leaves a quarter to the others.
type shares struct {
	whole *memory

	mu      sync.Mutex
	parts   map[fair.Client]*memory
	sweepAt int // parts, of which most may be of clients that have gone
}

// fewShares are not worth a sweep.
const fewShares = 256

func newShares(whole *memory) *shares {
	return &shares{whole: whole, parts: map[fair.Client]*memory{}, sweepAt: fewShares}
}

// of returns the memory of a client.
func (s *shares) of(who fair.Client) *memory {
	s.mu.Lock()
	defer s.mu.Unlock()
	part := s.parts[who]
	if part == nil {
		s.sweep()
		part = &memory{whole: s.whole, limit: s.whole.limit / 4 * 3, patience: s.whole.patience}
		s.parts[who] = part
	}
	return part
}

// sweep forgets the parts of which nothing is used. The lock is held. Who begins to use
// one just now may get more than a share, once.
func (s *shares) sweep() {
	if len(s.parts) < s.sweepAt {
		return
	}
	for who, part := range s.parts {
		if part.used.Load() == 0 {
			delete(s.parts, who)
		}
	}
	s.sweepAt = max(fewShares, 2*len(s.parts))
}
