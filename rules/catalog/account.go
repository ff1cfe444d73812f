package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/strictyaml"
)

// Account says where the requests of a service tell which account they use. The
// markers of one kind are tried in their order; the first that is there counts.
type Account struct {
	Tenant    []Marker // the workspace, organisation or project
	User      []Marker // the person, best as an address of electronic mail
	Session   []Marker // somebody is signed in
	Key       []Marker // an API key is used
	Anonymous []Marker // nobody is signed in, whatever else is there
	Plan      []PlanMarker
}

// PlanMarker tells the vendor's plan that an account has.
type PlanMarker struct {
	Plan string
	Marker
}

// Sources of markers.
const (
	HeaderMarker = "header"
	CookieMarker = "cookie" // Name may end in "*"
	QueryMarker  = "query"
	PathMarker   = "path" // a placeholder of the path; with Path, that the path fits
	HostMarker   = "host" // the first label of the host
	BodyMarker   = "json"
	AlwaysMarker = "always" // is there in every request
)

// Marker is a place that tells something of the account.
type Marker struct {
	Source string
	Name   string       // of the header, cookie, parameter or placeholder
	Path   *PathPattern // of PathMarker instead of a name
	Body   *Locator     // of BodyMarker
	// Claim is set when the value is a JSON Web Token (RFC 7519), bare or behind
	// a scheme such as Bearer, and its claim there is meant.
	Claim *Locator
	Value string // that it must have; "*" stands for any run of characters; "" for any
	text  string
}

// String returns the marker as it was written.
func (m Marker) String() string { return m.text }

// Accepts tells whether a value is one that the marker stands for.
func (m *Marker) Accepts(value string) bool {
	return value != "" && (m.Value == "" || wildcard(m.Value, value))
}

// NamesCookie tells whether a cookie is the one of the marker.
func (m *Marker) NamesCookie(name string) bool { return wildcard(m.Name, name) }

// ReadsBody tells whether some marker stands in the body.
func (a *Account) ReadsBody() bool {
	return slices.ContainsFunc(a.markers(), func(m Marker) bool { return m.Source == BodyMarker })
}

// TellsTenants tells whether requests say which tenant or person they are of.
func (a *Account) TellsTenants() bool { return len(a.Tenant)+len(a.User) > 0 }

// NeedsSignIn tells whether a request without any marker is one of nobody.
func (a *Account) NeedsSignIn() bool { return len(a.Session) > 0 }

func (a *Account) markers() []Marker {
	all := slices.Concat(a.Tenant, a.User, a.Session, a.Key, a.Anonymous)
	for _, p := range a.Plan {
		all = append(all, p.Marker)
	}
	return all
}

// String lists the markers by what they tell.
func (a Account) String() string {
	var parts []string
	for _, kind := range []struct {
		word    string
		markers []Marker
	}{{"tenant", a.Tenant}, {"user", a.User}, {"session", a.Session}, {"api_key", a.Key}, {"anonymous", a.Anonymous}} {
		for _, m := range kind.markers {
			parts = append(parts, kind.word+" "+m.text)
		}
	}
	for _, p := range a.Plan {
		parts = append(parts, p.Plan+" "+p.text)
	}
	return strings.Join(parts, ", ")
}

// PathValue returns what stands for a placeholder in the path of a request that
// matched; "" when it has none of that name.
func (m Match) PathValue(path, name string) string {
	if m.path == nil {
		return ""
	}
	path = singleSlashes(path)
	for i := range m.path.forms {
		var ends pathEnds
		f := &m.path.forms[i]
		if f.late || !f.matches(path, &ends) {
			continue
		}
		start := 0
		for k, p := range f.pieces {
			if p.kind == hole && p.text == "{"+name+"}" {
				return path[start:ends[k]]
			}
			start = ends[k]
		}
		return ""
	}
	return ""
}

// apiKeys are the markers of an API whose entry has none.
func apiKeys() []string {
	return []string{"header:Authorization", "header:X-Api-Key", "header:Api-Key", "header:X-Goog-Api-Key", "query:key"}
}

// accountNode is the account of a service as it is written: a list of the markers
// of its tenant, or a mapping.
type accountNode struct {
	Tenant    strictyaml.Strings            `yaml:"tenant" doc:"markers of the workspace, organisation, team or project; the first that is there counts" example:"[header:X-Acme-Team, path:team]"`
	User      strictyaml.Strings            `yaml:"user" doc:"markers of the person, best by an address" example:"header:X-Acme-User"`
	Session   strictyaml.Strings            `yaml:"session" doc:"markers of somebody being signed in; where they are listed, a prompt without any is made by nobody" example:"cookie:acme_session"`
	Key       strictyaml.Strings            `yaml:"api_key" doc:"markers of a program with a key" example:"header:X-Acme-Key"`
	Anonymous strictyaml.Strings            `yaml:"anonymous" doc:"markers of nobody being signed in, whatever else is there" example:"path:/anonymous/*"`
	Plan      map[string]strictyaml.Strings `yaml:"plan" doc:"markers of the vendor's plan, by plan, where the host does not tell" values:"plan" example:"{free: 'header:X-Acme-Plan = free*'}"`
}

// DecodeYAML implements strictyaml.Decodable.
func (a *accountNode) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		d.Decode(n, &a.Tenant)
		return
	}
	type plain accountNode
	d.Decode(n, (*plain)(a))
}

// compile reads the markers of a service with the given category and operations.
func (a *accountNode) compile(d *strictyaml.Decoder, category string, operations []Operation) Account {
	read := func(texts strictyaml.Strings) []Marker {
		var out []Marker
		for _, t := range texts {
			m, err := parseMarker(t.V)
			if err == nil {
				err = m.fits(operations)
			}
			if err != nil {
				d.ErrorAt(t.At, t.Length, "", "%v", err)
				continue
			}
			out = append(out, m)
		}
		return out
	}
	out := Account{Tenant: read(a.Tenant), User: read(a.User), Session: read(a.Session), Key: read(a.Key), Anonymous: read(a.Anonymous)}
	for _, plan := range Plans() {
		for _, m := range read(a.Plan[plan]) {
			out.Plan = append(out.Plan, PlanMarker{plan, m})
		}
	}
	for plan, texts := range a.Plan {
		if !slices.Contains(Plans(), plan) && len(texts) > 0 {
			oneOf(d, text{V: plan, At: texts[0].At, Length: texts[0].Length, Set: true}, "plan", Plans())
		}
	}
	if isAPI := category == "llm_api" || category == "inference_relay"; isAPI && len(out.Session)+len(out.Key)+len(out.Anonymous) == 0 {
		for _, key := range apiKeys() {
			m, _ := parseMarker(key) // a constant
			out.Key = append(out.Key, m)
		}
	}
	return out
}

// fits tells whether the placeholder of a marker stands in the path of an operation.
func (m *Marker) fits(operations []Operation) error {
	if m.Source != PathMarker || m.Path != nil {
		return nil
	}
	for i := range operations {
		for _, p := range operations[i].Paths {
			if strings.Contains(p.text, "{"+m.Name+"}") {
				return nil
			}
		}
	}
	return fmt.Errorf("no operation has {%s} in its path", m.Name)
}

// parseMarker reads "header:NAME", "cookie:NAME", "query:NAME", "path:NAME",
// "path:/PATTERN", "host", "always" or a JSON path, then perhaps "| jwt $.CLAIM",
// then perhaps "= VALUE".
func parseMarker(source string) (Marker, error) {
	place, value, valued := strings.Cut(source, " = ")
	place, claim, claimed := strings.Cut(place, "|")
	place, value = strings.TrimSpace(place), strings.TrimSpace(value)
	m := Marker{Value: value, text: source}
	if valued && value == "" {
		return m, fmt.Errorf("%q lacks the value behind =", source)
	}
	if claimed {
		path, ok := strings.CutPrefix(strings.TrimSpace(claim), "jwt ")
		if !ok {
			return m, fmt.Errorf("%q cannot follow | in an account marker: only jwt $.claim can", strings.TrimSpace(claim))
		}
		l, err := parseBodyPath(strings.TrimSpace(path))
		if err != nil {
			return m, err
		}
		m.Claim = &l
	}
	return m, m.place(place)
}

func parseBodyPath(path string) (Locator, error) {
	if !strings.HasPrefix(path, "$") || strings.Contains(path, "|") {
		return Locator{}, fmt.Errorf("%q is not a JSON path: it begins with $", path)
	}
	return ParseLocator(path)
}

// place reads where the value of a marker stands.
func (m *Marker) place(text string) error {
	kind, name, named := strings.Cut(text, ":")
	switch {
	case strings.HasPrefix(text, "$"):
		l, err := parseBodyPath(text)
		m.Source, m.Body = BodyMarker, &l
		return err
	case text == HostMarker, text == AlwaysMarker:
		m.Source = text
		return nil
	case named && kind == PathMarker && strings.HasPrefix(name, "/"):
		p, err := ParsePathPattern(name)
		m.Source, m.Path = PathMarker, &p
		return err
	case named && name != "" && slices.Contains([]string{HeaderMarker, CookieMarker, QueryMarker, PathMarker}, kind):
		m.Source, m.Name = kind, name
		if kind == HeaderMarker {
			m.Name = canonicalHeader(name)
		}
		return nil
	}
	return errors.New("\"" + text + "\" is not an account marker: write header:NAME, cookie:NAME, query:NAME, path:NAME, path:/PATTERN, host, always or $.name")
}
