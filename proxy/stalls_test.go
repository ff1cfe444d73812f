package proxy

import (
	"io"
	"net/http"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

func TestTheClientWithTheMostStalledAnswersLosesTheOldest(t *testing.T) {
	counts := &counting{}
	all := &stalls{limit: 4, patience: time.Hour, counters: counts}
	cut := map[string]bool{}
	stalled := func(name, client string) *stall {
		s := all.watch(netip.MustParseAddr(client), func() { cut[name] = true })
		s.start()
		s.enter()
		return s
	}
	stalled("hoarder 1", "10.0.0.1")
	two := stalled("hoarder 2", "10.0.0.1")
	stalled("hoarder 3", "10.0.0.1")
	stalled("someone", "10.0.0.2")
	if len(cut) != 0 {
		t.Fatalf("below the limit these were cut: %v", cut)
	}
	stalled("another", "10.0.0.3")
	if len(cut) != 1 || !cut["hoarder 1"] || counts.get("limit stalled_answers") != 1 {
		t.Errorf("cut: %v", cut)
	}
	two.stop() // its client reads on
	stalled("one more", "10.0.0.4")
	if len(cut) != 1 {
		t.Errorf("there was room, but these were cut: %v", cut)
	}
	stalled("six 1", "2001:db8::1")
	if len(cut) != 2 {
		t.Errorf("above the limit these were cut: %v", cut)
	}
}

func TestAddressesOfOneIPv6NetworkAreOneClient(t *testing.T) {
	a, b := clientShare(netip.MustParseAddr("2001:db8::1")), clientShare(netip.MustParseAddr("2001:db8::ffff:2"))
	if a != b || a == clientShare(netip.MustParseAddr("2001:db8:0:1::1")) {
		t.Errorf("shares %v and %v", a, b)
	}
	if got := clientShare(netip.MustParseAddr("::ffff:10.0.0.1")); got != netip.MustParseAddr("10.0.0.1") {
		t.Errorf("the share of an IPv4 address in IPv6 is %v", got)
	}
}

// A write that ends while its stall is being listed leaves nothing in the list.
func TestAWriteThatEndsIsNoStall(t *testing.T) {
	all := &stalls{limit: 1, patience: time.Hour, counters: &counting{}}
	s := all.watch(netip.MustParseAddr("10.0.0.1"), func() { t.Error("it is cut") })
	s.start()
	s.stop()
	s.enter() // the timer was under way
	s.start()
	s.enter()
	s.stop()
	if all.count != 0 || len(all.waiting) != 0 {
		t.Errorf("%d stalls are listed: %v", all.count, all.waiting)
	}
}

// endlessAnswer writes until its reader is gone, and counts those who are there.
func endlessAnswer(open *atomic.Int64) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		open.Add(1)
		defer open.Add(-1)
		for part := make([]byte, 32<<10); ; {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	}
}

func TestAnswersThatNobodyReadsAreBounded(t *testing.T) {
	const limit, clients = 2, 5
	for _, http2 := range []bool{false, true} {
		t.Run(map[bool]string{false: "HTTP/1.1", true: "HTTP/2"}[http2], func(t *testing.T) {
			var open atomic.Int64
			counts := &counting{}
			server := proxytest.NewServer(t, endlessAnswer(&open), "download.example")
			p := startProxy(t, func(c *Config, d *Dependencies) {
				c.Limits.StalledAnswers = limit
				d.Counters = counts
			}, server)
			p.stalls.patience = 50 * time.Millisecond
			for range clients {
				client := p.client()
				client.Transport.(*http.Transport).ForceAttemptHTTP2 = http2
				response, err := client.Get("https://download.example/")
				if err != nil {
					t.Fatal(err)
				}
				defer response.Body.Close()
			}
			eventually(t, func() bool { return counts.get("limit stalled_answers") == clients-limit })
			eventually(t, func() bool { return open.Load() == limit })
			if got := counts.get("limit stalled_answers"); got != clients-limit {
				t.Errorf("%d answers were cut, want %d", got, clients-limit)
			}
		})
	}
}

func TestAClientThatReadsIsNotCutAmongThoseThatDoNot(t *testing.T) {
	var open atomic.Int64
	const size = 8 << 20
	server := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/whole" {
			_, _ = w.Write(make([]byte, size))
			return
		}
		endlessAnswer(&open)(w, r)
	}), "download.example")
	counts := &counting{}
	p := startProxy(t, func(c *Config, d *Dependencies) {
		c.Limits.StalledAnswers = 1
		d.Counters = counts
	}, server)
	p.stalls.patience = 50 * time.Millisecond
	for range 3 {
		response, err := p.client().Get("https://download.example/")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
	}
	eventually(t, func() bool { return counts.get("limit stalled_answers") == 2 })
	p.stalls.patience = time.Hour // what comes now is no stall, however slow the machine
	response, err := p.client().Get("https://download.example/whole")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if n, err := io.Copy(io.Discard, response.Body); n != size || err != nil {
		t.Errorf("%d bytes came: %v", n, err)
	}
}

// Its clock may strike for one write when the next has begun, and then for that one too.
func TestAStallIsListedOnce(t *testing.T) {
	all := &stalls{limit: 2, patience: time.Hour, counters: &counting{}}
	s := all.watch(netip.MustParseAddr("10.0.0.1"), func() { t.Error("it is cut") })
	s.start()
	s.enter()
	s.enter()
	s.stop()
	if all.count != 0 || len(all.waiting) != 0 {
		t.Errorf("%d are left", all.count)
	}
}
