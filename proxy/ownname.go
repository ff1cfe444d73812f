package proxy

import (
	"net/http"
	"strings"
)

// ownHost is the name under which the proxy's own pages are reached through it.
const ownHost = "daylight.internal"

// isOwnName tells whether a name, as normalHost writes it, is the proxy's own, or
// one under it. No server is ever asked under these, whatever the DNS says of
// them, so that nobody can speak in the name of the proxy.
func isOwnName(host string) bool {
	return host == ownHost || strings.HasSuffix(host, "."+ownHost)
}

// IsOwnName tells whether a name in any spelling is the proxy's own, or one under it.
func IsOwnName(host string) bool { return isOwnName(normalHost(host)) }

// servePages answers a request for the proxy itself, on any port and under any scheme
// but https, which comes through a CONNECT.
func (p *Proxy) servePages(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.IsAbs() {
		host := normalHost(r.URL.Hostname())
		switch {
		case !isOwnName(host), r.URL.Scheme == "https":
			return false
		case host != ownHost:
			p.answer(w, r, http.StatusNotFound, "own_name")
			return true
		}
	}
	p.pages.ServeHTTP(w, r)
	return true
}
