package catalog

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// operation holds the examples against the catalogue: each must match this very
// operation, and each path must have one.
func (l *linter) operation(n *operationNode, s *Service, o *Operation) {
	if len(n.Example) == 0 {
		l.ErrorAt(n.At, 1, "add `example` with a URL, and one for each path", "the operation has no example")
		return
	}
	var paths []string
	faults := len(l.Problems)
	for _, v := range n.Example {
		q, fault := o.example(v.V)
		if fault == "" {
			fault = l.mismatch(q, s, o)
		}
		if fault != "" {
			l.ErrorAt(v.At, v.Length, "", "%s", fault)
		}
		paths = append(paths, q.Path)
	}
	if len(l.Problems) > faults {
		return // the paths of those examples are not known
	}
	for _, v := range n.Path {
		if p, err := ParsePathPattern(v.V); err == nil && !slices.ContainsFunc(paths, p.Matches) {
			l.ErrorAt(v.At, v.Length, "add one to `example`", "the path %s has no example", v.V)
		}
	}
}

// example turns the URL of an example into what the proxy asks for the request;
// the headers that the operation needs are there.
func (o *Operation) example(text string) (q Query, fault string) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return Query{}, "the example is not a URL"
	}
	ports := map[string]uint16{"http": 80, "https": 443, "ws": 80, "wss": 443}
	port, known := ports[u.Scheme]
	if webSocket := strings.HasPrefix(u.Scheme, "ws"); !known || webSocket != o.WebSocket {
		fault = "the example of a request begins with https:// or http://"
		if o.WebSocket {
			fault = "the example of a WebSocket begins with wss:// or ws://"
		}
		return Query{}, fault
	}
	if u.Port() != "" {
		n, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil {
			return Query{}, "the port of the example is none"
		}
		port = uint16(n)
	}
	header := func(name string) string {
		for _, r := range o.Header {
			if r.Name == name {
				return strings.ReplaceAll(r.Value, "*", "x")
			}
		}
		return ""
	}
	return Query{Host: u.Hostname(), Port: port, Method: o.Method, Path: u.Path, RawQuery: u.RawQuery, Header: header, WebSocket: o.WebSocket}, ""
}

// mismatch says what a request matches that is not the operation; "" when it
// matches the operation.
func (l *linter) mismatch(q Query, s *Service, o *Operation) string {
	m, ok := l.catalog.Match(q)
	switch {
	case !ok:
		return "the example matches no service"
	case m.Service.ID != s.ID:
		return "the example matches the service " + strconv.Quote(m.Service.ID) + " at " + m.Service.At.String()
	case m.Operation == nil:
		return "the example matches no operation of the service"
	case m.Operation.At != o.At:
		return "the example matches the operation at " + m.Operation.At.String() + " before this one"
	default:
		return ""
	}
}
