package proxy

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/elazarl/goproxy"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
)

// The defaults of goproxy that are wrong for Daylight, one test for each.

func TestGoproxyIsKnownToOneFile(t *testing.T) {
	root := ".."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if strings.Contains(path, "cmd"+string(filepath.Separator)+"daylight-bench") {
			return nil // it measures a bare integration beside ours
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range file.Imports {
			if strings.Contains(i.Path.Value, "elazarl/goproxy") && filepath.Base(path) != "goproxy.go" {
				t.Errorf("%s imports goproxy: keep it replaceable", path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// goproxy signs with a CA whose key is public, and derives leaf keys from it.
func TestTheSignerAndTheCAAreOurs(t *testing.T) {
	p := startProxy(t, nil)
	c := p.openInner(t, "ai.example:443")
	chain := c.ConnectionState().PeerCertificates
	if len(chain) != 1 {
		t.Errorf("%d certificates: the root does not belong in the chain", len(chain))
	}
	leaf := chain[0]
	if key, ok := leaf.PublicKey.(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
		t.Errorf("leaf key %T", leaf.PublicKey)
	}
	if len(leaf.DNSNames) != 1 || leaf.DNSNames[0] != "ai.example" || len(leaf.IPAddresses) > 0 {
		t.Errorf("names %v %v", leaf.DNSNames, leaf.IPAddresses)
	}
	if life := leaf.NotAfter.Sub(leaf.NotBefore); life != 7*24*time.Hour || time.Since(leaf.NotBefore) < 47*time.Hour {
		t.Errorf("valid from %s to %s", leaf.NotBefore, leaf.NotAfter)
	}
	public, err := x509.ParseCertificate(goproxy.GoproxyCa.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	if leaf.CheckSignatureFrom(public) == nil {
		t.Error("signed by the CA whose key everybody has")
	}
}

func TestOneCertificateForEachNameUnderConcurrency(t *testing.T) {
	p := startProxy(t, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { p.openInner(t, "ai.example:443") })
	}
	wg.Wait()
	if n := p.Issuer().Issued(); n != 1 {
		t.Errorf("%d certificates were made", n)
	}
}

// goproxy clones its configuration for each connection, so that no ticket is ever good.
func TestTLSSessionsResume(t *testing.T) {
	server := proxytest.NewServer(t, text("x"), "ai.example")
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		p := startProxy(t, nil, server)
		cache := tls.NewLRUClientSessionCache(1)
		for i := range 3 {
			c := tls.Client(p.openTunnel(t, "ai.example:443"), &tls.Config{
				RootCAs: pool(p.ca), ServerName: "ai.example", ClientSessionCache: cache, MaxVersion: version,
			})
			io.WriteString(c, "GET / HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n")
			if got, err := io.ReadAll(c); !strings.HasSuffix(string(got), "x") {
				t.Fatalf("%q %v", got, err)
			}
			if resumed := c.ConnectionState().DidResume; resumed != (i > 0) {
				t.Errorf("version %x, connection %d: resumed %v", version, i, resumed)
			}
		}
	}
}

// goproxy dials what the inner Host says: past the policy, and into the network.
func TestTheInnerHostDoesNotChooseTheDestination(t *testing.T) {
	opened := proxytest.NewServer(t, text("opened"), "ai.example", "other.example")
	for _, proto := range []string{"http/1.1", "h2"} {
		p := startProxy(t, nil, opened)
		c := p.openInner(t, "ai.example:443", proto)
		var status int
		if proto == "h2" {
			status = h2Status(t, c, "https://other.example/")
		} else {
			io.WriteString(c, "GET / HTTP/1.1\r\nHost: other.example\r\n\r\n")
			resp, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			status = resp.StatusCode
		}
		if status != http.StatusMisdirectedRequest {
			t.Errorf("%s: %d", proto, status)
		}
		if x := p.last(t, 1); x.Status != http.StatusMisdirectedRequest || x.Host != "other.example" || x.Tunnel.Host != "ai.example" {
			t.Errorf("exchange: %+v", x)
		}
	}
}

// h2Status sends a GET on an HTTP/2 connection.
func h2Status(t *testing.T, c *tls.Conn, url string) int {
	t.Helper()
	transport := &http.Transport{
		ForceAttemptHTTP2: true,
		DialTLSContext:    func(context.Context, string, string) (net.Conn, error) { return c, nil },
	}
	resp, err := (&http.Client{Transport: transport}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// goproxy reads the proxy variables, silently.
func TestTheEnvironmentChoosesNoProxy(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, "http://127.0.0.1:1")
	}
	server := proxytest.NewServer(t, text("direct"), "ai.example")
	for _, decision := range []engine.TunnelDecision{engine.Intercept, engine.Tunnel} {
		p := startProxy(t, nil, server)
		p.decide = always(decision)
		c := proxytest.Client(t, p.url, append(append([]byte(nil), p.ca...), mustRead(t, server.CAFile)...))
		if status, body := get(t, c, "https://ai.example/"); body != "direct" {
			t.Errorf("%d %q", status, body)
		}
	}
}

// goproxy keeps its CA and its actions in package variables.
func TestTwoProxiesInOneProcess(t *testing.T) {
	before := [...]any{goproxy.OkConnect, goproxy.MitmConnect, goproxy.RejectConnect, fmt.Sprint(goproxy.GoproxyCa.Certificate)}
	server := proxytest.NewServer(t, text("both"), "ai.example")
	first, second := startProxy(t, nil, server), startProxy(t, nil, server)
	second.decide = always(engine.Refuse)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if status, body := get(t, first.client(), "https://ai.example/"); body != "both" {
				t.Errorf("the first: %d %q", status, body)
			}
			if resp, err := second.client().Get("https://ai.example/"); err == nil {
				t.Errorf("the second let it through: %s", resp.Status)
			}
		})
	}
	wg.Wait()
	crossed := proxytest.Client(t, first.url, second.ca)
	if _, err := crossed.Get("https://ai.example/"); err == nil {
		t.Error("the CA of one proxy signs for the other")
	}
	if after := [...]any{goproxy.OkConnect, goproxy.MitmConnect, goproxy.RejectConnect, fmt.Sprint(goproxy.GoproxyCa.Certificate)}; before != after {
		t.Error("a package variable of goproxy was changed")
	}
}

// goproxy closes the connection when the server fails, or shows a Go error.
func TestAFailedServerIsAnswered(t *testing.T) {
	reset := tcpServer(t, func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) })
	untrusted := proxytest.NewServer(t, text("x"), "untrusted.example")
	p := startProxy(t, func(c *Config, _ *Dependencies) {
		c.Upstream.CAFile = ""
		c.Upstream.Hosts = map[string]string{
			"down.example:443": "127.0.0.1:1", "down.example:80": "127.0.0.1:1",
			"reset.example:80": reset, "reset.example:443": reset,
			"untrusted.example:443": untrusted.Listener.Addr().String(),
		}
	})
	tests := []struct {
		url, reason string
		status      int
	}{
		{"http://down.example/", "connection_refused", 502},
		{"https://down.example/", "connection_refused", 502},
		{"http://reset.example/", "connection_reset", 502},
		{"https://reset.example/", "connection_reset", 502},
		{"https://untrusted.example/", "server_certificate", 502},
		{"http://no-such-name.invalid/", "dns", 502},
	}
	for _, http2 := range []bool{false, true} {
		for _, test := range tests {
			c := p.client()
			c.Transport.(*http.Transport).ForceAttemptHTTP2 = http2
			status, body := get(t, c, test.url)
			if status != test.status {
				t.Errorf("%s: %d %s", test.url, status, body)
			}
			for _, leak := range []string{"dial", "tcp", "lookup", "x509", "EOF", "127.0.0.1"} {
				if strings.Contains(body, leak) {
					t.Errorf("%s shows a Go error: %s", test.url, body)
				}
			}
			if x := p.last(t, 1); x.Err == nil || asCarryError(x.Err).reason != test.reason {
				t.Errorf("%s: %v (%v)", test.url, x.Err, asCarryError(x.Err).err)
			}
		}
	}
}

// goproxy's connections have no deadlines once they are hijacked.
func TestSilentClientsAreNotKept(t *testing.T) {
	counts := &counting{}
	p := startProxy(t, func(c *Config, d *Dependencies) {
		c.Limits.HeaderTimeout, c.Limits.IdleTimeout, c.Limits.FirstByteTimeout = 3*time.Second, 3*time.Second, 3*time.Second
		d.Counters = counts
	})
	tests := map[string]func() net.Conn{
		"no byte":        func() net.Conn { return p.dial(t) },
		"half a head":    func() net.Conn { c := p.dial(t); io.WriteString(c, "GET http://x"); return c },
		"no ClientHello": func() net.Conn { return p.openTunnel(t, "ai.example:443") },
		"half a hello": func() net.Conn {
			c := p.openTunnel(t, "ai.example:443")
			io.WriteString(c, "\x16\x03\x01\x02")
			return c
		},
		"no request":     func() net.Conn { return p.openInner(t, "ai.example:443") },
		"half a method":  func() net.Conn { c := p.openTunnel(t, "ai.example:443"); io.WriteString(c, "GE"); return c },
		"half a request": func() net.Conn { c := p.openInner(t, "ai.example:443"); io.WriteString(c, "GET / HT"); return c },
	}
	t.Run("all", func(t *testing.T) {
		for name, open := range tests {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := open()
				if _, err := io.Copy(io.Discard, c); err != nil && strings.Contains(err.Error(), "timeout") {
					t.Fatalf("the connection stays open: %v", err)
				}
				c.Close()
			})
		}
	})
	eventually(t, func() bool { return counts.get("connections") == 0 })
}

// net/http waits 10 s for the preface of HTTP/2, whatever is configured.
func TestASilentHTTP2ClientIsNotKept(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 10 s")
	}
	t.Parallel()
	p := startProxy(t, nil)
	c := p.openInner(t, "ai.example:443", "h2")
	if _, err := io.Copy(io.Discard, c); err != nil && strings.Contains(err.Error(), "timeout") {
		t.Fatalf("the connection stays open: %v", err)
	}
}

func TestAStalledUploadEnds(t *testing.T) {
	server := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
	}), "ai.example")
	for _, http2 := range []bool{false, true} {
		p := startProxy(t, func(c *Config, _ *Dependencies) { c.Limits.BodyIdleTimeout = time.Second }, server)
		c := p.client()
		c.Transport.(*http.Transport).ForceAttemptHTTP2 = http2
		out, in := io.Pipe()
		go in.Write([]byte("then silence"))
		resp, err := c.Post("https://ai.example/", "text/plain", out)
		if err == nil {
			if resp.StatusCode != http.StatusRequestTimeout {
				t.Errorf("h2 %v: %s", http2, resp.Status)
			}
			resp.Body.Close()
		}
		in.Close()
		if x := p.last(t, 1); x.Err == nil || asCarryError(x.Err).reason != "request_body_timeout" {
			t.Errorf("h2 %v, exchange: %+v (%v)", http2, x, asCarryError(x.Err).err)
		}
	}
}

// A request head has a bound: goproxy accepts any.
func TestALongHeadIsRefused(t *testing.T) {
	p := startProxy(t, nil)
	for name, c := range map[string]net.Conn{"outside": p.dial(t), "inside": p.openInner(t, "ai.example:443")} {
		go func() {
			fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: ai.example\r\nX: ")
			io.Copy(c, io.LimitReader(neverEnding('x'), 1<<20))
		}()
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("%s: %v %v", name, resp, err)
		}
	}
}

// net/http's transport keeps two idle connections for a host; the rest would be
// dialled again and again.
func TestManyConnectionsToOneServerAreKept(t *testing.T) {
	const together = 16
	var dialled atomic.Int64
	var arrived sync.WaitGroup
	server := proxytest.NewHTTP1Server(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived.Done()
		arrived.Wait() // so that each needs a connection of its own
	}), "ai.example")
	p := startProxy(t, nil, server)
	dial := p.transport.DialContext
	p.transport.DialContext = countDials(&dialled, dial)
	client := p.client()
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = together
	for range 3 {
		arrived.Add(together)
		var wg sync.WaitGroup
		for range together {
			wg.Go(func() { get(t, client, "https://ai.example/") })
		}
		wg.Wait()
	}
	if n := dialled.Load(); n > together+together/2 {
		t.Errorf("%d connections for %d at once", n, together)
	}
}

// The client's close is not passed on.
func TestAClosingClientDoesNotCloseTheServersConnection(t *testing.T) {
	var dialled atomic.Int64
	server := proxytest.NewHTTP1Server(t, text("x"), "ai.example")
	p := startProxy(t, nil, server)
	p.transport.DialContext = countDials(&dialled, p.transport.DialContext)
	for range 4 {
		c := p.openInner(t, "ai.example:443")
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n")
		if got, _ := io.ReadAll(c); !strings.HasSuffix(string(got), "x") {
			t.Fatalf("%q", got)
		}
		p.wait(t, 1)
	}
	if n := dialled.Load(); n != 1 {
		t.Errorf("%d connections to the server", n)
	}
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

func countDials(n *atomic.Int64, dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		n.Add(1)
		return dial(ctx, network, address)
	}
}
