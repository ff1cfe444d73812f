package proxy

import (
	"context"
	"errors"
	"net/http"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules/engine"
)

// hold reads the body, decides, and then answers or lets it be replayed.
func (x *exchange) hold(r *http.Request) *http.Response {
	x.mode = audit.ModeHold
	j, limits := x.judge, &x.judge.limits
	h := &held{whole: !hasBody(r), head: prefix{memory: j.memory, limit: min(limits.HoldMemoryBytes, limits.HoldBytes)}}
	owned := true // until the replay takes h over
	defer func() {
		if owned {
			h.release()
		}
	}()
	if hasBody(r) {
		err := h.hold(r.Body, limits.HoldBytes, j.tempDir)
		x.received.Store(h.total)
		switch {
		case errors.Is(err, errSpill):
			j.metrics.LimitHit("hold_disk")
			x.fail("disk")
		case err != nil:
			return x.brokenBody(r, err)
		case !h.whole:
			j.metrics.LimitHit("hold_bytes")
		}
	}
	x.bodyEnded = j.now()
	if x.failed == "" {
		x.evaluateHeld(r.Context(), h)
	}
	if x.outcome.Verdict.Stops() {
		return x.block(r)
	}
	if hasBody(r) {
		body := newReplayBody(h, r.Body, &x.received)
		r.Body, x.body, owned = body, body, false
	}
	return nil
}

// evaluateHeld judges what was held. Only so many bodies are judged at once.
func (x *exchange) evaluateHeld(ctx context.Context, h *held) {
	j := x.judge
	leave := j.place(ctx, h.total)
	if leave == nil {
		x.fail("client_gone")
		return
	}
	defer leave()
	data, err := h.inspect(j.limits.InspectBytes)
	if err != nil {
		x.fail("disk")
		return
	}
	body := engine.Body{Bytes: data, Total: h.total}
	if int64(len(data)) < h.total || !h.whole {
		body.Reason = "over_limit"
		j.metrics.LimitHit("inspect_bytes")
	}
	x.evaluate(body)
}
