package proxy

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
)

// newPseudonym returns the name of one proxy in the Via field, RFC 9110 7.6.3. It
// tells nothing but that two requests passed the same one.
func newPseudonym() string {
	b := make([]byte, 8)
	rand.Read(b) // never fails
	return "daylight-" + hex.EncodeToString(b)
}

// isLoop tells whether a request has passed this proxy before. Servers that are
// dialled are no proxies, and none of ours: only a parent proxy can send a request back.
func (p *Proxy) isLoop(r *http.Request) bool {
	for _, value := range r.Header["Via"] {
		if strings.Contains(value, p.dialer.pseudonym) {
			return true
		}
	}
	return false
}

// via returns the Via field of a request to the parent proxy, behind what former
// proxies wrote.
func (d *dialer) via(former []string) []string {
	return append(former[:len(former):len(former)], "1.1 "+d.pseudonym)
}

type parentKey struct{}

// toParent marks a request that goes to the parent proxy, for the dialer and, unless
// it goes through a tunnel, for the proxies behind.
func (d *dialer) toParent(r *http.Request) *http.Request {
	r = r.WithContext(context.WithValue(r.Context(), parentKey{}, true))
	if r.URL.Scheme == "http" {
		r.Header = r.Header.Clone()
		r.Header["Via"] = d.via(r.Header["Via"])
	}
	return r
}

func goesToParent(ctx context.Context) bool { return ctx.Value(parentKey{}) != nil }

// connectHeader is the transport's question for the head of a CONNECT to the parent.
// A chain of proxies that each make a CONNECT anew must not lose who was there.
func (d *dialer) connectHeader(ctx context.Context, _ *url.URL, _ string) (http.Header, error) {
	var former []string
	if state, ok := ctx.Value(connStateKey{}).(*connState); ok && state.tunnel != nil {
		former = state.tunnel.via
	}
	return http.Header{"Via": d.via(former)}, nil
}
