package proxy

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// mustBeIdle waits until the judge holds neither memory nor disk.
func mustBeIdle(t *testing.T, j *Judge) {
	t.Helper()
	waitUntil(t, func() bool {
		return j.memory.used.Load() == 0 && j.copies.whole.used.Load() == 0 && j.disk.used.Load() == 0 && j.places.memory.used.Load() == 0
	})
}

func (b *bench) limitHits(t *testing.T, limit string) (hits int) {
	t.Helper()
	name := fmt.Sprintf("daylight_limit_hits_total{limit=%q} ", limit)
	if _, rest, ok := strings.Cut(scrapeText(t, b.metrics), name); ok {
		fmt.Sscan(rest, &hits)
	}
	return hits
}

// echoed is a server that gives back what it got.
func echoed(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Write(body)
}

func holding(word string) *policy {
	return &policy{service: "chat", need: rules.Hold, evaluate: blocker(word)}
}

// What cannot be kept is judged by what was read and goes on whole: a large body
// is no reason to block. What is known of it still counts.
func TestAHeldBodyThatFindsNoRoomIsJudgedByWhatWasRead(t *testing.T) {
	small := Limits{HoldMemoryBytes: 64 << 10}
	for _, c := range []struct {
		name    string
		options JudgeOptions
		spoil   func(*Judge)
		limit   string
		reason  string
	}{
		{"the folder is gone", JudgeOptions{Limits: small, TempDir: "/nowhere"}, func(*Judge) {}, "hold_disk", "disk"},
		{"the disk is full", JudgeOptions{Limits: small}, func(j *Judge) { j.disk.open = faultyDisk(3) }, "hold_disk", "disk"},
		{"no file can be opened", JudgeOptions{Limits: small}, func(j *Judge) {
			j.disk.open = func(string) (diskFile, error) { return nil, syscall.EMFILE }
		}, "hold_disk", "disk"},
		{"the budget is used up", JudgeOptions{Limits: Limits{HoldMemoryBytes: 64 << 10, HoldDiskBytes: 128 << 10}}, func(*Judge) {}, "hold_disk_bytes", "disk"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, holding("SECRET"), c.options, echoed)
			c.spoil(b.judge)
			clean, listed := strings.Repeat("word ", 200_000), "SECRET"+strings.Repeat("word ", 200_000)
			if resp, text := b.post(t, clean); resp.StatusCode != http.StatusOK || text != clean {
				t.Errorf("status %d, %d bytes", resp.StatusCode, len(text))
			}
			if resp, _ := b.post(t, listed); resp.StatusCode != http.StatusForbidden {
				t.Errorf("what was read holds the word, and the status is %d", resp.StatusCode)
			}
			mustBeIdle(t, b.judge)
			if hits := b.limitHits(t, c.limit); hits != 2 {
				t.Errorf("%s was counted %d times", c.limit, hits)
			}
			for _, e := range b.only(t, 2) {
				if e.Coverage.State != classifier.Truncated || e.Coverage.Reason != c.reason || e.Coverage.BytesRead < 64<<10 {
					t.Errorf("coverage %+v", e.Coverage)
				}
			}
		})
	}
}

func TestAPanicWhileJudgingGivesEverythingBack(t *testing.T) {
	p := &policy{service: "chat", need: rules.Hold, evaluate: func(engine.Body) engine.Outcome { panic("a value") }}
	b := newBench(t, p, JudgeOptions{Limits: Limits{HoldMemoryBytes: 4 << 10}}, echoed)
	if resp, _ := b.post(t, strings.Repeat("word ", 200_000)); resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", resp.StatusCode)
	}
	mustBeIdle(t, b.judge)
	b.only(t, 1)
}

func TestAClientThatLeavesWhileItsBodyIsHeldLeavesNothing(t *testing.T) {
	var reached atomic.Int64
	b := newBench(t, holding("SECRET"), JudgeOptions{Limits: Limits{HoldMemoryBytes: 64 << 10}}, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	conn, err := net.Dial("tcp", b.front.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /c/1 HTTP/1.1\r\nHost: chat\r\nContent-Length: 10000000\r\n\r\n")
	conn.Write(make([]byte, 1<<20))
	waitUntil(t, func() bool { return b.judge.disk.used.Load() > 512<<10 })
	conn.Close()
	mustBeIdle(t, b.judge)
	e := b.only(t, 1)[0]
	if e.Error != "client_gone" || reached.Load() != 0 {
		t.Errorf("error %q, %d requests reached the server", e.Error, reached.Load())
	}
}

// A server that reads slowly costs the held body that waits for it, and nobody else.
func TestASlowServerHoldsUpOnlyItsOwnBody(t *testing.T) {
	read := make(chan struct{})
	dir := t.TempDir()
	b := newBench(t, holding("SECRET"), JudgeOptions{Limits: Limits{HoldMemoryBytes: 64 << 10}, TempDir: dir}, func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 1<<20 {
			<-read
		}
		echoed(w, r)
	})
	large := string(noise(20 << 20))
	done := make(chan bool)
	go func() {
		resp, err := http.Post(b.front.URL, "text/plain", strings.NewReader(large))
		if err != nil {
			done <- false
			return
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		done <- string(text) == large
	}()
	waitUntil(t, func() bool { return b.judge.disk.used.Load() > 15<<20 })
	for range 20 {
		if resp, text := b.post(t, "hello"); resp.StatusCode != http.StatusOK || text != "hello" {
			t.Errorf("%d %q", resp.StatusCode, text)
		}
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) > 0 {
		t.Errorf("the folder holds %v", names)
	}
	close(read)
	if !<-done {
		t.Error("the large body did not arrive as it was sent")
	}
	mustBeIdle(t, b.judge)
	b.only(t, 21)
}

// Whoever waits too long for its turn is judged unread, so that the rules on
// coverage decide.
func TestAHeldBodyWaitsForItsTurnOnlySoLong(t *testing.T) {
	release := make(chan struct{})
	p := &policy{service: "chat", need: rules.Hold, evaluate: func(b engine.Body) engine.Outcome {
		if len(b.Bytes) > 0 {
			<-release
		}
		return blocker("SECRET")(b)
	}}
	b := newBench(t, p, JudgeOptions{Limits: Limits{EvaluationMemoryBytes: 1, EvaluationWait: 50 * time.Millisecond}}, echoed)
	large := bytes.Repeat([]byte("word "), 100_000)
	first := make(chan struct{})
	go func() {
		defer close(first)
		if resp, err := http.Post(b.front.URL, "text/plain", bytes.NewReader(large)); err == nil {
			resp.Body.Close()
		}
	}()
	waitUntil(t, func() bool {
		b.judge.places.large.mu.Lock()
		defer b.judge.places.large.mu.Unlock()
		return b.judge.places.large.free == 0
	})
	if resp, text := b.post(t, string(large)); resp.StatusCode != http.StatusOK || text != string(large) {
		t.Errorf("status %d, %d bytes", resp.StatusCode, len(text))
	}
	if hits := b.limitHits(t, "evaluation_wait"); hits != 1 {
		t.Errorf("counted %d times", hits)
	}
	close(release)
	<-first
	mustBeIdle(t, b.judge)
	e := b.only(t, 2)[0]
	if e.Coverage.State != classifier.NotInspected || e.Coverage.Reason != "busy" {
		t.Errorf("coverage %+v", e.Coverage)
	}
}

// A body of known length streams on as soon as what is read of it was judged: the
// server has its beginning while the client still has its end.
func TestAHeldBodyGoesOnAsSoonAsItsWindowWasJudged(t *testing.T) {
	got := make(chan struct{})
	b := newBench(t, holding("SECRET"), JudgeOptions{Limits: Limits{InspectBytes: 256 << 10}}, func(w http.ResponseWriter, r *http.Request) {
		io.ReadFull(r.Body, make([]byte, 1000))
		close(got)
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n+1000)
	})
	const size = 1 << 20
	r, w := io.Pipe()
	go func() {
		w.Write(make([]byte, 300<<10))
		<-got // not a byte more before the server has the first
		w.Write(make([]byte, size-300<<10))
		w.Close()
	}()
	request, _ := http.NewRequest(http.MethodPost, b.front.URL, r)
	request.ContentLength = size
	resp, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); string(text) != fmt.Sprint(size) {
		t.Errorf("the server got %s bytes", text)
	}
	e := b.only(t, 1)[0]
	if e.Coverage.State != classifier.Truncated || e.Coverage.Reason != "over_limit" || e.Coverage.BytesRead != 256<<10 || e.Request.Bytes != size {
		t.Errorf("event %+v", e)
	}
}
