package proxy

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"sync"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// opening is a CONNECT from its admission until it is handed to the inner server
// or its relay ends. One goroutine owns it.
type opening struct {
	p        *Proxy
	request  *http.Request
	client   rules.Client
	judged   tunneler
	host     string // of the CONNECT
	port     uint16
	decision engine.TunnelDecision
	unread   string // why it is not intercepted, when decision is Tunnel
	opened   time.Time
	via      []string // of the CONNECT

	conn   *tunnelConn
	server *replayConn // nil until it is dialled
	sni    string
	// authorityHost is what is dialled: the host of the CONNECT or, when that is an
	// address, the name of the SNI.
	authorityHost string
	handed        bool
	turn          func() // gives the turn back that a handshake has; nil when it has none
	leaveQuota    func() // of tunnels; nil until it is in one
	report        tunnelReport
}

var (
	errRefused = errors.New("the tunnel is refused for its server name")
	errRelay   = errors.New("the tunnel is to be relayed")

	errServerReset = errors.New("the server has reset the connection")
)

const established = "HTTP/1.1 200 Connection established\r\n\r\n"

// run opens the CONNECT on the client's connection.
func (o *opening) run(conn net.Conn) {
	o.conn = newTunnelConn(conn, o)
	if !o.p.openings.add(o.conn) {
		conn.Close()
		return
	}
	defer o.end()
	if o.decision == engine.Tunnel {
		reached := o.connectServer(o.unread)
		// That may have taken longer than connectWriter allows for the answer.
		_ = o.conn.SetWriteDeadline(time.Now().Add(o.p.limits.HeaderTimeout))
		if !reached {
			o.answerFailure()
			return
		}
	}
	if _, err := io.WriteString(o.conn, established); err != nil {
		o.failed("client_gone", err)
		return
	}
	if err := o.conn.SetWriteDeadline(time.Time{}); err != nil {
		o.failed("client_gone", err)
		return
	}
	o.request = nil // a tunnel can be open for hours
	if !o.awaitFirstByte() || !o.awaitKnownSpeech() {
		return
	}
	switch speaks := recognise(o.conn.ahead); {
	case speaks == speaksTLS:
		o.openTLS()
	case speaks == speaksHTTP && o.decision == engine.Intercept:
		o.deliver(o.conn, "")
	case o.decision == engine.Intercept:
		o.relay("not_tls")
	default:
		o.relay(o.unread)
	}
}

// end closes what was not handed over and tells of it, also after a panic.
func (o *opening) end() {
	if v := recover(); v != nil {
		o.report.Reason, o.report.Err = "panic", "panic"
	}
	defer o.p.openings.remove(o.conn) // last: a shutdown waits for the telling too
	if o.handed {
		return
	}
	o.conn.Close()
	if o.server != nil {
		o.server.Close()
	}
	if o.leaveQuota != nil {
		o.leaveQuota() // a panic may have come between
	}
	o.report.Duration = time.Since(o.opened)
	o.judged.closed(o.tunnelInfo(), o.report)
}

func (o *opening) failed(word string, err error) {
	if o.report.Reason == "" {
		o.report.Reason = word
	}
	o.report.Err = word
	if errors.Is(err, os.ErrDeadlineExceeded) {
		o.report.Err = "timeout"
	}
}

// connectServer dials the server of a relay, once.
func (o *opening) connectServer(reason string) bool {
	if o.server != nil {
		return true
	}
	leave, limit := o.p.relays.take(o.client)
	if limit != "" {
		o.report.Reason, o.report.Err = "dial", "tunnel_limit"
		return false
	}
	o.leaveQuota = leave
	conn, err := o.p.dialer.dialTunnel(diallingFor(o.p.lifetime, o.client), joinAuthority(o.authorityHost, o.port), o.via, o.p.serverTLS)
	if err != nil {
		leave()
		o.report.Reason, o.report.Err = "dial", asCarryError(err).reason
		return false
	}
	o.p.counters.Tunnels(1)
	o.server = &replayConn{Conn: &releasingConn{Conn: conn, release: sync.OnceFunc(func() {
		leave()
		o.p.counters.Tunnels(-1)
	})}}
	o.report.Reason = reason
	if address, err := netip.ParseAddrPort(conn.RemoteAddr().String()); err == nil {
		o.report.Address = address
	}
	return true
}

// answerFailure tells the client, before the 200, that there is no tunnel.
func (o *opening) answerFailure() {
	status := http.StatusBadGateway
	switch o.report.Err {
	case "forbidden_address", "own_listener", "own_name":
		status = http.StatusForbidden
	case "timeout", "dns_timeout":
		status = http.StatusGatewayTimeout
	case "tunnel_limit", "dial_limit":
		status = http.StatusServiceUnavailable
	}
	o.report.ID = audit.NewID(o.opened)
	resp := failurePage(o.request, status, o.report.Err, o.report.ID)
	resp.Close = true
	_ = resp.Write(o.conn)
}

// awaitFirstByte waits until the client has spoken. A client that is silent may wait for its
// server to speak first, as mail does; then the two are relayed. It is
// not enough for a client to be silent for a while to stay unread.
func (o *opening) awaitFirstByte() bool {
	if o.server == nil {
		o.conn.SetReadDeadline(time.Now().Add(o.p.limits.FirstByteTimeout))
		err := o.conn.fill()
		o.conn.SetReadDeadline(time.Time{})
		if err == nil {
			return true
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			o.failed("client_gone", err)
			return false
		}
		if !o.connectServer("not_tls") {
			return false
		}
	}
	serverSpoke, err := firstSpeaker(&o.conn.replayConn, o.server, o.p.limits.TunnelIdleTimeout)
	switch {
	case serverSpoke:
		o.relay(o.report.Reason)
		return false
	case err == errServerReset:
		o.failed("server_reset", err)
		return false
	case err != nil:
		o.failed("client_gone", err)
		return false
	}
	return true
}

// awaitKnownSpeech reads on until the first bytes tell whether the client speaks
// HTTP. A client that does not tell is not relayed: half a method would do to stay unread.
func (o *opening) awaitKnownSpeech() bool {
	if o.decision != engine.Intercept {
		return true
	}
	o.conn.SetReadDeadline(time.Now().Add(o.p.limits.FirstByteTimeout))
	defer o.conn.SetReadDeadline(time.Time{})
	for recognise(o.conn.ahead) == speaksUndecided {
		if err := o.conn.fillMore(); err != nil {
			o.failed("not_tls", err)
			return false
		}
	}
	return true
}

// firstSpeaker waits until one of the two has sent something.
func firstSpeaker(client, server *replayConn, timeout time.Duration) (serverSpoke bool, err error) {
	if len(client.ahead) > 0 {
		return false, nil
	}
	client.SetReadDeadline(time.Now().Add(timeout))
	var serverErr error
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer recovered(&serverErr)
		if serverErr = server.fill(); !errors.Is(serverErr, os.ErrDeadlineExceeded) {
			client.SetReadDeadline(time.Now())
		}
	}()
	err = client.fill()
	server.SetReadDeadline(time.Now())
	<-done
	client.SetReadDeadline(time.Time{})
	server.SetReadDeadline(time.Time{})
	switch {
	case len(server.ahead) > 0, serverErr == io.EOF:
		return true, nil
	case serverErr != nil && !errors.Is(serverErr, os.ErrDeadlineExceeded):
		return false, errServerReset
	case len(client.ahead) > 0:
		return false, nil
	}
	return false, err
}

// relay joins the client to the server, unread.
func (o *opening) relay(reason string) {
	if !o.connectServer(reason) {
		return
	}
	o.report.Reason = reason
	r := &relay{
		client: o.conn, server: o.server, buffers: &o.p.buffers,
		idle: o.p.limits.TunnelIdleTimeout, lingering: o.p.limits.IdleTimeout,
		watch: o.judged.watch(reason),
	}
	o.report.watch = r.watch
	r.run()
	o.report.Sent, o.report.Received, o.report.Err = r.sent.Load(), r.received.Load(), r.err()
	if o.report.Err == "idle" {
		o.p.counters.LimitHit("tunnel_idle_timeout")
	}
}

// deliver hands the opened connection to the inner server.
func (o *opening) deliver(conn net.Conn, alpn string) {
	if o.server != nil { // it was dialled before the first byte changed the decision
		o.server.Close()
		o.server = nil
	}
	o.conn.info = o.tunnelInfo()
	o.conn.info.ALPN = alpn
	// The opening ends here; the connection lives on without it.
	o.conn.opening = nil
	if client := clientConnOf(conn); client != nil {
		client.heads.tunnel.Store(o.conn.info)
		if secure, ok := conn.(*tls.Conn); ok {
			conn = &openedConn{secure, followed{heads: &client.heads}}
		} else {
			conn = &clearConn{conn, followed{heads: &client.heads}}
		}
	}
	if o.handed = o.p.handover.deliver(conn); !o.handed {
		o.report.Reason, o.report.Err = "shutdown", "shutdown"
	}
}

func (o *opening) tunnelInfo() *tunnelInfo {
	return &tunnelInfo{
		Client: o.client, Authority: joinAuthority(o.authorityHost, o.port), Host: o.authorityHost,
		Port: o.port, ConnectHost: o.host, SNI: o.sni, Opened: o.opened,
		via: o.via,
	}
}

// releasingConn runs a function when it is closed.
type releasingConn struct {
	net.Conn
	release func()
}

func (c *releasingConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}

func (c *releasingConn) CloseWrite() error { return closeWrite(c.Conn) }
