package proxy

import (
	"context"
	"errors"
	"io"
	"time"
)

// held is a request body that was read before it may go on: in memory, or when it
// is too large for that, in an encrypted file. Its bytes can be replayed exactly.
type held struct {
	head  prefix
	disk  *disk
	file  *spillFile // nil while memory is enough; then head is empty
	extra []byte     // read, but kept nowhere else
	total int64
	// whole tells that the body ended; otherwise the rest is still unread, and
	// short says why.
	whole bool
	short shortfall
}

// shortfall tells why a body is not held as a whole.
type shortfall struct {
	reason string // for the coverage: "over_limit", "busy" or "disk"
	limit  string // that was reached, for the metric
}

// memoryPatience is how long a held body waits for memory before it goes on unread.
const memoryPatience = 10 * time.Second

// lookahead bytes at most are read behind the last byte that is kept, to learn
// whether the body ends there.
const lookahead = 512

// hold reads body to its end, or until limit bytes are kept, or until there is
// neither memory nor disk for more. The error is one of the body. What was read
// can be replayed in each case.
func (h *held) hold(ctx context.Context, body io.Reader, limit int64) error {
	for !h.whole && len(h.extra) == 0 {
		buffer, filled := h.room(ctx, limit)
		if buffer == nil {
			buffer = make([]byte, lookahead)
			filled = func(n int) { h.extra = buffer[:n] }
		}
		n, err := body.Read(buffer)
		filled(n)
		h.total += int64(n)
		if err == io.EOF {
			h.whole = true
		} else if err != nil {
			return err
		}
	}
	if h.whole && len(h.extra) == 0 {
		h.short = shortfall{}
	}
	return nil
}

// room returns where to read to and what to tell the number of bytes; nil when
// no more is kept.
func (h *held) room(ctx context.Context, limit int64) (buffer []byte, filled func(int)) {
	left := limit - h.kept()
	if left <= 0 {
		h.short = shortfall{"over_limit", "hold_bytes"}
		return nil, nil
	}
	if h.file == nil && (h.kept() < promptBuffer || !h.head.memory.crowded()) {
		if buffer = h.head.room(); buffer != nil {
			return buffer[:min(left, int64(len(buffer)))], h.head.filled
		}
	}
	buffer, err := h.spill(ctx)
	switch {
	case err == nil:
		return buffer[:min(left, int64(len(buffer)))], h.file.filled
	case errors.Is(err, errBusy):
		h.short = shortfall{"busy", "inspect_memory"}
	case errors.Is(err, errDiskBudget):
		h.short = shortfall{"disk", "hold_disk_bytes"}
	default:
		h.short = shortfall{"disk", "hold_disk"}
	}
	return nil, nil
}

// spill returns room in the file. What is in memory moves there: many slow bodies must
// not take all of it.
func (h *held) spill(ctx context.Context) (room []byte, err error) {
	if h.file != nil {
		return h.file.room()
	}
	file, err := newSpillFile(ctx, h.disk, h.head.memory)
	if err != nil {
		return nil, err
	}
	if err := file.write(h.head.data); err != nil {
		return nil, errors.Join(err, file.close())
	}
	h.head.release()
	h.file = file
	return h.file.room()
}

// kept is the number of bytes in memory and file.
func (h *held) kept() int64 {
	if h.file == nil {
		return int64(len(h.head.data))
	}
	return int64(len(h.head.data)) + h.file.size()
}

// inspect returns the first bytes of what is kept, at most limit; in buffer when
// they do not lie in one piece. They are valid until release.
func (h *held) inspect(limit int64, buffer func(int64) []byte) ([]byte, error) {
	if h.file == nil || int64(len(h.head.data)) >= limit {
		return h.head.data[:min(limit, int64(len(h.head.data)))], nil
	}
	size := min(limit, h.kept())
	out := buffer(size)[:size]
	if _, err := io.ReadFull(h.reader(), out); err != nil {
		return nil, err
	}
	return out, nil
}

func (h *held) reader() io.Reader {
	if h.file == nil && len(h.extra) == 0 { // almost always
		return &byteReader{h.head.data}
	}
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
