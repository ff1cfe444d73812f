package proxy

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync"
	"testing"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// stuck is a policy whose judgement of copies does not come back before release.
func stuck(release <-chan struct{}) *policy {
	return &policy{service: "chat", need: rules.Observe, evaluate: func(b engine.Body) engine.Outcome {
		<-release
		return blocker("SECRET")(b)
	}}
}

// While every worker hangs, uploads pass: their copies fill what memory copies may
// have, then the queue, and what finds neither is counted as unread.
func TestHangingWorkersCostCopiesAndNeverTraffic(t *testing.T) {
	const uploads, queue = 40, 10
	release := make(chan struct{})
	b := newBench(t, stuck(release), JudgeOptions{Limits: Limits{InspectMemoryBytes: 4 << 20}, queue: queue}, func(w http.ResponseWriter, r *http.Request) {
		hash := sha256.New()
		io.Copy(hash, r.Body)
		fmt.Fprintf(w, "%x", hash.Sum(nil))
	})
	data := noise(2 << 20)
	want := fmt.Sprintf("%x", sha256.Sum256(data))
	var all sync.WaitGroup
	for range uploads {
		all.Go(func() {
			resp, err := http.Post(b.front.URL, "text/plain", bytes.NewReader(data))
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			if got, _ := io.ReadAll(resp.Body); string(got) != want {
				t.Errorf("status %d: the server got other bytes", resp.StatusCode)
			}
		})
	}
	all.Wait() // though nothing was judged
	for range uploads {
		<-b.served
	}
	if used := b.judge.memory.used.Load(); used == 0 || used > 3<<20 {
		t.Errorf("copies take %d bytes", used)
	}
	room := b.judge.memory.get(fairFloor)
	if room == nil {
		t.Error("nothing is left for a held body")
	}
	b.judge.memory.put(room)
	if hits := b.limitHits(t, "inspect_memory"); hits == 0 {
		t.Error("that memory ran out was not counted")
	}
	if hits := b.limitHits(t, "evaluation_queue"); hits < uploads-queue-runtime.GOMAXPROCS(0) || hits > uploads-queue {
		t.Errorf("%d copies were counted as dropped, of %d with a queue of %d", hits, uploads, queue)
	}
	close(release)
	mustBeIdle(t, b.judge)
	checkObserved(t, b.end(t), uploads)
}

// checkObserved wants one event for each upload, of which all bytes went through.
func checkObserved(t *testing.T, all []audit.Event, uploads int) {
	t.Helper()
	busy := 0
	for _, e := range all {
		if e.Coverage.Reason == "busy" {
			busy++
		}
		if e.Request.Bytes != 2<<20 || e.Response.Status != http.StatusOK || e.Verdict.Action != rules.Log || e.Timing.Mode != "observe" {
			t.Errorf("event %+v", e)
		}
	}
	if len(all) != uploads || busy < uploads/2 {
		t.Errorf("%d events of %d, of which %d say busy", len(all), uploads, busy)
	}
}

// A worker that hangs in the midst of a judgement holds no lock that a stream needs.
func TestAStreamEndsWhileItsWorkersHang(t *testing.T) {
	release := make(chan struct{})
	b := newBench(t, stuck(release), JudgeOptions{}, echoed)
	n := runtime.GOMAXPROCS(0) + 5
	for range n {
		if resp, text := b.post(t, "hello"); resp.StatusCode != http.StatusOK || text != "hello" {
			t.Fatalf("%d %q", resp.StatusCode, text)
		}
	}
	if len(b.events.all) != 0 {
		t.Error("an event came before its verdict: the workers do not hang")
	}
	close(release)
	b.only(t, n)
}
