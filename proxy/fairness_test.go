package proxy

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

// An upload to a slow server does not keep a prompt on the same connection waiting.
func TestASlowUploadLeavesItsConnectionToPrompts(t *testing.T) {
	started, release := make(chan struct{}, 3), make(chan struct{})
	server := proxytest.NewHTTP1Server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/upload" {
			started <- struct{}{}
			<-release
		}
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n)
	}), "ai.example")
	p := startProxy(t, nil, server)
	var sent atomic.Int64
	counter := writerFunc(func(b []byte) (int, error) { sent.Add(int64(len(b))); return len(b), nil })
	t.Cleanup(func() { close(release) })
	client := p.client()
	for range 3 {
		go func() {
			r, _ := http.NewRequest("POST", "https://ai.example/upload", io.TeeReader(io.LimitReader(neverEnding('!'), 64<<20), counter))
			r.ContentLength = 64 << 20
			if resp, err := client.Do(r); err == nil {
				resp.Body.Close()
			}
		}()
	}
	for range 3 {
		<-started
	}
	waitUntil(t, func() bool { // until they have sent all that they may
		before := sent.Load()
		time.Sleep(200 * time.Millisecond)
		return before > 0 && sent.Load() == before
	})
	r, _ := http.NewRequest("POST", "https://ai.example/prompt", strings.NewReader(strings.Repeat("x", 2048)))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	resp, err := client.Do(r.WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	if resp.ProtoMajor != 2 {
		t.Errorf("the prompt went by %s", resp.Proto)
	}
	resp.Body.Close()
}
