package proxy

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// block answers in place of the server: the policy stopped the exchange.
func (x *exchange) block(r *http.Request) *http.Response {
	x.blocked = true
	switch shape := engine.RefusalOf(r.Method, r.URL.RawQuery, r.Header, x.plan.Service); shape {
	case rules.RefusedPreflight:
		return x.answer(preflightAnswer(r))
	case rules.RefusedPage:
		return x.answer(blockPage(r, x.notice()))
	default:
		return x.answer(apiError(r, shape, x.notice()))
	}
}

// notice is what is told of the verdict.
func (x *exchange) notice() notice {
	n := notice{
		id: x.id, message: x.outcome.Verdict.Message, rule: x.outcome.Verdict.Rule,
		failed: (x.failed != "" || x.outcome.Verdict.OnErrorBy != "") && x.outcome.Verdict.OnErrorBy != rules.ByCertainty,
	}
	if s := x.plan.Service; s != nil {
		n.service = s.Name
	}
	if f := x.upload.file; f != nil {
		n.file = fileWord(&f.Upload)
	}
	if c := x.outcome.Facts.Content; c != nil {
		n.people = c.People
		n.classes = countClasses(c.Findings)
	}
	return n
}

// isNavigation tells whether a person will see the answer as a page.
func isNavigation(r *http.Request) bool { return engine.IsNavigation(r.Method, r.Header) }

// preflightAnswer lets the page make its request. A preflight carries no content: it
// is answered, not refused, so that the page may read why that one is refused.
func preflightAnswer(r *http.Request) *http.Response {
	resp := newResponse(r, http.StatusNoContent, "", nil)
	allowOrigin(r, resp.Header)
	resp.Header.Set("Access-Control-Allow-Methods", r.Header.Get("Access-Control-Request-Method"))
	if headers := r.Header.Get("Access-Control-Request-Headers"); headers != "" {
		resp.Header.Set("Access-Control-Allow-Headers", headers)
	}
	return resp
}

// allowOrigin lets the page that asked read the answer.
func allowOrigin(r *http.Request, h http.Header) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Expose-Headers", eventHeader)
	h.Add("Vary", "Origin")
}

// eventHeader carries the id of the event in answers of our own.
const eventHeader = "Daylight-Event-Id"

// newResponse makes an answer of our own that nobody may keep.
func newResponse(r *http.Request, status int, contentType string, body []byte) *http.Response {
	h := http.Header{
		"Cache-Control":          {"no-store"},
		"X-Content-Type-Options": {"nosniff"},
	}
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	resp := &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: h, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}
	if status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	if r.Method == http.MethodHead {
		resp.Body = http.NoBody
	}
	return resp
}
