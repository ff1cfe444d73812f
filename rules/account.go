package rules

import (
	"slices"
	"strings"
)

// AccountKind says whose account of an AI service an exchange uses.
type AccountKind string

// The kinds. The zero value is that of a destination that is no AI service.
const (
	CorporateAccount AccountKind = "corporate" // a tenant that the policy named
	PrivateAccount   AccountKind = "private"   // signed in, with another tenant or none
	AnonymousAccount AccountKind = "anonymous" // nobody is signed in
	KeyAccount       AccountKind = "api_key"   // a program with a key
	UnknownAccount   AccountKind = "unknown"   // nothing tells
)

// AccountKinds are the kinds that AI traffic can have.
func AccountKinds() []string {
	return []string{string(CorporateAccount), string(PrivateAccount), string(AnonymousAccount), string(KeyAccount), string(UnknownAccount)}
}

// Account is the account of an AI service that an exchange uses.
type Account struct {
	Kind AccountKind
	Name string // as the policy calls it; "" when it does not
	Plan string // of the vendor, such as "free"; "" when nothing tells it
	// Fingerprint is a keyed hash of the tenant, the user or the key, in this order;
	// 0 when none is known.
	Fingerprint uint64
	// Pending is set while a marker in the body, which was not read, may tell more.
	Pending bool
}

// AccountMarks are what a request tells of the account it uses. The values are
// those of the client: they go no further than the verdict.
type AccountMarks struct {
	Tenants, Users []string // all values of the marker that counts; servers differ in which they take
	Key            string
	SignedIn       bool // a session was shown
	Anonymous      bool // a marker says that nobody is signed in
	// TellsTenants is set when the service has markers for tenants or users.
	TellsTenants bool
	// MustSignIn is set when the request, without a session, is one of nobody.
	MustSignIn bool
	Plan       string
}

// NamedAccount is an account of a service that the policy knows.
type NamedAccount struct {
	Service string
	Kind    AccountKind
	Name    string
	Tenants []string // lower case
	Domains []string // of addresses of electronic mail, lower case
	At      string   // file:line:col
}

// Account judges whose account the marks are of.
func (p *Policy) Account(service string, m *AccountMarks) Account {
	a := Account{Kind: UnknownAccount, Plan: m.Plan}
	known := false // the policy names accounts of the service
	for i := range p.Accounts {
		n := &p.Accounts[i]
		if n.Service != service {
			continue
		}
		known = true
		if n.is(m) && !m.Anonymous {
			a.Kind, a.Name = n.Kind, n.Name
			return a
		}
	}
	signedIn := m.SignedIn || len(m.Tenants)+len(m.Users) > 0
	switch {
	case m.Anonymous:
		a.Kind = AnonymousAccount
	case m.Key != "":
		a.Kind = KeyAccount
	case signedIn && (m.TellsTenants || !known):
		a.Kind = PrivateAccount
	case !signedIn && m.MustSignIn:
		a.Kind = AnonymousAccount
	}
	return a
}

// is tells whether all that the marks say is of the account.
func (n *NamedAccount) is(m *AccountMarks) bool {
	return len(n.Tenants) > 0 && all(m.Tenants, func(v string) bool { return slices.Contains(n.Tenants, strings.ToLower(v)) }) ||
		len(n.Domains) > 0 && (all(m.Users, n.hasDomain) || all(m.Tenants, n.hasDomain))
}

func (n *NamedAccount) hasDomain(address string) bool {
	at := strings.LastIndexByte(address, '@')
	return at > 0 && slices.Contains(n.Domains, strings.ToLower(address[at+1:]))
}

// all tells whether there are values and each of them holds.
func all(values []string, holds func(string) bool) bool {
	return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return !holds(v) })
}

// account is the condition of that name.
func (e *evaluation) account(m *Match) ternary {
	if e.accountIsPending() {
		return unknown
	}
	return truth(slices.Contains(m.Accounts, e.facts.Account.Kind))
}

func (e *evaluation) plan(m *Match) ternary {
	if e.accountIsPending() {
		return unknown
	}
	return truth(slices.Contains(m.Plans, e.facts.Account.Plan))
}

func (e *evaluation) accountIsPending() bool {
	return e.facts.Account.Pending && e.facts.Content == nil
}

func (e *evaluation) sawAccount() string {
	a := &e.facts.Account
	if a.Name == "" {
		return string(a.Kind)
	}
	return string(a.Kind) + " (" + a.Name + ")"
}
