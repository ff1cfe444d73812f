package proxy

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxParentHead bounds the head of a parent proxy's answer to CONNECT.
const maxParentHead = 64 << 10

// dialTunnel connects to an authority for a relay: directly, or through the
// parent proxy's CONNECT. former is the Via field of the client's own.
func (d *dialer) dialTunnel(ctx context.Context, authority string, former []string, config *tls.Config) (net.Conn, error) {
	parent := d.parentFor(authority)
	if parent == nil {
		return d.dialServer(ctx, authority)
	}
	if reason := d.checkAuthority(authority); reason != "" {
		return nil, &carryError{status: http.StatusForbidden, reason: reason}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*d.timeout)
	defer cancel()
	conn, err := d.dialParent(ctx)
	if err != nil {
		return nil, fmt.Errorf("dialling the parent proxy: %w", err)
	}
	tunnel, err := connectThrough(ctx, conn, parent, authority, d.via(former), config)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return tunnel, nil
}

// connectThrough asks the parent on conn for a tunnel.
func connectThrough(ctx context.Context, conn net.Conn, parent *url.URL, authority string, via []string, config *tls.Config) (net.Conn, error) {
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return nil, err
	}
	if parent.Scheme == "https" {
		config = config.Clone()
		config.ServerName, config.NextProtos = parent.Hostname(), nil
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, fmt.Errorf("securing the connection to the parent proxy: %w", err)
		}
		conn = secure
	}
	request := "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\nVia: " + strings.Join(via, ", ") + "\r\n"
	if user := parent.User; user != nil {
		password, _ := user.Password()
		request += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)) + "\r\n"
	}
	if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
		return nil, fmt.Errorf("asking the parent proxy: %w", err)
	}
	// What the server said right after the parent's head stays in the buffer and is replayed.
	head := bufio.NewReader(io.LimitReader(conn, maxParentHead))
	resp, err := http.ReadResponse(head, &http.Request{Method: http.MethodConnect})
	if err != nil {
		return nil, fmt.Errorf("reading the parent proxy's answer: %w", err)
	}
	if err := parentRefusal(resp); err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return nil, err
	}
	ahead, err := head.Peek(head.Buffered())
	return &replayConn{Conn: conn, ahead: ahead}, err
}

func parentRefusal(resp *http.Response) error {
	switch {
	case resp.StatusCode == http.StatusProxyAuthRequired:
		return &carryError{status: http.StatusBadGateway, reason: "parent_authentication"}
	case resp.StatusCode != http.StatusOK:
		return &carryError{status: http.StatusBadGateway, reason: "parent_refused"}
	default:
		return nil
	}
}

func parentAuthority(parent *url.URL) string {
	if parent.Port() != "" {
		return net.JoinHostPort(parent.Hostname(), parent.Port())
	}
	if parent.Scheme == "https" {
		return net.JoinHostPort(parent.Hostname(), "443")
	}
	return net.JoinHostPort(parent.Hostname(), "80")
}
