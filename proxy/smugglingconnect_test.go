package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
)

// A CONNECT names one host and one port in the only way there is. Nothing is dialled, looked up
// or signed for another, and its client is told.
func TestConnectsThatNameNoHost(t *testing.T) {
	counts := &counting{}
	p := startProxy(t, func(_ *Config, d *Dependencies) { d.Counters = counts })
	name := strings.Repeat("a", 300) + ".example"
	for _, c := range []struct {
		name, target string
		status       int
	}{
		{"path", "ai.example:443/path", 400},
		{"query", "ai.example:443?x", 400},
		{"fragment", "ai.example:443#x", 400},
		{"user", "user@ai.example:443", 400},
		{"user and password", "u:p@ai.example:443", 400},
		{"no port", "ai.example", 400},
		{"empty port", "ai.example:", 400},
		{"port 0", "ai.example:0", 400},
		{"port 65536", "ai.example:65536", 400},
		{"port with a sign", "ai.example:+443", 400},
		{"negative port", "ai.example:-1", 400},
		{"port with zeros", "ai.example:000000443", 400},
		{"port by name", "ai.example:https", 400},
		{"two ports", "ai.example:443:443", 400},
		{"no host", ":443", 400},
		{"dot", ".:443", 400},
		{"two dots", "a..b:443", 400},
		{"zone", "[fe80::1%eth0]:443", 400},
		{"escaped zone", "[fe80::1%25eth0]:443", 400},
		{"open bracket", "[::1", 400},
		{"open bracket with a port", "[::1:443", 400},
		{"no brackets", "::1:443", 400},
		{"name in brackets", "[ai.example]:443", 400},
		{"escaped", "ai%2eexample:443", 400},
		{"escaped NUL", "ai.example%00.evil.example:443", 400},
		{"other full stop", "ai\u3002example:443", 400},
		{"other letters", "\u0430i.example:443", 400},
		{"NUL", "ai.example\x00.evil.example:443", 400},
		{"tab", "ai.example\t:443", 400},
		{"scheme", "https://ai.example:443", 400},
		{"slash", "/ai.example:443", 400},
		{"list", "ai.example:443,evil.example:443", 400},
		{"very long name", name + ":443", 400},
		{"decimal address", "2130706433:443", 400},
		{"octal address", "0177.0.0.1:443", 400},
		{"empty", "", 400},
		{"asterisk", "*", 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			counts.clear("refused ")
			status, rest := p.converse(t, "CONNECT "+c.target+" HTTP/1.1\r\nHost: ai.example:443\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
			if status != c.status || strings.Contains(rest, "HTTP/1.1") {
				t.Errorf("status %d, and then %q", status, rest)
			}
			awaitRefusal(t, counts)
		})
	}
	p.recorder.mu.Lock()
	defer p.recorder.mu.Unlock()
	if len(p.tunnels) != 0 || len(p.seen) != 0 {
		t.Errorf("tunnels %+v, exchanges %+v", p.tunnels, p.seen)
	}
}

// converse sends bytes and returns the status of the first answer, and what follows its body.
func (p *testProxy) converse(t *testing.T, request string) (status int, rest string) {
	t.Helper()
	c := p.dial(t)
	io.WriteString(c, request)
	c.SetReadDeadline(time.Now().Add(20 * time.Second)) // only where something is wrong
	in := bufio.NewReader(c)
	resp, err := http.ReadResponse(in, nil)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	all, _ := io.ReadAll(in)
	return resp.StatusCode, string(all)
}

func awaitRefusal(t *testing.T, counts *counting) {
	t.Helper()
	for deadline := time.Now().Add(patience); len(counts.names("refused ")) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it is not counted")
		}
	}
}

// A CONNECT has no body, and what stands behind it is not HTTP unless it is refused; then it
// is not served either, for it was meant for somebody else.
func TestConnectsWithSomethingBehind(t *testing.T) {
	server := proxytest.NewServer(t, text("hello"), "ai.example")
	const smuggled = "GET http://ai.example/smuggled HTTP/1.1\r\nHost: ai.example\r\n\r\n"
	for _, c := range []struct {
		name, request string
		status        int
	}{
		{"length", "CONNECT ai.example:443 HTTP/1.1\r\nHost: ai.example:443\r\nContent-Length: 4\r\n\r\nabcd" + smuggled, 400},
		{"chunks", "CONNECT ai.example:443 HTTP/1.1\r\nHost: ai.example:443\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, 400},
		{"length and chunks", "CONNECT ai.example:443 HTTP/1.1\r\nHost: ai.example:443\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, 400},
		{"refused", "CONNECT refused.example:443 HTTP/1.1\r\nHost: refused.example:443\r\n\r\n" + smuggled, 403},
		{"HTTP/0.9", "CONNECT ai.example:443\r\n" + smuggled, 400},
		{"preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + smuggled, 400},
		{"preface and settings", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00", 400},
		{"TLS on the proxy port", "\x16\x03\x01\x00\x05hello\r\n\r\n" + smuggled, 400},
		{"small letters", "connect ai.example:443 HTTP/1.1\r\nHost: ai.example:443\r\n\r\n" + smuggled, 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := startProxy(t, nil, server)
			p.decide = refuseHost("refused.example")
			status, rest := p.converse(t, c.request)
			if status != c.status || strings.Contains(rest, "HTTP/1.1 ") && !strings.HasPrefix(rest, "HTTP/1.1 400") {
				t.Errorf("status %d, and then %q", status, rest)
			}
			if len(p.seen) != 0 {
				t.Errorf("it was served: %+v", *p.seen[0])
			}
		})
	}
}

// The length 0 that some clients send is none, and HTTP/1.0 has CONNECT too. Bytes right behind the
// CONNECT are the tunnel's.
func TestConnectsThatAreOpened(t *testing.T) {
	for name, head := range map[string]string{
		"HTTP/1.0":         "CONNECT ai.example:80 HTTP/1.0\r\n\r\n",
		"length 0":         "CONNECT ai.example:80 HTTP/1.1\r\nHost: ai.example:80\r\nContent-Length: 0\r\n\r\n",
		"another Host":     "CONNECT ai.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
		"other letters":    "CONNECT Ai.Example.:80 HTTP/1.1\r\nHost: ai.example:80\r\n\r\n",
		"h2c and its lies": "CONNECT ai.example:80 HTTP/1.1\r\nHost: ai.example:80\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			server := newStrictServer(t, "")
			p := startProxy(t, func(c *Config, _ *Dependencies) { c.Upstream.Hosts["ai.example:80"] = server.address })
			status, rest := p.converseInside(t, head+"GET /inside HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n")
			p.awaitExchanges(t)
			p.transport.CloseIdleConnections()
			whole, _, _, fault := server.take(t)
			if status != 200 || !strings.HasSuffix(rest, "ok") || whole != "GET /inside HTTP/1.1\r\nHost: ai.example\r\n\r\n" || fault != nil {
				t.Errorf("status %d, then %q; server %q, %v", status, rest, whole, fault)
			}
		})
	}
}

// converseInside is converse for a CONNECT that is opened.
func (p *testProxy) converseInside(t *testing.T, request string) (status int, rest string) {
	t.Helper()
	c := p.dial(t)
	io.WriteString(c, request)
	in := bufio.NewReader(c)
	resp, err := http.ReadResponse(in, &http.Request{Method: http.MethodConnect})
	if err != nil {
		t.Fatal(err)
	}
	all, _ := io.ReadAll(in)
	return resp.StatusCode, string(all)
}

// Names that differ in CONNECT, SNI and Host: the server of the CONNECT, or of the SNI when that was an address, gets
// the request, and only if the Host says so too.
func TestNamesThatDisagree(t *testing.T) {
	server := proxytest.NewServer(t, text("hello"), "ai.example", "sni.example")
	p := startProxy(t, nil, server)
	for _, c := range []struct {
		connect, sni, host string
		status             int
	}{
		{"ai.example:443", "ai.example", "ai.example", 200},
		{"ai.example:443", "sni.example", "ai.example", 200}, // fronting is dialled by the CONNECT, and judged by both
		{"ai.example:443", "sni.example", "sni.example", 421},
		{"ai.example:443", "ai.example", "sni.example", 421},
		{"ai.example:443", "sni.example", "host.example", 421},
	} {
		conn := p.openInnerAs(t, c.connect, c.sni, "http/1.1")
		fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", c.host)
		if resp := readResponse(t, conn); resp.StatusCode != c.status {
			t.Errorf("%+v: %s", c, resp.Status)
		}
	}
}

// A server that does not take a WebSocket leaves its client in HTTP, whatever it sends then.
func TestAWebSocketThatWasNotTakenIsNoTunnel(t *testing.T) {
	w := newWire(t, "tunnel")
	const handshake = "GET /socket HTTP/1.1\r\nHost: ai.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	conn := w.open(t)
	io.WriteString(conn, handshake)
	if resp := readResponse(t, conn); resp.StatusCode != 200 {
		t.Fatal(resp.Status)
	}
	// A client that waited is served, and judged.
	io.WriteString(conn, "GET /behind HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n")
	readResponse(t, conn)
	conn.Close()
	// One that did not has sent frames, or somebody else's request.
	out := w.run(t, handshake+"GET /smuggled HTTP/1.1\r\nHost: ai.example\r\n\r\n", false)
	if len(out.client) < 2 || out.client[0] != "200 from the server" || !strings.HasPrefix(out.client[1], "400") {
		t.Errorf("client %q", out.client)
	}
	if len(out.judged) != 3 || strings.Contains(out.server, "smuggled") {
		t.Errorf("judged %d, server %q", len(out.judged), out.server)
	}
	out.check(t)
}

// An answer to a head that never ends comes, in our words.
func TestAHeadThatDoesNotEndIsAnswered(t *testing.T) {
	for way, open := range waysIn(t) {
		t.Run(way, func(t *testing.T) {
			p := startProxy(t, func(c *Config, _ *Dependencies) { c.Limits.HeaderTimeout = 2 * time.Second }, open.server)
			conn := open.dial(t, p)
			io.WriteString(conn, "GET / HTTP/1.1\r\nHost: ai.example\r\n")
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil || resp.StatusCode != http.StatusRequestTimeout {
				t.Errorf("%v %v", resp, err)
			}
		})
	}
}

// The answer to what is refused arrives although more was sent than anybody reads.
func TestARefusalIsNotLostToAReset(t *testing.T) {
	for way, open := range waysIn(t) {
		t.Run(way, func(t *testing.T) {
			p := startProxy(t, nil, open.server)
			conn := open.dial(t, p)
			go io.WriteString(conn, "POST / HTTP/1.1\r\nHost: ai.example\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"+strings.Repeat("a", 100<<10))
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != 400 || int64(len(body)) != resp.ContentLength {
				t.Errorf("%s, %d bytes of the page, %v", resp.Status, len(body), err)
			}
		})
	}
}

// refuseHost decides that one host is refused and the others are intercepted.
func refuseHost(name string) func(host, sni string) engine.TunnelDecision {
	return func(host, _ string) engine.TunnelDecision {
		if host == name {
			return engine.Refuse
		}
		return engine.Intercept
	}
}
