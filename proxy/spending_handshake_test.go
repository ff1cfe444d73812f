package proxy

import (
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"testing"
	"time"
)

// clientHello returns the first flight of a client, which it can send again and again
// without computing anything.
func clientHello(t testing.TB, host string) []byte {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { ours.Close() })
	go tls.Client(theirs, &tls.Config{ServerName: host, InsecureSkipVerify: true}).Handshake()
	head := make([]byte, 5)
	if _, err := io.ReadFull(ours, head); err != nil {
		t.Fatal(err)
	}
	body := make([]byte, binary.BigEndian.Uint16(head[3:]))
	if _, err := io.ReadFull(ours, body); err != nil {
		t.Fatal(err)
	}
	return append(head, body...)
}

func TestAFloodOfHandshakesWaitsBehindItself(t *testing.T) {
	const flood = 400
	p, hits := startCrowd(t, nil)
	places := p.turns.free
	taken := p.turns.try(places) // no processor is left for handshakes
	for i := range flood {
		c := p.tunnelAs(t, "10.66.6.6", fmt.Sprintf("flood%d.example:443", i))
		if _, err := c.Write(clientHello(t, fmt.Sprintf("flood%d.example", i))); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, func() bool { return p.turns.queued() == flood })
	if n := p.issuer.Issued(); n != 0 {
		t.Fatalf("%d certificates were signed out of turn", n)
	}
	other := tls.Client(p.tunnelAs(t, "10.20.0.7", "shop.example:443"), p.trusting("shop.example"))
	shaken := make(chan int64, 1)
	go func() {
		if err := other.Handshake(); err != nil {
			t.Error(err)
		}
		shaken <- p.issuer.Issued()
	}()
	eventually(t, func() bool { return p.turns.queued() == flood+1 })
	taken()
	if n := wait(t, shaken, "the handshake of the other client"); n > flood/2 {
		t.Errorf("another client waited for %d signatures of a flood of %d", n, flood)
	}
	eventually(t, func() bool { return p.turns.idle(places) })
	if n := p.issuer.Issued(); n != flood+1 {
		t.Errorf("%d certificates for %d names", n, flood+1)
	}
	t.Logf("%d places, long turns counted: %d", places, hits.get("limit handshakes"))
}

// queued returns how many wait, and idle whether all is free again.
func (r *room) queued() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.waiting)
}

func (r *room) idle(size int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.waiting) == 0 && r.free == size
}

// A turn that cannot be had in time ends the handshake, and a client that leaves while it
// waits, or in the middle of a handshake, takes no turn with it.
func TestTurnsOfHandshakesComeBack(t *testing.T) {
	p, hits := startCrowd(t, func(c *Config, _ *Dependencies) { c.Limits.HeaderTimeout = 300 * time.Millisecond })
	places := p.turns.free
	taken := p.turns.try(places)
	late := p.tunnelAs(t, "10.66.6.6", "late.example:443")
	late.Write(clientHello(t, "late.example"))
	late.SetReadDeadline(time.Now().Add(patience))
	const alert = 21 // of RFC 8446 5.1: an alert may tell why, when there is time for it
	first := make([]byte, 1)
	if n, err := late.Read(first); n > 0 && first[0] != alert || n == 0 && err == nil || p.issuer.Issued() != 0 {
		t.Errorf("without a turn: %d bytes, %d, %v", n, first, err)
	}
	taken()
	if hits.get("limit handshakes") != 1 {
		t.Error("the wait that was too long is not counted")
	}
	for i := range 40 {
		c := p.tunnelAs(t, "10.66.6.6", "gone.example:443")
		c.Write(clientHello(t, "gone.example"))
		if i%2 == 0 {
			io.ReadFull(c, make([]byte, 100)) // the first part of our flight
		}
		c.Close()
	}
	p.wait(t, 41)
	if !p.turns.idle(places) {
		t.Error("turns are lost")
	}
}

func TestAFloodOfNamesLeavesTheCertificatesOfOthers(t *testing.T) {
	const kept, mine, flood = 200, 50, 600
	p, hits := startCrowd(t, func(c *Config, _ *Dependencies) { c.Limits.LeafCertificates = kept })
	for i := range mine {
		p.tlsAs(t, "10.20.0.7", fmt.Sprintf("mine%d.example", i)).Close()
	}
	for i := range flood {
		c := p.tunnelAs(t, "10.66.6.6", fmt.Sprintf("flood%d.example:443", i))
		c.Write(clientHello(t, fmt.Sprintf("flood%d.example", i)))
		io.ReadFull(c, make([]byte, 100)) // so it was signed
		c.Close()
	}
	signed := p.issuer.Issued()
	for i := range mine {
		p.tlsAs(t, "10.20.0.7", fmt.Sprintf("mine%d.example", i)).Close()
	}
	if again := p.issuer.Issued() - signed; again != 0 {
		t.Errorf("%d of %d certificates had to be signed again", again, mine)
	}
	if got := hits.get("limit leaf_certificates"); got != mine+flood-kept {
		t.Errorf("the limit is counted %d times, want %d", got, mine+flood-kept)
	}
}

// Whatever a client sends for a ClientHello, what is kept of it is bounded, and it ends.
func TestAClientHelloIsBounded(t *testing.T) {
	hello := clientHello(t, "shop.example")
	huge := make([]byte, 6*60000) // a message of 60,000 bytes, each in a record of its own
	message := append([]byte{1, 0, 60000 >> 8, 60000 & 0xff, 3, 3}, make([]byte, 60000)...)
	for i := range 60000 {
		copy(huge[6*i:], []byte{22, 3, 1, 0, 1, message[i]})
	}
	for name, c := range map[string]struct {
		sent  []byte
		limit string
	}{
		"nothing behind the first byte":          {hello[:1], ""},
		"half of one":                            {hello[:len(hello)/2], ""},
		"a record that says more than it may":    {[]byte{22, 3, 1, 0xff, 0xff, 1, 0}, ""},
		"one that is too long":                   {huge, "limit header_bytes"},
		"empty records without end":              {emptyRecords(20000), ""},
		"alerts that change nothing without end": {warnings(20000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, hits := startCrowd(t, func(c *Config, _ *Dependencies) {
				c.Limits.HeaderTimeout, c.Limits.FirstByteTimeout = time.Second, time.Second
			})
			conn := p.tunnelAs(t, "10.66.6.6", "shop.example:443")
			conn.SetDeadline(time.Now().Add(patience))
			conn.Write(c.sent) // fails when it was enough
			if _, err := io.Copy(io.Discard, conn); err != nil && !isReset(err) {
				t.Errorf("the connection stays: %v", err)
			}
			if end := p.lastTunnel(t, 1); end.report.Err == "" || p.issuer.Issued() != 0 {
				t.Errorf("%+v, %d signed", end.report, p.issuer.Issued())
			}
			if c.limit != "" && hits.get(c.limit) != 1 {
				t.Errorf("not counted: %v", hits.counts)
			}
		})
	}
}

func emptyRecords(n int) (b []byte) {
	for range n {
		b = append(b, 22, 3, 1, 0, 0)
	}
	return b
}

func warnings(n int) (b []byte) {
	b = []byte{22, 3, 1, 0, 1, 1} // the first byte of a ClientHello
	for range n {
		b = append(b, 21, 3, 1, 0, 2, 1, 100)
	}
	return b
}
