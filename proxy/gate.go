package proxy

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/rpc"
	"daylight.internal/rules/engine"
)

// messageGate is the body of a request that is a stream of messages. It takes in
// one envelope after the other, and each goes on when it was judged, byte for
// byte. What has gone on is not held up by what comes: the head of the request goes
// to the server at once, and both sides may speak first.
//
// A client that says that its body is such a stream, so that it is not held as a
// whole, must keep to it: nothing that is not in an envelope goes on.
type messageGate struct {
	exchange *exchange
	ctx      context.Context // of the request
	protocol rpc.Protocol
	client   io.ReadCloser
	tally    tally
	pace     *pace

	message *held     // that is taken in or goes on; nil otherwise
	kept    io.Reader // what is left of it here, once it may go on
	rest    int64     // bytes of it that are still with the client, because it is too long to be held
	err     error     // why nothing more goes on
	unread  string    // why some bytes were not judged, for the coverage

	settled atomic.Bool          // the stream has ended and all of it went on
	stopped atomic.Pointer[stop] // why nothing more goes on; for the response

	mu              sync.Mutex // held for moments only
	reading, closed bool
}

// stop is why a gate let nothing more through, as the client is told.
type stop struct {
	protocol rpc.Protocol
	failure  rpc.Failure
	id       string // of the event
}

// isMessageStream tells whether the body of a request has messages that may be
// sent over the whole time of the exchange, so that waiting for its end would be
// waiting for ever.
func isMessageStream(r *http.Request) bool {
	return r.ContentLength < 0 && hasBody(r) && rpc.Of(r).Streams()
}

// stopped returns why a stream of messages was stopped; nil when it was not.
func (x *exchange) stopped() *stop {
	if x.messages == nil {
		return nil
	}
	return x.messages.stopped.Load()
}

// gate lets the messages of a stream through one by one.
func (x *exchange) gate(r *http.Request) {
	x.mode, x.window = audit.ModeHold, &engine.Window{}
	x.messages = &messageGate{exchange: x, ctx: r.Context(), protocol: rpc.Of(r), client: r.Body, tally: tally{decisive: x.outcome}, pace: x.judge.newPace()}
	x.holders.Add(1)
	r.Body, x.body = x.messages, x.messages
}

// Read implements io.Reader.
func (g *messageGate) Read(p []byte) (n int, err error) {
	if !g.enter() {
		return 0, http.ErrBodyReadAfterClose
	}
	defer g.leave()
	defer func() {
		if recover() != nil {
			n, g.err = 0, g.refuse(http.StatusInternalServerError, "panic", "failed")
			err = g.err
		}
	}()
	n, err = g.read(p)
	if known := (*carryError)(nil); errors.As(err, &known) && known.status == http.StatusRequestEntityTooLarge {
		g.err = g.refuse(known.status, known.reason, "over_limit")
		err = g.err
	}
	return n, err
}

func (g *messageGate) read(p []byte) (int, error) {
	for g.err == nil && len(p) > 0 {
		if g.kept == nil && g.rest == 0 {
			g.err = g.next()
			continue
		}
		n, err := g.pass(p)
		g.err = err
		if n > 0 {
			return n, nil
		}
	}
	return 0, g.err
}

// pass gives bytes of the message that goes on.
func (g *messageGate) pass(p []byte) (n int, err error) {
	if g.kept != nil {
		n, err = g.kept.Read(p)
		if err != io.EOF {
			return n, err
		}
		g.message.release()
		g.kept, g.message, err = nil, nil, nil
	}
	if n == 0 && g.rest > 0 {
		n, err = g.client.Read(p[:min(g.rest, int64(len(p)))])
		g.rest -= int64(n)
		g.exchange.received.Add(int64(n))
		if err == io.EOF && g.rest > 0 {
			err = g.refuse(http.StatusBadRequest, "not_grpc", "corrupt")
		} else if err == io.EOF {
			err = nil // the next read finds it again
		}
	}
	return n, err
}

// next takes in a message and has it judged. It returns nil when there is one
// that may go on, and io.EOF at the end of the stream.
func (g *messageGate) next() error {
	x := g.exchange
	x.outcome, x.failed = engine.Outcome{Facts: x.plan.Facts}, ""
	if err := g.pace.wait(g.ctx, nil); err != nil {
		return err
	}
	length, err := g.take()
	switch {
	case err == io.EOF:
		g.settled.Store(true)
		return err
	case err != nil:
		return err
	}
	g.judge(length)
	if x.outcome.Verdict.Stops() {
		x.blocked = true
		message, _ := line(g.request(), x.notice())
		return g.halt(rpc.PermissionDenied, message, "blocked")
	}
	g.kept, g.rest = g.message.reader(), length-g.message.total
	return nil
}

// take reads an envelope of length bytes, as much of it as can be kept.
func (g *messageGate) take() (length int64, err error) {
	x := g.exchange
	var head [rpc.HeadSize]byte
	n, err := io.ReadFull(g.client, head[:])
	x.received.Add(int64(n))
	if err != nil {
		return 0, g.cut(err)
	}
	length, ok := g.protocol.MessageLength(head)
	if !ok {
		return 0, g.refuse(http.StatusBadRequest, "not_grpc", "corrupt")
	}
	h := x.newHeld()
	g.message = h
	envelope := io.MultiReader(&byteReader{head[:]}, io.LimitReader(g.client, length))
	length += rpc.HeadSize
	x.compressed = head[0]&rpc.Compressed != 0
	err = h.hold(g.ctx, envelope, x.holdLimit(length))
	x.received.Add(h.total - rpc.HeadSize)
	switch {
	case err != nil:
		return length, err
	case h.whole && h.total < length:
		return length, g.cut(io.ErrUnexpectedEOF)
	}
	return length, nil
}

// cut is the error of a stream that ended within an envelope.
func (g *messageGate) cut(err error) error {
	if err == io.ErrUnexpectedEOF {
		return g.refuse(http.StatusBadRequest, "not_grpc", "corrupt")
	}
	return err
}

// judge decides on the message and adds it to what the event will tell.
func (g *messageGate) judge(length int64) {
	x := g.exchange
	slowest := x.verdictIn
	x.bodyEnded = x.judge.now()
	x.evaluateHeld(g.ctx, g.message, length)
	x.verdictIn = max(x.verdictIn, slowest)
	g.tally.add(x.outcome, length)
}

// refuse ends a stream that cannot be judged. unread is the word of the coverage for the reason.
func (g *messageGate) refuse(status int, reason, unread string) error {
	x := g.exchange
	g.unread = unread
	x.setTrouble(reason)
	x.blocked = true
	g.tally.refuse(reason)
	return g.halt(rpc.CodeOf(status), failed{status: status, reason: reason, id: x.id}.line(g.request()), reason)
}

// halt lets nothing more through and leaves word for the response, before the
// transport sees the error and resets the stream to the server.
func (g *messageGate) halt(code rpc.Code, message, reason string) error {
	g.stopped.Store(&stop{g.protocol, rpc.Failure{Code: code, Message: message}, g.exchange.id})
	return &carryError{status: http.StatusForbidden, reason: reason}
}

// request is the head as it was, for what the client is told: the one that is on its way
// changes.
func (g *messageGate) request() *http.Request {
	return &http.Request{Method: http.MethodPost, Header: g.exchange.plan.Request.Header}
}

func (g *messageGate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.reading = !g.closed
	return g.reading
}

func (g *messageGate) leave() {
	g.mu.Lock()
	ended := g.closed
	g.reading = false
	g.mu.Unlock()
	if ended {
		g.end()
	}
}

// Close implements io.Closer; it may be called more than once, and while Read waits.
func (g *messageGate) Close() error {
	g.mu.Lock()
	ended := !g.closed && !g.reading
	again := g.closed
	g.closed = true
	g.mu.Unlock()
	if ended {
		g.end()
	}
	if again {
		return nil
	}
	return g.client.Close()
}

// end is called once, when nobody reads any more.
func (g *messageGate) end() {
	x := g.exchange
	defer x.release()
	if g.message != nil {
		g.message.release()
	}
	if g.tally.messages == 0 && g.stopped.Load() == nil {
		x.evaluate(engine.Body{})
		g.tally.add(x.outcome, 0)
	}
	x.outcome = g.tally.outcome(x.received.Load(), cmp.Or(g.unread, "client_gone"))
}
