package compare

import (
	"net/netip"
	"strings"

	"daylight.internal/rules"
	"daylight.internal/rules/policyfile"
)

// compareGroups also tells of their order: the first group of a client that has a
// mode decides whether it is monitored, and metrics carry the first one.
func compareGroups(old, new *policyfile.Source) []Change {
	a, b := old.Policy.Groups, new.Policy.Groups
	p := newPairing(len(a), len(b))
	p.by(func(i int) string { return a[i].Name }, func(j int) string { return b[j].Name })
	members := func(g *rules.Group) string { return list(networks(g.Networks)) + "/" + list(g.Users) }
	p.single(func(i int) string { return members(&a[i]) }, func(j int) string { return members(&b[j]) })
	moved := p.moved()
	var out []Change
	for j := range b {
		g := &b[j]
		at := new.Places[policyfile.Part{Section: GroupSection, Name: g.Name}]
		i := p.old[j]
		if i < 0 {
			out = append(out, came(GroupSection, g.Name, at, Other, groupDetails(&rules.Group{Name: g.Name}, g)))
			continue
		}
		details := groupDetails(&a[i], g)
		if moved[j] {
			d := orderDetail(p, j, func(k int) string { return b[k].Name })
			details = append(details, d)
		}
		if c, ok := changed(GroupSection, g.Name, old.Places[policyfile.Part{Section: GroupSection, Name: a[i].Name}], at, details); ok {
			out = append(out, c)
		}
	}
	for i := range a {
		if p.new[i] < 0 {
			at := old.Places[policyfile.Part{Section: GroupSection, Name: a[i].Name}]
			out = append(out, went(GroupSection, a[i].Name, at, Other, groupDetails(&rules.Group{Name: a[i].Name}, &a[i])))
		}
	}
	return out
}

func groupDetails(old, new *rules.Group) []Detail {
	var out []Detail
	if old.Name != new.Name {
		out = append(out, Detail{Field: "name", Old: old.Name, New: new.Name, Text: "was called " + old.Name})
	}
	out = append(out, setDetail("networks", networks(old.Networks), networks(new.Networks), Other)...)
	out = append(out, setDetail("users", old.Users, new.Users, Other)...)
	return append(out, valueDetail("mode", string(old.Mode), string(new.Mode), groupMode(old.Mode, new.Mode))...)
}

// groupMode is the effect of another mode on the clients of a group.
func groupMode(old, new rules.Mode) Effect {
	switch {
	case old == rules.Monitor && new == rules.Enforce:
		return Stricter
	case old == rules.Enforce && new == rules.Monitor:
		return Looser
	default:
		return Other
	}
}

func networks(prefixes []netip.Prefix) []string {
	out := make([]string, len(prefixes))
	for i, p := range prefixes {
		out[i] = p.String()
	}
	return out
}

// orderDetail says what a moved part has passed.
func orderDetail(p *pairing, j int, name func(int) string) Detail {
	nowBehind, nowBefore := p.crossed(j)
	word, passed := "before", nowBehind
	if len(nowBefore) > len(nowBehind) {
		word, passed = "behind", nowBefore
	}
	var names []string
	for _, k := range passed {
		names = append(names, name(k))
	}
	return Detail{Field: "order", Old: place(p.old[j]), New: place(j), Effect: Other, Text: "moved " + word + " " + list(names)}
}

func compareAccounts(old, new []rules.NamedAccount) []Change {
	p := newPairing(len(old), len(new))
	whole := func(a *rules.NamedAccount) string {
		return strings.Join([]string{a.Service, string(a.Kind), a.Name, list(a.Tenants), list(a.Domains)}, "\x00")
	}
	p.by(func(i int) string { return whole(&old[i]) }, func(j int) string { return whole(&new[j]) })
	p.single(func(i int) string { return old[i].Service + "\x00" + old[i].Name }, func(j int) string { return new[j].Service + "\x00" + new[j].Name })
	p.single(func(i int) string { return old[i].Service }, func(j int) string { return new[j].Service })
	var out []Change
	for j := range new {
		a := &new[j]
		if i := p.old[j]; i < 0 {
			out = append(out, came(AccountSection, accountName(a), a.At, Other, accountDetails(&rules.NamedAccount{}, a)))
		} else if c, ok := changed(AccountSection, accountName(a), old[i].At, a.At, accountDetails(&old[i], a)); ok {
			out = append(out, c)
		}
	}
	for i := range old {
		if a := &old[i]; p.new[i] < 0 {
			out = append(out, went(AccountSection, accountName(a), a.At, Other, accountDetails(&rules.NamedAccount{}, a)))
		}
	}
	return out
}

func accountName(a *rules.NamedAccount) string {
	if a.Name == "" {
		return a.Service
	}
	return a.Service + ": " + a.Name
}

func accountDetails(old, new *rules.NamedAccount) []Detail {
	out := valueDetail("kind", string(old.Kind), string(new.Kind), Other)
	out = append(out, valueDetail("name", old.Name, new.Name, NoEffect)...)
	out = append(out, setDetail("tenant", old.Tenants, new.Tenants, Other)...)
	return append(out, setDetail("domain", old.Domains, new.Domains, Other)...)
}
