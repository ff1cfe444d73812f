package proxy

import (
	"io"

	"daylight.internal/classifier"
	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
)

// socketMessage is one message of a client's, on its way.
type socketMessage struct {
	exchange *exchange        // nil when it leaves no event
	first    websocket.Header // of its first frame
	route    route
	hold     *held  // its frames, when it is held back
	copied   prefix // the same, when it is observed
	length   int64  // that its frames have declared so far
	payload  int64  // bytes that came, as they travelled
	peeking  bool   // at a message to a host on no list: route is not settled
	// What peeking has unpacked of a compressed message.
	unpacked bool
	text     prefix
	read     int64 // bytes of the payload that stand behind text
	fault    error
	// undecodable says why it could not be unpacked; "" when it could, or need not be.
	undecodable string
}

// route is what becomes of a message.
type route uint8

const (
	unread    route = iota // goes on, the policy does not ask for it
	observed               // goes on, a copy is judged
	heldBack               // waits for its verdict
	streaming              // was judged by its beginning; the rest goes on
	refused                // does not go on
)

func (m *socketMessage) compressed() bool { return m.first.Reserved&websocket.Compressed != 0 }

// take takes a piece of the message.
func (m *socketMessage) take(s *socketReader, p websocket.Piece) (goesOn bool, err error) {
	if p.Kind == websocket.Data {
		m.payload += int64(len(p.Raw))
	}
	switch m.route {
	case observed:
		m.copied.write(p.Raw)
		return true, nil
	case heldBack:
		full := m.hold.add(s.context(), p.Raw, s.judge.limits.HoldBytes)
		if m.peeking && m.ripe(p, full) {
			if err := m.peek(s, p.End); err != nil {
				return false, err
			}
		}
		if full && !p.End && m.route == heldBack {
			return false, m.judge(s, false)
		}
		return false, nil
	case refused:
		return false, nil
	}
	return true, nil
}

// end is called when the message is whole.
func (m *socketMessage) end(s *socketReader) (err error) {
	if m.exchange == nil {
		if m.route == unread {
			s.unread += m.payload
		}
		if !m.unpacked {
			s.text.skip(m)
		}
		return nil
	}
	if m.route != refused { // what is thrown away unread is in no count
		m.exchange.received.Store(m.payload)
	}
	switch {
	case m.route == observed:
		s.text.observe(m)
		return nil // the worker ends it
	case m.route == heldBack:
		err = m.judge(s, true)
	case m.hold == nil && m.route == refused: // whatever it held
		s.text.skip(m)
		err = m.refuse(s, nil)
	}
	m.exchange.finish(nil)
	return err
}

// drop ends a message that does not come to its end. trouble is for its event,
// reason for its coverage.
func (m *socketMessage) drop(s *socketReader, trouble, reason string) {
	x := m.exchange
	if x == nil {
		if m.route == unread {
			s.unread += m.payload
		}
		return
	}
	if m.peeking { // none of it has gone on
		m.release()
		return
	}
	if m.route != refused {
		x.received.Store(m.payload)
		x.setTrouble(trouble)
	}
	switch m.route {
	case observed: // what came has gone on
		m.copied.reason = reason
		s.text.observe(m)
		return
	case heldBack:
		m.release()
		x.blocked = true
		x.outcome.Facts.Content = &rules.Content{Coverage: classifier.Coverage{Reason: reason}}
		x.outcome.Verdict = rules.Verdict{
			Reason: "the message did not come to its end", Status: x.plan.Verdict.Status, Groups: x.plan.Verdict.Groups,
		}
	}
	x.finish(nil)
}

func (m *socketMessage) release() {
	if m.hold != nil {
		m.hold.release()
	}
	m.text.release()
}

// judge decides over a message that is held, or over as much of it as may be.
func (m *socketMessage) judge(s *socketReader, whole bool) error {
	x, j := m.exchange, s.judge
	defer m.release()
	m.hold.whole = whole
	x.received.Store(m.payload)
	x.bodyEnded = j.now()
	text := prefix{memory: &j.places.memory, limit: j.limits.InspectBytes}
	defer text.release()
	s.text.judgeHeld(s.context(), m, &text)
	if x.outcome.Verdict.Stops() {
		return m.refuse(s, text.data)
	}
	return m.forward(s, &text, whole)
}

// forward lets a held message go on: the same bytes.
func (m *socketMessage) forward(s *socketReader, text *prefix, whole bool) error {
	err := s.onward.flush()
	switch {
	case err != nil:
	case s.rewrites && m.compressed():
		return m.rewrite(s, text, whole)
	default:
		err = m.hold.writeTo(s.link)
	}
	if err != nil {
		m.exchange.setTrouble("server_closed")
	}
	m.route = streaming
	return err
}

// rewriteFrame bytes of a message go in one frame when it is written anew.
const rewriteFrame = 64 << 10

// rewrite sends a message uncompressed to a server that could not unpack it. One
// that cannot be sent like that ends the connection.
func (m *socketMessage) rewrite(s *socketReader, text *prefix, whole bool) error {
	x := m.exchange
	if !whole || text.reason != "" || text.total > int64(len(text.data)) || m.undecodable != "" || x.outcome.Facts.Content == nil {
		x.setTrouble("websocket_rewrite")
		x.blocked = true
		x.outcome.Verdict = rules.Verdict{
			Reason: "the message refers to one that was blocked", Status: x.outcome.Verdict.Status, Groups: x.outcome.Verdict.Groups,
		}
		m.route = refused
		s.closeBlocked(x)
		return nil
	}
	m.route = streaming
	return writeMessage(s.link, m.first.Opcode, text.data)
}

// writeMessage sends a message as a client does.
func writeMessage(w io.Writer, opcode websocket.Opcode, text []byte) error {
	var frame []byte
	for {
		n := min(len(text), rewriteFrame)
		head := websocket.Header{Final: n == len(text), Opcode: opcode, Masked: true, Key: maskKey()}
		frame = websocket.AppendFrame(frame[:0], head, text[:n])
		if _, err := w.Write(frame); err != nil {
			return err
		}
		if text, opcode = text[n:], websocket.Continuation; head.Final {
			return nil
		}
	}
}
