package proxy

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"daylight.internal/rules/discovery"
)

// codedAnswer keeps the beginning of an answer that is compressed, and when each
// piece of it came. It is unpacked once, at its end, so that nobody waits for it.
type codedAnswer struct {
	coding string
	data   []byte
	pieces []codedPiece
}

// codedPiece is how long data was when a piece had come.
type codedPiece struct {
	at  time.Duration
	end int
}

const (
	codedBytes    = 8 << 10  // are kept as they travelled
	codedPieces   = 128      // of them
	unpackedBytes = 64 << 10 // are looked at
	codedWindow   = 8 << 20  // bytes that a stream may refer back to; what wants more is not looked at
)

// newCodedAnswer returns nil for an answer that is not compressed.
func newCodedAnswer(h http.Header) *codedAnswer {
	switch coding := strings.ToLower(strings.TrimSpace(h.Get("Content-Encoding"))); coding {
	case "", "identity":
		return nil
	default:
		return &codedAnswer{coding: coding}
	}
}

// add keeps a piece if there is room.
func (c *codedAnswer) add(at time.Duration, piece []byte) {
	piece = piece[:min(len(piece), codedBytes-len(c.data))]
	if len(piece) == 0 || len(c.pieces) == codedPieces {
		return
	}
	c.data = append(c.data, piece...)
	c.pieces = append(c.pieces, codedPiece{at, len(c.data)})
}

// replay shows the exchange what was kept, unpacked, at the times at which it came.
func (c *codedAnswer) replay(x *discovery.Exchange) {
	feed := &pieceReader{answer: c}
	unpacked, end := c.unpack(feed)
	if unpacked == nil {
		return
	}
	defer end()
	buffer := make([]byte, 4<<10)
	for total := 0; total < unpackedBytes && x.Watches(); {
		n, err := unpacked.Read(buffer)
		if n > 0 {
			x.Stream(feed.at, buffer[:n])
			total += n
		}
		if err != nil {
			return
		}
	}
}

// unpack returns nil for a coding that nobody here knows, or a beginning that is wrong.
func (c *codedAnswer) unpack(r io.Reader) (unpacked io.Reader, end func()) {
	end = func() {}
	var err error
	switch c.coding {
	case "gzip", "x-gzip":
		unpacked, err = gzip.NewReader(r)
	case "deflate":
		unpacked, err = zlib.NewReader(r)
	case "br":
		unpacked = brotli.NewReader(r)
	case "zstd":
		var d *zstd.Decoder
		if d, err = zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(codedWindow), zstd.WithDecoderLowmem(true)); err == nil {
			unpacked, end = d, d.Close
		}
	}
	if err != nil {
		return nil, nil
	}
	return unpacked, end
}

// pieceReader gives one piece at each reading, and knows when it came.
type pieceReader struct {
	answer *codedAnswer
	next   int // piece
	begin  int // of what is left of it
	at     time.Duration
}

// Read implements io.Reader.
func (r *pieceReader) Read(p []byte) (int, error) {
	for r.next < len(r.answer.pieces) {
		piece := r.answer.pieces[r.next]
		if r.begin == piece.end {
			r.next++
			continue
		}
		r.at = piece.at
		n := copy(p, r.answer.data[r.begin:piece.end])
		r.begin += n
		return n, nil
	}
	return 0, io.EOF
}
