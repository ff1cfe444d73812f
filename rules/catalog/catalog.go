// Package catalog knows the AI services: their hosts, the operations that carry
// prompts and uploads, and where the text sits in them. The services are YAML
// that people edit; the package is pure over bytes and keeps no state.
package catalog

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"daylight.internal/rules/strictyaml"
)

//go:embed services/*.yaml bypass.yaml
var embedded embed.FS

// Catalog is an immutable set of services with an index by host.
type Catalog struct {
	services []Service // own ones first, then in the order of the files
	own      int       // how many of them a policy added
	byID     map[string]*Service
	hosts    *hostIndex[hostEntry]
	bypass   *hostIndex[string] // host -> reason
	words    map[string]bool    // that may stand in a path template
}

// Embedded returns the catalogue that is compiled into the program.
func Embedded() (*Catalog, error) {
	c, problems := Load(embedded)
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("reading the embedded catalogue: %w", err)
	}
	return c, nil
}

// Load reads services/*.yaml and, if there is one, bypass.yaml. Every fault is
// reported; the catalogue then holds what could be read.
func Load(fsys fs.FS) (*Catalog, strictyaml.Problems) {
	var problems strictyaml.Problems
	var services []Service
	files, err := fs.Glob(fsys, "services/*.yaml")
	if err != nil || len(files) == 0 {
		return build(nil, 0, nil), strictyaml.Problems{{Position: strictyaml.Position{File: "services"}, Message: "there is no file services/*.yaml"}}
	}
	for _, name := range files {
		read, faults := loadFile(fsys, name)
		services, problems = append(services, read...), append(problems, faults...)
	}
	bypass, faults := loadBypass(fsys, "bypass.yaml")
	problems = append(problems, faults...)
	problems = append(problems, conflicts(services)...)
	return build(unique(services), 0, bypass), problems
}

func loadFile(fsys fs.FS, name string) ([]Service, strictyaml.Problems) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, strictyaml.Problems{{Position: strictyaml.Position{File: name}, Message: "the file cannot be read: " + err.Error()}}
	}
	n, d := strictyaml.Parse(path.Base(name), data)
	if n == nil {
		return nil, d.Problems
	}
	var f struct {
		Services serviceList `yaml:"services,required"`
	}
	f.Services.complete = true
	d.Decode(n, &f)
	return f.Services.services, d.Problems
}

// With returns a catalogue with a policy's own services over those of c. A
// service with the id of another replaces it; a host that both name belongs to
// the own service.
func (c *Catalog) With(services []Service) (*Catalog, strictyaml.Problems) {
	problems := conflicts(services)
	problems = append(problems, c.takenOver(services)...)
	all := slices.Concat(services, c.services)
	added := len(unique(services))
	next := build(unique(all), added, nil)
	next.bypass = c.bypass
	return next, problems
}

// takenOver warns of hosts that an own service takes from another one, unless
// it only claims some paths of them.
func (c *Catalog) takenOver(services []Service) strictyaml.Problems {
	var problems strictyaml.Problems
	for _, s := range services {
		for _, h := range s.Hosts {
			for _, e := range c.hosts.same(h.Pattern) {
				if e.service.ID == s.ID || h.Paths != nil || e.host.Paths != nil {
					continue
				}
				problems = append(problems, strictyaml.Problem{
					Position: s.At, Length: 1, Warning: true,
					Message: fmt.Sprintf("host %q belongs to the service %q of the catalogue; %q takes it over", h.Pattern, e.service.ID, s.ID),
					Hint:    fmt.Sprintf("use the id %q to replace that service as a whole", e.service.ID),
				})
			}
		}
	}
	return problems
}

// unique keeps the first service of each id.
func unique(services []Service) []Service {
	seen := map[string]bool{}
	out := make([]Service, 0, len(services))
	for _, s := range services {
		if !seen[s.ID] {
			seen[s.ID] = true
			out = append(out, s)
		}
	}
	return out
}

// conflicts finds ids that are given twice and hosts that two services claim as a whole.
func conflicts(services []Service) strictyaml.Problems {
	var problems strictyaml.Problems
	add := func(at strictyaml.Position, format string, args ...any) {
		problems = append(problems, strictyaml.Problem{Position: at, Length: 1, Message: fmt.Sprintf(format, args...)})
	}
	ids, hosts := map[string]strictyaml.Position{}, map[string]*Service{}
	for i := range services {
		s := &services[i]
		if at, again := ids[s.ID]; again {
			add(s.At, "service %q is already given at %s", s.ID, at)
			continue
		}
		ids[s.ID] = s.At
		for _, h := range s.Hosts {
			if h.Paths != nil {
				continue
			}
			if other, taken := hosts[h.Pattern.String()]; taken {
				add(s.At, "host %q belongs to %q already (%s)", h.Pattern, other.ID, other.At)
				continue
			}
			hosts[h.Pattern.String()] = s
		}
	}
	return problems
}

func build(services []Service, own int, bypass *hostIndex[string]) *Catalog {
	c := &Catalog{
		services: services, own: own, bypass: bypass,
		byID:  make(map[string]*Service, len(services)),
		hosts: newHostIndex[hostEntry](), words: templateWords(),
	}
	if c.bypass == nil {
		c.bypass = newHostIndex[string]()
	}
	for i := range c.services {
		s := &c.services[i]
		c.byID[s.ID] = s
		for j := range s.Hosts {
			c.hosts.add(s.Hosts[j].Pattern, hostEntry{s, &s.Hosts[j], i < own})
		}
		for _, o := range s.Operations {
			for _, p := range o.Paths {
				p.addWords(c.words)
			}
		}
	}
	c.hosts.sort(hostEntry.compare)
	return c
}

// Services returns all services: a policy's own first, then by file and place.
func (c *Catalog) Services() []Service { return slices.Clone(c.services) }

// Service returns the service with the given id.
func (c *Catalog) Service(id string) (*Service, bool) {
	s, ok := c.byID[id]
	return s, ok
}

// IDs returns the ids of all services, sorted.
func (c *Catalog) IDs() []string {
	ids := make([]string, len(c.services))
	for i, s := range c.services {
		ids[i] = s.ID
	}
	slices.SortFunc(ids, strings.Compare)
	return ids
}

// EmbeddedFiles returns the YAML of the embedded catalogue, for those who want
// to read or print it.
func EmbeddedFiles() fs.FS { return embedded }
