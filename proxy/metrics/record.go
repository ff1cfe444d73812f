package metrics

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// Known is what a policy and its catalogue can say in labels.
type Known struct {
	Services []Service
	Groups   []string
	Classes  []string
	Rules    []Rule // in the order of the policy
}

// Rule is a rule of the policy, as far as labels need it.
type Rule struct {
	Name   string
	Action rules.Action
}

// Service is a catalogue entry, as far as labels need it.
type Service struct{ ID, Category string }

// initialise sets the series to 0 whose labels are known without a policy.
func (m *Metrics) initialise() {
	for _, confidence := range []string{"low", "medium", "high"} {
		m.suspected.WithLabelValues(m.labels.word("confidence", confidence))
	}
	m.peeked(false)
	m.peeked(true)
	for _, mode := range []string{"hold", "observe"} {
		m.verdictSeconds.WithLabelValues(mode)
	}
	for _, limit := range []string{
		"inspect_bytes", "hold_bytes", "inspect_memory", "hold_disk", "hold_disk_bytes", "evaluation_queue", "evaluation_wait", "memory_bytes",
		"header_bytes", "header_timeout", "body_bytes", "refused_events", "observed_messages", "uploads", "upload_part_bytes", "upload_memory", "conversations",
		"connections", "client_connections", "connection_queue", "connection_wait", "admin_connections", "exchanges", "client_exchanges", "tunnels", "client_tunnels", "descriptors", "discovered_hosts", "learned_bypasses", "learned_bypasses_per_network", "body_idle_timeout", "tunnel_idle_timeout", "server_timeout", "stalled_answers",
	} {
		m.limitHits.WithLabelValues(m.labels.word("limit", limit))
	}
	for action := rules.Block; action <= rules.Allow; action++ {
		m.verdicts.WithLabelValues(action.String(), "true")
		m.verdicts.WithLabelValues(action.String(), "false")
	}
	for _, reason := range []string{"dial", "tls", "timeout", "client_gone", "panic"} {
		m.failed.WithLabelValues(m.labels.word("error", reason))
	}
	for _, action := range []string{"allow", "block"} {
		for _, by := range []string{rules.ByRule, rules.ByPolicy, rules.ByConfiguration} {
			m.evaluationFailures.WithLabelValues(action, by, "panic")
		}
	}
	for _, result := range []string{"learned", "ai_service", "policy", "ca_not_trusted", "network_full"} {
		m.clientsPin.WithLabelValues(m.labels.word("result", result))
	}
	for _, reason := range []string{"bypass", "pinned_app", "pinned_learned", "not_intercepted", "policy", "not_tls", "refused", "dial", "handshake"} {
		m.tunnels.WithLabelValues(m.labels.word("reason", reason))
	}
	m.interceptFailures.WithLabelValues(m.labels.word("reason", "client_rejected_certificate"))
	for _, reason := range []string{"authority", "broken_framing", "header_bytes", "connections", "malformed", "scheme", "sign_in"} {
		m.refusedRequests.WithLabelValues(m.labels.word("reason", reason))
	}
	m.rules.initialise()
	m.initialiseReloads()
	for _, label := range []string{"service", "group", "rule"} {
		m.labels.overflow.WithLabelValues(label)
	}
	for _, within := range []string{"expired", "7d", "30d"} {
		m.approvalsExpiring.WithLabelValues(within)
	}
	m.wouldBlock.WithLabelValues(other, none)
	for _, kind := range rules.AccountKinds() {
		m.prompts.WithLabelValues(rules.Suspected, m.labels.word("account", kind))
	}
	m.shapeChanged.WithLabelValues(other)
	m.exchanges.WithLabelValues(other, none, none, rules.Allow.String(), none)
}

// SetKnown tells which services, groups and classes exist, at each load of a
// policy, and starts the series that are likely to be used at 0.
func (m *Metrics) SetKnown(k Known) {
	ids := make([]string, len(k.Services))
	for i, s := range k.Services {
		ids[i] = s.ID
	}
	m.labels.know(ids, k.Groups)
	m.rules.know(k.Rules)
	groups := append([]string{none}, k.Groups...)
	for _, s := range k.Services {
		for _, action := range []rules.Action{rules.Log, rules.Block} {
			m.exchanges.WithLabelValues(s.ID, m.labels.word("category", s.Category), string(rules.Unreviewed), action.String(), none)
		}
	}
	for _, group := range groups {
		m.exchanges.WithLabelValues(other, none, none, rules.Allow.String(), group)
	}
	for _, class := range k.Classes {
		for _, action := range []rules.Action{rules.Log, rules.Block} {
			m.findings.WithLabelValues(m.labels.word("class", class), other, action.String())
		}
	}
}

// Done is what was done with an exchange: a verdict that is not enforced lets
// the exchange through and logs it.
func Done(v audit.Verdict) rules.Action {
	if !v.Enforced && v.Action < rules.Log {
		return rules.Log
	}
	return v.Action
}

// Record implements audit.Sink.
func (m *Metrics) Record(e audit.Event) {
	if e.Kind == audit.KindRefused {
		return // refused_requests_total counts each, and not each has an event
	}
	service, group := m.labels.service(e.Service.ID), m.labels.group(e.Client.Group)
	status := m.labels.word("status", string(e.Service.Status))
	action := Done(e.Verdict).String()

	m.exchanges.WithLabelValues(service, m.labels.word("category", e.Service.Category), status, action, group).Inc()
	m.uploadBytes.WithLabelValues(service, status, group, e.Coverage.State.String()).Add(positive(e.Request.Bytes))
	m.verdicts.WithLabelValues(e.Verdict.Action.String(), strconv.FormatBool(e.Verdict.Enforced)).Inc()
	if e.Verdict.Action == rules.Block && !e.Verdict.Enforced {
		m.wouldBlock.WithLabelValues(service, group).Inc()
	}
	m.rules.record(&e.Verdict)
	m.ledger.record(&e, service)
	if e.Service.ID == rules.Suspected {
		m.suspected.WithLabelValues(m.labels.word("confidence", e.Service.Confidence)).Inc()
	}
	if speaks := e.Service.Operation == catalog.Prompt || e.Service.Operation == catalog.Upload; speaks && e.AIAccount != nil {
		m.prompts.WithLabelValues(service, m.labels.word("account", string(e.AIAccount.Kind))).Inc()
	}
	if e.Service.ShapeChanged {
		m.shapeChanged.WithLabelValues(service).Inc()
	}
	if e.Kind == audit.KindTunnel {
		m.tunnels.WithLabelValues(m.labels.word("reason", e.Coverage.Reason)).Inc()
	}
	if e.Error != "" {
		m.failed.WithLabelValues(m.labels.word("error", e.Error)).Inc()
	}
	if e.Timing.Mode == audit.ModeHold || e.Timing.Mode == audit.ModeObserve {
		m.observeVerdict(e)
	}
	m.recordFindings(e, service, action)
}

func (m *Metrics) recordFindings(e audit.Event, service, action string) {
	if len(e.Findings) == 0 {
		return
	}
	exposed := map[string]bool{}
	for _, f := range e.Findings {
		class := m.labels.word("class", f.Class)
		m.findings.WithLabelValues(class, service, action).Add(positive(int64(f.Count)))
		if e.People > 0 && !exposed[class] {
			exposed[class] = true
			m.people.WithLabelValues(class, service, action, m.labels.word("country", e.Service.Country)).Add(float64(e.People))
		}
	}
}

// slowVerdict is how long a verdict takes that somebody may want to look into.
const slowVerdict = time.Millisecond

// observeVerdict adds the event id of a slow verdict as exemplar, which leads
// from its bucket to the event. Exemplars of all would cost as much as the rest.
func (m *Metrics) observeVerdict(e audit.Event) {
	histogram := m.verdictSeconds.WithLabelValues(e.Timing.Mode)
	if o, ok := histogram.(prometheus.ExemplarObserver); ok && e.Timing.Verdict >= slowVerdict.Seconds() && e.ID != "" && len(e.ID) <= 64 {
		o.ObserveWithExemplar(e.Timing.Verdict, prometheus.Labels{"event_id": e.ID})
		return
	}
	histogram.Observe(e.Timing.Verdict)
}

// positive guards counters against a negative number, at which they panic.
func positive(n int64) float64 { return float64(max(0, n)) }

// Scanned counts bytes of text that were classified and the time it took.
func (m *Metrics) Scanned(bytes int64, took time.Duration) {
	m.scanBytes.Add(positive(bytes))
	m.scanSeconds.Add(max(0, took.Seconds()))
}

// EvaluationFailed counts an exchange that could not be judged for the reason, such as
// "panic", with the verdict that it got.
func (m *Metrics) EvaluationFailed(reason string, v rules.Verdict) {
	done := rules.Allow
	if v.Stops() {
		done = rules.Block
	}
	m.evaluationFailures.WithLabelValues(done.String(), m.labels.word("by", v.OnErrorBy), m.labels.word("reason", reason)).Inc()
}

// LimitHit counts that a limit bit, by the name of the limit such as "hold_bytes".
func (m *Metrics) LimitHit(limit string) {
	m.limitHits.WithLabelValues(m.labels.word("limit", limit)).Inc()
}

// Peeked counts a request, or a message, to a host on no list of which the
// beginning was looked at; suspected tells that it looked like AI.
func (m *Metrics) Peeked(suspected bool) { m.peeked(suspected).Inc() }

func (m *Metrics) peeked(suspected bool) prometheus.Counter {
	if suspected {
		return m.peeks.WithLabelValues("suspected")
	}
	return m.peeks.WithLabelValues("ordinary")
}

// DiscoveredHosts tells on how many hosts of no list AI was found.
func (m *Metrics) DiscoveredHosts(count int) { m.discoveredHosts.Set(float64(count)) }

// InterceptFailed counts a client's TLS connection that could not be intercepted.
func (m *Metrics) InterceptFailed(reason string) {
	m.interceptFailures.WithLabelValues(m.labels.word("reason", reason)).Inc()
}

// ClientsPin counts a host for which clients of a network rejected our certificate once
// too often, by what came of it, such as "learned".
func (m *Metrics) ClientsPin(result string) {
	m.clientsPin.WithLabelValues(m.labels.word("result", result)).Inc()
}

// EventDropped returns a function that counts the events that the named sink loses.
func (m *Metrics) EventDropped(sink string) func(reason string) {
	sink = m.labels.word("sink", sink)
	for _, reason := range []string{"queue_full", "write"} {
		m.eventsDropped.WithLabelValues(sink, m.labels.word("reason", reason))
	}
	return func(reason string) { m.eventsDropped.WithLabelValues(sink, m.labels.word("reason", reason)).Inc() }
}

// CAExpires tells when the CA certificate ends.
func (m *Metrics) CAExpires(end time.Time) { m.caExpires.Set(float64(end.Unix())) }

// RequestRefused counts a request that was answered before it became an
// exchange, by a bounded reason such as "malformed".
func (m *Metrics) RequestRefused(reason string) {
	m.refusedRequests.WithLabelValues(m.labels.word("reason", reason)).Inc()
}

// SignInRefused counts a wrong name or password for the proxy.
func (m *Metrics) SignInRefused() { m.signInsRefused.Inc() }

// Connections adds delta to the open client connections.
func (m *Metrics) Connections(delta int) { m.connections.Add(float64(delta)) }

// Tunnels adds delta to the open unread tunnels.
func (m *Metrics) Tunnels(delta int) { m.openTunnels.Add(float64(delta)) }

// ConnectionsWaiting adds delta to the client connections that wait for a place.
func (m *Metrics) ConnectionsWaiting(delta int) { m.connectionsWaiting.Add(float64(delta)) }

// ExchangesInFlight adds delta to the exchanges under way.
func (m *Metrics) ExchangesInFlight(delta int) { m.exchangesInFlight.Add(float64(delta)) }

// PolicyLoaded tells that the policy of the revision decides from now on.
func (m *Metrics) PolicyLoaded(revision string, at time.Time) {
	m.policyLoaded.WithLabelValues(revision).Set(1)
	// One revision at a time, or replicas could not be compared.
	if old := m.revision.Swap(&revision); old != nil && *old != revision {
		m.policyLoaded.DeleteLabelValues(*old)
	}
	m.reloadSuccessful.Set(1)
	m.reloadTimestamp.Set(float64(at.UnixMilli()) / 1000)
}

// PolicyFailed tells that the last load of a policy failed.
func (m *Metrics) PolicyFailed() { m.reloadSuccessful.Set(0) }

// ApprovalsExpiring tells how many approvals end within a time; within is
// "expired", "7d" or "30d".
func (m *Metrics) ApprovalsExpiring(within string, count int) {
	m.approvalsExpiring.WithLabelValues(m.labels.word("within", within)).Set(float64(count))
}
