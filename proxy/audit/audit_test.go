package audit_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"daylight.internal/proxy/audit"
)

func TestIDIsAVersion7UUIDThatSortsByTime(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	var ids []string
	for i := range 100 {
		id := audit.NewID(at.Add(time.Duration(i) * time.Millisecond))
		if !shape.MatchString(id) {
			t.Fatalf("%q is no UUIDv7", id)
		}
		ids = append(ids, id)
	}
	if !slices.IsSorted(ids) {
		t.Error("ids of later milliseconds sort before earlier ones")
	}
	if first, second := audit.NewID(at), audit.NewID(at); first == second {
		t.Error("two ids of one millisecond are equal")
	}
}

func lines(t *testing.T, path string) []audit.Event {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []audit.Event
	for line := range bytes.Lines(data) {
		var e struct{ ID string }
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		out = append(out, audit.Event{ID: e.ID})
	}
	return out
}

func TestFileAppendsOneLinePerEventWithMode0600(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	for range 2 { // the second run appends
		f, err := audit.OpenFile(path, audit.FileOptions{})
		if err != nil {
			t.Fatal(err)
		}
		f.Record(audit.Event{ID: "a"})
		f.Record(audit.Event{ID: strings.Repeat("long", 50_000)}) // longer than the write buffer
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := lines(t, path); len(got) != 4 || len(got[1].ID) != 200_000 {
		t.Errorf("%d lines", len(got))
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestFileIsFlushedWithoutMoreTraffic(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	f, err := audit.OpenFile(path, audit.FileOptions{Flush: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.Record(audit.Event{ID: "a"})
	for deadline := time.Now().Add(time.Minute); len(lines(t, path)) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the event does not come to the disk")
		}
	}
}

func TestReopenFollowsARotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	f, err := audit.OpenFile(path, audit.FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	f.Record(audit.Event{ID: "before"})
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	if err := f.Reopen(); err != nil {
		t.Fatal(err)
	}
	f.Record(audit.Event{ID: "after"})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	old, now := lines(t, path+".1"), lines(t, path)
	if len(old) != 1 || old[0].ID != "before" || len(now) != 1 || now[0].ID != "after" {
		t.Errorf("old file %v, new file %v", old, now)
	}
	if err := f.Reopen(); err == nil {
		t.Error("a closed file was reopened")
	}
}

func TestReopenKeepsTheOldFileWhenThereIsNoNewOne(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := audit.OpenFile(filepath.Join(dir, "events.jsonl"), audit.FileOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(dir, dir+"2"); err != nil {
		t.Fatal(err)
	}
	if err := f.Reopen(); err == nil {
		t.Fatal("reopened in a folder that is gone")
	}
	f.Record(audit.Event{ID: "a"})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if got := lines(t, filepath.Join(dir+"2", "events.jsonl")); len(got) != 1 {
		t.Errorf("%d lines in the old file", len(got))
	}
}

func TestEveryLostEventIsCounted(t *testing.T) {
	// /dev/full takes no byte, so events are lost either in the queue or at the write.
	var mu sync.Mutex
	lost := map[string]int{}
	f, err := audit.OpenFile("/dev/full", audit.FileOptions{Queue: 4, Flush: time.Hour, Dropped: func(reason string) {
		mu.Lock()
		defer mu.Unlock()
		lost[reason]++
	}})
	if err != nil {
		t.Skip(err)
	}
	const n = 5000
	for range n {
		f.Record(audit.Event{Findings: nil, ID: strings.Repeat("x", 1000)})
	}
	if err := f.Close(); err == nil {
		t.Error("a write that failed is not told at Close")
	}
	f.Record(audit.Event{})
	if total := lost["queue_full"] + lost["write"]; total != n || lost["closed"] != 1 {
		t.Errorf("lost %v, want %d in all and one closed", lost, n)
	}
}

func TestRecordNeverBlocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := mkfifo(path); err != nil {
		t.Skip(err)
	}
	// A pipe that nobody empties: the writer blocks for ever after 64 KiB.
	hold, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	var dropped atomic.Int64
	f, err := audit.OpenFile(path, audit.FileOptions{Queue: 8, Dropped: func(string) { dropped.Add(1) }})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 2000 {
			f.Record(audit.Event{ID: strings.Repeat("x", 1000)})
		}
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("Record blocks")
	}
	if dropped.Load() == 0 {
		t.Error("nothing was counted as dropped")
	}
	hold.Close()
}

func TestMultiHandsOn(t *testing.T) {
	var a, b recorder
	audit.Multi(&a, &b).Record(audit.Event{ID: "x"})
	if len(a) != 1 || len(b) != 1 {
		t.Errorf("%v %v", a, b)
	}
}

type recorder []audit.Event

func (r *recorder) Record(e audit.Event) { *r = append(*r, e) }
