package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
)

func catalogCommand() command {
	return command{
		name: "catalog", group: "Policy", summary: "list and look up the AI services that Daylight knows",
		usage: "catalog list|show ID|match --url URL [flags]",
		about: `Looks into the catalogue: the AI services that are compiled in, and those that
the configured policy adds. The status is what the policy says for everybody
and for content without findings; approvals for groups or data may differ.

  list           every service, one a line
  show ID        one service with its hosts, operations and where the text sits
  match          the service and operation that a request or a WebSocket
                 belongs to, and where its text sits; exit code 1 when it
                 belongs to no service
`,
		examples: `  daylight catalog list --category chat
  daylight catalog show openai-api
  daylight catalog match --url https://chatgpt.com/backend-api/f/conversation --method POST
  daylight catalog match --url wss://api.openai.com/v1/realtime
  daylight catalog list --status unreviewed --format json
`,
		setup: func(fs *flag.FlagSet) action {
			c := catalogRun{config: addConfigFlags(fs)}
			fs.StringVar(&c.format, "format", "text", "output `FORMAT`: text or json")
			fs.StringVar(&c.category, "category", "", "list only the services of a `CATEGORY`")
			fs.StringVar(&c.status, "status", "", "list only the services with a `STATUS`: sanctioned,\ntolerated, prohibited or unreviewed")
			fs.StringVar(&c.url, "url", "", "the `URL` of the request to match; wss:// is a WebSocket,\nwhich https:// without a method may be too")
			fs.StringVar(&c.method, "method", "", "the `METHOD` of the request to match (default: any)")
			return c.run
		},
	}
}

// catalogRun is one call of the command.
type catalogRun struct {
	config                                *configFlags
	format, category, status, url, method string
	policy                                *loadedPolicy
	out                                   io.Writer
}

// catalogEntry is a service as it is printed in JSON.
type catalogEntry struct {
	Service   string       `json:"service"` // the id
	Name      string       `json:"name"`
	Vendor    string       `json:"vendor"`
	Category  string       `json:"category"`
	Country   string       `json:"country"`
	Status    rules.Status `json:"status"`
	Operation string       `json:"operation,omitempty"` // of a match
}

func (c *catalogRun) run(_ context.Context, env *environment, args []string) error {
	verb, args, err := subcommand("catalog", args, []string{"list", "show", "match"})
	if err != nil {
		return err
	}
	if c.format != "text" && c.format != "json" {
		return unknownFormat(c.format, "text", "json")
	}
	config, err := c.config.load()
	if err != nil {
		return err
	}
	if c.policy, err = loadPolicy(config, time.Now()); err != nil {
		return err
	}
	c.out = env.stdout
	switch verb {
	case "list":
		return cmp.Or(noArguments(args), c.list())
	case "match":
		return cmp.Or(noArguments(args), c.match())
	default:
		if len(args) != 1 {
			return usagef("name one service: `daylight catalog show ID`")
		}
		return c.show(args[0])
	}
}

func (c *catalogRun) entry(s *catalog.Service) catalogEntry {
	return catalogEntry{
		Service: s.ID, Name: s.Name, Vendor: s.Vendor, Category: s.Category, Country: s.Country, Status: c.policy.status(s),
	}
}

func (c *catalogRun) list() error {
	statuses := []string{string(rules.Sanctioned), string(rules.Tolerated), string(rules.Prohibited), string(rules.Unreviewed)}
	if c.status != "" && !slices.Contains(statuses, c.status) {
		return unknown("status", c.status, statuses, "write "+joinWords(statuses))
	}
	var entries []catalogEntry
	categories := map[string]bool{}
	for _, s := range c.policy.snapshot.Catalog().Services() {
		categories[s.Category] = true
		e := c.entry(&s)
		if (c.category == "" || c.category == e.Category) && (c.status == "" || c.status == string(e.Status)) {
			entries = append(entries, e)
		}
	}
	if c.category != "" && !categories[c.category] {
		known := sortedKeys(categories)
		return unknown("category", c.category, known, "write "+joinWords(known))
	}
	slices.SortStableFunc(entries, func(a, b catalogEntry) int {
		return cmp.Or(strings.Compare(a.Category, b.Category), strings.Compare(a.Service, b.Service))
	})
	if c.format == "json" {
		return writeJSON(c.out, entries)
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SERVICE\tCATEGORY\tSTATUS\tCOUNTRY\tVENDOR")
	for _, e := range entries {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", e.Service, e.Category, e.Status, dash(e.Country), dash(e.Vendor))
	}
	return w.Flush()
}

func (c *catalogRun) match() error {
	u, err := url.Parse(c.url)
	if err != nil || u.Host == "" {
		return usagef("give the whole URL, such as --url https://chatgpt.com/backend-api/f/conversation")
	}
	m, ok := c.lookUp(u)
	if !ok {
		if c.format == "json" {
			_ = writeJSON(c.out, catalogEntry{})
		}
		return fmt.Errorf("%s belongs to no service of the catalogue", u.Host)
	}
	e := c.entry(m.Service)
	e.Operation = m.Kind()
	if c.format == "json" {
		return writeJSON(c.out, e)
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "service\t%s (%s)\noperation\t%s\nstatus\t%s\nvendor\t%s\ncategory\t%s\ncountry\t%s\n",
		e.Service, e.Name, e.Operation, e.Status, dash(e.Vendor), e.Category, dash(e.Country))
	if o := m.Operation; o != nil {
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

func (c *catalogRun) show(id string) error {
	s, ok := c.policy.snapshot.Catalog().Service(id)
	if !ok {
		return fmt.Errorf("there is no service %q%s", id, withHint(strictyaml.DidYouMean(id, c.policy.snapshot.Catalog().IDs())))
	}
	detail := describeService(s, c.entry(s))
	if c.format == "json" {
		return writeJSON(c.out, detail)
	}
	return detail.write(c.out)
}

func withHint(hint string) string {
	if hint == "" {
		return ""
	}
	return ": " + hint
}

// dash stands for a value that is not known.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
