package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
)

func TestThePROXYHeaderNamesTheClient(t *testing.T) {
	server := proxytest.NewServer(t, text("x"), "ai.example")
	trust := func(network string) func(*Config, *Dependencies) {
		return func(c *Config, _ *Dependencies) {
			c.ProxyProtocolFrom = []netip.Prefix{netip.MustParsePrefix(network)}
		}
	}
	v2 := "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\x0a\x14\x00\x07\x7f\x00\x00\x01\x1f\x90\x01\xbb"
	tests := []struct{ name, trusted, header, client string }{
		{"version 1", "127.0.0.0/8", "PROXY TCP4 10.20.0.7 127.0.0.1 4711 8080\r\n", "10.20.0.7"},
		{"version 1, IPv6", "127.0.0.0/8", "PROXY TCP6 2001:db8::7 ::1 4711 8080\r\n", "2001:db8::7"},
		{"version 2", "127.0.0.0/8", v2, "10.20.0.7"},
		{"a check by the balancer itself", "127.0.0.0/8", "PROXY UNKNOWN\r\n", "127.0.0.1"},
		{"trusted, but without a header", "127.0.0.0/8", "", ""},
		{"not trusted, without a header", "10.0.0.0/8", "", "127.0.0.1"},
		{"not trusted, with a header", "10.0.0.0/8", "PROXY TCP4 10.20.0.7 127.0.0.1 4711 8080\r\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := startProxy(t, trust(test.trusted), server)
			c := p.dial(t)
			io.WriteString(c, test.header+"CONNECT ai.example:443 HTTP/1.1\r\nHost: ai.example:443\r\n\r\n")
			resp, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: http.MethodConnect})
			if ok := err == nil && resp.StatusCode == 200; ok != (test.client != "") {
				t.Fatalf("%v %v", resp, err)
			}
			if test.client == "" {
				return
			}
			c.Close()
			if got := p.lastTunnel(t, 1).info.Client.Address.String(); got != test.client {
				t.Errorf("the client is %s, want %s", got, test.client)
			}
		})
	}
}

// Half-close must survive the PROXY header's wrapper.
func TestATunnelBehindABalancerHalfCloses(t *testing.T) {
	address := tcpServer(t, func(c net.Conn) {
		all, _ := io.ReadAll(c)
		fmt.Fprintf(c, "%d", len(all))
	})
	p := startProxy(t, func(c *Config, _ *Dependencies) {
		c.Upstream.Hosts["echo.example:7"] = address
		c.ProxyProtocolFrom = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	p.decide = always(engine.Tunnel)
	c := p.dial(t)
	io.WriteString(c, "PROXY TCP4 10.20.0.7 127.0.0.1 4711 8080\r\nCONNECT echo.example:7 HTTP/1.1\r\nHost: echo.example:7\r\n\r\n12345")
	closeWrite(c)
	if got, err := io.ReadAll(c); !strings.HasSuffix(string(got), "\r\n\r\n5") {
		t.Errorf("%q %v", got, err)
	}
}
