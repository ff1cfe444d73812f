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
	if s.opens(names, port) {
		return Intercept
	}
	for _, host := range names {
		plan := s.Plan(Request{
			Time: now, Client: client, Method: "CONNECT", Length: -1,
			Destination: rules.Destination{ConnectHost: connectHost, SNI: sni, Host: host, Port: port},
		})
		verdict := plan.Verdict
		if !plan.Final {
			plan.Need = rules.Hold // nothing has left yet
			verdict = s.Evaluate(plan, Body{Reason: "bypass"}).Verdict
		}
		if verdict.Stops() {
			return Refuse
		}
	}
	return Tunnel
}

// names are the distinct names of a tunnel.
func names(connectHost, sni string) []string {
	list := []string{catalog.NormalizeHost(connectHost)}
	if sni = catalog.NormalizeHost(sni); sni != "" && sni != list[0] {
		list = append(list, sni)
	}
	return list
}

// opens tells whether TLS is intercepted. One name that is not on the bypass
// list is enough, or a client could hide behind another.
func (s *Snapshot) opens(names []string, port uint16) bool {
	closed := func(host string) bool { return s.bypassed(host, port) }
	switch {
	case s.intercept == InterceptNone || !slices.ContainsFunc(names, func(h string) bool { return !closed(h) }):
		return false
	case s.intercept == InterceptCatalogued:
		return slices.ContainsFunc(names, func(h string) bool { return s.catalog.HasHost(h, port) })
	default:
		return true
	}
}

// MayOpen tells whether TLS to a host may be intercepted for a reason besides the
// catalogue: neither the configuration nor the bypass list keeps it closed.
func (s *Snapshot) MayOpen(host string, port uint16) bool {
	return s.intercept != InterceptNone && !s.bypassed(catalog.NormalizeHost(host), port)
}

func (s *Snapshot) bypassed(host string, port uint16) bool {
	if _, ok := s.catalog.Bypassed(host); ok {
		return true
	}
	return slices.ContainsFunc(s.bypass, func(p catalog.HostPattern) bool { return p.MatchesPort(host, port) })
}
