package metrics

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"daylight.internal/proxy/audit"
)

// ledger accounts for every byte that clients sent: it was inspected, or it was
// not for a reason. What went to AI services, listed or suspected, is told apart.
type ledger struct {
	notInspected                *prometheus.CounterVec // all traffic
	aiInspected, aiNotInspected *prometheus.CounterVec
	aiInterceptFailures         *prometheus.CounterVec
	inspectedBytes, unreadBytes atomic.Int64 // towards AI
	labels                      *labels
}

func newLedger(m *Metrics) *ledger {
	l := &ledger{
		labels:              m.labels,
		notInspected:        m.counter("not_inspected_bytes_total", "Bytes that were sent and not read, by the reason.", "reason"),
		aiInspected:         m.counter("ai_inspected_bytes_total", "Bytes that were sent to AI services and read.", "service"),
		aiNotInspected:      m.counter("ai_not_inspected_bytes_total", "Bytes that were sent to AI services and not read, by the reason.", "service", "reason"),
		aiInterceptFailures: m.counter("ai_intercept_failures_total", "TLS connections for AI services that could not be intercepted, by the reason.", "service", "reason"),
	}
	for _, reason := range audit.UnreadReasons() {
		l.notInspected.WithLabelValues(reason)
	}
	m.GaugeFunc("inspected_share", "Share of the bytes sent to AI services since the start that was read; 1 when none was sent.", l.share)
	return l
}

// record enters an event.
func (l *ledger) record(e *audit.Event, service string) {
	a := e.Account()
	if a.Reason == audit.UnreadOther {
		l.labels.fold("reason")
	}
	if a.Unread > 0 {
		l.notInspected.WithLabelValues(a.Reason).Add(float64(a.Unread))
	}
	if e.Service.ID == "" {
		return
	}
	l.inspectedBytes.Add(a.Inspected)
	l.unreadBytes.Add(a.Unread)
	l.aiInspected.WithLabelValues(service).Add(float64(a.Inspected))
	if a.Unread > 0 {
		l.aiNotInspected.WithLabelValues(service, a.Reason).Add(float64(a.Unread))
	}
	if e.Kind == audit.KindTunnel && e.Coverage.Reason == "handshake" {
		l.aiInterceptFailures.WithLabelValues(service, l.labels.word("reason", e.Error)).Inc()
	}
}

// share is between 0 and 1.
func (l *ledger) share() float64 {
	unread, inspected := l.unreadBytes.Load(), l.inspectedBytes.Load()
	if unread+inspected == 0 {
		return 1
	}
	return float64(inspected) / float64(inspected+unread)
}
