package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/replay"
)

// recordedEvents are lines of a log, of some people.
func recordedEvents(t testing.TB, n, people int) []byte {
	t.Helper()
	var log bytes.Buffer
	for i := range n {
		e := audit.Event{
			Time: time.Date(2026, 11, 22, 8, 0, i, 123456789, time.UTC), ID: fmt.Sprintf("019aa9f2-1b2c-7def-8abc-%012d", i), Kind: audit.KindExchange, Revision: "6a1f0c2d9b3e",
			Client:      audit.Client{Address: netip.MustParseAddr("10.20.1.17"), User: fmt.Sprintf("user%d@corp.example", i%people), Group: "none"},
			Destination: audit.Destination{Host: "api.openai.com", Port: 443, SNI: "api.openai.com", ConnectHost: "api.openai.com", PathTemplate: "/v1/chat/completions", Protocol: "HTTP/1.1"},
			Service:     audit.Service{ID: "openai-api", Vendor: "OpenAI", Category: "llm_api", Country: "US", Status: rules.Unreviewed, Operation: "prompt", Confidence: "documented"},
			AIAccount:   &audit.AIAccount{Kind: rules.KeyAccount, Fingerprint: "5d1f0c2d9b3e6a1f"},
			Request:     audit.Request{Method: "POST", Bytes: 147, MediaType: "application/json"}, Response: audit.Response{Status: 200, Bytes: 133},
			Coverage: classifier.Coverage{State: classifier.Complete, BytesRead: 147},
			Findings: []classifier.Summary{{Detector: "email", Class: "personal", Count: 1 + i%20, Masked: "a***@***.com", Location: "$.messages[0].content", Confidence: 0.95}},
			People:   1 + i%20,
			Verdict:  audit.Verdict{Action: rules.Log, Reason: "no rule matched: AI traffic is logged; openai-api is unreviewed", Enforced: true},
			Timing:   audit.Timing{Total: 0.00123, Verdict: 0.000021, Mode: audit.ModeHold, FirstByte: 0.0011},
		}
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		log.Write(append(line, '\n'))
	}
	return log.Bytes()
}

// replayPolicy writes a policy and returns its name.
func replayPolicy(t testing.TB) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "new.yaml")
	text := "version: 1\ngroups: {marketing: {users: ['user1*']}}\nrules:\n" +
		"  - {name: lists, match: {data: {class: personal, people: '>=15'}}, action: block}\n" +
		"  - {name: marketing, match: {groups: marketing, country: CN}, action: allow}\n"
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func replayOf(t testing.TB, in io.Reader, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, talk bytes.Buffer
	code = run(t.Context(), append([]string{"replay", "--policy", replayPolicy(t)}, args...), in, &out, &talk)
	return code, out.String(), talk.String()
}

func zipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReplayReadsWhatGzipPacked(t *testing.T) {
	name := filepath.Join(t.TempDir(), "events.jsonl.gz")
	log := recordedEvents(t, 40, 5)
	if err := os.WriteFile(name, append(zipped(t, log), zipped(t, log)...), 0o600); err != nil { // as rotation joins them
		t.Fatal(err)
	}
	code, out, talk := replayOf(t, bytes.NewReader(zipped(t, log)), "--against", name, "-")
	if code != exitFine || !strings.Contains(out, "120 exchanges of 5 people") || !strings.Contains(out, "Newly blocked: 36 exchanges (30%)") {
		t.Errorf("exit code %d\n%s%s", code, out, talk)
	}
}

func TestACutFileOfGzipIsTold(t *testing.T) {
	packed := zipped(t, recordedEvents(t, 400, 5))
	code, out, talk := replayOf(t, bytes.NewReader(packed[:len(packed)/2]), "--against", "-")
	if code != exitFailed || out != "" || !strings.Contains(talk, "daylight: -: reading events: unexpected EOF") {
		t.Errorf("exit code %d\n%s%s", code, out, talk)
	}
	if code, _, talk := replayOf(t, strings.NewReader("\x1f\x8b no gzip"), "--against", "-"); code != exitFailed || !strings.Contains(talk, "gzip") {
		t.Errorf("exit code %d\n%s", code, talk)
	}
}

// The order of lines decides which examples are shown, so that a report is the same
// each time, however many processors judge.
func TestAReplayIsTheSameEachTime(t *testing.T) {
	log := recordedEvents(t, 3000, 50)
	_, want, _ := replayOf(t, bytes.NewReader(log), "--against", "-", "--format", "json")
	for range 3 {
		_, got, _ := replayOf(t, bytes.NewReader(log), "--against", "-", "--format", "json")
		want, got := withoutPolicyName(t, want), withoutPolicyName(t, got)
		if got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// withoutPolicyName leaves out the name of a folder that each run makes anew.
func withoutPolicyName(t *testing.T, report string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(report) {
		if !strings.Contains(line, "new.yaml") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// repeated gives the same text again and again, and notes how much lives.
type repeated struct {
	text  []byte
	left  int
	rest  []byte
	reads int
	most  uint64 // bytes of the heap that live, at most
}

func (r *repeated) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		r.left--
		r.rest = r.text
		if r.reads++; r.reads%10 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			r.most = max(r.most, m.HeapAlloc)
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// What lives while a log is replayed does not grow with it.
func TestReplayTakesBoundedMemory(t *testing.T) {
	text := recordedEvents(t, 1000, 200)
	most := func(times int) uint64 {
		in := &repeated{text: text, left: times}
		if code, _, talk := replayOf(t, in, "--against", "-"); code != exitFine {
			t.Fatal(talk)
		}
		return in.most
	}
	short, long := most(10), most(60)
	if grown := int64(long) - int64(short); grown > 24<<20 {
		t.Errorf("%d MiB more live for 60,000 events than for 10,000", grown>>20)
	}
}

// BenchmarkReplay tells how many events a second are judged, beside only decoding them.
func BenchmarkReplay(b *testing.B) {
	log := recordedEvents(b, 20_000, 500)
	rate := func(b *testing.B) { b.ReportMetric(20_000*float64(b.N)/b.Elapsed().Seconds(), "events/s") }
	b.Run("replay", func(b *testing.B) {
		r := replayRun{replayOptions: &replayOptions{policy: replayPolicy(b)}, env: &environment{stderr: io.Discard}, now: time.Now()}
		if err := r.load(&configuration{}); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(log)))
		for b.Loop() {
			r.tally = replay.New(5)
			if err := r.readEvents(b.Context(), "-", bytes.NewReader(log)); err != nil {
				b.Fatal(err)
			}
		}
		rate(b)
	})
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(len(log)))
		for b.Loop() {
			for line := range bytes.Lines(log) {
				var e audit.Event
				if err := json.Unmarshal(line, &e); err != nil {
					b.Fatal(err)
				}
			}
		}
		rate(b)
	})
}
