package proxy

import "net/http"

// failure returns the answer to a request that Daylight cannot serve, and for
// which there is no exchange. reason is a bounded word; nothing of an error's
// text is shown.
func (p *Proxy) failure(r *http.Request, status int, reason string) *http.Response {
	return failurePage(r, status, reason, "")
}
