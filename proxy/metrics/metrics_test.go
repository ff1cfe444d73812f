package metrics_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
)

func loaded() *metrics.Metrics {
	m := metrics.New(metrics.Build{Version: "1.2.3", Revision: "abc"})
	m.SetKnown(metrics.Known{
		Services: []metrics.Service{{ID: "chatgpt", Category: "chat"}}, Groups: []string{"marketing"}, Classes: []string{"personal", "payment"},
	})
	m.PolicyLoaded("r1", time.Unix(1_700_000_000, 0))
	m.EventDropped("file")
	return m
}

func blocked() audit.Event {
	return audit.Event{
		ID: "019aab3c-5d2e-7c41-9f06-3b1f0c9d8e77", Kind: audit.KindExchange, Client: audit.Client{Group: "marketing"},
		Service:   audit.Service{ID: "chatgpt", Category: "chat", Status: rules.Unreviewed, Country: "US", Operation: "prompt"},
		AIAccount: &audit.AIAccount{Kind: rules.PrivateAccount},
		Request:   audit.Request{Bytes: 1000},
		Coverage:  classifier.Coverage{State: classifier.Complete, BytesRead: 1000},
		Findings:  []classifier.Summary{{Detector: "email", Class: "personal", Count: 7}, {Detector: "phone", Class: "personal", Count: 3}, {Detector: "payment_card", Class: "payment", Count: 2}},
		People:    5, Verdict: audit.Verdict{Action: rules.Block, Enforced: true},
		Timing: audit.Timing{Mode: audit.ModeHold, Verdict: 0.002},
	}
}

// unopened is a tunnel for an AI service: bytes that nobody read, of a client that
// would not have its connection opened.
func unopened() audit.Event {
	return audit.Event{
		Kind: audit.KindTunnel, Service: audit.Service{ID: "chatgpt"}, Request: audit.Request{Bytes: 100},
		Coverage: classifier.Coverage{Reason: "handshake"}, Error: "client_rejected_certificate",
	}
}

// value returns the line of one series of the scrape, without its name; "" when there is none.
func value(t *testing.T, m *metrics.Metrics, series string) string {
	t.Helper()
	for line := range strings.Lines(scrape(t, m)) {
		if rest, ok := strings.CutPrefix(line, series+" "); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestEveryMetricOfTheContractIsThere(t *testing.T) {
	m := loaded()
	m.Record(blocked())
	text := scrape(t, m)
	for _, series := range []string{
		`daylight_exchanges_total{action="block",category="chat",group="marketing",service="chatgpt",status="unreviewed"} 1`,
		`daylight_upload_bytes_total{coverage="complete",group="marketing",service="chatgpt",status="unreviewed"} 1000`,
		`daylight_findings_total{action="block",class="personal",service="chatgpt"} 10`,
		`daylight_findings_total{action="block",class="payment",service="chatgpt"} 2`,
		`daylight_people_exposed_total{action="block",class="personal",country="US",service="chatgpt"} 5`,
		`daylight_not_inspected_bytes_total{reason="websocket"} 0`,
		`daylight_suspected_ai_total{confidence="high"} 0`,
		`daylight_ai_prompts_total{account="private",service="chatgpt"} 1`,
		`daylight_ai_prompts_total{account="anonymous",service="suspected"} 0`,
		`daylight_catalog_shape_changed_total{service="other"} 0`,
		`daylight_verdict_seconds_bucket{mode="hold",le="0.0025"} 1`,
		`daylight_verdict_seconds_count{mode="observe"} 0`,
		`daylight_scan_bytes_total 0`,
		`daylight_scan_seconds_total 0`,
		`daylight_policy_loaded{revision="r1"} 1`,
		`daylight_policy_last_reload_successful 1`,
		`daylight_policy_last_reload_timestamp_seconds 1.7e+09`,
		`daylight_approvals_expiring{within="30d"} 0`,
		`daylight_events_dropped_total{reason="queue_full",sink="file"} 0`,
		`daylight_intercept_failures_total{reason="client_rejected_certificate"} 0`,
		`daylight_limit_hits_total{limit="hold_bytes"} 0`,
		`daylight_build_info{goversion="`,
		`daylight_verdicts_total{action="block",enforced="true"} 1`,
		`daylight_label_overflow_total{label="service"} 0`,
		`go_goroutines `, `process_resident_memory_bytes `,
	} {
		if !strings.Contains(text, series) {
			t.Errorf("the scrape lacks %s", series)
		}
	}
}

func TestMetricNames(t *testing.T) {
	m := loaded()
	m.Record(blocked())
	m.Record(unopened())
	families, err := m.Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "daylight_") {
			continue
		}
		var labels []string
		if len(f.GetMetric()) > 0 {
			for _, l := range f.GetMetric()[0].GetLabel() {
				labels = append(labels, l.GetName())
			}
		}
		slices.Sort(labels)
		fmt.Fprintf(&got, "%s{%s} %s\n", f.GetName(), strings.Join(labels, ","), strings.ToLower(f.GetType().String()))
	}
	want, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("names changed; dashboards rely on them:\n%s", got.String())
	}
}

func TestPromtoolFindsNothing(t *testing.T) {
	if _, err := exec.LookPath("promtool"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("promtool is needed: install prometheus")
		}
		t.Skip("promtool is not installed")
	}
	m := loaded()
	m.Record(blocked())
	m.CounterFunc("certificates_issued_total", "Certificates made for clients.", func() float64 { return 3 })
	check := exec.CommandContext(t.Context(), "promtool", "check", "metrics")
	check.Stdin = strings.NewReader(scrape(t, m))
	if out, err := check.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool: %v\n%s", err, out)
	}
	if problems, err := testutil.GatherAndLint(m.Gatherer()); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v %v", problems, err)
	}
}

func TestAVerdictThatIsNotEnforcedCountsAsWhatWasDone(t *testing.T) {
	m := loaded()
	e := blocked()
	e.Verdict.Enforced = false
	m.Record(e)
	for series, want := range map[string]string{
		`daylight_exchanges_total{action="log",category="chat",group="marketing",service="chatgpt",status="unreviewed"}`:   "1",
		`daylight_exchanges_total{action="block",category="chat",group="marketing",service="chatgpt",status="unreviewed"}`: "",
		`daylight_people_exposed_total{action="log",class="personal",country="US",service="chatgpt"}`:                      "5",
		`daylight_verdicts_total{action="block",enforced="false"}`:                                                         "1",
		`daylight_would_block_total{group="marketing",service="chatgpt"}`:                                                  "1",
	} {
		if got := value(t, m, series); got != want {
			t.Errorf("%s is %q, want %q", series, got, want)
		}
	}
}

func TestBytesThatWereNotReadAreCountedByReason(t *testing.T) {
	for _, c := range []struct {
		coverage classifier.Coverage
		sent     int64
		want     string
	}{
		{classifier.Coverage{State: classifier.Complete, BytesRead: 100}, 100, "0"},
		{classifier.Coverage{State: classifier.Truncated, Reason: "over_limit", BytesRead: 30}, 100, "70"},
		{classifier.Coverage{State: classifier.NotInspected, Reason: "over_limit"}, 100, "100"},
		{classifier.Coverage{State: classifier.Undecodable, Reason: "over_limit", BytesRead: 200}, 100, "0"},
	} {
		m := loaded()
		e := blocked()
		e.Coverage, e.Request.Bytes = c.coverage, c.sent
		m.Record(e)
		if got := value(t, m, `daylight_not_inspected_bytes_total{reason="over_limit"}`); got != c.want {
			t.Errorf("%+v counts %s, want %s", c.coverage, got, c.want)
		}
	}
}

func TestLabelsAreBounded(t *testing.T) {
	m := loaded()
	before := strings.Count(scrape(t, m), "\n")
	for i := range 5000 {
		e := blocked()
		e.Service.ID = fmt.Sprintf("service-%d", i)
		e.Service.Category = fmt.Sprintf("c%d ana@customer.example", i)
		e.Service.Country = "ana.kovac@customer.example"
		e.Client.Group = fmt.Sprintf("group-%d", i)
		e.Coverage = classifier.Coverage{Reason: fmt.Sprintf("reason %d", i)}
		e.Error = fmt.Sprintf("error\n%d", i)
		e.Findings = []classifier.Summary{{Class: fmt.Sprintf("class/%d", i), Count: 1}}
		m.Record(e)
		m.LimitHit(fmt.Sprintf("limit_%d", i)) // looks like a word: bounded by number
	}
	text := scrape(t, m)
	if grown := strings.Count(text, "\n") - before; grown > 300 {
		t.Errorf("%d lines more", grown)
	}
	if strings.Contains(text, "customer") || strings.Contains(text, "service-1") {
		t.Error("free text got into a label")
	}
	for _, label := range []string{"service", "group", "category", "reason", "class", "limit", "error", "country"} {
		if got := value(t, m, `daylight_label_overflow_total{label="`+label+`"}`); got == "" || got == "0" {
			t.Errorf("folding of %s is not counted: %q", label, got)
		}
	}
}

func TestAReloadIsSeen(t *testing.T) {
	m := loaded()
	m.PolicyFailed()
	if value(t, m, "daylight_policy_last_reload_successful") != "0" || value(t, m, `daylight_policy_loaded{revision="r1"}`) != "1" {
		t.Error("a failed load must keep the old revision and say so")
	}
	m.PolicyLoaded("r2", time.Unix(1_800_000_000, 0))
	if value(t, m, `daylight_policy_loaded{revision="r1"}`) != "" || value(t, m, `daylight_policy_loaded{revision="r2"}`) != "1" ||
		value(t, m, "daylight_policy_last_reload_successful") != "1" {
		t.Error("a new revision must replace the old one")
	}
}

func TestTwoInOneProcess(t *testing.T) {
	a, b := loaded(), loaded()
	a.Record(blocked())
	const series = `daylight_verdicts_total{action="block",enforced="true"}`
	if value(t, a, series) != "1" || value(t, b, series) != "0" {
		t.Error("two proxies share their metrics")
	}
}

func TestSlowVerdictsLeadToTheirEvent(t *testing.T) {
	m := loaded()
	for id, took := range map[string]float64{"019aab3c-5d2e-7c41-9f06-3b1f0c9d8e77": 0.0011, "019aab3c-5d2e-7c41-9f06-000000000000": 0.0009} {
		e := blocked()
		e.ID, e.Timing.Verdict = id, took
		m.Record(e)
	}
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.Header.Set("Accept", "application/openmetrics-text")
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, r)
	if !strings.Contains(w.Body.String(), `event_id="019aab3c-5d2e-7c41-9f06-3b1f0c9d8e77"`) {
		t.Error("no exemplar")
	}
	if strings.Contains(w.Body.String(), "000000000000") {
		t.Error("an exemplar of a verdict that was not slow")
	}
}

func TestRecordTakesAnyEvent(t *testing.T) {
	m := metrics.New(metrics.Build{}) // knows nothing
	for _, e := range []audit.Event{{}, {ID: strings.Repeat("x", 1000), Timing: audit.Timing{Mode: "hold", Verdict: -1}}, {Request: audit.Request{Bytes: -5}, Findings: []classifier.Summary{{Count: -1}}}} {
		m.Record(e)
	}
	if _, err := m.Gatherer().Gather(); err != nil {
		t.Error(errors.Unwrap(err))
	}
}
