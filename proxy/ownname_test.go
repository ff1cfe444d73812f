package proxy

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
)

// spoofing is a proxy for which every means of configuration and of the network leads
// the proxy's own name to a server of somebody else, with a certificate that is believed.
type spoofing struct {
	*testProxy
	asked *atomic.Int64 // connections to that server
}

func startSpoofing(t *testing.T, adjust func(*Config)) spoofing {
	t.Helper()
	s := spoofing{asked: new(atomic.Int64)}
	server := proxytest.NewServer(t, text("spoofed"), ownHost, "x."+ownHost, "ai.example")
	address := tcpServer(t, func(c net.Conn) {
		s.asked.Add(1)
		to, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			return
		}
		defer to.Close()
		go io.Copy(to, c)
		io.Copy(c, to)
	})
	_, port, _ := net.SplitHostPort(address)
	names := startNameServer(t, func(string, int) []string { return []string{"127.0.0.1"} })
	s.testProxy = startProxy(t, func(c *Config, d *Dependencies) {
		c.Upstream.resolver = names.resolver()
		c.Upstream.AllowNetworks = anywhere()
		for _, authority := range []string{":80", ":443", ":81", ":" + port} {
			c.Upstream.Hosts[ownHost+authority], c.Upstream.Hosts["x."+ownHost+authority] = address, address
		}
		c.Upstream.Hosts["ai.example:443"] = address
		d.Pages = NewOwnPages(own(t, nil))
		if adjust != nil {
			adjust(c)
		}
	}, server)
	return s
}

// first sends raw bytes and returns the first answer.
func first(t *testing.T, c io.ReadWriter, format string, args ...any) (*http.Response, string) {
	t.Helper()
	fmt.Fprintf(c, format, args...)
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	return resp, string(body)
}

func TestNobodySpeaksInTheNameOfTheProxy(t *testing.T) {
	s := startSpoofing(t, nil)
	certificate := string(s.pagesCertificate(t))
	for _, test := range []struct {
		target string
		status int
	}{
		{"http://daylight.internal/ca.pem", 200},
		{"http://daylight.internal:81/ca.pem", 200},
		{"http://DAYLIGHT.Internal./ca.pem", 200},
		{"http://u:p@daylight.internal/ca.pem", 200},
		{"HTTP://daylight.internal/ca.pem", 200},
		{"ws://daylight.internal/ca.pem", 200},
		{"wss://daylight.internal/ca.pem", 200},
		{"https://daylight.internal/ca.pem", 400},
		{"http://x.daylight.internal/ca.pem", 404},
		{"ws://X.Daylight.Internal./ca.pem", 404},
		{"http://daylight.internal../ca.pem", 400},
		{"http://daylight%2einternal/ca.pem", 400},
		{"http://ｄaylight.internal/ca.pem", 400},
		{"http://daylight。internal/ca.pem", 400},
	} {
		resp, body := first(t, s.dial(t), "GET %s HTTP/1.1\r\nHost: ai.example\r\n\r\n", test.target)
		if resp.StatusCode != test.status || test.status == 200 && body != certificate {
			t.Errorf("%s: %d %.100q", test.target, resp.StatusCode, body)
		}
	}
	for i, host := range []string{"daylight.internal", "DAYLIGHT.internal.", "daylight.internal", "daylight.internal"} {
		// Whatever the policy says of tunnels.
		s.decide = always([]engine.TunnelDecision{engine.Intercept, engine.Intercept, engine.Tunnel, engine.Refuse}[i])
		for _, port := range []string{"443", "81"} {
			c := s.openInnerAs(t, host+":"+port, ownHost)
			if _, body := first(t, c, "GET /ca.pem HTTP/1.1\r\nHost: %s\r\n\r\n", ownHost); body != certificate {
				t.Errorf("CONNECT %s:%s: %.100q", host, port, body)
			}
			if _, body := first(t, s.openTunnel(t, host+":"+port), "GET /ca.pem HTTP/1.1\r\nHost: %s\r\n\r\n", ownHost); body != certificate {
				t.Errorf("CONNECT %s:%s without TLS: %.100q", host, port, body)
			}
		}
	}
	s.decide = nil
	if _, resp := s.connect(t, "x.daylight.internal:443"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("CONNECT to a name below: %s", resp.Status)
	}
	if n := s.asked.Load(); n > 0 {
		t.Errorf("a server was asked %d times", n)
	}
}

func (s spoofing) pagesCertificate(t *testing.T) []byte {
	t.Helper()
	_, body := first(t, s.dial(t), "GET /ca.pem HTTP/1.1\r\nHost: x\r\n\r\n")
	if !strings.HasPrefix(body, "-----BEGIN CERTIFICATE-----") {
		t.Fatalf("no certificate: %q", body)
	}
	return []byte(body)
}

// A tunnel to another server in which the client calls it by the proxy's name.
func TestTheProxysNameInsideATunnelToAnotherServerIsRefused(t *testing.T) {
	s := startSpoofing(t, nil)
	for _, decision := range []engine.TunnelDecision{engine.Intercept, engine.Tunnel} {
		s.decide = always(decision)
		for _, host := range []string{"ai.example", "127.0.0.1", "93.184.216.34"} {
			if decision == engine.Tunnel && host == "93.184.216.34" {
				continue // nobody is there
			}
			authority := host + ":443"
			if host == "127.0.0.1" {
				_, port, _ := net.SplitHostPort(s.dialer.hosts["ai.example:443"].String())
				authority = host + ":" + port
			}
			for _, name := range []string{ownHost, "x." + ownHost, "Daylight.INTERNAL"} {
				secure := tls.Client(s.openTunnel(t, authority), &tls.Config{InsecureSkipVerify: true, ServerName: name})
				if err := secure.Handshake(); err == nil {
					t.Errorf("CONNECT %s, SNI %s, decision %v: a certificate for %v", authority, name, decision, secure.ConnectionState().PeerCertificates[0].DNSNames)
				}
			}
		}
	}
	if n := s.issuer.Issued(); n > 0 {
		t.Errorf("%d certificates were signed", n)
	}
	s.decide = nil
	asked := s.asked.Load()
	if resp, _ := first(t, s.openInner(t, "ai.example:443"), "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", ownHost); resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("Host: %s", resp.Status)
	}
	fields := [][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", ownHost}, {":path", "/ca.pem"}}
	if status := h2Exchange(t, s.openInner(t, "ai.example:443", "h2"), fields, ""); status != "421" {
		t.Errorf("HTTP/2 authority: %s", status)
	}
	if n := s.asked.Load() - asked; n > 0 {
		t.Errorf("the server was asked %d times", n)
	}
}

// The last line: whoever forgets to look for the own name cannot have it dialled.
func TestTheOwnNameIsNeverDialled(t *testing.T) {
	s := startSpoofing(t, nil)
	parent := startSpoofing(t, func(c *Config) {
		c.Upstream.Proxy, c.Upstream.Hosts = &url.URL{Scheme: "http", Host: "127.0.0.1:1"}, nil
	})
	for _, authority := range []string{"daylight.internal:443", "daylight.internal:81", "x.daylight.internal:443", "Daylight.Internal.:443"} {
		for name, p := range map[string]spoofing{"directly": s, "by a parent": parent} {
			_, err := p.dialer.dialTunnel(t.Context(), authority, nil, p.serverTLS)
			if err == nil || asCarryError(err).reason != "own_name" {
				t.Errorf("a tunnel to %s %s: %v", authority, name, err)
			}
			r, _ := http.NewRequest(http.MethodGet, "https://"+authority+"/", nil)
			if _, err := p.roundTrip(r); err == nil || asCarryError(err).reason != "own_name" {
				t.Errorf("a request to %s %s: %v", authority, name, err)
			}
		}
	}
	if n := s.asked.Load() + parent.asked.Load(); n > 0 {
		t.Errorf("a server was asked %d times", n)
	}
}

func TestTheOwnPagesAreReadOnlyAndGiveNothingToOtherSites(t *testing.T) {
	s := startSpoofing(t, nil)
	for _, path := range []string{"/", "/ca.pem", "/proxy.pac", "/nothing", "/-/reload", "/metrics", "/-/bypass"} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} {
			resp, body := send(t, s.client(), method, "http://daylight.internal"+path, "", "Cookie", "session=planted", "Authorization", "Bearer planted", "Origin", "http://evil.example")
			h := resp.Header
			exists := path == "/" || path == "/ca.pem" || path == "/proxy.pac"
			if good := resp.StatusCode == 200; good != (exists && (method == "GET" || method == "HEAD")) {
				t.Errorf("%s %s: %d", method, path, resp.StatusCode)
			}
			mustBeHardened(t, method+" "+path, h)
			for name, values := range h {
				if name == "Set-Cookie" || strings.HasPrefix(name, "Access-Control-") || strings.Contains(fmt.Sprint(values), "planted") {
					t.Errorf("%s %s has %s: %v", method, path, name, values)
				}
			}
			if strings.Contains(body, "planted") || strings.Contains(body, "evil") {
				t.Errorf("%s %s quotes the client: %s", method, path, body)
			}
		}
	}
	resp, _ := send(t, s.client(), "GET", "http://daylight.internal/ca.pem", "")
	if kind := resp.Header.Get("Content-Type"); kind != "application/x-x509-ca-cert" {
		t.Errorf("the certificate comes as %q", kind)
	}
}
