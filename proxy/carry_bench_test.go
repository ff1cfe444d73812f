package proxy

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"testing"

	"daylight.internal/proxy/ca"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// idleInspector intercepts everything and looks at nothing: what is measured is
// the carrying.
type idleInspector struct{}

func (i idleInspector) tunnel(rules.Client) tunneler { return i }
func (idleInspector) decision(string, string, uint16) (engine.TunnelDecision, string) {
	return engine.Intercept, ""
}

func (idleInspector) refused(refusal) string    { return "" }
func (idleInspector) bypass(*tunnelInfo) string { return "" }
func (idleInspector) accepted(*tunnelInfo)      {}
func (idleInspector) unused(*tunnelInfo)        {}
func (idleInspector) watch(string) *tunnelWatch { return nil }

func (idleInspector) closed(*tunnelInfo, tunnelReport) {}
func (idleInspector) exchange(*http.Request, rules.Client, *tunnelInfo) exchanger {
	return idleExchanger{}
}

type idleExchanger struct{}

func (idleExchanger) request(*http.Request) *http.Response { return nil }
func (idleExchanger) response(r *http.Request, resp *http.Response, err error) *http.Response {
	if err != nil {
		return failurePage(r, asCarryError(err).status, "", "")
	}
	return resp
}
func (idleExchanger) websocket(*http.Request, *http.Response, websocketLink) clientStream { return nil }

func (idleExchanger) upgraded(string, int64, int64, string) {}
func (idleExchanger) finish(any)                            {}

// Client, proxy and server share the process: compare with each other only.
func BenchmarkKeptAliveExchange(b *testing.B) {
	for _, mode := range []string{"direct", "h1 to h1", "h1 to h2", "h2 to h2"} {
		b.Run(mode, func(b *testing.B) {
			newServer := proxytest.NewServer
			if mode == "h1 to h1" || mode == "direct" {
				newServer = proxytest.NewHTTP1Server
			}
			server := newServer(b, text(`{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hello"}}]}`), "ai.example")
			client := benchClient(b, server, mode == "direct")
			client.Transport.(*http.Transport).ForceAttemptHTTP2 = mode == "h2 to h2"
			b.ReportAllocs()
			for b.Loop() {
				resp, err := client.Get("https://ai.example/")
				if err != nil {
					b.Fatal(err)
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
		})
	}
}

func BenchmarkUpload(b *testing.B) {
	const size = 16 << 20
	for _, mode := range []string{"direct", "h1 to h1", "h1 to h2"} {
		b.Run(mode, func(b *testing.B) {
			newServer := proxytest.NewServer
			if mode != "h1 to h2" {
				newServer = proxytest.NewHTTP1Server
			}
			server := newServer(b, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }), "ai.example")
			client := benchClient(b, server, mode == "direct")
			client.Transport.(*http.Transport).ForceAttemptHTTP2 = false
			b.SetBytes(size)
			for b.Loop() {
				resp, err := client.Post("https://ai.example/", "text/plain", io.LimitReader(neverEnding('!'), size))
				if err != nil {
					b.Fatal(err)
				}
				resp.Body.Close()
			}
		})
	}
}

func benchClient(b *testing.B, server *proxytest.Server, direct bool) *http.Client {
	if direct {
		return &http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true, ServerName: "ai.example"},
			DialContext: func(_ context.Context, network, _ string) (net.Conn, error) {
				return net.Dial(network, server.Listener.Addr().String())
			},
		}}
	}
	authority, err := ca.Ensure(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	p, err := New(Config{Upstream: Upstream{CAFile: server.CAFile, Hosts: server.Hosts}}, Dependencies{Inspector: idleInspector{}, Authority: authority})
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	go p.Serve(ctx, l)
	return proxytest.Client(b, "http://"+l.Addr().String(), authority.PEM())
}
