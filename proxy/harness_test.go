package proxy

import (
	"bufio"
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"daylight.internal/proxy/ca"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// recorder is an inspector that notes what it is told.
type recorder struct {
	decide     func(host, sni string) engine.TunnelDecision // nil: intercept
	onRequest  func(*http.Request) *http.Response           // nil: go on
	onResponse func(*http.Response)

	mu      sync.Mutex
	seen    []*recorded
	tunnels []closedTunnel
	told    chan struct{} // one for each end
}

type closedTunnel struct {
	info   tunnelInfo
	report tunnelReport
}

type recorded struct {
	by             *recorder
	Client         rules.Client
	Tunnel         *tunnelInfo
	URL, Host      string
	Status         int
	Err            error
	Protocol       string
	Sent, Received int64
	Panicked       any
	Finished       int
}

func newRecorder() *recorder { return &recorder{told: make(chan struct{}, 10000)} }

func (r *recorder) tunnel(rules.Client) tunneler { return r }

func (r *recorder) decision(host, sni string, _ uint16) (engine.TunnelDecision, string) {
	if r.decide == nil {
		return engine.Intercept, ""
	}
	return r.decide(host, sni), "policy"
}

func (r *recorder) refused(refusal) string { return eventID }

func (r *recorder) bypass(*tunnelInfo) string { return "" }
func (r *recorder) accepted(*tunnelInfo)      {}
func (r *recorder) unused(*tunnelInfo)        {}

func (r *recorder) watch(string) *tunnelWatch { return nil }

func (r *recorder) closed(t *tunnelInfo, report tunnelReport) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tunnels = append(r.tunnels, closedTunnel{*t, report})
	r.told <- struct{}{}
}

func (r *recorder) exchange(req *http.Request, client rules.Client, t *tunnelInfo) exchanger {
	r.mu.Lock()
	defer r.mu.Unlock()
	x := &recorded{by: r, Client: client, Tunnel: t, URL: req.URL.String(), Host: req.Host}
	r.seen = append(r.seen, x)
	return x
}

func (x *recorded) request(r *http.Request) *http.Response {
	if x.by.onRequest != nil {
		return x.by.onRequest(r)
	}
	return nil
}

func (x *recorded) response(r *http.Request, resp *http.Response, err error) *http.Response {
	x.by.mu.Lock()
	defer x.by.mu.Unlock()
	if err != nil {
		why := asCarryError(err)
		x.Status, x.Err = why.status, err
		return new(Proxy).failure(r, why.status, why.reason)
	}
	x.Status = resp.StatusCode
	if x.by.onResponse != nil {
		x.by.onResponse(resp)
	}
	return resp
}

func (x *recorded) websocket(*http.Request, *http.Response, websocketLink) clientStream { return nil }

func (x *recorded) upgraded(protocol string, sent, received int64, _ string) {
	x.by.mu.Lock()
	defer x.by.mu.Unlock()
	x.Protocol, x.Sent, x.Received = protocol, sent, received
}

func (x *recorded) finish(panicked any) {
	x.by.mu.Lock()
	defer x.by.mu.Unlock()
	x.Panicked = panicked
	x.Finished++
	x.by.told <- struct{}{}
}

// wait waits until n exchanges and tunnels have ended.
func (r *recorder) wait(t *testing.T, n int) {
	t.Helper()
	for range n {
		select {
		case <-r.told:
		case <-time.After(patience):
			t.Fatal("no end was told")
		}
	}
}

// last returns the last exchange after n ends were told.
func (r *recorder) last(t *testing.T, n int) recorded {
	t.Helper()
	r.wait(t, n)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.seen) == 0 {
		t.Fatal("no exchange")
	}
	return *r.seen[len(r.seen)-1]
}

func (r *recorder) lastTunnel(t *testing.T, n int) closedTunnel {
	t.Helper()
	r.wait(t, n)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.tunnels) == 0 {
		t.Fatal("no tunnel")
	}
	return r.tunnels[len(r.tunnels)-1]
}

// testProxy is a proxy on a loopback port.
type testProxy struct {
	*Proxy
	t    testing.TB
	addr string
	url  string
	ca   []byte
	*recorder
}

// startProxy starts a proxy that knows the servers by their names. adjust may be nil.
func startProxy(t testing.TB, adjust func(*Config, *Dependencies), servers ...*proxytest.Server) *testProxy {
	t.Helper()
	authority, err := ca.Ensure(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	rec := newRecorder()
	cfg := Config{Upstream: Upstream{Hosts: map[string]string{}}}
	for _, s := range servers {
		cfg.Upstream.CAFile = s.CAFile
		maps.Copy(cfg.Upstream.Hosts, s.Hosts)
	}
	deps := Dependencies{Inspector: rec, Authority: authority}
	if adjust != nil {
		adjust(&cfg, &deps)
	}
	p, err := New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() {
		defer close(served)
		p.Serve(ctx, l)
	}()
	t.Cleanup(func() {
		cancel()
		<-served
	})
	addr := l.Addr().String()
	return &testProxy{Proxy: p, t: t, addr: addr, url: "http://" + addr, ca: authority.PEM(), recorder: rec}
}

func (p *testProxy) client() *http.Client { return proxytest.Client(p.t, p.url, p.ca) }

// get returns the status and the body.
func get(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	resp, text := send(t, c, http.MethodGet, url, "")
	return resp.StatusCode, text
}

// send makes one request with pairs of names and values as its header, and reads the whole answer.
func send(t *testing.T, c *http.Client, method, url, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

func text(s string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, s) })
}

func mustRead(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mustWrite(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// counting is a Counters.
type counting struct {
	mu     sync.Mutex
	counts map[string]int
}

func (c *counting) add(name string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = make(map[string]int)
	}
	c.counts[name] += n
}

func (c *counting) get(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts[name]
}

func (c *counting) LimitHit(limit string)         { c.add("limit "+limit, 1) }
func (c *counting) InterceptFailed(reason string) { c.add("intercept "+reason, 1) }
func (c *counting) RequestRefused(reason string)  { c.add("refused "+reason, 1) }
func (c *counting) Connections(delta int)         { c.add("connections", delta) }
func (c *counting) Tunnels(delta int)             { c.add("tunnels", delta) }
func (c *counting) ConnectionsWaiting(delta int)  { c.add("waiting", delta) }
func (c *counting) ExchangesInFlight(delta int)   { c.add("exchanges", delta) }

// readResponse reads one response with a length from c, and no byte more.
func readResponse(t *testing.T, c io.Reader) *http.Response {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReaderSize(oneByte{c}, 16), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp
}

// oneByte reads byte by byte, so that a buffer before it never holds more than was asked.
type oneByte struct{ io.Reader }

func (r oneByte) Read(b []byte) (int, error) { return r.Reader.Read(b[:1]) }
