package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// suggestEvent is what a suggestion needs of an event.
type suggestEvent struct {
	Time        time.Time         `json:"time"`
	Kind        string            `json:"kind"`
	Client      suggestClient     `json:"client"`
	Destination audit.Destination `json:"destination"`
	Service     struct {
		ID       string   `json:"id"`
		Evidence []string `json:"evidence"`
	} `json:"service"`
	Request  audit.Request `json:"request"`
	Findings []struct {
		Count int `json:"count"`
	} `json:"findings"`
	Shape *audit.Shape `json:"shape"`
}

type suggestClient struct {
	Address string `json:"address"`
	User    string `json:"user"`
}

// longestEvent is how long a line of the event file may be.
const longestEvent = 4 << 20

// suggestion is a host on no list, as the events tell of it.
type suggestion struct {
	host        string // with its port, unless that is the usual one
	users       map[string]bool
	exchanges   int
	findings    int
	bytes       int64
	first, last time.Time
	evidence    map[string]bool
	paths       map[suggestedPath]map[string]int // how often the text sat where
}

type suggestedPath struct {
	method, template string
	webSocket        bool
}

// suggestedService is an entry of the catalogue.
type suggestedService struct {
	ID         string               `yaml:"id" json:"id"`
	Name       string               `yaml:"name" json:"name"`
	Category   string               `yaml:"category" json:"category"`
	Confidence string               `yaml:"confidence" json:"confidence"`
	VerifiedOn string               `yaml:"verified_on" json:"verified_on"`
	Hosts      []string             `yaml:"hosts,flow" json:"hosts"`
	Operations []suggestedOperation `yaml:"operations,omitempty" json:"operations,omitempty"`
}

type suggestedOperation struct {
	Kind      string   `yaml:"kind" json:"kind"`
	Method    string   `yaml:"method,omitempty" json:"method,omitempty"`
	WebSocket bool     `yaml:"websocket,omitempty" json:"websocket,omitempty"`
	Path      string   `yaml:"path" json:"path"`
	Text      []string `yaml:"text,omitempty,flow" json:"text,omitempty"`
	Example   string   `yaml:"example" json:"example"`
}

// seenOf tells how much was seen of a suggested service.
type seenOf struct {
	Users     int       `json:"users"`
	Exchanges int       `json:"exchanges"`
	Bytes     int64     `json:"bytes"`
	Findings  int       `json:"findings"`
	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
	Evidence  []string  `json:"evidence"`
}

// suggest proposes entries for the hosts on no list on which AI was found.
func (c *catalogRun) suggest(env *environment, events []string, today string) error {
	switch {
	case c.events != "":
		events = []string{c.events}
	case len(events) == 0:
		return usagef("name the events: `daylight catalog suggest --events events.jsonl`")
	}
	found := map[string]*suggestion{}
	for _, name := range events {
		if err := c.readEvents(env, name, found); err != nil {
			return err
		}
	}
	list := slices.SortedFunc(maps.Values(found), func(a, b *suggestion) int {
		return cmp.Or(cmp.Compare(len(b.users), len(a.users)), cmp.Compare(b.bytes, a.bytes), cmp.Compare(b.findings, a.findings), strings.Compare(a.host, b.host))
	})
	list = slices.DeleteFunc(list, func(s *suggestion) bool { return len(s.users) < c.minUsers })
	if today == "" {
		today = time.Now().UTC().Format(time.DateOnly)
	}
	return c.writeSuggestions(list, today)
}

// readEvents adds the events of a file; "-" is the standard input.
func (c *catalogRun) readEvents(env *environment, name string, found map[string]*suggestion) error {
	in := env.stdin
	if name != "-" {
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there are no events in %s: let `daylight run` see some traffic first, or name another file with --events", name)
		}
		if err != nil {
			return fmt.Errorf("reading events: %w", err)
		}
		defer f.Close()
		in = f
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), longestEvent)
	for n := 1; lines.Scan(); n++ {
		var e suggestEvent
		if len(lines.Bytes()) == 0 {
			continue
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return fmt.Errorf("%s:%d: no event: %w", name, n, withoutText(err))
		}
		if e.Service.ID == rules.Suspected && !c.policy.snapshot.Lists(e.Destination.Host, e.Destination.Port) {
			host := hostOf(e.Destination)
			if _, err := catalog.ParseHostPattern(host); err != nil {
				continue // a client may write what it likes there
			}
			if found[host] == nil {
				found[host] = &suggestion{host: host, users: map[string]bool{}, evidence: map[string]bool{}, paths: map[suggestedPath]map[string]int{}}
			}
			found[host].add(&e)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("reading events of %s: %w", name, err)
	}
	return nil
}

// withoutText drops what an error quotes of a file that may hold anything.
func withoutText(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return errors.New("a value has the wrong type")
	}
	return errors.New("the line is not JSON")
}

func hostOf(d audit.Destination) string {
	host := net.JoinHostPort(d.Host, strconv.Itoa(int(d.Port)))
	if d.Port == 0 || d.Port == 443 || d.Port == 80 {
		host = host[:strings.LastIndexByte(host, ':')]
	}
	return host
}

// add counts an event.
func (s *suggestion) add(e *suggestEvent) {
	s.users[cmp.Or(e.Client.User, e.Client.Address)] = true
	s.exchanges++
	s.bytes += e.Request.Bytes
	for _, f := range e.Findings {
		s.findings += f.Count
	}
	if s.first.IsZero() || e.Time.Before(s.first) {
		s.first = e.Time
	}
	if e.Time.After(s.last) {
		s.last = e.Time
	}
	for _, word := range e.Service.Evidence {
		s.evidence[word] = true
	}
	if e.Kind != audit.KindExchange || e.Request.Bytes == 0 || !strings.HasPrefix(e.Destination.PathTemplate, "/") {
		return
	}
	p := suggestedPath{e.Request.Method, e.Destination.PathTemplate, e.Destination.Protocol == "websocket"}
	if s.paths[p] == nil {
		s.paths[p] = map[string]int{}
	}
	if e.Shape == nil {
		return
	}
	for _, place := range []string{e.Shape.Text, e.Shape.Upload} {
		if _, err := catalog.ParseLocator(place); place != "" && err == nil {
			s.paths[p][place]++
		}
	}
}

func (s *suggestion) seen() seenOf {
	return seenOf{len(s.users), s.exchanges, s.bytes, s.findings, s.first, s.last, slices.Sorted(maps.Keys(s.evidence))}
}

// service makes the entry; ids holds those that are taken.
func (s *suggestion) service(ids map[string]bool, today string) suggestedService {
	out := suggestedService{
		ID: freeID(s.host, ids), Name: s.host, Category: "chat", Confidence: catalog.Single, VerifiedOn: today, Hosts: []string{s.host},
	}
	for _, word := range []string{"api_path", "vendor_key", "compatible_key", "ai_header", "sdk_header", "ai_user_agent"} {
		if s.evidence[word] {
			out.Category = "llm_api"
		}
	}
	paths := slices.SortedFunc(maps.Keys(s.paths), func(a, b suggestedPath) int {
		return cmp.Or(strings.Compare(a.template, b.template), strings.Compare(a.method, b.method))
	})
	for _, p := range paths {
		out.Operations = append(out.Operations, p.operation(s.host, s.paths[p]))
	}
	return out
}

// operation makes the operation of a path with the places of its text.
func (p suggestedPath) operation(host string, places map[string]int) suggestedOperation {
	pattern, example := pathOf(p.template)
	o := suggestedOperation{Kind: catalog.Prompt, Method: p.method, Path: pattern, Example: "https://" + host + example}
	if o.Method == "OTHER" { // of no registry
		o.Method = ""
	}
	if p.webSocket {
		o.Method, o.WebSocket, o.Example = "", true, "wss://"+host+example
	}
	o.Text = slices.SortedFunc(maps.Keys(places), func(a, b string) int {
		return cmp.Or(cmp.Compare(places[b], places[a]), strings.Compare(a, b))
	})
	return o
}

// pathOf makes a pattern and an example of a template.
func pathOf(template string) (pattern, example string) {
	template, long := strings.CutSuffix(template, "…")
	var p, e strings.Builder
	for i, part := range strings.Split(template, "{id}") {
		if i > 0 {
			fmt.Fprintf(&p, "{id%d}", i)
			fmt.Fprintf(&e, "x%d", i)
		}
		p.WriteString(part)
		e.WriteString(part)
	}
	if long {
		p.WriteString("*")
		e.WriteString("x")
	}
	return p.String(), e.String()
}

// freeID makes an id of a host that no service has.
func freeID(host string, ids map[string]bool) string {
	id := strings.Trim(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return '-'
	}, strings.TrimPrefix(strings.ToLower(host), "www.")), "-")
	for strings.Contains(id, "--") {
		id = strings.ReplaceAll(id, "--", "-")
	}
	id = cmp.Or(id, "host")
	for n, base := 2, id; ids[id]; n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	ids[id] = true
	return id
}

// writeSuggestions prints the entries, in YAML as the services of a policy.
func (c *catalogRun) writeSuggestions(list []*suggestion, today string) error {
	ids := map[string]bool{}
	for _, id := range c.policy.snapshot.Services() {
		ids[id] = true
	}
	type jsonEntry struct {
		Seen    seenOf           `json:"seen"`
		Service suggestedService `json:"service"`
	}
	entries := []jsonEntry{}
	for _, s := range list {
		entries = append(entries, jsonEntry{s.seen(), s.service(ids, today)})
	}
	if c.format == "json" {
		return writeJSON(c.out, entries)
	}
	if len(entries) == 0 {
		fmt.Fprintln(c.out, "# The events tell of no AI service that is on no list.")
		return nil
	}
	fmt.Fprintln(c.out, "services:")
	for _, e := range entries {
		if err := writeSuggestion(c.out, e.Seen, e.Service); err != nil {
			return err
		}
	}
	return nil
}

func writeSuggestion(w io.Writer, seen seenOf, service suggestedService) error {
	fmt.Fprintf(w, "  # %d users, %d exchanges, %d bytes, %d findings, %s to %s; %s\n", seen.Users, seen.Exchanges, seen.Bytes, seen.Findings,
		seen.First.UTC().Format(time.DateOnly), seen.Last.UTC().Format(time.DateOnly), strings.Join(seen.Evidence, " "))
	var text strings.Builder
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode([]suggestedService{service}); err != nil {
		return fmt.Errorf("writing a suggestion: %w", err)
	}
	for line := range strings.Lines(text.String()) {
		fmt.Fprint(w, "  ", line)
	}
	return nil
}
