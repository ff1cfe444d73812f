package metrics_test

import (
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
)

// BenchmarkRecord counts the exchange of an ordinary prompt.
func BenchmarkRecord(b *testing.B) {
	m := metrics.New(metrics.Build{})
	m.SetKnown(metrics.Known{Services: []metrics.Service{{ID: "openai-api", Category: "llm_api"}}, Groups: []string{"marketing"}})
	e := audit.Event{
		ID: "019aa9f2-1b2c-7def-8abc-0123456789ab", Kind: audit.KindExchange, Client: audit.Client{Group: "marketing"},
		Service:  audit.Service{ID: "openai-api", Category: "llm_api", Country: "US", Status: rules.Tolerated},
		Request:  audit.Request{Method: "POST", Bytes: 147},
		Coverage: classifier.Coverage{State: classifier.Complete, BytesRead: 147},
		Verdict:  audit.Verdict{Action: rules.Log, Enforced: true},
		Timing:   audit.Timing{Total: 0.001, Verdict: 0.00002, Mode: audit.ModeHold},
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Record(e)
	}
}
