// Package faults sets one real fault after the other before a whole proxy, in each
// protocol, and states what the client, the record and the metrics see of it.
package faults_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"daylight.internal/proxy"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/ca"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// patience is how long a test waits for what must come.
const patience = time.Minute

const (
	faulty = "api.openai.com"    // where the fault is
	well   = "api.anthropic.com" // where none is
)

// policy reads every prompt before it goes on.
const policy = `version: 1
rules:
  - name: customer-lists-stay-home
    match: {data: {class: personal, people: ">=10"}}
    action: block
`

// setup is what a fault may change of a proxy before it starts.
type setup struct {
	t      *testing.T
	proxy  proxy.Config
	judge  proxy.JudgeOptions
	hosts  map[string]string // goes into proxy.Upstream
	panics bool              // each evaluation of a body for the faulty host
	// onError is that of the rule; its zero value leaves it to the configuration.
	onError rules.OnError
	// lateSink makes a sink besides the one that the test reads; nil: none.
	lateSink  func(dropped func(reason string)) audit.Sink
	finishing func() // when the proxy has ended
}

// world is a proxy between a client and two servers.
type world struct {
	t         *testing.T
	proxy     *proxy.Proxy
	judge     *proxy.Judge
	metrics   *metrics.Metrics
	authority *ca.Authority
	address   string
	served    chan error
	setup     *setup

	mu     sync.Mutex
	events []audit.Event
}

// Record implements audit.Sink.
func (w *world) Record(e audit.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, e)
}

// startWorld starts a proxy that reaches the two servers, as setup has it.
func startWorld(s *setup, p protocol, root []byte) *world {
	t := s.t
	t.Helper()
	w := &world{t: t, metrics: metrics.New(metrics.Build{}), served: make(chan error, 1), setup: s}
	snapshots := proxy.NewSnapshots(func() (proxy.Snapshot, error) { return compile(t, p, s) }, w.metrics)
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	s.judge.Snapshots, s.judge.Metrics, s.judge.Events, s.judge.Limits = snapshots, w.metrics, w, s.proxy.Limits
	if s.lateSink != nil {
		s.judge.Events = audit.Multi(w, s.lateSink(w.metrics.EventDropped("file")))
	}
	if s.judge.TempDir == "" {
		s.judge.TempDir = t.TempDir()
	}
	w.judge = proxy.NewJudge(s.judge)
	var err error
	if w.authority, err = ca.Ensure(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	s.proxy.Upstream.Hosts, s.proxy.Upstream.CAFile = s.hosts, writeRoot(t, root)
	w.proxy, err = proxy.New(s.proxy, proxy.Dependencies{Inspector: w.judge, Authority: w.authority, Counters: w.metrics})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.address = l.Addr().String()
	go func() { w.served <- w.proxy.Serve(context.Background(), l) }()
	return w
}

// end ends the proxy and returns the events that it left.
func (w *world) end() []audit.Event {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := w.proxy.Shutdown(ctx); err != nil {
		w.t.Errorf("shutting down: %v", err)
	}
	if err := w.judge.Close(ctx); err != nil {
		w.t.Errorf("closing the judge: %v", err)
	}
	if err := <-w.served; err != nil {
		w.t.Errorf("serving: %v", err)
	}
	if w.setup.finishing != nil {
		w.setup.finishing()
	}
	return w.events
}

// troubles are the counters that tell of faults; all others count ordinary traffic too.
var troubles = []string{
	"exchange_errors_total", "limit_hits_total", "refused_requests_total", "intercept_failures_total",
	"evaluation_failures_total", "events_dropped_total",
}

// counted returns the series of troubles that are not 0, as name{value of the last label}.
func (w *world) counted() (out []string) {
	w.t.Helper()
	families, err := w.metrics.Gatherer().Gather()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, name := range troubles {
		for _, family := range families {
			if family.GetName() != "daylight_"+name {
				continue
			}
			for _, m := range family.GetMetric() {
				if labels := m.GetLabel(); m.GetCounter().GetValue() > 0 && len(labels) > 0 {
					out = append(out, strings.TrimSuffix(name, "_total")+"{"+labels[0].GetValue()+"}")
				}
			}
		}
	}
	return out
}

func writeRoot(t *testing.T, root []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(name, root, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// snapshot is the engine's, with evaluations that may panic.
type snapshot struct {
	*engine.Snapshot
	panics bool
}

var embedded = sync.OnceValues(catalog.Embedded)

// compile returns the policy; for tunnels one that opens neither host.
func compile(t *testing.T, p protocol, s *setup) (proxy.Snapshot, error) {
	t.Helper()
	known, err := embedded()
	if err != nil {
		return nil, err
	}
	text := policy
	if s.onError != rules.NoOnError {
		text += "    on_error: " + string(s.onError) + "\n"
	}
	source := engine.Source{Catalog: known, Policy: []policyfile.File{{Name: "policy.yaml", Data: []byte(text)}}, Now: time.Now()}
	if p == tunnel {
		source.Bypass = []string{faulty, well, unknownName, silentName}
	}
	compiled, problems := engine.Compile(source)
	return &snapshot{compiled, s.panics}, problems.Err()
}

// Tunnel implements proxy.Snapshot.
func (s *snapshot) Tunnel(client rules.Client, connectHost, sni string, port uint16) engine.TunnelDecision {
	return s.Snapshot.Tunnel(time.Now(), client, connectHost, sni, port)
}

// MayRelay implements proxy.Snapshot.
func (s *snapshot) MayRelay(client rules.Client, connectHost, sni string, port uint16, reason string) bool {
	return s.Snapshot.MayRelay(time.Now(), client, connectHost, sni, port, reason)
}

// Known implements proxy.Snapshot.
func (s *snapshot) Known() metrics.Known { return metrics.Known{} }

// Evaluate implements proxy.Snapshot.
func (s *snapshot) Evaluate(p engine.Plan, b engine.Body) engine.Outcome {
	if s.panics && p.Request.Destination.Host == faulty && len(b.Bytes) > 0 {
		panic("a detector failed over ana.kovac@customer.example")
	}
	return s.Snapshot.Evaluate(p, b)
}
