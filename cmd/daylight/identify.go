package main

import (
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"daylight.internal/proxy"
	"daylight.internal/proxy/identity"
	"daylight.internal/rules"
)

// newIdentify joins package identity to the proxy: who it does not recognise is
// asked for a password.
func newIdentify(config proxy.Identity) (func(*http.Request) (rules.Client, *http.Response), error) {
	identifier, err := identity.New(identity.Options{Users: config.Users, UserHeader: config.UserHeader, UserHeaderFrom: config.UserHeaderFrom})
	if err != nil {
		return nil, err
	}
	return func(r *http.Request) (rules.Client, *http.Response) {
		var address netip.Addr
		if from, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			address = from.Addr().Unmap()
		}
		client, err := identifier.Identify(r, address)
		if err != nil {
			return client, signIn(r)
		}
		return client, nil
	}, nil
}

// signIn answers 407 (RFC 9110, section 15.5.8).
func signIn(r *http.Request) *http.Response {
	const text = "Daylight: sign in to use this proxy\n"
	return &http.Response{
		StatusCode: http.StatusProxyAuthRequired, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{
			"Content-Type":       {"text/plain; charset=utf-8"},
			"Content-Length":     {strconv.Itoa(len(text))},
			"Proxy-Authenticate": {identity.Challenge},
			"Cache-Control":      {"no-store"},
		},
		ContentLength: int64(len(text)), Body: io.NopCloser(strings.NewReader(text)),
	}
}
