package proxy

import (
	"net/http"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
)

// look judges an exchange with a host on no list by what it looks like: request,
// answer and rhythm. The zero value looks at nothing.
type look struct {
	on       bool
	found    discovery.Exchange
	body     *peekedBody // nil: nothing of the body was looked at
	seen     int         // bytes of its beginning that found knows
	answered bool        // by the server
	coded    *codedAnswer
	readings int                // of the answer
	stale    bool               // found knows more than evidence
	evidence discovery.Evidence // of this exchange alone
	noted    discovery.Words    // that others will know of
	shape    *audit.Shape
}

// Readings of an answer after which its evidence is judged before its end: a client
// may send the next request while an answer still comes.
const (
	earlyLook = 8
	lateLook  = 32
)

// beginLook begins to look when the destination is on no list.
func (x *exchange) beginLook() {
	if x.plan.Unlisted() && x.snapshot.Discovery() != nil {
		x.look.on, x.look.found, x.look.stale = true, x.plan.Discovery, x.plan.Facts.Service.IsAI()
	}
}

// peek looks at the beginning of a body that may show that its destination is AI,
// and makes the plan anew. Of a body of unknown length it waits for no more than one
// reading that gives something. A client that wants a 100 first, and one that may wait for answers to
// its messages, would wait for us: of their bodies the beginning is seen as it passes.
func (x *exchange) peek(r *http.Request) {
	suspected := x.plan.Facts.Service.IsAI()
	if !x.look.on || !hasBody(r) || !x.plan.Peek && !suspected || x.plan.Need == rules.Hold && !suspected {
		return // what is held in any case is looked at as a whole
	}
	x.plan.Peek = false
	body := newPeekedBody(r.Body, x.judge.copies.of(guestOf(x.plan.Request.Client)))
	if body == nil {
		x.judge.metrics.LimitHit("inspect_memory")
		return
	}
	r.Body, x.body, x.look.body = body, body, body
	if suspected || r.Header.Get("Expect") != "" || isMessageStream(r) {
		return
	}
	body.fill(r.ContentLength)
	x.plan.Peek = true
	x.planAgain(body.beginning())
	x.look.seen, x.look.stale = len(body.beginning()), true
	x.judge.metrics.Peeked(x.plan.Facts.Service.IsAI())
	if !x.plan.Facts.Service.IsAI() && !x.look.found.Prompted() && x.plan.Discovery.Evidence().Score <= 0 {
		body.enough()
	}
}

// planAgain makes the plan anew with the beginning of the body.
func (x *exchange) planAgain(beginning []byte) {
	defer func() {
		if recover() != nil {
			x.fail("panic", x.plan.Facts.Bytes)
			x.plan.Final, x.plan.Need, x.plan.Verdict = true, rules.Nothing, x.outcome.Verdict
		}
	}()
	quiet := x.plan.Need == rules.Nothing
	x.plan = x.snapshot.Peeked(x.plan, beginning)
	x.look.found = x.plan.Discovery
	if quiet && x.plan.Need != rules.Nothing {
		x.plan.Request.Header = http.Header(x.plan.Request.Header).Clone()
	}
	x.outcome.Facts, x.outcome.Verdict = x.plan.Facts, x.plan.Verdict
}

// lookAtHead looks at the head of the answer.
func (x *exchange) lookAtHead(resp *http.Response) {
	l := &x.look
	if !l.on {
		return
	}
	defer x.recoverLook()
	l.answered = true
	x.lookAtBody()
	before := l.found
	l.found.Answer(&discovery.Response{Status: resp.StatusCode, Header: resp.Header, MediaType: x.media})
	l.stale = l.stale || l.found != before
	if l.found.Watches() {
		l.coded = newCodedAnswer(resp.Header)
	}
}

// lookAtBody looks at the part of the body's beginning that passed since.
func (x *exchange) lookAtBody() {
	l := &x.look
	beginning := l.body.beginning()
	if len(beginning) <= l.seen {
		return
	}
	l.seen = len(beginning)
	p := x.plan // others may be reading it
	p.Discovery = l.found
	l.found, l.stale = x.snapshot.Peeked(p, beginning).Discovery, true
}

// lookAtAnswer looks at a piece of the answer, which goes on as it is; ended tells
// that it was the last one.
func (x *exchange) lookAtAnswer(piece []byte, ended bool) {
	l := &x.look
	if !l.on || !l.stale && !l.found.Watches() {
		return
	}
	defer x.recoverLook()
	if len(piece) > 0 && l.found.Watches() {
		at := x.judge.now().Sub(x.started)
		if l.coded != nil {
			l.coded.add(at, piece)
		} else {
			l.found.Stream(at, piece)
		}
		l.readings++
		l.stale = true
	}
	if ended || l.readings == earlyLook || l.readings == lateLook {
		x.weigh(ended)
	}
}

// weigh judges what was seen. What looks like AI is remembered before the client
// has the end of the answer, for its next request comes behind that.
func (x *exchange) weigh(ended bool) {
	l := &x.look
	if ended && l.coded != nil {
		l.coded.replay(&l.found)
		l.coded, l.stale = nil, true
	}
	if !l.stale {
		return
	}
	l.evidence, l.stale = l.found.Evidence(), false
	if l.evidence.Result != discovery.Ordinary && l.evidence.Words != l.noted {
		l.noted = l.evidence.Words
		x.judge.discovered.note(&x.plan, x.judge.snapshots.Current(), x.judge.now(), l.evidence)
	}
}

// conclude puts what was seen into the outcome, when nobody else uses that any more.
func (x *exchange) conclude() {
	l := &x.look
	defer l.body.free()
	if !l.on {
		return
	}
	defer x.recoverLook()
	if x.socket != nil {
		x.socket.look.end()
	} else {
		x.lookAtBody()
		x.weigh(true)
	}
	service := &x.outcome.Facts.Service
	switch {
	case l.evidence.Result == discovery.Ordinary:
		if l.answered && l.found.Prompted() {
			x.judge.discovered.miss(&x.plan)
		}
	case !service.IsAI() && !x.blocked:
		x.foundLate()
	}
	if service.ID != rules.Suspected {
		return
	}
	if whole := x.snapshot.Suspicion(x.plan.Request, l.evidence); whole.IsAI() {
		service.Confidence, service.Evidence = whole.Confidence, whole.Evidence
	}
	if beginning := l.body.beginning(); len(beginning) > 0 {
		l.shape = newShape(x.snapshot.Structure(x.plan, beginning, false), x.head.mediaType, l.evidence.Words)
	}
}

// foundLate judges an exchange again that has gone on as ordinary, with the
// beginning of its body if that was kept.
func (x *exchange) foundLate() {
	begin := x.judge.now()
	body := engine.Body{Bytes: x.look.body.beginning(), Total: x.received.Load()}
	if int64(len(body.Bytes)) < body.Total || len(body.Bytes) == 0 {
		body.Reason = "policy"
	}
	x.outcome = x.snapshot.Concluded(x.plan, x.outcome, x.look.evidence, body)
	if len(body.Bytes) > 0 && x.mode == audit.ModeNothing {
		x.mode = audit.ModeObserve
	}
	x.judge.metrics.Scanned(x.outcome.Result.Scanned, x.judge.now().Sub(begin))
}

// recoverLook keeps a fault of ours from the traffic and from the event.
func (x *exchange) recoverLook() {
	if recover() != nil {
		x.look.on = false
		x.setTrouble("panic")
	}
}
