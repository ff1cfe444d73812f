package proxy

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// startRefusing starts a proxy with a judge that wants a password of who asks for it.
func startRefusing(t *testing.T, o JudgeOptions, adjust func(*Config)) *calls {
	t.Helper()
	c := &calls{sink: &events{}, metrics: metrics.New(metrics.Build{})}
	o.Snapshots = NewSnapshots(func() (Snapshot, error) { return closed{&policy{verdict: rules.Verdict{Action: rules.Log}}}, nil }, c.metrics)
	if err := o.Snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	o.Metrics, o.Events, o.TempDir = c.metrics, c.sink, t.TempDir()
	c.judge = NewJudge(o)
	c.testProxy = startProxy(t, func(cfg *Config, d *Dependencies) {
		d.Inspector, d.Counters = c.judge, c.metrics
		d.Identify = func(r *http.Request) (rules.Client, *http.Response) {
			if r.Header.Get("X-Unknown") == "" {
				return rules.Client{Address: clientAddress(r)}, nil
			}
			return rules.Client{}, &http.Response{StatusCode: http.StatusProxyAuthRequired, Header: http.Header{"Proxy-Authenticate": {"Basic"}}}
		}
		if adjust != nil {
			adjust(cfg)
		}
	}, proxytest.NewServer(t, text("hello"), "ai.example"))
	return c
}

// closed is a policy that opens no tunnel to closed.example, and looks into none to down.example.
type closed struct{ *policy }

func (closed) Tunnel(_ rules.Client, host, _ string, _ uint16) engine.TunnelDecision {
	switch host {
	case "closed.example":
		return engine.Refuse
	case "down.example":
		return engine.Tunnel
	}
	return engine.Intercept
}

// waitEvents waits for n events.
func (c *calls) waitEvents(t *testing.T, n int) []audit.Event {
	t.Helper()
	eventually(t, func() bool {
		c.sink.mu.Lock()
		defer c.sink.mu.Unlock()
		return len(c.sink.all) >= n
	})
	c.sink.mu.Lock()
	defer c.sink.mu.Unlock()
	return c.sink.all
}

// Whatever is refused, the answer is in our words, in the language of the client or
// in all of them, and names an event that is in the record.
func TestEveryRefusalLeadsToItsEvent(t *testing.T) {
	large := "X-Large: " + strings.Repeat("a", 80<<10) + "\r\n"
	huge := "X-Large: " + strings.Repeat("a", 200<<10) + "\r\n"
	for _, c := range []struct {
		name, request string
		inside        bool // of a tunnel in the clear
		status        int
		reason, kind  string
	}{
		{"an unknown client", "GET http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\nX-Unknown: 1\r\n", false, 407, "sign_in", audit.KindRefused},
		{"an unknown client's CONNECT", "CONNECT ai.example:443 HTTP/1.1\r\nHost: ai.example:443\r\nX-Unknown: 1\r\n", false, 407, "sign_in", audit.KindRefused},
		{"a large head", "GET http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\n" + large, false, 431, "header_bytes", audit.KindRefused},
		{"a huge head", "GET http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\n" + huge, false, 431, "header_bytes", audit.KindRefused},
		{"a huge head in a tunnel", "GET / HTTP/1.1\r\nHost: ai.example\r\n" + huge, true, 431, "header_bytes", audit.KindRefused},
		{"no HTTP", "GET / HTTP/1.1\r\nbad\r\n", false, 400, "malformed", audit.KindRefused},
		{"no HTTP in a tunnel", "GET / HTTP/1.1\r\nbad\r\n", true, 400, "malformed", audit.KindRefused},
		{"an unknown coding", "POST / HTTP/1.1\r\nHost: ai.example\r\nTransfer-Encoding: none\r\n", true, 501, "malformed", audit.KindRefused},
		{"an address of another kind", "GET ftp://ai.example/ HTTP/1.1\r\nHost: ai.example\r\n", false, 400, "scheme", audit.KindRefused},
		{"a CONNECT to nowhere", "CONNECT ai.example:0 HTTP/1.1\r\nHost: ai.example:0\r\n", false, 400, "authority", audit.KindRefused},
		{"a name of the proxy's", "GET http://none.daylight.internal/ HTTP/1.1\r\nHost: none.daylight.internal\r\n", false, 404, "own_name", audit.KindRefused},
		{"a CONNECT to such a name", "CONNECT none.daylight.internal:443 HTTP/1.1\r\nHost: none.daylight.internal:443\r\n", false, 404, "own_name", audit.KindRefused},
		{"a loop", "GET http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\nVia: 1.1 PSEUDONYM\r\n", false, 508, "loop", audit.KindRefused},
		{"a loop in a tunnel", "GET / HTTP/1.1\r\nHost: ai.example\r\nVia: 1.1 PSEUDONYM\r\n", true, 508, "loop", audit.KindRefused},
		{"a server that is down", "GET http://down.example/ HTTP/1.1\r\nHost: down.example\r\n", false, 502, "connection_refused", audit.KindExchange},
		{"a CONNECT to one", "CONNECT down.example:443 HTTP/1.1\r\nHost: down.example:443\r\n", false, 502, "connection_refused", audit.KindTunnel},
		{"a CONNECT that is not allowed", "CONNECT closed.example:443 HTTP/1.1\r\nHost: closed.example:443\r\n", false, 403, "refused", audit.KindTunnel},
		{"a forbidden network", "GET http://10.1.2.3/ HTTP/1.1\r\nHost: 10.1.2.3\r\n", false, 403, "forbidden_address", audit.KindExchange},
		{"another site than the tunnel's", "GET / HTTP/1.1\r\nHost: other.example\r\n", true, 421, "misdirected", audit.KindExchange},
		{"a body that is too long", "POST / HTTP/1.1\r\nHost: ai.example\r\nContent-Length: 2000\r\n", true, 413, "body_bytes", audit.KindExchange},
		{"a body that is none", "POST / HTTP/1.1\r\nHost: ai.example\r\nTransfer-Encoding: chunked\r\n\r\nzz", true, 400, "request_body", audit.KindExchange},
	} {
		for form, header := range map[string]string{
			"for a program": "Accept-Language: ru\r\n", "for a browser": "Accept-Language: ar\r\nSec-Fetch-Mode: navigate\r\n",
		} {
			t.Run(c.name+" "+form, func(t *testing.T) {
				t.Parallel()
				p := startRefusing(t, JudgeOptions{}, func(cfg *Config) {
					cfg.Limits.BodyBytes = 1000
					cfg.Upstream.Hosts["down.example:80"], cfg.Upstream.Hosts["down.example:443"] = "127.0.0.1:1", "127.0.0.1:1"
				})
				conn := p.testProxy.dial(t)
				if c.inside {
					conn = p.openTunnel(t, "ai.example:80")
				}
				before, after, _ := strings.Cut(strings.ReplaceAll(c.request, "PSEUDONYM", p.dialer.pseudonym), "\r\n")
				io.WriteString(conn, before+"\r\n"+header+after+"\r\n")
				resp, body := readAnswer(t, conn)
				if resp.StatusCode != c.status || c.status == http.StatusProxyAuthRequired && resp.Header.Get("Proxy-Authenticate") != "Basic" {
					t.Fatalf("%s %v: %s", resp.Status, resp.Header, body)
				}
				e := p.waitEvents(t, 1)[0]
				if e.ID != resp.Header.Get(eventHeader) || !strings.Contains(body, e.ID) || e.Kind != c.kind || e.Response.Status != c.status && c.kind != audit.KindTunnel {
					t.Errorf("header %v, event %+v", resp.Header, e)
				}
				if reason := e.Error; reason != c.reason && e.Coverage.Reason != c.reason {
					t.Errorf("reason %q, event %+v", reason, e)
				}
				checkRefusalWords(t, resp, body, c.reason, form == "for a browser")
			})
		}
	}
}

// readAnswer reads an answer of ours with its body.
func readAnswer(t *testing.T, from io.Reader) (*http.Response, string) {
	t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(from), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func checkRefusalWords(t *testing.T, resp *http.Response, body, reason string, browser bool) {
	t.Helper()
	texts := pages().texts
	language := resp.Header.Get("Content-Language")
	for _, p := range texts {
		words := p.failure(resp.StatusCode, reason)
		if language == "" || language == p.Language { // nobody could read which
			if !strings.Contains(body, words.Do) || !strings.Contains(body, words.Lead) {
				t.Errorf("the words in %s are missing: %s", p.Language, body)
			}
		}
	}
	want := map[bool]string{false: "ru", true: "ar"}[browser]
	if language != "" && language != want || language == "" && reason != "malformed" && reason != "header_bytes" {
		t.Errorf("the answer is in %q, not in %s", language, want)
	}
	if isPage := strings.HasPrefix(body, "<!doctype html>"); language != "" && isPage != browser {
		t.Errorf("a page: %v, for a browser: %v", isPage, browser)
	}
	if leaks.MatchString(body) || !json.Valid([]byte(body)) && !strings.HasPrefix(body, "<!doctype html>") {
		t.Errorf("the answer is %s", body)
	}
}

func TestNoRoomForAConnectionLeadsToAnEvent(t *testing.T) {
	p := startRefusing(t, JudgeOptions{}, func(cfg *Config) { cfg.Limits.Connections = 1 })
	p.testProxy.dial(t)
	eventually(t, func() bool { // or the second may come first
		p.admission.mu.Lock()
		defer p.admission.mu.Unlock()
		return p.admission.open == 1
	})
	resp, body := readAnswer(t, p.testProxy.dial(t))
	e := p.waitEvents(t, 1)[0]
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" || resp.Header.Get(eventHeader) != e.ID ||
		!strings.Contains(body, e.ID) || e.Error != "connections" || e.Client.Address.String() != "127.0.0.1" {
		t.Errorf("%s %v, event %+v", resp.Status, resp.Header, e)
	}
}

// What finds no room is told so, in the terms of its client.
func TestNoRoomForMoreAtOnceLeadsToAnEvent(t *testing.T) {
	for _, c := range []struct{ request, reason, kind string }{
		{"GET http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\n", "exchange_limit", audit.KindExchange},
		{"CONNECT down.example:443 HTTP/1.1\r\nHost: down.example:443\r\n", "tunnel_limit", audit.KindTunnel},
	} {
		p := startRefusing(t, JudgeOptions{}, nil)
		p.carried.total, p.relays.total = 0, 0
		conn := p.testProxy.dial(t)
		io.WriteString(conn, c.request+"Accept-Language: ru\r\n\r\n")
		resp, body := readAnswer(t, conn)
		e := p.waitEvents(t, 1)[0]
		if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" || resp.Header.Get(eventHeader) != e.ID ||
			!strings.Contains(body, e.ID) || e.Error != c.reason || e.Kind != c.kind {
			t.Errorf("%s: %s %v, event %+v", c.reason, resp.Status, resp.Header, e)
		}
		checkRefusalWords(t, resp, body, c.reason, false)
	}
}

// A flood of requests that are refused cannot fill the disk.
func TestRefusalsOfOneClientShareAnEventForAWhile(t *testing.T) {
	clock := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	p := startRefusing(t, JudgeOptions{Limits: Limits{RefusedEvents: 3}, Now: func() time.Time { return clock }}, nil)
	from := func(client int) refusal {
		return refusal{client: rules.Client{Address: netip.AddrFrom4([4]byte{10, 0, 0, byte(client)})}, status: 400, reason: "malformed"}
	}
	first := p.judge.refused(from(1))
	for range 100 {
		if again := p.judge.refused(from(1)); again != first {
			t.Fatalf("the second has the number %s, the first %s", again, first)
		}
	}
	other := from(1)
	other.reason = "header_bytes"
	if p.judge.refused(other) == first || p.judge.refused(from(2)) == first {
		t.Error("another reason, or another client, has the same number")
	}
	shared := p.judge.refused(from(3))
	for client := 4; client < 200; client++ {
		if got := p.judge.refused(from(client)); got != shared {
			t.Fatalf("client %d beyond the limit has the number %s, the others %s", client, got, shared)
		}
	}
	if n := len(p.sink.all); n != 4 {
		t.Errorf("%d events", n)
	}
	if text := scrapeText(t, p.metrics); !strings.Contains(text, `daylight_limit_hits_total{limit="refused_events"} 197`+"\n") {
		t.Error("the limit is not counted")
	}
	clock = clock.Add(10*time.Minute - time.Second)
	if p.judge.refused(from(1)) != first {
		t.Error("the number is another before ten minutes are over")
	}
	clock = clock.Add(time.Second)
	if p.judge.refused(from(1)) == first {
		t.Error("the number is the same after ten minutes")
	}
}

// Each client is asked to sign in once a morning. That hides nothing else, and is no limit
// that somebody should raise.
func TestAMorningOfSigningInLeavesRoomForOtherRefusals(t *testing.T) {
	hits := 0
	r := refusals{limit: 4096, full: func() { hits++ }}
	now := time.Now()
	key := func(i int, reason string) refusalKey {
		return refusalKey{guestOf(rules.Client{Address: netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})}), reason}
	}
	for i := range 10000 {
		r.id(key(i, signIn), now)
	}
	if _, own := r.id(key(1, "malformed"), now); !own || hits > 0 {
		t.Errorf("the event is of its own: %v; the limit was counted %d times", own, hits)
	}
	one, _ := r.id(key(1, "malformed"), now)
	if other, own := r.id(key(2, "malformed"), now); !own || one == other {
		t.Error("two clients share the event of what is out of the ordinary")
	}
}

// Each refusal counts, and none counts as an exchange.
func TestRefusedRequestsAreNoExchangesInTheMetrics(t *testing.T) {
	p := startRefusing(t, JudgeOptions{}, nil)
	for range 3 {
		conn := p.testProxy.dial(t)
		fmt.Fprint(conn, "GET ftp://ai.example/ HTTP/1.1\r\nHost: ai.example\r\n\r\n")
		readResponse(t, conn)
		conn.Close()
	}
	text := scrapeText(t, p.metrics)
	if !strings.Contains(text, `daylight_refused_requests_total{reason="scheme"} 3`+"\n") || strings.Contains(text, `action="block",category="none",group="none",service="other"`) {
		t.Errorf("metrics %s", text)
	}
	if n := len(p.waitEvents(t, 1)); n != 1 {
		t.Errorf("%d events", n)
	}
}
