package proxy

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

var errAuthority = errors.New("not a host and a port")

// normalHost folds the spellings of one host: case, the final dot of a fully
// qualified name, the brackets and the spelling of an IPv6 address.
func normalHost(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		host = host[1 : len(host)-1]
	}
	if ip, ok := parseAddress(host); ok {
		return ip.Unmap().String()
	}
	return host
}

// splitAuthority reads "host" or "host:port". A port of 0 for standard means that one
// must be there.
func splitAuthority(authority string, standard uint16) (host string, port uint16, err error) {
	colons := strings.Count(authority, ":")
	host, digits := authority, ""
	if colons > 0 { // SplitHostPort makes an error of every name without a port, which most are
		host, digits, err = net.SplitHostPort(authority)
	}
	if colons == 0 || err != nil {
		if standard == 0 || colons == 1 {
			return "", 0, errAuthority
		}
		host, port = authority, standard
	} else if digits == "" && standard != 0 {
		port = standard // RFC 3986 6.2.3: "host:" is "host"
	} else {
		n, err := strconv.ParseUint(digits, 10, 16)
		if err != nil || digits[0] == '0' || digits[0] == '+' {
			return "", 0, errAuthority
		}
		port = uint16(n)
	}
	if authority != "" && authority[0] == '[' && (!strings.Contains(host, ":") || strings.HasSuffix(host, ".")) {
		return "", 0, errAuthority // brackets are for IPv6 alone, RFC 3986 3.2.2
	}
	if host = normalHost(host); !isHost(host) {
		return "", 0, errAuthority
	}
	return host, port, nil
}

// isHost tells whether host can be a name in the DNS or an address. Underscores
// are in use.
func isHost(host string) bool {
	if ip, ok := parseAddress(host); ok {
		return ip.Zone() == "" // a zone means something on one machine only
	}
	if host == "" || len(host) > 253 || endsInNumber(host) {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	return !strings.ContainsFunc(host, func(c rune) bool {
		return c != '-' && c != '_' && c != '.' && (c < 'a' || c > 'z') && (c < '0' || c > '9')
	})
}

// endsInNumber tells whether the last label is a number, as in 127.1, 0x7f000001
// and 2130706433: some resolvers take these for an address, and no top-level
// domain looks so. Source: https://url.spec.whatwg.org/#ends-in-a-number-checker
func endsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if digits, hexadecimal := strings.CutPrefix(last, "0x"); hexadecimal {
		return strings.Trim(digits, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

func joinAuthority(host string, port uint16) string {
	return net.JoinHostPort(host, strconv.Itoa(int(port)))
}

func isAddress(host string) bool {
	_, ok := parseAddress(host)
	return ok
}

// parseAddress is netip.ParseAddr without an error to make for each name.
func parseAddress(host string) (netip.Addr, bool) {
	if host == "" || !strings.Contains(host, ":") && (host[len(host)-1] < '0' || host[len(host)-1] > '9') {
		return netip.Addr{}, false
	}
	ip, err := netip.ParseAddr(host)
	return ip, err == nil
}
