package proxy

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// failure returns the answer to a request that Daylight cannot serve. reason is
// a bounded word; nothing of an error's text is shown.
func (p *Proxy) failure(r *http.Request, status int, reason string) *http.Response {
	body := fmt.Appendf(nil, "{\"type\":\"about:blank\",\"status\":%d,\"title\":%q,\"detail\":%q}\n",
		status, http.StatusText(status), "Daylight: "+reason)
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Request: r,
		Header: http.Header{
			"Content-Type":           {"application/problem+json"},
			"Content-Length":         {strconv.Itoa(len(body))},
			"Cache-Control":          {"no-store"},
			"X-Content-Type-Options": {"nosniff"},
		},
		ContentLength: int64(len(body)),
		Body:          io.NopCloser(bytes.NewReader(body)),
	}
}
