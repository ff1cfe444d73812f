package proxy

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// memory hands out buffers for bodies, of a few sizes that are used again, and
// never more than limit bytes of them at once.
//
// It is fair without knowing who holds what: above fairFloor nobody gets a buffer
// larger than what stays free afterwards. One body alone may grow as it likes;
// the more hold memory, the less each of them gets, and something is left for the
// next. An eighth is only for buffers up to fairFloor, and half of that only for those
// of prompts. (The rule is that of dynamic thresholds for buffers shared by the queues of
// a switch: Choudhury and Hahne, IEEE/ACM Transactions on Networking 6(2), 1998.)
type memory struct {
	whole    *memory // of which this is a part; nil when it stands alone
	limit    int64
	patience time.Duration // that await has
	used     atomic.Int64
	pools    [bufferSizes]sync.Pool

	waiting atomic.Int32
	mu      sync.Mutex
	freed   chan struct{} // closed when something comes back; nil when nobody waits
}

// Buffers are of 4 KiB, 8 KiB, … 16 MiB; a larger one is made as asked and not kept.
const (
	smallestBuffer = 4 << 10
	bufferSizes    = 13
	// fairFloor is what everybody may have as long as there is any.
	fairFloor = 64 << 10
	// promptBuffer is what a prompt takes.
	promptBuffer = 16 << 10
)

// get returns an empty buffer with room for size bytes at least, or nil when
// there is none or it would be unfair.
func (m *memory) get(size int64) []byte {
	capacity, class := int64(smallestBuffer), 0
	for capacity < size && class < bufferSizes {
		capacity, class = capacity*2, class+1
	}
	if class == bufferSizes {
		capacity = size
	}
	if !m.reserve(capacity) {
		return nil
	}
	if class < bufferSizes {
		if b, ok := m.root().pools[class].Get().(*[]byte); ok {
			return (*b)[:0]
		}
	}
	return make([]byte, 0, capacity)
}

// reserve counts size bytes as used, if there are so many and it is fair.
func (m *memory) reserve(size int64) bool {
	most := m.limit // that may be used then
	switch {
	case size > fairFloor:
		most -= m.limit/8 + size
	case size > promptBuffer:
		most -= m.limit / 16
	}
	if m.used.Add(size) > most || m.whole != nil && !m.whole.reserve(size) {
		m.used.Add(-size)
		return false
	}
	return true
}

// root is the memory of which this is a part, or itself. It has the pools, and those
// who wait.
func (m *memory) root() *memory {
	for m.whole != nil {
		m = m.whole
	}
	return m
}

// crowded tells that those who have another place should make room.
func (m *memory) crowded() bool {
	return m.used.Load() > m.limit/2 || m.whole != nil && m.whole.crowded()
}

// force counts size bytes as used, whatever the limit says.
func (m *memory) force(size int64) {
	m.used.Add(size)
	if m.whole != nil {
		m.whole.force(size)
	}
}

// await is get, but waits for room until ctx or its patience ends; nil then.
func (m *memory) await(ctx context.Context, size int64) []byte {
	if b := m.get(size); b != nil {
		return b
	}
	ctx, cancel := context.WithTimeout(ctx, m.patience)
	defer cancel()
	root := m.root()
	root.waiting.Add(1)
	defer root.waiting.Add(-1)
	for {
		freed := root.nextFreed()
		if b := m.get(size); b != nil { // it may have come back before we waited
			return b
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return nil
		}
	}
}

func (m *memory) nextFreed() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.freed == nil {
		m.freed = make(chan struct{})
	}
	return m.freed
}

// put takes a buffer of get back. Nobody may use it any more.
func (m *memory) put(b []byte) {
	if b == nil {
		return
	}
	bytes, size := cap(b), smallestBuffer
	for class := range bufferSizes {
		if bytes == size {
			b = b[:0]
			m.root().pools[class].Put(&b)
			break
		}
		size *= 2
	}
	m.free(int64(bytes))
}

func (m *memory) free(size int64) {
	m.used.Add(-size)
	if m.whole != nil {
		m.whole.free(size)
	} else if m.waiting.Load() > 0 {
		m.wake()
	}
}

func (m *memory) wake() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.freed != nil {
		close(m.freed)
		m.freed = nil
	}
}
