package proxy

import (
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// fail puts the verdict of an exchange that could not be judged in place: that of
// on_error. reason is a bounded word for what failed, bytes the size of its body, -1 when
// that is not known.
func (x *exchange) fail(reason string, bytes int64) {
	x.failed = reason
	x.setTrouble(reason)
	x.outcome.Verdict = failedVerdict(x.snapshot, x.plan, bytes, x.mode == audit.ModeObserve)
	x.judge.metrics.EvaluationFailed(reason, x.outcome.Verdict)
}

// failedVerdict asks the snapshot. Should that fail too, nothing goes on that has not.
func failedVerdict(s Snapshot, p engine.Plan, bytes int64, gone bool) (v rules.Verdict) {
	defer func() {
		if recover() != nil {
			v = rules.Verdict{Reason: "the exchange could not be judged, nor could its on_error", OnErrorBy: rules.ByConfiguration}
			if gone {
				v.Action, v.OnErrorBy = rules.Log, rules.ByLateness
			}
		}
	}()
	return s.Failed(p, bytes, gone)
}

// refusedUnread notes that a body was refused by an on_error because not all of it could
// be read for the reason.
func (x *exchange) refusedUnread(reason string) {
	if v := &x.outcome.Verdict; v.OnErrorBy != "" && v.Stops() {
		x.failed = reason
		x.setTrouble(reason)
		x.judge.metrics.EvaluationFailed(reason, *v)
	}
}

// tunnelFailed decides on a CONNECT that could not be judged, and keeps the verdict for
// its event.
func (t *judgedTunnel) tunnelFailed(connectHost, sni string, port uint16) engine.TunnelDecision {
	host := connectHost
	if sni != "" {
		host = sni
	}
	plan := engine.Unplanned(engine.Request{
		Time: t.judge.now(), Client: t.client, Method: "CONNECT", Length: -1,
		Destination: rules.Destination{ConnectHost: connectHost, SNI: sni, Host: host, Port: port},
	})
	v := failedVerdict(t.snapshot, plan, -1, false)
	t.failed = &v
	t.judge.metrics.EvaluationFailed("panic", v)
	if v.Stops() {
		return engine.Refuse
	}
	return engine.Tunnel
}
