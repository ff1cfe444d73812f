package catalog

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/strictyaml"
)

// Categories are the kinds of services that the embedded catalogue tells apart.
func Categories() []string {
	return []string{
		"chat", "llm_api", "inference_relay", "marketing", "writing", "image", "video", "audio", "meetings",
		"translation", "file_chat", "coding", "agent", "mcp_server", "browser_extension", "saas_ai", "local",
	}
}

// Confidences are the ways in which an entry may be founded.
func Confidences() []string {
	return []string{Documented, Multi, Code, Single, HostOnly, Declared}
}

// Plans are the vendors' plans that a host can tell, from the one that people
// sign up for themselves to the ones that a company concludes.
func Plans() []string {
	return []string{"free", "personal", "team", "business", "enterprise", "api"}
}

func errorShapes() []string {
	return []string{OpenAIError, AnthropicError, GoogleError, PlainError}
}

type text = strictyaml.Value[string]

// serviceNode is a service as it is written in YAML.
type serviceNode struct {
	At         strictyaml.Position
	ID         text               `yaml:"id,required" doc:"what policies, metrics and events call it: lower-case letters, digits and hyphens" values:"service_id" example:"copywriter"`
	Name       string             `yaml:"name" doc:"shown to people; left out: the id" example:"In-house copywriter"`
	Vendor     string             `yaml:"vendor" doc:"who offers it" example:"Example"`
	Country    strictyaml.Strings `yaml:"country" doc:"home of the vendor first, then others; ZZ when it has none" values:"country" example:"DE"`
	Category   text               `yaml:"category" doc:"kind of service" values:"category" default:"chat" example:"writing"`
	Hosts      []hostNode         `yaml:"hosts,required" doc:"where it is reached" example:"[copywriter.corp.example]"`
	Operations []operationNode    `yaml:"operations" doc:"its requests that carry a prompt or an upload; the first that fits decides, and a request that none fits is 'other'"`
	Account    accountNode        `yaml:"account" doc:"what tells its accounts apart in a request"`
	ErrorShape text               `yaml:"error_shape" doc:"the form of error that its apps can show" values:"error_shape" default:"plain" example:"openai"`
	Risk       *riskNode          `yaml:"risk" doc:"what the vendor documents of what people enter"`
	VerifiedOn text               `yaml:"verified_on" doc:"when the entry was last checked against its sources" values:"date" example:"2026-11-22"`
	Confidence text               `yaml:"confidence" doc:"how the entry is founded" values:"confidence" default:"declared" example:"documented"`
	Notes      string             `yaml:"notes" doc:"for those who maintain the entry" example:"asked the vendor"`
}

type hostNode struct {
	Host  text               `yaml:"host,required" doc:"a name; '*.example.com' for every name below it, '*' inside of a label, ':8443' behind it for one port" example:"copywriter.corp.example"`
	Paths strictyaml.Strings `yaml:"paths" doc:"on a shared host: only these paths are the service" example:"[/assistant/*]"`
	Role  text               `yaml:"role" doc:"'files': blobs and uploads; 'drafts': telemetry or synchronisation that carries what is typed" values:"role" example:"files"`
	Plan  text               `yaml:"plan" doc:"the plan of the vendor that this host tells" values:"plan" example:"free"`
}

// DecodeYAML implements strictyaml.Decodable: a host may be written as a
// single text.
func (h *hostNode) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		d.Decode(n, &h.Host)
		return
	}
	type plain hostNode
	d.Decode(n, (*plain)(h))
}

type operationNode struct {
	At        strictyaml.Position
	Kind      text               `yaml:"kind,required" doc:"what the request does" values:"operation" example:"prompt"`
	Method    text               `yaml:"method" doc:"of the request; a WebSocket has none" default:"POST" example:"PUT"`
	Path      strictyaml.Strings `yaml:"path,required" doc:"paths of the request: '{name}' is one segment, '*' any characters, '[x]' may be missing, '(x|y)' is one of them" example:"'/v1/{team}/chat[/stream]'"`
	Host      hostPatterns       `yaml:"host" doc:"only on these hosts of the service" example:"copywriter.corp.example"`
	Query     map[string]string  `yaml:"query" doc:"parameters that must be there; '*' in a value stands for anything" example:"{mode: '*'}"`
	Header    map[string]string  `yaml:"header" doc:"headers that must be there; '*' in a value stands for anything" example:"{X-Acme-Kind: 'chat*'}"`
	WebSocket bool               `yaml:"websocket" doc:"'true': the request opens a WebSocket, and each message of the client is looked at" default:"false"`
	Text      strictyaml.Strings `yaml:"text" doc:"where the text of people sits: places in the body, or 'as' and a wire format that many services share" example:"$.prompt"`
	Pieces    text               `yaml:"pieces" doc:"how the texts of the messages of a WebSocket make up one" values:"pieces" example:"append"`
	Example   strictyaml.Strings `yaml:"example" doc:"a URL that this very operation matches" example:"https://copywriter.corp.example/v1/red/chat"`
}

// serviceList reads a list of services; complete asks for every field that the
// embedded catalogue needs. Nodes and services stand side by side.
type serviceList struct {
	complete bool
	nodes    []serviceNode
	services []Service
}

// DecodeYAML implements strictyaml.Decodable.
func (l *serviceList) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	var nodes []serviceNode
	d.Decode(n, &nodes)
	for _, s := range nodes {
		if l.complete {
			s.requireAll(d)
		}
		if s.ID.Set {
			l.nodes = append(l.nodes, s)
			l.services = append(l.services, s.service(d))
		}
	}
}

// DecodeServices reads the services section of a policy file. Name defaults to
// the id, category to "chat", confidence to Declared, error shape to PlainError.
func DecodeServices(d *strictyaml.Decoder, n *yaml.Node) []Service {
	var l serviceList
	l.DecodeYAML(d, n)
	return l.services
}

func (s *serviceNode) requireAll(d *strictyaml.Decoder) {
	for _, f := range []struct {
		key string
		set bool
	}{
		{"name", s.Name != ""}, {"vendor", s.Vendor != ""}, {"country", len(s.Country) > 0}, {"category", s.Category.Set},
		{"verified_on", s.VerifiedOn.Set}, {"confidence", s.Confidence.Set},
	} {
		if !f.set {
			d.ErrorAt(s.At, 1, "", "key %q is missing in service %q", f.key, s.ID.V)
		}
	}
}

func (s *serviceNode) service(d *strictyaml.Decoder) Service {
	out := Service{
		ID: s.ID.V, Name: s.Name, Vendor: s.Vendor, Countries: s.Country.Values(), Category: s.Category.V,
		ErrorShape: s.ErrorShape.V, VerifiedOn: s.VerifiedOn.V, Confidence: s.Confidence.V, Notes: s.Notes, At: s.At,
	}
	if out.Name == "" {
		out.Name = out.ID
	}
	s.check(d)
	defaultTo(&out.Category, "chat")
	defaultTo(&out.Confidence, Declared)
	defaultTo(&out.ErrorShape, PlainError)
	if len(out.Countries) > 0 {
		out.Country = out.Countries[0]
	}
	for _, h := range s.Hosts {
		if host, ok := h.compile(d); ok {
			out.Hosts = append(out.Hosts, host)
		}
	}
	if s.Risk != nil {
		out.Risk = s.Risk.risk(d)
	}
	for _, o := range s.Operations {
		out.Operations = append(out.Operations, o.compile(d))
	}
	out.Account = s.Account.compile(d, out.Category, out.Operations)
	return out
}

func defaultTo(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

// check judges the words that come from a fixed set, and the formats.
func (s *serviceNode) check(d *strictyaml.Decoder) {
	if !serviceID.MatchString(s.ID.V) || slices.Contains([]string{"other", "suspected", "none"}, s.ID.V) {
		d.ErrorAt(s.ID.At, s.ID.Length, "", "%q is not an id: use lower-case letters, digits and hyphens; other, suspected and none are taken", s.ID.V)
	}
	if len(s.Hosts) == 0 {
		d.ErrorAt(s.At, 1, "", "service %q has no hosts", s.ID.V)
	}
	for _, c := range s.Country {
		if !countryCode.MatchString(c.V) || c.V == "UK" {
			d.ErrorAt(c.At, c.Length, "write two capital letters, such as US, CN or GB", "%q is not a country code of ISO 3166-1", c.V)
		}
	}
	date(d, s.VerifiedOn)
	oneOf(d, s.Confidence, "confidence", Confidences())
	oneOf(d, s.ErrorShape, "error shape", errorShapes())
	if categories := Categories(); s.Category.Set && !slices.Contains(categories, s.Category.V) {
		d.WarnAt(s.Category.At, s.Category.Length, strictyaml.DidYouMean(s.Category.V, categories),
			"category %q is new; the catalogue has %s", s.Category.V, strings.Join(categories, ", "))
	}
}

var (
	serviceID   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	countryCode = regexp.MustCompile(`^[A-Z]{2}$`)
)

// date reports a text that is no date; it returns the zero time for one that is not set.
func date(d *strictyaml.Decoder, v text) time.Time {
	t, err := time.Parse(time.DateOnly, v.V)
	if v.Set && err != nil {
		d.ErrorAt(v.At, v.Length, "", "%q is not a date such as 2026-11-22", v.V)
	}
	return t
}

func oneOf(d *strictyaml.Decoder, v text, what string, words []string) {
	if v.Set && !slices.Contains(words, v.V) {
		hint := strictyaml.DidYouMean(v.V, words)
		if hint == "" {
			hint = "use one of " + strings.Join(words, ", ")
		}
		d.ErrorAt(v.At, v.Length, hint, "unknown %s %q", what, v.V)
	}
}

func (h *hostNode) compile(d *strictyaml.Decoder) (Host, bool) {
	p, err := ParseHostPattern(h.Host.V)
	if err != nil {
		d.ErrorAt(h.Host.At, h.Host.Length, "", "%v", err)
		return Host{}, false
	}
	oneOf(d, h.Role, "role of a host", []string{FilesRole, DraftsRole})
	oneOf(d, h.Plan, "plan", Plans())
	return Host{p, compilePaths(d, h.Paths), h.Role.V, h.Plan.V, h.Host.At}, true
}

func compilePaths(d *strictyaml.Decoder, paths strictyaml.Strings) []PathPattern {
	var out []PathPattern
	for _, v := range paths {
		p, err := ParsePathPattern(v.V)
		if err != nil {
			d.ErrorAt(v.At, v.Length, "", "%v", err)
			continue
		}
		out = append(out, p)
	}
	return out
}

func (o *operationNode) compile(d *strictyaml.Decoder) Operation {
	out := Operation{
		At: o.At, Kind: o.Kind.V, Method: strings.ToUpper(o.Method.V), Paths: compilePaths(d, o.Path), Hosts: o.Host,
		Query: requirements(o.Query, asWritten), Header: requirements(o.Header, canonicalHeader), WebSocket: o.WebSocket, Examples: o.Example.Values(),
		Pieces: Pieces(o.Pieces.V),
	}
	oneOf(d, o.Pieces, "way to put pieces together", []string{string(Append), string(Edits)})
	oneOf(d, o.Kind, "kind of operation", []string{Prompt, Upload, Other})
	switch {
	case o.Pieces.Set && !o.WebSocket:
		d.ErrorAt(o.Pieces.At, o.Pieces.Length, "leave it out", "only the messages of a WebSocket bring a text in pieces")
	case o.WebSocket && o.Method.Set:
		d.ErrorAt(o.Method.At, o.Method.Length, "leave it out", "a WebSocket has no method")
	case !o.WebSocket && !o.Method.Set:
		out.Method = "POST"
	}
	for _, v := range o.Text {
		for _, l := range parseText(d, v) {
			if l.Protocol {
				out.Protocol = append(out.Protocol, l)
			} else {
				out.Text = append(out.Text, l)
			}
		}
	}
	if out.Kind == Prompt && len(o.Text) == 0 {
		d.ErrorAt(o.At, 1, "say where the text sits, for example `text: $.messages[*].content` or `text: as openai-chat`", "the prompt operation has no text")
	}
	return out
}

// parseText reads one location, or the locations of a wire format ("as openai-chat").
func parseText(d *strictyaml.Decoder, v text) []Locator {
	if name, ok := strings.CutPrefix(v.V, "as "); ok {
		locators := parsedFormats()[strings.TrimSpace(name)]
		if locators == nil {
			d.ErrorAt(v.At, v.Length, "known formats: "+strings.Join(wireFormatNames(), ", "), "unknown wire format %q", name)
		}
		return locators
	}
	l, err := ParseLocator(v.V)
	if err != nil {
		hint := ""
		if _, e := ParseLocator("$." + v.V); e == nil {
			hint = strictyaml.DidYouMean(v.V, []string{"$." + v.V})
		}
		d.ErrorAt(v.At, v.Length, hint, "%v", err)
		return nil
	}
	return []Locator{l}
}

func requirements(m map[string]string, canonical func(string) string) []Requirement {
	var out []Requirement
	for name, value := range m {
		out = append(out, Requirement{canonical(name), value})
	}
	slices.SortFunc(out, func(a, b Requirement) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func asWritten(name string) string { return name }

// canonicalHeader writes a header name as net/http keeps it: "X-Tc-Action".
func canonicalHeader(name string) string {
	b := []byte(strings.ToLower(name))
	for i, c := range b {
		if (i == 0 || b[i-1] == '-') && c >= 'a' && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}
