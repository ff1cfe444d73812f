package engine

import (
	"slices"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// Tunnel decides about a CONNECT. sni is "" before it is known. A tunnel that
// is not opened is an exchange that nobody reads: it is refused when the policy
// blocks that.
func (s *Snapshot) Tunnel(now time.Time, client rules.Client, connectHost, sni string, port uint16) TunnelDecision {
	names := names(connectHost, sni)
	reason := s.unopened(names, port)
	if reason == "" {
		return Intercept
	}
	if !s.MayRelay(now, client, connectHost, sni, port, reason) {
		return Refuse
	}
	return Tunnel
}

// MayRelay tells whether the policy lets a tunnel go on that is not opened for the
// reason: it stops it under none of its names.
func (s *Snapshot) MayRelay(now time.Time, client rules.Client, connectHost, sni string, port uint16, reason string) bool {
	return !slices.ContainsFunc(names(connectHost, sni), func(host string) bool {
		_, outcome := s.JudgeTunnel(Request{
			Time: now, Client: client, Method: "CONNECT", Length: -1,
			Destination: rules.Destination{ConnectHost: connectHost, SNI: sni, Host: host, Port: port},
		}, reason, nil)
		return outcome.Verdict.Stops()
	})
}

// names are the distinct names of a tunnel.
func names(connectHost, sni string) []string {
	list := []string{catalog.NormalizeHost(connectHost)}
	if sni = catalog.NormalizeHost(sni); sni != "" && sni != list[0] {
		list = append(list, sni)
	}
	return list
}

// Unopened tells why TLS of a tunnel is not intercepted, as a bounded word for
// its coverage: the reason of the embedded list (see catalog.Bypassed), "bypass"
// for a host of the configuration, "not_intercepted" where the configuration
// opens nothing else. It is "" when it is intercepted.
func (s *Snapshot) Unopened(connectHost, sni string, port uint16) string {
	return s.unopened(names(connectHost, sni), port)
}

// unopened is Unopened. One name that is not on the bypass list is enough to be
// opened, or a client could hide behind another.
func (s *Snapshot) unopened(names []string, port uint16) (reason string) {
	for _, host := range names {
		if reason = s.bypassed(host, port); reason == "" {
			break
		}
	}
	switch {
	case reason != "":
		return reason
	case s.intercept == InterceptNone:
		return "not_intercepted"
	case s.intercept == InterceptCatalogued && !slices.ContainsFunc(names, func(h string) bool { return s.catalog.HasHost(h, port) }):
		return "not_intercepted"
	default:
		return ""
	}
}

// MayOpen tells whether TLS to a host may be intercepted for a reason besides the
// catalogue: neither the configuration nor the bypass list keeps it closed.
func (s *Snapshot) MayOpen(host string, port uint16) bool {
	return s.intercept != InterceptNone && s.bypassed(catalog.NormalizeHost(host), port) == ""
}

// bypassed tells why a host is never opened, "" when it may be.
func (s *Snapshot) bypassed(host string, port uint16) string {
	if reason, ok := s.catalog.Bypassed(host); ok {
		return reason
	}
	if slices.ContainsFunc(s.bypass, func(p catalog.HostPattern) bool { return p.MatchesPort(host, port) }) {
		return "bypass"
	}
	return ""
}
