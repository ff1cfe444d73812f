package faults_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// seen is what a client sees of an exchange.
type seen struct {
	connect int // status of the CONNECT of an unread tunnel; 0: there was none
	status  int // 0: no answer came
	body    string
	cut     bool // the answer did not come to its end
	head    http.Header
}

// String is the form in which the matrix states it.
func (s seen) String() string {
	text := "no answer"
	if s.status != 0 {
		text = fmt.Sprint(s.status)
		if s.cut {
			text += " cut"
		}
	}
	if s.connect == 0 {
		return text
	}
	if s.connect != http.StatusOK {
		return fmt.Sprint(s.connect)
	}
	return "CONNECT 200, " + text
}

// client speaks one protocol through a proxy.
type client struct {
	t        *testing.T
	protocol protocol
	proxy    string // address
	roots    *x509.CertPool
}

func newClient(w *world, p protocol) *client {
	c := &client{t: w.t, protocol: p, proxy: w.address, roots: x509.NewCertPool()}
	if p == tunnel {
		c.roots.AppendCertsFromPEM(trusted().pem)
	} else {
		c.roots.AppendCertsFromPEM(w.authority.PEM())
	}
	return c
}

const prompt = `{"model":"m","messages":[{"role":"user","content":"Please write a poem about the sea."}]}`

// ask makes one whole exchange with host.
func (c *client) ask(ctx context.Context, host, body string) seen {
	c.t.Helper()
	if c.protocol == webSocket {
		return c.askSocket(host)
	}
	var out seen
	transport := &http.Transport{
		Proxy:             http.ProxyURL(&url.URL{Scheme: "http", Host: c.proxy}),
		TLSClientConfig:   &tls.Config{RootCAs: c.roots},
		ForceAttemptHTTP2: c.protocol == http2,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
			if c.protocol == tunnel || resp.StatusCode != http.StatusOK {
				out.connect, out.head = resp.StatusCode, resp.Header
			}
			return nil
		},
	}
	defer transport.CloseIdleConnections()
	scheme := "https"
	if c.protocol == plain {
		scheme = "http"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, scheme+"://"+host+c.protocol.path(), strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if c.protocol == sse {
		r.Header.Set("Accept", "text/event-stream")
	}
	resp, err := transport.RoundTrip(r)
	if err != nil {
		return out
	}
	out.read(resp)
	return out
}

func (s *seen) read(resp *http.Response) {
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	s.status, s.head, s.body, s.cut = resp.StatusCode, resp.Header, string(body), err != nil
}

// open returns a connection on which requests can be written: to the proxy, or inside of a CONNECT.
func (c *client) open(host string, alpn ...string) (net.Conn, *http.Response, error) {
	c.t.Helper()
	conn, err := net.Dial("tcp", c.proxy)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	if c.protocol == plain {
		return conn, nil, nil
	}
	fmt.Fprintf(conn, "CONNECT %[1]s:443 HTTP/1.1\r\nHost: %[1]s:443\r\n\r\n", host)
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: http.MethodConnect})
	if err != nil || resp.StatusCode != http.StatusOK {
		return conn, resp, err
	}
	secure := tls.Client(conn, &tls.Config{RootCAs: c.roots, ServerName: host, NextProtos: alpn})
	return secure, resp, secure.Handshake()
}

// askSocket opens a WebSocket and listens until it ends.
func (c *client) askSocket(host string) (out seen) {
	c.t.Helper()
	conn, resp, err := c.open(host)
	if err != nil {
		return out
	}
	defer conn.Close()
	if resp.StatusCode != http.StatusOK {
		return seen{status: resp.StatusCode}
	}
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n\r\n", c.protocol.path(), host)
	in := bufio.NewReader(conn)
	if resp, err = http.ReadResponse(in, nil); err != nil {
		return out
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		out.read(resp)
		return out
	}
	frames := readUntil(in, "\x88") // a close frame ends a WebSocket well, and nothing else does
	return seen{status: resp.StatusCode, head: resp.Header, body: frames, cut: !strings.Contains(frames, "\x88")}
}

// readUntil reads until text has come or nothing more does.
func readUntil(r io.Reader, text string) string {
	var all []byte
	buffer := make([]byte, 1024)
	for !strings.Contains(string(all), text) {
		n, err := r.Read(buffer)
		all = append(all, buffer[:n]...)
		if err != nil {
			break
		}
	}
	return string(all)
}
