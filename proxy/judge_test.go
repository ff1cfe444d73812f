package proxy

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

func TestEveryExchangeLeavesExactlyOneEvent(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Write(body)
	}
	hold := &policy{service: "chat", need: rules.Hold, evaluate: blocker("SECRET")}
	for _, c := range []struct {
		name    string
		policy  Snapshot
		options JudgeOptions
		server  http.HandlerFunc
		do      func(t *testing.T, b *bench)
		want    audit.Event // the fields that are compared below
	}{
		{
			name: "passes unread", policy: &policy{need: rules.Nothing, final: true, verdict: rules.Verdict{Action: rules.Allow}},
			do: func(t *testing.T, b *bench) { b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Allow, Enforced: true}, Request: audit.Request{Bytes: 5}, Response: audit.Response{Status: 200, Bytes: 5},
				Coverage: classifier.Coverage{Reason: "policy"}, Timing: audit.Timing{Mode: "nothing"},
			},
		},
		{
			name: "held and passed on", policy: hold,
			do: func(t *testing.T, b *bench) { b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Log, Enforced: true}, Request: audit.Request{Bytes: 5}, Response: audit.Response{Status: 200, Bytes: 5},
				Coverage: classifier.Coverage{State: classifier.Complete, BytesRead: 5}, Timing: audit.Timing{Mode: "hold"},
			},
		},
		{
			name: "held without a body: nothing is unread", policy: hold,
			do: func(t *testing.T, b *bench) { b.post(t, "") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Log, Enforced: true}, Response: audit.Response{Status: 200},
				Coverage: classifier.Coverage{State: classifier.Complete}, Timing: audit.Timing{Mode: "hold"},
			},
		},
		{
			name: "held and blocked", policy: hold,
			do: func(t *testing.T, b *bench) { b.post(t, "a SECRET") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Block, Enforced: true}, Request: audit.Request{Bytes: 8}, Response: audit.Response{Status: 403},
				Coverage: classifier.Coverage{State: classifier.Complete, BytesRead: 8}, Timing: audit.Timing{Mode: "hold"},
			},
		},
		{
			name: "blocked by the head", policy: &policy{service: "chat", need: rules.Nothing, final: true},
			do: func(t *testing.T, b *bench) { b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Block, Enforced: true}, Request: audit.Request{}, Response: audit.Response{Status: 403},
				Coverage: classifier.Coverage{Reason: "policy"}, Timing: audit.Timing{Mode: "nothing"},
			},
		},
		{
			name: "would be blocked", policy: &policy{service: "chat", need: rules.Observe, verdict: rules.Verdict{Action: rules.Block, Monitor: true}},
			do: func(t *testing.T, b *bench) { b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Block}, Request: audit.Request{Bytes: 5}, Response: audit.Response{Status: 200, Bytes: 5},
				Coverage: classifier.Coverage{State: classifier.Complete, BytesRead: 5}, Timing: audit.Timing{Mode: "observe"},
			},
		},
		{
			name: "longer than is inspected", policy: &policy{service: "chat", need: rules.Observe, verdict: rules.Verdict{Action: rules.Log}},
			options: JudgeOptions{Limits: Limits{InspectBytes: 3}},
			do:      func(t *testing.T, b *bench) { b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Log, Enforced: true}, Request: audit.Request{Bytes: 5}, Response: audit.Response{Status: 200, Bytes: 5},
				Coverage: classifier.Coverage{State: classifier.Truncated, Reason: "over_limit", BytesRead: 3}, Timing: audit.Timing{Mode: "observe"},
			},
		},
		{
			name: "longer than is held", policy: hold, options: JudgeOptions{Limits: Limits{HoldBytes: 3}},
			do: func(t *testing.T, b *bench) { b.post(t, strings.Repeat("x", 100_000)+"SECRET") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Log, Enforced: true}, Request: audit.Request{Bytes: 100_006}, Response: audit.Response{Status: 200, Bytes: 100_006},
				Coverage: classifier.Coverage{State: classifier.Truncated, Reason: "over_limit", BytesRead: 3}, Timing: audit.Timing{Mode: "hold"},
			},
		},
		{
			name: "the server cannot be reached", policy: hold,
			do: func(t *testing.T, b *bench) { b.server.Close(); b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Log, Enforced: true}, Request: audit.Request{Bytes: 5}, Response: audit.Response{Status: 502},
				Coverage: classifier.Coverage{State: classifier.Complete, BytesRead: 5}, Timing: audit.Timing{Mode: "hold"}, Error: "connection_refused",
			},
		},
		{
			name: "judging panics", policy: &policy{service: "chat", need: rules.Hold, evaluate: func(engine.Body) engine.Outcome { panic("SECRET") }},
			do: func(t *testing.T, b *bench) { b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Block, Enforced: true}, Request: audit.Request{Bytes: 5}, Response: audit.Response{Status: 403},
				Coverage: classifier.Coverage{Reason: "failed"}, Timing: audit.Timing{Mode: "hold"}, Error: "panic",
			},
		},
		{
			name: "judging panics and errors are let through", policy: &policy{service: "chat", need: rules.Hold, evaluate: func(engine.Body) engine.Outcome { panic("SECRET") }, onErrorAllow: true},
			do: func(t *testing.T, b *bench) { b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Log, Enforced: true}, Request: audit.Request{Bytes: 5}, Response: audit.Response{Status: 200, Bytes: 5},
				Coverage: classifier.Coverage{Reason: "failed"}, Timing: audit.Timing{Mode: "hold"}, Error: "panic",
			},
		},
		{
			name: "observing panics", policy: &policy{service: "chat", need: rules.Observe, evaluate: func(engine.Body) engine.Outcome { panic("SECRET") }},
			do: func(t *testing.T, b *bench) { b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Log, Enforced: true}, Request: audit.Request{Bytes: 5}, Response: audit.Response{Status: 200, Bytes: 5},
				Coverage: classifier.Coverage{Reason: "failed"}, Timing: audit.Timing{Mode: "observe"}, Error: "panic",
			},
		},
		{
			name: "planning panics", policy: planPanics{}, do: func(t *testing.T, b *bench) { b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Block, Enforced: true}, Request: audit.Request{}, Response: audit.Response{Status: 403},
				Coverage: classifier.Coverage{Reason: "failed"}, Timing: audit.Timing{Mode: "nothing"}, Error: "panic",
			},
		},
		{
			name: "the carrier panics", policy: hold,
			do: func(t *testing.T, b *bench) {
				req, _ := http.NewRequest(http.MethodPost, b.front.URL, strings.NewReader("hello"))
				req.Header.Set("Test-Panic", "1")
				if _, err := http.DefaultClient.Do(req); err == nil {
					t.Error("answered")
				}
			},
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Log, Enforced: true}, Request: audit.Request{Bytes: 5},
				Coverage: classifier.Coverage{State: classifier.Complete, BytesRead: 5}, Timing: audit.Timing{Mode: "hold"}, Error: "panic",
			},
		},
		{
			name: "the client leaves while it uploads", policy: hold, do: leaveDuringUpload,
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Block, Enforced: true}, Request: audit.Request{Bytes: 5}, Response: audit.Response{Status: 400},
				Coverage: classifier.Coverage{Reason: "client_gone"}, Timing: audit.Timing{Mode: "hold"}, Error: "client_gone",
			},
		},
		{
			name: "the client leaves during the answer", policy: hold, do: leaveDuringAnswer,
			server: func(w http.ResponseWriter, r *http.Request) {
				w.Write([]byte("data: 1\n\n"))
				w.(http.Flusher).Flush()
				<-r.Context().Done()
			},
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Log, Enforced: true}, Request: audit.Request{Bytes: 5}, Response: audit.Response{Status: 200, Bytes: 9},
				Coverage: classifier.Coverage{State: classifier.Complete, BytesRead: 5}, Timing: audit.Timing{Mode: "hold"}, Error: "client_gone",
			},
		},
		{
			name: "the server answers before it reads", policy: &policy{service: "chat", need: rules.Observe, verdict: rules.Verdict{Action: rules.Log}},
			server: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
			do:     func(t *testing.T, b *bench) { b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Log, Enforced: true}, Request: audit.Request{Bytes: 5}, Response: audit.Response{Status: 429},
				Coverage: classifier.Coverage{State: classifier.Complete, BytesRead: 5}, Timing: audit.Timing{Mode: "observe"},
			},
		},
		{
			name: "no policy is loaded", policy: noPolicy{}, do: func(t *testing.T, b *bench) { b.post(t, "hello") },
			want: audit.Event{
				Verdict: audit.Verdict{Action: rules.Block, Enforced: true}, Request: audit.Request{}, Response: audit.Response{Status: 403},
				Coverage: classifier.Coverage{Reason: "policy"}, Timing: audit.Timing{Mode: "nothing"},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := c.server
			if server == nil {
				server = echo
			}
			b := newBench(t, c.policy, c.options, server)
			c.do(t, b)
			e := b.only(t, 1)[0]
			if e.Verdict.Action != c.want.Verdict.Action || e.Verdict.Enforced != c.want.Verdict.Enforced {
				t.Errorf("verdict %+v, want %+v", e.Verdict, c.want.Verdict)
			}
			if e.Request.Bytes != c.want.Request.Bytes {
				t.Errorf("request %+v, want %+v", e.Request, c.want.Request)
			}
			if e.Response.Status != c.want.Response.Status || e.Response.Status < 400 && e.Response.Bytes != c.want.Response.Bytes {
				t.Errorf("response %+v, want %+v", e.Response, c.want.Response)
			}
			if e.Coverage != c.want.Coverage || e.Timing.Mode != c.want.Timing.Mode || e.Error != c.want.Error {
				t.Errorf("coverage %+v mode %q error %q, want %+v %q %q", e.Coverage, e.Timing.Mode, e.Error, c.want.Coverage, c.want.Timing.Mode, c.want.Error)
			}
			if e.ID == "" || e.Time.IsZero() || e.Client.User != "ana@corp.example" || e.Kind != "exchange" || e.Timing.Total <= 0 {
				t.Errorf("incomplete event %+v", e)
			}
			if used := b.judge.memory.used.Load(); used != 0 {
				t.Errorf("%d bytes of memory were not given back", used)
			}
		})
	}
}

type planPanics struct{ noPolicy }

func (planPanics) Plan(engine.Request) engine.Plan { panic("SECRET") }

func leaveDuringUpload(t *testing.T, b *bench) {
	reader, writer := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	req, _ := http.NewRequestWithContext(ctx, http.MethodPost, b.front.URL, reader)
	go func() {
		writer.Write([]byte("hello"))
		time.Sleep(50 * time.Millisecond)
		cancel()
		writer.CloseWithError(context.Canceled)
	}()
	if _, err := http.DefaultClient.Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("err is %v", err)
	}
}

func leaveDuringAnswer(t *testing.T, b *bench) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodPost, b.front.URL, strings.NewReader("hello"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(resp.Body, make([]byte, 9)); err != nil {
		t.Fatal(err)
	}
	cancel()
	resp.Body.Close()
}

func TestNoByteOfABlockedBodyReachesTheServer(t *testing.T) {
	reached := false
	b := newBench(t, &policy{service: "chat", need: rules.Hold, evaluate: blocker("SECRET")}, JudgeOptions{},
		func(http.ResponseWriter, *http.Request) { reached = true })
	if resp, _ := b.post(t, strings.Repeat("x", 3<<20)+"SECRET"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", resp.StatusCode)
	}
	b.only(t, 1)
	if reached {
		t.Error("the server was asked")
	}
}

func TestAHeldBodyGoesOnExactlyAsItCame(t *testing.T) {
	for _, c := range []struct {
		name    string
		size    int64
		chunked bool
	}{{"small", 100, false}, {"small chunked", 100, true}, {"in a file", 3 << 20, false}, {"in a file, chunked", 3 << 20, true}, {"longer than is held", 9 << 20, true}} {
		t.Run(c.name, func(t *testing.T) {
			want := noise(c.size)
			var got []byte
			var length int64
			b := newBench(t, &policy{service: "chat", need: rules.Hold, evaluate: blocker("SECRET")}, JudgeOptions{Limits: Limits{HoldBytes: 8 << 20}},
				func(w http.ResponseWriter, r *http.Request) {
					got, _ = io.ReadAll(r.Body)
					length = r.ContentLength
				})
			var body io.Reader = bytes.NewReader(want)
			if c.chunked {
				body = io.MultiReader(body) // hides the length
			}
			resp, err := http.Post(b.front.URL, "application/octet-stream", body)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			b.only(t, 1)
			if !bytes.Equal(got, want) {
				t.Errorf("the server got %d other bytes", len(got))
			}
			if (length == -1) != c.chunked {
				t.Errorf("the server saw length %d", length)
			}
		})
	}
}

func TestObservingNeverDelays(t *testing.T) {
	release := make(chan struct{})
	p := &policy{service: "chat", need: rules.Observe, evaluate: func(engine.Body) engine.Outcome {
		<-release
		return engine.Outcome{Verdict: rules.Verdict{Action: rules.Log}}
	}}
	b := newBench(t, p, JudgeOptions{}, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	const n = 50  // far more than there are workers
	for range n { // it would hang here
		if resp, text := b.post(t, "hello"); resp.StatusCode != http.StatusOK || text != "hello" {
			t.Fatalf("%d %q", resp.StatusCode, text)
		}
	}
	b.events.mu.Lock()
	early := len(b.events.all)
	b.events.mu.Unlock()
	if early != 0 {
		t.Errorf("%d events before their verdict", early)
	}
	close(release)
	b.only(t, n)
}

func TestObservationsBeyondTheQueueAreReportedAsUnread(t *testing.T) {
	release := make(chan struct{})
	p := &policy{service: "chat", need: rules.Observe, evaluate: func(b engine.Body) engine.Outcome {
		if b.Reason == "" {
			<-release
		}
		o := engine.Outcome{Verdict: rules.Verdict{Action: rules.Log}}
		o.Facts.Content = &rules.Content{Coverage: coverageOf(b)}
		return o
	}}
	b := newBench(t, p, JudgeOptions{queue: 200}, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	n := cap(b.judge.queue) + 100
	client := http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for range n {
		resp, err := client.Post(b.front.URL, "text/plain", strings.NewReader("hello"))
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		<-b.served
	}
	close(release)
	busy := 0
	all := b.end(t)
	for _, e := range all {
		if e.Coverage.Reason == "busy" {
			busy++
		}
	}
	if len(all) != n || busy < 50 {
		t.Errorf("%d events of %d, %d busy", len(all), n, busy)
	}
}
