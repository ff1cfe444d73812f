package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

// crowded starts a proxy with these limits, on which no head is ever too slow.
func crowded(t *testing.T, limits Limits, adjust func(*Config, *Dependencies), servers ...*proxytest.Server) (*testProxy, *counting) {
	t.Helper()
	counts := &counting{}
	limits.HeaderTimeout = time.Hour
	return startProxy(t, func(c *Config, d *Dependencies) {
		c.Limits, d.Counters = limits, counts
		if adjust != nil {
			adjust(c, d)
		}
	}, servers...), counts
}

// leaveIdle sets for how long an idle connection is left alone.
func (p *testProxy) leaveIdle(grace time.Duration) {
	p.admission.mu.Lock()
	defer p.admission.mu.Unlock()
	p.admission.grace = grace
}

// dialFrom connects as a client with an address of its own.
func (p *testProxy) dialFrom(t *testing.T, address string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	c, err := d.Dial("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(patience))
	return c
}

// askOwn asks for a page of the proxy itself.
func askOwn(c net.Conn) {
	io.WriteString(c, "GET http://daylight.internal/ HTTP/1.1\r\nHost: daylight.internal\r\n\r\n")
}

const ownAnswer = http.StatusNotFound // there are no pages

// statusOf returns that of the next answer on a connection.
func statusOf(t *testing.T, c net.Conn) int {
	t.Helper()
	return readResponse(t, c).StatusCode
}

// occupy takes places that are not given back: half of a head was sent on them.
func (p *testProxy) occupy(t *testing.T, address string, connections int) (held []net.Conn) {
	t.Helper()
	for range connections {
		c := p.dialFrom(t, address)
		io.WriteString(c, "GET http://daylight.internal/ HTTP/1.1\r\n")
		held = append(held, c)
	}
	eventually(t, func() bool {
		p.admission.mu.Lock()
		defer p.admission.mu.Unlock()
		client := p.admission.clients[clientNetwork(netip.MustParseAddr(address))]
		return client != nil && client.open == connections && client.idle.Len() == 0
	})
	return held
}

func (a *admission) waits() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.waiting)
}

func (p *testProxy) awaitWaiting(t *testing.T, n int) {
	t.Helper()
	eventually(t, func() bool { return p.admission.waits() == n })
}

// mustBeEmpty waits until every place was given back.
func (p *testProxy) mustBeEmpty(t *testing.T) {
	t.Helper()
	eventually(t, func() bool {
		a := p.admission
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.open == 0 && len(a.waiting) == 0 && a.turning == 0 && len(a.clients) == 0 && a.idle.Len() == 0 &&
			a.held.Load() == 0 && p.relays.inUse() == 0 && p.carried.inUse() == 0
	})
}

func TestConnectionsBeyondTheLimitWaitAndComeInInOrder(t *testing.T) {
	p, counts := crowded(t, Limits{Connections: 1, ConnectionWait: time.Hour}, nil)
	p.leaveIdle(time.Hour)
	before := p.occupy(t, "127.0.0.1", 1)[0]
	var waiting []net.Conn
	for i := range 4 {
		c := p.dialFrom(t, fmt.Sprintf("127.0.0.%d", 2+i))
		askOwn(c)
		p.awaitWaiting(t, i+1)
		waiting = append(waiting, c)
	}
	for i, c := range waiting {
		if got := p.admission.waits(); got != 4-i {
			t.Fatalf("%d wait, want %d", got, 4-i)
		}
		before.Close()
		if got := statusOf(t, c); got != ownAnswer { // any other would have been answered instead
			t.Fatalf("number %d: status %d", i, got)
		}
		before = c
	}
	before.Close()
	p.mustBeEmpty(t)
	if counts.get("limit connections") != 4 || counts.get("limit connection_queue") != 0 || counts.get("refused connections") != 0 {
		t.Errorf("counted %v", counts.counts)
	}
}

func TestWhoWaitsTooLongIsToldToComeAgain(t *testing.T) {
	p, counts := crowded(t, Limits{Connections: 1, ConnectionWait: 50 * time.Millisecond}, nil)
	p.occupy(t, "127.0.0.1", 1)
	c := p.dialFrom(t, "127.0.0.2")
	askOwn(c)
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") != retryAfter {
		t.Fatalf("%v %v", resp, err)
	}
	if body, err := io.ReadAll(resp.Body); err != nil || len(body) != int(resp.ContentLength) {
		t.Errorf("%q %v", body, err)
	}
	if counts.get("limit connection_wait") != 1 || counts.get("refused connections") != 1 {
		t.Errorf("counted %v", counts.counts)
	}
}

func TestOneClientCannotFillTheQueue(t *testing.T) {
	p, counts := crowded(t, Limits{Connections: 1, ClientConnections: 100, ConnectionQueue: 4, ConnectionWait: time.Hour}, nil)
	p.leaveIdle(time.Hour)
	inside := p.occupy(t, "127.0.0.1", 1)[0]
	var greedy []net.Conn
	for i := range 4 {
		greedy = append(greedy, p.dialFrom(t, "127.0.0.2"))
		askOwn(greedy[i])
		p.awaitWaiting(t, i+1)
	}
	fifth := p.dialFrom(t, "127.0.0.2")
	askOwn(fifth)
	if got := statusOf(t, fifth); got != http.StatusServiceUnavailable {
		t.Errorf("one more than the queue holds: status %d", got)
	}
	other := p.dialFrom(t, "127.0.0.3")
	askOwn(other)
	if got := statusOf(t, greedy[3]); got != http.StatusServiceUnavailable {
		t.Errorf("the newest of the client with the most: status %d", got)
	}
	for i, c := range []net.Conn{greedy[0], other, greedy[1], greedy[2]} { // they take turns
		inside.Close()
		if got := statusOf(t, c); got != ownAnswer {
			t.Fatalf("number %d: status %d", i, got)
		}
		inside = c
	}
	if counts.get("limit connection_queue") != 2 {
		t.Errorf("counted %v", counts.counts)
	}
}

func TestOneClientHasNoMoreThanItsShareOfTheConnections(t *testing.T) {
	p, counts := crowded(t, Limits{Connections: 400}, nil)
	p.occupy(t, "127.0.0.1", 200) // by default, half
	for range 50 {
		c := p.dialFrom(t, "127.0.0.1")
		askOwn(c)
		if got := statusOf(t, c); got != http.StatusServiceUnavailable {
			t.Fatalf("status %d", got)
		}
	}
	other := p.dialFrom(t, "127.0.0.2")
	askOwn(other)
	if got := statusOf(t, other); got != ownAnswer {
		t.Errorf("another client: status %d", got)
	}
	if counts.get("limit client_connections") != 50 || counts.get("limit connections") != 0 {
		t.Errorf("counted %v", counts.counts)
	}
}

// Those who wait count, and what a client leaves idle makes room for itself first.
func TestTheShareOfAClientHoldsInTheQueueToo(t *testing.T) {
	p, counts := crowded(t, Limits{Connections: 2, ClientConnections: 2, ConnectionWait: time.Hour}, nil)
	p.leaveIdle(0)
	p.occupy(t, "127.0.0.1", 2)
	for i := range 2 {
		askOwn(p.dialFrom(t, "127.0.0.2"))
		p.awaitWaiting(t, i+1)
	}
	third := p.dialFrom(t, "127.0.0.2")
	askOwn(third)
	if got := statusOf(t, third); got != http.StatusServiceUnavailable {
		t.Errorf("one too many: status %d", got)
	}
	if counts.get("limit client_connections") != 1 || p.admission.waits() != 2 {
		t.Errorf("%d wait, counted %v", p.admission.waits(), counts.counts)
	}
}

func TestAClientMakesRoomForItself(t *testing.T) {
	p, counts := crowded(t, Limits{Connections: 9, ClientConnections: 1}, nil)
	p.leaveIdle(0)
	idle := p.dialFrom(t, "127.0.0.1")
	for range 3 {
		askOwn(idle)
		if got := statusOf(t, idle); got != ownAnswer {
			t.Fatalf("status %d", got)
		}
		eventually(t, func() bool {
			p.admission.mu.Lock()
			defer p.admission.mu.Unlock()
			return p.admission.idle.Len() == 1
		})
		next := p.dialFrom(t, "127.0.0.1")
		if _, err := idle.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("the one before: %v", err)
		}
		idle = next
	}
	if counts.get("limit client_connections") != 3 || counts.get("refused connections") != 0 {
		t.Errorf("counted %v", counts.counts)
	}
}

// Connections that have not said yet whose they are take room as well.
func TestConnectionsOfNobodyAreBounded(t *testing.T) {
	const connections, queue = 2, 3
	p, counts := crowded(t, Limits{Connections: connections, ConnectionQueue: queue, ConnectionWait: time.Hour}, func(c *Config, _ *Dependencies) {
		c.ProxyProtocolFrom = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	for range connections + 2*queue {
		p.dial(t)
	}
	if got := statusOf(t, p.dial(t)); got != http.StatusServiceUnavailable {
		t.Errorf("one too many: status %d", got)
	}
	if counts.get("limit connection_queue") != 1 {
		t.Errorf("counted %v", counts.counts)
	}
}

func TestManyPeopleMayShareAnAddress(t *testing.T) {
	p, _ := crowded(t, Limits{Connections: 20, ClientConnections: 2}, func(c *Config, _ *Dependencies) {
		c.SharedNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	p.occupy(t, "127.0.0.1", 10)
	c := p.dialFrom(t, "127.0.0.1")
	askOwn(c)
	if got := statusOf(t, c); got != ownAnswer {
		t.Errorf("status %d", got)
	}
}

// The client is whom the PROXY header names; the balancer is no client.
func TestTheShareIsOfTheClientThatABalancerNames(t *testing.T) {
	p, _ := crowded(t, Limits{Connections: 100, ClientConnections: 2}, func(c *Config, _ *Dependencies) {
		c.ProxyProtocolFrom = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	ask := func(header string) (net.Conn, int) {
		c := p.dial(t)
		io.WriteString(c, header)
		askOwn(c)
		return c, statusOf(t, c)
	}
	busy := func(header string) {
		c, _ := ask(header)
		io.WriteString(c, "GET http://daylight.internal/ HTTP/1.1\r\n")
		eventually(t, func() bool {
			p.admission.mu.Lock()
			defer p.admission.mu.Unlock()
			return p.admission.idle.Len() == 0
		})
	}
	from := func(address string) string { return "PROXY TCP4 " + address + " 127.0.0.1 4711 8080\r\n" }
	from6 := func(address string) string { return "PROXY TCP6 " + address + " ::1 4711 8080\r\n" }
	for range 2 {
		busy(from("10.20.0.7"))
		busy(from6("2001:db8:0:1::7"))
	}
	for range 5 {
		busy("PROXY UNKNOWN\r\n")
	}
	for _, c := range []struct {
		name, header string
		status       int
	}{
		{"a third connection of an address", from("10.20.0.7"), http.StatusServiceUnavailable},
		{"its neighbour", from("10.20.0.8"), ownAnswer},
		{"another address of the same /64", from6("2001:db8:0:1:ffff::1"), http.StatusServiceUnavailable},
		{"the next /64", from6("2001:db8:0:2::7"), ownAnswer},
		{"the same address, mapped into IPv6", from6("::ffff:10.20.0.7"), http.StatusServiceUnavailable},
		{"the balancer itself", "PROXY UNKNOWN\r\n", ownAnswer},
	} {
		if conn, got := ask(c.header); got != c.status {
			t.Errorf("%s: status %d, want %d", c.name, got, c.status)
		} else {
			conn.Close()
		}
	}
}

func TestTheLongestIdleConnectionMakesRoom(t *testing.T) {
	p, counts := crowded(t, Limits{Connections: 3, ClientConnections: 3, ConnectionWait: time.Hour}, nil)
	p.leaveIdle(0)
	working := p.occupy(t, "127.0.0.1", 1)[0]
	var idle []net.Conn
	for i := range 2 {
		c := p.dialFrom(t, "127.0.0.1")
		askOwn(c)
		if got := statusOf(t, c); got != ownAnswer {
			t.Fatalf("status %d", got)
		}
		idle = append(idle, c)
		eventually(t, func() bool {
			p.admission.mu.Lock()
			defer p.admission.mu.Unlock()
			return p.admission.idle.Len() == i+1
		})
	}
	newcomer := p.dialFrom(t, "127.0.0.2")
	askOwn(newcomer)
	if got := statusOf(t, newcomer); got != ownAnswer {
		t.Errorf("the newcomer: status %d", got)
	}
	if _, err := idle[0].Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the longest idle: %v", err)
	}
	askOwn(idle[1])
	if got := statusOf(t, idle[1]); got != ownAnswer {
		t.Errorf("the other: status %d", got)
	}
	io.WriteString(working, "Host: daylight.internal\r\n\r\n")
	if got := statusOf(t, working); got != ownAnswer {
		t.Errorf("the one with half of a head: status %d", got)
	}
	if counts.get("limit connections") != 1 || counts.get("refused connections") != 0 {
		t.Errorf("counted %v", counts.counts)
	}
}

// A connection is left alone for a while behind its last request; who needs its place
// waits for so long, and no longer.
func TestAConnectionIsIdleForAWhileBeforeItMakesRoom(t *testing.T) {
	p, _ := crowded(t, Limits{Connections: 1, ConnectionWait: time.Hour}, nil)
	p.leaveIdle(time.Hour)
	first := p.dialFrom(t, "127.0.0.1")
	askOwn(first)
	if got := statusOf(t, first); got != ownAnswer {
		t.Fatalf("status %d", got)
	}
	newcomer := p.dialFrom(t, "127.0.0.2")
	askOwn(newcomer)
	p.awaitWaiting(t, 1)
	askOwn(first)
	if got := statusOf(t, first); got != ownAnswer {
		t.Errorf("the first, while another waits: status %d", got)
	}
	p.admission.mu.Lock()
	p.admission.grace, p.admission.armed = 50*time.Millisecond, false // the timer was set for the hour
	p.admission.mu.Unlock()
	askOwn(first)
	if got := statusOf(t, first); got != ownAnswer {
		t.Errorf("the first: status %d", got)
	}
	if got := statusOf(t, newcomer); got != ownAnswer {
		t.Errorf("the newcomer: status %d", got)
	}
	if _, err := first.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the first: %v", err)
	}
}
