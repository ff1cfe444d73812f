package proxy

import (
	"sync"
	"sync/atomic"
)

// memory hands out buffers for bodies, of a few sizes that are used again, and
// never more than limit bytes of them at once.
type memory struct {
	limit int64
	used  atomic.Int64
	pools [bufferSizes]sync.Pool
}

// Buffers are of 4 KiB, 16 KiB, … 16 MiB; a larger one is made as asked and not kept.
const (
	smallestBuffer = 4 << 10
	bufferSizes    = 7
)

// get returns an empty buffer with room for size bytes at least, or nil when
// the limit is reached.
func (m *memory) get(size int64) []byte {
	capacity, class := int64(smallestBuffer), 0
	for capacity < size && class < bufferSizes {
		capacity, class = capacity*4, class+1
	}
	capacity = max(capacity, size)
	if m.used.Add(capacity) > m.limit {
		m.used.Add(-capacity)
		return nil
	}
	if class < bufferSizes {
		if b, ok := m.pools[class].Get().(*[]byte); ok {
			return (*b)[:0]
		}
	}
	return make([]byte, 0, capacity)
}

// put takes a buffer of get back. Nobody may use it any more.
func (m *memory) put(b []byte) {
	if b == nil {
		return
	}
	m.used.Add(-int64(cap(b)))
	size := smallestBuffer
	for class := range bufferSizes {
		if cap(b) == size {
			b = b[:0]
			m.pools[class].Put(&b)
			return
		}
		size *= 4
	}
}

// prefix keeps the first bytes of a stream and counts all of them. It grows as
// bytes come, so that a declared length costs nothing.
type prefix struct {
	memory *memory
	limit  int64 // bytes kept at most
	data   []byte
	total  int64
	reason string // why no more is kept: "over_limit" or "busy"; "" while there is room
}

// write keeps what fits of b and returns how much that was.
func (p *prefix) write(b []byte) (kept int) {
	p.total += int64(len(b))
	for len(b) > 0 && p.reason == "" {
		room := int(min(p.limit, int64(cap(p.data)))) - len(p.data)
		if room == 0 {
			p.grow()
			continue
		}
		n := min(room, len(b))
		p.data = append(p.data, b[:n]...)
		b, kept = b[n:], kept+n
	}
	return kept
}

// grow makes room, or sets the reason why there is none.
func (p *prefix) grow() {
	if int64(len(p.data)) >= p.limit {
		p.reason = "over_limit"
		return
	}
	bigger := p.memory.get(min(p.limit, max(smallestBuffer, 4*int64(cap(p.data)))))
	if bigger == nil {
		p.reason = "busy"
		return
	}
	bigger = append(bigger, p.data...)
	p.memory.put(p.data)
	p.data = bigger
}

// release gives the memory back; data is gone.
func (p *prefix) release() {
	p.memory.put(p.data)
	p.data = nil
}
