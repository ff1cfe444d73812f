package proxy

import (
	"testing"
	"time"

	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
)

// tunnelPolicy is a policy that says of tunnels which one it is.
type tunnelPolicy struct {
	*policy
	revision string
	decides  engine.TunnelDecision
}

func (r tunnelPolicy) Revision() string { return r.revision }
func (r tunnelPolicy) Tunnel(rules.Client, string, string, uint16) engine.TunnelDecision {
	return r.decides
}
func (r tunnelPolicy) Unopened(string, string, uint16) string { return r.revision }
func (r tunnelPolicy) Discovery() *discovery.Discovery        { return nil }

func TestATunnelIsJudgedByThePolicyOfItsBeginning(t *testing.T) {
	var current Snapshot = tunnelPolicy{&policy{final: true, verdict: rules.Verdict{Action: rules.Log, Rule: "old"}}, "r-old", engine.Tunnel}
	m, told := metrics.New(metrics.Build{}), &events{}
	snapshots := NewSnapshots(func() (Snapshot, error) { return current, nil }, m)
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	j := NewJudge(JudgeOptions{Snapshots: snapshots, Metrics: m, Events: told})
	defer j.Close(t.Context())
	tunnel := j.tunnel(rules.Client{})
	if d, why := tunnel.decision("a.example", "", 443); d != engine.Tunnel || why != "r-old" {
		t.Fatalf("at the CONNECT: %v, %q", d, why)
	}
	current = tunnelPolicy{&policy{final: true, verdict: rules.Verdict{Rule: "new"}}, "r-new", engine.Refuse}
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	if d, why := tunnel.decision("a.example", "b.example", 443); d != engine.Tunnel || why != "r-old" {
		t.Errorf("at the SNI: %v, %q: half of the tunnel has the new policy", d, why)
	}
	tunnel.closed(&tunnelInfo{Host: "a.example", Port: 443}, tunnelReport{Reason: "bypass", Duration: time.Second})
	if e := told.all[0]; e.Revision != "r-old" || e.Verdict.Rule != "old" || e.Verdict.Action != rules.Log {
		t.Errorf("the event has revision %q and verdict %+v", e.Revision, e.Verdict)
	}
	if d, _ := j.tunnel(rules.Client{}).decision("a.example", "", 443); d != engine.Refuse {
		t.Errorf("the next tunnel: %v", d)
	}
}
