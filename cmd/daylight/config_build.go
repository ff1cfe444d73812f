package main

import (
	"cmp"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"daylight.internal/proxy"
	"daylight.internal/rules/strictyaml"
)

// The built-in defaults.
const (
	defaultListen      = "127.0.0.1:8080"
	defaultAdminListen = "127.0.0.1:8090"
)

// configBuilder turns what was written into what is meant.
type configBuilder struct {
	dec *strictyaml.Decoder
	dir string // of the configuration file
}

func (b *configBuilder) build(f *configFile) *configuration {
	c := &configuration{
		Listen:      b.addresses(f.Proxy.Listen, defaultListen),
		ReusePort:   f.Proxy.ReusePort.V,
		AdminListen: b.address(f.Admin.Listen, defaultAdminListen),
		DataDir:     b.dataDir(f.DataDir),
		Policy:      b.paths(f.Policy),
		CACert:      b.path(f.TLS.CACert),
		CAKey:       b.path(f.TLS.CAKey),
		Intercept:   b.oneOf(f.TLS.Intercept, "all", "catalogued", "none"),
		Bypass:      b.hostPatterns(f.TLS.Bypass),
		Reload:      b.reloading(f),
	}
	// The starter policy only watches unless it is told otherwise; a policy that
	// somebody wrote means what it says.
	mode := b.oneOf(f.Mode, "monitor", "enforce")
	c.modeGiven = f.Mode.Set
	c.Monitor = mode == "monitor" && (c.modeGiven || len(c.Policy) == 0)
	c.Events = b.events(f.Events.V)
	if !f.Events.Set {
		c.Events = []string{filepath.Join(c.DataDir, "events.jsonl")}
	}
	if f.TLS.CACert.Set != f.TLS.CAKey.Set {
		given := f.TLS.CACert
		if f.TLS.CAKey.Set {
			given = f.TLS.CAKey
		}
		b.fault(given, "give both tls.ca_cert and tls.ca_key, or neither", "a certificate authority needs its certificate and its key")
	}
	c.Proxy = proxy.Config{
		Limits:            b.limits(&f.Limits),
		ProxyProtocolFrom: b.networks(f.Proxy.ProxyProtocolFrom),
		SharedNetworks:    b.networks(f.Proxy.SharedNetworks),
		Upstream: proxy.Upstream{
			Proxy:         b.parentProxy(f.Upstream.Proxy),
			NoProxy:       b.hostPatterns(f.Upstream.NoProxy),
			CAFile:        b.path(f.Upstream.CAFile),
			AllowNetworks: b.networks(f.Upstream.AllowNetworks),
			Hosts:         b.staticHosts(f.Upstream.Hosts),
		},
		Identity: proxy.Identity{
			UserHeader:     f.Identity.UserHeader.V,
			UserHeaderFrom: b.networks(f.Identity.UserHeaderFrom),
			Users:          b.users(f.Identity.Users),
		},
		LearnBypass: !f.TLS.LearnBypass.Set || f.TLS.LearnBypass.V,
	}
	c.OnErrorAllow = b.oneOf(f.OnError, "block", "allow") == "allow"
	if f.Identity.UserHeader.Set && len(f.Identity.UserHeaderFrom) == 0 {
		b.fault(f.Identity.UserHeader, "name the networks of the load balancer in identity.user_header_from", "anybody could write this header")
	}
	return c
}

func (b *configBuilder) fault(at text, hint, format string, args ...any) {
	b.dec.ErrorAt(at.At, at.Length, hint, format, args...)
}

// secretFault does not show the line: it holds a password or its hash.
func (b *configBuilder) secretFault(at text, hint, message string) {
	b.fault(at, hint, "%s", message)
	b.dec.Problems[len(b.dec.Problems)-1].Source = ""
}

// oneOf returns the word that was given, or the first when none was.
func (b *configBuilder) oneOf(given text, words ...string) string {
	if !given.Set {
		return words[0]
	}
	for _, w := range words {
		if given.V == w {
			return w
		}
	}
	hint := strictyaml.DidYouMean(given.V, words)
	b.fault(given, hint, "expected %s, found %q", joinWords(words), given.V)
	return words[0]
}

// path makes a path of the file relative to the folder of the file.
func (b *configBuilder) path(p text) string {
	if !p.Set {
		return ""
	}
	if p.V == "" {
		b.fault(p, "", "the path is empty")
		return ""
	}
	if filepath.IsAbs(p.V) || p.At.Line == 0 { // --set is relative to where one stands
		return p.V
	}
	return filepath.Join(b.dir, p.V)
}

func (b *configBuilder) paths(list strictyaml.Strings) []string {
	var out []string
	for _, p := range list {
		out = append(out, b.path(p))
	}
	return out
}

// dataDir follows the XDG base directory specification.
func (b *configBuilder) dataDir(given text) string {
	if given.Set {
		return b.path(given)
	}
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "daylight")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		b.fault(given, "set data_dir, or the variable XDG_STATE_HOME or HOME", "no place for the data is known")
		return ""
	}
	return filepath.Join(home, ".local", "state", "daylight")
}

func (b *configBuilder) address(given text, otherwise string) string {
	if !given.Set {
		return otherwise
	}
	_, port, err := net.SplitHostPort(given.V)
	if _, e := strconv.ParseUint(port, 10, 16); err != nil || e != nil {
		b.fault(given, `write it as "127.0.0.1:8080", or ":8080" for every interface`, "expected an address and a port, found %q", given.V)
	}
	return given.V
}

func (b *configBuilder) addresses(list strictyaml.Strings, otherwise string) []string {
	var out []string
	for _, a := range list {
		out = append(out, b.address(a, ""))
	}
	if len(out) == 0 {
		return []string{otherwise}
	}
	return out
}

func (b *configBuilder) networks(list strictyaml.Strings) []netip.Prefix {
	var out []netip.Prefix
	for _, n := range list {
		prefix, err := netip.ParsePrefix(n.V)
		if address, e := netip.ParseAddr(n.V); err != nil && e == nil {
			prefix, err = address.Prefix(address.BitLen())
		}
		if err != nil {
			b.fault(n, "write it as 10.0.0.0/8 or 2001:db8::/32", "expected a network, found %q", n.V)
			continue
		}
		if prefix.Addr().Is4In6() { // it would match nothing
			b.fault(n, "write it as 10.0.0.0/8", "expected a network of IPv4 in its own spelling, found %q", n.V)
			continue
		}
		if prefix != prefix.Masked() {
			b.fault(n, fmt.Sprintf("did you mean %s?", prefix.Masked()), "%s has bits set outside its mask", n.V)
			continue
		}
		out = append(out, prefix)
	}
	return out
}

func (b *configBuilder) hostPatterns(list strictyaml.Strings) []string {
	var out []string
	for _, h := range list {
		name := strings.TrimPrefix(h.V, "*.")
		if name == "" || strings.ContainsAny(name, "/: ") {
			b.fault(h, `write bank.example, or "*.bank.example" for its subdomains`, "expected the name of a host, found %q", h.V)
			continue
		}
		out = append(out, strings.ToLower(h.V))
	}
	return out
}

func (b *configBuilder) parentProxy(given text) *url.URL {
	if !given.Set {
		return nil
	}
	u, err := url.Parse(given.V)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		b.secretFault(given, "write it as http://parent.example:3128", "expected the URL of a parent proxy")
		return nil
	}
	return u
}

func (b *configBuilder) staticHosts(hosts map[string]text) map[string]string {
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		to := hosts[name]
		host, port, err := net.SplitHostPort(name)
		if _, e := strconv.ParseUint(port, 10, 16); err != nil || e != nil {
			b.fault(to, `write it as "api.example.com:443": "10.0.0.7:443"`, "key %q is not a host and a port", name)
		}
		if proxy.IsOwnName(host) {
			b.fault(to, "leave it out: http://daylight.internal/ shows Daylight's own pages", "no server can have the name %q", host)
		}
		if _, err := netip.ParseAddrPort(to.V); err != nil {
			b.fault(to, `write it as "10.0.0.7:443"`, "expected an IP address and a port, found %q", to.V)
		}
	}
	return plain(hosts)
}

func (b *configBuilder) users(users map[string]text) map[string]string {
	for _, name := range slices.Sorted(maps.Keys(users)) {
		hash := users[name]
		if !strings.HasPrefix(hash.V, "$2") || len(hash.V) != 60 {
			b.secretFault(hash, "make one with `htpasswd -nB NAME`", fmt.Sprintf("user %q has no bcrypt hash", name))
		}
	}
	return plain(users)
}

func plain(m map[string]text) map[string]string {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = v.V
	}
	return out
}

func (b *configBuilder) events(list []eventFile) []string {
	var out []string
	for _, e := range list {
		if !e.Type.Set {
			continue // already reported as missing
		}
		if b.oneOf(e.Type, "file"); !e.Path.Set {
			b.fault(e.Type, "such as path: events.jsonl", `key "path" is missing`)
			continue
		}
		out = append(out, b.path(e.Path))
	}
	return out
}

// minReloadInterval keeps the looks at the files from becoming a load.
const minReloadInterval = 100 * time.Millisecond

func (b *configBuilder) reloading(f *configFile) reloading {
	r := &f.Reload
	if r.Interval.Set && r.Interval.V > 0 && r.Interval.V < minReloadInterval {
		b.dec.ErrorAt(r.Interval.At, r.Interval.Length, "2s is the default", "the files cannot be looked at more often than every %v", minReloadInterval)
	}
	return reloading{
		Watch: !r.Watch.Set || r.Watch.V, Interval: cmp.Or(positive(b, r.Interval), 2*time.Second), Tests: r.Tests.V,
	}
}

func (b *configBuilder) limits(f *limitsFile) proxy.Limits {
	return proxy.Limits{
		Connections:               positive(b, f.Connections),
		ClientConnections:         positive(b, f.ClientConnections),
		ConnectionQueue:           positive(b, f.ConnectionQueue),
		ConnectionWait:            positive(b, f.ConnectionWait),
		Exchanges:                 positive(b, f.Exchanges),
		ClientExchanges:           positive(b, f.ClientExchanges),
		Tunnels:                   positive(b, f.Tunnels),
		ClientTunnels:             positive(b, f.ClientTunnels),
		LeafCertificates:          positive(b, f.LeafCertificates),
		ObservedMessages:          positive(b, f.ObservedMessages),
		MessagesPerSecond:         positive(b, f.MessagesPerSecond),
		HeaderBytes:               int(positive(b, f.HeaderBytes)),
		BodyBytes:                 int64(positive(b, f.BodyBytes)),
		RefusedEvents:             positive(b, f.RefusedEvents),
		InspectBytes:              int64(positive(b, f.InspectBytes)),
		HoldMemoryBytes:           int64(positive(b, f.HoldMemoryBytes)),
		HoldBytes:                 int64(positive(b, f.HoldBytes)),
		MemoryBytes:               int64(positive(b, f.MemoryBytes)),
		HoldDiskBytes:             int64(positive(b, f.HoldDiskBytes)),
		InspectMemoryBytes:        int64(positive(b, f.InspectMemoryBytes)),
		EvaluationMemoryBytes:     int64(positive(b, f.EvaluationMemoryBytes)),
		EvaluationWait:            positive(b, f.EvaluationWait),
		Uploads:                   positive(b, f.Uploads),
		DiscoveredHosts:           positive(b, f.DiscoveredHosts),
		DiscoveredFor:             positive(b, f.DiscoveredFor),
		LearnedBypasses:           positive(b, f.LearnedBypasses),
		LearnedBypassesPerNetwork: positive(b, f.LearnedBypassesPerNetwork),
		LearnedBypassFailures:     positive(b, f.LearnedBypassFailures),
		LearnedBypassWithin:       positive(b, f.LearnedBypassWithin),
		LearnedBypassFor:          positive(b, f.LearnedBypassFor),
		UploadTimeout:             positive(b, f.UploadTimeout),
		Conversations:             positive(b, f.Conversations),
		StalledAnswers:            positive(b, f.StalledAnswers),
		UploadPartBytes:           int64(positive(b, f.UploadPartBytes)),
		HeaderTimeout:             positive(b, f.HeaderTimeout),
		IdleTimeout:               positive(b, f.IdleTimeout),
		TunnelIdleTimeout:         positive(b, f.TunnelIdleTimeout),
		FirstByteTimeout:          positive(b, f.FirstByteTimeout),
		CancelledRequests:         positive(b, f.CancelledRequests),
		DialsPerClient:            positive(b, f.DialsPerClient),
		DialTimeout:               positive(b, f.DialTimeout),
		TLSTimeout:                positive(b, f.TLSTimeout),
		ResponseTimeout:           positive(b, f.ResponseTimeout),
		BodyIdleTimeout:           positive(b, f.BodyIdleTimeout),
	}
}

// positive passes a limit on; 0 stands for the default and cannot be written.
func positive[T int | strictyaml.ByteSize | time.Duration](b *configBuilder, limit strictyaml.Value[T]) T {
	reported := slices.ContainsFunc(b.dec.Problems, func(p strictyaml.Problem) bool { return p.Position == limit.At })
	if limit.Set && limit.V <= 0 && !reported {
		b.dec.ErrorAt(limit.At, limit.Length, "leave the key out for the default", "a limit must be greater than zero")
	}
	return limit.V
}
