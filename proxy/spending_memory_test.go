package proxy

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/fair"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
)

// startJudged starts a judging proxy whose clients name their address, in front of a
// server in plain HTTP, ai.example.
func startJudged(t *testing.T, snapshot Snapshot, limits Limits, server string) (*testProxy, *Judge, *events) {
	t.Helper()
	sink, counters := &events{}, metrics.New(metrics.Build{})
	snapshots := NewSnapshots(func() (Snapshot, error) { return snapshot, nil }, counters)
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	judge := NewJudge(JudgeOptions{Snapshots: snapshots, Metrics: counters, Events: sink, TempDir: t.TempDir(), Limits: limits})
	p, _ := startCrowd(t, func(c *Config, d *Dependencies) {
		c.Limits, d.Inspector = limits, judge
		c.Upstream.Hosts["ai.example:80"] = server
	})
	return p, judge, sink
}

// A client that begins bodies and lets none of them come takes no memory from others.
func TestBodiesThatDoNotComeLeaveMemoryToOthers(t *testing.T) {
	const limit, flood = 1 << 20, 300 // of which each takes 4 KiB at least
	for name, snapshot := range map[string]*policy{"held": holdMessages(), "observed": observeMessages()} {
		t.Run(name, func(t *testing.T) {
			address := tcpServer(t, func(c net.Conn) {
				c.Read(make([]byte, 4096))
				io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
				io.Copy(io.Discard, c)
			})
			p, judge, sink := startJudged(t, snapshot, Limits{InspectMemoryBytes: limit}, address)
			post := func(client string, length int, body string) net.Conn {
				c := p.dialAs(t, client)
				fmt.Fprintf(c, "POST http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", length, body)
				return c
			}
			for range flood {
				post("10.66.6.6", 10, "x")
			}
			share := judge.shares.of(fair.ClientOf("", netip.MustParseAddr("10.66.6.6")))
			if name == "observed" {
				share = judge.copies.of(fair.ClientOf("", netip.MustParseAddr("10.66.6.6")))
			}
			eventually(t, func() bool { return share.used.Load() > share.limit-2*smallestBuffer })
			if used := judge.memory.used.Load(); used > limit/4*3 {
				t.Errorf("one client uses %d of %d bytes", used, limit)
			}
			for range 10 {
				resp := readResponse(t, post("10.20.0.7", 5, "hello"))
				if resp.StatusCode != 200 {
					t.Errorf("status %d", resp.StatusCode)
				}
			}
			eventually(t, func() bool {
				sink.mu.Lock()
				defer sink.mu.Unlock()
				return len(of(sink.all, "10.20.0.7")) == 10
			})
			sink.mu.Lock()
			defer sink.mu.Unlock()
			for _, e := range of(sink.all, "10.20.0.7") {
				if e.Coverage.State != classifier.Complete || e.Verdict.Action == rules.Block {
					t.Errorf("a prompt of another client: %+v %+v", e.Coverage, e.Verdict)
				}
			}
		})
	}
}

func of(all []audit.Event, address string) (own []audit.Event) {
	for _, e := range all {
		if e.Client.Address == netip.MustParseAddr(address) {
			own = append(own, e)
		}
	}
	return own
}

func TestSharesOfClientsThatHaveGoneAreForgotten(t *testing.T) {
	s := newShares(&memory{limit: 1 << 20})
	used := s.of(fair.ClientOf("ana", netip.Addr{}))
	b := used.get(4096)
	for i := range 100000 {
		s.of(fair.ClientOf(fmt.Sprint(i), netip.Addr{}))
	}
	if len(s.parts) > 2*fewShares || s.of(fair.ClientOf("ana", netip.Addr{})) != used {
		t.Errorf("%d shares", len(s.parts))
	}
	used.put(b)
	if s.whole.used.Load() != 0 {
		t.Error("not given back")
	}
}
