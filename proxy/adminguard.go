package proxy

import (
	"net"
	"net/http"
	"strings"
)

// hardened gives every answer of the proxy's own pages the header fields by which a
// browser loads nothing from them, frames them nowhere and guesses no type.
func hardened(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// guarded keeps the pages of the admin listener from the web pages that a browser on
// this machine shows: it can connect, and has no password to give.
func (o OwnOptions) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case isToLoopback(r) && !o.isOurs(r.Host):
			plain(w, http.StatusMisdirectedRequest, "the admin listener goes by its address or localhost, and by no other name\n")
		case r.Method != http.MethodGet && r.Method != http.MethodHead && isFromBrowser(r):
			plain(w, http.StatusForbidden, "this is not for browsers\n")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// isToLoopback tells whether a request came to a loopback address of this machine.
func isToLoopback(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && local.IP.IsLoopback()
}

// isOurs tells whether a Host field names this machine. A web page of another site
// that has its name lead here, so that the browser takes us for its server, would
// name that site (DNS rebinding). Names without a dot are in no public DNS.
func (o OwnOptions) isOurs(authority string) bool {
	if authority == "" {
		return true // a probe in HTTP/1.0; browsers always say
	}
	host, _, err := splitAuthority(authority, 80)
	if err != nil {
		return false
	}
	configured, _, err := net.SplitHostPort(o.AdminAddress)
	return isAddress(host) || !strings.Contains(host, ".") || strings.HasSuffix(host, ".localhost") ||
		err == nil && host == normalHost(configured)
}

// isFromBrowser knows the fields that a page's script can neither set nor leave out
// in a request that is not a GET. Programs such as curl send none of them.
func isFromBrowser(r *http.Request) bool {
	return r.Header["Origin"] != nil || r.Header["Sec-Fetch-Site"] != nil
}
