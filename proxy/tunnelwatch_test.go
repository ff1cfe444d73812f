package proxy

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// A tunnel is suspected by its name and its rhythm, and stopped by neither.
func TestATunnelIsSuspectedByItsRhythmAndNeverStopped(t *testing.T) {
	source := withCatalog(t, engine.Source{Intercept: engine.InterceptNone, Now: time.Now(), Policy: []policyfile.File{{Name: "p.yaml", Data: []byte(`version: 1
rules:
  - {name: nobody, match: {status: unreviewed}, action: block}
`)}}})
	m, sink := metrics.New(metrics.Build{}), &events{}
	snapshots := NewSnapshots(func() (Snapshot, error) {
		s, problems := engine.Compile(source)
		return compiled{s}, problems.Err()
	}, m)
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	j := NewJudge(JudgeOptions{Snapshots: snapshots, Metrics: m, Events: sink, TempDir: t.TempDir()})
	client := rules.Client{Address: netip.MustParseAddr("10.20.0.7")}
	for _, c := range []struct {
		name, host, reason string
		gap                time.Duration
		suspected          bool
	}{
		{"as a model writes, under a name of AI", "gpt.startup.example", "not_intercepted", 40 * time.Millisecond, true},
		{"as a model writes, under any name", "sync.startup.example", "not_intercepted", 40 * time.Millisecond, false},
		{"as a file comes", "gpt.startup.example", "not_intercepted", 0, false},
		{"no TLS", "gpt.startup.example", "not_tls", 40 * time.Millisecond, false},
	} {
		tunnel := j.tunnel(client)
		if decision, _ := tunnel.decision(c.host, c.host, 443); decision != engine.Tunnel {
			t.Errorf("%s: decision %v", c.name, decision)
		}
		w, now := tunnel.watch(c.reason), time.Now()
		w.passed(true, now, 2000)
		for i := range 60 {
			now = now.Add(c.gap)
			w.passed(false, now, 90+i%7)
		}
		info := &tunnelInfo{Client: client, Host: c.host, ConnectHost: c.host, SNI: c.host, Port: 443}
		tunnel.closed(info, tunnelReport{Reason: c.reason, Sent: 2000, Received: 6000, watch: w})
		e := sink.all[len(sink.all)-1]
		if (e.Service.ID == rules.Suspected) != c.suspected || e.Verdict.Action < rules.Log {
			t.Errorf("%s: service %+v, verdict %+v", c.name, e.Service, e.Verdict)
		}
		if c.suspected && (e.Service.Confidence != "low" || e.Service.Status != rules.Unreviewed || !slices.Contains(e.Service.Evidence, "tunnel_rhythm")) {
			t.Errorf("%s: service %+v", c.name, e.Service)
		}
	}
	if j.discovered.any.Load() {
		t.Error("a tunnel is remembered")
	}
}
