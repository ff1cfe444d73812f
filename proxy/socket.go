package proxy

import (
	"context"
	"errors"
	"net/http"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// socketReader reads what the client of a WebSocket sends. Each message is an
// exchange of its own: it is planned at its beginning, and goes on unread, goes on
// while it is copied, or is held until its verdict. Control frames always go on.
//
// It belongs to the goroutine that carries the client's stream, except text.
type socketReader struct {
	judge   *Judge
	upgrade *exchange      // to which the connection belongs
	asked   *http.Request  // of the upgrade, for the languages of its client
	request engine.Request // the same as plain values
	link    websocketLink
	frames  websocket.Reader
	onward  onward
	text    socketText
	look    *socketLook    // nil when the host is on a list
	message *socketMessage // has begun and not ended
	unread  int64          // bytes of messages that went on unread
	quiet   quiet
	// rewrites is set when a compressed message was stopped: the server has not
	// seen what later ones may refer to, and gets them uncompressed.
	rewrites bool
	closing  bool // the connection was closed by us: only its closing goes on
	ended    bool
}

// quiet is a plan that let a message pass unread; it holds for those that soon follow.
type quiet struct {
	until    time.Time
	revision string
	proved   bool // what the connection had shown by then
}

// quietTime is how long: what one message costs to plan is saved, and a permit
// that expires is noticed.
const quietTime = time.Second

// inflateRatio is how much a compressed message may unpack to, as extraction
// allows for a body.
const inflateRatio = 100

// errSocketClosed ends the relay of a connection that we have closed.
var errSocketClosed = errors.New("the connection was closed by policy")

// websocket implements exchanger.
func (x *exchange) websocket(r *http.Request, resp *http.Response, l websocketLink) clientStream {
	extensions := websocket.ParseExtensions(resp.Header["Sec-Websocket-Extensions"])
	s := &socketReader{
		judge: x.judge, upgrade: x, asked: r, request: x.plan.Request, link: l,
		frames: websocket.Reader{Extensions: extensions}, onward: onward{to: l},
		text: socketText{judge: x.judge, unreadable: extensions.Unknown, pace: x.judge.newPace()},
	}
	s.request.Header = http.Header(r.Header).Clone() // the original is changed on its way
	for _, name := range []string{"Content-Type", "Content-Encoding"} {
		delete(s.request.Header, name) // they say nothing of messages
	}
	s.look = newSocketLook(x, s.request, extensions)
	s.text.inflater = websocket.NewInflater(&x.judge.inflaters, extensions, inflateRatio)
	x.socket = s
	x.holders.Add(1) // until end: the event tells what the messages came to
	return s
}

// Write implements io.Writer: b is the next chunk of the client's stream.
func (s *socketReader) Write(b []byte) (int, error) {
	if s.ended {
		return 0, errSocketClosed
	}
	for rest := b; len(rest) > 0; {
		piece, after, breach := s.frames.Next(rest)
		if breach != nil {
			return 0, s.breach()
		}
		taken := rest[:len(rest)-len(after)]
		rest = after
		goesOn, err := s.take(piece)
		if err == nil && goesOn {
			err = s.onward.add(piece.Raw, taken)
		}
		if err != nil {
			return 0, errors.Join(err, s.onward.flush())
		}
	}
	if m := s.message; m != nil && m.peeking && m.payload > 0 && !m.compressed() { // for more nobody waits
		if err := m.peek(s, false); err != nil {
			return 0, errors.Join(err, s.onward.flush())
		}
	}
	return len(b), s.onward.flush()
}

// take does with a piece what its message is due, and tells whether it goes on now.
func (s *socketReader) take(p websocket.Piece) (goesOn bool, err error) {
	switch p.Kind {
	case websocket.Nothing:
		return false, nil
	case websocket.Control:
		if s.closing && p.Head.Opcode == websocket.Close {
			return false, errSocketClosed
		}
		return !s.closing, nil
	case websocket.Begin:
		s.message = s.begin(p.Head)
		fallthrough
	case websocket.Next:
		// Between two frames the server can still be told; p has not gone on.
		if p.Head.Length > s.judge.limits.BodyBytes-s.message.length && !s.closing {
			return false, s.refuseLength()
		}
		s.message.length += p.Head.Length
	}
	if goesOn, err = s.message.take(s, p); err == nil && p.End {
		m := s.message
		s.message = nil
		err = m.end(s)
	}
	return goesOn, err
}

// begin plans a message by its first frame.
func (s *socketReader) begin(head websocket.Header) *socketMessage {
	m := &socketMessage{first: head, route: refused}
	if s.closing || s.context().Err() != nil {
		return m
	}
	rewritten := s.rewrites && m.compressed()
	if s.isQuiet() && !rewritten {
		m.route = unread
		return m
	}
	if s.text.pace.wait(s.context(), s.onward.flush) != nil {
		return m
	}
	x := s.newExchange(s.judge.now(), s.judge.snapshots.Current(), head)
	switch {
	case x.plan.Final && x.plan.Verdict.Stops():
	case x.plan.Need == rules.Hold || rewritten:
		m.route, x.mode = heldBack, audit.ModeHold
		m.hold = x.newHeld()
	case x.plan.Peek:
		m.route, m.peeking, m.exchange = heldBack, true, x
		m.hold = x.newHeld()
		return m // what becomes of it is not known yet
	case x.plan.Need == rules.Observe:
		m.route, x.mode = observed, audit.ModeObserve
		m.copied = x.newCopy()
	default:
		if s.anyPasses(x) {
			s.beQuiet(x)
		}
		m.route = unread
		return m // x leaves no event
	}
	s.judge.open.Add(1)
	x.joinConversation()
	m.exchange = x
	return m
}

// isQuiet tells whether the plan of an earlier message holds still.
func (s *socketReader) isQuiet() bool {
	if !s.judge.now().Before(s.quiet.until) || s.quiet.revision != s.judge.snapshots.Current().Revision() {
		return false
	}
	proved, _ := s.look.state()
	return s.quiet.proved == proved
}

// beQuiet lets the next messages pass like that of x.
func (s *socketReader) beQuiet(x *exchange) {
	proved, _ := s.look.state()
	s.quiet = quiet{x.started.Add(quietTime), x.snapshot.Revision(), proved}
}

// received implements clientStream.
func (s *socketReader) received(b []byte) { s.look.received(b) }

// anyPasses tells whether the plan of x, which lets its message pass unread, would
// be the same for one of any other size. One that would be looked at does not pass,
// as long as somebody looks.
func (s *socketReader) anyPasses(x *exchange) bool {
	r := s.request
	r.Time, r.Length, r.Earlier = x.started, -1, x.plan.Request.Earlier
	other := exchange{judge: x.judge, snapshot: x.snapshot}
	other.makePlan(r)
	_, done := s.look.state()
	return other.plan.Need == rules.Nothing && !(other.plan.Final && other.plan.Verdict.Stops()) && (!other.plan.Peek || done)
}

// newExchange begins the exchange of a message.
func (s *socketReader) newExchange(now time.Time, snapshot Snapshot, head websocket.Header) *exchange {
	x := &exchange{
		judge: s.judge, snapshot: snapshot, id: audit.NewID(now), started: now,
		head: requestHead{method: s.upgrade.head.method, protocol: "websocket"}, mode: audit.ModeNothing,
		connection: s.upgrade.id,
	}
	x.holders.Store(1)
	r := s.request
	r.Time, r.Length = now, -1
	if head.Final && head.Reserved == 0 {
		r.Length = head.Length
	}
	r.Earlier = s.look.earlier(&r, x.snapshot)
	x.makePlan(r)
	x.look.on = false // the connection is looked at as a whole
	return x
}

// breach closes the connection of a client that breaks the protocol. What is
// pending does not go on.
func (s *socketReader) breach() error {
	if err := s.onward.flush(); err != nil {
		return err
	}
	if s.closing {
		return errSocketClosed
	}
	s.upgrade.setTrouble("websocket_protocol")
	s.dropMessage("websocket_protocol", "unfinished")
	s.closing = true
	s.link.closeBoth(websocket.StatusProtocolError, "")
	return errSocketClosed
}

// refuseLength closes the connection of a client whose message is longer than any
// may be. What is pending of it does not go on.
func (s *socketReader) refuseLength() error {
	if err := s.onward.flush(); err != nil {
		return err
	}
	const reason = "body_bytes"
	s.judge.metrics.LimitHit(reason)
	id := s.upgrade.id
	if m := s.message; m.exchange != nil && !m.peeking {
		id = m.exchange.id
	} else {
		s.upgrade.setTrouble(reason)
	}
	s.dropMessage(reason, "over_limit")
	s.closing = true
	told := failed{status: http.StatusRequestEntityTooLarge, reason: reason, id: id}
	s.link.closeBoth(websocket.StatusTooBig, told.shortLine(s.asked, websocket.MaxReason))
	return errSocketClosed
}

// end implements clientStream: a message that has not come to its end never will.
func (s *socketReader) end() {
	defer s.upgrade.release()
	s.ended = true
	s.dropMessage("client_gone", "client_gone")
}

func (s *socketReader) dropMessage(trouble, reason string) {
	if m := s.message; m != nil {
		s.message = nil
		m.drop(s, trouble, reason)
	}
}

// context ends with the connection.
func (s *socketReader) context() context.Context { return s.link.context() }

// onward gathers neighbouring bytes, so that what came in one chunk leaves in one.
type onward struct {
	to  websocketLink
	run []byte
}

// add passes raw on. taken is what it took of the chunk; when they are not the
// same, a part of raw came in a chunk before and lies elsewhere.
func (o *onward) add(raw, taken []byte) error {
	if len(raw) == len(taken) && len(o.run) < cap(o.run) && &o.run[:len(o.run)+1][len(o.run)] == &taken[0] {
		o.run = o.run[:len(o.run)+len(taken)]
		return nil
	}
	if err := o.flush(); err != nil {
		return err
	}
	if len(raw) == len(taken) {
		o.run = taken
		return nil
	}
	_, err := o.to.Write(raw)
	return err
}

func (o *onward) flush() error {
	run := o.run
	o.run = nil
	if len(run) == 0 {
		return nil
	}
	_, err := o.to.Write(run)
	return err
}
