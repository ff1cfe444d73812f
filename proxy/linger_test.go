package proxy

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

// Connections whose framing is ambiguous end side by side when the proxy does.
func TestAmbiguousConnectionsDoNotDelayTheEnd(t *testing.T) {
	const clients = 12
	begun := make(chan bool, clients)
	server := proxytest.NewServer(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		begun <- true
		<-r.Context().Done()
	}), "ai.example")
	p := startProxy(t, nil, server)
	for range clients {
		c := p.openInner(t, "ai.example:443", "http/1.1")
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: ai.example\r\n\r\nPRI * HTTP/2.0\r\n\r\n")
	}
	for range clients {
		<-begun
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	start := time.Now()
	p.Shutdown(ctx)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("the end took %v", took)
	}
}
