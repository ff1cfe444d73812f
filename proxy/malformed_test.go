package proxy

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

// rawServer is an HTTP/1 TLS server that keeps the bytes it is sent and answers
// every request with 200.
type rawServer struct {
	address string
	caFile  string
	mu      sync.Mutex
	seen    bytes.Buffer
}

func newRawServer(t *testing.T, name string) *rawServer {
	t.Helper()
	certificate, root := proxytest.Certificate(t, name)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &rawServer{address: l.Addr().String(), caFile: t.TempDir() + "/root.pem"}
	mustWrite(t, s.caFile, root)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

func (s *rawServer) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(io.TeeReader(c, writerFunc(func(b []byte) (int, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.seen.Write(b)
	})))
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	}
}

func (s *rawServer) saw() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen.String()
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// openInner opens an intercepted tunnel and returns the TLS connection in it.
func (p *testProxy) openInner(t *testing.T, authority string, protocols ...string) *tls.Conn {
	t.Helper()
	host, _, _ := net.SplitHostPort(authority)
	return p.openInnerAs(t, authority, host, protocols...)
}

func (p *testProxy) openInnerAs(t *testing.T, authority, sni string, protocols ...string) *tls.Conn {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(p.ca)
	c := tls.Client(p.openTunnel(t, authority), &tls.Config{RootCAs: roots, ServerName: sni, NextProtos: protocols})
	if err := c.Handshake(); err != nil {
		t.Fatal(err)
	}
	return c
}

// openTunnel sends a CONNECT and returns the connection behind its 200.
func (p *testProxy) openTunnel(t testing.TB, authority string) net.Conn {
	t.Helper()
	c, resp := p.connect(t, authority)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("CONNECT %s: %s", authority, resp.Status)
	}
	return c
}

func (p *testProxy) connect(t testing.TB, authority string) (net.Conn, *http.Response) {
	t.Helper()
	c := p.dial(t)
	fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", authority, authority)
	in := bufio.NewReader(c)
	resp, err := http.ReadResponse(in, &http.Request{Method: http.MethodConnect})
	if err != nil {
		t.Fatal(err)
	}
	ahead, _ := in.Peek(in.Buffered())
	return &replayConn{Conn: c, ahead: ahead}, resp
}

func (p *testProxy) dial(t testing.TB) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(patience))
	return c
}

// Requests that one parser reads in one way and the next in another. What the
// server sees must be what was judged, and the client is always answered.
func TestMalformedRequestsInsideATunnel(t *testing.T) {
	const chunked = "Transfer-Encoding: chunked\r\n"
	tests := []struct {
		name, request string
		status        int
		server        string // that must have reached the server; "-" nothing
		notServer     string
	}{
		{"length and chunked", "POST /a HTTP/1.1\r\nHost: NAME\r\nContent-Length: 4\r\n" + chunked + "\r\n0\r\n\r\n", 400, "-", ""},
		{"two lengths", "POST /a HTTP/1.1\r\nHost: NAME\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", 400, "-", ""},
		{"unknown transfer coding", "POST /a HTTP/1.1\r\nHost: NAME\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501, "-", ""},
		{"space before the colon", "GET /a HTTP/1.1\r\nHost: NAME\r\nX-A : b\r\n\r\n", 400, "-", ""},
		{"folded line", "GET /a HTTP/1.1\r\nHost: NAME\r\nX-A: b\r\n c\r\n\r\n", 200, "X-A: b c\r\n", ""},
		{"two hosts", "GET /a HTTP/1.1\r\nHost: NAME\r\nHost: NAME\r\n\r\n", 400, "-", ""},
		{"no host", "GET /a HTTP/1.1\r\n\r\n", 400, "-", ""},
		{"bare line feeds", "GET /a HTTP/1.1\nHost: NAME\n\n", 200, "GET /a HTTP/1.1\r\n", ""},
		{"NUL in a value", "GET /a HTTP/1.1\r\nHost: NAME\r\nX-A: b\x00c\r\n\r\n", 400, "-", ""},
		{"parenthesis in a name", "GET /a HTTP/1.1\r\nHost: NAME\r\nX(A: b\r\n\r\n", 400, "-", ""},
		{"CR in a value", "GET /a HTTP/1.1\r\nHost: NAME\r\nX-A: b\rX-B: c\r\n\r\n", 400, "-", ""},
		{"chunk extension ended by LF", "POST /a HTTP/1.1\r\nHost: NAME\r\n" + chunked + "\r\n2;a=b\nab\r\n0\r\n\r\n", 400, "", "ab\r\n0"},
		{"bad chunk size", "POST /a HTTP/1.1\r\nHost: NAME\r\n" + chunked + "\r\nzz\r\n", 400, "", "zz"},
		{"body on GET", "GET /a HTTP/1.1\r\nHost: NAME\r\nContent-Length: 3\r\n\r\nabc", 200, "\r\n\r\nabc", ""},
		{"user in the host", "GET /a HTTP/1.1\r\nHost: u@NAME\r\n\r\n", 400, "-", ""},
		{"path with two slashes", "GET //evil.example/x HTTP/1.1\r\nHost: NAME\r\n\r\n", 200, "GET //evil.example/x HTTP/1.1\r\nHost: NAME", ""},
		{"asterisk", "OPTIONS * HTTP/1.1\r\nHost: NAME\r\n\r\n", 200, "OPTIONS * HTTP/1.1", ""},
		{"absolute form of another host", "GET https://evil.example/x HTTP/1.1\r\nHost: NAME\r\n\r\n", 421, "-", ""},
		{"CONNECT inside", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", 421, "-", ""},
		{"target without a slash", "GET @evil.example/x HTTP/1.1\r\nHost: NAME\r\n\r\n", 400, "-", ""},
		{"another host", "GET /a HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, "-", ""},
		{"another port", "GET /a HTTP/1.1\r\nHost: NAME:8443\r\n\r\n", 421, "-", ""},
		{"the host in other letters, with its port", "GET /a HTTP/1.1\r\nHost: Ai.Example.:443\r\n\r\n", 200, "Host: Ai.Example.:443", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := newRawServer(t, "ai.example")
			p := startProxy(t, func(c *Config, _ *Dependencies) {
				c.Upstream.CAFile = server.caFile
				c.Upstream.Hosts["ai.example:443"] = server.address
			})
			c := p.openInner(t, "ai.example:443")
			io.WriteString(c, strings.ReplaceAll(test.request, "NAME", "ai.example"))
			resp, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatalf("the client got no answer: %v", err)
			}
			if resp.StatusCode != test.status {
				t.Errorf("client: %s, want %d", resp.Status, test.status)
			}
			saw := server.saw()
			want := strings.ReplaceAll(test.server, "NAME", "ai.example")
			if test.server == "-" && saw != "" || test.server != "-" && !strings.Contains(saw, want) {
				t.Errorf("server saw %q, want %q", saw, want)
			}
			if test.notServer != "" && strings.Contains(saw, test.notServer) {
				t.Errorf("server saw %q", saw)
			}
		})
	}
}

// With full duplex net/http goes on parsing behind a body that broke: the rest
// of it would be a request that nobody sent.
func TestNothingBehindABrokenBodyIsARequest(t *testing.T) {
	server := newRawServer(t, "ai.example")
	p := startProxy(t, func(c *Config, _ *Dependencies) {
		c.Upstream.CAFile = server.caFile
		c.Upstream.Hosts["ai.example:443"] = server.address
	})
	for _, blocked := range []bool{false, true} {
		t.Run(fmt.Sprintf("blocked unread %v", blocked), func(t *testing.T) {
			if blocked {
				p.onRequest = func(r *http.Request) *http.Response { return p.failure(r, 403, "no") }
			}
			c := p.openInner(t, "ai.example:443")
			io.WriteString(c, "POST /first HTTP/1.1\r\nHost: ai.example\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"+
				"GET /second HTTP/1.1\r\nHost: ai.example\r\n\r\n")
			in := bufio.NewReader(c)
			resp, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, resp.Body)
			if next, err := http.ReadResponse(in, nil); err == nil && next.StatusCode != http.StatusBadRequest {
				t.Errorf("a second answer: %s", next.Status)
			}
			if saw := server.saw(); strings.Contains(saw, "second") {
				t.Errorf("server saw %q", saw)
			}
		})
	}
}
