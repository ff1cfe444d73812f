package proxy

import (
	"net"
	"net/netip"
	"slices"
	"strings"
)

// forbidden are the networks that a proxy must not open to its clients beyond
// those that netip names itself, and beyond all of IPv6 that is not global unicast. Sources: the IANA
// special-purpose address registries (RFC 6890), where they are not globally reachable.
func forbidden() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),
		netip.MustParsePrefix("100.64.0.0/10"),    // carrier-grade NAT, RFC 6598; also metadata of some clouds
		netip.MustParsePrefix("192.0.0.0/24"),     // IETF protocol assignments; metadata of one cloud
		netip.MustParsePrefix("192.0.2.0/24"),     // documentation, RFC 5737, as the next two
		netip.MustParsePrefix("198.51.100.0/24"),  //
		netip.MustParsePrefix("203.0.113.0/24"),   //
		netip.MustParsePrefix("192.88.99.0/24"),   // relays of 6to4, RFC 7526
		netip.MustParsePrefix("198.18.0.0/15"),    // benchmarking, RFC 2544
		netip.MustParsePrefix("240.0.0.0/4"),      // reserved, and broadcast
		netip.MustParsePrefix("2001::/23"),        // IETF protocol assignments, RFC 2928; Teredo is in it
		netip.MustParsePrefix("2001:db8::/32"),    // documentation, RFC 3849
		netip.MustParsePrefix("3fff::/20"),        // documentation, RFC 9637
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
	leadsTo := append(embedded(ip), ip)
	for _, own := range a.never() {
		if own.Port() == address.Port() && slices.ContainsFunc(leadsTo, func(ip netip.Addr) bool { return isSelf(own.Addr().Unmap(), ip) }) {
			return "own_listener"
		}
	}
	for _, candidate := range leadsTo {
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
	if ip.Is6() && !isGlobalIPv6(ip) {
		return true // the metadata service fd00:ec2::254 is private
	}
	// The metadata service 169.254.169.254 is link-local.
	return !ip.IsValid() || ip.IsUnspecified() || ip.IsLoopback() || ip.IsPrivate() ||
		ip.IsLinkLocalUnicast() || ip.IsMulticast() ||
		slices.ContainsFunc(a.forbidden, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// isGlobalIPv6 tells whether an address is of the block from which IANA assigns
// global unicast addresses, or one of IPv4 as NAT64 has it.
func isGlobalIPv6(ip netip.Addr) bool {
	return netip.MustParsePrefix("2000::/3").Contains(ip) || netip.MustParsePrefix("64:ff9b::/96").Contains(ip)
}

// embedded returns the IPv4 addresses that a translator or a relay would make of
// an IPv6 address.
func embedded(ip netip.Addr) []netip.Addr {
	if !ip.Is6() || ip.IsLoopback() || ip.IsUnspecified() {
		return nil
	}
	b := ip.As16()
	within := func(prefix string) bool { return netip.MustParsePrefix(prefix).Contains(ip) }
	last := netip.AddrFrom4([4]byte(b[12:]))
	switch {
	case within("64:ff9b::/96"), // NAT64, RFC 6052
		within("::/96"),           // IPv4-compatible, RFC 4291 2.5.5.1
		within("::ffff:0:0:0/96"), // IPv4-translated, RFC 2765
		b[8]&^2 == 0 && [3]byte(b[9:12]) == [3]byte{0, 0x5e, 0xfe}: // ISATAP, RFC 5214 6.1
		return []netip.Addr{last}
	case within("2002::/16"): // 6to4, RFC 3056
		return []netip.Addr{netip.AddrFrom4([4]byte(b[2:6]))}
	case within("2001::/32"): // Teredo, RFC 4380: the server, and the client with its bits inverted
		return []netip.Addr{netip.AddrFrom4([4]byte(b[4:8])), netip.AddrFrom4([4]byte{^b[12], ^b[13], ^b[14], ^b[15]})}
	}
	return nil
}

// isSelf tells whether ip leads to a listener on own. A listener on the
// unspecified address is reached by every address of this machine, and a system
// that is asked to connect to the unspecified address takes the loopback.
func isSelf(own, ip netip.Addr) bool {
	if own == ip || ip.IsUnspecified() {
		return true
	}
	if !own.IsUnspecified() {
		return false
	}
	return ip.IsLoopback() || isLocal(ip)
}

// isLocal tells whether ip is one of this machine now. Of an interface that loops
// back, all addresses are that its prefix holds.
func isLocal(ip netip.Addr) bool {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return true // we cannot tell: rather one site too few than a loop
	}
	if slices.ContainsFunc(all, func(a net.Addr) bool { return prefixOf(a).Addr().Unmap() == ip }) {
		return true
	}
	interfaces, err := net.Interfaces()
	return err != nil || slices.ContainsFunc(interfaces, func(i net.Interface) bool {
		if i.Flags&net.FlagLoopback == 0 {
			return false
		}
		addresses, err := i.Addrs()
		return err != nil || slices.ContainsFunc(addresses, func(a net.Addr) bool { return prefixOf(a).Contains(ip) })
	})
}

// prefixOf returns the address of an interface with its network; invalid for what is neither.
func prefixOf(a net.Addr) netip.Prefix {
	prefix, _ := netip.ParsePrefix(a.String())
	return prefix
}

// checkName is what remains of the check when a parent proxy resolves the name.
func (a addressPolicy) checkName(host string, port uint16) string {
	if ip, ok := parseAddress(host); ok {
		return a.check(netip.AddrPortFrom(ip, port))
	}
	if isOwnName(host) {
		return "own_name"
	}
	if isLocalName(host) {
		return "forbidden_address"
	}
	return ""
}

// isLocalName knows the names that mean the machine itself, or the metadata
// service of a cloud, wherever they are resolved.
func isLocalName(host string) bool {
	switch host {
	case "localhost", "localhost.localdomain", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback", "broadcasthost",
		"metadata", "metadata.google.internal", "metadata.azure.internal", "instance-data", "instance-data.ec2.internal":
		return true
	}
	return strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".localhost.localdomain")
}
