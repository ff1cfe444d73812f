package proxy

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
)

// Snapshot is the compiled policy and catalogue, as the proxy sees it. It is
// immutable; an exchange sees one from start to end.
type Snapshot interface {
	Plan(engine.Request) engine.Plan
	Evaluate(engine.Plan, engine.Body) engine.Outcome
	// Failed is the verdict on an exchange, planned or engine.Unplanned, that could not be
	// judged; gone tells that its body has left.
	Failed(p engine.Plan, bytes int64, gone bool) rules.Verdict
	Tunnel(client rules.Client, connectHost, sni string, port uint16) engine.TunnelDecision
	// Unopened tells why TLS of a tunnel is not intercepted; "" when it is.
	Unopened(connectHost, sni string, port uint16) string
	// MayOpen tells whether the configuration lets a host be intercepted that is not in the catalogue.
	MayOpen(host string, port uint16) bool
	// MayRelay tells whether the policy lets a tunnel go on that is not opened for the reason.
	MayRelay(client rules.Client, connectHost, sni string, port uint16, reason string) bool
	// Announced finds where the bytes of uploads will go that an exchange opened.
	Announced(p engine.Plan, request engine.Body, status int, header map[string][]string, response []byte) []engine.Announcement
	// Peeked is the plan with the beginning of the body, as it travelled.
	Peeked(p engine.Plan, beginning []byte) engine.Plan
	// Concluded is the outcome of an exchange that went on before it showed that it is AI.
	Concluded(p engine.Plan, o engine.Outcome, e discovery.Evidence, b engine.Body) engine.Outcome
	// SuspectedTunnel is the outcome of a tunnel of which only name and rhythm are known.
	SuspectedTunnel(o engine.Outcome, e discovery.Evidence) engine.Outcome
	// Suspicion is the service that evidence speaks for, together with that of earlier exchanges.
	Suspicion(r engine.Request, e discovery.Evidence) rules.Service
	// Structure is what a request looks like, without its values.
	Structure(p engine.Plan, beginning []byte, message bool) discovery.Structure
	// Discovery judges traffic to hosts on no list; nil: it is not judged.
	Discovery() *discovery.Discovery
	// Template is a path without what may be a value.
	Template(path string) string
	// Lists tells whether a host is in the catalogue.
	Lists(host string, port uint16) bool
	Revision() string
	// Known returns what may stand in labels of metrics.
	Known() metrics.Known
	// Expiring counts the approvals that hold at now and end before the given time.
	Expiring(now, before time.Time) int
}

// Snapshots holds the snapshot that decides now. A new one is built as a whole
// and swapped in by one pointer; while that fails, the old one stays.
type Snapshots struct {
	build   func() (Snapshot, error)
	metrics *metrics.Metrics
	now     func() time.Time
	current atomic.Pointer[Snapshot]
	loading sync.Mutex // one load at a time, or an older one could win
}

// NewSnapshots returns a holder that is empty until the first Load. build reads
// and compiles the policy; nil when only Replace is used.
func NewSnapshots(build func() (Snapshot, error), m *metrics.Metrics) *Snapshots {
	return &Snapshots{build: build, metrics: m, now: time.Now}
}

// Load builds a snapshot and, if that succeeds, makes it the one that decides.
func (s *Snapshots) Load() error { return s.Replace(s.build) }

// Replace is Load with a builder of its own.
func (s *Snapshots) Replace(build func() (Snapshot, error)) error {
	s.loading.Lock()
	defer s.loading.Unlock()
	next, err := guarded(build)
	if err != nil {
		s.metrics.PolicyFailed()
		return err
	}
	s.metrics.SetKnown(next.Known())
	s.current.Store(&next)
	s.metrics.PolicyLoaded(next.Revision(), s.now())
	s.countExpiring(next)
	return nil
}

// guarded turns a panic of a compiler into an error: a policy that cannot be read
// costs a reload, not the process.
func guarded(build func() (Snapshot, error)) (next Snapshot, err error) {
	defer func() {
		if recover() != nil { // its text may quote the policy; the position is lost anyway
			err = errors.New("loading the policy: the compiler failed")
		}
	}()
	next, err = build()
	if err != nil {
		return nil, fmt.Errorf("loading the policy: %w", err)
	}
	return next, nil
}

// Current returns the snapshot that decides now. Before the first Load it is
// one that refuses everything.
func (s *Snapshots) Current() Snapshot {
	if p := s.current.Load(); p != nil {
		return *p
	}
	return noPolicy{}
}

// Loaded tells whether a policy decides.
func (s *Snapshots) Loaded() bool { return s.current.Load() != nil }

// Refresh counts the approvals that expire soon anew, for time passes without
// a reload. Call it every few minutes.
func (s *Snapshots) Refresh() {
	s.countExpiring(s.Current())
}

func (s *Snapshots) countExpiring(current Snapshot) {
	const day = 24 * time.Hour
	now := s.now()
	s.metrics.ApprovalsExpiring("expired", current.Expiring(time.Time{}, now))
	s.metrics.ApprovalsExpiring("7d", current.Expiring(now, now.Add(7*day)))
	s.metrics.ApprovalsExpiring("30d", current.Expiring(now, now.Add(30*day)))
}

// noPolicy decides while there is no policy: nothing goes through.
type noPolicy struct{}

func (noPolicy) Plan(r engine.Request) engine.Plan {
	return engine.Plan{
		Request: r, Final: true, Need: rules.Nothing, Verdict: rules.Verdict{Reason: "no policy is loaded"},
		Facts: rules.Facts{Time: r.Time, Client: r.Client, Destination: r.Destination, Method: r.Method, Bytes: r.Length},
	}
}

func (n noPolicy) Evaluate(p engine.Plan, _ engine.Body) engine.Outcome {
	return engine.Outcome{Facts: p.Facts, Verdict: p.Verdict}
}

func (noPolicy) Failed(p engine.Plan, _ int64, gone bool) rules.Verdict {
	return rules.Verdict{Reason: "no policy is loaded"}
}

func (noPolicy) Tunnel(rules.Client, string, string, uint16) engine.TunnelDecision {
	return engine.Refuse
}
func (noPolicy) Unopened(string, string, uint16) string { return "failed" }
func (noPolicy) MayRelay(rules.Client, string, string, uint16, string) bool {
	return false
}
func (noPolicy) MayOpen(string, uint16) bool { return false }
func (noPolicy) Announced(engine.Plan, engine.Body, int, map[string][]string, []byte) []engine.Announcement {
	return nil
}
func (noPolicy) Peeked(p engine.Plan, _ []byte) engine.Plan { return p }
func (noPolicy) Concluded(_ engine.Plan, o engine.Outcome, _ discovery.Evidence, _ engine.Body) engine.Outcome {
	return o
}
func (noPolicy) SuspectedTunnel(o engine.Outcome, _ discovery.Evidence) engine.Outcome { return o }
func (noPolicy) Suspicion(engine.Request, discovery.Evidence) rules.Service            { return rules.Service{} }
func (noPolicy) Structure(engine.Plan, []byte, bool) discovery.Structure {
	return discovery.Structure{}
}
func (noPolicy) Discovery() *discovery.Discovery   { return nil }
func (noPolicy) Template(string) string            { return "" }
func (noPolicy) Lists(string, uint16) bool         { return false }
func (noPolicy) Revision() string                  { return "none" }
func (noPolicy) Known() metrics.Known              { return metrics.Known{} }
func (noPolicy) Expiring(time.Time, time.Time) int { return 0 }
