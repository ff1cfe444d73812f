package proxy

import (
	"io"
	"net/http"
	"sync"

	"daylight.internal/rules/discovery"
)

// peekedBody is a request body whose beginning is looked at: it may be read before
// the body goes on, and is kept as it passes, discovery.PeekBytes of it at most.
type peekedBody struct {
	client io.ReadCloser
	memory *memory

	mu     sync.Mutex
	data   []byte // the beginning; nil when it is no longer needed
	passed int    // bytes of it that went on
	err    error  // of the reading before it went on
	done   bool   // no more of it is kept
	closed bool
}

// newPeekedBody returns nil when there is no memory.
func newPeekedBody(client io.ReadCloser, m *memory) *peekedBody {
	data := m.get(discovery.PeekBytes)
	if data == nil {
		return nil
	}
	return &peekedBody{client: client, memory: m, data: data}
}

// fill reads what has come of the body, at once when something has. Of a body with a
// declared length, -1 when it is unknown, it reads all that is kept: where the head
// ended says nothing of the client, which has begun to send the rest.
func (b *peekedBody) fill(length int64) {
	const readings = 8 // that may give nothing
	wanted := int(min(max(length, 1), discovery.PeekBytes))
	for empty := 0; empty < readings && len(b.data) < wanted && b.err == nil; {
		var n int
		n, b.err = b.client.Read(b.data[len(b.data):discovery.PeekBytes])
		if b.data = b.data[:len(b.data)+n]; n == 0 {
			empty++
		}
	}
}

// beginning returns what was kept. It is never written to again, and is valid until free.
func (b *peekedBody) beginning() []byte {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data
}

// enough ends the keeping of what passes.
func (b *peekedBody) enough() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done = true
}

// Read implements io.Reader.
func (b *peekedBody) Read(p []byte) (int, error) {
	n, err, done := b.readPeeked(p)
	if done {
		return n, err
	}
	n, err = b.client.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	if room := discovery.PeekBytes - len(b.data); !b.done && room > 0 {
		b.data = append(b.data, p[:min(n, room)]...)
		b.passed = len(b.data)
	}
	return n, err
}

// readPeeked gives what was read before the body went on.
func (b *peekedBody) readPeeked(p []byte) (n int, err error, done bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return 0, http.ErrBodyReadAfterClose, true
	case b.passed < len(b.data):
		n = copy(p, b.data[b.passed:])
		b.passed += n
		return n, nil, true
	case b.err != nil:
		return 0, b.err, true
	case b.done && b.data != nil:
		b.memory.put(b.data)
		b.data, b.passed = nil, 0
	}
	return 0, nil, false
}

// Close implements io.Closer; it may be called more than once.
func (b *peekedBody) Close() error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	return b.client.Close()
}

// free gives the memory back. Nothing more is read.
func (b *peekedBody) free() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.memory.put(b.data)
	b.data, b.passed = nil, 0
}
