package proxy

import (
	"net"
	"net/http"

	"github.com/elazarl/goproxy"
)

// newHooks returns goproxy as Daylight uses it: it dispatches CONNECT, runs the
// hooks around each exchange, forwards, and relays WebSockets. No other file knows it.
//
// What it would do by itself is replaced: its CA, signer and interception by an
// own TLS server, its transport and dialers, which would read the
// environment, its tunnel, its error pages and its log. The struct is filled
// here rather than by NewProxyHttpServer, which brings those along.
func newHooks(p *Proxy) http.Handler {
	g := &goproxy.ProxyHttpServer{
		Tr:                 p.transport,
		ConnectDialWithReq: refuseToDial,
		NonproxyHandler:    http.NotFoundHandler(),
		Logger:             silent{},
		KeepAcceptEncoding: true, // the body stays as the client asked for it
	}
	g.OnRequest().HandleConnectFunc(func(host string, ctx *goproxy.ProxyCtx) (*goproxy.ConnectAction, string) {
		o := ctx.Req.Context().Value(openingKey{}).(*opening)
		if ctx.Resp = p.admit(o); ctx.Resp != nil {
			return &goproxy.ConnectAction{Action: goproxy.ConnectReject}, host
		}
		return &goproxy.ConnectAction{Action: goproxy.ConnectHijack, Hijack: func(_ *http.Request, conn net.Conn, _ *goproxy.ProxyCtx) {
			// The handler returns, so that net/http frees what it holds for the connection.
			go o.run(conn)
		}}, host
	})
	g.OnRequest().DoFunc(func(r *http.Request, ctx *goproxy.ProxyCtx) (*http.Request, *http.Response) {
		x := carriedOf(r)
		ctx.RoundTripper = goproxy.RoundTripperFunc(func(r *http.Request, _ *goproxy.ProxyCtx) (*http.Response, error) {
			return x.send(r)
		})
		return r, x.judge(r)
	})
	g.OnResponse().DoFunc(func(resp *http.Response, ctx *goproxy.ProxyCtx) *http.Response {
		return carriedOf(ctx.Req).receive(resp, ctx.Error)
	})
	return g
}

// refuseToDial is never called: every CONNECT is rejected or hijacked. It makes sure.
func refuseToDial(*http.Request, string, string) (net.Conn, error) {
	return nil, errRefused
}

// silent drops goproxy's log: it quotes requests and errors.
type silent struct{}

func (silent) Printf(string, ...any) {}
