package catalog

import (
	"cmp"
	"net/url"
	"strings"
)

// Query is the head of a request, as far as the catalogue looks at it.
type Query struct {
	Host      string
	Port      uint16 // 0 when unknown
	Method    string
	Path      string // decoded, without the query
	RawQuery  string
	Header    func(name string) string // the first value under a canonical name; may be nil
	WebSocket bool
}

// Match is what the catalogue knows of a request.
type Match struct {
	Service *Service
	Host    *Host // by which the service was found
	// Operation is nil when only the host is known.
	Operation *Operation
	path      *PathPattern
	words     map[string]bool
}

// Kind returns the kind of the operation, Other when only the host is known.
func (m Match) Kind() string {
	if m.Operation == nil {
		return Other
	}
	return m.Operation.Kind
}

// Path returns the pattern of the operation that the path fits; "" without an operation.
func (m Match) Path() string {
	if m.path == nil {
		return ""
	}
	return m.path.text
}

// hostEntry is one host of one service in the index.
type hostEntry struct {
	service *Service
	host    *Host
	own     bool
}

// compare puts a policy's own services first, then hosts that are claimed by path.
func (e hostEntry) compare(o hostEntry) int {
	rank := func(e hostEntry) int {
		switch {
		case e.own:
			return 0
		case e.host.Paths != nil:
			return 1
		default:
			return 2
		}
	}
	return cmp.Compare(rank(e), rank(o))
}

// Match finds the service and the operation of a request. The second result is
// false when no service has that host, or only other paths of it.
func (c *Catalog) Match(q Query) (Match, bool) {
	host := NormalizeHost(q.Host)
	q.Path = singleSlashes(q.Path)
	m := Match{words: c.words}
	c.hosts.visit(host, q.Port, func(e hostEntry) bool {
		if e.host.Paths != nil && matchPaths(e.host.Paths, q.Path) == nil {
			return true
		}
		if m.Service == nil {
			m.Service, m.Host = e.service, e.host
		}
		if m.Service != e.service {
			return true // the first service that has the host has it alone
		}
		m.Operation, m.path = e.service.operation(host, &q)
		return m.Operation == nil
	})
	return m, m.Service != nil
}

// HasHost tells whether some service has the host, or some paths of it.
func (c *Catalog) HasHost(host string, port uint16) bool {
	found := false
	c.hosts.visit(NormalizeHost(host), port, func(hostEntry) bool {
		found = true
		return false
	})
	return found
}

func (s *Service) operation(host string, q *Query) (*Operation, *PathPattern) {
	for i := range s.Operations {
		o := &s.Operations[i]
		if p := o.match(host, q); p != nil {
			return o, p
		}
	}
	return nil, nil
}

func (o *Operation) match(host string, q *Query) *PathPattern {
	if o.WebSocket != q.WebSocket || !o.WebSocket && o.Method != q.Method {
		return nil
	}
	p := matchPaths(o.Paths, q.Path)
	if p == nil || !o.hasHost(host, q.Port) {
		return nil
	}
	for _, r := range o.Query {
		if value, ok := queryValue(q.RawQuery, r.Name); !ok || !wildcard(r.Value, value) {
			return nil
		}
	}
	for _, r := range o.Header {
		if q.Header == nil {
			return nil
		}
		if value := q.Header(r.Name); value == "" || !wildcard(r.Value, value) {
			return nil
		}
	}
	return p
}

// hasHost wants a normalised host.
func (o *Operation) hasHost(host string, port uint16) bool {
	for i := range o.Hosts {
		if h := &o.Hosts[i]; h.fitsPort(port) && h.matches(host) {
			return true
		}
	}
	return o.Hosts == nil
}

// singleSlashes makes one slash of each run of them, as most servers do; clients
// that join an address with a final slash to a path with a first one rely on it.
func singleSlashes(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return path
}

func matchPaths(patterns []PathPattern, path string) *PathPattern {
	for i := range patterns {
		if patterns[i].Matches(path) {
			return &patterns[i]
		}
	}
	return nil
}

// queryValue returns the first value of a query parameter without parsing the rest.
func queryValue(raw, name string) (string, bool) {
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		key, value, _ := strings.Cut(pair, "=")
		if key != name {
			if !strings.ContainsAny(key, "%+") {
				continue
			}
			if decoded, err := url.QueryUnescape(key); err != nil || decoded != name {
				continue
			}
		}
		if decoded, err := url.QueryUnescape(value); err == nil {
			return decoded, true
		}
		return value, true
	}
	return "", false
}

// wildcard tells whether s fits pattern, in which "*" stands for any run of
// characters. It takes time proportional to len(pattern) * len(s) at most.
func wildcard(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && pattern[p] == s[i]:
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
