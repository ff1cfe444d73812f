package proxy

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"

	"daylight.internal/rules"
)

// carried is one exchange on its way through the hooks. It hangs on the request's context.
type carried struct {
	p         *Proxy
	exchanger exchanger
	request   *http.Request
	asker     rules.Client
	client    *responseWriter
	body      *guardedBody // nil without a body
	expects   bool         // 100-continue
	answered  bool         // by us, not by the server
	upgrade   *upgrade
	informed  int // 1xx of the server
}

// maxInforms bounds the 1xx that a server sends for one request.
const maxInforms = 100

type carriedKey struct{}

func carriedOf(r *http.Request) *carried {
	return r.Context().Value(carriedKey{}).(*carried)
}

// serve carries one exchange. r.URL says where it goes.
func (p *Proxy) serve(w http.ResponseWriter, r *http.Request, client rules.Client, t *tunnelInfo) {
	p.exchanges.begin()
	defer p.exchanges.end()
	x := p.begin(w, r)
	// A copy: net/http reads from the original whether the client wants to close.
	r = r.WithContext(context.WithValue(r.Context(), carriedKey{}, x))
	prepareRequest(r) // first: what is judged is what the server gets
	x.request, x.asker = r, client
	x.exchanger = p.inspector.exchange(r, client, t)
	defer x.end()
	giveBack, limit := p.carried.take(client)
	if limit != "" {
		x.refuse(&carryError{status: http.StatusServiceUnavailable, reason: "exchange_limit"})
		return
	}
	defer giveBack()
	if r.ContentLength > p.limits.BodyBytes {
		x.refuse(x.body.refuseLength())
		return
	}
	p.hooks.ServeHTTP(x.client, r)
	x.endUpgrade()
}

// refuse answers an exchange that goes nowhere; it leaves an event all the same.
// Nothing behind it on its connection is served.
func (p *Proxy) refuse(w http.ResponseWriter, r *http.Request, client rules.Client, t *tunnelInfo, why *carryError) {
	p.exchanges.begin()
	defer p.exchanges.end()
	p.counters.RequestRefused(why.reason)
	if r.ProtoMajor == 1 {
		connStateOf(r).broken.Store(true)
	}
	x := p.begin(w, r)
	x.exchanger = p.inspector.exchange(r, client, t)
	defer x.end()
	x.refuse(why)
}

func (p *Proxy) begin(w http.ResponseWriter, r *http.Request) *carried {
	x := &carried{p: p, request: r, client: newResponseWriter(w, r, p)}
	x.expects = r.Header.Get("Expect") != ""
	if r.ProtoMajor == 1 {
		// Without it net/http reads the whole request before it sends a response.
		http.NewResponseController(w).EnableFullDuplex()
	}
	if r.ContentLength == 0 {
		r.Body = http.NoBody // HTTP/2 gives a body to every request
	} else {
		x.body = newGuardedBody(w, r, p)
		r.Body = x.body
	}
	return x
}

func (x *carried) refuse(why *carryError) {
	x.answered = true
	x.p.write(x.client, x.exchanger.response(x.request, nil, why))
}

// judge is the hook before the server.
func (x *carried) judge(r *http.Request) *http.Response {
	resp := x.exchanger.request(r)
	x.answered = resp != nil
	x.note(resp)
	return resp
}

// send is the hook that reaches the server.
func (x *carried) send(r *http.Request) (*http.Response, error) {
	if x.body != nil && x.body.started.Load() {
		// The body was read, and so the client has had its 100.
		r.Header.Del("Expect")
	}
	trace := &httptrace.ClientTrace{GotConn: takeTurn}
	if x.request.ProtoAtLeast(1, 1) {
		trace.Got1xxResponse = x.inform
	}
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), trace))
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = shieldedBody{r.Body}
	}
	resp, err := x.p.roundTrip(r)
	x.client.stopInforming()
	if err == nil && resp.StatusCode == http.StatusSwitchingProtocols && !(wantsWebSocket(x.request) && isWebSocket(resp)) {
		resp.Body.Close()
		return nil, &carryError{status: http.StatusBadGateway, reason: "server_protocol"}
	}
	return resp, err
}

func (x *carried) inform(status int, header textproto.MIMEHeader) (err error) {
	defer recovered(&err) // it runs in a goroutine of the transport
	if x.informed++; x.informed > maxInforms {
		return &carryError{status: http.StatusBadGateway, reason: "server_protocol"}
	}
	if status != http.StatusContinue && status != http.StatusSwitchingProtocols {
		x.client.inform(status, http.Header(header))
	}
	return nil
}

// receive is the hook behind the server.
func (x *carried) receive(resp *http.Response, err error) *http.Response {
	if x.answered {
		return resp
	}
	if err != nil {
		resp, err = nil, x.explain(err)
	}
	resp = x.exchanger.response(x.request, resp, err)
	if resp.StatusCode != http.StatusSwitchingProtocols {
		delete(resp.Header, "Upgrade") // goproxy takes any response with it for a WebSocket
	}
	if server, ok := resp.Body.(io.ReadWriteCloser); ok && resp.StatusCode == http.StatusSwitchingProtocols {
		x.upgrade = newUpgrade(server, x.p, func() { x.client.closeHijacked() })
		x.upgrade.stream = x.exchanger.websocket(x.request, resp, link{x.upgrade})
		x.client.taken = func(conn net.Conn) net.Conn {
			defer x.p.upgrades.add(x.upgrade) // net/http no longer knows it
			return x.upgrade.takeClient(conn)
		}
		resp.Body = x.upgrade
	} else {
		resp.Body = relayedBody{resp.Body, x.client}
	}
	x.note(resp)
	return resp
}

// explain tells a broken request from a broken server: both fail the round trip.
func (x *carried) explain(err error) *carryError {
	if x.body != nil {
		if why := x.body.failure(); why != nil {
			return why
		}
	}
	why := asCarryError(err)
	if why.reason == "timeout" {
		x.p.counters.LimitHit("server_timeout")
	}
	return why
}

// note keeps the length of a response, which goproxy drops when its body was replaced.
func (x *carried) note(resp *http.Response) {
	if resp != nil {
		x.client.contentLength = resp.Header.Get("Content-Length")
	}
}

// endUpgrade closes what goproxy leaves open when its relay has ended.
func (x *carried) endUpgrade() {
	if x.client.closeHijacked() && x.upgrade != nil {
		x.upgrade.finish()
		x.exchanger.upgraded("websocket", x.upgrade.sent.Load(), x.upgrade.received.Load(), x.upgrade.trouble())
	}
}

// end finishes the exchange, whatever happened. It is deferred.
func (x *carried) end() {
	panicked := recover()
	if panicked == http.ErrAbortHandler {
		panicked = nil
		x.client.stop(http.ErrAbortHandler)
	}
	if panicked != nil {
		x.afterPanic()
	}
	hijacked := x.client.closeHijacked()
	if !hijacked && x.body != nil {
		x.endBody()
	}
	if x.upgrade != nil {
		x.p.upgrades.remove(x.upgrade)
	}
	x.exchanger.finish(panicked)
	x.countTakenBack()
	if x.client.cut != nil && !hijacked {
		// The client must see that the response is not whole.
		panic(http.ErrAbortHandler)
	}
}

func (x *carried) endBody() {
	if x.body.conn != nil && !x.body.ended.Load() {
		x.client.Flush() // the client may need the answer to stop sending
	}
	// A client that waits for a 100 sends nothing more: there is nothing to drain.
	x.body.finish(x.client.cut == nil && (!x.expects || x.body.started.Load()))
}

// afterPanic tells the client, if nothing was sent yet.
func (x *carried) afterPanic() {
	defer func() { _ = recover() }()
	if x.client.status != 0 {
		x.client.stop(errors.New("panic"))
		return
	}
	x.p.write(x.client, x.panicAnswer())
}

// panicAnswer names the event, unless the panic was in what knows it.
func (x *carried) panicAnswer() (resp *http.Response) {
	defer func() {
		if recover() != nil || resp == nil {
			resp = x.p.failure(x.request, http.StatusInternalServerError, "panic")
		}
	}()
	return x.exchanger.response(x.request, nil, &carryError{status: http.StatusInternalServerError, reason: "panic"})
}

func isInvalidMethod(method string) bool {
	for _, c := range method {
		if notToken(c) {
			return true
		}
	}
	return method == ""
}
