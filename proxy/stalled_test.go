package proxy

import (
	"io"
	"net/http"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

// Nobody can hold an exchange open by doing nothing: neither a client that does
// not read nor a server that does not go on.
func TestAStalledResponseEnds(t *testing.T) {
	endless := func(w http.ResponseWriter, _ *http.Request) { io.Copy(w, neverEnding('!')) }
	silent := func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "beginning")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	silentStream := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		silent(w, r)
	}
	tests := []struct {
		name    string
		handler http.HandlerFunc
		limit   string
	}{
		{"the client does not read", endless, "idle_timeout"},
		{"the server does not go on", silent, "tunnel_idle_timeout"},
		{"the server of an event stream does not go on", silentStream, "tunnel_idle_timeout"},
	}
	for _, test := range tests {
		for _, http2 := range []bool{false, true} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				counts := &counting{}
				p := startProxy(t, func(c *Config, d *Dependencies) {
					c.Limits.TunnelIdleTimeout = 3 * time.Second
					c.Limits.IdleTimeout = 3 * time.Second
					d.Counters = counts
				}, proxytest.NewServer(t, test.handler, "ai.example"))
				client := p.client()
				client.Transport.(*http.Transport).ForceAttemptHTTP2 = http2
				resp, err := client.Get("https://ai.example/")
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				p.last(t, 1) // it ends although the client does nothing
				if counts.get("limit "+test.limit) == 0 {
					t.Errorf("no limit was counted: %v", counts.counts)
				}
			})
		}
	}
}

func TestASlowServerIsAnsweredFor(t *testing.T) {
	server := proxytest.NewServer(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), "ai.example")
	counts := &counting{}
	p := startProxy(t, func(c *Config, d *Dependencies) {
		c.Limits.ResponseTimeout = 200 * time.Millisecond
		d.Counters = counts
	}, server)
	if status, _ := get(t, p.client(), "https://ai.example/"); status != http.StatusGatewayTimeout {
		t.Errorf("status %d", status)
	}
	if counts.get("limit server_timeout") != 1 {
		t.Errorf("counted %v", counts.counts)
	}
}
