package proxy

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// unlistedPolicy blocks personal data on its way to AI that nobody reviewed.
const unlistedPolicy = `version: 1
rules:
  - {name: unreviewed, match: {status: unreviewed, data: personal}, action: block}
`

// wild is a proxy with the real judge in front of servers on no list.
type wild struct {
	*testProxy
	judge   *Judge
	metrics *metrics.Metrics
	sink    *events
	reached atomic.Int64 // requests that came to a server
}

// wildHosts are on no list.
var wildHosts = []string{"copy.startup.example", "shop.startup.example"}

func startWild(t *testing.T, policy string, answer http.HandlerFunc, extra ...func(*JudgeOptions)) *wild {
	t.Helper()
	w := &wild{metrics: metrics.New(metrics.Build{}), sink: &events{}}
	source := engine.Source{Policy: []policyfile.File{{Name: "policy.yaml", Data: []byte(policy)}}}
	snapshots := NewSnapshots(func() (Snapshot, error) {
		return compileSource(t, source)
	}, w.metrics)
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	o := JudgeOptions{Snapshots: snapshots, Metrics: w.metrics, Events: w.sink, TempDir: t.TempDir()}
	for _, change := range extra {
		change(&o)
	}
	w.judge = NewJudge(o)
	server := proxytest.NewServer(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.reached.Add(1)
		answer(rw, r)
	}), wildHosts...)
	w.testProxy = startProxy(t, func(_ *Config, d *Dependencies) { d.Inspector, d.Counters = w.judge, w.metrics }, server)
	return w
}

// over returns a client that speaks HTTP/2 or not.
func (w *wild) over(http2 bool) *http.Client {
	c := w.client()
	c.Transport.(*http.Transport).ForceAttemptHTTP2 = http2
	return c
}

// end waits for the events and returns them in their order.
func (w *wild) end(t *testing.T) []audit.Event {
	t.Helper()
	shutDown(t, w.testProxy, w.judge)
	if used := w.judge.memory.used.Load() + w.judge.places.memory.used.Load(); used != 0 {
		t.Errorf("%d bytes of memory were not given back", used)
	}
	return w.sink.all
}

// neutral is a request in which nothing says that it is for a model.
func neutral(text string) string { return fmt.Sprintf(`{"a":1,"b":{"c":%q}}`, text) }

const personal = "please write a friendly mail to ana.kovac@customer.example about her order"

// modelAnswer streams an answer as models give it, in the coding that the client asks for.
func modelAnswer(rw http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	rw.Header().Set("Content-Type", "text/event-stream")
	coding := r.Header.Get("Accept-Encoding")
	out, flush := coded(rw, coding)
	if coding != "" {
		rw.Header().Set("Content-Encoding", coding)
	}
	for _, word := range strings.Fields("Dear Ana , your order is on its way .") {
		fmt.Fprintf(out, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" %s\"}}]}\n\n", word)
		flush()
		rw.(http.Flusher).Flush()
	}
	out.Close()
}

type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }

// coded writes in a content coding; flush makes what was written come out.
func coded(w io.Writer, coding string) (out io.WriteCloser, flush func()) {
	switch coding {
	case "gzip":
		z := gzip.NewWriter(w)
		return z, func() { z.Flush() }
	case "br":
		z := brotli.NewWriter(w)
		return z, func() { z.Flush() }
	case "zstd":
		z, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		return z, func() { z.Flush() }
	}
	return keepOpen{w}, func() {}
}
