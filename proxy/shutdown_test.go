package proxy

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
)

func TestShutdownWaitsForExchangesAndTunnels(t *testing.T) {
	release := make(chan struct{})
	server := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-release
		io.WriteString(w, "done")
	}), "ai.example")
	echo := tcpServer(t, func(c net.Conn) { io.Copy(c, c) })
	p := startProxy(t, withHost("echo.example:7", echo), server)
	p.decide = func(host, _ string) engine.TunnelDecision {
		if host == "echo.example" {
			return engine.Tunnel
		}
		return engine.Intercept
	}
	answer := make(chan string, 1)
	go func() {
		_, body := get(t, p.client(), "https://ai.example/")
		answer <- body
	}()
	tunnel := p.openTunnel(t, "echo.example:7")
	io.WriteString(tunnel, "!")
	eventually(t, func() bool { return p.inFlight() > 0 })

	result := make(chan error, 1)
	go func() { result <- p.Shutdown(context.Background()) }()
	select {
	case err := <-result:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	eventually(t, func() bool { // it accepts no more
		c, err := net.Dial("tcp", p.addr)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	close(release)
	if body := <-answer; body != "done" {
		t.Errorf("the exchange got %q", body)
	}
	tunnel.Close()
	select {
	case err := <-result:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("it waits for ever")
	}
	p.wait(t, 2)
}

func (p *testProxy) inFlight() int {
	p.recorder.mu.Lock()
	defer p.recorder.mu.Unlock()
	return len(p.seen)
}

// What has not ended in time is closed, and its event is told before Shutdown returns.
func TestShutdownEndsWhatTakesTooLong(t *testing.T) {
	arrived := make(chan struct{})
	server := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	}), "ai.example")
	echo := tcpServer(t, func(c net.Conn) { io.Copy(c, c) })
	p := startProxy(t, withHost("echo.example:7", echo), server)
	p.decide = func(host, _ string) engine.TunnelDecision {
		if host == "echo.example" {
			return engine.Tunnel
		}
		return engine.Intercept
	}
	go p.client().Get("https://ai.example/")
	<-arrived
	p.openTunnel(t, "echo.example:7")
	half := p.openTunnel(t, "ai.example:443") // not yet handed over
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := p.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if n := len(p.told); n != 3 {
		t.Errorf("%d of 3 ends were told", n)
	}
	if _, err := half.Read(make([]byte, 1)); err == nil {
		t.Error("a connection is still open")
	}
}
