package engine

import (
	"net/netip"

	"daylight.internal/rules"
	"daylight.internal/rules/discovery"
)

// ExplainedClient is who asked.
type ExplainedClient struct {
	Address *netip.Addr      `json:"address,omitempty"`
	User    string           `json:"user,omitempty"`
	Groups  []ExplainedGroup `json:"groups"` // in the order of the policy
}

// ExplainedGroup is a group of the client, and what of the group fits it.
type ExplainedGroup struct {
	Name    string `json:"name"`
	Network string `json:"network,omitempty"`
	User    string `json:"user,omitempty"` // the pattern
}

func (s *Snapshot) explainClient(c rules.Client) ExplainedClient {
	x := ExplainedClient{User: c.User, Groups: []ExplainedGroup{}}
	if c.Address.IsValid() {
		x.Address = &c.Address
	}
	for _, m := range s.policy.Memberships(c) {
		g := ExplainedGroup{Name: m.Group, User: m.User}
		if m.Network.IsValid() {
			g.Network = m.Network.String()
		}
		x.Groups = append(x.Groups, g)
	}
	return x
}

// The values of ExplainedService.By: what the service was found by.
const (
	ByCatalogue = "catalogue"
	ByDiscovery = "discovery" // what the traffic looks like
	ByUpload    = "upload"    // another call, which opened the upload
	ByRecord    = "record"    // the event tells it
)

// ExplainedService is the service and why it is taken for that.
type ExplainedService struct {
	ID         string   `json:"id"` // "" for what is not AI
	Name       string   `json:"name,omitempty"`
	Vendor     string   `json:"vendor,omitempty"`
	Category   string   `json:"category,omitempty"`
	Country    string   `json:"country,omitempty"`
	Countries  []string `json:"countries,omitempty"` // others from which the vendor acts
	Operation  string   `json:"operation,omitempty"`
	Confidence string   `json:"confidence,omitempty"`
	By         string   `json:"by,omitempty"`
	// Of the catalogue: the patterns of host and path that fit, and the entry. Path
	// is "" when only the host is known.
	Host string `json:"host,omitempty"`
	Path string `json:"path,omitempty"`
	At   string `json:"at,omitempty"`
	// Methods are those by which the path is an operation that the catalogue knows,
	// when it is none by the one of the request.
	Methods []string `json:"methods,omitempty"`
	// Of discovery: the evidence, and its points of 100. There may be some for what
	// is not taken for AI.
	Evidence []string `json:"evidence,omitempty"`
	Score    int      `json:"score,omitempty"`
}

// explainListed is what facts alone tell.
func (s *Snapshot) explainListed(f rules.Service) ExplainedService {
	x := ExplainedService{
		ID: f.ID, Vendor: f.Vendor, Category: f.Category, Country: f.Country, Countries: f.Countries,
		Operation: f.Operation, Confidence: f.Confidence, Evidence: f.Evidence,
	}
	if f.IsAI() {
		x.By = ByRecord
	}
	if entry, ok := s.catalog.Service(f.ID); ok {
		x.Name, x.At = entry.Name, entry.At.String()
	}
	return x
}

func (s *Snapshot) explainService(p *Plan, o *Outcome) ExplainedService {
	x := s.explainListed(o.Facts.Service)
	switch {
	case p.Request.Upload != nil:
		x.By = ByUpload
	case p.Service != nil:
		x.By = ByCatalogue
		if m, ok := s.catalog.Match(p.Request.query()); ok {
			x.Host, x.Path = m.Host.String(), m.Path()
			if m.Operation != nil {
				x.At = m.Operation.At.String()
			} else {
				x.Methods = s.otherMethods(&p.Request)
			}
		}
	default:
		evidence := p.Discovery.Evidence()
		x.Evidence, x.Score = evidence.Words.Strings(), evidence.Score
		if x.By = ""; x.ID != "" {
			x.By, x.Evidence = ByDiscovery, o.Facts.Service.Evidence
			x.Score = s.discovery.Judge(discovery.WordsOf(x.Evidence)).Score
		}
	}
	return x
}

// otherMethods returns the methods by which the catalogue knows the path of a request.
func (s *Snapshot) otherMethods(r *Request) []string {
	var methods []string
	q := r.query()
	for _, q.Method = range []string{"POST", "PUT", "PATCH", "GET"} {
		if m, ok := s.catalog.Match(q); ok && m.Operation != nil {
			methods = append(methods, q.Method)
		}
	}
	q.Method, q.WebSocket = "GET", true
	if m, ok := s.catalog.Match(q); ok && m.Operation != nil {
		methods = append(methods, "WebSocket")
	}
	return methods
}

// ExplainedTunnel tells whether TLS is opened.
type ExplainedTunnel struct {
	Decision string `json:"decision"` // intercept, tunnel or refuse
	// Reason says why it is not opened, as in the coverage of events: bank, bypass,
	// not_intercepted, …; "" when it is.
	Reason string `json:"reason,omitempty"`
	// By is the list or the key of the configuration that keeps it closed.
	By string `json:"by,omitempty"`
}

func (s *Snapshot) explainTunnel(d rules.Destination) *ExplainedTunnel {
	reason := s.Unopened(d.ConnectHost, d.SNI, d.Port)
	x := &ExplainedTunnel{Decision: "intercept", Reason: reason}
	if reason == "" {
		return x
	}
	x.Decision = "tunnel"
	switch {
	case reason == "bypass":
		x.By = "tls.bypass"
		for _, pattern := range s.bypass {
			if pattern.MatchesPort(d.ConnectHost, d.Port) {
				x.By += " " + pattern.String()
				break
			}
		}
	case reason == "not_intercepted":
		x.By = "tls.intercept " + string(s.intercept)
	default:
		x.By = "the embedded bypass list"
	}
	return x
}

// ExplainedAccount is the account of the service.
type ExplainedAccount struct {
	Kind    string `json:"kind"`
	Name    string `json:"name,omitempty"`
	Plan    string `json:"plan,omitempty"`
	At      string `json:"at,omitempty"`      // the entry of the policy that names it
	Markers string `json:"markers,omitempty"` // where requests to the service tell accounts; "" when they do not
}

func (s *Snapshot) explainAccount(f *rules.Facts) *ExplainedAccount {
	a := &f.Account
	x := &ExplainedAccount{Kind: string(a.Kind), Name: a.Name, Plan: a.Plan}
	for i := range s.policy.Accounts {
		n := &s.policy.Accounts[i]
		if n.Service == f.Service.ID && n.Name == a.Name && n.Kind == a.Kind && a.Name != "" {
			x.At = n.At
		}
	}
	if service, ok := s.catalog.Service(f.Service.ID); ok {
		x.Markers = service.Account.String()
	}
	return x
}
