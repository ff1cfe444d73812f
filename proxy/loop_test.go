package proxy

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"daylight.internal/proxy/ca"
	"daylight.internal/rules/engine"
)

func tunnelAll(string, string) engine.TunnelDecision { return engine.Tunnel }

// mirror is a parent that sends everything back to the proxy that asks it, at which
// it passes on what the field Via holds, as proxies must.
func mirror(t *testing.T, to *atomic.Pointer[string], asked *atomic.Int64) *url.URL {
	t.Helper()
	address := tcpServer(t, func(c net.Conn) {
		if asked.Add(1) > 50 {
			return // it would go on for ever
		}
		back, err := net.Dial("tcp", *to.Load())
		if err != nil {
			return
		}
		defer back.Close()
		in := bufio.NewReader(c)
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		r.Header.Add("Via", "1.1 mirror")
		if r.Method == http.MethodConnect {
			io.WriteString(back, "CONNECT "+r.RequestURI+" HTTP/1.1\r\nHost: "+r.Host+"\r\nVia: "+strings.Join(r.Header["Via"], ", ")+"\r\n\r\n")
		} else {
			r.WriteProxy(back)
		}
		go io.Copy(back, in)
		io.Copy(c, back)
	})
	return &url.URL{Scheme: "http", Host: address}
}

func TestARequestThatComesBackThroughTheParentEnds(t *testing.T) {
	var to atomic.Pointer[string]
	var asked atomic.Int64
	counts := &counting{}
	p := startProxy(t, func(c *Config, d *Dependencies) {
		c.Upstream.Proxy = mirror(t, &to, &asked)
		d.Counters = counts
	})
	to.Store(&p.addr)
	for name, way := range map[string]func() (*http.Response, string){
		"plain":     func() (*http.Response, string) { return send(t, p.client(), "GET", "http://ai.example/", "") },
		"intercept": func() (*http.Response, string) { return send(t, p.client(), "GET", "https://ai.example/", "") },
		"cleartext": func() (*http.Response, string) {
			return first(t, p.openTunnel(t, "ai.example:80"), "GET / HTTP/1.1\r\nHost: ai.example\r\n\r\n")
		},
		"tunnel": func() (*http.Response, string) {
			p.decide = tunnelAll
			defer func() { p.decide = nil }()
			_, resp := p.connect(t, "ai.example:443")
			return resp, ""
		},
	} {
		p.transport.CloseIdleConnections() // the parent counts connections
		asked.Store(0)
		resp, _ := way()
		if resp.StatusCode != http.StatusLoopDetected && resp.StatusCode != http.StatusBadGateway {
			t.Errorf("%s: %s", name, resp.Status)
		}
		if n := asked.Load(); n != 1 {
			t.Errorf("%s: it went around %d times", name, n)
		}
	}
	if n := counts.get("refused loop"); n != 4 {
		t.Errorf("%d loops were counted", n)
	}
}

// Two of us that have each other for a parent: neither may forget the other's mark.
func TestALoopThroughTwoProxiesEnds(t *testing.T) {
	var first, second atomic.Pointer[string]
	var asked atomic.Int64
	start := func(to *atomic.Pointer[string]) *testProxy {
		return startProxy(t, func(c *Config, _ *Dependencies) { c.Upstream.Proxy = mirror(t, to, &asked) })
	}
	a, b := start(&second), start(&first)
	first.Store(&a.addr)
	second.Store(&b.addr)
	for _, decide := range []func(string, string) engine.TunnelDecision{nil, tunnelAll} {
		a.decide, b.decide = decide, decide
		a.transport.CloseIdleConnections()
		b.transport.CloseIdleConnections()
		asked.Store(0)
		if status, _ := get(t, a.client(), "http://ai.example/"); status != http.StatusLoopDetected {
			t.Errorf("plain: %d", status)
		}
		if n := asked.Load(); n != 2 {
			t.Errorf("plain: it went around %d times", n)
		}
		asked.Store(0)
		_, resp := a.connect(t, "ai.example:443")
		if decide == nil {
			continue // neither trusts the other's certificates, and so no request comes to be
		}
		if resp.StatusCode != http.StatusBadGateway {
			t.Errorf("CONNECT: %s", resp.Status)
		}
		if n := asked.Load(); n != 2 {
			t.Errorf("CONNECT: it went around %d times", n)
		}
	}
}

// Two of us that believe each other's certificates, so that each opens what the other sends:
// a CONNECT that is made anew tells of all who made one before.
func TestALoopOfRequestsThatAreOpenedEnds(t *testing.T) {
	var first, second atomic.Pointer[string]
	var asked atomic.Int64
	authority, err := ca.Ensure(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	roots := t.TempDir() + "/roots.pem"
	mustWrite(t, roots, authority.PEM())
	start := func(to *atomic.Pointer[string]) *testProxy {
		return startProxy(t, func(c *Config, d *Dependencies) {
			c.Upstream.Proxy, c.Upstream.CAFile, d.Authority = mirror(t, to, &asked), roots, authority
		})
	}
	a, b := start(&second), start(&first)
	first.Store(&a.addr)
	second.Store(&b.addr)
	a.ca = authority.PEM()
	if status, _ := get(t, a.client(), "https://ai.example/"); status != http.StatusBadGateway {
		t.Errorf("status %d", status)
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("it went around %d times", n)
	}
}

// A parent that makes a CONNECT for each request, and says nothing in it of who asked: the
// request that comes out of it does.
func TestARequestThatComesBackInACONNECTEnds(t *testing.T) {
	var to atomic.Pointer[string]
	var asked atomic.Int64
	address := tcpServer(t, func(c net.Conn) {
		if asked.Add(1) > 50 {
			return // it would go on for ever
		}
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		back, err := net.Dial("tcp", *to.Load())
		if err != nil {
			return
		}
		defer back.Close()
		io.WriteString(back, "CONNECT ai.example:80 HTTP/1.1\r\nHost: ai.example:80\r\n\r\n")
		if _, err := http.ReadResponse(bufio.NewReader(oneByte{back}), &http.Request{Method: http.MethodConnect}); err != nil {
			return
		}
		r.Write(back)
		io.Copy(c, back)
	})
	p := startProxy(t, func(c *Config, _ *Dependencies) { c.Upstream.Proxy = &url.URL{Scheme: "http", Host: address} })
	to.Store(&p.addr)
	if status, _ := get(t, p.client(), "http://ai.example/"); status != http.StatusLoopDetected {
		t.Errorf("status %d", status)
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("it went around %d times", n)
	}
}

// What another proxy wrote stays, and what is not for proxies tells nothing of us.
func TestWhatOtherProxiesWroteStays(t *testing.T) {
	heads := make(chan http.Header, 10)
	address := tcpServer(t, func(c net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		heads <- r.Header
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	})
	p := startProxy(t, func(c *Config, _ *Dependencies) {
		c.Upstream.Proxy = &url.URL{Scheme: "http", Host: address}
		c.Upstream.Hosts["direct.example:80"] = address
	})
	send(t, p.client(), "GET", "http://ai.example/", "", "Via", "1.0 fred")
	if via := wait(t, heads, "the request")["Via"]; len(via) != 2 || via[0] != "1.0 fred" || via[1] != "1.1 "+p.dialer.pseudonym {
		t.Errorf("to the parent: %q", via)
	}
	send(t, p.client(), "GET", "http://direct.example/", "", "Via", "1.0 fred")
	if via := wait(t, heads, "the request")["Via"]; len(via) != 1 || via[0] != "1.0 fred" {
		t.Errorf("to a server: %q", via)
	}
}
