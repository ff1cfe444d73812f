package replay_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
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

// policy asks for the content of every prompt before it goes on, and stops none.
const policy = `version: 1
rules:
  - name: customer-lists-stay-home
    match: {data: {class: personal, people: ">=1000"}}
    action: block
`

// world is one proxy between all clients and the stand-in.
type world struct {
	*standIn
	proxy     *proxy.Proxy
	judge     *proxy.Judge
	authority *ca.Authority
	address   string // of the proxy
	served    chan error
	watched   *watched

	mu      sync.Mutex
	events  map[string][]audit.Event // by the address of the client
	clients int
}

// Record implements audit.Sink.
func (w *world) Record(e audit.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	address := e.Client.Address.String()
	w.events[address] = append(w.events[address], e)
}

// startWorld starts a proxy that reaches the stand-in under the names of the sessions.
func startWorld(t *testing.T, sessions []session) *world {
	t.Helper()
	return startWorldUnder(t, policy, sessions)
}

func startWorldUnder(t *testing.T, policy string, sessions []session) *world {
	t.Helper()
	w := &world{standIn: startStandIn(t), events: map[string][]audit.Event{}, served: make(chan error, 1)}
	counts := metrics.New(metrics.Build{})
	snapshots := proxy.NewSnapshots(func() (proxy.Snapshot, error) { return w.watched, nil }, counts)
	w.watched = compile(t, policy)
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	w.judge = proxy.NewJudge(proxy.JudgeOptions{Snapshots: snapshots, Events: w, Metrics: counts, TempDir: t.TempDir()})
	var err error
	if w.authority, err = ca.Ensure(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	config := proxy.Config{Upstream: proxy.Upstream{CAFile: w.caFile, Hosts: w.hosts(t, sessions)}}
	if w.proxy, err = proxy.New(config, proxy.Dependencies{Inspector: w.judge, Authority: w.authority, Counters: counts}); err != nil {
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

// hosts sends every name of the sessions to the stand-in.
func (w *world) hosts(t *testing.T, sessions []session) map[string]string {
	t.Helper()
	hosts := map[string]string{}
	for _, s := range sessions {
		for _, x := range s.Exchanges {
			u, err := url.Parse(filledURL(x.URL, "x"))
			if err != nil || u.Host == "" {
				t.Fatalf("%s: %s is no URL: %v", s.file, x.URL, err)
			}
			port, server := "443", w.secure
			if u.Scheme == "http" || u.Scheme == "ws" {
				port, server = "80", w.plain
			}
			if p := u.Port(); p != "" {
				port = p
			}
			hosts[net.JoinHostPort(u.Hostname(), port)] = server.Listener.Addr().String()
		}
	}
	return hosts
}

// end waits for all events.
func (w *world) end(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := w.proxy.Shutdown(ctx); err != nil {
		t.Errorf("shutting down: %v", err)
	}
	if err := w.judge.Close(ctx); err != nil {
		t.Errorf("closing the judge: %v", err)
	}
	if err := <-w.served; err != nil {
		t.Errorf("serving: %v", err)
	}
}

// watched is the engine's snapshot. It notes what stands at the places of an
// operation in each body that is judged.
type watched struct {
	*engine.Snapshot
	mu    sync.Mutex
	texts map[string][]map[string]string // by the step
}

// embeddedCatalog is read once: under the race detector that takes seconds.
var embeddedCatalog = sync.OnceValues(catalog.Embedded)

func compile(t *testing.T, policy string) *watched {
	t.Helper()
	embedded, err := embeddedCatalog()
	if err != nil {
		t.Fatal(err)
	}
	snapshot, problems := engine.Compile(engine.Source{
		Catalog: embedded, Policy: []policyfile.File{{Name: "policy.yaml", Data: []byte(policy)}}, Now: time.Now(),
	})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return &watched{Snapshot: snapshot, texts: map[string][]map[string]string{}}
}

// Tunnel implements proxy.Snapshot.
func (w *watched) Tunnel(client rules.Client, connectHost, sni string, port uint16) engine.TunnelDecision {
	return w.Snapshot.Tunnel(time.Now(), client, connectHost, sni, port)
}

// MayRelay implements proxy.Snapshot.
func (w *watched) MayRelay(client rules.Client, connectHost, sni string, port uint16, reason string) bool {
	return w.Snapshot.MayRelay(time.Now(), client, connectHost, sni, port, reason)
}

// Known implements proxy.Snapshot.
func (w *watched) Known() metrics.Known { return metrics.Known{} }

// Evaluate implements proxy.Snapshot.
func (w *watched) Evaluate(p engine.Plan, b engine.Body) engine.Outcome {
	if texts := textsAt(w.Catalog(), &p.Request, b); texts != nil {
		w.mu.Lock()
		step := http.Header(p.Request.Header).Get(stepHeader)
		w.texts[step] = append(w.texts[step], texts)
		w.mu.Unlock()
	}
	return w.Snapshot.Evaluate(p, b)
}
