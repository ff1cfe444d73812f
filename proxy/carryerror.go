package proxy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
)

// carryError says why an exchange or a tunnel got no answer from its server.
type carryError struct {
	status int    // that the client is told
	reason string // a bounded word for the event and the metrics
	err    error  // the cause, for a debugger; it is never shown or logged
}

func (e *carryError) Error() string { return "carrying the request: " + e.reason }
func (e *carryError) Unwrap() error { return e.err }

// statusClientGone is written nowhere: the client has left.
const statusClientGone = 499

// closedBeforehand is an error of net/http that has no name there: the server hung up
// before the request was written.
const closedBeforehand = "http: server closed idle connection"

// asCarryError finds the bounded words for whatever went wrong, also when nobody said what.
func asCarryError(err error) *carryError {
	var (
		known    *carryError
		dns      *net.DNSError
		verify   *tls.CertificateVerificationError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		record   tls.RecordHeaderError
		alert    tls.AlertError
		timeout  net.Error
		dial     *net.OpError
	)
	found := func(status int, reason string) *carryError { return &carryError{status, reason, err} }
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.Canceled):
		return found(statusClientGone, "client_gone")
	case errors.As(err, &dns) && dns.IsTimeout:
		return found(http.StatusGatewayTimeout, "dns_timeout")
	case errors.As(err, &dns):
		return found(http.StatusBadGateway, "dns")
	case errors.As(err, &verify), errors.As(err, &unknown), errors.As(err, &hostname):
		return found(http.StatusBadGateway, "server_certificate")
	case errors.Is(err, syscall.ECONNREFUSED):
		return found(http.StatusBadGateway, "connection_refused")
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		return found(http.StatusGatewayTimeout, "timeout")
	case errors.As(err, &record), errors.As(err, &alert):
		return found(http.StatusBadGateway, "server_tls")
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.EPIPE),
		err != nil && strings.HasSuffix(err.Error(), closedBeforehand):
		return found(http.StatusBadGateway, "connection_reset")
	case errors.As(err, &dial) && dial.Op == "dial":
		return found(http.StatusBadGateway, "dial")
	default:
		return found(http.StatusBadGateway, "server_protocol")
	}
}
