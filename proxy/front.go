package proxy

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"

	"daylight.internal/rules"
)

// connState is what the requests of one connection share.
type connState struct {
	// tunnel is nil on the proxy port.
	tunnel *tunnelInfo
	trial  *trial // of an intercepted connection
	// broken is set when the framing of a request body failed: where the next
	// request begins is then anybody's guess.
	broken atomic.Bool
	// streams is the connection of HTTP/2; nil for HTTP/1.
	streams *streamConn
	// heads is told that a request has come; nil for HTTP/2.
	heads     *headWatch
	takeBacks takeBacks
	conn      net.Conn
}

type connStateKey struct{}

// serve notes that a handler was called.
func (s *connState) serve(p *Proxy, w http.ResponseWriter, r *http.Request) {
	if s.heads != nil {
		s.heads.served.Store(true)
		if s.heads.unfollowed.Load() {
			s.broken.Store(true)
		}
	}
	p.sendAway(w.Header(), r.ProtoMajor)
	if s.streams != nil && p.leaving.Load() {
		s.streams.askToGo()
	}
}

func withConnState(ctx context.Context, c net.Conn) context.Context {
	state := &connState{}
	if client := clientConnOf(c); client != nil {
		state.heads = &client.heads
	}
	if secure, ok := c.(interface{ NetConn() net.Conn }); ok { // TLS
		c = secure.NetConn()
	}
	state.conn = c
	if t, ok := c.(*tunnelConn); ok {
		state.tunnel, state.trial = t.info, t.trial
	}
	return context.WithValue(ctx, connStateKey{}, state)
}

func connStateOf(r *http.Request) *connState {
	state, _ := r.Context().Value(connStateKey{}).(*connState)
	if state == nil {
		return &connState{}
	}
	return state
}

// serveOuter takes a request on the proxy port.
func (p *Proxy) serveOuter(w http.ResponseWriter, r *http.Request) {
	defer abortOnPanic()
	state := connStateOf(r)
	state.serve(p, w, r)
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
	if r.Method != http.MethodConnect && p.servePages(w, r) {
		return
	}
	client, denied := p.identify(r)
	if denied != nil {
		p.askToSignIn(w, r, denied)
		return
	}
	if r.Method == http.MethodConnect {
		p.connect(w, r, client)
		return
	}
	p.servePlain(w, r, client)
}

// servePlain takes a request in absolute form.
func (p *Proxy) servePlain(w http.ResponseWriter, r *http.Request, client rules.Client) {
	why := ambiguity(r)
	switch strings.ToLower(r.URL.Scheme) {
	case "http", "ws": // RFC 6455 4.1 lets no proxy see ws, but clients send it
		r.URL.Scheme = "http"
	default:
		p.answer(w, r, http.StatusBadRequest, "scheme")
		return
	}
	host, port, err := splitAuthority(r.URL.Host, 80)
	if err != nil {
		p.answer(w, r, http.StatusBadRequest, "authority")
		return
	}
	r.URL.Host = authorityURL(host, port, "http")
	if why != nil {
		p.refuse(w, r, client, nil, why)
		return
	}
	p.serve(w, r, client, nil)
}

// answer sends a page of our own in place of an exchange.
func (p *Proxy) answer(w http.ResponseWriter, r *http.Request, status int, reason string) {
	p.counters.RequestRefused(reason)
	resp := failurePage(r, status, reason, p.inspector.refused(refusalOf(r, status, reason)))
	if status == http.StatusBadRequest || status == http.StatusRequestHeaderFieldsTooLarge {
		resp.Close = true
	}
	p.write(w, resp)
}

// askToSignIn answers a client that is not known. denied has the status, and what is asked for.
func (p *Proxy) askToSignIn(w http.ResponseWriter, r *http.Request, denied *http.Response) {
	p.counters.RequestRefused(signIn)
	resp := failurePage(r, denied.StatusCode, signIn, p.inspector.refused(refusalOf(r, denied.StatusCode, signIn)))
	resp.Header["Proxy-Authenticate"] = denied.Header["Proxy-Authenticate"]
	p.write(w, resp)
}

func (p *Proxy) write(w http.ResponseWriter, resp *http.Response) {
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	if resp.Close {
		w.Header().Set("Connection", "close")
	}
	w.WriteHeader(resp.StatusCode)
	if resp.Body != nil {
		io.Copy(w, resp.Body)
		resp.Body.Close()
	}
}

// abortOnPanic ends the connection as net/http does, without its log line, which
// would hold the value of the panic.
func abortOnPanic() {
	if v := recover(); v != nil {
		panic(http.ErrAbortHandler)
	}
}

func clientAddress(r *http.Request) netip.Addr {
	address, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return address.Addr().Unmap()
}

// authorityURL is the host part of a URL: the port only when it is not the scheme's.
func authorityURL(host string, port uint16, scheme string) string {
	if scheme == "https" && port == 443 || scheme == "http" && port == 80 {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return joinAuthority(host, port)
}
