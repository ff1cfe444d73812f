package policyfile

import (
	"slices"
	"strings"

	"daylight.internal/rules"
	"daylight.internal/rules/strictyaml"
)

// accountEntry names an account of a service.
type accountEntry struct {
	At      strictyaml.Position
	Faulty  bool
	Service text  `yaml:"service,required" doc:"id in the catalogue" values:"service" example:"chatgpt"`
	Tenant  words `yaml:"tenant" doc:"the workspace, organisation, team or project as the service writes it; capitals make no difference" example:"0b3c9d44-6c1f-4f0e-9a59-7f6f0c3d2a11"`
	Domain  words `yaml:"domain" doc:"or the domain of the addresses that people sign in with, where requests show them" example:"acme.example"`
	Kind    text  `yaml:"kind" doc:"'private' is for a tenant that is known and yet not yours" values:"account_kind" default:"corporate" example:"private"`
	Name    text  `yaml:"name" doc:"shown in events" example:"Acme workspace"`
}

func (l *loader) accounts() {
	seen := map[[3]string]place{}
	for _, f := range l.files {
		for i := range f.Accounts {
			e := &f.Accounts[i]
			a := rules.NamedAccount{Service: e.Service.V, Kind: f.accountKind(e.Kind), Name: e.Name.V, At: e.At.String()}
			if e.Name.Set {
				f.title(e.Name, "an account")
			}
			if len(e.Tenant)+len(e.Domain) == 0 && !e.Faulty {
				f.ErrorAt(e.At, 1, "give it a `tenant`, or the `domain` of its addresses", "the account of %q names nothing by which it is known", e.Service.V).ID = "empty-account"
			}
			for _, w := range f.distinct(e.Tenant) {
				a.Tenants = append(a.Tenants, strings.ToLower(w.V))
				f.onceNamed(seen, [3]string{e.Service.V, "tenant", strings.ToLower(w.V)}, w)
			}
			for _, w := range f.distinct(e.Domain) {
				if domain, ok := f.domain(w); ok {
					a.Domains = append(a.Domains, domain)
					f.onceNamed(seen, [3]string{e.Service.V, "domain", domain}, w)
				}
			}
			if l.service(f, e.Service, false) {
				l.tellsAccounts(f, e.Service)
			}
			l.source.Policy.Accounts = append(l.source.Policy.Accounts, a)
		}
	}
}

func (f *file) accountKind(w text) rules.AccountKind {
	if !w.Set {
		return rules.CorporateAccount
	}
	f.oneOf(w, "kind of account", []string{string(rules.CorporateAccount), string(rules.PrivateAccount)})
	return rules.AccountKind(w.V)
}

// onceNamed records a tenant or domain that another entry has already.
func (f *file) onceNamed(seen map[[3]string]place, key [3]string, w text) {
	if p, again := seen[key]; again {
		f.fault(w, "", "the %s %q of %q is already given at %s", key[1], w.V, key[0], p.name.At).ID = "duplicate-name"
		return
	}
	seen[key] = place{f, w}
}

// domain reads the part of an address behind its at sign.
func (f *file) domain(w text) (string, bool) {
	domain := strings.ToLower(strings.TrimPrefix(w.V, "@"))
	if strings.ContainsAny(domain, "@*/: ") || !strings.Contains(domain, ".") {
		f.fault(w, "write it as acme.com", "%q is not the domain of an address", w.V).ID = "invalid-domain"
		return "", false
	}
	return domain, true
}

// tellsAccounts warns when nothing in the requests of a service can name an account.
func (l *loader) tellsAccounts(f *file, id text) {
	s, ok := l.source.Catalog.Service(id.V)
	if ok && !s.Account.TellsTenants() {
		f.doubt(id, "requests to it will have the account unknown, or api_key", "the requests of %q do not tell one tenant from another", id.V).ID = "untold-account"
	}
}

// accountKinds reads the condition of a rule on the kind of account.
func (l *loader) accountKinds(f *file, ws words) []rules.AccountKind {
	var out []rules.AccountKind
	for _, w := range f.names(ws, "account", rules.AccountKinds()) {
		out = append(out, rules.AccountKind(w))
	}
	isCorporate := func(a rules.NamedAccount) bool { return a.Kind == rules.CorporateAccount }
	if slices.Equal(out, []rules.AccountKind{rules.CorporateAccount}) && !l.lost.some("account") && !slices.ContainsFunc(l.source.Policy.Accounts, isCorporate) {
		f.doubt(ws[0], "name one under `accounts`", "no account is known to be corporate").ID = "no-corporate-account"
	}
	return out
}
