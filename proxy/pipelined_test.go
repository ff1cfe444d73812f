package proxy

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// The head of the second of two requests may come in two pieces, one with the first request and
// one behind its answer.
func TestAPipelinedHeadMayComeInPieces(t *testing.T) {
	for name, open := range map[string]func(*testing.T, *testProxy) net.Conn{
		"in the clear": func(t *testing.T, p *testProxy) net.Conn { return p.openTunnel(t, "ai.example:443") },
		"TLS":          func(t *testing.T, p *testProxy) net.Conn { return p.openInner(t, "ai.example:443", "http/1.1") },
	} {
		t.Run(name, func(t *testing.T) {
			p := startProxy(t, nil)
			begun := make(chan error, 2)
			p.onRequest = func(r *http.Request) *http.Response {
				begun <- r.Context().Err()
				time.Sleep(20 * time.Millisecond) // net/http reads ahead meanwhile
				return p.failure(r, http.StatusOK, "refused")
			}
			c := open(t, p)
			host := "ai.example"
			if name == "in the clear" {
				host += ":443"
			}
			head := "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"
			io.WriteString(c, head+head[:20])
			if resp := readResponse(t, c); resp.StatusCode != http.StatusOK {
				t.Errorf("the first is answered with %d", resp.StatusCode)
			}
			io.WriteString(c, head[20:])
			if resp := readResponse(t, c); resp.StatusCode != http.StatusOK {
				t.Errorf("the second is answered with %d", resp.StatusCode)
			}
			for range 2 {
				if err := <-begun; err != nil {
					t.Errorf("a request begins with %v", err)
				}
			}
		})
	}
}
