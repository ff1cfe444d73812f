package catalog

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"daylight.internal/rules/strictyaml"
)

// hostRules are the rules of lint.yaml, which says what they mean.
type hostRules struct {
	ThirdParties []thirdParties     `yaml:"third_parties,required"`
	Labels       []labelRule        `yaml:"labels,required"`
	Shared       strictyaml.Strings `yaml:"shared,required"`
	Platforms    strictyaml.Strings `yaml:"platforms,required"`
	OneOwner     strictyaml.Strings `yaml:"one_owner,required"`
}

type thirdParties struct {
	Does    string             `yaml:"does,required"`
	Domains strictyaml.Strings `yaml:"domains,required"`
}

type labelRule struct {
	Does  string             `yaml:"does,required"`
	Names strictyaml.Strings `yaml:"names,required"`
	Role  string             `yaml:"role"` // of hosts that are spared
}

func readHostRules() (*hostRules, error) {
	data, err := embedded.ReadFile("lint.yaml")
	if err != nil {
		return nil, fmt.Errorf("reading the rules: %w", err)
	}
	n, d := strictyaml.Parse("lint.yaml", data)
	var rules hostRules
	if n != nil {
		d.Decode(n, &rules)
	}
	return &rules, d.Problems.Err()
}

// host holds one host of a service against the rules.
func (l *linter) host(n *hostNode) {
	p, err := ParseHostPattern(n.Host.V)
	if err != nil {
		return // told already
	}
	if fault, hint := l.hosts.judge(p, n); fault != "" {
		l.ErrorAt(n.Host.At, n.Host.Length, hint, "%s", fault)
	}
}

// judge returns the first rule that a host breaks; "" when it keeps them all.
func (r *hostRules) judge(p HostPattern, n *hostNode) (fault, hint string) {
	whole := claimsEverything(n.Paths)
	if does := r.thirdParty(p); does != "" {
		return fmt.Sprintf("%s belongs to a third party that %s", p, does), "leave it out: it sees more than AI"
	}
	if suffix := p.openSuffix(r.Platforms.Values(), r.OneOwner.Values()); suffix != "" && whole {
		return fmt.Sprintf("anybody gets a name below %s, so %s is not one vendor's", suffix, p), "name the hosts of the vendor, or the paths that are AI at any of them"
	}
	if rule := r.label(p, n.Role.V); rule != nil {
		return fmt.Sprintf("%s %s", p, rule.Does), rule.hint()
	}
	for _, domain := range r.Shared {
		if whole && p.takesAllOf(domain.V) {
			return fmt.Sprintf("%s takes all of %s, which is mostly not AI", p, domain.V),
				"name the exact host that is AI and nothing else, or `{host: …, paths: […]}`"
		}
	}
	return "", ""
}

// thirdParty returns what a third party does to which the host belongs.
func (r *hostRules) thirdParty(p HostPattern) string {
	if p.kind == exactHost && strings.HasPrefix(p.name, "mcp.") {
		return ""
	}
	for _, t := range r.ThirdParties {
		for _, domain := range t.Domains {
			if isWithin(p.name, domain.V) {
				return t.Does
			}
		}
	}
	return ""
}

// label returns the rule that forbids a label of the host.
func (r *hostRules) label(p HostPattern, role string) *labelRule {
	for _, label := range p.ownLabels() {
		for i := range r.Labels {
			rule := &r.Labels[i]
			if slices.Contains(rule.Names.Values(), label) && (rule.Role == "" || rule.Role != role) {
				return rule
			}
		}
	}
	return nil
}

func (r *labelRule) hint() string {
	if r.Role == "" {
		return "leave it out"
	}
	return fmt.Sprintf("leave it out, or write `role: %s` when that is how people's content gets there", r.Role)
}

// isWithin tells whether name is the domain or below it.
func isWithin(name, domain string) bool {
	rest, ok := strings.CutSuffix(name, domain)
	return ok && (rest == "" || strings.HasSuffix(rest, "."))
}

// openSuffix returns the suffix below which anybody may register one of the
// names that the pattern matches; "" when there is none.
func (p HostPattern) openSuffix(platforms, oneOwner []string) string {
	if p.kind != suffixHost && p.kind != globHost {
		return ""
	}
	name := p.name
	if p.kind == suffixHost {
		name = "*." + name
	}
	suffix, _ := publicsuffix.PublicSuffix(strings.ReplaceAll(name, "*", "x"))
	for _, owner := range oneOwner {
		if isWithin(suffix, owner) {
			_, suffix, _ = strings.Cut(owner, ".")
		}
	}
	for _, platform := range platforms {
		if len(platform) > len(suffix) && isWithin(name, platform) {
			suffix = platform
		}
	}
	labels := strings.Split(name, ".")
	open := len(labels) - 1 - strings.Count(suffix, ".") // labels from here on are the suffix
	if open <= 0 || strings.Contains(labels[open-1], "*") {
		return strings.Join(labels[max(1, open):], ".")
	}
	return ""
}

// ownLabels returns the labels left of the registrable domain, without the
// digits, hyphens and wildcards around them.
func (p HostPattern) ownLabels() []string {
	if p.kind == anyHost {
		return nil
	}
	registrable, err := publicsuffix.EffectiveTLDPlusOne(strings.ReplaceAll(p.name, "*", "x"))
	if err != nil {
		return nil
	}
	var labels []string
	for label := range strings.SplitSeq(strings.TrimSuffix(p.name[:len(p.name)-len(registrable)], "."), ".") {
		labels = append(labels, strings.Trim(label, "*-0123456789"))
	}
	return labels
}

// takesAllOf tells whether the pattern is the domain, everything below it, or
// one of the names under which a domain is usually reached.
func (p HostPattern) takesAllOf(domain string) bool {
	rest, ok := strings.CutSuffix(p.name, domain)
	if !ok {
		return false
	}
	switch p.kind {
	case exactHost:
		return slices.Contains([]string{"", "www.", "m.", "app.", "web.", "api."}, rest)
	case suffixHost:
		return rest == ""
	default:
		return strings.HasSuffix(rest, ".") && strings.Trim(rest, "*.") == ""
	}
}

// claimsEverything tells whether the paths of a host leave out hardly any.
func claimsEverything(paths strictyaml.Strings) bool {
	if len(paths) == 0 {
		return true
	}
	for _, v := range paths {
		p, err := ParsePathPattern(v.V)
		if err == nil && (p.Matches("/") || p.Matches("/a-page-like-any-other")) {
			return true
		}
	}
	return false
}
