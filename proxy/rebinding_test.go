package proxy

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
)

// rebinding is a proxy for which one loopback address, 127.0.0.1, stands for the
// public internet, and another one, 127.0.0.2, for what must not be reached. A
// server listens on both, on the same port.
type rebinding struct {
	*testProxy
	names   *nameServer
	port    string
	secrets atomic.Int64 // connections to what must not be reached
}

const (
	public = "127.0.0.1"
	secret = "127.0.0.2"
)

func startRebinding(t *testing.T, answers func(name string, nth int) []string) *rebinding {
	t.Helper()
	b := &rebinding{names: startNameServer(t, answers)}
	server := b.serverOnBoth(t)
	b.port = strconv.Itoa(server.Listener.Addr().(*net.TCPAddr).Port)
	b.testProxy = startProxy(t, func(c *Config, _ *Dependencies) {
		c.Upstream.resolver = b.names.resolver()
		c.Upstream.CAFile = server.CAFile
		c.Upstream.Hosts = nil
		c.Upstream.AllowNetworks = []netip.Prefix{netip.MustParsePrefix(public + "/32")}
	})
	return b
}

// serverOnBoth starts the server that may be reached, and beside it what only counts.
func (b *rebinding) serverOnBoth(t *testing.T) *proxytest.Server {
	t.Helper()
	for range 100 {
		server := proxytest.NewServer(t, text("public"), "rebind.example")
		_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
		l, err := net.Listen("tcp", net.JoinHostPort(secret, port))
		if err != nil {
			continue // somebody has the port there
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				b.secrets.Add(1)
				c.Close()
			}
		}()
		return server
	}
	t.Fatal("no port is free on both addresses")
	return nil
}

// ways are the ways by which a client makes the proxy dial rebind.example. Each
// returns the status that the client sees.
func (b *rebinding) ways() map[string]func(*testing.T) int {
	authority := "rebind.example:" + b.port
	exchange := func(t *testing.T, c net.Conn, format string, args ...any) int {
		t.Helper()
		fmt.Fprintf(c, format, args...)
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode
	}
	tunnel := func(t *testing.T) int {
		c, resp := b.connect(t, authority)
		if resp.StatusCode != http.StatusOK {
			return resp.StatusCode
		}
		secure := tls.Client(c, &tls.Config{InsecureSkipVerify: true})
		return exchange(t, secure, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", authority)
	}
	return map[string]func(*testing.T) int{
		"plain": func(t *testing.T) int {
			return exchange(t, b.dial(t), "GET http://%s/ HTTP/1.1\r\nHost: %[1]s\r\n\r\n", authority)
		},
		"CONNECT, HTTP/1.1": func(t *testing.T) int {
			return exchange(t, b.openInner(t, authority, "http/1.1"), "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", authority)
		},
		"CONNECT, HTTP/2": func(t *testing.T) int {
			fields := [][2]string{{":method", "POST"}, {":scheme", "https"}, {":authority", authority}, {":path", "/"}}
			status, _ := strconv.Atoi(h2Exchange(t, b.openInner(t, authority, "h2"), fields, "an upload"))
			return status
		},
		"CONNECT to an address, name in the SNI": func(t *testing.T) int {
			return exchange(t, b.openInnerAs(t, "93.184.216.34:"+b.port, "rebind.example", "http/1.1"), "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", authority)
		},
		"WebSocket": func(t *testing.T) int {
			return exchange(t, b.openInner(t, authority, "http/1.1"), "GET / HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n", authority)
		},
		"tunnel": func(t *testing.T) int {
			b.decide = always(engine.Tunnel)
			defer func() { b.decide = nil }()
			return tunnel(t)
		},
	}
}

// reached tells whether the server that may be reached was: it speaks TLS, which the plain way
// learns by a 400.
func reached(way string, status int) bool {
	return status == http.StatusOK || way == "plain" && status == http.StatusBadRequest
}

// A name that is public when it is looked up first, and leads inside the next time.
func TestANameThatChangesItsAddressReachesNothingForbidden(t *testing.T) {
	var rebound atomic.Bool // by the test, between two exchanges
	b := startRebinding(t, func(string, int) []string {
		if rebound.Load() {
			return []string{secret}
		}
		return []string{public}
	})
	for name, way := range b.ways() {
		t.Run(name, func(t *testing.T) {
			if status := way(t); !reached(name, status) {
				t.Fatalf("before: %d", status)
			}
			b.transport.CloseIdleConnections()
			rebound.Store(true)
			defer rebound.Store(false)
			if status := way(t); status != http.StatusForbidden {
				t.Errorf("after: %d", status)
			}
		})
	}
	if n := b.secrets.Load(); n > 0 {
		t.Errorf("%d connections to what must not be reached", n)
	}
	if n := b.names.questions("rebind.example"); n < 2*len(b.ways()) {
		t.Errorf("the name was looked up %d times only: the test shows nothing", n)
	}
}

// Of the addresses of a name those are used that may be: who answers with others too
// gains nothing by it, and sites with a stray address work.
func TestOfMixedAnswersTheGoodOneIsDialled(t *testing.T) {
	for _, answers := range [][]string{
		{secret, public},
		{public, secret},
		{public, "::1"},
		{public, "::ffff:" + secret},
		{public, "64:ff9b::7f00:2", "fe80::1"},
	} {
		t.Run(strings.Join(answers, " "), func(t *testing.T) {
			b := startRebinding(t, func(string, int) []string { return answers })
			for name, way := range b.ways() {
				b.transport.CloseIdleConnections()
				if status := way(t); !reached(name, status) {
					t.Errorf("%s: %d", name, status)
				}
			}
			if n := b.secrets.Load(); n > 0 {
				t.Errorf("%d connections to what must not be reached", n)
			}
		})
	}
}

// Every spelling in which the DNS can hand out what must not be reached.
func TestANameThatLeadsInsideIsRefusedInEverySpelling(t *testing.T) {
	spellings := []string{
		secret, "::ffff:" + secret, "::1", "::", "0.0.0.0", "::127.0.0.2", "64:ff9b::7f00:2", "64:ff9b:1::7f00:2", "2002:7f00:2::1",
		"2001:0:5db8:d822::80ff:fffd", "fe80::1", "fec0::1", "fd00:ec2::254", "169.254.169.254", "100.100.100.200", "168.63.129.16",
		"10.0.0.1", "255.255.255.255", "224.0.0.1", "ff02::1",
	}
	var answer atomic.Pointer[string]
	b := startRebinding(t, func(string, int) []string { return []string{*answer.Load()} })
	for _, spelling := range spellings {
		answer.Store(&spelling)
		for name, way := range b.ways() {
			if status := way(t); status != http.StatusForbidden {
				t.Errorf("%s by %s: %d", spelling, name, status)
			}
		}
	}
	if n := b.secrets.Load(); n > 0 {
		t.Errorf("%d connections to what must not be reached", n)
	}
}

// What a connection was opened for stays what it is for: a connection that is kept was
// dialled to an address that was checked, and a new look at the DNS moves nothing.
func TestAKeptConnectionIsToTheAddressThatWasChecked(t *testing.T) {
	var rebound atomic.Bool
	b := startRebinding(t, func(string, int) []string {
		if rebound.Load() {
			return []string{secret}
		}
		return []string{public}
	})
	way := b.ways()["CONNECT, HTTP/1.1"]
	way(t)
	rebound.Store(true)
	if status := way(t); status != http.StatusOK || b.secrets.Load() > 0 {
		t.Errorf("%d", status)
	}
	if b.names.questions("rebind.example") != 1 {
		t.Error("the connection was not kept: the test shows nothing")
	}
}

// Spellings of addresses that a resolver, a parent or a URL parser may read as one.
func TestOddSpellingsOfForbiddenAddressesAreRefused(t *testing.T) {
	b := startRebinding(t, func(string, int) []string { return []string{secret} })
	hosts := []string{
		"2130706434", "0177.0.0.2", "0x7f.2", "0x7f.0.0.2", "0x7f000002", "017700000002", "127.2", "127.0.2", "127.0.0.02", "127.0.0.2.", "127.0.0.2..",
		"127。0。0。2", "１２７.0.0.2", "①②⑦.0.0.2", "127%2e0%2e0%2e2", "%31%32%37.0.0.2", "[::ffff:127.0.0.2]", "[::FFFF:7F00:2]", "[0:0:0:0:0:ffff:127.0.0.2]",
		"[::127.0.0.2]", "[fe80::1%25lo]", "[::1%25lo]", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.2%00.example", "127.0.0.2\\.example", "rebind.example@127.0.0.2", "127.0.0.2#.rebind.example",
	}
	for _, host := range hosts {
		for _, head := range []string{
			"GET http://%s:%s/ HTTP/1.1\r\nHost: x\r\n\r\n",
			"CONNECT %s:%s HTTP/1.1\r\nHost: %[1]s:%[2]s\r\n\r\n",
		} {
			c := b.dial(t)
			fmt.Fprintf(c, head, host, b.port)
			status := 0
			if resp, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: strings.Fields(head)[0]}); err == nil {
				status = resp.StatusCode
			}
			if status == http.StatusOK { // a CONNECT is dialled for what comes in it
				fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s:%s\r\n\r\n", host, b.port)
				if resp, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil {
					status = resp.StatusCode
				}
			}
			if status != http.StatusForbidden && status != http.StatusBadRequest {
				t.Errorf("%q: %d", fmt.Sprintf(head, host, b.port), status)
			}
		}
	}
	if n := b.secrets.Load(); n > 0 {
		t.Errorf("%d connections to what must not be reached", n)
	}
}

// A server that sends the client elsewhere sends the client, not us.
func TestARedirectIsTheClientsBusiness(t *testing.T) {
	other := make(chan string, 100)
	inside := tcpServer(t, func(c net.Conn) { other <- "asked"; io.Copy(io.Discard, c) })
	server := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, _ := strconv.Atoi(r.URL.Path[1:])
		w.Header().Set("Location", "http://inside.example/reload")
		w.Header().Set("Refresh", "0;url=http://inside.example/")
		w.WriteHeader(status)
	}), "ai.example")
	p := startProxy(t, withHost("inside.example:80", inside), server)
	client := p.client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, status := range []int{300, 301, 302, 303, 307, 308, 201} {
		resp, _ := send(t, client, http.MethodPost, "https://ai.example/"+strconv.Itoa(status), "x")
		if resp.StatusCode != status || resp.Header.Get("Location") != "http://inside.example/reload" {
			t.Errorf("%d became %d with %q", status, resp.StatusCode, resp.Header.Get("Location"))
		}
	}
	if len(other) > 0 {
		t.Error("the proxy followed")
	}
}
