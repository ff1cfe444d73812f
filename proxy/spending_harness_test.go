package proxy

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"testing"

	"daylight.internal/proxy/proxytest"
)

// The tests of what a client can make the proxy spend count what does not depend on the
// machine: signatures, exchanges, bytes held, connections. An attacker is a client with an
// address of its own, as behind a balancer that sends the PROXY protocol.

// startCrowd starts a proxy whose clients name their address.
func startCrowd(t testing.TB, adjust func(*Config, *Dependencies), servers ...*proxytest.Server) (*testProxy, *counting) {
	t.Helper()
	hits := &counting{}
	return startProxy(t, func(c *Config, d *Dependencies) {
		c.ProxyProtocolFrom = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		d.Counters = hits
		if adjust != nil {
			adjust(c, d)
		}
	}, servers...), hits
}

// dialAs connects as a client at an address.
func (p *testProxy) dialAs(t testing.TB, address string) net.Conn {
	t.Helper()
	c := p.dial(t)
	fmt.Fprintf(c, "PROXY TCP4 %s 192.0.2.1 4711 8080\r\n", address)
	return c
}

// tunnelAs opens a CONNECT as a client at an address.
func (p *testProxy) tunnelAs(t testing.TB, address, authority string) net.Conn {
	t.Helper()
	c := p.dialAs(t, address)
	fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", authority, authority)
	in := bufio.NewReader(c)
	resp, err := http.ReadResponse(in, &http.Request{Method: http.MethodConnect})
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("CONNECT %s as %s: %v %v", authority, address, resp, err)
	}
	ahead, _ := in.Peek(in.Buffered())
	return &replayConn{Conn: c, ahead: ahead}
}

// tlsAs opens a CONNECT with TLS in it.
func (p *testProxy) tlsAs(t testing.TB, address, host string, protocols ...string) *tls.Conn {
	t.Helper()
	c := tls.Client(p.tunnelAs(t, address, host+":443"), p.trusting(host, protocols...))
	if err := c.Handshake(); err != nil {
		t.Fatalf("%s as %s: %v", host, address, err)
	}
	return c
}

func (p *testProxy) trusting(host string, protocols ...string) *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(p.ca)
	return &tls.Config{RootCAs: roots, ServerName: host, NextProtos: protocols}
}

// heap returns the bytes of live objects.
func heap() int64 {
	runtime.GC()
	runtime.GC() // the second empties what pools kept
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
