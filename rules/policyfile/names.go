package policyfile

import (
	"net/netip"
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// maxName bounds names that appear in events, pages and metric labels.
const maxName = 80

// first tells whether a name was not given before, and records where it was if so.
func (f *file) first(seen map[string]place, name text, what string) bool {
	if p, again := seen[name.V]; again {
		f.fault(name, "", "%s %q is already given at %s", what, name.V, p.name.At).ID = "duplicate-name"
		return false
	}
	seen[name.V] = place{f, name}
	return true
}

// identifier checks a name that becomes a metric label or a key of other files:
// lower-case ASCII letters, digits, "_", "-" and ".", a letter or digit first.
func (f *file) identifier(name text, what string) bool {
	for i := range len(name.V) {
		c := name.V[i]
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || i > 0 && strings.IndexByte("_-.", c) >= 0 {
			continue
		}
		f.fault(name, "use lower-case letters, digits, `_`, `-` and `.`", "%q cannot be the name of a %s", name.V, what).ID = "invalid-name"
		return false
	}
	if name.V == "" || len(name.V) > maxName {
		f.fault(name, "", "the name of a %s has 1 to %d characters", what, maxName).ID = "invalid-name"
		return false
	}
	return true
}

// title checks a name that people read: one line of printable text. what has its article.
func (f *file) title(name text, what string) bool {
	if name.V == "" || len([]rune(name.V)) > maxName {
		f.fault(name, "", "the name of %s has 1 to %d characters", what, maxName).ID = "invalid-name"
		return false
	}
	if strings.ContainsFunc(name.V, func(r rune) bool { return !unicode.IsPrint(r) }) {
		f.fault(name, "", "the name of %s is one line of printable text", what).ID = "invalid-name"
		return false
	}
	return true
}

// country checks an ISO 3166-1 alpha-2 code.
func (f *file) country(code text) bool {
	r, err := language.ParseRegion(code.V)
	if err == nil && r.IsCountry() && len(code.V) == 2 && r.Canonicalize().String() == code.V {
		return true
	}
	hint := "use the two letters of ISO 3166-1, such as US, CN or DE"
	if err == nil && r.IsCountry() && len(r.Canonicalize().String()) == 2 {
		hint = "write " + r.Canonicalize().String()
	}
	f.fault(code, hint, "unknown country %q", code.V).ID = "unknown-country"
	return false
}

func (f *file) countries(ws words) []string {
	var out []string
	for _, w := range f.distinct(ws) {
		if f.country(w) {
			out = append(out, w.V)
		}
	}
	return out
}

// network reads a prefix such as 10.20.0.0/16.
func (f *file) network(w text) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(w.V); err == nil {
		f.fault(w, "write "+netip.PrefixFrom(a, a.BitLen()).String()+" for this one address", "%q is an address, not a network", w.V).ID = "invalid-network"
		return netip.Prefix{}, false
	}
	p, err := netip.ParsePrefix(w.V)
	if err != nil {
		f.fault(w, "write it as 10.20.0.0/16 or 2001:db8::/32", "%q is not a network", w.V).ID = "invalid-network"
		return netip.Prefix{}, false
	}
	if p != p.Masked() {
		f.fault(w, "write "+p.Masked().String(), "%q has bits set behind its prefix length", w.V).ID = "invalid-network"
		return netip.Prefix{}, false
	}
	return p, true
}

// users reads patterns of user names and folds their case.
func (f *file) users(ws words) []string {
	var out []string
	for _, w := range f.distinct(ws) {
		out = append(out, strings.ToLower(w.V))
	}
	return out
}

// methods reads HTTP methods, in any case.
func (f *file) methods(ws words) []string {
	known := []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
	upper := make(words, len(ws))
	for i, w := range ws {
		w.V = strings.ToUpper(w.V)
		upper[i] = w
	}
	return f.names(upper, "method", known)
}
