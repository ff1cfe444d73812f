package proxy

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
)

// A request that net/http refuses by itself reaches no handler of ours, and leaves
// no event. It is counted all the same, wherever it comes.
func TestRefusedRequestsAreCounted(t *testing.T) {
	large := strings.Repeat("a", 80<<10)
	for _, c := range []struct {
		name, request string
		status        string // begins the answer; "" for none
		counted       string // the only refusal; "" for none
		limit         bool
	}{
		{"a good one", "GET / HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n", "HTTP/1.1 200", "", false},
		{"no protocol", "GET /\r\n\r\n", "HTTP/1.1 400", "malformed", false},
		{"a header without a colon", "GET / HTTP/1.1\r\nHost: ai.example\r\nbad\r\n\r\n", "HTTP/1.1 400", "malformed", false},
		{"no host", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400", "malformed", false},
		{"an unknown transfer coding", "POST / HTTP/1.1\r\nHost: ai.example\r\nTransfer-Encoding: none\r\n\r\n", "HTTP/1.1 501", "malformed", false},
		{"a head that is too large", "GET / HTTP/1.1\r\nHost: ai.example\r\nX-Large: " + large + "\r\n\r\n", "HTTP/1.1 431", "header_bytes", true},
		{"a head that does not end", "GET / HTTP/1.1\r\nHost: ai.example\r\n", "HTTP/1.1 408", "header_timeout", true},
		{"nothing at all", "", "", "", false},
		{"a second one that is malformed", "GET / HTTP/1.1\r\nHost: ai.example\r\n\r\nGET /\r\n\r\n", "HTTP/1.1 200", "malformed", false},
	} {
		for way, open := range waysIn(t) {
			t.Run(way+": "+c.name, func(t *testing.T) {
				t.Parallel()
				counts := &counting{}
				p := startProxy(t, func(cfg *Config, d *Dependencies) {
					d.Counters = counts
					cfg.Limits.HeaderTimeout = 5 * time.Second
				}, open.server)
				conn := open.dial(t, p)
				request := c.request
				if way == "on the proxy port" {
					request = strings.ReplaceAll(request, " / HTTP", " http://ai.example/ HTTP")
				}
				io.WriteString(conn, request)
				if c.request == "" {
					conn.Close()
				}
				answer, _ := io.ReadAll(conn)
				if !strings.HasPrefix(string(answer), c.status) || c.status == "" && len(answer) > 0 {
					t.Errorf("answer %.60q, want %s", answer, c.status)
				}
				conn.Close()
				p.awaitClosed(t, counts)
				checkRefusals(t, counts, c.counted, c.limit)
			})
		}
	}
}

// wayIn is a place where requests come in.
type wayIn struct {
	server *proxytest.Server
	dial   func(*testing.T, *testProxy) net.Conn
}

func waysIn(t *testing.T) map[string]wayIn {
	secure := proxytest.NewServer(t, text("hello"), "ai.example")
	plain := &proxytest.Server{CAFile: secure.CAFile, Hosts: map[string]string{"ai.example:80": tcpServer(t, answerOnce)}}
	return map[string]wayIn{
		"on the proxy port": {plain, func(t *testing.T, p *testProxy) net.Conn { return p.dial(t) }},
		"in the clear in a CONNECT": {plain, func(t *testing.T, p *testProxy) net.Conn {
			return p.openTunnel(t, "ai.example:80")
		}},
		"in TLS": {secure, func(t *testing.T, p *testProxy) net.Conn { return p.openInner(t, "ai.example:443", "http/1.1") }},
	}
}

// answerOnce is a server in the clear.
func answerOnce(c net.Conn) {
	defer c.Close()
	buffer := make([]byte, 4096)
	if _, err := c.Read(buffer); err == nil {
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
	}
}

// awaitClosed waits until the proxy has no client any more.
func (p *testProxy) awaitClosed(t *testing.T, counts *counting) {
	t.Helper()
	for deadline := time.Now().Add(patience); counts.get("connections") > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the connection stays open")
		}
	}
}

// checkRefusals waits for the refusal that is wanted, and accepts no other.
func checkRefusals(t *testing.T, counts *counting, want string, limit bool) {
	t.Helper()
	wanted := map[string]int{}
	if want != "" {
		wanted["refused "+want] = 1
	}
	if limit {
		wanted["limit "+want] = 1
	}
	for name := range wanted { // net/http tells of the end when the connection is closed already
		for deadline := time.Now().Add(patience); counts.get(name) == 0 && time.Now().Before(deadline); {
			time.Sleep(5 * time.Millisecond)
		}
	}
	counts.mu.Lock()
	defer counts.mu.Unlock()
	for name, n := range counts.counts {
		if (strings.HasPrefix(name, "refused") || strings.HasPrefix(name, "limit")) && n != wanted[name] {
			t.Errorf("%s: counted %d", name, n)
		}
		delete(wanted, name)
	}
	for name := range wanted {
		t.Errorf("%s is not counted; there are %v", name, counts.counts)
	}
}

func TestAClientThatOnlyEndsItsConnectionIsNoRefusal(t *testing.T) {
	counts := &counting{}
	server := proxytest.NewServer(t, text("hello"), "ai.example")
	p := startProxy(t, func(_ *Config, d *Dependencies) { d.Counters = counts }, server)
	unused := p.openInner(t, "ai.example:443", "h2") // as browsers open some beforehand
	unused.Close()
	idle := p.openInner(t, "ai.example:443", "http/1.1")
	io.WriteString(idle, "GET / HTTP/1.1\r\nHost: ai.example\r\n\r\n")
	readResponse(t, idle)
	idle.Close()
	p.awaitClosed(t, counts)
	checkRefusals(t, counts, "", false)
}

func TestARequestWithoutCredentialsIsCounted(t *testing.T) {
	counts := &counting{}
	p := startProxy(t, func(_ *Config, d *Dependencies) {
		d.Counters = counts
		d.Identify = func(r *http.Request) (c rules.Client, resp *http.Response) {
			return c, failurePage(r, http.StatusProxyAuthRequired, "credentials", "")
		}
	})
	if _, resp := p.connect(t, "ai.example:443"); resp.StatusCode != http.StatusProxyAuthRequired {
		t.Errorf("status %s", resp.Status)
	}
	if got := counts.get("refused sign_in"); got != 1 {
		t.Errorf("counted %d", got)
	}
}
