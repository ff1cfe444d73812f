package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// client speaks HTTP/1.1 through a proxy over connections that it opens itself:
// cheaper than net/http, so that the load generator is not what is measured.
type client struct {
	proxy string
	roots *x509.CertPool
	port  string // of every server: 443, or its real one for a proxy that cannot be told where servers are
	from  net.IP // the address of the client; nil for any
}

// authority is how a request names a host.
func (c client) authority(host string) string {
	if c.port == "443" {
		return host
	}
	return host + ":" + c.port
}

// patience is how long a connection may take for what it is asked.
const patience = 2 * time.Minute

// connection is one intercepted connection.
type connection struct {
	net.Conn
	reader *bufio.Reader
}

// open makes a CONNECT and a TLS handshake for HTTP/1.1.
func (c client) open(host string) (*connection, error) {
	secure, err := c.dial(host, "http/1.1")
	if err != nil {
		return nil, err
	}
	return &connection{secure, bufio.NewReaderSize(secure, 4096)}, nil
}

func (c client) dial(host, protocol string) (*tls.Conn, error) {
	raw, err := c.connect(host)
	if err != nil {
		return nil, err
	}
	secure := tls.Client(raw, &tls.Config{ServerName: host, RootCAs: c.roots, NextProtos: []string{protocol}})
	if err := secure.Handshake(); err != nil {
		raw.Close()
		return nil, fmt.Errorf("handshaking: %w", err)
	}
	return secure, nil
}

// connect opens a tunnel. All of its use has to be over within the patience.
func (c client) connect(host string) (net.Conn, error) {
	raw, err := c.reach()
	if err != nil {
		return nil, err
	}
	_ = raw.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(raw, "CONNECT %s:%s HTTP/1.1\r\nHost: %[1]s:%[2]s\r\n\r\n", host, c.port)
	answer := make([]byte, 0, 256)
	for !strings.HasSuffix(string(answer), "\r\n\r\n") {
		var b [1]byte
		if _, err := raw.Read(b[:]); err != nil {
			raw.Close()
			return nil, fmt.Errorf("reading the answer to CONNECT: %w", err)
		}
		answer = append(answer, b[0])
	}
	if !strings.Contains(string(answer), " 200 ") {
		raw.Close()
		return nil, fmt.Errorf("CONNECT was answered %q", answer)
	}
	return raw, nil
}

// reach connects to the proxy.
func (c client) reach() (net.Conn, error) {
	dialer := net.Dialer{Timeout: 10 * time.Second}
	if c.from != nil {
		dialer.LocalAddr = &net.TCPAddr{IP: c.from}
	}
	raw, err := dialer.Dial("tcp", c.proxy)
	if err != nil {
		return nil, fmt.Errorf("dialling the proxy: %w", err)
	}
	return raw, nil
}

// exchange sends a request head and body and reads the whole answer.
func (c *connection) exchange(request string) error {
	if _, err := io.WriteString(c, request); err != nil {
		return fmt.Errorf("sending: %w", err)
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || len(body) == 0 {
		return fmt.Errorf("answer %d of %d bytes: %v", response.StatusCode, len(body), err)
	}
	return nil
}

// prompt is what is posted to the AI services.
const prompt = `{"model":"gpt-5","messages":[{"role":"user","content":"Write three taglines for our spring campaign, playful, no more than six words each."}]}`

// question tells what is asked of one host: a page that is fetched, or a prompt.
func question(host string) (method, path, body string) {
	switch host {
	case observedHost:
		return http.MethodPost, "/v1/messages", prompt
	case heldHost:
		return http.MethodPost, "/v1/chat/completions", prompt
	default:
		return http.MethodGet, "/page", ""
	}
}

// small is the question of one host as a request of HTTP/1.1.
func (c client) small(host string) string {
	method, path, body := question(host)
	head := method + " " + path + " HTTP/1.1\r\nHost: " + c.authority(host) + "\r\n"
	if body == "" {
		return head + "Accept: */*\r\n\r\n"
	}
	return head + "Content-Type: application/json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
}

// fleet is a number of connections that are kept.
type fleet []*connection

// fleetSize connections in a closed loop keep two processors busy.
const fleetSize = 64

func (c client) openFleet(ctx context.Context, host string) (fleet, error) {
	f := make(fleet, fleetSize)
	err := parallel(ctx, len(f), func(i int) (err error) {
		f[i], err = c.open(host)
		return err
	})
	if err != nil {
		f.close()
	}
	return f, err
}

func (f fleet) close() {
	for _, conn := range f {
		if conn != nil {
			conn.Close()
		}
	}
}

// exchange makes n exchanges, shared among the connections.
func (f fleet) exchange(ctx context.Context, request string, n int) error {
	return parallel(ctx, len(f), func(i int) error {
		_ = f[i].SetDeadline(time.Now().Add(patience))
		for range n / len(f) {
			if err := f[i].exchange(request); err != nil {
				return err
			}
		}
		return nil
	})
}

// reconnect makes n exchanges, each over a connection of its own.
func (c client) reconnect(ctx context.Context, host string, n int) error {
	const workers = 16
	return parallel(ctx, workers, func(int) error {
		for range n / workers {
			if err := c.askAnew(host); err != nil {
				return err
			}
		}
		return nil
	})
}

// askAnew makes one exchange over a connection of its own.
func (c client) askAnew(host string) error {
	conn, err := c.open(host)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.exchange(c.small(host))
}

// upload posts size bytes of prose to host and checks that the server got them.
func (c client) upload(host string, size int64) error {
	conn, err := c.open(host)
	if err != nil {
		return err
	}
	defer conn.Close()
	head, _, _ := strings.Cut(c.small(host), "\r\n")
	if host == plainHost {
		head = "POST /page HTTP/1.1"
	}
	fmt.Fprintf(conn, "%s\r\nHost: %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n", head, c.authority(host), size)
	chunk := []byte(strings.Repeat("The spring campaign speaks to people who garden on balconies and love it. ", 4000)[:256<<10])
	for left := size; left > 0; left -= int64(len(chunk)) {
		if _, err := conn.Write(chunk[:min(left, int64(len(chunk)))]); err != nil {
			return fmt.Errorf("uploading: %w", err)
		}
	}
	response, err := http.ReadResponse(conn.reader, nil)
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || !strings.Contains(string(body), fmt.Sprintf(`"received":%d}`, size)) {
		return fmt.Errorf("the server did not get all: %d %s %v", response.StatusCode, body, err)
	}
	return nil
}

// lags reads one event stream and returns how late each event came.
func (c client) lags(host string, count int) ([]time.Duration, error) {
	conn, err := c.open(host)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	head, rest, _ := strings.Cut(c.small(host), " HTTP/1.1")
	if _, err := io.WriteString(conn, head+"?events="+strconv.Itoa(count)+" HTTP/1.1"+rest); err != nil {
		return nil, fmt.Errorf("sending: %w", err)
	}
	response, err := http.ReadResponse(conn.reader, nil)
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	defer response.Body.Close()
	var out []time.Duration
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			sent, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("reading an event: %w", err)
			}
			out = append(out, time.Since(time.Unix(0, sent)))
		}
	}
	if len(out) != count {
		return nil, fmt.Errorf("%d events of %d: %v", len(out), count, lines.Err())
	}
	return out, nil
}

// parallel runs work n times at once and joins what failed.
func parallel(ctx context.Context, n int, work func(int) error) error {
	errs := make([]error, n)
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() { errs[i] = work(i) })
	}
	wait.Wait()
	return errors.Join(append(errs, ctx.Err())...)
}
