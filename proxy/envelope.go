package proxy

import (
	"encoding/binary"
	"io"
	"net/http"
)

// envelopeBody passes on messages in the envelopes of gRPC and Connect, and
// nothing else: who says that a body is such a stream, so that it is not held,
// must keep to it. Each envelope begins with a byte of flags and four of length
// (big endian).
// Sources: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md,
// https://connectrpc.com/docs/protocol
type envelopeBody struct {
	io.ReadCloser
	head []byte // of the current envelope
	left int64  // bytes of its message
}

const envelopeHead = 5

// Read implements io.Reader. Of a read with a byte that cannot stand there nothing is passed on.
func (b *envelopeBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if !b.follow(p[:n]) {
		return 0, &carryError{status: http.StatusBadRequest, reason: "not_grpc"}
	}
	return n, err
}

func (b *envelopeBody) follow(p []byte) bool {
	for len(p) > 0 {
		if b.left > 0 {
			n := min(b.left, int64(len(p)))
			b.left -= n
			p = p[n:]
			continue
		}
		n := min(envelopeHead-len(b.head), len(p))
		b.head = append(b.head, p[:n]...)
		if b.head[0] > 3 { // compressed, end of the stream
			return false
		}
		if p = p[n:]; len(b.head) == envelopeHead {
			b.left = int64(binary.BigEndian.Uint32(b.head[1:]))
			b.head = b.head[:0]
		}
	}
	return true
}
