package catalog

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/strictyaml"
)

// bypassReasons are the words that say why a host stays closed.
func bypassReasons() []string {
	return []string{"bank", "health", "government", "os_update", "pinned_app"}
}

// bypassGroup is a set of hosts that is never opened, for one reason.
type bypassGroup struct {
	Reason strictyaml.Value[string] `yaml:"reason,required"`
	Note   string                   `yaml:"note"`
	// Domains also stand for every name below them, hosts are patterns.
	Domains hostPatterns `yaml:"domains"`
	Hosts   hostPatterns `yaml:"hosts"`
}

// Bypass is a host pattern of the bypass list.
type Bypass struct {
	Host   string `json:"host"`
	Reason string `json:"reason"`
}

// bypassList is the bypass list in the order of the file, and by host.
type bypassList struct {
	list  []Bypass
	hosts *hostIndex[string] // host -> reason
}

func (l *bypassList) add(p HostPattern, reason string) {
	l.list = append(l.list, Bypass{p.String(), reason})
	l.hosts.add(p, reason)
}

// BypassList returns the hosts to which TLS is left closed by default, in the order of
// the file; a name with all below it is two patterns.
func (c *Catalog) BypassList() []Bypass { return slices.Clone(c.bypass.list) }

// loadBypass reads the bypass list; a missing file is an empty one.
func loadBypass(fsys fs.FS, name string) (*bypassList, strictyaml.Problems) {
	index := &bypassList{hosts: newHostIndex[string]()}
	data, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return index, nil
	}
	if err != nil {
		return index, strictyaml.Problems{{Position: strictyaml.Position{File: name}, Message: "the file cannot be read: " + err.Error()}}
	}
	n, d := strictyaml.Parse(name, data)
	if n == nil {
		return index, d.Problems
	}
	var f struct {
		Bypass []bypassGroup `yaml:"bypass,required"`
	}
	d.Decode(n, &f)
	for _, g := range f.Bypass {
		if reasons := bypassReasons(); g.Reason.Set && !slices.Contains(reasons, g.Reason.V) {
			d.ErrorAt(g.Reason.At, g.Reason.Length, strictyaml.DidYouMean(g.Reason.V, reasons),
				"%q is not a reason; known are %s", g.Reason.V, strings.Join(reasons, ", "))
		}
		for _, p := range g.Domains {
			index.add(p, g.Reason.V)
			index.add(HostPattern{kind: suffixHost, name: p.name}, g.Reason.V)
		}
		for _, p := range g.Hosts {
			index.add(p, g.Reason.V)
		}
	}
	return index, d.Problems
}

// Bypassed tells whether TLS to the host is left closed by default, and why:
// "bank", "health", "government", "os_update" or "pinned_app".
func (c *Catalog) Bypassed(host string) (reason string, ok bool) {
	c.bypass.hosts.visit(NormalizeHost(host), 0, func(r string) bool {
		reason, ok = r, true
		return false
	})
	return reason, ok
}

// hostPatterns is a list of host patterns, or a single one.
type hostPatterns []HostPattern

// DecodeYAML implements strictyaml.Decodable.
func (h *hostPatterns) DecodeYAML(d *strictyaml.Decoder, n *yaml.Node) {
	var list strictyaml.Strings
	d.Decode(n, &list)
	for _, v := range list {
		p, err := ParseHostPattern(v.V)
		if err != nil {
			d.ErrorAt(v.At, v.Length, "", "%v", err)
			continue
		}
		*h = append(*h, p)
	}
}
