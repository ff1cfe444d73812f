package audit_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"daylight.internal/proxy/audit"
)

// Two processes have one event file while one follows the other: each has opened it by
// itself, and each is told to reopen it after it was moved away.
func TestTwoThatShareTheFileLoseAndTearNoLine(t *testing.T) {
	const each, rotations = 5000, 5
	path := filepath.Join(t.TempDir(), "events.jsonl")
	var writers [2]*audit.File
	for i := range writers {
		f, err := audit.OpenFile(path, audit.FileOptions{Dropped: func(reason string) { t.Error("dropped: ", reason) }, Queue: 2 * each})
		if err != nil {
			t.Fatal(err)
		}
		writers[i] = f
	}
	var writing sync.WaitGroup
	for i, f := range writers {
		writing.Go(func() {
			for n := range each {
				f.Record(audit.Event{ID: fmt.Sprintf("%d-%d", i, n), Error: strings.Repeat("x", n%700)})
			}
		})
	}
	for n := range rotations {
		if err := os.Rename(path, fmt.Sprintf("%s.%d", path, n)); err != nil {
			t.Fatal(err)
		}
		for _, f := range writers {
			if err := f.Reopen(); err != nil {
				t.Fatal(err)
			}
		}
	}
	writing.Wait()
	for _, f := range writers {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	files, _ := filepath.Glob(path + "*")
	seen := map[string]int{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			var e audit.Event
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatalf("a line that is none: %q", line)
			}
			seen[e.ID]++
		}
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("event %s is there %d times", id, n)
		}
	}
	if len(seen) != len(writers)*each {
		t.Errorf("%d events, want %d", len(seen), len(writers)*each)
	}
}
