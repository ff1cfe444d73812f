package metrics_test

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
)

// exchangesOf are the lines of a scrape that count the exchanges with a service.
func exchangesOf(scrape, service string) (lines []string) {
	for line := range strings.Lines(scrape) {
		if strings.HasPrefix(line, "daylight_exchanges_total{") && strings.Contains(line, `service="`+service+`"`) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

func TestTheFirstExchangeWithAServiceIsAnIncrease(t *testing.T) {
	embedded, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	var known metrics.Known
	for _, s := range embedded.Services() {
		known.Services = append(known.Services, metrics.Service{ID: s.ID, Category: s.Category})
	}
	m := metrics.New(metrics.Build{})
	m.SetKnown(known)
	before := scrape(t, m)
	for _, action := range []rules.Action{rules.Log, rules.Block} {
		m.Record(audit.Event{
			Kind: audit.KindExchange, Service: audit.Service{ID: "kimi", Category: "chat", Status: rules.Unreviewed},
			Verdict: audit.Verdict{Action: action, Enforced: true},
		})
	}
	was, is := exchangesOf(before, "kimi"), exchangesOf(scrape(t, m), "kimi")
	for i, line := range was {
		was[i] = strings.TrimSuffix(line, " 0") + " 1"
	}
	if len(is) != 2 || !slices.Equal(is, was) {
		t.Errorf("%q from %q", is, was)
	}

	// docs/metrics.md tells how much that is; a catalogue of twice the size is to be thought about.
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(before)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	t.Logf("a scrape has %d bytes, %d with gzip", len(before), packed.Len())
	if len(before) > 512_000 || packed.Len() > 40_000 {
		t.Errorf("a scrape has %d bytes, %d with gzip", len(before), packed.Len())
	}
}
