package engine

import (
	_ "embed"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/classifier/detect"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml"
)

// StarterName is the name under which the starter policy appears in positions.
const StarterName = "starter.yaml"

//go:embed starter.yaml
var starter []byte

// Starter returns the policy that is used when there is none.
func Starter() policyfile.File {
	return policyfile.File{Name: StarterName, Data: slices.Clone(starter)}
}

// Interception says which tunnels are opened.
type Interception string

// The ways. The zero value is InterceptAll.
const (
	InterceptAll        Interception = "all"        // but the hosts of the bypass list
	InterceptCatalogued Interception = "catalogued" // only hosts of AI services
	InterceptNone       Interception = "none"
)

// Source is everything that a snapshot is compiled from.
type Source struct {
	Catalog *catalog.Catalog  // nil: the embedded one
	Policy  []policyfile.File // in order; empty: the starter policy
	Scanner classifier.Options
	Extract extract.Limits
	Monitor bool // verdicts are only what would be done, whatever the policy says
	// OnErrorAllow lets through what could not be judged where the policy says nothing of it.
	OnErrorAllow bool
	Intercept    Interception
	Bypass       []string  // host patterns that are never opened, besides the embedded list
	Now          time.Time // for warnings of approvals that expire; zero: none
	Users        []string  // all who can sign in, for warnings of users that do not exist; nil: nobody can list them
	Former       *Snapshot // what it takes the place of; nil: none. Its scanner serves on when no detector differs
}

// Snapshot is one compiled policy with its catalogue and its scanner. It is
// immutable and safe for concurrent use.
type Snapshot struct {
	policy    *rules.Decider
	catalog   *catalog.Catalog
	base      *catalog.Catalog     // without the services of the policy
	patterns  []classifier.Pattern // the detectors of the policy
	scanner   *classifier.Scanner
	scanning  classifier.Options // of the scanner
	discovery *discovery.Discovery
	limits    extract.Limits
	intercept Interception
	bypass    []catalog.HostPattern
	classes   map[string][]string
	tests     []policyfile.Test
	revision  string
	// readsOther is true when a rule depends on what traffic other than AI carries.
	readsOther bool
	vocabulary vocabulary
}

// Compile builds a snapshot. It returns nil when the problems hold an error;
// warnings come with a snapshot.
func Compile(src Source) (*Snapshot, strictyaml.Problems) {
	if len(src.Policy) == 0 {
		src.Policy = []policyfile.File{Starter()}
	}
	if src.Catalog == nil {
		embedded, err := catalog.Embedded()
		if err != nil {
			return nil, problem("catalogue", err)
		}
		src.Catalog = embedded
	}
	detectors := detect.All()
	policy, problems := policyfile.Load(src.Policy, policyfile.Known{Now: src.Now, Catalog: src.Catalog, Detectors: detectors, Users: src.Users})
	s := &Snapshot{
		catalog: policy.Catalog, base: src.Catalog, patterns: policy.Patterns, classes: policy.Classes, tests: policy.Tests,
		limits: src.Extract, intercept: src.Intercept, readsOther: readsOther(policy.Policy.Rules),
	}
	policy.Policy.MonitorAll, policy.Policy.OnErrorAllow = src.Monitor, src.OnErrorAllow
	s.policy = rules.Compile(policy.Policy)
	if s.intercept == "" {
		s.intercept = InterceptAll
	}
	problems = append(problems, s.parseBypass(src.Bypass)...)
	if problems.Err() != nil {
		return nil, problems
	}
	var err error
	if s.scanner, err = newScanner(&src, detectors, policy.Patterns); err != nil {
		return nil, append(problems, problem("detectors", err)...)
	}
	s.scanning = src.Scanner
	if s.discovery, err = discovery.New(); err != nil {
		return nil, append(problems, problem(discovery.WeightsName, err)...)
	}
	s.vocabulary = newVocabulary(policy.Catalog, detectors)
	s.revision = revision(&src, policy.Catalog, detectors, s.discovery)
	return s, problems
}

// newScanner returns the scanner of the former snapshot when a new one would be the
// same: to make one takes most of the time of a reload.
func newScanner(src *Source, detectors []classifier.Detector, patterns []classifier.Pattern) (*classifier.Scanner, error) {
	if f := src.Former; f != nil && reflect.DeepEqual(f.patterns, patterns) && reflect.DeepEqual(f.scanning, src.Scanner) {
		return f.scanner, nil
	}
	return classifier.NewScanner(detectors, patterns, src.Scanner)
}

func problem(file string, err error) strictyaml.Problems {
	return strictyaml.Problems{{Position: strictyaml.Position{File: file}, Message: err.Error(), Length: 1}}
}

func (s *Snapshot) parseBypass(patterns []string) strictyaml.Problems {
	var problems strictyaml.Problems
	for _, text := range patterns {
		p, err := catalog.ParseHostPattern(text)
		if err != nil {
			problems = append(problems, problem("tls.bypass", err)...)
			continue
		}
		s.bypass = append(s.bypass, p)
	}
	if !slices.Contains([]Interception{InterceptAll, InterceptCatalogued, InterceptNone}, s.intercept) {
		problems = append(problems, problem("tls.intercept", fmt.Errorf("unknown way to intercept %q", string(s.intercept)))...)
	}
	return problems
}

// readsOther tells whether a rule for traffic other than AI looks at content.
func readsOther(rs []rules.Rule) bool {
	return slices.ContainsFunc(rs, func(r rules.Rule) bool {
		return r.Match.Traffic != rules.TrafficAI && (len(r.Match.Data) > 0 || len(r.Match.Coverage) > 0 || r.Action == rules.Log)
	})
}

// Revision names what the snapshot was compiled from.
func (s *Snapshot) Revision() string { return s.revision }

// Monitor tells whether verdicts are only what would be done, in every rule and
// for everybody.
func (s *Snapshot) Monitor() bool {
	return s.policy.MonitorAll || s.policy.Monitor && !slices.ContainsFunc(s.policy.Groups, func(g rules.Group) bool { return g.Mode == rules.Enforce })
}

// Catalog returns the services, with those of the policy.
func (s *Snapshot) Catalog() *catalog.Catalog { return s.catalog }

// Services returns the ids of all services, sorted.
func (s *Snapshot) Services() []string { return s.catalog.IDs() }

// Groups returns the names of the groups in the order of the policy.
func (s *Snapshot) Groups() []string {
	names := make([]string, len(s.policy.Groups))
	for i, g := range s.policy.Groups {
		names[i] = g.Name
	}
	return names
}

// Classes returns the names of the data classes, sorted.
func (s *Snapshot) Classes() []string { return slices.Sorted(maps.Keys(s.classes)) }

// Detectors returns the built-in detectors and those of the policy.
func (s *Snapshot) Detectors() []classifier.Detector { return s.scanner.Detectors() }

// Tests returns the tests of the policy files in order.
func (s *Snapshot) Tests() []policyfile.Test { return slices.Clone(s.tests) }

// Template returns a path with everything replaced by {id} that is not a word of
// the catalogue.
func (s *Snapshot) Template(path string) string { return s.catalog.Template(path) }

// Describe returns the name of a service and the shape of its errors; both are
// "" for an id that the catalogue does not have.
func (s *Snapshot) Describe(serviceID string) (name, errorShape string) {
	if service, ok := s.catalog.Service(serviceID); ok {
		return service.Name, service.ErrorShape
	}
	return "", ""
}

// Status returns what the company decided about a service for a client, as far
// as it does not depend on content.
func (s *Snapshot) Status(now time.Time, client rules.Client, serviceID string) rules.Status {
	return s.policy.Decide(rules.Facts{Time: now, Client: client, Service: rules.Service{ID: serviceID}}, nil).Status
}

// Expiring counts the approvals that hold at now and end before the given time.
func (s *Snapshot) Expiring(now, before time.Time) int {
	n := 0
	for _, a := range s.policy.Approvals {
		if !a.Expires.IsZero() && now.Before(a.Expires) && a.Expires.Before(before) {
			n++
		}
	}
	return n
}
