package proxy

import (
	"cmp"
	"context"
	"errors"
	"io"
	"sync"

	"daylight.internal/classifier"
	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// socketText reads and judges the messages of one connection, in their order:
// each may refer to what those before it said. What is observed waits in line for
// a worker; a message that is held is judged at once, after all that wait.
type socketText struct {
	judge      *Judge
	unreadable bool // an extension was agreed that nobody here knows
	pace       *pace

	turn     sync.Mutex // held while a message is judged
	inflater *websocket.Inflater
	window   engine.Window

	mu      sync.Mutex // of what follows
	waiting []observedMessage
	skipped bool // a message was not unpacked since the last one in line
}

// observedMessage waits for its judgement.
type observedMessage struct {
	message *socketMessage
	skipped bool // one before it was not unpacked
}

// skip tells that a message is not read.
func (t *socketText) skip(m *socketMessage) {
	if m.compressed() {
		t.mu.Lock()
		t.skipped = true
		t.mu.Unlock()
	}
}

// observe puts a message in line, or gives it up: the traffic never waits.
func (t *socketText) observe(m *socketMessage) {
	x, j := m.exchange, t.judge
	x.bodyEnded = j.now()
	switch m.copied.reason {
	case "over_limit":
		j.metrics.LimitHit("inspect_bytes")
	case "busy":
		j.metrics.LimitHit("inspect_memory")
	}
	if limit := t.enqueue(m); limit != "" {
		j.metrics.LimitHit(limit)
		m.copied.release()
		t.skip(m)
		x.received.Store(m.payload)
		x.dropped(m.payload)
	}
}

// enqueue returns the limit that was hit, or "".
func (t *socketText) enqueue(m *socketMessage) (limit string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiting) >= t.judge.limits.ObservedMessages {
		return "observed_messages"
	}
	select {
	case t.judge.queue <- observation{run: t.step}: // it finds the message, for it takes mu
	default:
		return "evaluation_queue"
	}
	t.waiting = append(t.waiting, observedMessage{m, t.skipped})
	t.skipped = false
	return ""
}

// step judges the message that waits longest. There is one step for each; those
// that find nothing come after a held message.
func (t *socketText) step() (done bool) {
	t.turn.Lock()
	defer t.turn.Unlock()
	t.mu.Lock()
	if len(t.waiting) == 0 {
		t.mu.Unlock()
		return true
	}
	next := t.waiting[0]
	t.waiting = t.waiting[1:]
	t.mu.Unlock()
	t.judgeObserved(next)
	return false
}

func (t *socketText) judgeObserved(o observedMessage) {
	m := o.message
	x := m.exchange
	defer x.finish(nil)
	defer m.copied.release()
	defer func() {
		if recover() != nil {
			t.inflater.Lose()
			x.fail("panic", m.payload)
		}
	}()
	if o.skipped {
		t.inflater.Lose()
	}
	leave := t.enter(context.Background(), m)
	defer leave()
	text := prefix{memory: &t.judge.places.memory, limit: t.judge.limits.InspectBytes}
	defer text.release()
	t.evaluate(m, &byteReader{m.copied.data}, &text, m.copied.reason)
}

// enter waits for the place of a message, as for a body. What is compressed may
// unpack to more than it looks; a little that does is still small.
func (t *socketText) enter(ctx context.Context, m *socketMessage) (leave func()) {
	who := guestOf(m.exchange.plan.Request.Client)
	if m.compressed() && m.payload*inflateRatio <= websocket.AlwaysUnpacked {
		return t.judge.places.enter(ctx, who, 0, false)
	}
	return t.judge.places.enter(ctx, who, min(m.payload, t.judge.limits.InspectBytes), m.compressed())
}

// judgeHeld judges a message that waits for its verdict, unpacked to text. One
// that must wait too long for its place is judged unread.
func (t *socketText) judgeHeld(ctx context.Context, m *socketMessage, text *prefix) {
	waiting, cancel := context.WithTimeout(ctx, t.judge.limits.EvaluationWait)
	defer cancel()
	for !t.step() {
	}
	leave := t.enter(waiting, m)
	switch {
	case ctx.Err() != nil:
		m.exchange.fail("client_gone", m.payload)
	case leave == nil:
		t.judge.metrics.LimitHit("evaluation_wait")
		t.skip(m)
		m.exchange.evaluate(engine.Body{Total: m.payload, Reason: "busy"})
	default:
		t.judgeFrames(m, text)
	}
	if leave != nil {
		leave()
	}
}

func (t *socketText) judgeFrames(m *socketMessage, text *prefix) {
	t.turn.Lock()
	defer t.turn.Unlock()
	t.forgetSkipped()
	reason := m.hold.short.reason
	if limit := m.hold.short.limit; limit != "" {
		t.judge.metrics.LimitHit(limit)
	}
	defer func() {
		if recover() != nil {
			t.inflater.Lose()
			m.exchange.fail("panic", m.payload)
		}
	}()
	t.evaluate(m, m.hold.reader(), text, reason)
}

// evaluate unpacks and judges a message. reason says why its frames are not all
// there; "" when they are.
func (t *socketText) evaluate(m *socketMessage, frames io.Reader, text *prefix, reason string) {
	x := m.exchange
	read, err := m.read, m.fault
	if m.unpacked {
		*text, m.text = m.text, prefix{}
	} else {
		read, err = t.unpack(m, frames, text)
	}
	body := engine.Body{Bytes: text.data, Total: max(m.payload, text.total), Reason: cmp.Or(reason, text.reason), Frame: engine.TextFrame}
	if m.first.Opcode == websocket.Binary {
		body.Frame = engine.BinaryFrame
	}
	if m.compressed() && body.Reason == "" {
		body.Total = text.total
	}
	m.undecodable = t.undecodable(err)
	switch cut := reason != "" && errors.Is(err, io.ErrUnexpectedEOF); {
	case m.undecodable != "":
		body.Bytes, body.Reason, read = nil, m.undecodable, 0
	case err != nil && !cut:
		x.fail("disk", body.Total)
		return
	case text.reason == "over_limit":
		t.judge.metrics.LimitHit("inspect_bytes")
	}
	x.window = &t.window
	x.evaluate(body)
	x.head.mediaType = x.outcome.MediaType
	if x.outcome.Facts.Service.ID == rules.Suspected && len(text.data) > 0 {
		x.look.shape = newShape(x.snapshot.Structure(x.plan, text.data, true), x.head.mediaType, 0)
	}
	if m.compressed() {
		for _, c := range []*rules.Content{x.outcome.Facts.Content, x.outcome.Added} {
			readOnWire(c, read, int64(len(body.Bytes)))
		}
	}
}

// undecodable says why a message could not be unpacked; "" when it could.
func (t *socketText) undecodable(err error) string {
	switch {
	case t.unreadable:
		return "unknown_encoding"
	case errors.Is(err, websocket.ErrCorrupt):
		return "corrupt"
	case errors.Is(err, websocket.ErrRatio):
		return "over_ratio"
	}
	return ""
}

// unpack writes the text of a message and returns how many bytes of its payload
// stand behind what was kept.
func (t *socketText) unpack(m *socketMessage, frames io.Reader, text *prefix) (read int64, err error) {
	payload := &countedReader{Reader: websocket.NewPayload(frames)}
	if !m.compressed() || t.unreadable {
		err = text.readFrom(payload)
	} else {
		_, err = t.inflater.Inflate(prefixWriter{text}, payload)
	}
	t.pace.charge(m.payload, text.total)
	if text.total > int64(len(text.data)) && text.total > 0 {
		return payload.n * int64(len(text.data)) / text.total, err
	}
	return payload.n, err
}

// readOnWire tells coverage in bytes as they travelled, of which read stand
// behind the text.
func readOnWire(c *rules.Content, read, text int64) {
	switch {
	case c == nil:
	case c.Coverage.State == classifier.Complete:
		c.Coverage.BytesRead = read
	case text > 0:
		c.Coverage.BytesRead = min(read, c.Coverage.BytesRead*read/text)
	}
}

// countedReader counts what is read.
type countedReader struct {
	io.Reader
	n int64
}

// Read implements io.Reader.
func (r *countedReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	r.n += int64(n)
	return n, err
}

// prefixWriter keeps what fits and takes all.
type prefixWriter struct{ prefix *prefix }

// Write implements io.Writer.
func (w prefixWriter) Write(b []byte) (int, error) {
	w.prefix.write(b)
	return len(b), nil
}
