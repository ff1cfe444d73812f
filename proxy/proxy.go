package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"daylight.internal/proxy/ca"
	"daylight.internal/rules"
)

// Dependencies are what a Proxy is joined to.
type Dependencies struct {
	// Inspector judges; it must be set.
	Inspector inspector
	// Authority signs the certificates that clients see; it must be set.
	Authority *ca.Authority
	// Identify tells who asks, or returns the status and the Proxy-Authenticate of the answer
	// to give instead, such as a 407; its words are the proxy's.
	// It is called for each CONNECT and each plain request, and removes from the
	// request what was meant for the proxy. Nil: by address alone.
	Identify func(*http.Request) (rules.Client, *http.Response)
	// Pages serves the requests that are for the proxy itself. Nil: not found.
	Pages http.Handler
	// Counters is told what no exchange tells. Nil: nobody.
	Counters Counters
	// WarnOfClient is told of the first clients within an hour that reach a limit per client.
	// It is called from many goroutines, and nobody waits for it. Nil: nobody.
	WarnOfClient func(ClientAtLimit)
}

// Counters counts what happens to connections. Its methods are called from many
// goroutines.
type Counters interface {
	// LimitHit counts that a limit has bitten: "connections", "tunnels", …
	LimitHit(limit string)
	// InterceptFailed counts a CONNECT that was to be read but could not, by a bounded reason.
	InterceptFailed(reason string)
	// RequestRefused counts a request that was answered before it became an
	// exchange, by a bounded reason.
	RequestRefused(reason string)
	// Connections and Tunnels add to the number of open client connections, and
	// of tunnels that are relayed unread.
	Connections(delta int)
	Tunnels(delta int)
	// ConnectionsWaiting adds to the number of connections that wait for a place,
	// ExchangesInFlight to that of the exchanges under way.
	ConnectionsWaiting(delta int)
	ExchangesInFlight(delta int)
}

// Proxy is a forward proxy. Make it with New.
type Proxy struct {
	limits    Limits
	trusted   []netip.Prefix
	inspector inspector
	identify  func(*http.Request) (rules.Client, *http.Response)
	pages     http.Handler
	counters  Counters

	issuer    *ca.Issuer
	clientTLS *tls.Config // towards clients: one value, for its session ticket keys
	serverTLS *tls.Config // towards servers
	dialer    *dialer
	transport *http.Transport
	hooks     http.Handler // goproxy
	outer     *http.Server // on the proxy port
	inner     *http.Server // inside CONNECT
	handover  *handover
	leaving   atomic.Bool // Drain has begun
	streams   streamConns
	upgrades  upgrades
	// streamHost ends the connections of streams.
	streamHost *http.Server
	openings   registry
	turns      *room // of handshakes with clients
	relays     *quota
	carried    *quota // exchanges
	buffers    bufferPool
	stalls     stalls
	admission  *admission
	shared     []netip.Prefix
	exchanges  underWay

	lifetime context.Context // of every dial for a relay
	end      context.CancelFunc

	forbid []netip.AddrPort
	own    atomic.Pointer[[]netip.AddrPort] // forbid and our listeners
}

// New returns a proxy that is ready to serve.
func New(cfg Config, deps Dependencies) (*Proxy, error) {
	if deps.Inspector == nil || deps.Authority == nil {
		return nil, errors.New("making the proxy: an inspector and an authority are needed")
	}
	limits := cfg.Limits.WithDefaults()
	p := &Proxy{
		limits: limits, trusted: cfg.ProxyProtocolFrom, inspector: deps.Inspector,
		identify: deps.Identify, pages: deps.Pages, counters: deps.Counters,
		handover: newHandover(), forbid: cfg.Upstream.Forbid, shared: cfg.SharedNetworks,
	}
	p.lifetime, p.end = context.WithCancel(context.Background())
	p.setDefaults()
	warnings := &limitWarnings{warn: deps.WarnOfClient}
	p.setBounds(limits, warnings)
	var err error
	if p.issuer, err = ca.NewIssuer(deps.Authority, limits.LeafCertificates); err != nil {
		return nil, err
	}
	p.issuer.Full = func() { p.counters.LimitHit("leaf_certificates") }
	if p.serverTLS, err = newTLSConfig(cfg.Upstream.CAFile); err != nil {
		return nil, err
	}
	tooManyDials := func(client rules.Client) {
		p.counters.LimitHit("dials_per_client")
		warnings.reached(client, "dials_per_client", limits.DialsPerClient)
	}
	if p.dialer, err = newDialer(cfg.Upstream, limits, p.shared, func() []netip.AddrPort { return *p.own.Load() }, tooManyDials); err != nil {
		return nil, err
	}
	p.transport = newTransport(p.dialer, limits, p.serverTLS)
	p.clientTLS = p.newClientTLS()
	p.hooks = newHooks(p)
	p.outer = p.newServer(p.serveOuter)
	p.inner = p.newServer(p.serveInner)
	return p, p.serveStreams(p.inner)
}

// setBounds makes what keeps to the limits.
func (p *Proxy) setBounds(limits Limits, warnings *limitWarnings) {
	p.turns = newTurns()
	p.stalls.limit, p.stalls.patience, p.stalls.counters = limits.StalledAnswers, stallPatience, p.counters
	p.admission = newAdmission(limits.Connections, limits.ClientConnections, limits.ConnectionQueue, limits.ConnectionWait, p.counters)
	p.admission.warnings = warnings
	p.relays = &quota{total: limits.Tunnels, each: limits.ClientTunnels, allKey: "tunnels", clientKey: "client_tunnels", shared: p.shared, counters: p.counters, warnings: warnings, changed: func(int) {}}
	p.carried = &quota{total: limits.Exchanges, each: limits.ClientExchanges, allKey: "exchanges", clientKey: "client_exchanges", shared: p.shared, counters: p.counters, warnings: warnings, changed: p.counters.ExchangesInFlight}
}

func (p *Proxy) setDefaults() {
	p.own.Store(&p.forbid)
	if p.identify == nil {
		p.identify = func(r *http.Request) (rules.Client, *http.Response) {
			return rules.Client{Address: clientAddress(r)}, nil
		}
	}
	if p.pages == nil {
		p.pages = http.NotFoundHandler()
	}
	if p.counters == nil {
		p.counters = noCounters{}
	}
}

type noCounters struct{}

func (noCounters) LimitHit(string)        {}
func (noCounters) InterceptFailed(string) {}
func (noCounters) RequestRefused(string)  {}
func (noCounters) Connections(int)        {}
func (noCounters) Tunnels(int)            {}
func (noCounters) ConnectionsWaiting(int) {}
func (noCounters) ExchangesInFlight(int)  {}

// What a client may send in one stream of HTTP/2, and in all of a connection, before
// it is read. Uploads that wait, for a verdict or for a slow server, must not use up what
// the connection has: prompts in its other streams would wait with them.
const (
	streamWindow     = 512 << 10
	connectionWindow = 4<<20 - 1 // as much as net/http allows
	streams          = 128       // of one connection at once; RFC 9113 5.1.2 wants 100 at least
)

func (p *Proxy) newServer(handler http.HandlerFunc) *http.Server {
	return &http.Server{
		Handler:                      handler,
		ReadHeaderTimeout:            p.limits.HeaderTimeout,
		IdleTimeout:                  p.limits.IdleTimeout,
		MaxHeaderBytes:               2 * p.limits.HeaderBytes, // refuseLargeHead has the limit
		DisableGeneralOptionsHandler: true,
		ConnContext:                  withConnState,
		ConnState:                    p.watchHeads,
		HTTP2: &http.HTTP2Config{
			WriteByteTimeout:              p.limits.IdleTimeout,
			MaxConcurrentStreams:          streams,
			MaxReceiveBufferPerStream:     streamWindow,
			MaxReceiveBufferPerConnection: connectionWindow,
		},
		// What net/http logs can quote requests, and what it recovers can quote bodies.
		ErrorLog: log.New(io.Discard, "", 0),
	}
}

// Serve accepts clients on the listeners until Shutdown is called, which makes it
// return nil, until ctx ends, or until a listener fails. In the last two cases
// everything is closed at once. It is called once.
func (p *Proxy) Serve(ctx context.Context, listeners ...net.Listener) error {
	own := append([]netip.AddrPort(nil), p.forbid...)
	for _, l := range listeners {
		if address, ok := l.Addr().(*net.TCPAddr); ok {
			own = append(own, address.AddrPort())
		}
	}
	p.own.Store(&own)

	ended := make(chan error, len(listeners)+1)
	go func() { ended <- p.inner.Serve(p.handover) }()
	for _, l := range listeners {
		go func() { ended <- p.outer.Serve(followedListener{p.newClientListener(l)}) }()
	}
	select {
	case <-ctx.Done():
		p.close()
		return ctx.Err()
	case err := <-ended:
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		p.close()
		return fmt.Errorf("serving: %w", err)
	}
}

func (p *Proxy) newClientListener(l net.Listener) net.Listener {
	return &clientListener{
		Listener: l, admission: p.admission, trusted: p.trusted, shared: p.shared,
		headerTimeout: p.limits.HeaderTimeout, counters: p.counters, relieve: p.relieve, refused: p.inspector.refused,
	}
}

// Shutdown stops accepting, closes what is idle and waits for the exchanges, WebSockets
// and tunnels that are under way. When ctx ends it closes what is left and returns the context's error. When it returns, every event
// has been told, unless an exchange hangs in a judgement.
func (p *Proxy) Shutdown(ctx context.Context) error {
	defer context.AfterFunc(ctx, p.end)()
	results := make(chan error, 3)
	go func() { results <- p.outer.Shutdown(ctx) }()
	go func() { results <- p.shutdownInner(ctx) }()
	go func() { results <- p.openings.shutdown(ctx) }()
	err := errors.Join(<-results, <-results, <-results)
	if err == nil {
		err = p.awaitExchanges(ctx)
	}
	if err != nil {
		p.close()
		err = ctx.Err()
	}
	p.transport.CloseIdleConnections()
	return err
}

// tellingTime is how long the events of exchanges that were cut off are waited for.
const tellingTime = 10 * time.Second

// close ends everything now.
func (p *Proxy) close() {
	p.end()
	p.outer.Close()
	p.inner.Close()
	p.upgrades.end()
	now, cancel := context.WithCancel(context.Background())
	cancel()
	p.openings.shutdown(now)
	telling, stop := context.WithTimeout(context.Background(), tellingTime)
	defer stop()
	_ = p.awaitExchanges(telling)
}

// Issuer returns the maker of leaf certificates, for its counts.
func (p *Proxy) Issuer() *ca.Issuer { return p.issuer }
