package proxy

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

func TestAQuotaIsOfAllAndOfEachClient(t *testing.T) {
	address := func(s string) rules.Client { return rules.Client{Address: netip.MustParseAddr(s)} }
	ana := func(s string) rules.Client { c := address(s); c.User = "ana"; return c }
	q := &quota{total: 9, each: 2, allKey: "all", clientKey: "client", counters: noCounters{}, changed: func(int) {},
		shared: []netip.Prefix{netip.MustParsePrefix("10.9.0.0/16")}}
	var back []func()
	for i, c := range []struct {
		name   string
		client rules.Client
		limit  string
	}{
		{"the first of an address", address("10.0.0.1"), ""},
		{"the second", address("10.0.0.1"), ""},
		{"the third", address("10.0.0.1"), "client"},
		{"somebody who has signed in there", ana("10.0.0.1"), ""},
		{"and elsewhere", ana("10.0.0.2"), ""},
		{"and once more", ana("10.0.0.3"), "client"},
		{"and behind a shared address, where a name is a name", ana("10.9.0.1"), "client"},
		{"an address of a /64", address("2001:db8::1"), ""},
		{"another one of it", address("2001:db8::2"), ""},
		{"a third", address("2001:db8::3"), "client"},
		{"a shared address", address("10.9.0.1"), ""},
		{"again", address("10.9.0.1"), ""},
		{"and again", address("10.9.0.1"), ""},
		{"one more than all", address("10.9.0.1"), "all"},
		{"whoever it is", address("10.0.0.4"), "all"},
	} {
		giveBack, limit := q.take(c.client)
		if limit != c.limit || (giveBack == nil) != (limit != "") {
			t.Errorf("%d, %s: %q", i, c.name, limit)
		}
		if giveBack != nil {
			back = append(back, giveBack)
		}
	}
	for _, giveBack := range back {
		giveBack()
		giveBack()
	}
	if q.inUse() != 0 || len(q.by) != 0 {
		t.Errorf("%d are taken by %v", q.inUse(), q.by)
	}
}

// patient is a server that answers when it is told to.
func patient(t *testing.T) (server *proxytest.Server, arrived chan struct{}, release func()) {
	arrived, released := make(chan struct{}, 100), make(chan struct{})
	server = proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		<-released
		io.WriteString(w, "at last")
	}), "ai.example")
	release = func() { close(released) }
	return server, arrived, release
}

func TestAnExchangeTooManyIsToldToComeAgain(t *testing.T) {
	server, arrived, release := patient(t)
	p, counts := crowded(t, Limits{Exchanges: 3, ClientExchanges: 2}, nil, server)
	client := p.client()
	client.Transport.(*http.Transport).ForceAttemptHTTP2 = true // one connection is enough for many
	answers := make(chan int, 2)
	for range 2 {
		go func() {
			resp, err := client.Get("https://ai.example/")
			if err != nil {
				answers <- 0
				return
			}
			resp.Body.Close()
			answers <- resp.StatusCode
		}()
		<-arrived
	}
	resp, body := send(t, client, http.MethodPost, "https://ai.example/", "x", "Accept-Language", "ru")
	var problem struct{ Reason string }
	if err := json.Unmarshal([]byte(body), &problem); err != nil || problem.Reason != "exchange_limit" {
		t.Errorf("%v: %s", err, body)
	}
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") != retryAfter || resp.Header.Get("Content-Language") != "ru" {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	if x := p.last(t, 1); x.Status != http.StatusServiceUnavailable || x.Finished != 1 {
		t.Errorf("the exchange: %+v", x)
	}
	own := p.dial(t)
	askOwn(own)
	if got := statusOf(t, own); got != ownAnswer {
		t.Errorf("a page of our own: status %d", got)
	}
	release()
	for range 2 {
		if got := <-answers; got != http.StatusOK {
			t.Errorf("one within the limit: status %d", got)
		}
	}
	if got, _ := get(t, client, "https://ai.example/"); got != http.StatusOK {
		t.Errorf("afterwards: status %d", got)
	}
	client.CloseIdleConnections()
	own.Close()
	p.mustBeEmpty(t)
	if counts.get("limit client_exchanges") != 1 || counts.get("limit exchanges") != 0 {
		t.Errorf("counted %v", counts.counts)
	}
}

func TestOneClientHasNoMoreThanItsShareOfTheTunnels(t *testing.T) {
	p, counts := crowded(t, Limits{Tunnels: 4}, func(c *Config, _ *Dependencies) {
		c.Upstream.Hosts["echo.example:7"] = tcpServer(t, func(c net.Conn) { io.Copy(c, c); c.Close() })
	})
	p.decide = always(engine.Tunnel)
	open := func(address string) int {
		c := p.dialFrom(t, address)
		io.WriteString(c, "CONNECT echo.example:7 HTTP/1.1\r\nHost: echo.example:7\r\n\r\n")
		var head [12]byte
		if _, err := io.ReadFull(c, head[:]); err != nil || !strings.HasPrefix(string(head[:]), "HTTP/1.1 ") {
			t.Fatalf("%q %v", head, err)
		}
		return int(head[9]-'0')*100 + int(head[10]-'0')*10 + int(head[11]-'0')
	}
	for i, c := range []struct {
		address string
		status  int
	}{
		{"127.0.0.1", 200}, {"127.0.0.1", 200}, {"127.0.0.1", 503},
		{"127.0.0.2", 200}, {"127.0.0.2", 200}, {"127.0.0.3", 503},
	} {
		if got := open(c.address); got != c.status {
			t.Errorf("%d, from %s: status %d, want %d", i, c.address, got, c.status)
		}
	}
	if counts.get("limit client_tunnels") != 1 || counts.get("limit tunnels") != 1 {
		t.Errorf("counted %v", counts.counts)
	}
}

// What many people have behind one address is bounded by what there is for all.
func TestManyPeopleOfOneAddressHaveMoreThanOneShare(t *testing.T) {
	server, arrived, release := patient(t)
	server.Hosts["echo.example:7"] = tcpServer(t, func(c net.Conn) { io.Copy(c, c); c.Close() })
	p, counts := crowded(t, Limits{Tunnels: 5, ClientTunnels: 1, Exchanges: 5, ClientExchanges: 1}, func(c *Config, _ *Dependencies) {
		c.SharedNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	}, server)
	p.decide = func(host, _ string) engine.TunnelDecision {
		if host == "echo.example" {
			return engine.Tunnel
		}
		return engine.Intercept
	}
	for i := range 6 {
		want := http.StatusOK
		if i == 5 {
			want = http.StatusServiceUnavailable
		}
		if _, resp := p.connect(t, "echo.example:7"); resp.StatusCode != want {
			t.Errorf("tunnel %d: %s", i, resp.Status)
		}
	}
	var asking []net.Conn
	for range 5 {
		c := p.openInner(t, "ai.example:443", "http/1.1")
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: ai.example\r\n\r\n")
		wait(t, arrived, "the exchange")
		asking = append(asking, c)
	}
	sixth := p.openInner(t, "ai.example:443", "http/1.1")
	io.WriteString(sixth, "GET / HTTP/1.1\r\nHost: ai.example\r\n\r\n")
	if got := statusOf(t, sixth); got != http.StatusServiceUnavailable {
		t.Errorf("one exchange too many: status %d", got)
	}
	release()
	for i, c := range asking {
		if got := statusOf(t, c); got != http.StatusOK {
			t.Errorf("exchange %d: status %d", i, got)
		}
	}
	for limit, want := range map[string]int{"tunnels": 1, "client_tunnels": 0, "exchanges": 1, "client_exchanges": 0} {
		if got := counts.get("limit " + limit); got != want {
			t.Errorf("%s is counted %d times, want %d", limit, got, want)
		}
	}
}
