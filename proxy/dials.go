package proxy

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"sync"

	"daylight.internal/proxy/fair"
	"daylight.internal/rules"
)

// dials bounds how many connections to servers are being made for one client: one that
// names servers which never answer takes a descriptor, or a look-up, for each, and
// pays nothing for it. Who has as many waits for one of them to end.
type dials struct {
	limit  int
	shared []netip.Prefix // have many people behind one address
	hit    func(rules.Client)

	mu   sync.Mutex
	open map[fair.Client]*dialling
}

// dialling is what one client has under way.
type dialling struct {
	slots chan struct{} // taken ones
	users int           // of this value; it goes with the last one
}

func newDials(limit int, shared []netip.Prefix, hit func(rules.Client)) *dials {
	return &dials{limit: limit, shared: shared, hit: hit, open: map[fair.Client]*dialling{}}
}

// enter waits for a place, until ctx ends.
func (d *dials) enter(ctx context.Context, client rules.Client) (leave func(), err error) {
	if client.User == "" && contains(d.shared, client.Address) {
		return func() {}, nil
	}
	who := guestOf(client)
	own := d.of(who)
	select {
	case own.slots <- struct{}{}:
	default:
		d.hit(client)
		select {
		case own.slots <- struct{}{}:
		case <-ctx.Done():
			d.done(who, own)
			if err := ctx.Err(); errors.Is(err, context.Canceled) { // nobody waits for it any more
				return nil, err
			}
			return nil, &carryError{status: http.StatusServiceUnavailable, reason: "dial_limit"}
		}
	}
	return func() {
		<-own.slots
		d.done(who, own)
	}, nil
}

func (d *dials) of(who fair.Client) *dialling {
	d.mu.Lock()
	defer d.mu.Unlock()
	own := d.open[who]
	if own == nil {
		own = &dialling{slots: make(chan struct{}, d.limit)}
		d.open[who] = own
	}
	own.users++
	return own
}

func (d *dials) done(who fair.Client, own *dialling) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(d.open, who)
	}
}

type diallingKey struct{}

// diallingFor notes in a context for whom a relay is dialled; an exchange notes it by
// itself.
func diallingFor(ctx context.Context, who rules.Client) context.Context {
	return context.WithValue(ctx, diallingKey{}, who)
}

// admit waits until a connection may be made, for dial_timeout at most. The context that
// it returns ends when nobody waits for the connection any more: the transport dials on
// after a request was taken back.
func (d *dialer) admit(ctx context.Context) (_ context.Context, leave func(), err error) {
	who, _ := ctx.Value(diallingKey{}).(rules.Client)
	ctx, cancel := context.WithCancel(ctx)
	release := cancel
	if x, ok := ctx.Value(carriedKey{}).(*carried); ok {
		who = x.asker
		stop := context.AfterFunc(x.request.Context(), cancel)
		release = func() { stop(); cancel() }
	}
	waiting, enough := context.WithTimeout(ctx, d.timeout)
	defer enough()
	done, err := d.dials.enter(waiting, who)
	if err != nil {
		release()
		return nil, nil, err
	}
	return ctx, func() { done(); release() }, nil
}
