package engine

import (
	"mime"
	"strings"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// Plan judges the head of a request.
func (s *Snapshot) Plan(r Request) Plan {
	d := &r.Destination
	d.ConnectHost, d.SNI, d.Host = catalog.NormalizeHost(d.ConnectHost), catalog.NormalizeHost(d.SNI), catalog.NormalizeHost(d.Host)
	p := Plan{Request: r, planned: true, Facts: rules.Facts{
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
		head := r.Discovery()
		p.Discovery = s.discovery.Exchange(&head)
		p.Facts.Service = s.Suspicion(r, p.Discovery.Evidence())
		p.Facts.Account = s.suspectedAccount(&r, &p.Facts.Service)
		p.PathTemplate = s.catalog.Template(r.Path)
	}
	p.Need, p.Verdict, p.Final = s.policy.Plan(p.Facts)
	p.Peek = p.Unlisted() && !p.Facts.Service.IsAI() && !(p.Final && p.Verdict.Stops()) && r.mayHideAI()
	return p
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

// mayHideAI tells whether a request has a body whose shape could show AI.
func (r *Request) mayHideAI() bool {
	if r.Length == 0 || r.Method == "CONNECT" {
		return false
	}
	media := r.mediaType()
	switch media {
	case "", "multipart/form-data", "text/plain", "application/x-www-form-urlencoded", "application/json+protobuf":
		return true
	}
	return strings.HasSuffix(media, "json")
}
