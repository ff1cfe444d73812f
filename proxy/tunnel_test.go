package proxy

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"daylight.internal/rules/engine"
)

// tcpServer is a server of any protocol; serve has the connection to itself.
func tcpServer(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return l.Addr().String()
}

// withHost makes an authority lead to an address.
func withHost(authority, address string) func(*Config, *Dependencies) {
	return func(c *Config, _ *Dependencies) { c.Upstream.Hosts[authority] = address }
}

func always(d engine.TunnelDecision) func(string, string) engine.TunnelDecision {
	return func(string, string) engine.TunnelDecision { return d }
}

func TestATunnelPassesOnThatOneSideHasEnded(t *testing.T) {
	address := tcpServer(t, func(c net.Conn) {
		all, _ := io.ReadAll(c) // it answers only to the end of the question
		fmt.Fprintf(c, "%d bytes", len(all))
	})
	p := startProxy(t, withHost("echo.example:7", address))
	p.decide = always(engine.Tunnel)
	c := p.openTunnel(t, "echo.example:7")
	io.WriteString(c, "!question")
	closeWrite(c.(*replayConn).Conn)
	answer, err := io.ReadAll(c)
	if string(answer) != "9 bytes" || err != nil {
		t.Errorf("%q, %v", answer, err)
	}
	if r := p.lastTunnel(t, 1).report; r.Sent != 9 || r.Received != 7 || r.Err != "" {
		t.Errorf("report: %+v", r)
	}
}

func TestMuchDataGoesThroughATunnelWhole(t *testing.T) {
	const size = 8 << 20
	address := tcpServer(t, func(c net.Conn) { io.Copy(c, c) })
	p := startProxy(t, withHost("echo.example:7", address))
	p.decide = always(engine.Tunnel)
	c := p.openTunnel(t, "echo.example:7")
	go func() {
		io.Copy(c, io.LimitReader(neverEnding('!'), size))
		closeWrite(c.(*replayConn).Conn)
	}()
	n, err := io.Copy(io.Discard, c)
	if n != size || err != nil {
		t.Errorf("%d bytes came back, %v", n, err)
	}
	if r := p.lastTunnel(t, 1).report; r.Sent != size || r.Received != size {
		t.Errorf("report: %+v", r)
	}
}

type neverEnding byte

func (b neverEnding) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

// A client sees why there is no tunnel before it starts TLS: the server is
// dialled before the 200.
func TestATunnelIsDialledBeforeItIsPromised(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	p := startProxy(t, withHost("down.example:443", closed.Addr().String()))
	p.decide = always(engine.Tunnel)
	c, resp := p.connect(t, "down.example:443")
	rest, err := io.ReadAll(c)
	if resp.StatusCode != http.StatusBadGateway || err != nil {
		t.Errorf("%s %q %v", resp.Status, rest, err)
	}
	if r := p.lastTunnel(t, 1).report; r.Reason != "dial" || r.Err != "connection_refused" {
		t.Errorf("report: %+v", r)
	}
}

func TestARefusedConnectIsAnswered(t *testing.T) {
	p := startProxy(t, nil)
	p.decide = always(engine.Refuse)
	_, resp := p.connect(t, "bad.example:443")
	if resp.StatusCode != http.StatusForbidden || !resp.Close {
		t.Errorf("%s, close %v", resp.Status, resp.Close)
	}
	if r := p.lastTunnel(t, 1).report; r.Reason != "refused" {
		t.Errorf("report: %+v", r)
	}
}

func TestAConnectNeedsAHostAndAPort(t *testing.T) {
	p := startProxy(t, nil)
	for _, authority := range []string{"ai.example", "ai.example:", "ai.example:0", "ai.example:99999", ":443", "u@ai.example:443", "a..b:443", "/path", "[::1:443", "ai.example:+443"} {
		_, resp := p.connect(t, authority)
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("CONNECT %s: %s", authority, resp.Status)
		}
	}
}

func TestAnIdleTunnelEnds(t *testing.T) {
	t.Parallel()
	const idle = 2 * time.Second
	address := tcpServer(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	p := startProxy(t, func(c *Config, _ *Dependencies) {
		c.Upstream.Hosts["idle.example:7"] = address
		c.Limits.TunnelIdleTimeout = idle
	})
	p.decide = always(engine.Tunnel)
	for ends := 1; ; ends++ {
		c := p.openTunnel(t, "idle.example:7")
		sent, stalled := keepSaying(c, 2*idle, idle/8) // one direction keeps both open
		if _, err := io.ReadAll(c); err != nil {
			t.Error(err)
		}
		r := p.lastTunnel(t, 1).report
		if stalled > idle/2 && ends < 10 { // the machine did, and says nothing of the tunnel
			continue
		}
		if r.Err != "idle" || r.Sent != sent {
			t.Errorf("report: %+v, %d bytes were sent", r, sent)
		}
		return
	}
}

// keepSaying sends a byte at each pace for a time, and returns how many they were
// and the longest silence between two.
func keepSaying(c net.Conn, total, pace time.Duration) (sent int64, longest time.Duration) {
	begin := time.Now()
	for last := begin; time.Since(begin) < total; {
		time.Sleep(pace)
		longest, last = max(longest, time.Since(last)), time.Now()
		if _, err := io.WriteString(c, "!"); err == nil {
			sent++
		}
	}
	return sent, longest
}

func TestOnlySoManyTunnels(t *testing.T) {
	address := tcpServer(t, func(c net.Conn) { io.Copy(c, c) })
	counts := &counting{}
	p := startProxy(t, func(c *Config, d *Dependencies) {
		c.Upstream.Hosts["echo.example:7"] = address
		c.Limits.Tunnels = 1
		d.Counters = counts
	})
	p.decide = always(engine.Tunnel)
	first := p.openTunnel(t, "echo.example:7")
	if _, resp := p.connect(t, "echo.example:7"); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the second: %s", resp.Status)
	}
	if got := counts.get("limit tunnels"); got != 1 {
		t.Errorf("counted %d", got)
	}
	first.Close()
	p.wait(t, 2)
	p.openTunnel(t, "echo.example:7")
}
