package proxy

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// exchange sees one exchange through: it implements exchanger. Its fields are
// written by the goroutine that serves the exchange, except those that observe
// writes; the count of holders orders the two before the event is made.
type exchange struct {
	judge    *Judge
	snapshot Snapshot
	id       string
	started  time.Time
	head     requestHead
	plan     engine.Plan
	mode     string
	reason   string // why an observed body may not be the whole

	// Written by the one evaluation, which may be observe's.
	outcome   engine.Outcome
	bodyEnded time.Time
	verdictIn time.Duration
	failed    string // why judging failed, "" when it did not

	received atomic.Int64 // bytes of the request body
	answered atomic.Int64 // bytes of the response body
	body     io.Closer    // what request put in place of the client's body
	asked    bool         // for a judgement: request was called
	blocked  bool
	protocol string
	status   int
	media    string        // of the response
	first    time.Duration // to the head of the response
	trouble  atomic.Pointer[string]
	holders  atomic.Int32 // finish and observe; the last writes the event
	finished atomic.Bool
}

// requestHead is what the event needs of the request's head.
type requestHead struct{ method, mediaType, protocol string }

// exchange implements inspector.
func (j *Judge) exchange(r *http.Request, client rules.Client, t *tunnelInfo) exchanger {
	started := j.now()
	j.open.Add(1)
	x := &exchange{
		judge: j, snapshot: j.snapshots.Current(), id: audit.NewID(started), started: started,
		head: requestHead{method: r.Method, mediaType: mediaType(r.Header), protocol: r.Proto},
		mode: audit.ModeNothing,
	}
	x.holders.Store(1)
	x.makePlan(engineRequest(r, client, t, started))
	return x
}

// makePlan asks the snapshot what it needs to read. When that fails, what
// OnErrorAllow says is the plan.
func (x *exchange) makePlan(r engine.Request) {
	x.plan = engine.Plan{
		Request: r, Final: true, Need: rules.Nothing,
		Facts: rules.Facts{Time: r.Time, Client: r.Client, Destination: r.Destination, Method: r.Method, Bytes: r.Length},
	}
	defer func() {
		if recover() != nil {
			x.fail("panic")
			x.plan.Verdict = x.outcome.Verdict
		}
	}()
	x.plan = x.snapshot.Plan(r)
	if x.plan.Need != rules.Nothing {
		// Evaluate may run while the request is on its way and its headers change.
		x.plan.Request.Header = http.Header(r.Header).Clone()
	}
	x.outcome.Facts, x.outcome.Verdict = x.plan.Facts, x.plan.Verdict
}

// engineRequest turns the head of a request into plain values.
func engineRequest(r *http.Request, client rules.Client, t *tunnelInfo, now time.Time) engine.Request {
	d := rules.Destination{Port: 80}
	if host, port, err := splitAuthority(r.Host, 80); err == nil {
		d.Host, d.Port = host, port
	}
	if r.URL.Host != "" && t == nil { // absolute form: the target decides, not the Host header
		if host, port, err := splitAuthority(r.URL.Host, 80); err == nil {
			d.Host, d.Port = host, port
		}
	}
	if t != nil {
		d.ConnectHost, d.SNI, d.Port = t.ConnectHost, t.SNI, t.Port
		if d.Host == "" {
			d.Host = t.Host
		}
	}
	length := r.ContentLength
	if r.Body == nil || r.Body == http.NoBody {
		length = 0
	}
	return engine.Request{
		Time: now, Client: client, Destination: d,
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header, Length: length,
	}
}

// request implements exchanger.
func (x *exchange) request(r *http.Request) (answer *http.Response) {
	defer func() {
		if recover() != nil { // the rest of us; Plan and Evaluate recover on their own
			x.setTrouble("panic")
			answer = x.unjudged(r)
		}
	}()
	x.asked = true
	if x.plan.Final && x.plan.Verdict.Stops() {
		return x.block(r)
	}
	if reason := x.unreadable(r); reason != "" && (x.plan.Need != rules.Nothing || r.Header.Get("Upgrade") != "") {
		return x.passUnread(r, reason)
	}
	switch {
	case x.plan.Need == rules.Hold:
		return x.hold(r)
	case x.plan.Need == rules.Observe:
		x.watch(r, "")
	default:
		x.count(r)
	}
	return nil
}

// unreadable says why a request cannot be read before it goes on: what follows
// it, or its body, is a stream of messages in both directions, which would wait
// for ever for its own answers. "" when it can.
func (x *exchange) unreadable(r *http.Request) string {
	switch {
	case wantsWebSocket(r) && !hasBody(r):
		return "websocket"
	case r.ContentLength >= 0 || !hasBody(r): // it has an end
		return ""
	case isMessageStream(mediaType(r.Header)) && x.plan.MayStream():
		return "grpc"
	}
	return ""
}

// isMessageStream knows the media types of gRPC, whose web form has requests of
// one message, and of Connect.
func isMessageStream(media string) bool {
	return media == "application/grpc" || strings.HasPrefix(media, "application/grpc+") || strings.HasPrefix(media, "application/connect+")
}

// passUnread judges by the head alone. A body streams on but is observed: its
// media type is only what the client says, and must not be a way around: where
// another body would be held, none but messages pass.
func (x *exchange) passUnread(r *http.Request, reason string) *http.Response {
	x.evaluate(engine.Body{Reason: reason})
	if x.outcome.Verdict.Stops() {
		return x.block(r)
	}
	if !hasBody(r) {
		return nil
	}
	x.watch(r, reason)
	if x.plan.Need == rules.Hold { // another body would have been held
		r.Body = &envelopeBody{ReadCloser: r.Body}
	}
	return nil
}

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
		client: r.Body, total: &x.received, ended: x.ended,
		head: prefix{memory: x.judge.memory, limit: x.judge.limits.InspectBytes},
	}
	r.Body, x.body = body, body
}

// ended hands the copy to a worker, or gives up: an exchange never waits for
// the judgement of its copy.
func (x *exchange) ended(head prefix) {
	x.bodyEnded = x.judge.now()
	switch head.reason {
	case "over_limit":
		x.judge.metrics.LimitHit("inspect_bytes")
	case "busy":
		x.judge.metrics.LimitHit("inspect_memory")
	}
	select {
	case x.judge.queue <- observation{x, head}:
	default:
		head.release()
		x.judge.metrics.LimitHit("evaluation_queue")
		x.observe(prefix{memory: head.memory, total: head.total, reason: "busy"})
	}
}

// observe judges a copy. It runs on a worker.
func (x *exchange) observe(head prefix) {
	defer x.release()
	defer head.release()
	x.evaluate(engine.Body{Bytes: head.data, Total: head.total, Reason: cmp.Or(head.reason, x.reason)})
}

// count lets the body stream unread.
func (x *exchange) count(r *http.Request) {
	if hasBody(r) {
		r.Body = countedBody{r.Body, &x.received}
	}
}

// evaluate asks for the verdict. A panic costs this exchange, not the process.
func (x *exchange) evaluate(body engine.Body) {
	begin := x.judge.now()
	defer func() {
		if recover() != nil {
			x.fail("panic")
		}
		if !x.bodyEnded.IsZero() {
			x.verdictIn = x.judge.now().Sub(x.bodyEnded)
		}
	}()
	x.outcome = x.snapshot.Evaluate(x.plan, body)
	x.judge.metrics.Scanned(x.outcome.Result.Scanned, x.judge.now().Sub(begin))
}

// fail puts the verdict of an exchange that could not be judged in place.
func (x *exchange) fail(reason string) {
	x.failed = reason
	x.setTrouble(reason)
	done := rules.Block
	verdict := rules.Verdict{
		Action: rules.Block, Reason: "the exchange could not be judged",
		Status: x.plan.Verdict.Status, Groups: x.plan.Verdict.Groups,
	}
	if x.judge.onErrorAllow || x.mode == audit.ModeObserve { // what was observed has gone
		verdict.Action, done = rules.Log, rules.Allow
	}
	x.outcome.Verdict = verdict
	x.judge.metrics.EvaluationFailed(done)
}

// unjudged answers when our own code failed before a verdict. What hold had read
// by then is lost, and the rest alone must not go on.
func (x *exchange) unjudged(r *http.Request) *http.Response {
	x.fail("panic")
	if x.outcome.Verdict.Stops() || x.mode == audit.ModeHold && hasBody(r) {
		x.outcome.Verdict.Action = rules.Block
		return x.block(r)
	}
	return nil
}

// upgraded implements exchanger.
func (x *exchange) upgraded(protocol string, sent, received int64) {
	x.protocol = protocol
	x.received.Add(sent)
	x.answered.Add(received)
}

// finish implements exchanger.
func (x *exchange) finish(recovered any) {
	if x.finished.Swap(true) {
		return
	}
	defer x.release()
	if recovered != nil {
		x.setTrouble("panic") // its value may quote the traffic: it goes nowhere
	}
	if x.body != nil {
		x.body.Close() // also ends an observation whose body was never read
	}
}

// release gives up one hold on the exchange; the last one writes the event.
func (x *exchange) release() {
	if x.holders.Add(-1) != 0 {
		return
	}
	defer x.judge.open.Done()
	defer func() { _ = recover() }() // a sink that panics costs its event
	x.judge.sink.Record(x.event())
}

// setTrouble notes what went wrong first.
func (x *exchange) setTrouble(reason string) { x.trouble.CompareAndSwap(nil, &reason) }

func hasBody(r *http.Request) bool { return r.Body != nil && r.Body != http.NoBody }
