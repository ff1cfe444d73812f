package proxy

import (
	"time"

	"daylight.internal/proxy/pinning"
)

// newPinning returns the memory of a judge; nil when it is to learn nothing.
func newPinning(o *JudgeOptions, l *Limits) *pinning.Memory {
	if !o.LearnBypass {
		return nil
	}
	return pinning.New(pinning.Options{
		Failures: l.LearnedBypassFailures, Within: l.LearnedBypassWithin, For: l.LearnedBypassFor,
		Bypasses: l.LearnedBypasses, PerNetwork: l.LearnedBypassesPerNetwork,
	})
}

func hostOf(info *tunnelInfo) pinning.Host {
	return pinning.Host{Connect: info.ConnectHost, SNI: info.SNI, Port: info.Port}
}

// bypass implements tunneler. A bypass that was learned is looked at again: the policy
// may have changed, or AI was found there meanwhile.
func (t *judgedTunnel) bypass(info *tunnelInfo) (reason string) {
	defer func() {
		if recover() != nil {
			reason = ""
		}
	}()
	m := t.judge.pinning
	if m == nil || !m.Bypassed(t.client.Address, hostOf(info), t.judge.now()) || t.mustOpen(info) != "" {
		return ""
	}
	return "pinned_learned"
}

// mustOpen says why a tunnel may not be left closed although its clients pin; "" when it may.
func (t *judgedTunnel) mustOpen(info *tunnelInfo) string {
	for _, name := range []string{info.ConnectHost, info.SNI} {
		if name != "" && (t.snapshot.Lists(name, info.Port) || t.judge.discovered.knows(name, info.Port)) {
			return "ai_service"
		}
	}
	switch {
	case t.judge.awaitsUpload(t.snapshot, info.ConnectHost, info.SNI, info.Port):
		return "ai_service"
	case !t.snapshot.MayRelay(t.client, info.ConnectHost, info.SNI, info.Port, "pinned_learned"):
		return "policy"
	}
	return ""
}

// accepted implements tunneler.
func (t *judgedTunnel) accepted(info *tunnelInfo) {
	defer func() { _ = recover() }()
	if m := t.judge.pinning; m != nil {
		m.Accepted(t.client.Address, hostOf(info), t.judge.now())
	}
}

// unused implements tunneler. One of them is nothing; what becomes of many has an event.
func (t *judgedTunnel) unused(info *tunnelInfo) {
	defer func() { _ = recover() }()
	if t.rejected(info) {
		t.closed(info, tunnelReport{Reason: "handshake", Err: "client_closed", Duration: time.Since(info.Opened)})
	}
}

// rejected notes that the client would not have the tunnel opened. It tells whether
// something came of it.
func (t *judgedTunnel) rejected(info *tunnelInfo) bool {
	j, now := t.judge, t.judge.now()
	if j.pinning == nil || !j.pinning.Rejected(t.client.Address, hostOf(info), now) {
		return false
	}
	result, full := j.pinning.Decide(t.client.Address, hostOf(info), now, t.mustOpen(info))
	if full {
		j.metrics.LimitHit("learned_bypasses")
	}
	if result == pinning.NetworkFull {
		j.metrics.LimitHit("learned_bypasses_per_network")
	}
	if result != "" {
		j.metrics.ClientsPin(result)
	}
	return result != ""
}

// Bypasses returns the bypasses that were learned and hold, and the hosts that clients
// reject as often and have none; not enabled when nothing is learned.
func (j *Judge) Bypasses() (entries []pinning.Entry, enabled bool) {
	if j.pinning == nil {
		return nil, false
	}
	return j.pinning.Entries(j.now()), true
}

// LearnedBypasses returns how many bypasses hold.
func (j *Judge) LearnedBypasses() int {
	if j.pinning == nil {
		return 0
	}
	return j.pinning.Count(j.now())
}
