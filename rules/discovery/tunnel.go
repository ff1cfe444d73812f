package discovery

import (
	"slices"
	"time"
)

// Bounds on the rhythm of a tunnel. What is seen there are pieces of TLS, not
// messages: sizes hold its overhead.
const (
	tunnelPrompt = 400     // bytes from the client that may ask for something
	tunnelSmall  = 1 << 10 // bytes of a piece of an answer
	tunnelLarge  = 1 << 20 // bytes from the client that are an upload
)

// Tunnel watches a tunnel that nobody opens: names, sizes and times. The zero
// value is a tunnel in which nothing was sent yet.
type Tunnel struct {
	Up, Down int64 // bytes
	burst    int   // bytes from the client since the last answer
	answered bool  // an answer came since
	gaps     [maxPieces]uint16
	gapped   int
	large    int // pieces of the answer that are not small
	last     time.Duration
	rhythms  int // answers that came as a model writes
}

// Sent adds bytes from the client; at is the time since any moment before.
func (t *Tunnel) Sent(at time.Duration, bytes int) {
	t.Up += int64(bytes)
	if t.answered {
		t.burst, t.answered = 0, false
	}
	t.burst += bytes
	t.gapped, t.large, t.last = 0, 0, at
}

// Received adds a piece from the server.
func (t *Tunnel) Received(d *Discovery, at time.Duration, bytes int) {
	t.Down += int64(bytes)
	t.answered = true
	if t.burst < tunnelPrompt || t.gapped == maxPieces {
		return
	}
	if bytes > tunnelSmall {
		t.large++
	}
	t.gaps[t.gapped] = uint16(min(max((at-t.last).Milliseconds(), 0), 60_000))
	t.gapped++
	t.last = at
	if t.gapped == min(2*d.cadence.pieces, maxPieces) && t.isPaced(d.cadence) {
		t.rhythms++
	}
}

func (t *Tunnel) isPaced(c cadence) bool {
	gaps := t.gaps
	slices.Sort(gaps[:t.gapped])
	gap := int(gaps[t.gapped/2])
	return gap >= c.gapFrom && gap <= c.gapTo && 8*t.large <= t.gapped
}

// Tunnel judges a tunnel to a host: at most suspected, with low confidence.
func (d *Discovery) Tunnel(host string, t *Tunnel) Evidence {
	var words Words
	if d.host(host).Has(AIName) {
		words = words.With(TunnelName)
	}
	words |= d.host(host) & (1<<KnownHost | 1<<PushDelivery)
	if t.rhythms > 0 {
		words = words.With(TunnelRhythm)
		if t.Up > tunnelLarge {
			words = words.With(TunnelUpload)
		}
	}
	return d.Judge(words)
}
