package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

// upgradeTo answers an upgrade with 101 and then serves the connection.
func upgradeTo(serve func(net.Conn, *bufio.ReadWriter)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !wantsWebSocket(r) {
			http.Error(w, "no upgrade reached the server", http.StatusBadRequest)
			return
		}
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Sec-Websocket-Accept", "x")
		w.WriteHeader(http.StatusSwitchingProtocols)
		c, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		serve(c, rw)
	}
}

const upgradeRequest = "GET %s HTTP/1.1\r\nHost: ai.example\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"

// websocketWays are the ways by which a WebSocket comes to a proxy.
func websocketWays(t *testing.T, handler http.HandlerFunc, adjust func(*Config)) map[string]func(*testing.T) (*testProxy, net.Conn, string) {
	t.Helper()
	plain := func(t *testing.T) *testProxy {
		server := httptest.NewServer(handler)
		t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
		return startProxy(t, func(c *Config, _ *Dependencies) {
			c.Upstream.Hosts["ai.example:80"] = server.Listener.Addr().String()
			adjust(c)
		})
	}
	return map[string]func(*testing.T) (*testProxy, net.Conn, string){
		"wss intercepted": func(t *testing.T) (*testProxy, net.Conn, string) {
			p := startProxy(t, func(c *Config, _ *Dependencies) { adjust(c) }, proxytest.NewServer(t, handler, "ai.example"))
			return p, p.openInner(t, "ai.example:443"), "/ws"
		},
		"ws in a CONNECT": func(t *testing.T) (*testProxy, net.Conn, string) {
			p := plain(t)
			return p, p.openTunnel(t, "ai.example:80"), "/ws"
		},
		"http in absolute form": func(t *testing.T) (*testProxy, net.Conn, string) {
			p := plain(t)
			return p, p.dial(t), "http://ai.example/ws"
		},
		"ws in absolute form": func(t *testing.T) (*testProxy, net.Conn, string) {
			p := plain(t)
			return p, p.dial(t), "ws://ai.example/ws"
		},
	}
}

func TestAWebSocketIsRelayedAndCounted(t *testing.T) {
	echo := upgradeTo(func(c net.Conn, rw *bufio.ReadWriter) {
		line, _ := rw.ReadString('\n')
		io.WriteString(c, "echo "+line)
	})
	for name, way := range websocketWays(t, echo, func(*Config) {}) {
		t.Run(name, func(t *testing.T) {
			p, c, target := way(t)
			// The first message comes in the same write as the request.
			fmt.Fprintf(c, upgradeRequest+"hello\n", target)
			got, err := io.ReadAll(c) // the server closes, and so must we
			c.Close()
			if err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 101") || !strings.HasSuffix(string(got), "\r\n\r\necho hello\n") {
				t.Errorf("%q %v", got, err)
			}
			x := p.last(t, 1)
			if x.Protocol != "websocket" || x.Sent != 6 || x.Received != 11 || x.Status != 101 || x.Finished != 1 {
				t.Errorf("exchange: %+v", x)
			}
		})
	}
}

func TestASilentWebSocketEnds(t *testing.T) {
	t.Parallel()
	silent := upgradeTo(func(c net.Conn, _ *bufio.ReadWriter) { io.Copy(io.Discard, c) })
	ways := websocketWays(t, silent, func(c *Config) { c.Limits.TunnelIdleTimeout = time.Second })
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, c, target := way(t)
			fmt.Fprintf(c, upgradeRequest, target)
			io.ReadAll(c)
			p.last(t, 1) // it ends although nobody does anything
		})
	}
}

func TestAWebSocketThatTheServerRefusesIsAResponse(t *testing.T) {
	refuse := func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "not here", http.StatusForbidden) }
	for name, way := range websocketWays(t, refuse, func(*Config) {}) {
		t.Run(name, func(t *testing.T) {
			p, c, target := way(t)
			fmt.Fprintf(c, upgradeRequest, target)
			resp, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil || resp.StatusCode != http.StatusForbidden {
				t.Errorf("%v %v", resp, err)
			}
			if x := p.last(t, 1); x.Protocol != "" || x.Status != 403 {
				t.Errorf("exchange: %+v", x)
			}
		})
	}
}

// A server that switches protocols unasked would have us relay what nobody reads.
func TestASwitchThatNobodyAskedForIsAnError(t *testing.T) {
	address := tcpServer(t, func(c net.Conn) {
		http.ReadRequest(bufio.NewReader(c))
		io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		io.Copy(io.Discard, c)
	})
	p := startProxy(t, withHost("ai.example:80", address))
	if status, _ := get(t, p.client(), "http://ai.example/"); status != http.StatusBadGateway {
		t.Errorf("status %d", status)
	}
}
