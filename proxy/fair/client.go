// Package fair shares what is bounded among clients, so that one of them cannot take
// it from the others. It is pure, and its types are not safe for concurrent use.
package fair

import "net/netip"

// Client is one who gets a share: known by name, else by address. A network of IPv6 /64
// is one client: its addresses cost nothing.
type Client struct {
	user    string
	network netip.Prefix
}

// ClientOf returns who a user, or else an address, is.
func ClientOf(user string, address netip.Addr) Client {
	if user != "" {
		return Client{user: user}
	}
	address = address.Unmap().WithZone("")
	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}
	network, err := address.Prefix(bits)
	if err != nil { // no address at all
		return Client{}
	}
	return Client{network: network}
}
