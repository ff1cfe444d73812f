package proxy

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// forbidden are the networks that a proxy must not open to its clients beyond
// those that netip names itself. Sources: the IANA special-purpose address
// registries (RFC 6890).
func forbidden() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),
		netip.MustParsePrefix("100.64.0.0/10"),    // carrier-grade NAT, RFC 6598; also metadata of some clouds
		netip.MustParsePrefix("192.0.0.0/24"),     // IETF protocol assignments; metadata of one cloud
		netip.MustParsePrefix("198.18.0.0/15"),    // benchmarking, RFC 2544
		netip.MustParsePrefix("240.0.0.0/4"),      // reserved, and broadcast
		netip.MustParsePrefix("fec0::/10"),        // site-local, RFC 3879
		netip.MustParsePrefix("100::/64"),         // discard, RFC 6666
		netip.MustParsePrefix("64:ff9b:1::/48"),   // local translation to IPv4, RFC 8215
		netip.MustParsePrefix("2001::/32"),        // Teredo, which wraps IPv4 addresses, RFC 4380
		netip.MustParsePrefix("168.63.129.16/32"), // public, but the metadata service of Azure
	}
}

// addressPolicy tells which addresses may be dialled.
type addressPolicy struct {
	forbidden []netip.Prefix
	allowed   []netip.Prefix
	never     func() []netip.AddrPort // our own listeners
}

// check returns the bounded reason why address may not be dialled, or "".
func (a addressPolicy) check(address netip.AddrPort) string {
	ip := address.Addr().WithZone("").Unmap()
	for _, own := range a.never() {
		if own.Port() == address.Port() && isSelf(own.Addr().Unmap(), ip) {
			return "own_listener"
		}
	}
	for _, candidate := range append(embedded(ip), ip) {
		if !a.isForbidden(candidate) {
			continue
		}
		if !slices.ContainsFunc(a.allowed, func(p netip.Prefix) bool { return p.Contains(candidate) }) {
			return "forbidden_address"
		}
	}
	return ""
}

func (a addressPolicy) isForbidden(ip netip.Addr) bool {
	// The metadata services 169.254.169.254 and fd00:ec2::254 are link-local and private.
	return !ip.IsValid() || ip.IsUnspecified() || ip.IsLoopback() || ip.IsPrivate() ||
		ip.IsLinkLocalUnicast() || ip.IsMulticast() ||
		slices.ContainsFunc(a.forbidden, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// embedded returns the IPv4 address that a translator or relay would make of an
// IPv6 address: NAT64 (RFC 6052) and 6to4 (RFC 3056).
func embedded(ip netip.Addr) []netip.Addr {
	if !ip.Is6() {
		return nil
	}
	b := ip.As16()
	switch {
	case netip.MustParsePrefix("64:ff9b::/96").Contains(ip):
		return []netip.Addr{netip.AddrFrom4([4]byte(b[12:]))}
	case netip.MustParsePrefix("2002::/16").Contains(ip):
		return []netip.Addr{netip.AddrFrom4([4]byte(b[2:6]))}
	}
	return nil
}

// isSelf tells whether ip leads to a listener on own. A listener on the
// unspecified address is reached by every address of this machine.
func isSelf(own, ip netip.Addr) bool {
	if own == ip {
		return true
	}
	if !own.IsUnspecified() {
		return false
	}
	if ip.IsLoopback() || ip.IsUnspecified() {
		return true
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return true // we cannot tell: rather one site too few than a loop
	}
	return slices.ContainsFunc(addresses, func(a net.Addr) bool {
		prefix, err := netip.ParsePrefix(a.String())
		return err == nil && prefix.Addr().WithZone("").Unmap() == ip
	})
}

// checkName is what remains of the check when a parent proxy resolves the name.
func (a addressPolicy) checkName(host string) string {
	if ip, err := netip.ParseAddr(host); err == nil {
		return a.check(netip.AddrPortFrom(ip, 0))
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "metadata.google.internal" {
		return "forbidden_address"
	}
	return ""
}
