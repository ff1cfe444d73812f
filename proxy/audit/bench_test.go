package audit_test

import (
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
)

// prompt is the event of an ordinary prompt.
func prompt() audit.Event {
	return audit.Event{
		Time: time.Date(2026, 11, 22, 8, 0, 0, 123456789, time.UTC), ID: "019aa9f2-1b2c-7def-8abc-0123456789ab", Kind: audit.KindExchange, Revision: "6a1f0c2d9b3e",
		Client:      audit.Client{Address: netip.MustParseAddr("10.20.1.17"), User: "ana@marketing.corp.example", Group: "marketing", Groups: []string{"marketing"}},
		Destination: audit.Destination{Host: "api.openai.com", Port: 443, SNI: "api.openai.com", ConnectHost: "api.openai.com", PathTemplate: "/v1/chat/completions", Protocol: "HTTP/1.1"},
		Service:     audit.Service{ID: "openai-api", Vendor: "OpenAI", Category: "api", Country: "US", Status: rules.Tolerated, Operation: "prompt", Confidence: "high"},
		Request:     audit.Request{Method: "POST", Bytes: 147, MediaType: "application/json"},
		Response:    audit.Response{Status: 200, Bytes: 133, MediaType: "application/json"},
		Coverage:    classifier.Coverage{State: classifier.Complete, BytesRead: 147},
		Findings:    []classifier.Summary{},
		Verdict:     audit.Verdict{Action: rules.Log, Reason: "no rule matched: AI traffic is logged; openai-api is tolerated; found nothing", Enforced: true},
		Timing:      audit.Timing{Total: 0.00123, Verdict: 0.000021, Mode: audit.ModeHold, FirstByte: 0.0011},
	}
}

func BenchmarkRecord(b *testing.B) {
	f, err := audit.OpenFile(filepath.Join(b.TempDir(), "events.jsonl"), audit.FileOptions{Queue: 1 << 20})
	if err != nil {
		b.Fatal(err)
	}
	e := prompt()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if f.Record(e); i%50 == 0 {
			if err := f.Flush(); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}
