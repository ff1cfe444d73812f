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

type nullFile struct{}

func (nullFile) ReadAt(b []byte, _ int64) (int, error)  { return len(b), nil }
func (nullFile) WriteAt(b []byte, _ int64) (int, error) { return len(b), nil }
func (nullFile) Close() error                           { return nil }

// Hundreds of uploads that are held at the same time, and come slowly, all find a place,
// and so does every prompt beside them.
func TestSlowGiantsLeaveMemoryForPrompts(t *testing.T) {
	for _, c := range []struct {
		giants int
		size   int64 // that has come of each
	}{{300, 2 << 20}, {300, 1 << 20}, {900, 40 << 10}, {60, 900 << 10}} {
		m := &memory{limit: 64 << 20, patience: time.Millisecond}
		d := &disk{limit: 1 << 40, open: func(string) (diskFile, error) { return nullFile{}, nil }}
		add := func(h *held) bool {
			buffer, filled := h.room(t.Context(), 1<<30)
			if buffer != nil {
				filled(len(buffer))
			}
			return buffer != nil
		}
		giants := make([]held, c.giants)
		for i := range giants {
			giants[i] = held{disk: d, head: prefix{memory: m, limit: 1 << 20}}
		}
		for more := true; more; { // they come side by side
			more = false
			for i := range giants {
				if h := &giants[i]; h.kept() < c.size {
					if more = true; !add(h) {
						t.Fatalf("of %d, giant %d is read no further than %d bytes", c.giants, i, h.kept())
					}
				}
			}
		}
		for i := range 200 {
			h := &held{disk: d, head: prefix{memory: m, limit: 1 << 20}}
			for range 2 { // 16 KiB
				if !add(h) {
					t.Fatalf("beside %d giants prompt %d finds no memory", c.giants, i)
				}
			}
		}
	}
}

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
