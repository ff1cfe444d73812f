package proxy

import (
	"bytes"
	"io"
	"sync"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
)

const (
	// lookedMessages of the server are looked at, as many as tell something.
	lookedMessages = 512
	// lookedFrames bytes of a compressed message are taken in to look at it.
	lookedFrames = 64 << 10
)

// socketLook looks at a WebSocket with a host on no list: at what both sides say,
// and when. Its methods may be called on nil, and by the goroutines of both sides.
type socketLook struct {
	upgrade *exchange
	request engine.Request // of the upgrade

	mu       sync.Mutex
	server   websocket.Beginnings
	inflater *websocket.Inflater // of the server's messages
	messages int                 // of the server
	done     bool
	proved   bool
	history  discovery.History // what was proved
}

// newSocketLook returns nil when the host is on a list.
func newSocketLook(x *exchange, request engine.Request, e websocket.Extensions) *socketLook {
	if !x.look.on {
		return nil
	}
	l := &socketLook{upgrade: x, request: request, server: websocket.Beginnings{Limit: discovery.PeekBytes}, history: request.Earlier, done: e.Unknown}
	if e.Deflate {
		l.server.Limit = lookedFrames
		// The server's messages may refer to each other as far as there is a window.
		all := websocket.ParseExtensions(nil)
		l.inflater = websocket.NewInflater(&x.judge.inflaters, all, inflateRatio)
	}
	return l
}

// received looks at what the server sent.
func (l *socketLook) received(b []byte) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.recover()
	if l.done {
		return
	}
	if l.server.Add(b, l.serverMessage); l.done {
		l.letGo()
	}
}

// letGo gives up what only the looking needs: connections stay open for hours.
func (l *socketLook) letGo() { l.done, l.inflater, l.server = true, nil, websocket.Beginnings{} }

// serverMessage looks at a message of the server. The lock is held.
func (l *socketLook) serverMessage(first websocket.Header, payload []byte, whole bool) {
	if l.done {
		return
	}
	if first.Reserved&websocket.Compressed != 0 {
		text := beginningWriter{}
		if l.inflater == nil || !whole {
			l.done = true // what comes may refer to it
			return
		}
		if _, err := l.inflater.Inflate(&text, bytes.NewReader(payload)); err != nil {
			l.done = true
			return
		}
		payload = text.data
	}
	l.upgrade.look.found.ServerMessage(l.upgrade.judge.now().Sub(l.upgrade.started), payload)
	l.messages++
	l.done = l.messages >= lookedMessages
	l.weigh()
}

// sent looks at the beginning of a message of the client.
func (l *socketLook) sent(text []byte) {
	if l == nil || len(text) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.recover()
	if !l.done {
		l.upgrade.look.found.ClientMessage(l.upgrade.judge.now().Sub(l.upgrade.started), text)
		l.weigh()
	}
}

// weigh judges what was seen, and remembers what looks like AI. The lock is held.
func (l *socketLook) weigh() {
	look := &l.upgrade.look
	look.evidence, look.stale = look.found.Evidence(), false
	if look.evidence.Result == discovery.Ordinary || look.evidence.Words == look.noted {
		return
	}
	look.noted, l.proved = look.evidence.Words, true
	l.history.Add(look.evidence)
	p, j := l.upgrade.plan, l.upgrade.judge
	p.Request = l.request
	j.discovered.note(&p, j.snapshots.Current(), j.now(), look.evidence)
}

// earlier is what the connection, or an earlier one, proved.
func (l *socketLook) earlier(r *engine.Request, s Snapshot) discovery.History {
	if l == nil {
		return discovery.History{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.proved {
		return l.history
	}
	return l.upgrade.judge.discovered.recall(r, s)
}

// state tells whether the connection has proved to be AI, and whether no more is looked at.
func (l *socketLook) state() (proved, done bool) {
	if l == nil {
		return false, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.proved, l.done
}

// end ends the looking, so that what was seen is at rest.
func (l *socketLook) end() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.letGo()
}

// recover keeps a fault of ours from the traffic. The lock is held.
func (l *socketLook) recover() {
	if recover() != nil {
		l.letGo()
		l.upgrade.setTrouble("panic")
	}
}

// beginningWriter keeps the beginning of what is written.
type beginningWriter struct{ data []byte }

// Write implements io.Writer.
func (w *beginningWriter) Write(b []byte) (int, error) {
	w.data = append(w.data, b[:min(len(b), discovery.PeekBytes-len(w.data))]...)
	return len(b), nil
}

// ripe tells whether enough of a message has come to look at it. Of a compressed
// one that is all, for its beginning cannot be unpacked alone; of any other it is as
// much as came at once.
func (m *socketMessage) ripe(p websocket.Piece, full bool) bool {
	enough := int64(discovery.PeekBytes)
	if m.compressed() {
		enough = lookedFrames
	}
	return p.End || full || m.hold.total > enough
}

// peek looks at a message to a host on no list, and decides what becomes of it.
func (m *socketMessage) peek(s *socketReader, end bool) error {
	m.peeking = false
	x := m.exchange
	text := s.text.beginning(m, end)
	s.look.sent(text)
	x.planAgain(text)
	x.judge.metrics.Peeked(x.plan.Facts.Service.IsAI())
	switch {
	case x.plan.Final && x.plan.Verdict.Stops():
		m.release()
		m.hold, m.route = nil, refused
	case x.plan.Need == rules.Hold:
		x.mode = audit.ModeHold
	case x.plan.Need == rules.Observe && m.unpacked: // judged as it is, for it is unpacked
		x.mode = audit.ModeObserve
	case x.plan.Need == rules.Observe:
		x.mode, m.route = audit.ModeObserve, observed
		m.copied = x.newCopy()
		if _, err := io.Copy(prefixWriter{&m.copied}, m.hold.reader()); err != nil {
			m.copied.reason = "disk"
		}
		s.judge.open.Add(1)
		return m.pass(s)
	default:
		m.route, m.exchange = unread, nil // it leaves no event
		if !m.compressed() {
			s.text.pace.refund(m.length)
		}
		if _, done := s.look.state(); done && s.anyPasses(x) {
			s.beQuiet(x)
		}
		return m.pass(s)
	}
	s.judge.open.Add(1)
	return nil
}

// pass lets go on what was taken in of a message.
func (m *socketMessage) pass(s *socketReader) error {
	defer m.release()
	if err := s.onward.flush(); err != nil {
		return err
	}
	return m.hold.writeTo(s.link)
}

// beginning returns the beginning of the text of a message; nil when it cannot be
// unpacked. What is compressed is unpacked as a whole, and only once.
func (t *socketText) beginning(m *socketMessage, end bool) []byte {
	if t.unreadable {
		return nil
	}
	if !m.compressed() {
		data := make([]byte, min(m.hold.total, discovery.PeekBytes))
		n, _ := io.ReadFull(websocket.NewPayload(m.hold.reader()), data)
		return data[:n]
	}
	if !end {
		return nil
	}
	for !t.step() {
	}
	t.turn.Lock()
	defer t.turn.Unlock()
	t.forgetSkipped()
	m.unpacked, m.text = true, prefix{memory: &t.judge.places.memory, limit: t.judge.limits.InspectBytes}
	m.read, m.fault = t.unpack(m, m.hold.reader(), &m.text)
	return m.text.data[:min(len(m.text.data), discovery.PeekBytes)]
}

// forgetSkipped tells the inflater when a message was not unpacked. The turn is held.
func (t *socketText) forgetSkipped() {
	t.mu.Lock()
	skipped := t.skipped
	t.skipped = false
	t.mu.Unlock()
	if skipped {
		t.inflater.Lose()
	}
}
