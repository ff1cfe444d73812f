package proxy

import "sync"

// bufferPool lends copy buffers of relayBuffer bytes.
type bufferPool struct{ pool sync.Pool }

func (p *bufferPool) borrow() []byte {
	if b, ok := p.pool.Get().(*[relayBuffer]byte); ok {
		return b[:]
	}
	return make([]byte, relayBuffer)
}

// release takes back what borrow gave; other slices are left alone.
func (p *bufferPool) release(b []byte) {
	if len(b) == relayBuffer {
		p.pool.Put((*[relayBuffer]byte)(b))
	}
}
