package proxy

import (
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

func TestOnlySoManyBodiesAreJudgedAtOnceAndSmallOnesDoNotWaitForLarge(t *testing.T) {
	const bodies = 40
	var now, most, smallOnes atomic.Int64
	opened := make(chan struct{})
	pass := blocker("SECRET")
	b := newBench(t, &policy{service: "chat", need: rules.Hold, evaluate: func(body engine.Body) engine.Outcome {
		if len(body.Bytes) <= smallBody {
			smallOnes.Add(1)
			return pass(body)
		}
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		<-opened
		return pass(body)
	}}, JudgeOptions{}, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	var group sync.WaitGroup
	large := strings.Repeat("x", smallBody+1)
	for range bodies {
		group.Go(func() { b.post(t, large) })
	}
	for now.Load() < int64(runtime.GOMAXPROCS(0)) {
		runtime.Gosched()
	}
	b.post(t, "small")
	if smallOnes.Load() != 1 {
		t.Error("a small body was not judged")
	}
	close(opened)
	group.Wait()
	if got, want := most.Load(), int64(runtime.GOMAXPROCS(0)); got != want {
		t.Errorf("%d large bodies were judged at once, want %d", got, want)
	}
	b.only(t, bodies+1)
}
