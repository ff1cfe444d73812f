package proxy

import (
	"cmp"
	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// tunnel implements inspector.
func (j *Judge) tunnel(client rules.Client) tunneler {
	return &judgedTunnel{judge: j, snapshot: j.snapshots.Current(), client: client}
}

// judgedTunnel is a CONNECT with the policy of its beginning: what opens it, what
// watches it and what its event says agree, however long it lasts. Requests in an
// opened one have the policy of their own beginning.
type judgedTunnel struct {
	judge    *Judge
	snapshot Snapshot
	client   rules.Client
	failed   *rules.Verdict // by on_error; nil when it could be judged
}

// decision implements tunneler.
func (t *judgedTunnel) decision(connectHost, sni string, port uint16) (decision engine.TunnelDecision, unread string) {
	j := t.judge
	decision, unread = engine.Refuse, "failed"
	t.failed = nil
	defer func() {
		if recover() != nil {
			decision, unread = t.tunnelFailed(connectHost, sni, port), "failed"
		}
	}()
	decision, unread = t.snapshot.Tunnel(t.client, connectHost, sni, port), t.snapshot.Unopened(connectHost, sni, port)
	if decision == engine.Tunnel && unread == "not_intercepted" && j.awaitsUpload(t.snapshot, connectHost, sni, port) {
		return engine.Intercept, ""
	}
	return decision, unread
}

// closed implements tunneler.
func (t *judgedTunnel) closed(info *tunnelInfo, report tunnelReport) {
	defer func() { _ = recover() }()
	j, snapshot := t.judge, t.snapshot
	host := info.Host
	if info.SNI != "" {
		host = info.SNI
	}
	if report.rejected {
		t.rejected(info)
	}
	started := j.now().Add(-report.Duration)
	plan, outcome := j.judgeTunnel(snapshot, engine.Request{
		Time: started, Client: info.Client, Method: "CONNECT", Length: -1,
		Destination: rules.Destination{ConnectHost: info.ConnectHost, SNI: info.SNI, Host: host, Port: info.Port},
	}, report.Reason)
	outcome = report.watch.suspect(snapshot, &plan, outcome)
	if t.failed != nil {
		outcome.Verdict = *t.failed
	}
	event := newEvent(audit.KindTunnel, cmp.Or(report.ID, audit.NewID(started)), snapshot, &plan, &outcome)
	if report.Reason == "refused" {
		event.Verdict.Action, event.Verdict.Enforced, event.Verdict.MonitoredBy = rules.Block, true, ""
	} else if event.Verdict.Action < rules.Log {
		event.Verdict.Passed()
	}
	event.Destination.Protocol = "tunnel"
	event.Request.Bytes, event.Response.Bytes = report.Sent, report.Received
	event.Coverage = classifier.Coverage{State: classifier.NotInspected, Reason: report.Reason}
	event.Error = report.Err
	event.Timing = audit.Timing{Total: report.Duration.Seconds(), Mode: audit.ModeNothing}
	j.sink.Record(event)
}

// judgeTunnel finds the service and the verdict of what went through unread. A
// judge that fails leaves the zero verdict: the event is written all the same.
func (j *Judge) judgeTunnel(s Snapshot, r engine.Request, reason string) (plan engine.Plan, outcome engine.Outcome) {
	plan = engine.Plan{Request: r, Facts: rules.Facts{Time: r.Time, Client: r.Client, Destination: r.Destination, Method: r.Method}}
	outcome.Facts = plan.Facts
	defer func() { _ = recover() }()
	plan = s.Plan(r)
	outcome.Facts, outcome.Verdict = plan.Facts, plan.Verdict
	if !plan.Final {
		outcome = s.Evaluate(plan, engine.Body{Reason: reason})
	}
	return plan, outcome
}
