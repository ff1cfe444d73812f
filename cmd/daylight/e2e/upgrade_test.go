//go:build linux

package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startAllKinds starts clients that come anew all the time and such that keep their
// connections.
func (l *load) startAllKinds() {
	l.start(2, l.crowd)
	l.start(2, func() error { return l.http1("fresh.test", 1, false, askEcho) })
	l.start(2, l.tunnel)
	l.startKeepers()
}

func (l *load) startKeepers() {
	const many = 1 << 20
	l.start(4, func() error { return l.http1("keptplain.test", many, true, askEcho) })
	l.start(4, func() error { return l.http1("kept.test", many, false, askEcho) })
	l.start(2, func() error { return l.http1("stream.test", many, false, askStream) })
	l.start(2, func() error { return l.http1("upload.test", many, false, askUpload) })
	l.start(2, l.streams)
	l.start(2, l.socket)
}

// Processes follow each other under load, as when versions are changed: by SIGTERM to
// the former one, or by --replace. The event file is rotated meanwhile.
func TestAnUpgradeUnderLoadFailsNoRequest(t *testing.T) {
	s := newSuccession(t)
	l := newLoad(s)
	began := time.Now()
	l.startAllKinds()
	for i := range 6 {
		before := l.total()
		eventually(t, "exchanges", func() bool { return l.total() > before+100 })
		former := s.processes[len(s.processes)-1]
		if i%2 == 0 {
			next := s.begin()
			rename(t, s.dir, i)
			for _, g := range []*generation{former, next} {
				if err := g.Process.Signal(syscall.SIGHUP); err != nil {
					t.Fatal(err)
				}
			}
			if err := former.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		} else {
			s.begin("--replace")
		}
	}
	before := l.total()
	eventually(t, "exchanges", func() bool { return l.total() > before+100 })
	took := time.Since(began)
	exchanges := l.stop()
	for i, g := range s.processes {
		if i == len(s.processes)-1 {
			s.end(g, syscall.SIGTERM)
		}
		s.awaitEnd(g)
		if strings.Contains(g.log.String(), "cut off") {
			t.Errorf("process %d has cut exchanges off", i)
		}
	}
	s.mustTellOnce(exchanges)
	t.Logf("%d exchanges on %d connections in %.1f s, over 6 upgrades: %v", l.total(), l.conns, took.Seconds(), exchanges)
}

// The new version is no good, and is ended again: the former one serves on.
func TestAnUpgradeThatIsTakenBackUnderLoadFailsNoRequest(t *testing.T) {
	s := newSuccession(t)
	l := newLoad(s)
	l.startAllKinds()
	exchanged := func() {
		t.Helper()
		before := l.total()
		eventually(t, "exchanges", func() bool { return l.total() > before+100 })
	}
	for range 3 {
		exchanged()
		next := s.begin()
		exchanged()
		s.end(next, syscall.SIGTERM)
	}
	exchanged()
	exchanges := l.stop()
	s.end(s.processes[0], syscall.SIGTERM)
	s.mustTellOnce(exchanges)
	t.Logf("%d exchanges on %d connections, over 3 upgrades that were taken back: %v", l.total(), l.conns, exchanges)
}

// rename moves the event file away, as logrotate does.
func rename(t *testing.T, dir string, i int) {
	t.Helper()
	name := filepath.Join(dir, "events.jsonl")
	if err := os.Rename(name, name+"."+string(rune('1'+i))); err != nil {
		t.Fatal(err)
	}
}

// Nobody comes next: clients that heed "Connection: close" and GOAWAY lose nothing.
func TestADrainUnderLoadFailsNoRequest(t *testing.T) {
	s := newSuccession(t)
	l := newLoad(s)
	l.once = true
	l.startKeepers()
	eventually(t, "exchanges", func() bool { return l.total() > 300 })
	s.end(s.processes[0], syscall.SIGTERM)
	exchanges := l.wait()
	s.mustTellOnce(exchanges)
	t.Logf("%d exchanges: %v", l.total(), exchanges)
}
