package proxy

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"daylight.internal/proxy/framing"
	"daylight.internal/proxy/rpc"
	"daylight.internal/rules/catalog"
)

// planted stands in errors for what they tell of the network.
const planted = "planted.corp.example"

func wrapped(err error) error { return fmt.Errorf("reading from %s: %w", planted, err) }

// Whatever goes wrong, neither the answer nor the event tells a word of the error.
func TestNoWordOfAnErrorIsInAnAnswer(t *testing.T) {
	for _, c := range []struct {
		status int
		reason string
		err    error
	}{
		{502, "dns", &net.DNSError{Err: "no such host", Name: planted, IsNotFound: true}},
		{504, "dns_timeout", &net.DNSError{Err: "i/o timeout", Name: planted, IsTimeout: true}},
		{502, "server_certificate", &tls.CertificateVerificationError{Err: errors.New(planted)}},
		{502, "connection_refused", wrapped(syscall.ECONNREFUSED)},
		{504, "timeout", wrapped(os.ErrDeadlineExceeded)},
		{502, "server_tls", tls.RecordHeaderError{Msg: planted}},
		{502, "connection_reset", wrapped(syscall.ECONNRESET)},
		{502, "dial", &net.OpError{Op: "dial", Err: errors.New(planted)}},
		{502, "server_protocol", errors.New(planted)},
		{403, "forbidden_address", wrapped(&carryError{403, "forbidden_address", errors.New(planted)})},
	} {
		if !strings.Contains(c.err.Error(), planted) {
			t.Fatalf("%s: nothing is planted in %v", c.reason, c.err)
		}
		checkNoWordOf(t, c.status, c.reason, func(x *exchange, r *http.Request) *http.Response { return x.response(r, nil, c.err) })
	}
	for reason, c := range map[string]struct {
		status int
		err    error
	}{
		"request_body": {400, framing.ErrAmbiguous}, "request_body_timeout": {408, os.ErrDeadlineExceeded}, "client_gone": {400, syscall.ECONNRESET},
	} {
		checkNoWordOf(t, c.status, reason, func(x *exchange, r *http.Request) *http.Response { return x.brokenBody(r, wrapped(c.err)) })
	}
}

// checkNoWordOf checks the answer in each form that clients understand.
func checkNoWordOf(t *testing.T, status int, reason string, answer func(*exchange, *http.Request) *http.Response) {
	t.Helper()
	for form, header := range map[string]http.Header{
		"page": {"Sec-Fetch-Mode": {"navigate"}}, "problem": {}, catalog.OpenAIError: {},
		"gRPC": {"Content-Type": {"application/grpc"}}, "gRPC-web": {"Content-Type": {"application/grpc-web-text"}}, "Connect": {"Content-Type": {"application/connect+json"}},
	} {
		p := &policy{service: "chat", final: true}
		if form == catalog.OpenAIError {
			p.shape = form
		}
		b := newBench(t, p, JudgeOptions{}, nil)
		r := (&http.Request{Method: http.MethodPost, URL: &url.URL{Scheme: "https", Host: "chat.example", Path: "/"}, Host: "chat.example", Header: header}).WithContext(t.Context())
		x := b.judge.exchange(r, clientOf(t), nil).(*exchange)
		resp := answer(x, r)
		body := bodyOf(t, resp)
		if plain, err := base64.StdEncoding.DecodeString(body); err == nil { // gRPC-web as text
			body = string(plain)
		}
		told, err := json.Marshal(b.close(t, x))
		if err != nil {
			t.Fatal(err)
		}
		head := fmt.Sprint(resp.Header)
		if rpc.Of(r) == rpc.None && resp.StatusCode != status {
			t.Errorf("%s: the %s has status %d", reason, form, resp.StatusCode)
		}
		if !strings.Contains(body+head, reason) || !strings.Contains(body+head, x.id) || !bytes.Contains(told, []byte(reason)) {
			t.Errorf("%s: the %s does not say so, or not of which event: %s %s; %s", reason, form, head, body, told)
		}
		if all := body + head + string(told); strings.Contains(all, planted) || leaks.MatchString(all) {
			t.Errorf("%s: the %s tells of the error: %s", reason, form, all)
		}
	}
}

func TestNoAnswerAndNoErrorIsAFaultOfTheServer(t *testing.T) {
	if got := asCarryError(nil); got.status != http.StatusBadGateway || got.reason != "server_protocol" {
		t.Errorf("taken for %d %s", got.status, got.reason)
	}
}

// closingConn tells when it is closed.
type closingConn struct {
	net.Conn
	closed chan struct{}
	once   sync.Once
}

func (c *closingConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

func TestAServerThatHangsUpBeforeTheRequestHasResetTheConnection(t *testing.T) {
	closed := make(chan struct{})
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		return &closingConn{Conn: client, closed: closed}, server.Close()
	}}
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { <-closed }})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://server.test/", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = transport.RoundTrip(r)
	if err == nil {
		t.Fatal("answered")
	}
	if got := asCarryError(err); got.status != http.StatusBadGateway || got.reason != "connection_reset" {
		t.Errorf("%v is taken for %d %s", err, got.status, got.reason)
	}
}
