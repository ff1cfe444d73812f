package proxy

import (
	"net/http"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"daylight.internal/proxy/proxytest"
)

// begun returns how many exchanges have begun, and ended how many of them have ended.
func (r *recorder) begun() (begun, ended int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range r.seen {
		ended += x.Finished
	}
	return len(r.seen), ended
}

func TestRequestsThatAreTakenBackEndTheConnection(t *testing.T) {
	const limit, flood = 50, 20000
	silent := make(chan struct{})
	server := proxytest.NewServer(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-silent:
		case <-r.Context().Done():
		}
	}), "ai.example")
	t.Cleanup(func() { close(silent) })
	p, hits := startCrowd(t, func(c *Config, _ *Dependencies) { c.Limits.CancelledRequests = limit }, server)
	h2 := newRawH2(t, p.tlsAs(t, "10.66.6.6", "ai.example", "h2"))
	h2.flood(flood, func(i int) {
		h2.request(t, uint32(2*i+1), "ai.example", true)
		h2.framer.WriteRSTStream(uint32(2*i+1), http2.ErrCodeCancel)
	})
	wait(t, h2.ended, "the end of the connection")
	eventually(t, func() bool { begun, ended := p.begun(); return begun == ended })
	// Those that were under way when the last one was counted have begun too, and
	// net/http lets four times as many wait.
	if begun, _ := p.begun(); begun > limit+1+2*streams+64 {
		t.Errorf("%d exchanges for a client that takes all of them back", begun)
	} else {
		t.Logf("%d exchanges of %d streams", begun, flood)
	}
	if hits.get("limit cancelled_requests") == 0 && h2.code() != http2.ErrCodeEnhanceYourCalm {
		t.Errorf("%v, the connection ended with %v", hits.counts, h2.code())
	}
}

// One that waits until each has begun is counted.
func TestWhoTakesAllRequestsBackIsCounted(t *testing.T) {
	const limit, batch = 50, 10
	server := proxytest.NewServer(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), "ai.example")
	p, hits := startCrowd(t, func(c *Config, _ *Dependencies) { c.Limits.CancelledRequests = limit }, server)
	h2 := newRawH2(t, p.tlsAs(t, "10.66.6.6", "ai.example", "h2"))
	ended := func() bool {
		select {
		case <-h2.ended:
			return true
		default:
			return false
		}
	}
	for n := 0; !ended(); n += batch {
		for i := n; i < n+batch; i++ {
			h2.request(t, uint32(2*i+1), "ai.example", true)
		}
		h2.out.Flush()
		eventually(t, func() bool { begun, _ := p.begun(); return begun == n+batch || ended() })
		for i := n; i < n+batch; i++ {
			h2.framer.WriteRSTStream(uint32(2*i+1), http2.ErrCodeCancel)
		}
		h2.out.Flush()
		eventually(t, func() bool { begun, ended := p.begun(); return ended == begun })
		if n > 2*limit {
			t.Fatal("the connection stays")
		}
	}
	if begun, _ := p.begun(); begun > limit+2*batch || hits.get("limit cancelled_requests") == 0 {
		t.Errorf("%d exchanges, %v", begun, hits.counts)
	}
}

// A browser takes many requests back when a page is left.
func TestALittlePatienceCostsNoConnection(t *testing.T) {
	const limit = 20
	server := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Test-Slow") != "" {
			<-r.Context().Done()
		}
	}), "ai.example")
	p, hits := startCrowd(t, func(c *Config, _ *Dependencies) { c.Limits.CancelledRequests = limit }, server)
	h2 := newRawH2(t, p.tlsAs(t, "10.20.0.7", "ai.example", "h2"))
	id := uint32(1)
	for range 3 * limit { // as many answered as taken back
		h2.request(t, id, "ai.example", true)
		h2.request(t, id+2, "ai.example", true, "test-slow", "1")
		h2.flush(t)
		eventually(t, func() bool { begun, ended := p.begun(); return begun == int(id+2)/2+1 && ended == begun-1 })
		h2.framer.WriteRSTStream(id+2, http2.ErrCodeCancel)
		h2.flush(t)
		eventually(t, func() bool { begun, ended := p.begun(); return ended == begun })
		id += 4
	}
	if hits.get("limit cancelled_requests") != 0 || h2.status("200") != 3*limit {
		t.Errorf("%v, %d answers", hits.counts, h2.status("200"))
	}
}

// An editor that asks for a completion at each key takes nearly all of them back, for days.
func TestWhoTakesSomeBackAllDayKeepsTheConnection(t *testing.T) {
	var counts takeBacks
	now := time.Now()
	for range 24 * 3600 {
		if _, n := counts.count(now, true); n > 60 {
			t.Fatalf("%d within a minute", n)
		}
		now = now.Add(time.Second)
	}
}
