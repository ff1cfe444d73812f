package proxy

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
)

// held is a request body that was read before it may go on: the beginning in
// memory, the rest in an encrypted file. Its bytes can be replayed exactly.
type held struct {
	head  prefix
	file  *spillFile // nil while memory is enough
	extra []byte     // read, but kept nowhere else: beyond the limit, or refused by the disk
	total int64
	// whole tells that the body ended; otherwise the rest is still unread.
	whole bool
}

// errSpill marks a body that could not be kept, through no fault of the client.
var errSpill = errors.New("keeping a request body")

// readBuffer bytes are read at once of a body that is held.
const readBuffer = 16 << 10

// hold reads body to its end or until more than limit bytes came. An error of
// the body is returned as it is, one of the disk as errSpill. What was read can
// be replayed in each case.
func (h *held) hold(body io.Reader, limit int64, dir string) error {
	pooled := h.head.memory.get(readBuffer)
	defer h.head.memory.put(pooled)
	buffer := pooled[:cap(pooled)]
	if pooled == nil {
		buffer = make([]byte, readBuffer)
	}
	for {
		n, err := body.Read(buffer)
		if n > 0 {
			if spillErr := h.keep(buffer[:n], limit, dir); spillErr != nil {
				return fmt.Errorf("%w: %w", errSpill, spillErr)
			}
		}
		switch {
		case err == io.EOF:
			h.whole = true
			return nil
		case err != nil:
			return err
		case len(h.extra) > 0:
			return nil
		}
	}
}

func (h *held) keep(b []byte, limit int64, dir string) error {
	h.total += int64(len(b))
	fits := b[:min(int64(len(b)), limit-h.kept())]
	n := h.head.write(fits)
	var err error
	if n < len(fits) {
		var written int
		written, err = h.spill(fits[n:], dir)
		n += written
	}
	if n < len(b) {
		h.extra = append([]byte(nil), b[n:]...)
	}
	return err
}

func (h *held) spill(b []byte, dir string) (int, error) {
	if h.file == nil {
		file, err := newSpillFile(dir)
		if err != nil {
			return 0, err
		}
		h.file = file
	}
	return h.file.Write(b)
}

// kept is the number of bytes in memory and file.
func (h *held) kept() int64 {
	if h.file == nil {
		return int64(len(h.head.data))
	}
	return int64(len(h.head.data)) + h.file.size()
}

// inspect returns the first bytes of what is kept, at most limit. They are
// valid until release.
func (h *held) inspect(limit int64) ([]byte, error) {
	if h.file == nil {
		return h.head.data[:min(limit, int64(len(h.head.data)))], nil
	}
	out := make([]byte, min(limit, h.kept()))
	if _, err := io.ReadFull(h.reader(), out); err != nil {
		return nil, err
	}
	return out, nil
}

func (h *held) reader() io.Reader {
	parts := []io.Reader{&byteReader{h.head.data}}
	if h.file != nil {
		parts = append(parts, h.file.reader())
	}
	return io.MultiReader(append(parts, &byteReader{h.extra})...)
}

func (h *held) release() {
	h.head.release()
	if h.file != nil {
		h.file.close()
	}
}

// byteReader reads from bytes. Unlike bytes.Reader it has no WriteTo, by which
// the bytes would get into hands that keep them after release.
type byteReader struct{ data []byte }

func (r *byteReader) Read(b []byte) (int, error) {
	if len(r.data) == 0 {
		return 0, io.EOF
	}
	n := copy(b, r.data)
	r.data = r.data[n:]
	return n, nil
}

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
