package metrics_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
)

// sum adds up the series of a metric whose labels hold part.
func sum(t *testing.T, m *metrics.Metrics, metric, part string) (total int64) {
	t.Helper()
	for line := range strings.Lines(scrape(t, m)) {
		name, number, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !strings.HasPrefix(name, metric+"{") || !strings.Contains(name, part) {
			continue
		}
		value, err := strconv.ParseFloat(number, 64)
		if err != nil {
			t.Fatal(err)
		}
		total += int64(value)
	}
	return total
}

// anyEvent is an event as chance has it, with the reasons that there are.
func anyEvent(r *rand.Rand) audit.Event {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	e := audit.Event{
		Kind:    pick(audit.KindExchange, audit.KindTunnel),
		Service: audit.Service{ID: pick("", "chatgpt", "suspected")},
		Request: audit.Request{Bytes: r.Int64N(1 << 20)},
	}
	e.Coverage.State = classifier.CoverageState(r.IntN(4))
	switch e.Coverage.State {
	case classifier.Complete:
		e.Coverage.BytesRead = e.Request.Bytes
	case classifier.Truncated, classifier.Undecodable:
		e.Coverage.Reason = pick("over_limit", "image", "corrupt", "over_depth", "scan_budget", "busy", "client_gone", "parts", "disk")
		e.Coverage.BytesRead = r.Int64N(e.Request.Bytes + 2)
	default:
		e.Coverage.Reason = pick("policy", "bypass", "bank", "pinned_app", "not_intercepted", "not_tls", "busy", "failed", "websocket")
	}
	return e
}

func TestTheLedgerAddsUpToWhatWasSent(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 26))
	m := loaded()
	sent, all, unread := map[string]int64{}, int64(0), map[string]int64{}
	for range 500 {
		e := anyEvent(r)
		m.Record(e)
		sent[e.Service.ID] += e.Request.Bytes
		all += e.Request.Bytes
		if e.Coverage.State != classifier.Complete {
			unread[audit.Unread(e.Coverage.Reason)] += max(0, e.Request.Bytes-e.Coverage.BytesRead)
		}
	}
	const inspected, notInspected = "daylight_ai_inspected_bytes_total", "daylight_ai_not_inspected_bytes_total"
	for _, service := range []string{"chatgpt", "suspected"} {
		label := `service="` + service + `"`
		if got := sum(t, m, inspected, label) + sum(t, m, notInspected, label); got != sent[service] {
			t.Errorf("%s: the ledger has %d bytes, %d were sent", service, got, sent[service])
		}
	}
	if strings.Contains(scrape(t, m), inspected+`{service="other"}`) {
		t.Error("traffic that is not AI is in the ledger of AI")
	}
	for _, reason := range audit.UnreadReasons() {
		if got := sum(t, m, "daylight_not_inspected_bytes_total", `reason="`+reason+`"`); got != unread[reason] {
			t.Errorf("%s: %d bytes, want %d", reason, got, unread[reason])
		}
	}
	ai := sent["chatgpt"] + sent["suspected"]
	want := float64(sum(t, m, inspected, "")) / float64(ai)
	if got := value(t, m, "daylight_inspected_share"); got != fmt.Sprint(want) || want <= 0 || want >= 1 {
		t.Errorf("the share is %s, want %v", got, want)
	}
	if ai >= all {
		t.Fatal("there was no other traffic: the test says little")
	}
}

func TestTheShareIsWholeWhenNothingWasSent(t *testing.T) {
	m := loaded()
	if got := value(t, m, "daylight_inspected_share"); got != "1" {
		t.Errorf("before anything: %s", got)
	}
	m.Record(audit.Event{Request: audit.Request{Bytes: 10}})
	if got := value(t, m, "daylight_inspected_share"); got != "1" {
		t.Errorf("after traffic that is not AI: %s", got)
	}
	m.Record(unopened())
	if got := value(t, m, "daylight_inspected_share"); got != "0" {
		t.Errorf("after unread bytes alone: %s", got)
	}
}

func TestAnAppThatPinsIsSeenByItsService(t *testing.T) {
	m := loaded()
	m.Record(unopened())
	const series = `daylight_ai_intercept_failures_total{reason="client_rejected_certificate",service="chatgpt"}`
	if got := value(t, m, series); got != "1" {
		t.Errorf("%s is %q", series, got)
	}
}

func TestAReasonWithoutAWordIsAFault(t *testing.T) {
	m := loaded()
	m.Record(audit.Event{Request: audit.Request{Bytes: 10}, Coverage: classifier.Coverage{Reason: "the secret"}})
	if sum(t, m, "daylight_not_inspected_bytes_total", `reason="other"`) != 10 || value(t, m, `daylight_label_overflow_total{label="reason"}`) != "1" {
		t.Error("it is not counted as other")
	}
}
