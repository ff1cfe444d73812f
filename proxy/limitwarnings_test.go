package proxy

import (
	"context"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"daylight.internal/rules"
)

func TestAFloodOfClientsAtTheirLimitMakesFewWarnings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told := make(chan ClientAtLimit, 10_000)
		w := &limitWarnings{warn: func(c ClientAtLimit) { told <- c }}
		flood := func() {
			for i := range 1000 {
				client := rules.Client{Address: netip.AddrFrom4([4]byte{10, 0, byte(i % 100), 1})}
				w.reached(client, "client_connections", 7)
				w.reached(client, "client_tunnels", 5)
			}
			synctest.Wait()
		}
		lines := func() map[ClientAtLimit]int {
			each := map[ClientAtLimit]int{}
			for len(told) > 0 {
				each[<-told]++
			}
			return each
		}
		mustTell := func(when string, want int) {
			t.Helper()
			limits := map[string]int{}
			for c, lines := range lines() {
				if limits[c.Limit]++; lines != 1 {
					t.Errorf("%s: %d lines for %+v", when, lines, c)
				}
			}
			if limits["client_connections"] != want || limits["client_tunnels"] != want {
				t.Errorf("%s: warned of %v clients, want %d for each limit", when, limits, want)
			}
		}
		flood()
		mustTell("at first", warnedClients)
		time.Sleep(limitWarningTime - time.Second)
		flood()
		mustTell("within the hour", 0)
		time.Sleep(time.Second)
		flood()
		mustTell("an hour later", warnedClients)
	})
}

// A log that stands still keeps nobody waiting, and one that fails costs its line.
func TestWarningsKeepNobodyWaiting(t *testing.T) {
	stuck := make(chan struct{})
	defer close(stuck)
	w := &limitWarnings{warn: func(c ClientAtLimit) {
		if c.Limit == "client_tunnels" {
			panic("no log")
		}
		<-stuck
	}}
	for i := range byte(2 * warnedClients) { // ends, or the test does not
		client := rules.Client{Address: netip.AddrFrom4([4]byte{10, 0, 0, i})}
		w.reached(client, "client_connections", 1)
		w.reached(client, "client_tunnels", 1)
	}
}

func TestWhoReachesALimitPerClientIsToldOf(t *testing.T) {
	told := make(chan ClientAtLimit, 100)
	p, _ := crowded(t, Limits{ClientConnections: 1, ClientExchanges: 2, ClientTunnels: 3, DialsPerClient: 4}, func(c *Config, d *Dependencies) {
		c.SharedNetworks = []netip.Prefix{netip.MustParsePrefix("10.9.0.0/16")}
		d.WarnOfClient = func(c ClientAtLimit) { told <- c }
	})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	ways := []struct {
		limit string
		value int
		take  func(rules.Client)
	}{
		{"client_connections", 1, func(c rules.Client) {
			if c.User == "" { // a connection is of nobody yet
				p.admission.begin(newSlot(), clientNetwork(c.Address), contains(p.shared, c.Address), func() {})
			}
		}},
		{"client_exchanges", 2, func(c rules.Client) { p.carried.take(c) }},
		{"client_tunnels", 3, func(c rules.Client) { p.relays.take(c) }},
		{"dials_per_client", 4, func(c rules.Client) { _, _ = p.dialer.dials.enter(ended, c) }},
	}
	for _, way := range ways {
		for _, who := range []struct {
			client, user string
			network      string // "" when nobody is told
		}{
			{"10.9.0.1", "", ""}, // shared
			{"10.0.0.1", "", "10.0.0.1/32"},
			{"2001:db8::1", "", "2001:db8::/64"},
			{"10.9.0.1", "ana", "10.9.0.1/32"},
		} {
			client := rules.Client{Address: netip.MustParseAddr(who.client), User: who.user}
			for range way.value {
				way.take(client)
			}
			if len(told) != 0 {
				t.Fatalf("%s, %s: told of one who keeps to the limit: %+v", way.limit, who.client, <-told)
			}
			way.take(client)
			way.take(client)
			if who.network == "" || way.limit == "client_connections" && who.user != "" {
				continue
			}
			want := ClientAtLimit{netip.MustParsePrefix(who.network), who.user, way.limit, way.value}
			if got := wait(t, told, "the warning of "+way.limit); got != want {
				t.Errorf("told %+v, want %+v", got, want)
			}
		}
	}
	if len(told) != 0 {
		t.Errorf("more is told: %+v", <-told)
	}
}

// A place that nobody has left is no limit of one client.
func TestWhatIsFullForAllIsNoLimitPerClient(t *testing.T) {
	told := make(chan ClientAtLimit, 1)
	q := &quota{total: 1, each: 9, allKey: "all", clientKey: "client", counters: noCounters{}, changed: func(int) {},
		warnings: &limitWarnings{warn: func(c ClientAtLimit) { told <- c }}}
	client := rules.Client{Address: netip.MustParseAddr("10.0.0.1")}
	q.take(client)
	if _, limit := q.take(client); limit != "all" || q.warnings.told != nil {
		t.Errorf("%q, told of %v", limit, q.warnings.told)
	}
}
