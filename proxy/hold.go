package proxy

import (
	"context"
	"net/http"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules/engine"
)

// hold reads the body, decides, and then answers or lets it be replayed.
func (x *exchange) hold(r *http.Request) *http.Response {
	x.mode = audit.ModeHold
	j := x.judge
	h := x.newHeld()
	h.whole = !hasBody(r)
	owned := true // until the replay takes h over
	defer func() {
		if owned {
			h.release()
		}
	}()
	if hasBody(r) {
		err := h.hold(r.Context(), r.Body, x.holdLimit(r.ContentLength))
		x.received.Store(h.total)
		if err != nil {
			return x.brokenBody(r, err)
		}
	}
	x.bodyEnded = j.now()
	x.evaluateHeld(r.Context(), h, max(h.total, x.plan.Request.Length))
	if x.outcome.Verdict.Stops() {
		return x.block(r)
	}
	if hasBody(r) {
		body := newReplayBody(h, r.Body, &x.received)
		r.Body, x.body, owned = body, body, false
	}
	return nil
}

// newHeld returns room for a body, or for a message of one.
func (x *exchange) newHeld() *held {
	j := x.judge
	return &held{disk: j.disk, head: prefix{memory: j.shares.of(guestOf(x.plan.Request.Client)), limit: min(j.limits.HoldMemoryBytes, j.limits.HoldBytes)}}
}

// newCopy returns room for a copy of a message that goes on.
func (x *exchange) newCopy() prefix {
	return prefix{memory: x.judge.shares.of(guestOf(x.plan.Request.Client)), limit: x.judge.limits.InspectBytes}
}

// holdLimit is how much is held of a body with a declared length, -1 for none. When its length is known and it is
// longer than what is read of it, the verdict cannot change behind what is read,
// and the rest may stream on; the length of another is a fact only at its end.
func (x *exchange) holdLimit(length int64) int64 {
	limits := &x.judge.limits
	if length > limits.InspectBytes {
		return min(limits.InspectBytes, limits.HoldBytes)
	}
	return limits.HoldBytes
}

// evaluateHeld judges what was held of total bytes. One that must wait too long
// for its place is judged unread.
func (x *exchange) evaluateHeld(ctx context.Context, h *held, total int64) {
	j := x.judge
	body := engine.Body{Total: total, Reason: h.short.reason}
	leave := j.places.enterWithin(ctx, j.limits.EvaluationWait, guestOf(x.plan.Request.Client), min(h.kept(), j.limits.InspectBytes)+x.bytesBefore(), x.isCompressed())
	switch {
	case ctx.Err() != nil:
		x.fail("client_gone", total)
	case leave == nil:
		j.metrics.LimitHit("evaluation_wait")
		body.Reason = "busy"
		x.evaluate(body)
	default:
		x.evaluateWindow(h, body)
	}
	if leave != nil {
		leave()
	}
}

// evaluateWindow judges the first bytes of what is held.
func (x *exchange) evaluateWindow(h *held, body engine.Body) {
	j := x.judge
	var window []byte
	defer func() { j.places.memory.put(window) }()
	data, err := h.inspect(j.limits.InspectBytes, func(size int64) []byte {
		window = j.places.memory.get(size)
		return window
	})
	if err != nil {
		x.fail("disk", body.Total)
		return
	}
	body.Bytes = data
	if kept := int64(len(data)); kept < body.Total && kept == j.limits.InspectBytes {
		body.Reason = "over_limit"
		j.metrics.LimitHit("inspect_bytes")
	} else if h.short.limit != "" {
		j.metrics.LimitHit(h.short.limit)
	}
	x.evaluate(body)
}

// isCompressed tells whether the head says that the body is, or that of the message.
func (x *exchange) isCompressed() bool {
	return x.compressed || len(x.plan.Request.Header["Content-Encoding"]) > 0
}
