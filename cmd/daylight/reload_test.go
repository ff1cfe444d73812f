package main

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"daylight.internal/proxy/metrics"
)

// reloads is a reloader of a policy on the disk, without a proxy.
type reloads struct {
	folder
	*reloader
}

func newReloads(t *testing.T, config string) reloads {
	t.Helper()
	f := folder{t, t.TempDir()}
	f.write("daylight.yaml", config)
	f.write("p/policy.yaml", lenientPolicy)
	c, err := (&configFlags{file: f.at("daylight.yaml")}).load()
	f.must(err)
	r, _, err := newReloader(c, zap.NewNop(), metrics.New(metrics.Build{}))
	f.must(err)
	return reloads{f, r}
}

// lookTwice takes two looks, as many as it takes to find files at rest.
func (r reloads) lookTwice() (revision string) {
	r.look()
	r.look()
	return r.snapshots.Current().Revision()
}

func TestAChangeOfWhichARefusedReloadSawHalfIsTakenWhenItRests(t *testing.T) {
	r := newReloads(t, "policy: p\n")
	before := r.lookTwice()
	r.write("p/policy.yaml", strictPolicy)
	half := readAgain(r.tried.config)
	moving := readStill(func(*configuration) *reading {
		return &reading{config: half.config, files: half.files, digest: half.digest}
	}, half.config)
	if _, err := r.tell(metrics.ByPage, time.Now(), moving); err == nil || r.snapshots.Current().Revision() != before {
		t.Fatalf("what moves is taken: %v", err)
	}
	if after := r.lookTwice(); after == before {
		t.Error("the change is never taken: its content was seen before")
	}
}

func TestAConfigurationThatWasRefusedSaysNothingOfReloads(t *testing.T) {
	r := newReloads(t, "policy: p\n")
	before := r.lookTwice()
	r.write("daylight.yaml", "policy: p\nreload: {watch: false, interval: 1h}\n")
	r.write("p/policy.yaml", "version: 1\nruls: []\n")
	if got := r.lookTwice(); got != before || r.tried == r.taken {
		t.Fatal("a policy with faults is taken, or was not tried")
	}
	if got := r.interval(); got != 2*time.Second {
		t.Errorf("the interval is %v", got)
	}
	r.write("p/policy.yaml", strictPolicy)
	if got := r.lookTwice(); got == before {
		t.Error("a refused configuration ends the watching")
	}
	r.write("p/policy.yaml", lenientPolicy)
	if got := r.lookTwice(); got == before {
		t.Error("one that was taken does not")
	}
}

func TestAnAnswerToAReloadHoldsNoLineOfTheConfiguration(t *testing.T) {
	r := newReloads(t, "policy: p\n")
	r.write("daylight.yaml", "policy: p\nupstream: {proxy: 'http://ana:sesame@parent.example:3128', prxy: 1}\n")
	_, err := r.reload(metrics.ByPage)
	if err == nil || !strings.Contains(err.Error(), `daylight.yaml:2:`) || !strings.Contains(err.Error(), `unknown key "prxy"`) {
		t.Fatalf("the fault is not told: %v", err)
	}
	if strings.Contains(err.Error(), "sesame") {
		t.Errorf("the answer holds a password:\n%v", err)
	}
}
