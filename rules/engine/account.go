package engine

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// Bounds on what is read of the markers of an account.
const (
	maxMarkerValues = 8        // of one marker; more than one is an oddity
	maxToken        = 16 << 10 // bytes of a JSON Web Token
)

// planAccount finds whose account a request to a listed service uses, as far as
// its head tells.
func (s *Snapshot) planAccount(p *Plan, match *catalog.Match) {
	markers, r := &match.Service.Account, &p.Request
	if r.Account != nil {
		p.Facts.Account = *r.Account
		return
	}
	h := accountHead{request: r, match: match, snapshot: s}
	m := &rules.AccountMarks{
		Tenants: h.first(markers.Tenant), Users: h.first(markers.User),
		SignedIn: h.first(markers.Session) != nil, Anonymous: h.first(markers.Anonymous) != nil,
		TellsTenants: markers.TellsTenants(), Plan: match.Host.Plan,
		// What is fetched beside, and what goes by a signed address, shows no session even
		// of who has one. A preflight never does (Fetch standard, 3.3.2).
		MustSignIn: markers.NeedsSignIn() && match.Operation != nil && match.Operation.Kind != catalog.Other &&
			match.Host.Role == "" && r.Method != "OPTIONS",
	}
	if keys := h.first(markers.Key); keys != nil {
		m.Key = credential(keys[0])
	}
	for _, plan := range markers.Plan {
		if m.Plan == "" && h.values(&plan.Marker) != nil {
			m.Plan = plan.Plan
		}
	}
	p.Facts.Account = s.account(match.Service.ID, m)
	if markers.ReadsBody() && r.Length != 0 {
		p.marks, p.Facts.Account.Pending = m, true
	}
}

// settleAccount judges the account anew with the markers in the body.
func (s *Snapshot) settleAccount(p *Plan, body []classifier.Segment) rules.Account {
	markers, m := &p.Service.Account, *p.marks
	fill := func(values *[]string, of []catalog.Marker) {
		if *values == nil {
			*values = firstInBody(of, body)
		}
	}
	fill(&m.Tenants, markers.Tenant)
	fill(&m.Users, markers.User)
	m.SignedIn = m.SignedIn || firstInBody(markers.Session, body) != nil
	m.Anonymous = m.Anonymous || firstInBody(markers.Anonymous, body) != nil
	if keys := firstInBody(markers.Key, body); m.Key == "" && keys != nil {
		m.Key = credential(keys[0])
	}
	for _, plan := range markers.Plan {
		if m.Plan == "" && firstInBody([]catalog.Marker{plan.Marker}, body) != nil {
			m.Plan = plan.Plan
		}
	}
	return s.account(p.Service.ID, &m)
}

// account judges the marks and gives the account its fingerprint.
func (s *Snapshot) account(service string, m *rules.AccountMarks) rules.Account {
	a := s.policy.Account(service, m)
	value := m.Key
	switch {
	case a.Kind == rules.AnonymousAccount:
		return a
	case a.Kind == rules.KeyAccount:
	case len(m.Tenants) > 0:
		value = strings.ToLower(m.Tenants[0])
	case len(m.Users) > 0:
		value = strings.ToLower(m.Users[0])
	}
	if value != "" {
		a.Fingerprint = s.scanner.Fingerprint("account "+service, []byte(value))
	}
	return a
}

// suspectedAccount is the account at a service on no list: only a key that is
// one of AI vendors is known to be one.
func (s *Snapshot) suspectedAccount(r *Request, service *rules.Service) rules.Account {
	if !service.IsAI() {
		return rules.Account{}
	}
	if r.Account != nil {
		return *r.Account
	}
	m := rules.AccountMarks{}
	if slices.Contains(service.Evidence, "vendor_key") || slices.Contains(service.Evidence, "compatible_key") {
		for _, name := range []string{"Authorization", "X-Api-Key", "Api-Key", "X-Goog-Api-Key"} {
			if value := r.header(name); m.Key == "" && value != "" {
				m.Key = credential(value)
			}
		}
	}
	return s.account(service.ID, &m)
}

// accountHead reads markers in the head of a request.
type accountHead struct {
	request  *Request
	match    *catalog.Match
	snapshot *Snapshot

	token   string // that was read last
	payload []classifier.Segment
}

// first returns the values of the first marker that is there; nil when none is.
func (h *accountHead) first(markers []catalog.Marker) []string {
	for i := range markers {
		if values := h.values(&markers[i]); values != nil {
			return values
		}
	}
	return nil
}

// values returns what stands at a marker and is accepted; nil when nothing is.
func (h *accountHead) values(m *catalog.Marker) []string {
	var out []string
	for _, value := range h.raw(m) {
		if m.Claim != nil {
			for _, claim := range inBody(m.Claim, h.claims(value)) {
				out = appendAccepted(out, m, claim)
			}
			continue
		}
		out = appendAccepted(out, m, value)
	}
	return out
}

func appendAccepted(out []string, m *catalog.Marker, value string) []string {
	if value = strings.TrimSpace(value); len(out) < maxMarkerValues && m.Accepts(value) {
		out = append(out, value)
	}
	return out
}

// raw returns the values at the source of a marker.
func (h *accountHead) raw(m *catalog.Marker) []string {
	r := h.request
	switch m.Source {
	case catalog.HeaderMarker:
		return r.Header[m.Name]
	case catalog.CookieMarker:
		return cookies(r.Header["Cookie"], m.NamesCookie)
	case catalog.QueryMarker:
		query, _ := url.ParseQuery(r.Query) // as much of it as can be read
		return query[m.Name]
	case catalog.PathMarker:
		if m.Path == nil {
			return []string{h.match.PathValue(r.Path, m.Name)}
		}
		if m.Path.Matches(r.Path) {
			return []string{r.Path}
		}
	case catalog.HostMarker:
		label, _, _ := strings.Cut(r.Destination.Host, ".")
		return []string{label}
	case catalog.AlwaysMarker:
		return []string{m.Source}
	}
	return nil
}

// cookies returns the values of the cookies with accepted names (RFC 6265 5.4).
func cookies(fields []string, accepts func(name string) bool) []string {
	var out []string
	for _, field := range fields {
		for pair := range strings.SplitSeq(field, ";") {
			name, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
			if ok && len(out) < maxMarkerValues && accepts(name) {
				out = append(out, strings.Trim(value, `"`))
			}
		}
	}
	return out
}

// claims returns the payload of a JSON Web Token (RFC 7519, 3). Its signature is the
// server's to check: a token that is none does not sign in.
func (h *accountHead) claims(token string) []classifier.Segment {
	if token == h.token {
		return h.payload // several markers read one token
	}
	h.token, h.payload = token, nil
	parts := strings.Split(credential(token), ".")
	if len(parts) != 3 || len(token) > maxToken {
		return nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return nil
	}
	limits := h.snapshot.limits
	limits.DecodedBytes, limits.Segments, limits.Depth = maxToken, 256, 1
	h.payload = extract.Body(extract.Input{MediaType: "application/json", Body: payload, Verbatim: true}, limits).Segments
	return h.payload
}

// firstInBody returns the values of the first marker that stands in the body.
func firstInBody(markers []catalog.Marker, body []classifier.Segment) []string {
	for i := range markers {
		m := &markers[i]
		if m.Source != catalog.BodyMarker {
			continue
		}
		var out []string
		for _, value := range inBody(m.Body, body) {
			out = appendAccepted(out, m, value)
		}
		if out != nil {
			return out
		}
	}
	return nil
}

func inBody(at *catalog.Locator, body []classifier.Segment) []string {
	var out []string
	members := at.Members(body)
	var steps []classifier.Location
	for i := range body {
		steps = body[i].Location.AppendSteps(steps[:0])
		if len(out) < maxMarkerValues && at.MatchesSteps(steps, members) {
			out = append(out, string(body[i].Text))
		}
	}
	return out
}

// credential returns what a header says of who asks, without the scheme and
// without a signature, which differs from request to request: of "Bearer x" the
// x, of AWS4-HMAC-SHA256 and its kin the id of the key.
func credential(value string) string {
	if _, rest, ok := strings.Cut(value, "Credential="); ok {
		id, _, _ := strings.Cut(rest, "/")
		return id
	}
	if scheme, rest, ok := strings.Cut(strings.TrimSpace(value), " "); ok && !strings.Contains(scheme, "=") {
		return strings.TrimSpace(rest)
	}
	return strings.TrimSpace(value)
}
