package proxy

import (
	"net/http"
)

// serveInner takes a request inside a CONNECT that was opened.
func (p *Proxy) serveInner(w http.ResponseWriter, r *http.Request) {
	defer abortOnPanic()
	state := connStateOf(r)
	state.serve(p, w, r)
	state.trial.passed()
	if state.broken.Load() {
		p.answer(w, r, http.StatusBadRequest, "broken_framing")
		return
	}
	if p.refuseLargeHead(w, r) {
		return
	}
	if p.isLoop(r) {
		p.answer(w, r, http.StatusLoopDetected, "loop")
		return
	}
	t := state.tunnel
	if t.ConnectHost == ownHost {
		p.pages.ServeHTTP(w, r)
		return
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	misdirected := r.Method == http.MethodConnect || !sameAuthority(r.Host, t, scheme) ||
		r.URL.Host != "" && !sameAuthority(r.URL.Host, t, scheme) // HTTP/2 takes a :path in absolute form
	why := ambiguity(r)
	// The tunnel alone says where the request goes, never the request.
	r.URL.Scheme, r.URL.Host = scheme, authorityURL(t.Host, t.Port, scheme)
	if misdirected {
		p.refuse(w, r, t.Client, t, &carryError{status: http.StatusMisdirectedRequest, reason: "misdirected"})
		return
	}
	if why != nil {
		p.refuse(w, r, t.Client, t, why)
		return
	}
	p.serve(w, r, t.Client, t)
}

// sameAuthority tells whether a Host header names what the tunnel was opened for.
func sameAuthority(header string, t *tunnelInfo, scheme string) bool {
	standard := uint16(80)
	if scheme == "https" {
		standard = 443
	}
	if header == t.Host && standard == t.Port { // almost always
		return true
	}
	host, port, err := splitAuthority(header, standard)
	return err == nil && host == t.Host && port == t.Port
}
