package proxy

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
)

// A blind answer is one to a request that nobody could read: nothing is known of
// who asked and in which language, so it is a page in all of them.

// blindStatuses are those that net/http answers with by itself, and the one of a
// connection too many.
var blindStatuses = [...]int{
	http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestHeaderFieldsTooLarge, http.StatusExpectationFailed,
	http.StatusNotImplemented, http.StatusHTTPVersionNotSupported, http.StatusServiceUnavailable,
}

// retryAfter is how many seconds a client that found no room should wait.
const retryAfter = "5"

// blindReason is the bounded word for such a status.
func blindReason(status int) string {
	switch status {
	case http.StatusRequestHeaderFieldsTooLarge:
		return "header_bytes"
	case http.StatusRequestTimeout:
		return "header_timeout"
	case http.StatusServiceUnavailable:
		return "connections"
	}
	return "malformed"
}

// blindID stands where the number of the event will.
const blindID = "00000000-0000-7000-8000-000000000000"

// blindAnswer returns the whole answer to a request that nobody could read; nil for
// a status that has none. id is that of its event, "" for none.
func blindAnswer(status int, id string) []byte {
	answer := pages().blind[status]
	if len(id) != len(blindID) {
		return answer
	}
	return bytes.ReplaceAll(answer, []byte(blindID), []byte(id))
}

// renderBlind returns the whole answers by their status.
func (p *pageSet) renderBlind() map[int][]byte {
	page := template.Must(template.ParseFS(pageFiles, "pages/frame.html.tmpl", "pages/blind.html.tmpl"))
	out := map[int][]byte{}
	for _, status := range blindStatuses {
		data := blindData{pageData: pageData{Text: p.texts[0], Style: p.style}, EventID: blindID, Reason: blindReason(status)}
		for _, t := range p.texts {
			data.Each = append(data.Each, blindWords{t, t.failure(status, data.Reason)})
		}
		data.Title = data.Each[0].Failure.Title
		out[status] = p.blindHead(status, render(page, data))
	}
	return out
}

type blindData struct {
	pageData
	Each            []blindWords
	EventID, Reason string
}

type blindWords struct {
	Text    *pageText
	Failure failureText
}

// blindHead puts the head before a page.
func (p *pageSet) blindHead(status int, page []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"+
		"Content-Security-Policy: %s\r\nReferrer-Policy: no-referrer\r\n%s: %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n",
		status, http.StatusText(status), p.security, eventHeader, blindID, len(page))
	if status == http.StatusServiceUnavailable {
		b.WriteString("Retry-After: " + retryAfter + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(page)
	return b.Bytes()
}

// builtinHead stands in each answer that net/http gives by itself, and in none of ours.
const builtinHead = "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"

// instead returns our answer for one that net/http gives by itself to a request
// that reached no handler; nil for all else.
func (h *headWatch) instead(b []byte) []byte {
	const version = "HTTP/1.1 "
	if h.served.Load() || len(b) < len(version)+3 || string(b[:len(version)]) != version || !bytes.Contains(b, []byte(builtinHead)) {
		return nil
	}
	status, err := strconv.Atoi(string(b[len(version) : len(version)+3]))
	if err != nil {
		return nil
	}
	if status == http.StatusBadRequest && h.late.Load() {
		status = http.StatusRequestTimeout
	}
	if pages().blind[status] == nil {
		return nil
	}
	return blindAnswer(status, h.refused(h.unread(status)))
}

// headBytes is the size of a request's head as it was read.
func headBytes(r *http.Request) int {
	size := len(r.Method) + len(r.RequestURI) + len(r.Host)
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + 4
		}
	}
	return size
}

// refuseLargeHead answers a request whose head is over the limit. net/http reads
// somewhat more than that, so that the client is answered in its own terms.
func (p *Proxy) refuseLargeHead(w http.ResponseWriter, r *http.Request) bool {
	if headBytes(r) <= p.limits.HeaderBytes {
		return false
	}
	p.counters.LimitHit("header_bytes")
	p.answer(w, r, http.StatusRequestHeaderFieldsTooLarge, "header_bytes")
	return true
}
