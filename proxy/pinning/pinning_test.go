package pinning_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"daylight.internal/proxy/pinning"
)

var (
	noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ana  = netip.MustParseAddr("10.20.0.7")
	ben  = netip.MustParseAddr("10.20.0.8") // of the same /24
	cleo = netip.MustParseAddr("10.20.1.7") // of another
	app  = pinning.Host{Connect: "app.example", Port: 443}
)

func memory(adjust func(*pinning.Options)) *pinning.Memory {
	o := pinning.Options{Failures: 3, Within: 10 * time.Minute, For: 24 * time.Hour, Bypasses: 8, PerNetwork: 3}
	if adjust != nil {
		adjust(&o)
	}
	m := pinning.New(o)
	for _, client := range []netip.Addr{ana, ben, cleo} {
		m.Accepted(client, pinning.Host{Connect: "news.example", Port: 443}, noon.Add(-time.Hour))
	}
	return m
}

// reject lets a client reject a host n times at one time, and returns what came of the last.
func reject(m *pinning.Memory, client netip.Addr, h pinning.Host, at time.Time, n int) (result string) {
	for range n {
		result = ""
		if m.Rejected(client, h, at) {
			result, _ = m.Decide(client, h, at, "")
		}
	}
	return result
}

func TestAHostIsLearnedAfterTheThreshold(t *testing.T) {
	m := memory(nil)
	for i, client := range []netip.Addr{ana, ben, ana} {
		if m.Bypassed(ana, app, noon) {
			t.Fatalf("closed after %d rejections", i)
		}
		want := ""
		if i == 2 {
			want = pinning.Learned
		}
		if got := reject(m, client, app, noon, 1); got != want {
			t.Fatalf("rejection %d: %q, want %q", i+1, got, want)
		}
	}
	for name, c := range map[string]struct {
		client netip.Addr
		host   pinning.Host
		want   bool
	}{
		"the same client":              {ana, app, true},
		"another of its network":       {ben, app, true},
		"the name in the ClientHello":  {ana, pinning.Host{Connect: "app.example", SNI: "app.example", Port: 443}, true},
		"an address written as IPv6":   {netip.MustParseAddr("::ffff:10.20.0.7"), app, true},
		"another network":              {cleo, app, false},
		"another host":                 {ana, pinning.Host{Connect: "b.app.example", Port: 443}, false},
		"another port":                 {ana, pinning.Host{Connect: "app.example", Port: 8443}, false},
		"another host behind its name": {ana, pinning.Host{Connect: "evil.example", SNI: "app.example", Port: 443}, false},
		"its name behind another one":  {ana, pinning.Host{Connect: "app.example", SNI: "evil.example", Port: 443}, false},
		"a client without an address":  {netip.Addr{}, app, false},
	} {
		if m.Bypassed(c.client, c.host, noon) != c.want {
			t.Errorf("%s: closed is %v", name, !c.want)
		}
	}
	if m.Count(noon) != 1 {
		t.Errorf("%d bypasses", m.Count(noon))
	}
}

func TestNetworksOfIPv6AreOf64Bits(t *testing.T) {
	m := memory(nil)
	client := netip.MustParseAddr("2001:db8:1:2::7")
	m.Accepted(client, pinning.Host{Connect: "news.example", Port: 443}, noon)
	if got := reject(m, client, app, noon, 3); got != pinning.Learned {
		t.Fatal(got)
	}
	if !m.Bypassed(netip.MustParseAddr("2001:db8:1:2:9::1"), app, noon) || m.Bypassed(netip.MustParseAddr("2001:db8:1:3::7"), app, noon) {
		t.Error("the network is not the first 64 bits")
	}
}

func TestRejectionsThatAreFarApartDoNotAddUp(t *testing.T) {
	m := memory(nil)
	for i := range 6 {
		if got := reject(m, ana, app, noon.Add(time.Duration(i)*6*time.Minute), 1); got != "" {
			t.Fatalf("rejection %d: %q", i+1, got)
		}
	}
}

func TestWhatANetworkAcceptsIsNotLearned(t *testing.T) {
	m := memory(nil)
	reject(m, ana, app, noon, 2)
	m.Accepted(ben, app, noon)
	if got := reject(m, ana, app, noon, 9); got != "" {
		t.Errorf("a colleague's browser accepts it, and it is %q", got)
	}
	if got := reject(m, cleo, app, noon, 3); got != pinning.Learned {
		t.Errorf("another network: %q", got)
	}
	if got := reject(m, ana, app, noon.Add(25*time.Hour), 3); got != pinning.NotTrusted {
		t.Errorf("when all of it is long ago: %q", got)
	}
	m.Accepted(ana, pinning.Host{Connect: "news.example", Port: 443}, noon.Add(25*time.Hour))
	if got := reject(m, ana, app, noon.Add(25*time.Hour), 1); got != pinning.Learned {
		t.Errorf("when only that is long ago: %q", got)
	}
}

// A machine without the CA rejects every host; it pins none.
func TestAClientThatAcceptsNothingLacksTheCA(t *testing.T) {
	m, guest := memory(nil), netip.MustParseAddr("10.20.0.99")
	if got := reject(m, guest, app, noon, 3); got != pinning.NotTrusted {
		t.Fatalf("%q", got)
	}
	if got := reject(m, guest, app, noon, 1); got != "" {
		t.Errorf("it is told again: %q", got)
	}
	want := []pinning.Entry{{
		Host: pinning.Host{Connect: "app.example", SNI: "app.example", Port: 443}, Network: netip.MustParsePrefix("10.20.0.0/24"),
		Result: pinning.NotTrusted, Failures: 4, Since: noon,
	}}
	if got := m.Entries(noon); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestABypassExpiresAndIsTriedOnce(t *testing.T) {
	m := memory(nil)
	reject(m, ana, app, noon, 3)
	end := noon.Add(24 * time.Hour)
	if !m.Bypassed(ana, app, end.Add(-time.Second)) || m.Bypassed(ana, app, end) || m.Count(end) != 0 || len(m.Entries(end)) != 0 {
		t.Fatal("it does not last 24 hours")
	}
	m.Accepted(ana, pinning.Host{Connect: "news.example", Port: 443}, end)
	if got := reject(m, ana, app, end, 1); got != pinning.Learned || !m.Bypassed(ana, app, end) {
		t.Fatalf("one more rejection: %q", got)
	}
	end = end.Add(24 * time.Hour)
	m.Accepted(ana, app, end)
	if got := reject(m, ana, app, end, 5); got != "" || m.Bypassed(ana, app, end) {
		t.Errorf("a try that succeeds ends it: %q", got)
	}
}

func TestAnOldBypassIsForgottenForGood(t *testing.T) {
	m := memory(nil)
	reject(m, ana, app, noon, 3)
	later := noon.Add(72 * time.Hour)
	m.Accepted(ana, pinning.Host{Connect: "news.example", Port: 443}, later)
	if got := reject(m, ana, app, later, 2); got != "" {
		t.Errorf("%q after two rejections", got)
	}
}

func TestARejectionThatBeganBeforeTheBypassIsNothing(t *testing.T) {
	m := memory(nil)
	reject(m, ana, app, noon, 3)
	if got := reject(m, ana, app, noon.Add(time.Second), 5); got != "" {
		t.Errorf("%q", got)
	}
}

func TestThePolicyHasTheLastWord(t *testing.T) {
	m := memory(nil)
	reject(m, ana, app, noon, 2)
	for i, want := range []string{"ai_service", ""} {
		if !m.Rejected(ana, app, noon) {
			t.Fatal("not due")
		}
		if got, _ := m.Decide(ana, app, noon, "ai_service"); got != want {
			t.Errorf("refusal %d: %q, want %q", i+1, got, want)
		}
	}
	if m.Bypassed(ana, app, noon) || m.Count(noon) != 0 {
		t.Error("it is closed all the same")
	}
	if got := reject(m, ana, app, noon, 1); got != pinning.Learned || len(m.Entries(noon)) != 1 {
		t.Errorf("when the policy has changed: %q", got)
	}
}

func host(i int) pinning.Host {
	return pinning.Host{Connect: fmt.Sprintf("h%d.example", i), Port: 443}
}

// One client cannot close more than its network's part, and opens nothing for others.
func TestOneNetworkHasABoundedNumber(t *testing.T) {
	m := memory(nil)
	for i := range 100 {
		want := pinning.Learned
		if i >= 3 {
			want = pinning.NetworkFull
		}
		if got := reject(m, ana, host(i), noon, 3); got != want {
			t.Fatalf("host %d: %q, want %q", i, got, want)
		}
		if m.Bypassed(cleo, host(i), noon) {
			t.Fatal("another network has it, too")
		}
	}
	if got := reject(m, cleo, app, noon, 3); got != pinning.Learned || m.Count(noon) != 4 {
		t.Errorf("another network: %q, %d bypasses", got, m.Count(noon))
	}
	next := noon.Add(25 * time.Hour)
	m.Accepted(ana, pinning.Host{Connect: "news.example", Port: 443}, next)
	if got := reject(m, ana, host(200), next, 3); got != pinning.Learned {
		t.Errorf("when the others have expired: %q", got)
	}
}

func TestAllNetworksTogetherHaveABoundedNumber(t *testing.T) {
	m := memory(nil)
	client := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 21, byte(i), 7}) }
	for i := range 9 {
		m.Accepted(client(i), pinning.Host{Connect: "news.example", Port: 443}, noon)
		if i == 8 && !m.Bypassed(client(0), app, noon) { // used: the next one goes first
			t.Fatal("the first is gone")
		}
		for range 3 {
			m.Rejected(client(i), app, noon)
		}
		if result, full := m.Decide(client(i), app, noon, ""); result != pinning.Learned || full != (i == 8) {
			t.Fatalf("network %d: %q, full %v", i, result, full)
		}
	}
	if m.Count(noon) != 8 || !m.Bypassed(client(0), app, noon) || m.Bypassed(client(1), app, noon) {
		t.Errorf("%d bypasses; not the one that was not used for longest is forgotten", m.Count(noon))
	}
}

func TestAFloodOfHostsKeepsToTheBounds(t *testing.T) {
	m := memory(nil)
	reject(m, cleo, app, noon, 3)
	for i := range 30000 {
		m.Rejected(ana, host(i), noon)
		m.Accepted(ana, host(i+100000), noon)
	}
	if !m.Bypassed(cleo, app, noon) {
		t.Error("a flood from one network drove out the bypass of another")
	}
	if n := m.Remembered(); n > 4096+8+2*16384 {
		t.Errorf("%d entries", n)
	}
}
