package proxy

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
)

// parentProxy is a parent that sends everything to one address, and notes what it was asked.
type parentProxy struct {
	mu    sync.Mutex
	asked []string
}

func (p *parentProxy) serve(address string) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewReader(c)
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		user, password, _ := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth()
		p.mu.Lock()
		p.asked = append(p.asked, r.Method+" "+r.RequestURI+" "+user+":"+password)
		p.mu.Unlock()
		if user != "daylight" {
			io.WriteString(c, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
			return
		}
		if r.Method != http.MethodConnect {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nparent")
			return
		}
		server, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		defer server.Close()
		io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		go io.Copy(server, in)
		io.Copy(c, server)
	}
}

func TestAParentProxyCarriesEverything(t *testing.T) {
	server := proxytest.NewServer(t, text("answer"), "ai.example", "near.example")
	secured, root := proxytest.Certificate(t, "127.0.0.1")
	for _, scheme := range []string{"http", "https"} {
		parent := &parentProxy{}
		serve := parent.serve(server.Listener.Addr().String())
		address := tcpServer(t, func(c net.Conn) {
			if scheme == "https" {
				c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{secured}})
			}
			serve(c)
		})
		roots := t.TempDir() + "/roots.pem"
		mustWrite(t, roots, append(root, mustRead(t, server.CAFile)...))
		start := func(user string) *testProxy {
			return startProxy(t, func(c *Config, _ *Dependencies) {
				c.Upstream.Proxy = &url.URL{Scheme: scheme, Host: address, User: url.UserPassword(user, "pass")}
				c.Upstream.CAFile = roots
				c.Upstream.NoProxy = []string{"*.near.example"}
				c.Upstream.Hosts = map[string]string{"near.example:443": server.Listener.Addr().String()}
			})
		}
		t.Run(scheme, func(t *testing.T) {
			p := start("daylight")
			p.decide = func(host, _ string) engine.TunnelDecision {
				if host == "tunnel.example" {
					return engine.Tunnel
				}
				return engine.Intercept
			}
			for url, want := range map[string]string{
				"https://ai.example/": "answer", "http://ai.example/x": "parent", "https://near.example/": "answer",
			} {
				if status, body := get(t, p.client(), url); body != want {
					t.Errorf("%s: %d %q", url, status, body)
				}
			}
			tunnel := tls.Client(p.openTunnel(t, "tunnel.example:443"), &tls.Config{RootCAs: pool(mustRead(t, server.CAFile)), ServerName: "ai.example"})
			io.WriteString(tunnel, "GET / HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n")
			if got, err := io.ReadAll(tunnel); !strings.HasSuffix(string(got), "answer") {
				t.Errorf("tunnel: %q %v", got, err)
			}
			asked := fmt.Sprint(parent.asked)
			for _, want := range []string{"CONNECT ai.example:443 daylight:pass", "GET http://ai.example/x daylight:pass", "CONNECT tunnel.example:443 daylight:pass"} {
				if !strings.Contains(asked, want) {
					t.Errorf("the parent was not asked %q, but %s", want, asked)
				}
			}
			if strings.Contains(asked, "near.example") {
				t.Errorf("the parent was asked %s", asked)
			}
		})
		t.Run(scheme+" that refuses us", func(t *testing.T) {
			p := start("nobody")
			for _, url := range []string{"https://ai.example/", "http://ai.example/"} {
				if status, _ := get(t, p.client(), url); status != http.StatusBadGateway {
					t.Errorf("%s: %d", url, status)
				}
				if x := p.last(t, 1); asCarryError(x.Err).reason != "parent_authentication" {
					t.Errorf("%s: %v", url, asCarryError(x.Err).err)
				}
			}
			p.decide = always(engine.Tunnel)
			if _, resp := p.connect(t, "ai.example:443"); resp.StatusCode != http.StatusBadGateway {
				t.Errorf("tunnel: %s", resp.Status)
			}
		})
		t.Run(scheme+", forbidden names", func(t *testing.T) {
			p := start("daylight")
			for _, host := range []string{"127.0.0.1", "localhost", "169.254.169.254", "a.localhost"} {
				if status, _ := get(t, p.client(), "http://"+host+"/"); status != http.StatusForbidden {
					t.Errorf("%s: %d", host, status)
				}
				p.decide = always(engine.Tunnel)
				if _, resp := p.connect(t, host+":443"); resp.StatusCode != http.StatusForbidden {
					t.Errorf("a tunnel to %s: %s", host, resp.Status)
				}
				p.decide = nil
			}
		})
	}
}
