package replay_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"daylight.internal/rules/discovery"
)

// client is one machine: its events are those of its address.
type client struct {
	world   *world
	address string
	http    *http.Client
	roots   *x509.CertPool
	patient bool // sends the second half of a body when the first one is at the server
}

// newClient returns a client that speaks HTTP/2, or HTTP/1.1 only.
func (w *world) newClient(http2, patient bool) *client {
	w.mu.Lock()
	w.clients++
	n := w.clients
	w.mu.Unlock()
	c := &client{world: w, address: fmt.Sprintf("127.1.%d.%d", n>>8, n&255), roots: x509.NewCertPool(), patient: patient}
	c.roots.AppendCertsFromPEM(w.authority.PEM())
	transport := &http.Transport{
		Proxy:             http.ProxyURL(&url.URL{Scheme: "http", Host: w.address}),
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return c.dial(ctx) },
		TLSClientConfig:   &tls.Config{RootCAs: c.roots, CurvePreferences: quickCurves()},
		ForceAttemptHTTP2: http2, DisableCompression: true,
	}
	c.http = &http.Client{
		Transport: transport, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// step names the i-th exchange of the client.
func (c *client) step(i int) string { return fmt.Sprintf("%s/%d", c.address, i) }

func (c *client) close() { c.http.CloseIdleConnections() }

// dial reaches the proxy from the address of the client.
func (c *client) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(c.address)}}
	return d.DialContext(ctx, "tcp", c.world.address)
}

// play makes all exchanges of a session with a text. The error says what came
// to the server or back changed.
func (c *client) play(t testing.TB, s *session, text string) error {
	for i := range s.Exchanges {
		x := &s.Exchanges[i]
		now := &turn{exchange: x, request: x.request(t, text), arrived: make(chan struct{}), heard: make(chan struct{}, 1)}
		name := c.step(i)
		c.world.standIn.steps.Store(name, now)
		now.request.header.Set(stepHeader, name)
		do := c.exchange
		if x.isSocket() {
			do = func(s *turn) error { return c.talk(t, s, text) }
		}
		if err := do(now); err != nil {
			return fmt.Errorf("exchange %d, %s: %w", i+1, x.URL, err)
		}
	}
	return nil
}

func (c *client) exchange(s *turn) error {
	var body io.Reader
	if s.request.body != nil {
		body = bytes.NewReader(s.request.body)
		if c.patient {
			body = &halves{step: s}
		}
	}
	r, err := http.NewRequest(s.request.method, s.request.url, body)
	if err != nil {
		return err
	}
	r.ContentLength = int64(len(s.request.body))
	if c.patient && r.ContentLength > 0 && half(s.request.body) < discovery.PeekBytes {
		r.ContentLength = -1 // of a body that tells its length, so much is awaited
	}
	r.Header = s.request.header
	response, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return s.read(response)
}

// read reads each piece of the answer before the next one is sent.
func (s *turn) read(response *http.Response) error {
	want := s.exchange.Answer.Status
	if want == 0 {
		want = http.StatusOK
	}
	if response.StatusCode != want {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 400))
		return fmt.Errorf("status %d: %s", response.StatusCode, text)
	}
	for i, piece := range s.exchange.pieces() {
		if s.request.method == http.MethodHead {
			break
		}
		got := make([]byte, len(piece))
		if _, err := io.ReadFull(response.Body, got); err != nil {
			return fmt.Errorf("reading piece %d of the answer: %w", i+1, err)
		}
		if string(got) != piece {
			return fmt.Errorf("piece %d of the answer is %q", i+1, got)
		}
		s.heard <- struct{}{}
	}
	rest, err := io.ReadAll(response.Body)
	if err != nil || len(rest) > 0 {
		return fmt.Errorf("behind the answer: %q, %v", rest, err)
	}
	return nil
}

// halves is a body of which the second half waits until the first one is at the server.
type halves struct {
	step *turn
	sent int
}

func (h *halves) Read(b []byte) (int, error) {
	body := h.step.request.body
	end := half(body)
	if h.sent >= end {
		select {
		case <-h.step.arrived:
		case <-time.After(patience):
			return 0, errors.New("the first half does not arrive")
		}
		end = len(body)
	}
	n := copy(b, body[h.sent:end])
	h.sent += n
	if h.sent == len(body) {
		return n, io.EOF
	}
	return n, nil
}

// talk opens a WebSocket, says all and hears all.
func (c *client) talk(t testing.TB, s *turn, text string) error {
	u, err := url.Parse(s.request.url)
	if err != nil {
		return err
	}
	conn, err := c.open(t.Context(), u)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	config, err := websocket.NewConfig(s.request.url, "https://"+u.Host)
	if err != nil {
		return err
	}
	config.Header = s.request.header
	socket, err := websocket.NewClient(config, conn)
	if err != nil {
		return fmt.Errorf("opening the WebSocket: %w", err)
	}
	for i := range s.exchange.Say {
		m := &s.exchange.Say[i]
		payload := m.payload(t, text, s.exchange.All)
		socket.PayloadType = websocket.TextFrame
		if m.Base64 != "" {
			socket.PayloadType = websocket.BinaryFrame
		}
		if _, err := socket.Write(payload); err != nil {
			return fmt.Errorf("saying message %d: %w", i+1, err)
		}
	}
	for i, want := range s.exchange.Answer.Hear {
		var got string
		if err := websocket.Message.Receive(socket, &got); err != nil || got != want {
			return fmt.Errorf("hearing message %d: %q, %v", i+1, got, err)
		}
	}
	return socket.Close()
}

// open opens a connection through the proxy to where a WebSocket goes.
func (c *client) open(ctx context.Context, u *url.URL) (net.Conn, error) {
	conn, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	authority := u.Host
	if u.Port() == "" {
		authority += map[string]string{"wss": ":443", "ws": ":80"}[u.Scheme]
	}
	fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", authority, authority)
	line, err := readHead(conn)
	if err != nil || !strings.Contains(line, " 200 ") {
		conn.Close()
		return nil, fmt.Errorf("connecting: %q, %v", line, err)
	}
	if u.Scheme == "ws" {
		return conn, nil
	}
	return tls.Client(conn, &tls.Config{RootCAs: c.roots, CurvePreferences: quickCurves(), ServerName: u.Hostname(), NextProtos: []string{"http/1.1"}}), nil
}

// readHead reads the head of an answer and not a byte more; it returns its first line.
func readHead(conn net.Conn) (string, error) {
	response, err := http.ReadResponse(bufio.NewReaderSize(oneByte{conn}, 16), &http.Request{Method: http.MethodConnect})
	if err != nil {
		return "", err
	}
	return response.Proto + " " + response.Status + " ", nil
}

// oneByte reads byte by byte, so that a buffer before it never holds more than was asked.
type oneByte struct{ io.Reader }

func (r oneByte) Read(b []byte) (int, error) { return r.Reader.Read(b[:1]) }
