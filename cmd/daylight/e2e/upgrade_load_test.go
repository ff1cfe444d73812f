//go:build linux

package e2e_test

//lint:file-ignore SA1019 a client of net/http tries again by itself

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/net/http2"
)

const (
	streamPieces = 10
	streamGap    = 25 * time.Millisecond
)

// pause waits, as clients and servers do.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// load is clients that never try anything twice: whatever goes wrong is a failure.
type load struct {
	t              *testing.T
	proxy          string
	daylight, root *x509.CertPool // of Daylight's CA, and of the servers
	once           bool           // no client comes back when it was asked to go
	stopped        chan struct{}
	running        sync.WaitGroup

	mu        sync.Mutex
	exchanges map[string]int // by host
	failures  []string
	conns     int
}

func newLoad(s *succession) *load {
	s.t.Helper()
	return &load{
		t: s.t, proxy: s.proxy, stopped: make(chan struct{}), exchanges: map[string]int{},
		daylight: readPool(s.t, filepath.Join(s.dir, "data", "ca.pem")), root: readPool(s.t, s.origin),
	}
}

func readPool(t *testing.T, name string) *x509.CertPool {
	t.Helper()
	pem, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

// start runs clients of one kind, each session behind the other.
func (l *load) start(clients int, session func() error) {
	for range clients {
		l.running.Go(func() {
			for first := true; first || !l.once && !l.ends(); first = false {
				if err := session(); err != nil {
					l.mu.Lock()
					l.failures = append(l.failures, err.Error())
					l.mu.Unlock()
				}
			}
		})
	}
}

func (l *load) ends() bool {
	select {
	case <-l.stopped:
		return true
	default:
		return false
	}
}

// stop ends the clients and returns how many exchanges there were, by host.
func (l *load) stop() map[string]int {
	l.t.Helper()
	close(l.stopped)
	return l.wait()
}

func (l *load) wait() map[string]int {
	l.t.Helper()
	l.running.Wait()
	for i, failure := range l.failures {
		if i == 20 {
			l.t.Errorf("and %d more", len(l.failures)-i)
			break
		}
		l.t.Error("failed: ", failure)
	}
	return l.exchanges
}

func (l *load) total() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range l.exchanges {
		n += m
	}
	return n
}

func (l *load) count(host string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.exchanges[host]++
}

// dial connects to the proxy, and through it to a host unless that is "".
func (l *load) dial(host string, roots *x509.CertPool, protocols ...string) (net.Conn, error) {
	conn, err := net.Dial("tcp", l.proxy)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", host, err)
	}
	l.mu.Lock()
	l.conns++
	l.mu.Unlock()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if host == "" {
		return conn, nil
	}
	fmt.Fprintf(conn, "CONNECT %[1]s:443 HTTP/1.1\r\nHost: %[1]s:443\r\n\r\n", host)
	answer, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), &http.Request{Method: http.MethodConnect})
	if err != nil || answer.StatusCode != http.StatusOK {
		conn.Close()
		return nil, fmt.Errorf("%s: CONNECT: %w", host, errors.Join(err, statusError(answer)))
	}
	secure := tls.Client(conn, &tls.Config{ServerName: host, RootCAs: roots, NextProtos: protocols})
	if err := secure.Handshake(); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%s: handshake: %w", host, err)
	}
	return secure, nil
}

func statusError(r *http.Response) error {
	if r == nil || r.StatusCode == http.StatusOK {
		return nil
	}
	return errors.New(r.Status)
}

// http1 makes up to n exchanges on one connection.
func (l *load) http1(host string, n int, plain bool, ask func(*http.Request) (want string)) error {
	via := host
	if plain {
		via = ""
	}
	conn, err := l.dial(via, l.daylight)
	if err != nil {
		return err
	}
	defer conn.Close()
	reader := bufio.NewReader(conn)
	for i := range n {
		if i > 0 {
			pause(l.t.Context(), time.Duration(rand.IntN(30))*time.Millisecond)
		}
		last, err := l.exchange1(conn, reader, host, plain, ask)
		if err != nil {
			return fmt.Errorf("%s, exchange %d of its connection: %w", host, i+1, err)
		}
		l.count(host)
		if last || l.ends() {
			return nil
		}
	}
	return nil
}

func (l *load) exchange1(conn net.Conn, reader *bufio.Reader, host string, plain bool, ask func(*http.Request) string) (last bool, err error) {
	r, err := http.NewRequest(http.MethodPost, "http://"+host+"/echo", nil)
	if err != nil {
		return true, err
	}
	want := ask(r)
	write := r.Write
	if plain {
		write = r.WriteProxy
	}
	if err := write(conn); err != nil {
		return true, fmt.Errorf("sending: %w", err)
	}
	answer, err := http.ReadResponse(reader, r)
	if err != nil {
		return true, fmt.Errorf("receiving: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && (answer.StatusCode != http.StatusOK || string(body) != want) {
		err = fmt.Errorf("answered %s with %d bytes, want %d", answer.Status, len(body), len(want))
	}
	return answer.Close, err
}

// askEcho asks for an echo of some text.
func askEcho(r *http.Request) string {
	text := strings.Repeat("hello ", 1+rand.IntN(50))
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(text)), int64(len(text))
	return text
}

// askStream asks for a stream of events.
func askStream(r *http.Request) (want string) {
	r.Method, r.URL.Path = http.MethodGet, "/stream"
	for i := range streamPieces {
		want += fmt.Sprintf("data: %d\n\n", i)
	}
	return want
}

// askUpload sends a body of unknown length that takes a while.
func askUpload(r *http.Request) string {
	piece := strings.Repeat("x", 1000)
	body, w := io.Pipe()
	go func() {
		for range 40 {
			_, _ = io.WriteString(w, piece)
			pause(r.Context(), 10*time.Millisecond)
		}
		_ = w.Close()
	}()
	r.Body, r.ContentLength = body, -1
	return strings.Repeat(piece, 40)
}

// crowd comes all at once, so that the queue of a listener is never empty for long.
func (l *load) crowd() error {
	failed := make([]error, 60)
	var clients sync.WaitGroup
	for i := range failed {
		clients.Go(func() { failed[i] = l.http1("freshplain.test", 1, true, askEcho) })
	}
	clients.Wait()
	return errors.Join(failed...)
}

// streams makes exchanges in many streams of one connection of HTTP/2, until the
// server asks the client to go.
func (l *load) streams() error {
	const host = "h2.test"
	conn, err := l.dial(host, l.daylight, "h2")
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Time{})
	client, err := (&http2.Transport{}).NewClientConn(conn)
	if err != nil {
		return fmt.Errorf("%s: %w", host, err)
	}
	failed := make([]error, 4)
	var streams sync.WaitGroup
	for i := range failed {
		streams.Go(func() {
			for failed[i] == nil && client.CanTakeNewRequest() && !l.ends() {
				failed[i] = l.exchange2(client, host)
			}
		})
	}
	streams.Wait()
	return errors.Join(failed...)
}

func (l *load) exchange2(client *http2.ClientConn, host string) error {
	if !client.ReserveNewRequest() {
		return nil // it was asked to go
	}
	text := strings.Repeat("hello ", 1+rand.IntN(50))
	r, err := http.NewRequest(http.MethodPost, "https://"+host+"/echo", io.NopCloser(strings.NewReader(text)))
	if err != nil {
		return err
	}
	answer, err := client.RoundTrip(r)
	if err != nil && strings.Contains(err.Error(), "client conn not usable") {
		return nil // it was asked to go before it sent anything
	}
	if err != nil {
		return fmt.Errorf("%s: %w", host, err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || string(body) != text {
		return fmt.Errorf("%s: answered %s with %d bytes, want %d: %w", host, answer.Status, len(body), len(text), err)
	}
	l.count(host)
	return nil
}

// socket talks over a WebSocket for a while.
func (l *load) socket() error {
	const host = "socket.test"
	ctx, cancel := context.WithTimeout(l.t.Context(), patience)
	defer cancel()
	transport := &http.Transport{DialTLSContext: func(context.Context, string, string) (net.Conn, error) { return l.dial(host, l.daylight) }}
	connection, _, err := websocket.Dial(ctx, "wss://"+host+"/", &websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
	if err != nil {
		return fmt.Errorf("%s: %w", host, err)
	}
	defer connection.CloseNow()
	for i := range 15 {
		message := fmt.Appendf(nil, "message %d", i)
		if err := connection.Write(ctx, websocket.MessageText, message); err != nil {
			return fmt.Errorf("%s, message %d: %w", host, i, err)
		}
		if _, echo, err := connection.Read(ctx); err != nil || !bytes.Equal(echo, message) {
			return fmt.Errorf("%s, message %d: %q, %w", host, i, echo, err)
		}
		pause(ctx, 30*time.Millisecond)
	}
	if err := connection.Close(websocket.StatusNormalClosure, ""); err != nil {
		return fmt.Errorf("%s: closing: %w", host, err)
	}
	l.count(host)
	return nil
}

// tunnel makes an exchange in a tunnel that stays closed.
func (l *load) tunnel() error {
	const host = "tunnel.test"
	conn, err := l.dial(host, l.root)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := l.exchange1(conn, bufio.NewReader(conn), host, false, askEcho); err != nil {
		return fmt.Errorf("%s: %w", host, err)
	}
	// Who closes before the server has said good-bye resets the connection.
	_ = conn.(*tls.Conn).CloseWrite()
	_, _ = io.Copy(io.Discard, conn)
	l.count(host)
	return nil
}
