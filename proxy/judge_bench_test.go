package proxy

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

const benchPolicy = `version: 1
approvals:
  - {service: openai-api, status: tolerated, owner: bench@corp.example, assessment: RA-1}
rules:
  - name: hold-openai
    match: {service: [openai-api], data: {class: personal, people: ">=10"}}
    action: block
`

// BenchmarkJudge is what judging adds to the carrying of a small exchange, from
// its head to its event in a file, without any connection.
func BenchmarkJudge(b *testing.B) {
	for _, c := range []struct{ name, method, host, path, body string }{
		{"page", "GET", "www.bench.test", "/page", ""},
		{"unlisted", "POST", "shop.bench.test", "/api/cart", `{"email":"ana@customers.example","items":[{"sku":"A-1","quantity":2}],"note":"please leave the parcel at the door"}`},
		{"observed", "POST", "api.anthropic.com", "/v1/messages", smallPrompt},
		{"held", "POST", "api.openai.com", "/v1/chat/completions", smallPrompt},
	} {
		b.Run(c.name, func(b *testing.B) {
			j := benchJudge(b)
			t := &tunnelInfo{Client: rules.Client{Address: netip.MustParseAddr("127.0.0.1")}, Host: c.host, ConnectHost: c.host, SNI: c.host, Port: 443}
			header := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"bench"}, "Accept": {"*/*"}}
			b.ReportAllocs()
			for b.Loop() {
				r, err := http.NewRequest(c.method, "https://"+c.host+c.path, strings.NewReader(c.body))
				if err != nil {
					b.Fatal(err)
				}
				r.Header, r.Proto = header, "HTTP/1.1"
				x := j.exchange(r, t.Client, t)
				if x.request(r) != nil {
					b.Fatal("blocked")
				}
				io.Copy(io.Discard, r.Body)
				resp := x.response(r, &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(strings.NewReader("{}"))}, nil)
				io.Copy(io.Discard, resp.Body)
				x.finish(nil)
			}
		})
	}
}

const smallPrompt = `{"model":"gpt-5","messages":[{"role":"user","content":"Write three taglines for our spring campaign, playful, no more than six words each."}]}`

func benchJudge(b *testing.B) *Judge {
	m := metrics.New(metrics.Build{})
	snapshots := NewSnapshots(func() (Snapshot, error) {
		s, problems := engine.Compile(engine.Source{Policy: []policyfile.File{{Name: "policy.yaml", Data: []byte(benchPolicy)}}, Now: time.Now()})
		return compiled{s}, problems.Err()
	}, m)
	if err := snapshots.Load(); err != nil {
		b.Fatal(err)
	}
	file, err := audit.OpenFile(filepath.Join(b.TempDir(), "events.jsonl"), audit.FileOptions{})
	if err != nil {
		b.Fatal(err)
	}
	j := NewJudge(JudgeOptions{Snapshots: snapshots, Metrics: m, Events: file, TempDir: b.TempDir()})
	b.Cleanup(func() {
		if err := j.Close(context.Background()); err != nil {
			b.Error(err)
		}
		if err := file.Close(); err != nil {
			b.Error(err)
		}
	})
	return j
}
