package proxy

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
)

// Mail servers speak first: a client that only listens is relayed, with the
// server's greeting.
func TestAServerThatSpeaksFirstIsRelayed(t *testing.T) {
	address := tcpServer(t, func(c net.Conn) {
		io.WriteString(c, "220 ready\r\n")
		io.Copy(io.Discard, c)
	})
	for _, decision := range []engine.TunnelDecision{engine.Intercept, engine.Tunnel} {
		p := startProxy(t, func(c *Config, _ *Dependencies) {
			c.Upstream.Hosts["mail.example:25"] = address
			c.Limits.FirstByteTimeout = 50 * time.Millisecond
		})
		p.decide = always(decision)
		c := p.openTunnel(t, "mail.example:25")
		line, err := bufio.NewReader(c).ReadString('\n')
		if line != "220 ready\r\n" {
			t.Errorf("%q %v", line, err)
		}
		c.Close()
		want := map[engine.TunnelDecision]string{engine.Intercept: "not_tls", engine.Tunnel: "policy"}[decision]
		if r := p.lastTunnel(t, 1).report; r.Reason != want || r.Received != 11 {
			t.Errorf("report: %+v", r)
		}
	}
}

// Silence is no way around interception: when the server does not speak first,
// the first byte of the client decides, however late.
func TestALateClientHelloIsIntercepted(t *testing.T) {
	server := proxytest.NewServer(t, text("seen"), "ai.example")
	p := startProxy(t, func(c *Config, _ *Dependencies) { c.Limits.FirstByteTimeout = 50 * time.Millisecond }, server)
	client := p.client()
	client.Transport.(*http.Transport).DialTLSContext = nil
	c := p.openTunnel(t, "ai.example:443")
	time.Sleep(300 * time.Millisecond)
	secure := tls.Client(c, &tls.Config{RootCAs: pool(p.ca), ServerName: "ai.example"})
	io.WriteString(secure, "GET / HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n")
	if got, err := io.ReadAll(secure); !strings.HasSuffix(string(got), "seen") {
		t.Errorf("%q %v", got, err)
	}
	if x := p.last(t, 1); x.Status != 200 {
		t.Errorf("exchange: %+v", x)
	}
}

func pool(pem []byte) *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return roots
}

func TestCleartextHTTPInAConnectIsRead(t *testing.T) {
	server := tcpServer(t, func(c net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err == nil {
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(r.URL.Path), r.URL.Path)
		}
	})
	for _, first := range []string{"GET /path HTTP/1.1\r\n", "\r\nGET /path HTTP/1.1\r\n", "FOO /path HTTP/1.1\r\n"} {
		for _, pause := range []bool{false, true} {
			p := startProxy(t, withHost("plain.example:80", server))
			c := p.openTunnel(t, "plain.example:80")
			if pause { // the first byte alone does not tell
				io.WriteString(c, first[:1])
				time.Sleep(50 * time.Millisecond)
				first = first[1:]
			}
			io.WriteString(c, first+"Host: plain.example\r\nConnection: close\r\n\r\n")
			io.ReadAll(c)
			p.mu.Lock()
			if len(p.tunnels) > 0 {
				t.Errorf("%q went through unread: %+v", first, p.tunnels[0].report)
			}
			p.mu.Unlock()
		}
	}
}

func TestOtherProtocolsAreRelayed(t *testing.T) {
	address := tcpServer(t, func(c net.Conn) { io.Copy(c, c) })
	for _, first := range []string{"SSH-2.0-OpenSSH_9.2 Debian\r\n", "\x10\x0c\x00\x04MQTT", "PING\r\n"} {
		p := startProxy(t, withHost("other.example:22", address))
		c := p.openTunnel(t, "other.example:22")
		io.WriteString(c, first)
		echo := make([]byte, len(first))
		if _, err := io.ReadFull(c, echo); err != nil || string(echo) != first {
			t.Errorf("%q %v", echo, err)
		}
		c.Close()
		if r := p.lastTunnel(t, 1).report; r.Reason != "not_tls" {
			t.Errorf("report: %+v", r)
		}
	}
}

// The bytes that follow a CONNECT in the same segment belong to the tunnel.
func TestAClientHelloBehindTheConnectIsNotLost(t *testing.T) {
	for _, decision := range []engine.TunnelDecision{engine.Intercept, engine.Tunnel} {
		server := proxytest.NewServer(t, text("whole"), "ai.example")
		p := startProxy(t, nil, server)
		p.decide = always(decision)
		roots := pool(append(append([]byte(nil), p.ca...), mustRead(t, server.CAFile)...))
		c := &joiningConn{Conn: p.dial(t), head: "CONNECT ai.example:443 HTTP/1.1\r\nHost: ai.example:443\r\n\r\n"}
		secure := tls.Client(c, &tls.Config{RootCAs: roots, ServerName: "ai.example"})
		io.WriteString(secure, "GET / HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n")
		if got, err := io.ReadAll(secure); !strings.HasSuffix(string(got), "whole") {
			t.Errorf("%q %v", got, err)
		}
	}
}

// joiningConn writes a CONNECT and the first bytes behind it in one segment, and
// then skips its answer.
type joiningConn struct {
	net.Conn
	head    string
	skipped bool
}

func (c *joiningConn) Write(b []byte) (int, error) {
	if c.head == "" {
		return c.Conn.Write(b)
	}
	_, err := c.Conn.Write(append([]byte(c.head), b...))
	c.head = ""
	return len(b), err
}

func (c *joiningConn) Read(b []byte) (int, error) {
	if !c.skipped {
		if _, err := io.ReadFull(c.Conn, make([]byte, len(established))); err != nil {
			return 0, err
		}
		c.skipped = true
	}
	return c.Conn.Read(b)
}

// The SNI decides too, for what a client says in its CONNECT proves nothing.
func TestTheServerNameDecidesToo(t *testing.T) {
	server := proxytest.NewServer(t, text("answer"), "ai.example", "bank.example")
	address := server.Listener.Addr().String()
	decide := func(host, sni string) engine.TunnelDecision {
		name := host
		if sni != "" {
			name = sni
		}
		switch name {
		case "bank.example", "198.51.100.1":
			return engine.Tunnel
		case "bad.example":
			return engine.Refuse
		default:
			return engine.Intercept
		}
	}
	tests := []struct {
		name, connect, sni  string
		intercepted, relays bool
		authority           string
	}{
		{"intercepted by name, the SNI is bypassed", "ai.example:443", "bank.example", false, true, "ai.example:443"},
		{"bypassed by name, the SNI is not", "bank.example:443", "ai.example", true, false, "bank.example:443"},
		{"an address whose name is bypassed", "198.51.100.2:443", "bank.example", false, true, "bank.example:443"},
		{"an address whose name is not", "198.51.100.2:443", "ai.example", true, false, "ai.example:443"},
		{"a bypassed address whose name is not", "198.51.100.1:443", "ai.example", true, false, "ai.example:443"},
		{"a refused name", "ai.example:443", "bad.example", false, false, "ai.example:443"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := startProxy(t, withHost("198.51.100.1:443", address), server)
			p.decide = decide
			c := tls.Client(p.openTunnel(t, test.connect), &tls.Config{
				RootCAs: pool(append(append([]byte(nil), p.ca...), mustRead(t, server.CAFile)...)), ServerName: test.sni,
			})
			err := c.Handshake()
			if ok := test.intercepted || test.relays; ok != (err == nil) {
				t.Fatalf("handshake: %v", err)
			}
			if err == nil {
				host, _, _ := strings.Cut(test.authority, ":")
				fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host)
				if got, _ := io.ReadAll(c); !strings.HasSuffix(string(got), "answer") {
					t.Errorf("got %q", got)
				}
			}
			c.Close()
			p.wait(t, 1)
			p.mu.Lock()
			defer p.mu.Unlock()
			var info tunnelInfo
			if test.intercepted {
				info = *p.seen[0].Tunnel
			} else {
				info = p.tunnels[0].info
			}
			if len(p.tunnels) > 0 == test.intercepted || info.Authority != test.authority || info.SNI != test.sni || info.ConnectHost+":443" != test.connect {
				t.Errorf("tunnels %d, info %+v", len(p.tunnels), info)
			}
		})
	}
}

func TestAClientThatDoesNotTrustTheCAIsCounted(t *testing.T) {
	counts := &counting{}
	p := startProxy(t, func(_ *Config, d *Dependencies) { d.Counters = counts })
	c := tls.Client(p.openTunnel(t, "pinned.example:443"), &tls.Config{ServerName: "pinned.example"})
	if err := c.Handshake(); err == nil {
		t.Fatal("the client trusts our certificate")
	}
	if r := p.lastTunnel(t, 1).report; r.Reason != "handshake" || r.Err != "client_rejected_certificate" {
		t.Errorf("report: %+v", r)
	}
	if got := counts.get("intercept client_rejected_certificate"); got != 1 {
		t.Errorf("counted %d", got)
	}
}
