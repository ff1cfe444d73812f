package proxy

import (
	"context"
	"sync/atomic"
	"time"
)

// pace bounds how many in a second go through one after the other. Who comes faster,
// after as many as a second has, waits. One goroutine owns it.
type pace struct {
	perSecond int
	hit       func()    // told of each wait
	next      time.Time // when the next one is due
	owed      atomic.Int64
}

// A message counts for more when it unpacks to more than honest text does: once for
// each chargedBytes beyond honestRatio times its size.
const (
	honestRatio  = 16
	chargedBytes = 4 << 10
)

// charge counts a message of so many bytes that unpacked to so many. Any goroutine may.
func (p *pace) charge(bytes, unpacked int64) {
	if excess := (unpacked - honestRatio*bytes) / chargedBytes; excess > 0 {
		p.owed.Add(excess)
	}
}

// bulkMessage is the size from which looking at the beginning of a message costs no more
// than carrying it does. At 4 KiB it is still twice as much.
const bulkMessage = 16 << 10

// refund takes back what a message of so many bytes was counted for that went on after a
// look at its beginning. It leaves no event, and a file in large messages is no flood.
func (p *pace) refund(bytes int64) {
	if bytes >= bulkMessage {
		p.owed.Add(-1)
	}
}

// wait waits for the turn of the next one, or until ctx ends. Before it waits it calls
// meanwhile, which may be nil.
func (p *pace) wait(ctx context.Context, meanwhile func() error) error {
	now := time.Now()
	if full := now.Add(-time.Second); p.next.Before(full) {
		p.next = full
	}
	p.next = p.next.Add(time.Duration(1+p.owed.Swap(0)) * time.Second / time.Duration(p.perSecond))
	if !p.next.After(now) {
		return nil
	}
	p.hit()
	if meanwhile != nil {
		if err := meanwhile(); err != nil {
			return err
		}
	}
	timer := time.NewTimer(p.next.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// newPace paces the messages of one connection or stream.
func (j *Judge) newPace() *pace {
	return &pace{perSecond: j.limits.MessagesPerSecond, hit: func() { j.metrics.LimitHit("messages_per_second") }}
}
