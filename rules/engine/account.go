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
	maxMarkerValues = 8        // of one marker that differ; more than one is an oddity
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
		Tenants: h.first(markers.Tenant).all(), Users: h.first(markers.User).all(),
		SignedIn: h.first(markers.Session).known(), Anonymous: h.first(markers.Anonymous).known(),
		TellsTenants: markers.TellsTenants(), Plan: match.Host.Plan,
		// What is fetched beside, and what goes by a signed address, shows no session even
		// of who has one. A preflight never does (Fetch standard, 3.3.2).
		MustSignIn: markers.NeedsSignIn() && match.Operation != nil && match.Operation.Kind != catalog.Other &&
			match.Host.Role == "" && r.Method != "OPTIONS",
	}
	if keys := h.first(markers.Key); keys.known() {
		m.Key = credential(keys.list[0])
	}
	for _, plan := range markers.Plan {
		if m.Plan == "" && h.values(&plan.Marker).known() {
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
			*values = firstInBody(of, body).all()
		}
	}
	fill(&m.Tenants, markers.Tenant)
	fill(&m.Users, markers.User)
	m.SignedIn = m.SignedIn || firstInBody(markers.Session, body).known()
	m.Anonymous = m.Anonymous || firstInBody(markers.Anonymous, body).known()
	if keys := firstInBody(markers.Key, body); m.Key == "" && keys.known() {
		m.Key = credential(keys.list[0])
	}
	for _, plan := range markers.Plan {
		if m.Plan == "" && firstInBody([]catalog.Marker{plan.Marker}, body).known() {
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

// suspectedAccount is the account at a service on no list: only a key that is one of
// AI vendors is known to be one. That others showed theirs there says nothing of it.
func (s *Snapshot) suspectedAccount(r *Request, service *rules.Service) rules.Account {
	if !service.IsAI() {
		return rules.Account{}
	}
	if r.Account != nil {
		return *r.Account
	}
	m := rules.AccountMarks{}
	for _, name := range []string{"Authorization", "X-Api-Key", "Api-Key"} {
		if value := r.header(name); m.Key == "" && s.discovery.IsKey(value) {
			m.Key = credential(value)
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

// markerValues are the values of a marker that differ, maxMarkerValues at most.
type markerValues struct {
	list []string
	more bool // there are others
}

func (v *markerValues) add(value string) {
	switch {
	case slices.Contains(v.list, value):
	case len(v.list) < maxMarkerValues:
		v.list = append(v.list, value)
	default:
		v.more = true
	}
}

// addAccepted adds those of other values that the marker stands for.
func (v *markerValues) addAccepted(m *catalog.Marker, other markerValues) {
	for _, value := range other.list {
		if value = strings.TrimSpace(value); m.Accepts(value) {
			v.add(value)
		}
	}
	v.more = v.more || other.more
}

func (v markerValues) known() bool { return len(v.list) > 0 }

// all returns the values, and behind them "", which is no account's, when there are
// others; nil for none.
func (v markerValues) all() []string {
	if v.more {
		return append(v.list, "")
	}
	return v.list
}

// first returns the values of the first marker that is there.
func (h *accountHead) first(markers []catalog.Marker) markerValues {
	for i := range markers {
		if values := h.values(&markers[i]); values.known() || values.more {
			return values
		}
	}
	return markerValues{}
}

// values returns what stands at a marker and is accepted.
func (h *accountHead) values(m *catalog.Marker) (out markerValues) {
	raw := h.raw(m)
	if m.Claim == nil {
		out.addAccepted(m, raw)
		return out
	}
	for _, token := range raw.list {
		out.addAccepted(m, inBody(m.Claim, h.claims(token)))
	}
	out.more = out.more || raw.more
	return out
}

// raw returns the values at the source of a marker.
func (h *accountHead) raw(m *catalog.Marker) (out markerValues) {
	r := h.request
	switch m.Source {
	case catalog.HeaderMarker:
		for _, value := range r.Header[m.Name] {
			out.add(value)
		}
	case catalog.CookieMarker:
		addCookies(&out, r.Header["Cookie"], m.NamesCookie)
	case catalog.QueryMarker:
		query, _ := url.ParseQuery(r.Query) // as much of it as can be read
		for _, value := range query[m.Name] {
			out.add(value)
		}
	case catalog.PathMarker:
		if m.Path == nil {
			out.add(h.match.PathValue(r.Path, m.Name))
		} else if m.Path.Matches(r.Path) {
			out.add(r.Path)
		}
	case catalog.HostMarker:
		label, _, _ := strings.Cut(r.Destination.Host, ".")
		out.add(label)
	case catalog.AlwaysMarker:
		out.add(m.Source)
	}
	return out
}

// addCookies adds the values of the cookies with accepted names (RFC 6265 5.4).
func addCookies(out *markerValues, fields []string, accepts func(name string) bool) {
	for _, field := range fields {
		for pair := range strings.SplitSeq(field, ";") {
			if name, value, ok := strings.Cut(strings.TrimSpace(pair), "="); ok && accepts(name) {
				out.add(strings.Trim(value, `"`))
			}
		}
	}
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
func firstInBody(markers []catalog.Marker, body []classifier.Segment) (out markerValues) {
	for i := range markers {
		m := &markers[i]
		if m.Source != catalog.BodyMarker {
			continue
		}
		if out.addAccepted(m, inBody(m.Body, body)); out.known() || out.more {
			break
		}
	}
	return out
}

func inBody(at *catalog.Locator, body []classifier.Segment) (out markerValues) {
	members := at.Members(body)
	var steps []classifier.Location
	for i := range body {
		steps = body[i].Location.AppendSteps(steps[:0])
		if at.MatchesSteps(steps, members) {
			out.add(string(body[i].Text))
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
