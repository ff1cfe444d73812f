package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"daylight.internal/proxy"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
)

// stormPolicy is one of two policies in four files. Any mixture of the two compiles,
// and gives other verdicts than either.
func stormPolicy(name, category, status, action string) map[string]string {
	return map[string]string{
		"services.yaml": `version: 1
services:
  - {id: inhouse, name: In-house, vendor: Example, country: DE, category: ` + category + `, confidence: documented, verified_on: 2026-11-22, hosts: [ai.example]}
  - {id: files, name: Files, vendor: Example, country: DE, category: ` + category + `, confidence: documented, verified_on: 2026-11-22, hosts: [files.example]}
`,
		"groups.yaml": "version: 1\ngroups:\n  team: {networks: [127.0.0.0/8]}\n  " + name + ": {networks: [127.0.0.0/8]}\n",
		"approvals.yaml": "version: 1\napprovals:\n  - {service: inhouse, status: " + status + ", groups: [team]}\n" +
			"  - {service: files, status: " + status + ", groups: [team]}\n",
		"rules.yaml": `version: 1
rules:
  - {name: ` + name + ` lists, match: {groups: [team], services: [inhouse], status: [` + status + `], data: {class: personal}}, action: ` + action + `}
  - {name: ` + name + ` files, match: {groups: [team], services: [files], status: [` + status + `]}, action: ` + action + `}
  - {name: ` + name + ` rest, match: {groups: [team], services: [inhouse], status: [` + status + `]}, action: log}
`,
	}
}

// stormSide is what every event of one of the two policies says.
type stormSide struct {
	files          map[string]string
	name, category string
	status         rules.Status
	lists          rules.Action // what becomes of lists, and of tunnels
	revision       string
}

func stormSides() [2]*stormSide {
	return [2]*stormSide{
		{files: stormPolicy("first", "chat", "tolerated", "log"), name: "first", category: "chat", status: rules.Tolerated, lists: rules.Log},
		{files: stormPolicy("second", "writing", "prohibited", "block"), name: "second", category: "writing", status: rules.Prohibited, lists: rules.Block},
	}
}

// storm is a proxy whose policy changes all the time, under load.
type storm struct {
	*testing.T
	server *server
	player player
	mount  *mount
	sides  [2]*stormSide

	mu     sync.Mutex
	events []audit.Event
	last   atomic.Pointer[string] // revision of the last event
}

// Record implements audit.Sink.
func (s *storm) Record(e audit.Event) {
	s.last.Store(&e.Revision)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, e)
}

func newStorm(t *testing.T, reload reloading) *storm {
	s := &storm{T: t, sides: stormSides()}
	before := runtime.NumGoroutine()
	t.Cleanup(func() { // the last of all
		http.DefaultClient.CloseIdleConnections()
		s.await("the end of the goroutines", func() bool { return runtime.NumGoroutine() <= before+5 })
	})
	s.mount = newMount(t, s.sides[0].files)
	internet := startStormServer(t)
	config := &configuration{
		Listen: []string{"127.0.0.1:0"}, AdminListen: "127.0.0.1:0", DataDir: t.TempDir(), Policy: []string{s.mount.path},
		Intercept: "all", Bypass: []string{"files.example"}, Reload: reload,
		Proxy: proxy.Config{
			Limits:   proxy.Limits{ObservedMessages: 1 << 20}, // none is given up because the machine is slow
			Upstream: proxy.Upstream{CAFile: internet.CAFile, Hosts: internet.Hosts},
		},
	}
	var err error
	if s.server, err = newServer(config, zap.NewNop(), s); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() { defer close(served); _ = s.server.serve() }()
	go s.server.keepReloading(ctx, nil)
	t.Cleanup(func() { cancel(); s.end(); <-served })
	s.sides[0].revision = s.server.snapshots.Current().Revision()
	roots := x509.NewCertPool()
	roots.AddCert(s.server.authority.Certificate())
	roots.AddCert(internet.Certificate()) // of what is not opened
	s.player = player{proxy: &url.URL{Scheme: "http", Host: s.server.listeners[0].Addr().String()}, roots: roots}
	return s
}

// end lets what is under way end; then every event is there.
func (s *storm) end() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.server.shutdown(ctx); err != nil {
		s.Errorf("ending: %v", err)
	}
}

// put writes a policy over the former one; broken leaves a fault in one of its files.
func (s *storm) put(side *stormSide, broken bool) {
	files := side.files
	if broken {
		files = maps.Clone(files)
		files["rules.yaml"] += "ruls: []\n"
	}
	s.mount.put(files)
}

// putInPlace writes the files one after the other where they stand.
func (s *storm) putInPlace(side *stormSide, broken bool) {
	for name, text := range side.files {
		if broken && name == "rules.yaml" {
			text += "ruls: []\n"
		}
		if err := os.WriteFile(filepath.Join(s.mount.path, name), []byte(text), 0o600); err != nil {
			s.Fatal(err)
		}
	}
}

// await waits for what must come while the load goes on.
func (s *storm) await(what string, holds func() bool) {
	s.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.Fatalf("%s does not come", what)
		}
	}
}

const stormReloads = 100

func TestAHundredReloadsAskedForUnderLoad(t *testing.T) {
	s := newStorm(t, reloading{})
	load := s.startLoad()
	heap := uint64(0)
	for i := 1; i <= stormReloads; i++ {
		side := s.sides[i%2]
		if i%5 == 0 {
			before := s.server.snapshots.Current().Revision()
			s.putInPlace(side, true)
			if revision, err := s.server.reload(metrics.BySignal); err == nil || revision != before {
				t.Fatalf("reload %d: a broken policy is taken: %s, %v", i, revision, err)
			}
		}
		s.putInPlace(side, false)
		revision, err := s.server.reload(metrics.BySignal)
		if err != nil || side.revision != "" && side.revision != revision {
			t.Fatalf("reload %d: revision %s, want %s (%v)", i, revision, side.revision, err)
		}
		side.revision = revision
		s.await("an event of the new policy", func() bool { last := s.last.Load(); return last != nil && *last == revision })
		if i == stormReloads/5 {
			heap = heapInUse()
		}
	}
	load.end()
	s.check(load)
	// A policy takes some megabytes: eighty of them could not hide here.
	if now := heapInUse(); now > heap+64<<20 {
		t.Errorf("the heap grew from %d to %d MiB during %d reloads", heap>>20, now>>20, stormReloads*4/5)
	}
}

func TestAHundredPoliciesOfAMountThatChangesUnderLoad(t *testing.T) {
	s := newStorm(t, reloading{Watch: true, Interval: 5 * time.Millisecond})
	load := s.startLoad()
	for i := 1; i <= stormReloads; i++ {
		side := s.sides[i%2]
		if i%10 == 0 {
			refused := stormCount(t, s.server, `daylight_policy_reloads_total{result="refused",trigger="file"}`)
			s.put(side, true)
			s.await("the refusal of a broken policy", func() bool {
				return stormCount(t, s.server, `daylight_policy_reloads_total{result="refused",trigger="file"}`) > refused
			})
		}
		before := s.server.snapshots.Current().Revision()
		s.put(side, false)
		s.await("the new policy", func() bool { return s.server.snapshots.Current().Revision() != before })
		revision := s.server.snapshots.Current().Revision()
		if side.revision != "" && side.revision != revision {
			t.Fatalf("change %d: revision %s, want %s", i, revision, side.revision)
		}
		side.revision = revision
	}
	load.end()
	if refused := stormCount(t, s.server, `daylight_policy_reloads_total{result="refused",trigger="file"}`); refused != stormReloads/10 {
		t.Errorf("%v refusals of %d broken policies: each is to be told once", refused, stormReloads/10)
	}
	if taken := stormCount(t, s.server, `daylight_policy_reloads_total{result="taken",trigger="file"}`); taken != stormReloads {
		t.Errorf("%v reloads of %d changes", taken, stormReloads)
	}
	s.check(load)
}

func heapInUse() uint64 {
	runtime.GC()
	runtime.GC() // what finalizers let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func stormCount(t *testing.T, s *server, series string) float64 {
	t.Helper()
	all, err := scrape(context.Background(), "http://"+s.adminListener.Addr().String()+"/metrics")
	if err != nil {
		t.Fatal(err)
	}
	return all[series]
}

// check holds every event against the policy whose revision it has, and all of them
// against what the clients saw.
func (s *storm) check(load *stormLoad) {
	s.Helper()
	s.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	ids, told := map[string]bool{}, map[stormOutcome]int{}
	revisions := map[string]int{}
	for i := range s.events {
		e := &s.events[i]
		revisions[e.Revision]++
		if ids[e.ID] {
			s.Errorf("event %s is there twice", e.ID)
		}
		ids[e.ID] = true
		if err := s.checkEvent(e); err != nil {
			s.Errorf("event %d, %s: %v", i, kindOf(e), err)
		}
		told[stormOutcome{kindOf(e), e.Verdict.Action == rules.Block && e.Verdict.Enforced}]++
	}
	if seen := load.outcomes(); !maps.Equal(told, seen) {
		s.Errorf("the events tell of %v, the clients of %v", told, seen)
	}
	for _, kind := range stormKinds() {
		for _, stopped := range []bool{false, true} {
			if o := (stormOutcome{kind, stopped}); told[o] == 0 && !(kind == "upgrade" && stopped) {
				s.Errorf("the load had no %v", o)
			}
		}
	}
	s.Logf("%d events, by revision %v: %v", len(s.events), revisions, told)
}

// checkEvent tells whether all of an event is of the policy that it names.
func (s *storm) checkEvent(e *audit.Event) error {
	at := slices.IndexFunc(s.sides[:], func(p *stormSide) bool { return p.revision == e.Revision })
	if at < 0 {
		return fmt.Errorf("revision %q is that of no policy", e.Revision)
	}
	side := s.sides[at]
	rule, action := side.name+" lists", side.lists
	switch kindOf(e) {
	case "tunnel":
		rule = side.name + " files"
	case "upgrade":
		rule, action = side.name+" rest", rules.Log
	}
	want := fmt.Sprintln(rule, action, true, side.category, side.status, []string{"team", side.name})
	got := fmt.Sprintln(e.Verdict.Rule, e.Verdict.Action, e.Verdict.Enforced, e.Service.Category, e.Service.Status, e.Client.Groups)
	if got != want || e.Error != "" {
		return fmt.Errorf("it says %q (%s), its policy %q", got, e.Error, want)
	}
	return nil
}
