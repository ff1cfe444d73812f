package proxy

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// ambiguity returns why a request cannot be passed on: somebody behind us could read it in another way
// than it was judged. Nil: it can, after it was made plain.
func ambiguity(r *http.Request) *carryError {
	switch {
	case isInvalidMethod(r.Method), r.Method == "PRI":
		return &carryError{status: http.StatusBadRequest, reason: "method"}
	case !isPlainTarget(r):
		return &carryError{status: http.StatusBadRequest, reason: "target"}
	case r.ProtoMajor == 2 && !agreesWithAuthority(r.Header["Host"], r.Host):
		return &carryError{status: http.StatusBadRequest, reason: "host"}
	case r.ProtoMajor == 2 && !agreesWithBody(r.Header["Content-Length"], r):
		return &carryError{status: http.StatusBadRequest, reason: "content_length"}
	case wantsWebSocket(r) && r.ContentLength != 0:
		return &carryError{status: http.StatusBadRequest, reason: "upgrade"}
	case expectsMore(r.Header["Expect"]):
		return &carryError{status: http.StatusExpectationFailed, reason: "expect"}
	}
	makePlain(r)
	return nil
}

// isPlainTarget tells whether a target has one of the forms of RFC 9112 3.2 that a server
// is sent, or the absolute form of one.
func isPlainTarget(r *http.Request) bool {
	u := r.URL
	switch {
	case r.Method == http.MethodConnect: // refused elsewhere
		return true
	case u.Opaque != "":
		return false
	case u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "ws" && u.Scheme != "wss":
		return false
	case u.Path == "*" && r.Method != http.MethodOptions:
		return false
	}
	return !strings.ContainsFunc(u.RawQuery, func(c rune) bool { return c <= ' ' || c == 0x7f })
}

// agreesWithAuthority compares the Host of HTTP/2, which nobody needs, with :authority.
func agreesWithAuthority(hosts []string, authority string) bool {
	return len(hosts) == 0 || len(hosts) == 1 && strings.EqualFold(hosts[0], authority)
}

// agreesWithBody compares the Content-Length of HTTP/2 with what net/http made of the first of
// them. What the frames say is compared when they come.
func agreesWithBody(lengths []string, r *http.Request) bool {
	for _, length := range lengths {
		n, err := strconv.ParseUint(length, 10, 63)
		if err != nil || int64(n) != r.ContentLength {
			return false
		}
	}
	return true
}

// expectsMore tells of an expectation other than the only one there is.
func expectsMore(values []string) bool {
	for _, value := range values {
		if value != "" && !strings.EqualFold(value, "100-continue") {
			return true
		}
	}
	return len(values) > 1
}

// makePlain removes what is harmless but has two readings.
func makePlain(r *http.Request) {
	r.URL.RawQuery = escapeQuery(r.URL.RawQuery)
	r.URL.Fragment, r.URL.RawFragment = "", ""
	r.URL.User = nil         // wget sends it to proxies; a server gets it in Authorization
	delete(r.Header, "Host") // of HTTP/2
	keepTrailers(r.Trailer)
}

// escapeQuery escapes what may stand in no target, as net/url does in a path.
func escapeQuery(query string) string {
	plain := func(c byte) bool { return c < 0x80 && c != '#' }
	for i := range len(query) {
		if plain(query[i]) {
			continue
		}
		var b strings.Builder
		b.WriteString(query[:i])
		for ; i < len(query); i++ {
			if plain(query[i]) {
				b.WriteByte(query[i])
			} else {
				b.WriteString(url.QueryEscape(query[i : i+1]))
			}
		}
		return b.String()
	}
	return query
}

// keepTrailers removes from announced or received trailers what may not be one,
// RFC 9110 6.5.1: what frames, routes or authorises.
func keepTrailers(trailers http.Header) {
	if len(trailers) == 0 {
		return
	}
	removeHopByHop(trailers)
	for name, values := range trailers {
		valid := httpguts.ValidHeaderFieldName(name) && httpguts.ValidTrailerHeader(name)
		for _, value := range values {
			valid = valid && httpguts.ValidHeaderFieldValue(value)
		}
		if !valid {
			delete(trailers, name)
		}
	}
}
