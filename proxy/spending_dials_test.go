package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// blackHole returns an address that answers no connection: its queue of those that wait
// to be accepted is full.
func blackHole(t *testing.T) string {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
	for range 4 { // one fills the queue; what does not get through shows that it is full
		c, err := net.DialTimeout("tcp", address, 200*time.Millisecond)
		if err != nil {
			return address
		}
		t.Cleanup(func() { c.Close() })
	}
	t.Skip("this system queues more connections than it was told to")
	return ""
}

// underWay returns how many connections are being made or waited for, for all clients.
func (d *dials) underWay() (making, wanted int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, own := range d.open {
		making, wanted = making+len(own.slots), wanted+own.users
	}
	return making, wanted
}

func TestAClientMakesOnlySoManyConnectionsAtOnce(t *testing.T) {
	hole := blackHole(t)
	alive := tcpServer(t, func(c net.Conn) { io.Copy(c, c) })
	p, hits := startCrowd(t, func(c *Config, _ *Dependencies) {
		c.Limits.DialsPerClient = 8
		c.Limits.DialTimeout = 5 * time.Second
		c.Upstream.Hosts["dead.example:7"] = hole
		c.Upstream.Hosts["alive.example:7"] = alive
	})
	p.decide = always(engine.Tunnel)
	const flood = 40
	conns := make([]net.Conn, flood)
	for i := range conns {
		conns[i] = p.dialAs(t, "10.66.6.6")
		fmt.Fprint(conns[i], "CONNECT dead.example:7 HTTP/1.1\r\nHost: dead.example:7\r\n\r\n")
	}
	eventually(t, func() bool { _, wanted := p.dialer.dials.underWay(); return wanted == flood })
	if making, _ := p.dialer.dials.underWay(); making != 8 {
		t.Errorf("%d connections are being made", making)
	}
	other := p.tunnelAs(t, "10.20.0.7", "alive.example:7") // waits for nobody
	io.WriteString(other, "x")
	if n, err := other.Read(make([]byte, 1)); n != 1 {
		t.Error(err)
	}
	answers := map[int]int{}
	for _, c := range conns {
		c.SetReadDeadline(time.Now().Add(patience))
		resp, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: http.MethodConnect})
		if err != nil {
			t.Fatal(err)
		}
		answers[resp.StatusCode]++
		if after := resp.Header.Get("Retry-After"); resp.StatusCode == http.StatusServiceUnavailable && after == "" {
			t.Error("503 without Retry-After")
		}
	}
	if answers[http.StatusServiceUnavailable]+answers[http.StatusGatewayTimeout] != flood || answers[http.StatusServiceUnavailable] == 0 {
		t.Errorf("the answers: %v", answers)
	}
	if got := hits.get("limit dials_per_client"); got != flood-8 {
		t.Errorf("the limit is counted %d times, want %d", got, flood-8)
	}
	if making, wanted := p.dialer.dials.underWay(); making+wanted > 0 {
		t.Errorf("%d of %d are left", making, wanted)
	}
}

// The same of requests: those of one client to servers that are dead wait behind themselves.
func TestRequestsToDeadServersKeepNobodyElsesWaiting(t *testing.T) {
	hole := blackHole(t)
	p, _ := startCrowd(t, func(c *Config, _ *Dependencies) {
		c.Limits.DialsPerClient = 8
		c.Limits.DialTimeout = time.Hour
		c.Upstream.Hosts["dead.example:80"] = hole
		c.Upstream.Hosts["alive.example:80"] = tcpServer(t, answer)
	})
	for range 20 {
		fmt.Fprint(p.dialAs(t, "10.66.6.6"), "GET http://dead.example/ HTTP/1.1\r\nHost: dead.example\r\n\r\n")
	}
	eventually(t, func() bool { _, wanted := p.dialer.dials.underWay(); return wanted == 20 })
	if making, _ := p.dialer.dials.underWay(); making != 8 {
		t.Errorf("%d connections are being made", making)
	}
	other := p.dialAs(t, "10.20.0.7")
	fmt.Fprint(other, "GET http://alive.example/ HTTP/1.1\r\nHost: alive.example\r\n\r\n")
	if got := statusOf(t, other); got != http.StatusOK {
		t.Errorf("another client: status %d", got)
	}
}

// Whoever takes a request back takes back the connection that was being made for it.
func TestARequestThatIsTakenBackLeavesNoDial(t *testing.T) {
	hole := blackHole(t)
	p, _ := startCrowd(t, func(c *Config, _ *Dependencies) {
		c.Limits.DialTimeout = time.Hour
		c.Upstream.Hosts["dead.example:443"] = hole
	})
	conn := p.tlsAs(t, "10.66.6.6", "dead.example", "h2")
	h2 := newRawH2(t, conn)
	for round := range 5 {
		first := uint32(1 + 2*20*round)
		for i := range uint32(20) {
			h2.request(t, first+2*i, "dead.example", true)
		}
		h2.flush(t)
		eventually(t, func() bool { _, wanted := p.dialer.dials.underWay(); return wanted == 20 })
		for i := range uint32(20) {
			h2.framer.WriteRSTStream(first+2*i, http2.ErrCodeCancel)
		}
		h2.flush(t)
		eventually(t, func() bool { making, wanted := p.dialer.dials.underWay(); return making+wanted == 0 })
	}
	p.wait(t, 100)
}

// Many people behind one address are no flood when one server of theirs is dead.
func TestManyPeopleOfOneAddressMakeTheirConnections(t *testing.T) {
	hole := blackHole(t)
	p, hits := startCrowd(t, func(c *Config, _ *Dependencies) {
		c.Limits.DialsPerClient = 8
		c.Limits.DialTimeout = 2 * time.Second
		c.SharedNetworks = []netip.Prefix{netip.MustParsePrefix("10.66.6.0/24")}
		c.Upstream.Hosts["dead.example:7"] = hole
		c.Upstream.Hosts["alive.example:7"] = tcpServer(t, func(c net.Conn) { io.Copy(c, c) })
	})
	p.decide = always(engine.Tunnel)
	for range 40 {
		fmt.Fprint(p.dialAs(t, "10.66.6.6"), "CONNECT dead.example:7 HTTP/1.1\r\nHost: dead.example:7\r\n\r\n")
	}
	eventually(t, func() bool { return p.relays.inUse() == 40 })
	begun := time.Now()
	p.tunnelAs(t, "10.66.6.6", "alive.example:7")
	if took := time.Since(begun); took > time.Second || hits.get("limit dials_per_client") > 0 {
		t.Errorf("a living server took %v; the limit was counted %d times", took, hits.get("limit dials_per_client"))
	}
}

// Whoever has signed in is one client, wherever that was.
func TestAPersonBehindASharedAddressMakesOnlySoManyConnections(t *testing.T) {
	hole := blackHole(t)
	p, _ := startCrowd(t, func(c *Config, d *Dependencies) {
		c.Limits.DialsPerClient = 8
		c.Limits.DialTimeout = time.Hour
		c.SharedNetworks = []netip.Prefix{netip.MustParsePrefix("10.66.6.0/24")}
		c.Upstream.Hosts["dead.example:7"] = hole
		d.Identify = func(r *http.Request) (rules.Client, *http.Response) {
			return rules.Client{Address: clientAddress(r), User: "ana"}, nil
		}
	})
	p.decide = always(engine.Tunnel)
	for i := range 20 {
		fmt.Fprint(p.dialAs(t, fmt.Sprintf("10.66.6.%d", i)), "CONNECT dead.example:7 HTTP/1.1\r\nHost: dead.example:7\r\n\r\n")
	}
	eventually(t, func() bool { _, wanted := p.dialer.dials.underWay(); return wanted == 20 })
	if making, _ := p.dialer.dials.underWay(); making != 8 {
		t.Errorf("%d connections are being made", making)
	}
}

// Who had to wait for the dial is still told how it ended.
func TestADialThatTakesLongerThanAHeadIsAnswered(t *testing.T) {
	hole := blackHole(t)
	p, _ := startCrowd(t, func(c *Config, _ *Dependencies) {
		c.Limits.HeaderTimeout = 300 * time.Millisecond
		c.Limits.DialTimeout = time.Second
		c.Upstream.Hosts["dead.example:7"] = hole
	})
	p.decide = always(engine.Tunnel)
	c := p.dialAs(t, "10.66.6.6")
	fmt.Fprint(c, "CONNECT dead.example:7 HTTP/1.1\r\nHost: dead.example:7\r\n\r\n")
	c.SetReadDeadline(time.Now().Add(patience))
	resp, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: http.MethodConnect})
	if err != nil || resp.StatusCode != http.StatusGatewayTimeout {
		t.Errorf("%v, %v", resp, err)
	}
}
