package proxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
)

func TestAPlainRequestIsCarried(t *testing.T) {
	server := httptest.NewServer(text("plain"))
	defer server.Close()
	p := startProxy(t, func(c *Config, _ *Dependencies) {
		c.Upstream.Hosts["plain.example:80"] = server.Listener.Addr().String()
	})
	status, body := get(t, p.client(), "http://plain.example/a?b")
	if status != 200 || body != "plain" {
		t.Errorf("got %d %q", status, body)
	}
	if x := p.last(t, 1); x.Status != 200 || x.Tunnel != nil || x.URL != "http://plain.example/a?b" || x.Client.Address.String() != "127.0.0.1" || x.Finished != 1 {
		t.Errorf("exchange: %+v", x)
	}
}

func TestAnInterceptedRequestIsCarried(t *testing.T) {
	server := proxytest.NewServer(t, text("secret"), "ai.example")
	p := startProxy(t, nil, server)
	status, body := get(t, p.client(), "https://ai.example/a?b")
	if status != 200 || body != "secret" {
		t.Errorf("got %d %q", status, body)
	}
	x := p.last(t, 1)
	if x.URL != "https://ai.example/a?b" || x.Status != 200 {
		t.Errorf("exchange: %+v", x)
	}
	if i := x.Tunnel; i.Authority != "ai.example:443" || i.SNI != "ai.example" || i.ConnectHost != "ai.example" || i.ALPN != "h2" {
		t.Errorf("tunnel: %+v", i)
	}
}

func TestATunnelIsRelayedUnread(t *testing.T) {
	server := proxytest.NewServer(t, text("unread"), "bank.example")
	p := startProxy(t, nil, server)
	p.decide = func(string, string) engine.TunnelDecision { return engine.Tunnel }
	root := mustRead(t, server.CAFile)
	client := proxytest.Client(t, p.url, root) // it trusts the server, not Daylight
	if status, body := get(t, client, "https://bank.example/"); status != 200 || body != "unread" {
		t.Errorf("got %d %q", status, body)
	}
	client.CloseIdleConnections()
	closed := p.lastTunnel(t, 1)
	if r := closed.report; r.Reason != "policy" || r.Sent < 300 || r.Received < 500 || r.Err != "" || r.Address.String() != server.Listener.Addr().String() || r.Duration <= 0 {
		t.Errorf("report: %+v", r)
	}
	if closed.info.SNI != "bank.example" {
		t.Errorf("the server name of a tunnel is a fact too: %+v", closed.info)
	}
}

func TestBothSidesChooseTheirProtocol(t *testing.T) {
	say := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		io.WriteString(w, r.Proto+" "+string(body))
	})
	servers := map[string]*proxytest.Server{
		"HTTP/1.1": proxytest.NewHTTP1Server(t, say, "one.example"),
		"HTTP/2.0": proxytest.NewServer(t, say, "two.example"),
	}
	for serverProto, server := range servers {
		for _, clientProto := range []string{"HTTP/1.1", "HTTP/2.0"} {
			t.Run(clientProto+" to "+serverProto, func(t *testing.T) {
				p := startProxy(t, nil, server)
				client := p.client()
				client.Transport.(*http.Transport).ForceAttemptHTTP2 = clientProto == "HTTP/2.0"
				name := "one.example"
				if serverProto == "HTTP/2.0" {
					name = "two.example"
				}
				resp, err := client.Post("https://"+name+"/", "text/plain", strings.NewReader("hello"))
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				body, _ := io.ReadAll(resp.Body)
				if resp.Proto != clientProto || string(body) != serverProto+" hello" {
					t.Errorf("client saw %s, server saw %s", resp.Proto, body)
				}
			})
		}
	}
}
