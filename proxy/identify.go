package proxy

import (
	"net/http"

	"daylight.internal/proxy/identity"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
)

// NewIdentify returns what Dependencies.Identify wants: who asks, or a 407 that
// asks for a password. Refusals are counted.
func NewIdentify(i *identity.Identifier, m *metrics.Metrics) func(*http.Request) (rules.Client, *http.Response) {
	return func(r *http.Request) (rules.Client, *http.Response) {
		signedIn := r.Header.Get("Proxy-Authorization") != ""
		client, err := i.Identify(r, clientAddress(r))
		if err == nil {
			return client, nil
		}
		if signedIn { // a client that brought nothing has only not been asked yet
			m.SignInRefused()
		}
		return client, &http.Response{
			StatusCode: http.StatusProxyAuthRequired, Header: http.Header{"Proxy-Authenticate": {identity.Challenge}},
		}
	}
}
