package proxy

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
)

const bodyLimit = 1000

// arrivals are the bodies that a server got.
type arrivals chan arrival

type arrival struct {
	bytes int
	err   error // nil when it took the body for whole
}

func (a arrivals) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	a <- arrival{len(body), err}
	fmt.Fprint(w, len(body))
}

// startLimited starts a proxy that takes no body beyond bodyLimit.
func startLimited(t *testing.T, snapshot Snapshot, server *proxytest.Server) *calls {
	t.Helper()
	c := &calls{sink: &events{}, metrics: metrics.New(metrics.Build{})}
	snapshots := NewSnapshots(func() (Snapshot, error) { return snapshot, nil }, c.metrics)
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	limits := Limits{BodyBytes: bodyLimit}
	c.judge = NewJudge(JudgeOptions{Limits: limits, Snapshots: snapshots, Metrics: c.metrics, Events: c.sink, TempDir: t.TempDir()})
	c.testProxy = startProxy(t, func(cfg *Config, d *Dependencies) {
		cfg.Limits, d.Inspector, d.Counters = limits, c.judge, c.metrics
	}, server)
	return c
}

// unknownLength hides the length of a body.
type unknownLength struct{ io.Reader }

func TestABodyBeyondTheLimitIsRefused(t *testing.T) {
	for _, need := range []rules.Need{rules.Nothing, rules.Observe, rules.Hold} {
		for _, http2 := range []bool{false, true} {
			for _, declared := range []bool{true, false} {
				t.Run(fmt.Sprintf("need %v, http2 %v, declared %v", need, http2, declared), func(t *testing.T) {
					t.Parallel()
					got := make(arrivals, 10)
					newServer := proxytest.NewHTTP1Server
					if http2 {
						newServer = proxytest.NewServer
					}
					c := startLimited(t, &policy{need: need, verdict: rules.Verdict{Action: rules.Log}}, newServer(t, got, "ai.example"))
					client := c.client()
					client.Transport.(*http.Transport).ForceAttemptHTTP2 = http2
					refuseLong(t, c, client, declared)
					if resp, text := send(t, client, http.MethodPost, "https://ai.example/", strings.Repeat("a", bodyLimit)); resp.StatusCode != http.StatusOK || text != fmt.Sprint(bodyLimit) {
						t.Errorf("a body of the limit: %d %s", resp.StatusCode, text)
					}
					client.CloseIdleConnections()
					all := c.end(t)
					checkCutBodies(t, got, declared || need == rules.Hold)
					checkRefusedBody(t, c, all)
				})
			}
		}
	}
}

// refuseLong sends a body that is too long and reads the answer.
func refuseLong(t *testing.T, c *calls, client *http.Client, declared bool) {
	t.Helper()
	var body io.Reader = bytes.NewReader(make([]byte, 200*bodyLimit))
	if !declared {
		body = unknownLength{body}
	}
	r, err := http.NewRequest(http.MethodPost, "https://ai.example/", body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(text), "Send it in smaller parts.") {
		t.Errorf("%d %s %v", resp.StatusCode, text, err)
	}
	if resp.ProtoMajor == 1 && !resp.Close {
		t.Error("the connection stays open")
	}
}

// checkCutBodies holds that no server took a part of a body for the whole.
func checkCutBodies(t *testing.T, got arrivals, kept bool) {
	t.Helper()
	close(got)
	whole := 0
	for a := range got {
		switch {
		case a.err == nil && a.bytes == bodyLimit:
			whole++
		case a.err == nil:
			t.Errorf("the server took %d bytes for the whole", a.bytes)
		case kept:
			t.Errorf("the server got %d bytes of a body that was refused before", a.bytes)
		}
	}
	if whole != 1 {
		t.Errorf("%d whole bodies came", whole)
	}
}

func checkRefusedBody(t *testing.T, c *calls, all []audit.Event) {
	t.Helper()
	if len(all) != 2 {
		t.Fatalf("%d events", len(all))
	}
	e := all[0]
	if e.Response.Status != http.StatusRequestEntityTooLarge {
		e = all[1]
	}
	if e.Response.Status != http.StatusRequestEntityTooLarge || e.Error != "body_bytes" {
		t.Errorf("event %+v", e)
	}
	if text := scrapeText(t, c.metrics); !strings.Contains(text, `daylight_limit_hits_total{limit="body_bytes"} 1`+"\n") {
		t.Error("the limit is not counted, or not once")
	}
}

// A client that asks first sends nothing of a body that is too long.
func TestABodyBeyondTheLimitIsNotAskedFor(t *testing.T) {
	got := make(arrivals, 1)
	c := startLimited(t, &policy{need: rules.Nothing, verdict: rules.Verdict{Action: rules.Log}}, proxytest.NewHTTP1Server(t, got, "ai.example"))
	conn := c.openInner(t, "ai.example:443", "http/1.1")
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: ai.example\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", bodyLimit+1)
	if resp := readResponse(t, conn); resp.StatusCode != http.StatusRequestEntityTooLarge || !resp.Close {
		t.Errorf("%s, close %v", resp.Status, resp.Close)
	}
	c.end(t)
	if len(got) != 0 {
		t.Error("the server was asked")
	}
}

func TestACallBeyondTheLimitFailsInItsOwnTerms(t *testing.T) {
	for _, need := range []rules.Need{rules.Nothing, rules.Hold} {
		t.Run(fmt.Sprint(need), func(t *testing.T) {
			service := newChat()
			c := startLimited(t, &policy{need: need, verdict: rules.Verdict{Action: rules.Log}}, service.serve(t))
			conn := c.dial(t, "ai.example")
			_, err := askChat(within(t), conn, strings.Repeat("a", 2*bodyLimit))
			if s, _ := status.FromError(err); s.Code() != codes.ResourceExhausted || !strings.Contains(s.Message(), "smaller parts") {
				t.Errorf("%v", err)
			}
			conn.Close()
			all := c.end(t)
			if len(all) != 1 || all[0].Error != "body_bytes" {
				t.Errorf("events %+v", all)
			}
		})
	}
}

func TestAMessageBeyondTheLimitClosesTheWebSocket(t *testing.T) {
	for _, need := range []rules.Need{rules.Nothing, rules.Observe, rules.Hold} {
		for name, long := range map[string][]byte{
			"in one frame": masked(websocket.Text, strings.Repeat("a", bodyLimit+1)),
			"in two frames": append(
				part(websocket.Header{Opcode: websocket.Text}, strings.Repeat("a", bodyLimit)),
				part(websocket.Header{Opcode: websocket.Continuation, Final: true}, "a")...),
		} {
			t.Run(fmt.Sprintf("need %v, %s", need, name), func(t *testing.T) {
				t.Parallel()
				limits := Limits{BodyBytes: bodyLimit}
				b := startSockets(t, &policy{need: need, verdict: rules.Verdict{Action: rules.Log}}, JudgeOptions{Limits: limits}, "", func(c *Config) { c.Limits = limits })
				client, server := b.open(t, "ai.example", "/", "Accept-Language", "en")
				fits := masked(websocket.Text, strings.Repeat("b", bodyLimit))
				client.say(t, fits, long)
				if reason := client.expectClose(t, websocket.StatusTooBig); !strings.HasPrefix(reason, "This is too large. Send it in smaller parts. Event number: ") {
					t.Errorf("reason %q", reason)
				}
				server.waitEnd(t)
				for _, h := range hearClient(t, websocket.Extensions{}, server.received()) {
					if h.opcode == websocket.Text && len(h.payload) != bodyLimit {
						t.Errorf("the server took %d bytes for a message", len(h.payload))
					}
				}
				messages, upgrade := b.end(t)
				if about := append(messages, upgrade); !hasError(about, "body_bytes") {
					t.Errorf("events %+v", about)
				}
			})
		}
	}
}

func hasError(all []audit.Event, reason string) bool {
	for _, e := range all {
		if e.Error == reason {
			return true
		}
	}
	return false
}

// What is read is what fits, and then nothing, however often it is read.
func TestABodyBeyondTheLimitIsReadToTheLimit(t *testing.T) {
	b := &guardedBody{ReadCloser: io.NopCloser(strings.NewReader(strings.Repeat("a", 100))), counters: noCounters{}, left: 10}
	b.dog = watchdog{limit: patience, bite: func() {}}
	for i, want := range []int{7, 3, 0, 0} {
		if n, err := b.Read(make([]byte, 7)); n != want || (err != nil) != (i > 0) {
			t.Errorf("read %d: %d bytes, %v", i, n, err)
		}
	}
	b.dog.stop()
}
