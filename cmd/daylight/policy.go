package main

import (
	"fmt"
	"strings"
	"time"

	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml"
)

// loadedPolicy is the configured policy, compiled, with what people ask about it.
type loadedPolicy struct {
	snapshot *engine.Snapshot // nil when the policy has errors
	origin   string           // where it comes from, for people
	files    int
	sources  policySources // the files, to quote from
	now      time.Time
}

// loadPolicy compiles the configured policy; its faults are an error.
func loadPolicy(config *configuration, now time.Time) (*loadedPolicy, error) {
	policy, problems, err := compilePolicy(config, now)
	if err != nil {
		return nil, err
	}
	if problems.Err() != nil {
		return nil, &invalidError{what: "the policy", problems: problems}
	}
	return policy, nil
}

// compilePolicy reads and compiles the configured policy, or the starter policy
// when none is configured. The error is about files; faults of the text are problems.
func compilePolicy(config *configuration, now time.Time) (*loadedPolicy, strictyaml.Problems, error) {
	embedded, err := catalog.Embedded()
	if err != nil {
		return nil, nil, err
	}
	files, err := configuredPolicy(config)
	if err != nil {
		return nil, nil, err
	}
	policy, problems := compileFiles(embedded, config, files, now, nil)
	return policy, problems, nil
}

// configuredPolicy reads the files of the configured policy.
func configuredPolicy(config *configuration) ([]policyfile.File, error) {
	if len(config.Policy) == 0 {
		return []policyfile.File{engine.Starter()}, nil
	}
	return readPolicyFiles(config.Policy)
}

// compileFiles compiles the text of a policy over the embedded catalogue. former is
// the snapshot whose place it takes, nil when there is none.
func compileFiles(embedded *catalog.Catalog, config *configuration, files []policyfile.File, now time.Time, former *engine.Snapshot) (*loadedPolicy, strictyaml.Problems) {
	origin := "the starter policy"
	if len(config.Policy) > 0 {
		origin = strings.Join(config.Policy, ", ")
	}
	snapshot, problems := engine.Compile(engine.Source{
		Catalog: embedded, Policy: files, Monitor: config.Monitor, OnErrorAllow: config.OnErrorAllow, Scanner: config.Scanner,
		Intercept: engine.Interception(config.Intercept), Bypass: config.Bypass, Now: now, Users: config.knownUsers(), Former: former,
	})
	return &loadedPolicy{snapshot: snapshot, origin: origin, files: len(files), sources: files, now: now}, problems
}

// status is what the policy says of a service for everybody, as far as it does
// not depend on content.
func (p *loadedPolicy) status(s *catalog.Service) rules.Status {
	return p.snapshot.Status(p.now, rules.Client{}, s.ID)
}

func (p *loadedPolicy) describe() string {
	if p.files == 1 {
		return p.origin
	}
	return fmt.Sprintf("%s (%s)", p.origin, plural(p.files, "file"))
}

// policyView is a snapshot as the proxy wants to see it.
type policyView struct{ *engine.Snapshot }

// Tunnel implements proxy.Snapshot.
func (v policyView) Tunnel(client rules.Client, connectHost, sni string, port uint16) engine.TunnelDecision {
	return v.Snapshot.Tunnel(time.Now(), client, connectHost, sni, port)
}

// MayRelay implements proxy.Snapshot.
func (v policyView) MayRelay(client rules.Client, connectHost, sni string, port uint16, reason string) bool {
	return v.Snapshot.MayRelay(time.Now(), client, connectHost, sni, port, reason)
}

// Known implements proxy.Snapshot.
func (v policyView) Known() metrics.Known {
	known := metrics.Known{Groups: v.Groups(), Classes: v.Classes()}
	for _, r := range v.Rules() {
		known.Rules = append(known.Rules, metrics.Rule{Name: r.Name, Action: r.Action})
	}
	for _, s := range v.Catalog().Services() {
		known.Services = append(known.Services, metrics.Service{ID: s.ID, Category: s.Category})
	}
	return known
}
