package proxy

import (
	"encoding/json"
	"net/http"
	"time"
)

// Bypasses is what the page /-/bypass of the admin listener holds, in JSON.
type Bypasses struct {
	Enabled bool     `json:"enabled"` // by tls.learn_bypass
	Hosts   []Bypass `json:"hosts"`   // those that are left closed first
}

// Bypass is a host that clients of a network reject our certificate for.
type Bypass struct {
	Host        string     `json:"host"`                   // the server name of the ClientHello
	ConnectHost string     `json:"connect_host,omitempty"` // of the CONNECT, where it is another
	Port        uint16     `json:"port"`
	Network     string     `json:"network"` // of the clients
	Result      string     `json:"result"`  // learned; or why it is not left closed
	Failures    int        `json:"failures"`
	Since       time.Time  `json:"since"`
	Until       *time.Time `json:"until,omitempty"` // nil when it is not left closed
}

func (o OwnOptions) serveBypasses(w http.ResponseWriter, _ *http.Request) {
	page := Bypasses{Hosts: []Bypass{}}
	if o.Bypasses != nil {
		entries, enabled := o.Bypasses()
		page.Enabled = enabled
		for _, e := range entries {
			b := Bypass{Host: e.Host.SNI, Port: e.Host.Port, Network: e.Network.String(), Result: e.Result, Failures: e.Failures, Since: e.Since.UTC()}
			if e.Host.Connect != e.Host.SNI {
				b.ConnectHost = e.Host.Connect
			}
			if until := e.Until.UTC(); !e.Until.IsZero() {
				b.Until = &until
			}
			page.Hosts = append(page.Hosts, b)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	// A client that has gone needs no answer.
	_ = json.NewEncoder(w).Encode(page)
}
