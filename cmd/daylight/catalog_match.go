package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"

	"daylight.internal/rules/catalog"
)

// catalogMatch is what the catalogue says of a request, and what it says so by.
type catalogMatch struct {
	catalogEntry
	Host string `json:"host,omitempty"` // the pattern
	Role string `json:"role,omitempty"` // of the host
	Plan string `json:"plan,omitempty"`
	Path string `json:"path,omitempty"` // the pattern of the operation
	At   string `json:"at,omitempty"`   // file:line:column of the entry
}

func (c *catalogRun) match() error {
	u, err := url.Parse(c.url)
	if err != nil || u.Host == "" {
		return usagef("give the whole URL, such as --url https://chatgpt.com/backend-api/f/conversation")
	}
	m, ok := c.lookUp(u)
	if !ok {
		if c.format == "json" {
			_ = writeJSON(c.out, catalogMatch{})
		}
		return fmt.Errorf("%s belongs to no service of the catalogue", u.Host)
	}
	e := catalogMatch{
		catalogEntry: c.entry(m.Service), Host: m.Host.Pattern.String(), Role: m.Host.Role, Plan: m.Host.Plan, Path: m.Path(), At: m.Service.At.String(),
	}
	e.Operation = m.Kind()
	if m.Operation != nil {
		e.At = m.Operation.At.String()
	}
	if c.format == "json" {
		return writeJSON(c.out, e)
	}
	return c.writeMatch(&e, m.Operation)
}

func (c *catalogRun) writeMatch(e *catalogMatch, o *catalog.Operation) error {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "service\t%s (%s)\noperation\t%s\nstatus\t%s\nvendor\t%s\ncategory\t%s\ncountry\t%s\n",
		e.Service, e.Name, e.Operation, e.Status, dash(e.Vendor), e.Category, dash(e.Country))
	for _, line := range []struct{ name, value string }{
		{"by host", e.Host}, {"role", e.Role}, {"plan", e.Plan}, {"by path", e.Path}, {"entry", e.At},
	} {
		if line.value != "" {
			fmt.Fprintf(w, "%s\t%s\n", line.name, line.value)
		}
	}
	if o != nil {
		if o.WebSocket {
			fmt.Fprint(w, "protocol\tWebSocket, each message is judged\n")
		}
		for _, l := range o.Text {
			fmt.Fprintf(w, "text at\t%s\n", l)
		}
	}
	return w.Flush()
}

// lookUp tries the method that was given, or else the ones that carry uploads,
// and a WebSocket.
func (c *catalogRun) lookUp(u *url.URL) (found catalog.Match, ok bool) {
	port := uint64(443)
	if u.Scheme == "http" || u.Scheme == "ws" {
		port = 80
	}
	if p, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		port = p
	}
	q := catalog.Query{
		Host: u.Hostname(), Port: uint16(port), Path: u.Path, RawQuery: u.RawQuery,
		WebSocket: u.Scheme == "ws" || u.Scheme == "wss",
	}
	methods := []string{http.MethodPost, http.MethodPut, http.MethodGet, http.MethodPatch}
	if c.method != "" {
		methods = []string{strings.ToUpper(c.method)}
	}
	for _, q.Method = range methods {
		m, has := c.policy.snapshot.Catalog().Match(q)
		if !ok || has && m.Operation != nil {
			found, ok = m, has
		}
		if ok && found.Operation != nil {
			return found, ok
		}
	}
	if c.method == "" && !q.WebSocket {
		q.Method, q.WebSocket = http.MethodGet, true
		if m, has := c.policy.snapshot.Catalog().Match(q); has && m.Operation != nil {
			return m, true
		}
	}
	return found, ok
}
