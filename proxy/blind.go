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

// renderBlind returns the whole answers by their status.
func (p *pageSet) renderBlind() map[int][]byte {
	page := template.Must(template.ParseFS(pageFiles, "pages/frame.html.tmpl", "pages/blind.html.tmpl"))
	type words struct {
		Text    *pageText
		Failure failureText
	}
	out := map[int][]byte{}
	for _, status := range blindStatuses {
		data := struct {
			pageData
			Each []words
		}{pageData: pageData{Text: p.texts[0], Style: p.style, Title: p.texts[0].failure(status).Title}}
		for _, t := range p.texts {
			data.Each = append(data.Each, words{t, t.failure(status)})
		}
		body := render(page, data)
		var b bytes.Buffer
		fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"+
			"Content-Security-Policy: %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n", status, http.StatusText(status), p.security, len(body))
		if status == http.StatusServiceUnavailable {
			b.WriteString("Retry-After: " + retryAfter + "\r\n")
		}
		b.WriteString("\r\n")
		b.Write(body)
		out[status] = b.Bytes()
	}
	return out
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
	return pages().blind[status]
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
