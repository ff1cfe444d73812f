package catalog

import (
	"fmt"
	"time"

	"daylight.internal/rules/strictyaml"
)

// maxAge is how long an entry is trusted without another look at its sources:
// web shapes drift in weeks, vendors and hosts in seasons.
const maxAge = 180 * 24 * time.Hour

// Lint reads the files of a catalogue as LoadFiles does, and also reports what
// would make it say AI where there is none, or miss it where there is: see the
// chapter on rules in README.md. Ages are counted up to today.
func Lint(files []File, today time.Time) (*Catalog, strictyaml.Problems) {
	hosts, err := readHostRules()
	if err != nil {
		return build(nil, 0, nil), strictyaml.Problems{{Position: strictyaml.Position{File: "lint.yaml"}, Message: err.Error()}}
	}
	sources := make([]sourceFile, len(files))
	for i, f := range files {
		sources[i] = readFile(f)
	}
	services, problems := join(sources)
	c := build(unique(services), 0, nil)
	for _, source := range sources {
		d := source.decoder
		d.Problems = nil // join has returned them
		l := linter{Decoder: d, catalog: c, hosts: hosts, today: today}
		for i := range source.list.nodes {
			l.service(&source.list.nodes[i], &source.list.services[i])
		}
		problems = append(problems, d.Problems...)
	}
	problems.Sort()
	return c, problems
}

// linter holds the entries of one file against the rules.
type linter struct {
	*strictyaml.Decoder
	catalog *Catalog
	hosts   *hostRules
	today   time.Time
}

func (l *linter) service(n *serviceNode, s *Service) {
	l.age(n.VerifiedOn)
	for _, c := range n.Country {
		if c.V != "ZZ" && !isCountry(c.V) {
			l.unknownCountry(c)
		}
	}
	if n.Risk != nil {
		l.age(n.Risk.VerifiedOn)
		for _, r := range n.Risk.Regions {
			if r.V != "EU" && !isCountry(r.V) {
				l.unknownCountry(r)
			}
		}
	}
	for i := range n.Hosts {
		l.host(&n.Hosts[i])
	}
	l.founded(n, s)
	for i := range n.Operations {
		l.operation(&n.Operations[i], s, &s.Operations[i])
	}
}

// age judges the date of the last look at the sources.
func (l *linter) age(v text) {
	day, err := time.Parse(time.DateOnly, v.V)
	if !v.Set || err != nil {
		return // told already
	}
	// East of Greenwich tomorrow has begun.
	if age := l.today.Sub(day); age < -24*time.Hour {
		l.ErrorAt(v.At, v.Length, "write the day on which the sources were looked at", "%s is in the future", v.V)
	} else if age > maxAge {
		l.WarnAt(v.At, v.Length, "look at the sources again, then set the date", "the sources were looked at %d days ago, more than %d",
			int(age.Hours()/24), int(maxAge.Hours()/24))
	}
}

func (l *linter) unknownCountry(v text) {
	if countryCode.MatchString(v.V) && v.V != "UK" { // told already otherwise
		l.ErrorAt(v.At, v.Length, "ZZ stands for a vendor without a country", "there is no country %q in ISO 3166-1", v.V)
	}
}

// founded holds the confidence against what the entry knows: an entry that says
// more than its hosts says where prompts sit.
func (l *linter) founded(n *serviceNode, s *Service) {
	v := n.Confidence
	switch prompts := s.KnowsPrompts(); {
	case !v.Set:
	case v.V == Declared:
		l.ErrorAt(v.At, v.Length, "say what it is founded on, or host-only", "%q is for the services of a policy", v.V)
	case v.V == HostOnly && prompts:
		l.ErrorAt(v.At, v.Length, fmt.Sprintf("say what they are founded on: %s, %s, %s or %s", Documented, Multi, Code, Single),
			"%q is said to be known by its hosts only, but has prompt operations", s.ID)
	case v.V != HostOnly && !prompts:
		l.ErrorAt(v.At, v.Length, "add one with `text`, or write host-only", "%q has no operation that says where prompts sit", s.ID)
	}
}

// KnowsPrompts tells whether the entry says where the text of prompts sits.
func (s *Service) KnowsPrompts() bool {
	for i := range s.Operations {
		if s.Operations[i].Kind == Prompt && len(s.Operations[i].Text) > 0 {
			return true
		}
	}
	return false
}
