package proxy

import (
	"bytes"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
)

// BenchmarkCapture measures what reading a body costs beside moving it.
func BenchmarkCapture(b *testing.B) {
	for _, size := range []int64{2 << 10, 1 << 20, 64 << 20} {
		data, shared := noise(size), &memory{limit: 1 << 30}
		b.Run(fmt.Sprintf("observe/%d", size), func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				body := &observedBody{
					client: io.NopCloser(bytes.NewReader(data)), total: new(atomic.Int64),
					head: prefix{memory: shared, limit: 16 << 20}, ended: func(head prefix) { head.release() },
				}
				io.Copy(struct{ io.Writer }{io.Discard}, body)
			}
		})
		b.Run(fmt.Sprintf("hold/%d", size), func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				h := &held{head: prefix{memory: shared, limit: 1 << 20}, disk: &disk{dir: b.TempDir(), limit: 1 << 30}}
				client := io.NopCloser(bytes.NewReader(data))
				if err := h.hold(b.Context(), client, 256<<20); err != nil {
					b.Fatal(err)
				}
				body := newReplayBody(h, client, new(atomic.Int64))
				io.Copy(struct{ io.Writer }{io.Discard}, body)
				body.Close()
			}
		})
	}
}
