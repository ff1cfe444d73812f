package proxy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The reference reads addresses by numbers alone: a table of first and last ones, as
// the registries of IANA print them, and none of the code that it is held against.

// closed4 are the addresses of IPv4 that are not globally reachable, first and last, and one of Azure.
var closed4 = [][2]uint32{
	{0x00000000, 0x00ffffff}, {0x0a000000, 0x0affffff}, {0x64400000, 0x647fffff}, {0x7f000000, 0x7fffffff}, {0xa83f8110, 0xa83f8110},
	{0xa9fe0000, 0xa9feffff}, {0xac100000, 0xac1fffff}, {0xc0000000, 0xc00000ff}, {0xc0000200, 0xc00002ff}, {0xc0586300, 0xc05863ff},
	{0xc0a80000, 0xc0a8ffff}, {0xc6120000, 0xc613ffff}, {0xc6336400, 0xc63364ff}, {0xcb007100, 0xcb0071ff}, {0xe0000000, 0xffffffff},
}

func isClosed(v uint32) bool {
	for _, r := range closed4 {
		if r[0] <= v && v <= r[1] {
			return true
		}
	}
	return false
}

// referenceForbids tells whether 16 bytes of an address may not be dialled.
func referenceForbids(b [16]byte) bool {
	word := func(i int) uint32 { return binary.BigEndian.Uint32(b[i:]) }
	hexadecimal := fmt.Sprintf("%x", b)
	begins := func(prefix string) bool { return strings.HasPrefix(hexadecimal, prefix) }
	switch zeros := strings.Repeat("0", 16); {
	case begins(zeros + "0000" + "ffff"): // an address of IPv4 in the clothes of IPv6
		return isClosed(word(12))
	case begins("0064ff9b" + zeros):
		return isClosed(word(12))
	case b[0]>>5 != 1: // not of 2000::/3
		return true
	case begins("2001") && b[2] < 2, begins("20010db8"), begins("3fff") && b[2] < 0x10:
		return true
	case begins("2002"):
		return isClosed(word(2))
	}
	if isatap := hexadecimal[16:24]; (isatap == "00005efe" || isatap == "02005efe") && isClosed(word(12)) {
		return true
	}
	return false
}

func FuzzForbiddenAddresses(f *testing.F) {
	for _, seed := range []string{
		"::", "::1", "::ffff:127.0.0.1", "::127.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::8.8.8.8", "2002:7f00:1::", "2002:808:808::",
		"2001::1", "2001:200::1", "2001:db8::1", "2606:4700::1111", "2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:8.8.8.8", "3fff::1", "3fff:1000::", "fe80::1", "fec0::1",
		"fd00::1", "ff02::1", "4000::1", "1fff::1", "::ffff:8.8.8.8", "::ffff:168.63.129.16", "::ffff:192.88.99.1", "::ffff:223.255.255.255", "::ffff:224.0.0.0",
	} {
		b := netip.MustParseAddr(seed).As16()
		f.Add(b[:])
	}
	for _, r := range closed4 { // the borders, from both sides
		for _, v := range []uint32{r[0] - 1, r[0], r[1], r[1] + 1} {
			b := netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, v))).As16()
			f.Add(b[:])
		}
	}
	policy := addressPolicy{forbidden: forbidden(), never: func() []netip.AddrPort { return nil }}
	everything := addressPolicy{forbidden: forbidden(), never: policy.never, allowed: anywhere()}
	f.Fuzz(func(t *testing.T, data []byte) {
		var b [16]byte
		copy(b[:], data)
		ip := netip.AddrFrom16(b)
		for _, spelling := range []netip.Addr{ip, ip.Unmap(), ip.WithZone("lo")} {
			if got, want := policy.check(netip.AddrPortFrom(spelling, 443)) != "", referenceForbids(b); got != want {
				t.Errorf("%s: refused %v, by the reference %v", spelling, got, want)
			}
		}
		if reason := everything.check(netip.AddrPortFrom(ip, 443)); reason != "" {
			t.Errorf("%s with everything allowed: %s", ip, reason)
		}
		// What is allowed is what is written, and no address beside it.
		bits := ip.Unmap().BitLen()
		one := addressPolicy{forbidden: forbidden(), never: policy.never, allowed: []netip.Prefix{netip.PrefixFrom(ip.Unmap(), bits)}}
		next := ip.Next()
		if next.IsValid() && referenceForbids(next.As16()) && one.check(netip.AddrPortFrom(next, 443)) == "" && len(embedded(next)) == 0 {
			t.Errorf("%s is open where %s is allowed", next, ip)
		}
	})
}

// asOldResolversRead reads a host as inet_aton does: one to four numbers, each in
// base 10, 8 or 16, the last of which fills what is left.
func asOldResolversRead(host string) (net.IP, bool) {
	parts := strings.Split(strings.TrimSuffix(host, "."), ".")
	if len(parts) > 4 {
		return nil, false
	}
	value := new(big.Int)
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 0, 64)
		if err != nil || strings.ContainsAny(part, "_boBO+-") {
			return nil, false
		}
		if last := i == len(parts)-1; last {
			value.Lsh(value, uint(8*(4-i)))
		} else {
			value.Lsh(value, 8)
		}
		value.Add(value, new(big.Int).SetUint64(n))
	}
	if value.BitLen() > 32 {
		return nil, false
	}
	return net.IP(value.FillBytes(make([]byte, 4))), true
}

var (
	nameReference = regexp.MustCompile(`^(?i)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?$`)
	quadReference = regexp.MustCompile(`^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}\.?$`)
)

// referenceAuthority reads host:port by the grammar of RFC 3986 3.2, less what is not
// one thing to everybody. It returns the host, in one spelling, or false.
func referenceAuthority(s string) (host string, port uint64, ok bool) {
	at := strings.LastIndexByte(s, ':')
	if at < 0 || !regexp.MustCompile(`^[1-9][0-9]*$`).MatchString(s[at+1:]) {
		return "", 0, false
	}
	port, err := strconv.ParseUint(s[at+1:], 10, 16)
	if err != nil || port == 0 {
		return "", 0, false
	}
	host = s[:at]
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		literal := host[1 : len(host)-1]
		ip := net.ParseIP(strings.TrimSuffix(literal, "."))
		if ip == nil || !strings.Contains(literal, ":") || strings.HasSuffix(literal, ".") {
			return "", 0, false
		}
		return ip.String(), port, true
	}
	if quadReference.MatchString(host) {
		if ip := net.ParseIP(strings.TrimSuffix(host, ".")).To4(); ip != nil {
			return ip.String(), port, true
		}
		return "", 0, false
	}
	if _, old := asOldResolversRead(host); old || len(strings.TrimSuffix(host, ".")) > 253 || !nameReference.MatchString(host) {
		return "", 0, false
	}
	return strings.ToLower(strings.TrimSuffix(host, ".")), port, true
}

func FuzzAuthorityAgainstAReference(f *testing.F) {
	for _, seed := range []string{
		"ai.example:443", "AI.Example.:443", "127.0.0.1:80", "127.0.0.1.:80", "127.1:80", "0x7f.1:80", "0177.0.0.1:80", "2130706433:80", "[::1]:443", "[::ffff:127.0.0.1]:80",
		"[fe80::1%25lo]:80", "[v1.x]:80", "[127.0.0.1]:80", "a:b:1", "::1:80", "[::1:80", "a@b:1", "a b:1", "a/b:1", "a\x00b:1", "127。0。0。1:80", "①.example:80", "%31:80", "x:0080", "x:65536", "x:",
		"1.2.3.4.5:1", "256.256.256.256:1", "0x:1", "a.0x7f:1", "a.1:1", "4chan:1", "..:1", "[]:1", "[[::1]]:1", "-:1", "xn--a:1", "localhost.:1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		host, port, err := splitAuthority(s, 0)
		want, wantPort, ok := referenceAuthority(s)
		if err != nil {
			// More is refused than the reference refuses: names that end in a number.
			last := want[strings.LastIndexByte(want, '.')+1:]
			if ok && !regexp.MustCompile(`^([0-9]+|0x[0-9a-f]*)$`).MatchString(last) {
				t.Errorf("%q is refused, the reference has %q %d", s, want, wantPort)
			}
			return
		}
		if !ok || host != want || uint64(port) != wantPort {
			t.Errorf("%q: %q %d, the reference has %q %d %v", s, host, port, want, wantPort, ok)
		}
		// No resolver makes another address of it than we do.
		if old, isOld := asOldResolversRead(host); isOld {
			ip, err := netip.ParseAddr(host)
			if err != nil || !bytes.Equal(ip.AsSlice(), old) {
				t.Errorf("%q is a name to us, and %s to others", s, old)
			}
		}
	})
}
