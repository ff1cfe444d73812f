package proxy

import (
	"context"
	"crypto/rand"
	"io"
)

// add keeps b, and tells when no more can be kept; short says why.
func (h *held) add(ctx context.Context, b []byte, limit int64) (full bool) {
	h.total += int64(len(b))
	for len(b) > 0 {
		room, filled := h.room(ctx, limit)
		if room == nil {
			h.extra = append(h.extra, b...)
			return true
		}
		n := copy(room, b)
		filled(n)
		b = b[n:]
	}
	return false
}

// writeTo writes what was held.
func (h *held) writeTo(w io.Writer) error {
	if h.file == nil {
		if _, err := w.Write(h.head.data); err != nil || len(h.extra) == 0 {
			return err
		}
		_, err := w.Write(h.extra)
		return err
	}
	_, err := io.Copy(w, h.reader())
	return err
}

// readFrom fills the prefix to its limit, and counts the rest.
func (p *prefix) readFrom(r io.Reader) error {
	for {
		room, filled := p.room(), p.filled
		if room == nil {
			n, err := io.Copy(io.Discard, r)
			p.total += n
			return err
		}
		n, err := r.Read(room)
		filled(n)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// maskKey returns a mask that nobody can foretell, RFC 6455 5.3.
func maskKey() (key [4]byte) {
	rand.Read(key[:])
	return key
}
