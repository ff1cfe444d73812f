package proxy

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
)

// replayBody gives what was held to the server and then, if there is more, the
// rest of the client's body. It owns the memory of held from then on, and gives
// it back only at Close: the transport may still read after it answered.
type replayBody struct {
	mu     sync.Mutex
	held   *held // nil after Close
	kept   io.Reader
	client io.ReadCloser
	total  *atomic.Int64 // bytes read of the client's body
}

func newReplayBody(h *held, client io.ReadCloser, total *atomic.Int64) *replayBody {
	return &replayBody{held: h, kept: h.reader(), client: client, total: total}
}

// Read implements io.Reader.
func (b *replayBody) Read(p []byte) (int, error) {
	n, err, done := b.readKept(p)
	if !done {
		return n, err
	}
	n, err = b.client.Read(p)
	b.total.Add(int64(n))
	return n, err
}

func (b *replayBody) readKept(p []byte) (n int, err error, done bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil {
		return 0, http.ErrBodyReadAfterClose, false
	}
	n, err = b.kept.Read(p)
	if err == io.EOF && n == 0 {
		if b.held.whole {
			return 0, io.EOF, false
		}
		return 0, nil, true
	}
	if err == io.EOF {
		err = nil
	}
	return n, err, false
}

// Close implements io.Closer; it may be called more than once.
func (b *replayBody) Close() error {
	b.mu.Lock()
	h := b.held
	b.held = nil
	b.mu.Unlock()
	if h == nil {
		return nil
	}
	h.release()
	return b.client.Close()
}

// observedBody keeps a copy of the first bytes that pass. It never delays them.
type observedBody struct {
	client io.ReadCloser
	total  *atomic.Int64
	// endless tells that the end may never come: the copy ends when it is full.
	endless bool

	mu    sync.Mutex
	head  prefix
	ended func(head prefix) // called once, with the ownership of the memory; then nil
}

// Read implements io.Reader.
func (b *observedBody) Read(p []byte) (int, error) {
	n, err := b.client.Read(p)
	b.total.Add(int64(n))
	b.mu.Lock()
	if b.ended != nil {
		b.head.write(p[:n])
	}
	full := b.endless && b.head.reason != ""
	b.mu.Unlock()
	if err != nil || full {
		b.end()
	}
	return n, err
}

// Close implements io.Closer.
func (b *observedBody) Close() error {
	b.end()
	return b.client.Close()
}

func (b *observedBody) end() {
	b.mu.Lock()
	ended := b.ended
	b.ended = nil
	b.mu.Unlock()
	if ended != nil {
		ended(b.head)
	}
}

// countedBody counts what passes and is not read.
type countedBody struct {
	io.ReadCloser
	total *atomic.Int64
}

// Read implements io.Reader.
func (b countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.total.Add(int64(n))
	return n, err
}
