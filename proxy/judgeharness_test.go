package proxy

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
)

// policy is a snapshot that tests write as they need it.
type policy struct {
	need     rules.Need
	final    bool
	verdict  rules.Verdict
	service  string
	shape    string
	evaluate func(engine.Body) engine.Outcome // nil: the verdict
	// onErrorAllow lets through what could not be judged.
	onErrorAllow bool
}

func (p *policy) Plan(r engine.Request) engine.Plan {
	f := rules.Facts{
		Time: r.Time, Client: r.Client, Destination: r.Destination, Method: r.Method, Path: r.Path, Bytes: r.Length,
		Service: rules.Service{ID: p.service, Category: "chat", Country: "US"},
	}
	return engine.Plan{
		Request: r, Facts: f, Need: p.need, Verdict: p.verdict, Final: p.final, PathTemplate: "/c/{id}",
		Service: &catalog.Service{ID: p.service, Name: "Chat of Example", ErrorShape: p.shape},
	}
}

func (p *policy) Evaluate(plan engine.Plan, b engine.Body) engine.Outcome {
	if p.evaluate != nil {
		o := p.evaluate(b)
		o.Facts.Destination, o.Facts.Service = plan.Facts.Destination, plan.Facts.Service
		return o
	}
	f := plan.Facts
	f.Content = &rules.Content{Coverage: coverageOf(b)}
	return engine.Outcome{Facts: f, Verdict: p.verdict, PathTemplate: "/{id}"}
}

func coverageOf(b engine.Body) classifier.Coverage {
	c := classifier.Coverage{State: classifier.Complete, BytesRead: int64(len(b.Bytes)), Reason: b.Reason}
	switch {
	case b.Reason != "" && len(b.Bytes) == 0:
		c.State = classifier.NotInspected
	case b.Reason != "":
		c.State = classifier.Truncated
	}
	return c
}

func (p *policy) Failed(_ engine.Plan, _ int64, gone bool) rules.Verdict {
	v := rules.Verdict{OnErrorBy: rules.ByConfiguration}
	if p.onErrorAllow || gone {
		v.Action = rules.Log
	}
	return v
}

func (p *policy) Tunnel(rules.Client, string, string, uint16) engine.TunnelDecision {
	return engine.Intercept
}
func (p *policy) Unopened(string, string, uint16) string { return "" }
func (p *policy) MayRelay(rules.Client, string, string, uint16, string) bool {
	return true
}
func (p *policy) MayOpen(string, uint16) bool { return true }
func (p *policy) Announced(engine.Plan, engine.Body, int, map[string][]string, []byte) []engine.Announcement {
	return nil
}
func (p *policy) Peeked(plan engine.Plan, _ []byte) engine.Plan { return plan }
func (p *policy) Concluded(_ engine.Plan, o engine.Outcome, _ discovery.Evidence, _ engine.Body) engine.Outcome {
	return o
}
func (p *policy) SuspectedTunnel(o engine.Outcome, _ discovery.Evidence) engine.Outcome { return o }
func (p *policy) Suspicion(engine.Request, discovery.Evidence) rules.Service            { return rules.Service{} }
func (p *policy) Structure(engine.Plan, []byte, bool) discovery.Structure {
	return discovery.Structure{}
}
func (p *policy) Discovery() *discovery.Discovery   { return nil }
func (p *policy) Template(path string) string       { return path }
func (p *policy) Lists(string, uint16) bool         { return true }
func (p *policy) Revision() string                  { return "r1" }
func (p *policy) Expiring(time.Time, time.Time) int { return 0 }
func (p *policy) Known() metrics.Known {
	return metrics.Known{Services: []metrics.Service{{ID: "chat", Category: "chat"}}, Groups: []string{"marketing"}, Classes: []string{"personal"}}
}

// blocker blocks a body that holds the word.
func blocker(word string) func(engine.Body) engine.Outcome {
	return func(b engine.Body) engine.Outcome {
		o := engine.Outcome{Verdict: rules.Verdict{Action: rules.Log, Reason: "nothing found"}}
		o.Facts.Content = &rules.Content{Coverage: coverageOf(b)}
		if bytes.Contains(b.Bytes, []byte(word)) {
			o.Facts.Content.People = 3
			o.Facts.Content.Findings = []classifier.Summary{{Detector: "email", Class: "personal", Count: 3, Masked: "a***", Confidence: 1}}
			o.Verdict = rules.Verdict{
				Action: rules.Block, Rule: "lists-stay-home", At: "policy.yaml:3:5", Reason: "3 people in personal data",
				Message: map[string]string{"en": "Please use the approved tool.", "de": "Bitte das freigegebene Werkzeug nutzen."}, Groups: []string{"marketing"},
			}
		}
		return o
	}
}

// events is a sink that remembers.
type events struct {
	mu  sync.Mutex
	all []audit.Event
}

func (s *events) Record(e audit.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, e)
}

// bench is a judge with a minimal carrying half in front of a server.
type bench struct {
	judge   *Judge
	events  *events
	metrics *metrics.Metrics
	server  *httptest.Server
	front   *httptest.Server
	served  chan struct{} // one for each exchange that has ended
}

func newBench(t *testing.T, p Snapshot, o JudgeOptions, server http.HandlerFunc) *bench {
	t.Helper()
	b := &bench{events: &events{}, metrics: metrics.New(metrics.Build{Version: "test"}), served: make(chan struct{}, 1000)}
	o.Snapshots = NewSnapshots(func() (Snapshot, error) { return p, nil }, b.metrics)
	if err := o.Snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	o.Events, o.Metrics = b.events, b.metrics
	if o.TempDir == "" {
		o.TempDir = t.TempDir()
	}
	b.judge = NewJudge(o)
	b.server = httptest.NewServer(server)
	t.Cleanup(b.server.Close)
	target, _ := url.Parse(b.server.URL)
	b.front = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.carry(w, r, target) }))
	t.Cleanup(b.front.Close)
	return b
}

// carry does what the carrying half does, in little.
func (b *bench) carry(w http.ResponseWriter, r *http.Request, target *url.URL) {
	defer func() { b.served <- struct{}{} }()
	x := b.judge.exchange(r, rules.Client{Address: netip.MustParseAddr("10.20.0.7"), User: "ana@corp.example"}, nil)
	defer func() {
		p := recover()
		x.finish(p)
		if p != nil {
			panic(http.ErrAbortHandler)
		}
	}()
	resp := x.request(r)
	if resp == nil {
		r.URL.Scheme, r.URL.Host, r.RequestURI = "http", target.Host, ""
		answer, err := http.DefaultTransport.RoundTrip(r)
		if r.Header.Get("Test-Panic") != "" {
			panic("the secret ana.kovac@customer.example")
		}
		resp = x.response(r, answer, err)
	}
	defer resp.Body.Close()
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(resp.StatusCode)
	io.Copy(flusher{w}, resp.Body)
}

type flusher struct{ http.ResponseWriter }

func (f flusher) Write(b []byte) (int, error) {
	n, err := f.ResponseWriter.Write(b)
	f.ResponseWriter.(http.Flusher).Flush()
	return n, err
}

// only waits for the end of n exchanges and returns their events.
func (b *bench) only(t *testing.T, n int) []audit.Event {
	t.Helper()
	for range n {
		select {
		case <-b.served:
		case <-time.After(patience):
			t.Fatal("the exchange does not end")
		}
	}
	all := b.end(t)
	if len(all) != n {
		t.Fatalf("%d events, want %d: %+v", len(all), n, all)
	}
	return all
}

// end ends the judge and returns all events.
func (b *bench) end(t *testing.T) []audit.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := b.judge.Close(ctx); err != nil {
		t.Fatal(err)
	}
	return b.events.all
}

func (b *bench) post(t *testing.T, body string, header ...string) (*http.Response, string) {
	t.Helper()
	return send(t, http.DefaultClient, http.MethodPost, b.front.URL+"/c/4111111111111111?q=ana.kovac@customer.example", body, header...)
}

func clientOf(t *testing.T) rules.Client {
	t.Helper()
	return rules.Client{Address: netip.MustParseAddr("10.20.0.7")}
}
