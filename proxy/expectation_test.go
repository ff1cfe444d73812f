package proxy

import (
	"fmt"
	"net/http"
	"testing"

	"daylight.internal/proxy/proxytest"
)

// An empty Expect expects nothing: some clients send it to say that they wait for no 100.
func TestAnEmptyExpectationPasses(t *testing.T) {
	p := startProxy(t, nil, proxytest.NewServer(t, text("hello"), "ai.example"))
	c := p.openInner(t, "ai.example:443", "http/1.1")
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: ai.example\r\nExpect:\r\nContent-Length: 4\r\n\r\nabcd")
	if resp := readResponse(t, c); resp.StatusCode != http.StatusOK {
		t.Errorf("answered with %d", resp.StatusCode)
	}
}
