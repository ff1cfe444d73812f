package proxy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"

	"daylight.internal/classifier"
	"daylight.internal/proxy/framing"
	"daylight.internal/rules"
)

// answer notes a response of our own.
func (x *exchange) answer(resp *http.Response) *http.Response {
	x.status, x.media = resp.StatusCode, mediaType(resp.Header)
	resp.Body = countedBody{resp.Body, &x.answered}
	return resp
}

// response implements exchanger.
func (x *exchange) response(r *http.Request, resp *http.Response, err error) *http.Response {
	x.first = x.judge.now().Sub(x.started)
	if stop := x.stopped(); stop != nil {
		if resp != nil && resp.Body != nil {
			resp.Body.Close()
		}
		return x.answer(rpcAnswer(r, stop.protocol, stop.failure, stop.id))
	}
	if err != nil || resp == nil {
		failure := asCarryError(err)
		x.setTrouble(failure.reason)
		if !x.asked { // it was refused before anybody judged it
			x.blocked = true
			x.outcome.Verdict = rules.Verdict{Reason: "the request was refused: " + failure.reason, Status: x.plan.Verdict.Status, Groups: x.plan.Verdict.Groups}
		}
		return x.answer(x.failurePage(r, failure.status, failure.reason))
	}
	x.status, x.media = resp.StatusCode, mediaType(resp.Header)
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return resp // its body is the connection
	}
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	x.lookAtHead(resp)
	if x.messages != nil {
		x.messages.guard(resp) // the outcome is still the gate's: there is no other reading of the answer
	} else {
		x.readAnnouncements(resp)
	}
	resp.Body = &answerBody{ReadCloser: resp.Body, exchange: x, ctx: r.Context(), length: resp.ContentLength}
	return resp
}

// answerBody counts the response as it streams and notes when it breaks off.
type answerBody struct {
	io.ReadCloser
	exchange *exchange
	ctx      context.Context
	length   int64 // -1 when unknown
}

// Read implements io.Reader.
func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	total := b.exchange.answered.Add(int64(n))
	b.exchange.lookAtAnswer(p[:n], err != nil || total == b.length)
	if err != nil && err != io.EOF {
		if b.ctx.Err() != nil {
			b.exchange.setTrouble("client_gone")
		} else {
			b.exchange.setTrouble("response_broken")
		}
	}
	return n, err
}

// brokenBody answers a request whose body did not come to its end.
func (x *exchange) brokenBody(r *http.Request, err error) *http.Response {
	status, reason := http.StatusBadRequest, "request_body"
	failure := asCarryError(err)
	switch {
	case failure.status == http.StatusRequestEntityTooLarge:
		status, reason = failure.status, failure.reason
	case errors.Is(err, os.ErrDeadlineExceeded): // first: net/http then cancels the request, as if the client had left
		status, reason = http.StatusRequestTimeout, "request_body_timeout"
	case errors.Is(err, framing.ErrAmbiguous): // the same: the client is still there
	case r.Context().Err() != nil || failure.reason == "connection_reset" || failure.status == statusClientGone:
		reason = "client_gone"
	}
	x.setTrouble(reason)
	x.outcome.Facts.Content = &rules.Content{Coverage: classifier.Coverage{Reason: reason}}
	x.outcome.Verdict.Reason = "the request did not come to its end"
	x.blocked = true
	return x.answer(x.failurePage(r, status, reason))
}
