package proxy

import (
	"context"
	"errors"
	"runtime"
	"time"
)

// A handshake takes a processor for a while, to agree on a key, to sign a certificate
// for a name that is new, and to sign for the connection; a client that never answers pays
// nothing for it. So handshakes take turns, by client, on half of the processors: a
// flood of them waits behind itself, and neither other clients nor what is under way
// wait behind it.
func newTurns() *room { return &room{free: int64((runtime.GOMAXPROCS(0) + 1) / 2)} }

// longTurn is a wait for a turn that is worth a count.
const longTurn = time.Second

// errLongHello tells that a ClientHello is longer than a head may be.
var errLongHello = errors.New("the ClientHello is too long")

// takeTurn waits until our part of the handshake may be made. The turn ends when the
// client is awaited again: while it thinks, others compute.
func (o *opening) takeTurn(ctx context.Context) error {
	if o.turn != nil {
		return nil
	}
	asked := time.Now()
	o.turn = o.p.turns.enter(ctx, guestOf(o.client), 1)
	if o.turn == nil || time.Since(asked) >= longTurn {
		o.p.counters.LimitHit("handshakes")
	}
	if o.turn == nil {
		return ctx.Err()
	}
	return nil
}

// endTurn gives the turn back, if there is one.
func (o *opening) endTurn() {
	if o.turn != nil {
		o.turn()
		o.turn = nil
	}
}
