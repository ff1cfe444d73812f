package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"
)

const (
	idleServerConns        = 4096
	idleServerConnsPerHost = 256
	maxResponseHeadBytes   = 256 << 10
	tlsSessions            = 1024
	answerWindow           = 512 << 10
)

// newTransport returns the one way by which requests reach servers. Nothing of
// it comes from the environment.
func newTransport(d *dialer, limits Limits, config *tls.Config) *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	return &http.Transport{
		Proxy: d.parentOf(),
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
			return parentRefusal(resp)
		},
		GetProxyConnectHeader:  d.connectHeader,
		DialContext:            d.dial,
		TLSClientConfig:        config,
		TLSHandshakeTimeout:    limits.TLSTimeout,
		DisableCompression:     true, // the body is the client's, encoded as it asked for
		MaxIdleConns:           idleServerConns,
		MaxIdleConnsPerHost:    idleServerConnsPerHost,
		IdleConnTimeout:        90 * time.Second,
		ResponseHeaderTimeout:  limits.ResponseTimeout,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: maxResponseHeadBytes,
		ForceAttemptHTTP2:      true,
		Protocols:              &protocols,
		HTTP2: &http.HTTP2Config{
			// What waits for a slow client, of each answer.
			MaxReceiveBufferPerStream: answerWindow,
			// Writes have the deadline of serverConn, which is cheaper than one for each.
			SendPingTimeout: 30 * time.Second,
			PingTimeout:     15 * time.Second,
		},
	}
}

// newTLSConfig returns how servers are verified: always, by the system's roots
// and those of caFile.
func newTLSConfig(caFile string) (*tls.Config, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if caFile != "" {
		data, err := os.ReadFile(caFile)
		if err != nil {
			return nil, fmt.Errorf("reading the additional roots: %w", err)
		}
		if !roots.AppendCertsFromPEM(data) {
			return nil, fmt.Errorf("reading the additional roots: no PEM certificate in %s", caFile)
		}
	}
	return &tls.Config{
		RootCAs:            roots,
		MinVersion:         tls.VersionTLS12,
		ClientSessionCache: tls.NewLRUClientSessionCache(tlsSessions),
	}, nil
}

// parentOf is the transport's question for a parent proxy; nil when there is none.
func (d *dialer) parentOf() func(*http.Request) (*url.URL, error) {
	if d.parent == nil {
		return nil
	}
	return func(r *http.Request) (*url.URL, error) { return d.parentFor(requestAuthority(r.URL)), nil }
}

// requestAuthority returns host:port of a URL with its scheme's port.
func requestAuthority(u *url.URL) string {
	standard := uint16(80)
	if u.Scheme == "https" {
		standard = 443
	}
	host, port, err := splitAuthority(u.Host, standard)
	if err != nil {
		return u.Host
	}
	return joinAuthority(host, port)
}

// roundTrip sends a request to its server.
func (p *Proxy) roundTrip(r *http.Request) (*http.Response, error) {
	if authority := requestAuthority(r.URL); p.dialer.parentFor(authority) != nil {
		if reason := p.dialer.checkAuthority(authority); reason != "" {
			return nil, &carryError{status: http.StatusForbidden, reason: reason}
		}
		r = p.dialer.toParent(r)
	}
	resp, err := p.transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusProxyAuthRequired {
		// Either our parent wants credentials that we lack, or a server pretends to be a
		// proxy: the client must not answer with the credentials that it has for us.
		resp.Body.Close()
		return nil, &carryError{status: http.StatusBadGateway, reason: "parent_authentication"}
	}
	return resp, nil
}
