package proxy

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

// strictServer keeps the bytes that it is sent, and answers each request that it can read by
// the letter. What it cannot read it notes, and hangs up.
type strictServer struct {
	address string
	root    []byte

	mu       sync.Mutex
	open     int
	whole    bytes.Buffer // the bytes of whole requests
	rest     []string     // what ended before it was whole
	requests []strictRequest
	fault    error
}

// newStrictServer listens in the clear, or with TLS for a name.
func newStrictServer(t testing.TB, name string) *strictServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &strictServer{address: l.Addr().String()}
	if name != "" {
		var certificate tls.Certificate
		certificate, s.root = proxytest.Certificate(t, name)
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{certificate}})
	}
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

func (s *strictServer) serve(c net.Conn) {
	defer c.Close()
	buffer, pending := make([]byte, 64<<10), []byte(nil)
	s.note(func() { s.open++ })
	defer s.note(func() {
		s.open--
		if len(pending) > 0 {
			s.rest = append(s.rest, string(pending))
		}
	})
	for {
		n, err := c.Read(buffer)
		pending = append(pending, buffer[:n]...)
		for len(pending) > 0 {
			r, k, err := parseStrict(pending)
			if err == errIncomplete {
				break
			}
			if err != nil {
				s.note(func() { s.fault = fmt.Errorf("%w in %q", err, pending) })
				return
			}
			s.note(func() {
				s.requests = append(s.requests, r)
				s.whole.Write(pending[:k])
			})
			pending = pending[k:]
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"+strings.Repeat("ok", b2i(r.method != "HEAD")))
		}
		if err != nil {
			return
		}
	}
}

func (s *strictServer) note(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// take waits until nobody is connected, and returns what came since it was last called.
func (s *strictServer) take(t *testing.T) (whole string, rest []string, requests []strictRequest, fault error) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		if s.open == 0 {
			defer s.mu.Unlock()
			break
		}
		s.mu.Unlock()
		if time.Now().After(deadline) {
			t.Fatal("a connection to the server stays open")
		}
	}
	whole, rest, requests, fault = s.whole.String(), s.rest, s.requests, s.fault
	s.whole.Reset()
	s.rest, s.requests, s.fault = nil, nil, nil
	return whole, rest, requests, fault
}

// wire is a way by which bytes come to a proxy, with the server behind it.
type wire struct {
	name   string
	p      *testProxy
	server *strictServer
	counts *counting
	open   func(*testing.T) net.Conn
	target func(path string) string
	// patience is how long a client that is not answered stays.
	patience time.Duration

	mu     sync.Mutex
	judged []*judgedRequest
}

// judgedRequest is a request as the inspector was shown it.
type judgedRequest struct {
	mu                   sync.Mutex
	method, target, host string
	body                 bytes.Buffer
}

// newWire starts a proxy and a server. name is "tunnel", "clear" or "plain".
func newWire(t testing.TB, name string) *wire {
	t.Helper()
	certified := ""
	if name == "tunnel" {
		certified = "ai.example"
	}
	server := newStrictServer(t, certified)
	w := newWireTo(t, name, server.address, server.root)
	w.server = server
	return w
}

// newWireTo starts a proxy. root is nil for a server in the clear.
func newWireTo(t testing.TB, name, address string, root []byte) *wire {
	t.Helper()
	w := &wire{name: name, patience: 20 * time.Second, counts: &counting{}, target: func(path string) string { return path }}
	authority := "ai.example:80"
	if root != nil {
		authority = "ai.example:443"
	}
	w.p = startProxy(t, func(c *Config, d *Dependencies) {
		d.Counters = w.counts
		c.Upstream.Hosts[authority] = address
		if root != nil {
			c.Upstream.CAFile = filepath.Join(t.TempDir(), "root.pem")
			if err := os.WriteFile(c.Upstream.CAFile, root, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	})
	w.p.onRequest = w.judge
	switch name {
	case "tunnel":
		w.open = func(t *testing.T) net.Conn { return w.p.openInner(t, authority, "http/1.1") }
	case "clear":
		w.open = func(t *testing.T) net.Conn { return w.p.openTunnel(t, authority) }
	case "plain":
		w.open = func(t *testing.T) net.Conn { return w.p.dial(t) }
		w.target = func(path string) string {
			if path == "*" {
				return "http://ai.example"
			}
			return "http://ai.example" + path
		}
	}
	return w
}

// judge keeps what the inspector is shown of a request, its body as it passes.
func (w *wire) judge(r *http.Request) *http.Response {
	j := &judgedRequest{method: r.Method, target: r.URL.RequestURI(), host: r.Host}
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(r.Body, writerFunc(func(b []byte) (int, error) {
			j.mu.Lock()
			defer j.mu.Unlock()
			return j.body.Write(b)
		})), r.Body}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.judged = append(w.judged, j)
	return nil
}

// run sends bytes and waits until the proxy hangs up. cut ends the client's sending behind them.
func (w *wire) run(t *testing.T, request string, cut bool) (out transcript) {
	t.Helper()
	c := w.open(t)
	w.counts.clear("refused ")
	io.WriteString(c, request)
	if cut {
		closeWrite(c)
	}
	c.SetReadDeadline(time.Now().Add(w.patience))
	method, _, _ := strings.Cut(request, " ")
	out.client = readAnswers(c, method)
	c.Close()
	w.p.awaitClosed(t, w.counts)
	w.p.awaitExchanges(t)
	w.p.transport.CloseIdleConnections()
	out.server, out.rest, out.requests, out.fault = w.server.take(t)
	paged := slices.ContainsFunc(out.client, func(answer string) bool { return strings.HasSuffix(answer, " page") })
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		// net/http tells of its refusals when the connection is closed.
		if out.counted = w.counts.names("refused "); len(out.counted) > 0 || !paged || time.Now().After(deadline) {
			break
		}
	}
	w.mu.Lock()
	out.judged, w.judged = w.judged, nil
	w.mu.Unlock()
	out.tunnels = w.p.takeTunnels(len(out.judged) == 0 && (out.server != "" || len(out.rest) > 0))
	return out
}

// takeTunnels returns why tunnels were not read. What went to the server unjudged went through
// one, which may tell of it after the connection has ended.
func (p *testProxy) takeTunnels(awaited bool) (reasons []string) {
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		p.recorder.mu.Lock()
		for _, tunnel := range p.tunnels {
			reasons = append(reasons, tunnel.report.Reason)
		}
		p.tunnels = nil
		p.recorder.mu.Unlock()
		if len(reasons) > 0 || !awaited || time.Now().After(deadline) {
			return reasons
		}
	}
}

// awaitExchanges waits until all that began has ended.
func (p *testProxy) awaitExchanges(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if p.exchanges.await(ctx) != nil {
		t.Fatal("an exchange does not end")
	}
}

// readAnswers reads answers until the connection ends.
func readAnswers(c io.Reader, method string) (out []string) {
	in := bufio.NewReader(c)
	for {
		resp, err := http.ReadResponse(in, &http.Request{Method: method})
		method = http.MethodGet
		if err != nil {
			if err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
				out = append(out, "no more: "+errorWord(err))
			}
			return out
		}
		body, err := io.ReadAll(resp.Body)
		out = append(out, answerWord(resp, body))
		if err != nil {
			return append(out, "cut")
		}
		if resp.Close {
			return append(out, "closed")
		}
	}
}

func errorWord(err error) string {
	if ne, ok := err.(net.Error); ok && ne.Timeout() {
		return "it stays open"
	}
	return err.Error()
}

// answerWord says whose answer it is: the server's, ours with its reason, or one that only has a page.
func answerWord(resp *http.Response, body []byte) string {
	var problem struct{ Reason string }
	switch {
	case string(body) == "ok":
		return fmt.Sprintf("%d from the server", resp.StatusCode)
	case json.Unmarshal(body, &problem) == nil && problem.Reason != "":
		return fmt.Sprintf("%d %s", resp.StatusCode, problem.Reason)
	case bytes.Contains(body, []byte("<title>")):
		return fmt.Sprintf("%d page", resp.StatusCode)
	default:
		return fmt.Sprintf("%d %.60q", resp.StatusCode, body)
	}
}

func (c *counting) clear(prefix string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name := range c.counts {
		if strings.HasPrefix(name, prefix) {
			delete(c.counts, name)
		}
	}
}

// names returns the counts with a prefix, each as often as it was counted.
func (c *counting) names(prefix string) (out []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, n := range c.counts {
		if word, ok := strings.CutPrefix(name, prefix); ok {
			out = append(out, slices.Repeat([]string{word}, n)...)
		}
	}
	slices.Sort(out)
	return out
}
