package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// patience is for everything that should come, on a machine that may stall.
const patience = time.Minute

// clients is what all clients of one Daylight share.
type clients struct {
	proxy   string         // host:port
	roots   *x509.CertPool // of Daylight
	servers *x509.CertPool // of the servers behind it
}

func newClients(d *daylight) (*clients, error) {
	c := &clients{proxy: d.proxy, roots: x509.NewCertPool(), servers: x509.NewCertPool()}
	for file, pool := range map[string]*x509.CertPool{"data/ca.pem": c.roots, "servers.pem": c.servers} {
		text, err := os.ReadFile(filepath.Join(d.dir, filepath.FromSlash(file)))
		if err != nil {
			return nil, fmt.Errorf("reading roots: %w", err)
		}
		if !pool.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("reading roots: %s holds no certificate", file)
		}
	}
	return c, nil
}

// dial connects to the proxy from one of many addresses.
func (c *clients) dial(ctx context.Context) (net.Conn, error) {
	from := net.IPv4(127, 20, byte(rand.IntN(4)), byte(1+rand.IntN(250)))
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: from}, Timeout: patience}
	conn, err := dialer.DialContext(ctx, "tcp", c.proxy)
	if err != nil {
		return nil, fmt.Errorf("dialling the proxy: %w", err)
	}
	return conn, nil
}

// connect opens a tunnel for a user. The deadline of all that follows is set.
func (c *clients) connect(ctx context.Context, user, host string) (net.Conn, error) {
	conn, err := c.dial(ctx)
	if err != nil {
		return nil, err
	}
	_ = conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(conn, "CONNECT %s:443 HTTP/1.1\r\nHost: %[1]s:443\r\nX-Authenticated-User: %s\r\n\r\n", host, user)
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), &http.Request{Method: http.MethodConnect})
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", response.StatusCode)
	}
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("asking for a tunnel to %s: %w", host, err)
	}
	return conn, nil
}

// secure opens an intercepted connection of HTTP/1.1 for a user.
func (c *clients) secure(ctx context.Context, user, host string) (*tls.Conn, error) {
	raw, err := c.connect(ctx, user, host)
	if err != nil {
		return nil, err
	}
	conn := tls.Client(raw, &tls.Config{ServerName: host, RootCAs: c.roots, NextProtos: []string{"http/1.1"}})
	if err := conn.Handshake(); err != nil {
		raw.Close()
		return nil, fmt.Errorf("handshaking with %s: %w", host, err)
	}
	return conn, nil
}

// session is a client of one user with a connection that it keeps.
type session struct {
	*http.Transport
	user string
}

// session returns a client that speaks HTTP/2 or HTTP/1.1 for a user. To be ended by CloseIdleConnections.
func (c *clients) session(user string, http2 bool) *session {
	var protocols http.Protocols
	protocols.SetHTTP1(!http2)
	protocols.SetHTTP2(http2)
	return &session{user: user, Transport: &http.Transport{
		Proxy:              http.ProxyURL(&url.URL{Scheme: "http", Host: c.proxy}),
		ProxyConnectHeader: http.Header{"X-Authenticated-User": {user}},
		DialContext:        func(ctx context.Context, _, _ string) (net.Conn, error) { return c.dial(ctx) },
		TLSClientConfig:    &tls.Config{RootCAs: c.roots},
		Protocols:          &protocols, MaxConnsPerHost: 1, DisableCompression: true,
	}}
}

// ask sends a request and returns the status, with the body read to its end.
func (s *session) ask(r *http.Request) (int, error) {
	response, err := s.RoundTrip(r)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return response.StatusCode, fmt.Errorf("reading an answer with status %d: %w", response.StatusCode, err)
	}
	return response.StatusCode, nil
}
