package engine

import (
	"mime"
	"strings"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// heldSuspicion is the largest body that is held only to learn from its shape
// whether the destination is AI. Larger ones are observed: the finding comes
// late then, but nobody waits for it.
const heldSuspicion = 1 << 20

// Plan judges the head of a request.
func (s *Snapshot) Plan(r Request) Plan {
	d := &r.Destination
	d.ConnectHost, d.SNI, d.Host = catalog.NormalizeHost(d.ConnectHost), catalog.NormalizeHost(d.SNI), catalog.NormalizeHost(d.Host)
	p := Plan{Request: r, Facts: rules.Facts{
		Time: r.Time, Client: r.Client, Destination: r.Destination, Method: r.Method, Path: r.Path,
		MediaType: r.mediaType(), Bytes: r.Length,
	}}
	match, found := s.catalog.Match(r.query())
	if r.Upload != nil && s.planUpload(&p) {
		p.PathTemplate = s.catalog.Template(r.Path)
	} else if found {
		p.Service, p.operation = match.Service, match.Operation
		p.Facts.Service = listed(match)
		p.PathTemplate = match.Template(r.Path)
		s.planAccount(&p, &match)
	} else {
		p.Facts.Service = s.suspect(&r, nil)
		p.Facts.Account = s.suspectedAccount(&r, &p.Facts.Service)
		p.PathTemplate = s.catalog.Template(r.Path)
	}
	p.Need, p.Verdict, p.Final = s.policy.Plan(p.Facts)
	if !p.Facts.Service.IsAI() && !(p.Final && p.Verdict.Stops()) && r.mayHideAI() {
		s.planForSuspicion(&p)
	}
	return p
}

// planForSuspicion raises the need of a request to a host on no list: its body
// may show that it is AI after all, and what would then be needed is needed now.
func (s *Snapshot) planForSuspicion(p *Plan) {
	as := p.Facts
	as.Service = rules.Service{ID: rules.Suspected, Operation: catalog.Prompt, Confidence: "medium"}
	need, verdict, final := s.policy.Plan(as)
	if final && !verdict.Stops() {
		return // known or not, it is let through unread
	}
	if final {
		need = rules.Hold
	}
	if unknown := p.Request.Length < 0 && !p.Request.isMessage(); need == rules.Hold && (unknown || p.Request.Length > heldSuspicion) {
		need = rules.Observe
	}
	p.Need, p.Verdict, p.Final = min(p.Need, need), rules.Verdict{}, false
}

// listed turns the entry of the catalogue into facts.
func listed(m catalog.Match) rules.Service {
	s := m.Service
	return rules.Service{
		ID: s.ID, Vendor: s.Vendor, Category: s.Category, Country: s.Country, Countries: s.Countries,
		Operation: m.Kind(), Confidence: s.Confidence,
	}
}

// query is the part of a request that the catalogue looks at.
func (r *Request) query() catalog.Query {
	return catalog.Query{
		Host: r.Destination.Host, Port: r.Destination.Port, Method: r.Method, Path: r.Path, RawQuery: r.Query,
		Header: r.header, WebSocket: strings.EqualFold(r.header("Upgrade"), "websocket"),
	}
}

// header returns the first value of a header field with a canonical name.
func (r *Request) header(name string) string {
	if values := r.Header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// mediaType returns the declared media type without parameters, in lower case.
func (r *Request) mediaType() string {
	value := r.header("Content-Type")
	if value == "application/json" { // nothing to parse in most requests
		return value
	}
	media, _, _ := mime.ParseMediaType(value)
	return media
}

// isMessage tells whether a request is a message of a WebSocket. It comes to its end
// soon, and whether its length is known beforehand is up to the client, which
// compresses it or cuts it into frames as it likes.
func (r *Request) isMessage() bool { return r.Length != 0 && r.query().WebSocket }

// mayHideAI tells whether a request has a body whose shape could show AI.
func (r *Request) mayHideAI() bool {
	if r.Length == 0 || r.Method == "CONNECT" {
		return false
	}
	media := r.mediaType()
	return media == "" || strings.HasSuffix(media, "json") || media == "multipart/form-data" || media == "text/plain"
}
