package proxy

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"daylight.internal/proxy/rpc"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
)

// failed is a request that Daylight could not serve, as its client is told: by
// bounded words. Nothing of an error's text is in it.
type failed struct {
	status int
	reason string // "dns", "timeout", …; it has words in every language
	id     string // of the event; "" when there is none
	// service is whose errors the client knows; nil when it asked no service of the catalogue.
	service *catalog.Service
}

// failurePage tells that a request could not be served: as a page to a browser
// that navigates, as a failed call to gRPC and the like, in the shape of the service to its apps, as RFC 9457
// JSON to anybody else.
func failurePage(r *http.Request, status int, reason, eventID string) *http.Response {
	return failed{status: status, reason: reason, id: eventID}.answer(r)
}

// failurePage is failurePage for a client that may know the errors of a service.
func (x *exchange) failurePage(r *http.Request, status int, reason string) *http.Response {
	return failed{status, reason, x.id, x.plan.Service}.answer(r)
}

func (f failed) answer(r *http.Request) *http.Response {
	resp := f.inItsForm(r)
	if f.id != "" {
		resp.Header.Set(eventHeader, f.id)
	}
	if f.status == http.StatusServiceUnavailable {
		resp.Header.Set("Retry-After", retryAfter)
	}
	return resp
}

func (f failed) inItsForm(r *http.Request) *http.Response {
	if p := rpc.Of(r); p != rpc.None {
		return rpcAnswer(r, p, rpc.Failure{Code: rpc.CodeOf(f.status), Message: f.line(r)}, f.id)
	}
	t := textFor(r)
	words := t.failure(f.status, f.reason)
	if isNavigation(r) {
		d := noticeData{pageData: newPageData(t, words.Title), Lead: words.Lead, Do: words.Do, EventID: f.id, Reason: f.reason}
		return d.response(r, f.status)
	}
	body, contentType := f.shaped(r), "application/json; charset=utf-8"
	if body == nil {
		contentType = "application/problem+json"
		body = map[string]any{"type": "about:blank", "title": words.Title, "status": f.status, "detail": words.Lead + " " + words.Do, "reason": f.reason}
		if f.id != "" {
			body["instance"] = "urn:uuid:" + f.id
		}
	}
	resp := newResponse(r, f.status, contentType, marshal(body))
	resp.Header.Set("Content-Language", t.Language)
	resp.Header.Add("Vary", "Accept-Language")
	allowOrigin(r, resp.Header)
	return resp
}

// line is the failure in one line, for a program that shows it.
func (f failed) line(r *http.Request) string {
	t := textFor(r)
	words := t.failure(f.status, f.reason)
	parts := []string{t.sentence(words.Title), words.Lead, words.Do, "(" + f.reason + ")"}
	if f.id != "" {
		parts = append(parts, strings.ReplaceAll(t.Line.Event, "{value}", f.id))
	}
	return strings.Join(parts, " ")
}

// shortLine is the failure in at most limit bytes: what it is, and the number of
// the event when there is room.
func (f failed) shortLine(r *http.Request, limit int) string {
	t := textFor(r)
	words := t.failure(f.status, f.reason)
	return t.withEvent(shorten(t.sentence(words.Title)+" "+words.Do, limit), f.id, limit)
}

// shaped is the failure as the service would tell one of its own; nil where its
// shape is not known.
func (f failed) shaped(r *http.Request) map[string]any {
	switch engine.RefusalOf(r.Method, r.URL.RawQuery, r.Header, f.service) {
	case rules.RefusedOpenAI:
		kind := "server_error"
		if f.status < 500 {
			kind = "invalid_request_error"
		}
		return map[string]any{"error": map[string]any{"message": f.line(r), "type": kind, "param": nil, "code": f.reason}}
	case rules.RefusedAnthropic:
		return map[string]any{
			"type": "error", "error": map[string]any{"type": anthropicKind(f.status), "message": f.line(r)}, "request_id": f.id,
		}
	case rules.RefusedGoogle:
		return map[string]any{"error": map[string]any{
			"code": f.status, "message": f.line(r), "status": strings.ToUpper(rpc.CodeOf(f.status).Name()),
			"details": []any{map[string]any{
				"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": strings.ToUpper(f.reason),
				"domain": "daylight.internal", "metadata": map[string]string{"event_id": f.id},
			}},
		}}
	}
	return nil
}

// anthropicKind is the type that Anthropic gives errors of a status.
// Source: https://docs.claude.com/en/api/errors
func anthropicKind(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return "request_too_large"
	case http.StatusForbidden:
		return "permission_error"
	case http.StatusServiceUnavailable:
		return "overloaded_error"
	}
	if status < 500 {
		return "invalid_request_error"
	}
	return "api_error"
}

// failure returns the words for a failure: those of its reason, and where it has
// none those of its status.
func (t *pageText) failure(status int, reason string) failureText {
	words, ok := t.Failures[strconv.Itoa(status)]
	switch {
	case ok:
	case status < 500 || status == http.StatusNotImplemented || status == http.StatusHTTPVersionNotSupported:
		words = t.Failures["400"]
	default:
		words = t.Failures["500"]
	}
	own := t.Reasons[reason]
	return failureText{
		Title: cmp.Or(own.Title, words.Title), Lead: cmp.Or(own.Lead, words.Lead), Do: cmp.Or(own.Do, words.Do),
	}
}

// failure is failurePage where there is no event.
func (p *Proxy) failure(r *http.Request, status int, reason string) *http.Response {
	return failurePage(r, status, reason, "")
}
