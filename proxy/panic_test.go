package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"daylight.internal/proxy/proxytest"
)

type panickingBody struct{ io.ReadCloser }

func (panickingBody) Read([]byte) (int, error) { panic("secret in a body") }

// A panic costs one exchange: the process, the proxy and, where HTTP allows, the
// connection live on.
func TestAPanicCostsOneExchange(t *testing.T) {
	server := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "fine")
	}), "ai.example")
	tests := map[string]func(*recorder){
		"in the request hook":  func(r *recorder) { r.onRequest = func(*http.Request) *http.Response { panic("secret") } },
		"in the response hook": func(r *recorder) { r.onResponse = func(*http.Response) { panic("secret") } },
		"in the response body": func(r *recorder) {
			r.onResponse = func(resp *http.Response) { resp.Body = panickingBody{resp.Body} }
		},
	}
	for name, arrange := range tests {
		for _, http2 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s h2 %v", name, http2), func(t *testing.T) {
				p := startProxy(t, nil, server)
				arrange(p.recorder)
				client := p.client()
				client.Transport.(*http.Transport).ForceAttemptHTTP2 = http2
				resp, err := client.Post("https://ai.example/", "text/plain", strings.NewReader("body"))
				if err == nil {
					body, readErr := io.ReadAll(resp.Body)
					resp.Body.Close()
					if resp.StatusCode == 200 && readErr == nil {
						t.Errorf("%s %q", resp.Status, body)
					}
					if strings.Contains(string(body), "secret") {
						t.Errorf("the page tells the value: %q", body)
					}
				}
				if x := p.last(t, 1); x.Panicked == nil || x.Finished != 1 {
					t.Errorf("exchange: %+v", x)
				}
				p.onRequest, p.onResponse = nil, nil
				if status, body := get(t, client, "https://ai.example/"); status != 200 || body != "fine" {
					t.Errorf("afterwards %d %q", status, body)
				}
			})
		}
	}
}

// The transport reads a request body in a goroutine of its own, where nobody
// recovers.
func TestAPanicWhileTheTransportReadsTheBodyCostsOneExchange(t *testing.T) {
	server := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil { // an answer before the end of the body would win
			io.WriteString(w, "fine")
		}
	}), "ai.example")
	p := startProxy(t, nil, server)
	p.onRequest = func(r *http.Request) *http.Response {
		r.Body = panickingBody{r.Body}
		return nil
	}
	resp, err := p.client().Post("https://ai.example/", "text/plain", strings.NewReader("body"))
	if err == nil {
		if resp.StatusCode < 400 {
			t.Errorf("%s", resp.Status)
		}
		resp.Body.Close()
	}
	p.last(t, 1)
	p.onRequest = nil
	if status, _ := get(t, p.client(), "https://ai.example/"); status != 200 {
		t.Errorf("afterwards %d", status)
	}
}

func TestAPanicInARelayCostsOneTunnel(t *testing.T) {
	a, b := net.Pipe()
	r := &relay{client: panickingConn{a}, server: b, buffers: &bufferPool{}, idle: 1e9, lingering: 1e9}
	r.run()
	if r.err() != "panic" {
		t.Errorf("ended with %q", r.err())
	}
}

type panickingConn struct{ net.Conn }

func (panickingConn) Read([]byte) (int, error) { panic("in a relay") }

func TestAPanicInAWebSocketCostsOneExchange(t *testing.T) {
	server := proxytest.NewServer(t, upgradeTo(func(c net.Conn, _ *bufio.ReadWriter) { io.Copy(c, c) }), "ai.example")
	p := startProxy(t, nil, server)
	p.onResponse = func(resp *http.Response) { resp.Body = panickingUpgrade{resp.Body.(io.ReadWriteCloser)} }
	c := p.openInner(t, "ai.example:443")
	fmt.Fprintf(c, upgradeRequest, "/")
	io.ReadAll(c)
	if x := p.last(t, 1); x.Protocol != "websocket" || x.Finished != 1 {
		t.Errorf("exchange: %+v", x)
	}
}

type panickingUpgrade struct{ io.ReadWriteCloser }

func (panickingUpgrade) Read([]byte) (int, error) { panic("in a tap") }

func TestAPanicWhileDiallingCostsOneExchange(t *testing.T) {
	server := proxytest.NewServer(t, text("fine"), "ai.example")
	p := startProxy(t, nil, server)
	never := p.dialer.addresses.never
	p.dialer.addresses.never = func() (none []netip.AddrPort) { panic("while dialling") }
	if status, _ := get(t, p.client(), "https://ai.example/"); status != http.StatusInternalServerError {
		t.Errorf("status %d", status)
	}
	p.dialer.addresses.never = never
}
