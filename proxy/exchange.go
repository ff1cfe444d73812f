package proxy

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"daylight.internal/classifier"
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
	reason   string         // why an observed body may not be the whole
	window   *engine.Window // of a stream of messages
	upload   carriedUpload
	sample   *sampledBody // of a call that may open an upload; nil else
	look     look

	// Written by the one evaluation, which may be observe's.
	outcome   engine.Outcome
	bodyEnded time.Time
	verdictIn time.Duration
	failed    string // why judging failed, "" when it did not

	received atomic.Int64 // bytes of the request body
	answered atomic.Int64 // bytes of the response body
	body     io.Closer    // what request put in place of the client's body
	messages *messageGate // the same, when it is a stream of messages that are judged one by one
	// compressed tells that the message which is judged is.
	compressed bool
	socket     *socketReader // when it became a WebSocket
	connection string        // id of the exchange that did; of a message
	// conversation is the id of the one that it joined; "" when it is in none.
	conversation string
	asked        bool // for a judgement: request was called
	blocked      bool
	protocol     string
	status       int
	media        string        // of the response
	first        time.Duration // to the head of the response
	trouble      atomic.Pointer[string]
	holders      atomic.Int32 // finish and observe; the last writes the event
	finished     atomic.Bool
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
	request := engineRequest(r, client, t, started)
	x.findUpload(&request)
	if request.Upload == nil {
		request.Earlier = j.discovered.recall(&request, x.snapshot)
	}
	x.makePlan(request)
	x.joinConversation()
	return x
}

// makePlan asks the snapshot what it needs to read. When that fails, what on_error
// says is the plan.
func (x *exchange) makePlan(r engine.Request) {
	x.plan = engine.Unplanned(r)
	defer func() {
		if recover() != nil {
			x.fail("panic", r.Length)
			x.plan.Verdict = x.outcome.Verdict
		}
	}()
	x.plan = x.snapshot.Plan(r)
	if x.plan.Need != rules.Nothing {
		// Evaluate may run while the request is on its way and its headers change.
		x.plan.Request.Header = http.Header(r.Header).Clone()
	}
	x.outcome.Facts, x.outcome.Verdict = x.plan.Facts, x.plan.Verdict
	x.beginLook()
}

// engineRequest turns the head of a request into plain values.
func engineRequest(r *http.Request, client rules.Client, t *tunnelInfo, now time.Time) engine.Request {
	d := rules.Destination{Port: 80}
	if t != nil && r.Host == t.Host { // almost always
		d.Host = t.Host
	} else if host, port, err := splitAuthority(r.Host, 80); err == nil {
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
	if !(x.plan.Final && x.plan.Verdict.Stops()) {
		x.peek(r)
	}
	if x.plan.Final && x.plan.Verdict.Stops() {
		return x.block(r)
	}
	if answer := x.beginUpload(r); answer != nil {
		return answer
	}
	if reason := x.unreadable(r); reason != "" && (x.plan.Need != rules.Nothing || r.Header.Get("Upgrade") != "") {
		return x.passUnread(r, reason)
	}
	switch {
	case x.plan.Need == rules.Hold && isMessageStream(r):
		x.gate(r)
	case x.plan.Need == rules.Hold:
		return x.hold(r)
	case x.plan.Need == rules.Observe:
		x.watch(r, "")
	default:
		x.count(r)
	}
	return nil
}

// evaluate asks for the verdict. A panic costs this exchange, not the process.
func (x *exchange) evaluate(body engine.Body) {
	begin := x.judge.now()
	defer func() {
		if recover() != nil {
			x.fail("panic", max(body.Total, int64(len(body.Bytes))))
		}
		if !x.bodyEnded.IsZero() {
			x.verdictIn = x.judge.now().Sub(x.bodyEnded)
		}
	}()
	if body.Window == nil { // a message of a WebSocket brings its own
		body.Window = x.window
	}
	part := x.joinUpload(&body)
	defer x.judge.places.memory.put(part.owned)
	x.outcome = x.snapshot.Evaluate(x.plan, body)
	x.refusedUnread(body.Reason)
	x.partJudged(&part)
	x.judge.metrics.Scanned(x.outcome.Result.Scanned, x.judge.now().Sub(begin))
}

// unjudged answers when our own code failed before a verdict. What hold had read
// by then is lost, and the rest alone must not go on.
func (x *exchange) unjudged(r *http.Request) *http.Response {
	x.fail("panic", x.plan.Facts.Bytes)
	if lost := x.mode == audit.ModeHold && hasBody(r); lost && !x.outcome.Verdict.Stops() {
		x.outcome.Verdict.Action, x.outcome.Verdict.OnErrorBy = rules.Block, ""
		x.outcome.Verdict.Reason = "the exchange could not be judged, and what had come of its body is lost"
	}
	if x.outcome.Verdict.Stops() {
		return x.block(r)
	}
	return nil
}

// upgraded implements exchanger.
func (x *exchange) upgraded(protocol string, sent, received int64, trouble string) {
	x.protocol = protocol
	if trouble != "" {
		x.setTrouble(trouble)
	}
	x.answered.Add(received)
	if x.socket == nil {
		x.passedUnread(sent, "websocket")
	}
}

// passedUnread notes bytes that went on unread behind a head that was judged.
func (x *exchange) passedUnread(bytes int64, reason string) {
	if bytes == 0 {
		return
	}
	x.received.Add(bytes)
	content := rules.Content{}
	if c := x.outcome.Facts.Content; c != nil {
		content = *c // what was found in the head
	}
	content.Coverage = classifier.Coverage{Reason: reason}
	x.outcome.Facts.Content = &content
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
	defer x.endUpload()
	if x.socket != nil {
		x.passedUnread(x.socket.unread, "policy")
	}
	x.conclude()
	x.judge.sink.Record(x.event())
}

// setTrouble notes what went wrong first.
func (x *exchange) setTrouble(reason string) { x.trouble.CompareAndSwap(nil, &reason) }

func hasBody(r *http.Request) bool { return r.Body != nil && r.Body != http.NoBody }
