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

//go:embed services/*.yaml bypass.yaml lint.yaml
var embedded embed.FS

// Catalog is an immutable set of services with an index by host.
type Catalog struct {
	services []Service // own ones first, then in the order of the files
	own      int       // how many of them a policy added
	byID     map[string]*Service
	hosts    *hostIndex[hostEntry]
	bypass   *bypassList
	words    map[string]bool // that may stand in a path template
}

// Embedded returns the catalogue that is compiled into the program.
func Embedded() (*Catalog, error) {
	c, problems := Load(embedded)
	if err := problems.Err(); err != nil {
		return nil, fmt.Errorf("reading the embedded catalogue: %w", err)
	}
	return c, nil
}

// File is a file of a catalogue.
type File = strictyaml.File

// Load reads services/*.yaml and, if there is one, bypass.yaml. Every fault is
// reported; the catalogue then holds what could be read.
func Load(fsys fs.FS) (*Catalog, strictyaml.Problems) {
	files, problems := ServiceFiles(fsys)
	services, faults := join(readFiles(files))
	problems = append(problems, faults...)
	bypass, faults := loadBypass(fsys, "bypass.yaml")
	return build(unique(services), 0, bypass), append(problems, faults...)
}

// LoadFiles returns the catalogue that the files make up, without a bypass list.
func LoadFiles(files []File) (*Catalog, strictyaml.Problems) {
	services, problems := join(readFiles(files))
	return build(unique(services), 0, nil), problems
}

// ServiceFiles reads services/*.yaml. Their names are without the folder.
func ServiceFiles(fsys fs.FS) ([]File, strictyaml.Problems) {
	names, err := fs.Glob(fsys, "services/*.yaml")
	if err != nil || len(names) == 0 {
		return nil, strictyaml.Problems{{Position: strictyaml.Position{File: "services"}, Message: "there is no file services/*.yaml"}}
	}
	var problems strictyaml.Problems
	files := make([]File, 0, len(names))
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			problems = append(problems, strictyaml.Problem{Position: strictyaml.Position{File: name}, Message: "the file cannot be read: " + err.Error()})
			continue
		}
		files = append(files, File{Name: path.Base(name), Data: data})
	}
	return files, problems
}

// join returns the services of all files and every fault.
func join(files []sourceFile) (services []Service, problems strictyaml.Problems) {
	decoders := map[string]*strictyaml.Decoder{}
	for i := range files {
		services = append(services, files[i].list.services...)
		decoders[files[i].decoder.File] = files[i].decoder
	}
	for _, p := range conflicts(services) {
		decoders[p.File].ErrorAt(p.Position, p.Length, p.Hint, "%s", p.Message) // which adds the line
	}
	for i := range files {
		problems = append(problems, files[i].decoder.Problems...)
	}
	return services, problems
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

// conflicts finds ids that are given twice, and hosts and paths that two
// services claim, or one claims twice.
func conflicts(services []Service) strictyaml.Problems {
	var problems strictyaml.Problems
	add := func(at strictyaml.Position, length int, format string, args ...any) {
		problems = append(problems, strictyaml.Problem{Position: at, Length: length, Message: fmt.Sprintf(format, args...)})
	}
	ids, claims := map[string]strictyaml.Position{}, map[string]*Service{}
	for i := range services {
		s := &services[i]
		if at, again := ids[s.ID]; again {
			add(s.At, 1, "service %q is already given at %s", s.ID, at)
			continue
		}
		ids[s.ID] = s.At
		for _, h := range s.Hosts {
			for _, claim := range h.claims() {
				if other, taken := claims[claim]; taken {
					add(h.At, len(h.Pattern.String()), "host %q belongs to %q already (%s)", claim, other.ID, other.At)
					continue
				}
				claims[claim] = s
			}
		}
	}
	return problems
}

// claims are what the host takes for its service: all of it, or paths of it.
func (h *Host) claims() []string {
	if h.Paths == nil {
		return []string{h.Pattern.String()}
	}
	out := make([]string, len(h.Paths))
	for i, p := range h.Paths {
		out[i] = h.Pattern.String() + p.String()
	}
	return out
}

func build(services []Service, own int, bypass *bypassList) *Catalog {
	c := &Catalog{
		services: services, own: own, bypass: bypass,
		byID:  make(map[string]*Service, len(services)),
		hosts: newHostIndex[hostEntry](), words: templateWords(),
	}
	if c.bypass == nil {
		c.bypass = &bypassList{hosts: newHostIndex[string]()}
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
