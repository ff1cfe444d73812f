package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binaryFolder names the variable of the environment with the folder of what is built.
const binaryFolder = "DAYLIGHT_SOAK_TEST_FOLDER"

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "soaked-")
	if err == nil {
		err = os.Setenv(binaryFolder, dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// binary is built once for all tests, when one asks for it.
var binary = sync.OnceValues(func() (string, error) {
	file := filepath.Join(os.Getenv(binaryFolder), "daylight")
	if text, err := exec.Command("go", "build", "-o", file, "daylight.internal/cmd/daylight").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building daylight: %w\n%s", err, text)
	}
	return file, nil
})

func mustBuild(t *testing.T) string {
	t.Helper()
	file, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// realRecord lets all clients but the slow ones make some visits to a real Daylight, and
// returns what they sent and the lines of its events.
func realRecord(t *testing.T) (*ledger, []string) {
	t.Helper()
	dir := t.TempDir()
	internet, err := newInternet(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer internet.close()
	d, err := startDaylight(dir, mustBuild(t), internet.hosts)
	if err != nil {
		t.Fatal(err)
	}
	defer d.kill()
	clients, err := newClients(d)
	if err != nil {
		t.Fatal(err)
	}
	l := &load{clients: clients, ledger: newLedger(), activity: newActivity(), rate: 1, done: map[string]int{}}
	for _, visit := range []func(context.Context, func() bool) error{
		l.prompts(true), l.plain, l.sockets, l.calls, l.tunnels, l.distrust, l.brokenOff, l.faulty(closedHost, 502, 0),
	} {
		steps := 0
		if err := visit(t.Context(), func() bool { steps++; return steps <= 20 }); err != nil {
			t.Fatal(err)
		}
	}
	internet.close()
	if err := d.stop(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "events.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return l.ledger, slices.Collect(strings.Lines(string(text)))
}

// Each event of a real run is taken away once, and doubled once under another id.
func TestOneEventThatARealDaylightLosesOrDoublesIsSeen(t *testing.T) {
	ledger, lines := realRecord(t)
	if total, err := ledger.reconcile(strings.NewReader(strings.Join(lines, ""))); err != nil || total < 50 {
		t.Fatalf("the whole record has %d events: %v", total, err)
	}
	for i, line := range lines {
		lost := slices.Delete(slices.Clone(lines), i, i+1)
		if _, err := ledger.reconcile(strings.NewReader(strings.Join(lost, ""))); err == nil || !strings.HasPrefix(err.Error(), "1 kinds of events lost") {
			t.Errorf("event %d was lost: %v: %s", i, err, line)
		}
		doubled := append(slices.Clone(lines), strings.Replace(line, `"id":"`, `"id":"f`, 1))
		if _, err := ledger.reconcile(strings.NewReader(strings.Join(doubled, ""))); err == nil || !strings.HasPrefix(err.Error(), "1 kinds of events doubled") {
			t.Errorf("event %d was doubled: %v: %s", i, err, line)
		}
	}
}

// processes returns those whose command line speaks of a folder.
func processes(t *testing.T, dir string) (pids []int) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(files) == 0 {
		t.Skip("this system does not list its processes")
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && bytes.Contains(text, []byte(dir)) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// watched calls a function once, when something is written that has a text in it.
type watched struct {
	text string
	call func()
	once sync.Once
	all  bytes.Buffer
}

func (w *watched) Write(b []byte) (int, error) {
	w.all.Write(b)
	if strings.Contains(w.all.String(), w.text) {
		w.once.Do(w.call)
	}
	return len(b), nil
}

func TestASoakThatIsCutShortLeavesNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		end   func(t *testing.T, dir string, cancel func())
		wants string
	}{
		{"interrupted", func(_ *testing.T, _ string, cancel func()) { cancel() }, "interrupted"},
		{"Daylight is killed", func(t *testing.T, dir string, _ func()) {
			for _, pid := range processes(t, dir) {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}, "daylight has died in the middle of the run: signal: killed"},
		{"Daylight crashes", func(t *testing.T, dir string, _ func()) {
			for _, pid := range processes(t, dir) {
				_ = syscall.Kill(pid, syscall.SIGABRT)
			}
		}, "daylight has died in the middle of the run: exit status 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, dir := mustBuild(t), t.TempDir()
			t.Setenv("TMPDIR", dir)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			// The header is there, the load begins.
			out := &watched{text: header, call: func() { time.AfterFunc(time.Second, func() { c.end(t, dir, cancel) }) }}
			err := soak(ctx, out, options{duration: 10 * time.Minute, rate: 1, binary: file})
			if cut := (*cutShort)(nil); !errors.As(err, &cut) || !strings.HasPrefix(err.Error(), c.wants) {
				t.Errorf("error %v, want %q", err, c.wants)
			}
			if strings.Contains(out.all.String(), "passed") {
				t.Error("it says that it passed")
			}
			if pids := processes(t, dir); len(pids) > 0 {
				t.Errorf("processes that still run: %v", pids)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("left in the folder for temporary files: %v %v", left, err)
			}
		})
	}
}

func TestAFolderThatIsKeptStays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	err := soak(t.Context(), io.Discard, options{duration: time.Minute, rate: 1, keep: dir, binary: "/nowhere/daylight"})
	if _, gone := os.Stat(dir); err == nil || gone != nil {
		t.Errorf("error %v, folder %v", err, gone)
	}
}
