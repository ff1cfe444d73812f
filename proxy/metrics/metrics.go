// Package metrics shows what the proxy does to Prometheus. Its Metrics is an
// event sink: what can be told from an event is counted from it, so that
// metrics and the event log cannot disagree.
package metrics

import (
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const namespace = "daylight"

// Metrics holds the metrics of one proxy in a registry of its own.
type Metrics struct {
	registry *prometheus.Registry
	labels   *labels

	// Counted from events, in Record.
	exchanges, uploadBytes, findings, people *prometheus.CounterVec
	suspected, shapeChanged, verdicts        *prometheus.CounterVec
	wouldBlock, tunnels, failed, prompts     *prometheus.CounterVec
	verdictSeconds                           *prometheus.HistogramVec
	ledger                                   *ledger
	rules                                    *ruleVerdicts

	// Counted by methods.
	scanBytes, scanSeconds, signInsRefused      prometheus.Counter
	eventsDropped, interceptFailures, limitHits *prometheus.CounterVec
	evaluationFailures, refusedRequests         *prometheus.CounterVec
	policyLoaded, approvalsExpiring             *prometheus.GaugeVec
	reloadSuccessful, reloadTimestamp           prometheus.Gauge
	connections, openTunnels, discoveredHosts   prometheus.Gauge
	connectionsWaiting, exchangesInFlight       prometheus.Gauge
	peeks, policyReloads, clientsPin            *prometheus.CounterVec
	caExpires                                   prometheus.Gauge
	revision                                    atomic.Pointer[string] // of policyLoaded
}

// Build says what was built, for build_info.
type Build struct {
	Version, Revision string
}

// New returns the metrics of one proxy. Every bounded set of labels that is
// known beforehand starts at 0, so that rate() sees the first event.
func New(b Build) *Metrics {
	m := &Metrics{registry: prometheus.NewPedanticRegistry()}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.labels = newLabels(m.counter("label_overflow_total", "Label values that were folded into other, by label.", "label"))
	m.defineEventMetrics()
	m.defineOwnMetrics()
	m.gauge("build_info", "1, labelled with the version that runs.", "version", "revision", "goversion").
		WithLabelValues(b.Version, b.Revision, runtime.Version()).Set(1)
	m.initialise()
	return m
}

func (m *Metrics) defineEventMetrics() {
	m.exchanges = m.counter("exchanges_total", "Exchanges and unread tunnels, by what was done with them.", "service", "category", "status", "action", "group")
	m.uploadBytes = m.counter("upload_bytes_total", "Bytes of request bodies and of what clients sent into tunnels, by how much of the body was read.", "service", "status", "group", "coverage")
	m.findings = m.counter("findings_total", "Values that detectors found in requests, by data class.", "class", "service", "action")
	m.people = m.counter("people_exposed_total", "People that requests named, added up per exchange; country is that of the service.", "class", "service", "action", "country")
	m.ledger = newLedger(m)
	m.suspected = m.counter("suspected_ai_total", "Exchanges with AI services that no list knows, by confidence.", "confidence")
	m.shapeChanged = m.counter("catalog_shape_changed_total", "Requests and messages without text where the catalogue says that it sits; all of them was read as text instead.", "service")
	m.verdicts = m.counter("verdicts_total", "Verdicts of the policy; those that are not enforced only say what would be done.", "action", "enforced")
	m.rules = newRuleVerdicts(m)
	m.wouldBlock = m.counter("would_block_total", "Exchanges that would have been blocked if the rule were enforced.", "service", "group")
	m.prompts = m.counter("ai_prompts_total", "Prompts and uploads for AI services, by whose account was used.", "service", "account")
	m.tunnels = m.counter("tunnels_total", "Tunnels that were closed unread, by the reason.", "reason")
	m.failed = m.counter("exchange_errors_total", "Exchanges that did not end well, by what went wrong.", "reason")
	m.verdictSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: namespace, Name: "verdict_seconds",
		Help:                            "Time from the last byte of a request body to its verdict.",
		Buckets:                         []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		NativeHistogramBucketFactor:     1.1,
		NativeHistogramMaxBucketNumber:  100,
		NativeHistogramMinResetDuration: time.Hour,
	}, []string{"mode"})
	m.registry.MustRegister(m.verdictSeconds)
}

func (m *Metrics) defineOwnMetrics() {
	m.eventsDropped = m.counter("events_dropped_total", "Events that a sink lost, by the reason.", "sink", "reason")
	m.interceptFailures = m.counter("intercept_failures_total", "TLS connections of clients that could not be intercepted, by the reason.", "reason")
	m.limitHits = m.counter("limit_hits_total", "Times that a limit was hit.", "limit")
	m.evaluationFailures = m.counter("evaluation_failures_total", "Exchanges that could not be judged, by what was done with them, whose on_error decided, and what failed.", "action", "by", "reason")
	m.refusedRequests = m.counter("refused_requests_total", "Requests that were refused before they became an exchange, by the reason.", "reason")
	m.policyLoaded = m.gauge("policy_loaded", "1 for the revision of the policy that decides now.", "revision")
	m.policyReloads = m.counter("policy_reloads_total", "Reloads of the policy, by what asked for them and whether the new one was taken.", "trigger", "result")
	m.approvalsExpiring = m.gauge("approvals_expiring", "Approvals that end within the time, or have ended.", "within")

	m.scanBytes = m.single("scan_bytes_total", "Bytes of text that the classifier looked at.")
	m.scanSeconds = m.single("scan_seconds_total", "Time spent on reading and classifying bodies.")
	m.signInsRefused = m.single("sign_ins_refused_total", "Wrong names or passwords for the proxy.")
	m.reloadSuccessful = m.singleGauge("policy_last_reload_successful", "1 when the last load of the policy succeeded.")
	m.reloadTimestamp = m.singleGauge("policy_last_reload_timestamp_seconds", "When a policy was last loaded successfully, in Unix time.")
	m.connections = m.singleGauge("connections", "Open connections of clients.")
	m.connectionsWaiting = m.singleGauge("connections_waiting", "Connections of clients that wait for a place.")
	m.exchangesInFlight = m.singleGauge("exchanges_in_flight", "Exchanges under way.")
	m.discoveredHosts = m.singleGauge("discovered_hosts", "Hosts on no list that are remembered because AI was found there.")
	m.peeks = m.counter("peeks_total", "Requests to hosts on no list of which the beginning of the body was looked at, by what it looked like.", "result")
	m.clientsPin = m.counter("pinned_clients_total", "Hosts for which clients of a network rejected our certificate once too often, by what came of it.", "result")
	m.caExpires = m.singleGauge("ca_expires_timestamp_seconds", "When the CA certificate ends, in Unix time; afterwards no TLS connection can be opened.")
	m.openTunnels = m.singleGauge("tunnels", "Open tunnels that are relayed unread.")
}

func (m *Metrics) counter(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(g)
	return g
}

func (m *Metrics) single(name, help string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) singleGauge(name, help string) prometheus.Gauge {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(g)
	return g
}

// CounterFunc shows a number that another part counts, such as
// "certificates_issued_total". The name is given without the prefix; a second
// registration of a name panics.
func (m *Metrics) CounterFunc(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, value))
}

// GaugeFunc shows a number that another part knows.
func (m *Metrics) GaugeFunc(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, value))
}

// Gatherer gives access to the registry, for tests and the demo.
func (m *Metrics) Gatherer() prometheus.Gatherer { return m.registry }

// Handler serves the metrics in the text and OpenMetrics formats.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		EnableOpenMetrics: true, MaxRequestsInFlight: 8, Timeout: 20 * time.Second,
	})
}
