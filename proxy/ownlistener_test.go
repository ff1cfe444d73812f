package proxy

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"daylight.internal/proxy/ca"
)

// open is a proxy that allows every network, listens on an address, and has an admin
// listener there too.
type open struct {
	*testProxy
	proxyPort, adminPort string
	admin                atomic.Int64 // connections to the admin listener
}

func startOpen(t *testing.T, listen string, adjust func(*Config, *open)) *open {
	t.Helper()
	o := &open{}
	proxyListener, adminListener := mustListen(t, listen), mustListen(t, listen)
	o.proxyPort, o.adminPort = portOf(proxyListener), portOf(adminListener)
	go func() {
		for {
			c, err := adminListener.Accept()
			if err != nil {
				return
			}
			o.admin.Add(1)
			c.Close()
		}
	}()
	authority, err := ca.Ensure(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{Upstream: Upstream{
		AllowNetworks: anywhere(), Hosts: map[string]string{},
		Forbid: []netip.AddrPort{adminListener.Addr().(*net.TCPAddr).AddrPort()},
	}}
	if adjust != nil {
		adjust(&cfg, o)
	}
	rec := newRecorder()
	p, err := New(cfg, Dependencies{Inspector: rec, Authority: authority})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() { defer close(served); p.Serve(ctx, proxyListener) }()
	t.Cleanup(func() { cancel(); <-served })
	addr := net.JoinHostPort("127.0.0.1", o.proxyPort)
	if listen == "[::1]:0" {
		addr = net.JoinHostPort("::1", o.proxyPort)
	}
	o.testProxy = &testProxy{Proxy: p, t: t, addr: addr, url: "http://" + addr, ca: authority.PEM(), recorder: rec}
	return o
}

func mustListen(t *testing.T, address string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("this machine has no such address: %v", err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func portOf(l net.Listener) string { return strconv.Itoa(l.Addr().(*net.TCPAddr).Port) }

// thisMachine lists the addresses by which a machine reaches itself.
func thisMachine(t *testing.T) []string {
	t.Helper()
	hosts := []string{"127.0.0.1", "127.9.9.9", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:0.0.0.0]", "localhost", "a.localhost", "rebind.example"}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		ip := prefixOf(a).Addr()
		switch {
		case !ip.IsValid() || ip.Zone() != "" || ip.IsLinkLocalUnicast():
		case ip.Is4():
			hosts = append(hosts, ip.String(), "[::ffff:"+ip.String()+"]")
		default:
			hosts = append(hosts, "["+ip.String()+"]")
		}
	}
	return hosts
}

func TestOwnListenersAreReachedByNoAddressOfThisMachine(t *testing.T) {
	names := startNameServer(t, func(string, int) []string { return []string{"127.0.0.1", "::1", "::ffff:127.0.0.1"} })
	for _, listen := range []string{"127.0.0.1:0", "0.0.0.0:0", "[::]:0", "[::1]:0"} {
		t.Run(listen, func(t *testing.T) {
			var static []string
			o := startOpen(t, listen, func(c *Config, o *open) {
				c.Upstream.resolver = names.resolver()
				for i, port := range []string{o.proxyPort, o.adminPort} {
					name := fmt.Sprintf("static%d.example", i)
					c.Upstream.Hosts[name+":80"] = strings.Replace(listen, ":0", ":"+port, 1)
					if strings.HasSuffix(listen, "]:0") {
						c.Upstream.Hosts[name+":80"] = strings.TrimSuffix(listen, ":0") + ":" + port
					}
					static = append(static, name+":80")
				}
			})
			authorities := static
			for _, host := range thisMachine(t) {
				authorities = append(authorities, host+":"+o.proxyPort, host+":"+o.adminPort)
			}
			for _, authority := range authorities {
				resp, body := first(t, o.dial(t), "POST http://%s/-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", authority)
				// Where an address does not lead to the listener, nobody listens.
				if resp.StatusCode == http.StatusOK || strings.Contains(body, "BEGIN CERT") {
					t.Errorf("plain %s: %d", authority, resp.StatusCode)
				}
				if c, resp := o.connect(t, authority); resp.StatusCode == http.StatusOK {
					if resp, _ := first(t, c, "GET /metrics HTTP/1.1\r\nHost: %s\r\n\r\n", authority); resp.StatusCode == http.StatusOK {
						t.Errorf("CONNECT %s: %d", authority, resp.StatusCode)
					}
				}
			}
			if n := o.admin.Load(); n > 0 {
				t.Errorf("%d connections to the admin listener", n)
			}
			o.recorder.mu.Lock()
			defer o.recorder.mu.Unlock()
			if own := slices.DeleteFunc(o.seen, func(x *recorded) bool { return x.Err == nil || asCarryError(x.Err).reason != "own_listener" }); len(own) < 8 {
				t.Errorf("%d were refused for what they are: the test shows nothing", len(own))
			}
		})
	}
}

// A tunnel that is not opened is dialled in the same way.
func TestOwnListenersAreReachedByNoTunnel(t *testing.T) {
	o := startOpen(t, "0.0.0.0:0", nil)
	o.decide = tunnelAll
	for _, host := range thisMachine(t) {
		for _, port := range []string{o.proxyPort, o.adminPort} {
			if _, resp := o.connect(t, host+":"+port); resp.StatusCode == http.StatusOK {
				t.Errorf("CONNECT %s:%s: %s", host, port, resp.Status)
			}
		}
	}
	if n := o.admin.Load(); n > 0 {
		t.Errorf("%d connections to the admin listener", n)
	}
}

// Behind a parent that runs on the same machine, or allows what it should not, the
// addresses are ours still.
func TestOwnListenersAreNotReachedThroughAParent(t *testing.T) {
	asked := make(chan string, 1000)
	parent := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked <- r.RequestURI }))
	defer parent.Close()
	o := startOpen(t, "0.0.0.0:0", func(c *Config, _ *open) {
		c.Upstream.Proxy, _ = url.Parse(parent.URL)
		c.Upstream.AllowNetworks = anywhere()
	})
	for _, host := range thisMachine(t) {
		if host == "rebind.example" {
			continue // the parent alone knows where that leads
		}
		for _, port := range []string{o.proxyPort, o.adminPort} {
			if resp, _ := first(t, o.dial(t), "GET http://%s:%s/metrics HTTP/1.1\r\nHost: x\r\n\r\n", host, port); resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s:%s: %s", host, port, resp.Status)
			}
			o.decide = tunnelAll
			if _, resp := o.connect(t, host+":"+port); resp.StatusCode != http.StatusForbidden {
				t.Errorf("CONNECT %s:%s: %s", host, port, resp.Status)
			}
			o.decide = nil
		}
	}
	if len(asked) > 0 {
		t.Errorf("the parent was asked for %s", <-asked)
	}
}

// A configuration, or a name server, by which we are our own parent.
func TestAParentThatIsOneOfOurListenersIsNotDialled(t *testing.T) {
	names := startNameServer(t, func(string, int) []string { return []string{"127.0.0.1"} })
	for _, host := range []string{"127.0.0.1", "::1", "parent.example"} {
		for _, listener := range []string{"proxy", "admin"} {
			t.Run(listener+" as "+host, func(t *testing.T) {
				o := startOpen(t, "[::]:0", func(c *Config, o *open) {
					port := map[string]string{"proxy": o.proxyPort, "admin": o.adminPort}[listener]
					c.Upstream.resolver = names.resolver()
					c.Upstream.Proxy = &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
				})
				plain, _ := first(t, o.dial(t), "GET http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\n\r\n")
				inside, _ := first(t, o.openInner(t, "ai.example:443"), "GET / HTTP/1.1\r\nHost: ai.example\r\n\r\n")
				o.decide = tunnelAll
				_, tunnel := o.connect(t, "ai.example:443")
				for way, resp := range map[string]*http.Response{"plain": plain, "in a CONNECT": inside, "by a tunnel": tunnel} {
					if resp.StatusCode != http.StatusForbidden {
						t.Errorf("%s: %s", way, resp.Status)
					}
				}
				if n := o.admin.Load(); n > 0 {
					t.Errorf("%d connections to the admin listener", n)
				}
			})
		}
	}
}

// A parent may have an address that clients may not reach. That it is allowed to us
// does not allow it to them, so that nobody speaks to it past the policy.
func TestTheParentsAddressIsNotOpenToClients(t *testing.T) {
	asked := make(chan string, 100)
	address := tcpServer(t, func(c net.Conn) { asked <- "asked"; io.Copy(io.Discard, c) })
	names := startNameServer(t, func(string, int) []string { return []string{"127.0.0.1"} })
	_, port, _ := net.SplitHostPort(address)
	p := startProxy(t, func(c *Config, _ *Dependencies) {
		c.Upstream.resolver = names.resolver()
		c.Upstream.Proxy = &url.URL{Scheme: "http", Host: "parent.corp.example:" + port}
		c.Upstream.NoProxy = []string{"*.corp.example"}
	})
	if status, _ := get(t, p.client(), "http://parent.corp.example:"+port+"/"); status != http.StatusForbidden {
		t.Errorf("a request: %d", status)
	}
	p.decide = tunnelAll
	if _, resp := p.connect(t, "parent.corp.example:"+port); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a tunnel: %s", resp.Status)
	}
	if len(asked) > 0 {
		t.Error("the parent was reached")
	}
}
