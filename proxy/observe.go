package proxy

import (
	"cmp"
	"context"
	"net/http"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// watch lets the body stream and keeps a copy, which is judged after its end.
// reason says why the copy may be less than the whole; "" when it need not.
func (x *exchange) watch(r *http.Request, reason string) {
	x.mode, x.reason = audit.ModeObserve, reason
	x.holders.Add(1)
	if !hasBody(r) {
		x.ended(prefix{})
		return
	}
	body := &observedBody{
		client: r.Body, total: &x.received, ended: x.ended, endless: isMessageStream(r),
		head: prefix{memory: x.judge.copies.of(guestOf(x.plan.Request.Client)), limit: x.judge.limits.InspectBytes},
	}
	r.Body, x.body = body, body
}

// ended hands the copy to a worker, or gives up: an exchange never waits for
// the judgement of its copy.
func (x *exchange) ended(head prefix) {
	x.bodyEnded = x.judge.now()
	x.takePart(head.data, head.total)
	switch head.reason {
	case "over_limit":
		x.judge.metrics.LimitHit("inspect_bytes")
	case "busy":
		x.judge.metrics.LimitHit("inspect_memory")
	}
	select {
	case x.judge.queue <- observation{exchange: x, head: head}:
	default:
		head.release()
		x.judge.metrics.LimitHit("evaluation_queue")
		x.dropped(head.total)
	}
}

// observe judges a copy. It runs on a worker.
func (x *exchange) observe(head prefix) {
	defer x.release()
	defer head.release()
	leave := x.judge.places.enter(context.Background(), guestOf(x.plan.Request.Client), int64(len(head.data))+x.bytesBefore(), x.isCompressed())
	defer leave()
	x.evaluate(engine.Body{Bytes: head.data, Total: head.total, Reason: cmp.Or(head.reason, x.reason)})
}

// dropped is what becomes of a copy that nobody has time for: it went through
// and was not read. The judge is not asked: it may be what is stuck, and this is
// the goroutine that carries the traffic.
func (x *exchange) dropped(total int64) {
	defer x.release()
	x.outcome.Facts.Bytes = total
	x.outcome.Facts.Content = &rules.Content{Coverage: classifier.Coverage{State: classifier.NotInspected, Reason: "busy"}}
	if !x.plan.Final {
		x.outcome.Verdict = rules.Verdict{Action: rules.Log, Reason: "the copy was not read: the queue of evaluations is full"}
	}
}

// count lets the body stream unread.
func (x *exchange) count(r *http.Request) {
	if hasBody(r) {
		r.Body = countedBody{r.Body, &x.received}
	}
}
