package catalog

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// maxHostBytes is the longest name that DNS can carry in text form (RFC 1035).
const maxHostBytes = 253

type hostKind uint8

const (
	exactHost  hostKind = iota // "chatgpt.com"
	suffixHost                 // "*.chatgpt.com": the names below it, not itself
	globHost                   // "bedrock-runtime.*.amazonaws.com": "*" stays inside a label
	anyHost                    // "*:11434": any host at a port
)

// HostPattern is a pattern of host names with an optional port. The kinds are
// exact ("chatgpt.com"), suffix ("*.chatgpt.com", every name below but not
// chatgpt.com itself) and glob ("*-aiplatform.googleapis.com", where "*" never
// crosses a dot).
type HostPattern struct {
	kind hostKind
	name string // normalised, without port; for suffixHost without "*."
	port uint16 // 0: any
	// first and last are where the outer wildcards of a globHost are.
	first, last uint8
}

// ParseHostPattern reads a host pattern.
func ParseHostPattern(text string) (HostPattern, error) {
	host, port, err := splitPort(strings.TrimSpace(text))
	if err != nil {
		return HostPattern{}, err
	}
	if addr, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return HostPattern{kind: exactHost, name: addr.String(), port: port}, nil
	}
	if host == "*" {
		if port == 0 {
			return HostPattern{}, errors.New(`"*" alone stands for every host; give it a port, as in "*:11434"`)
		}
		return HostPattern{kind: anyHost, name: "*", port: port}, nil
	}
	host = NormalizeHost(host)
	kind := exactHost
	name := host
	if rest, ok := strings.CutPrefix(host, "*."); ok && !strings.Contains(rest, "*") {
		kind, name = suffixHost, rest
	} else if strings.Contains(host, "*") {
		kind = globHost
	}
	if name, err = checkName(name); err != nil {
		return HostPattern{}, err
	}
	p := HostPattern{kind: kind, name: name, port: port}
	if kind == globHost {
		p.first, p.last = uint8(strings.IndexByte(name, '*')), uint8(strings.LastIndexByte(name, '*')) // at most maxHostBytes
	}
	return p, nil
}

func splitPort(text string) (host string, port uint16, err error) {
	if strings.ContainsAny(text, "/ \t") {
		return "", 0, fmt.Errorf("%q is not a host: write the name alone, without scheme, path or blanks", text)
	}
	i := strings.LastIndexByte(text, ':')
	if i < 0 || strings.Count(text, ":") > 1 && !strings.HasSuffix(text[:i], "]") {
		return text, 0, nil // no port, or a bare IPv6 address
	}
	n, err := strconv.ParseUint(text[i+1:], 10, 16)
	if err != nil || n == 0 {
		return "", 0, fmt.Errorf("%q is not a port: it must be a number from 1 to 65535", text[i+1:])
	}
	return text[:i], uint16(n), nil
}

func checkName(name string) (string, error) {
	if !isASCII(name) {
		ascii, err := idna.Lookup.ToASCII(name)
		if err != nil {
			return "", fmt.Errorf("%q is not a host name", name)
		}
		name = ascii
	}
	if name == "" || len(name) > maxHostBytes {
		return "", fmt.Errorf("a host name has 1 to %d characters", maxHostBytes)
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 {
			return "", fmt.Errorf("%q has a label that is empty or longer than 63 characters", name)
		}
		for i := range len(label) {
			if c := label[i]; c != '-' && c != '_' && c != '*' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
				return "", fmt.Errorf("%q cannot stand in a host name", string(c))
			}
		}
	}
	if strings.Contains(labels[len(labels)-1], "*") {
		return "", fmt.Errorf("the last label of %q must be written out", name)
	}
	return name, nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// NormalizeHost returns a host in lower case, without the final dot and without
// the brackets of an IPv6 address.
func NormalizeHost(host string) string {
	host = strings.TrimSuffix(host, ".")
	if strings.HasPrefix(host, "[") {
		host = strings.Trim(host, "[]")
	}
	i := 0
	for ; i+8 <= len(host); i += 8 { // eight bytes at once: each lookup begins here
		const each = 0x0101010101010101
		b := uint64(host[i]) | uint64(host[i+1])<<8 | uint64(host[i+2])<<16 | uint64(host[i+3])<<24 |
			uint64(host[i+4])<<32 | uint64(host[i+5])<<40 | uint64(host[i+6])<<48 | uint64(host[i+7])<<56
		low := b & (0x7F * each)
		// Adding sets the upper bit of what is not below 'A', and of what is beyond 'Z'.
		if capitals := (low + (0x80-'A')*each) &^ (low + (0x7F-'Z')*each); (b|capitals)&(0x80*each) != 0 {
			return strings.ToLower(host)
		}
	}
	for ; i < len(host); i++ {
		if c := host[i]; 'A' <= c && c <= 'Z' || c >= 0x80 {
			return strings.ToLower(host)
		}
	}
	return host // as nearly all do
}

// String returns the pattern as it is written in YAML.
func (p HostPattern) String() string {
	s := p.name
	if p.kind == suffixHost {
		s = "*." + s
	}
	if p.port == 0 {
		return s
	}
	if strings.Contains(s, ":") {
		s = "[" + s + "]"
	}
	return s + ":" + strconv.Itoa(int(p.port))
}

// Matches tells whether the host fits, whatever the port.
func (p HostPattern) Matches(host string) bool { return p.matches(NormalizeHost(host)) }

// MatchesPort tells whether the host and the port fit. A port of 0 is unknown
// and fits only a pattern without a port.
func (p HostPattern) MatchesPort(host string, port uint16) bool {
	return p.fitsPort(port) && p.Matches(host)
}

func (p *HostPattern) fitsPort(port uint16) bool { return p.port == 0 || p.port == port }

func (p *HostPattern) matches(host string) bool {
	switch p.kind {
	case exactHost:
		return host == p.name
	case suffixHost:
		n := len(host) - len(p.name)
		return n > 1 && host[n-1] == '.' && host[n:] == p.name
	case globHost:
		return p.globs(host)
	default:
		return host != ""
	}
}

// globs tells whether a host fits a pattern with wildcards. Most have one, which
// stands for something.
func (p *HostPattern) globs(host string) bool {
	if p.first > 0 && (host == "" || host[0] != p.name[0]) {
		return false // as most that end alike
	}
	head, tail := p.name[:p.first], p.name[p.last+1:]
	if len(host) < len(head)+len(tail) || !strings.HasPrefix(host, head) || !strings.HasSuffix(host, tail) {
		return false
	}
	if between := host[len(head) : len(host)-len(tail)]; p.first == p.last && between != "" {
		return strings.IndexByte(between, '.') < 0
	}
	return globLabels(p.name, host)
}

// globLabels compares label by label, so that "*" never crosses a dot.
func globLabels(pattern, host string) bool {
	for {
		wantLabel, restPattern, morePattern := strings.Cut(pattern, ".")
		label, restHost, moreHost := strings.Cut(host, ".")
		if morePattern != moreHost || label == "" || !wildcard(wantLabel, label) {
			return false
		}
		if !morePattern {
			return true
		}
		pattern, host = restPattern, restHost
	}
}

// fixedSuffix returns the labels behind the last wildcard.
func (p HostPattern) fixedSuffix() string {
	if p.kind != globHost {
		return p.name
	}
	rest := p.name[strings.LastIndexByte(p.name, '*')+1:]
	return rest[strings.IndexByte(rest, '.')+1:]
}
