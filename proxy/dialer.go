package proxy

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"daylight.internal/rules"
)

// dialer opens connections to servers and checks each address that is really
// dialled, after the name was resolved.
type dialer struct {
	addresses addressPolicy
	hosts     map[string]netip.AddrPort // static answers by authority
	parent    *url.URL                  // nil: direct
	noProxy   []string
	timeout   time.Duration
	idle      time.Duration // without progress of a write
	dials     *dials
	resolver  *net.Resolver // nil: the system's
	pseudonym string        // of this proxy, for parents
}

func newDialer(up Upstream, limits Limits, shared []netip.Prefix, never func() []netip.AddrPort, hit func(rules.Client)) (*dialer, error) {
	d := &dialer{
		addresses: addressPolicy{forbidden: forbidden(), allowed: up.AllowNetworks, never: never},
		hosts:     make(map[string]netip.AddrPort, len(up.Hosts)),
		parent:    up.Proxy,
		timeout:   limits.DialTimeout,
		idle:      limits.IdleTimeout,
		dials:     newDials(limits.DialsPerClient, shared, hit),
		resolver:  up.resolver,
		pseudonym: newPseudonym(),
	}
	for from, to := range up.Hosts {
		host, port, err := splitAuthority(from, 0)
		if err != nil {
			return nil, fmt.Errorf("reading upstream host %q: %w", from, err)
		}
		address, err := netip.ParseAddrPort(to)
		if err != nil {
			return nil, fmt.Errorf("reading the address of upstream host %q: %w", from, err)
		}
		d.hosts[joinAuthority(host, port)] = address
	}
	for _, pattern := range up.NoProxy {
		d.noProxy = append(d.noProxy, strings.ToLower(pattern))
	}
	if up.Proxy != nil && up.Proxy.Scheme != "http" && up.Proxy.Scheme != "https" {
		return nil, fmt.Errorf("reading the parent proxy: scheme %q is neither http nor https", up.Proxy.Scheme)
	}
	return d, nil
}

// dial is the transport's DialContext: it connects to the server of an
// authority, or to the parent proxy for a request that goes there.
func (d *dialer) dial(ctx context.Context, _, authority string) (net.Conn, error) {
	if d.parent != nil && goesToParent(ctx) {
		return d.dialParent(ctx)
	}
	return d.dialServer(ctx, authority)
}

func (d *dialer) dialParent(ctx context.Context) (net.Conn, error) {
	return d.connect(ctx, parentAuthority(d.parent), d.checkOwn)
}

// dialServer connects to an authority, or to what stands for it in the static answers.
func (d *dialer) dialServer(ctx context.Context, authority string) (net.Conn, error) {
	host, _, err := splitAuthority(authority, 0)
	if err == nil && isOwnName(host) {
		return nil, &carryError{status: http.StatusForbidden, reason: "own_name"}
	}
	if static, ok := d.hosts[strings.ToLower(authority)]; ok {
		return d.connect(ctx, static.String(), d.checkOwn)
	}
	return d.connect(ctx, authority, d.addresses.check)
}

// connect dials a target and asks allow about each address that is really
// dialled. Those that may not be are passed over for others of the same name.
func (d *dialer) connect(ctx context.Context, target string, allow func(netip.AddrPort) string) (conn net.Conn, err error) {
	defer recovered(&err)
	dialer := net.Dialer{Timeout: d.timeout, Resolver: d.resolver, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) (err error) {
		defer recovered(&err) // it may run in a goroutine of the net package
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("reading the address to dial: %w", err)
		}
		if reason := allow(to); reason != "" {
			return &carryError{status: http.StatusForbidden, reason: reason}
		}
		return nil
	}}
	ctx, leave, err := d.admit(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	conn, err = dialer.DialContext(ctx, "tcp", target)
	if err != nil {
		return nil, err
	}
	return &serverConn{Conn: conn, idle: d.idle}, nil
}

// checkAuthority is the check of what a parent proxy will dial.
func (d *dialer) checkAuthority(authority string) string {
	host, port, err := splitAuthority(authority, 0)
	if err != nil {
		return "authority"
	}
	return d.addresses.checkName(host, port)
}

// checkOwn is the check of addresses that the configuration names itself.
func (d *dialer) checkOwn(address netip.AddrPort) string {
	return addressPolicy{never: d.addresses.never, allowed: anywhere()}.check(address)
}

func anywhere() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
}

// parentFor returns the parent proxy for an authority, or nil when the server is
// dialled directly.
func (d *dialer) parentFor(authority string) *url.URL {
	if d.parent == nil {
		return nil
	}
	if _, ok := d.hosts[strings.ToLower(authority)]; ok {
		return nil
	}
	host, _, err := splitAuthority(authority, 80)
	if err != nil {
		return d.parent
	}
	for _, pattern := range d.noProxy {
		if suffix, ok := strings.CutPrefix(pattern, "*"); pattern == host || ok && strings.HasSuffix(host, suffix) {
			return nil
		}
	}
	return d.parent
}

// serverConn gives up on a server that does not take what is written to it.
type serverConn struct {
	net.Conn
	idle time.Duration
	set  time.Time // when the deadline was last set; only the writer uses it
	turn turn
}

func (c *serverConn) Read(b []byte) (int, error) {
	c.turn.beginRead()
	n, err := c.Conn.Read(b)
	if !c.turn.endRead(n) {
		return 0, errUnasked
	}
	return n, err
}

func (c *serverConn) Close() error {
	c.turn.close()
	return c.Conn.Close()
}

func (c *serverConn) Write(b []byte) (int, error) {
	c.turn.write()
	if now := time.Now(); now.Sub(c.set) > c.idle/4 {
		c.set = now
		if err := c.SetWriteDeadline(now.Add(c.idle)); err != nil {
			return 0, err
		}
	}
	return c.Conn.Write(b)
}

func (c *serverConn) CloseWrite() error { return closeWrite(c.Conn) }

// recovered turns a panic of ours in a goroutine of somebody else, which would
// end the process, into an error.
func recovered(err *error) {
	if v := recover(); v != nil {
		*err = &carryError{status: http.StatusInternalServerError, reason: "panic"}
	}
}
