package rules

import (
	"net/netip"
	"slices"
	"strings"
)

// groupsOf returns the groups that hold the address or the case-folded user.
func (p *Policy) groupsOf(address netip.Addr, user string) []string {
	address = address.Unmap()
	var names []string
	for i := range p.Groups {
		g := &p.Groups[i]
		inside := func(n netip.Prefix) bool { return n.Contains(address) }
		if slices.ContainsFunc(g.Networks, inside) || matchUser(g.Users, user) {
			names = append(names, g.Name)
		}
	}
	return names
}

// matchUser tells whether a case-folded user fits one of the patterns. Nobody,
// who has no name, fits none.
func matchUser(patterns []string, user string) bool {
	return user != "" && slices.ContainsFunc(patterns, func(p string) bool { return matchStars(p, user) })
}

// matchStars matches a text against a pattern in which each * stands for any
// text. Taking each literal at its first place is enough, for stars are all alike.
func matchStars(pattern, text string) bool {
	return matchParts(strings.Split(pattern, "*"), text)
}

// matchParts matches a text against the parts of a pattern between its stars.
func matchParts(parts []string, text string) bool {
	if len(parts) == 1 {
		return parts[0] == text
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return true
}

// matchHost matches a lower-case host against names and "*.suffix" patterns, of
// which the latter stand for subdomains only.
func matchHost(patterns []string, host string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		if suffix, ok := strings.CutPrefix(p, "*"); ok {
			return len(host) > len(suffix) && strings.HasSuffix(host, suffix)
		}
		return p == host
	})
}
