package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"

	"daylight.internal/proxy/ca"
	"daylight.internal/rules/engine"
)

// newClientTLS returns the configuration of every intercepted connection. It is
// never cloned: a clone has session ticket keys of its own, and nothing would resume.
func (p *Proxy) newClientTLS() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		NextProtos:         []string{"h2", "http/1.1"},
		GetConfigForClient: decideOnHello,
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			c, ok := hello.Conn.(*tunnelConn)
			if !ok || c.opening == nil {
				return nil, errRefused
			}
			if err := c.opening.takeTurn(hello.Context()); err != nil {
				return nil, err
			}
			return p.issuer.LeafFor(guestOf(c.opening.client), c.opening.leafName())
		},
	}
}

// decideOnHello is called with the ClientHello, before anything is answered.
func decideOnHello(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	c, ok := hello.Conn.(*tunnelConn)
	if !ok || c.opening == nil {
		return nil, errRefused
	}
	if err := c.opening.decideOnName(hello.ServerName); err != nil {
		return nil, err
	}
	c.proceed()
	return nil, c.opening.takeTurn(hello.Context()) // with the configuration as it is
}

// leafName returns the name that the certificate is for: that of the SNI, which is
// what the client will compare with, else that of the CONNECT.
func (o *opening) leafName() string {
	if o.sni != "" && o.host != ownHost {
		return o.sni
	}
	return o.host
}

// decideOnName decides again when the SNI names another host than the CONNECT. An
// SNI that is no name is none: RFC 6066 3 has no addresses in it.
func (o *opening) decideOnName(name string) error {
	if name = normalHost(name); isHost(name) && !isAddress(name) {
		o.sni = name
	}
	if isOwnName(o.sni) && o.host != ownHost {
		return errRefused // it asks another server to speak for the proxy
	}
	if o.sni != "" && o.sni != o.host && o.host != ownHost {
		o.decision, o.unread = o.judged.decision(o.host, o.sni, o.port)
		if isAddress(o.host) {
			// The client resolved the name itself. The name is what it means, what the
			// certificate must be for, and what a policy speaks of.
			o.authorityHost = o.sni
		}
	}
	switch o.decision {
	case engine.Intercept:
		if o.host == ownHost {
			return nil
		}
		if o.unread = o.judged.bypass(o.tunnelInfo()); o.unread == "" {
			return nil
		}
		o.decision = engine.Tunnel
		return errRelay
	case engine.Tunnel:
		return errRelay
	default:
		return errRefused
	}
}

// openTLS looks at the ClientHello and then intercepts, relays or refuses.
func (o *opening) openTLS() {
	ctx, cancel := context.WithTimeout(context.Background(), o.p.limits.HeaderTimeout)
	defer cancel()
	defer o.endTurn()
	relayed := o.decision == engine.Tunnel
	o.conn.look()
	conn := tls.Server(o.conn, o.p.clientTLS)
	err := conn.HandshakeContext(ctx)
	switch {
	case err == nil:
		if o.host != ownHost {
			o.conn.trial = newTrial(o.judged, o.tunnelInfo())
		}
		o.deliver(conn, conn.ConnectionState().NegotiatedProtocol)
	case errors.Is(err, errRefused):
		o.report.Reason = "refused"
	case errors.Is(err, errRelay), o.conn.looking && relayed:
		// The second: what does not parse was to be relayed anyway.
		o.conn.rewind()
		o.relay(o.unread)
	default:
		o.report.Reason, o.report.Err = "handshake", handshakeFailure(err)
		if o.report.Err == "handshake" && o.conn.last.rejectsCertificate() {
			o.report.Err = "client_rejected_certificate"
		}
		o.report.rejected = !o.conn.looking && isRejection(o.report.Err)
		o.p.counters.InterceptFailed(o.report.Err)
		if errors.Is(err, errLongHello) {
			o.p.counters.LimitHit("header_bytes")
		}
	}
}

// handshakeFailure finds a bounded word for why a client did not accept our handshake.
func handshakeFailure(err error) string {
	var remote *net.OpError
	text := err.Error()
	switch {
	case errors.Is(err, ca.ErrNotValid):
		return "ca_not_valid"
	case errors.As(err, &remote) && remote.Op == "remote error":
		if isCertificateAlert(text) {
			return "client_rejected_certificate" // it does not trust the CA, or it pins
		}
		return "client_alert"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), strings.Contains(text, "connection reset"):
		return "client_closed"
	case strings.Contains(text, "unsupported versions"):
		return "version"
	case strings.Contains(text, "application protocol"):
		return "alpn"
	default:
		return "handshake"
	}
}

// isRejection tells whether a client that failed behind our certificate may have
// failed for it: many hang up without a word.
func isRejection(failure string) bool {
	return failure == "client_rejected_certificate" || failure == "client_closed"
}

// isCertificateAlert knows the alerts of RFC 8446 6.2 about a certificate by the
// texts of crypto/tls, which has no other form for them.
func isCertificateAlert(text string) bool {
	return slices.ContainsFunc([]string{
		"bad certificate", "unsupported certificate", "revoked certificate", "expired certificate",
		"unknown certificate", "unknown certificate authority",
	}, func(alert string) bool { return strings.HasSuffix(text, alert) })
}
