//go:build linux

package e2e_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// mustNotStart starts a process that is to fail, and returns what it says.
func (s *succession) mustNotStart(config string) string {
	s.t.Helper()
	g := s.launch("--config", filepath.Join(s.dir, config))
	var err error
	eventually(s.t, "it ends", func() bool {
		select {
		case err = <-g.ended:
			return true
		default:
			return false
		}
	})
	if err == nil {
		s.t.Error("it starts")
	}
	return g.log.String()
}

// rewritten writes the configuration with something replaced to another file.
func (s *succession) rewritten(name, old, new string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "daylight.yaml"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.write(name, strings.Replace(string(text), old, new, 1))
	return name
}

func TestASecondStartOnThePortSaysWhoHasIt(t *testing.T) {
	s := newSuccession(t)
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for _, c := range []struct{ name, old, new, want string }{
		{"a Daylight", "reuse_port: true", "reuse_port: false", "a Daylight serves there: end it first, or start both with proxy.reuse_port"},
		{"the proxy's port of one", fmt.Sprintf("reuse_port: true}\nadmin: {listen: %q}", s.admin), "reuse_port: false}\nadmin: {listen: '127.0.0.1:0'}", "opening the proxy listener"},
		{"another program", s.admin, other.Addr().String(), "another program has it"},
	} {
		said := s.mustNotStart(s.rewritten("other.yaml", c.old, c.new))
		if !strings.Contains(said, c.want) || !strings.Contains(said, "address already in use") {
			t.Errorf("%s: it says\n%s", c.name, said)
		}
	}
	if !strings.Contains(s.readiness(), fmt.Sprintf("process %d\n", s.processes[0].Process.Pid)) {
		t.Error("the first process no longer serves: ", s.readiness())
	}
	s.end(s.processes[0], syscall.SIGTERM)
}

// A next process with a fault leaves the former one as it was, also its ports.
func TestAProcessThatFailsToFollowChangesNothing(t *testing.T) {
	s := newSuccession(t)
	s.write("faulty.yaml", "version: 1\nruls: []\n")
	if said := s.mustNotStart(s.rewritten("next.yaml", "policy.yaml", "faulty.yaml")); !strings.Contains(said, "ruls") {
		t.Errorf("it says\n%s", said)
	}
	l := newLoad(s)
	if err := l.http1("fresh.test", 1, false, askEcho); err != nil {
		t.Error(err)
	}
	// One that serves and is killed leaves the former one alone, with its admin listener.
	next := s.begin()
	if err := next.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the former process has the admin listener again", func() bool {
		return strings.HasSuffix(s.readiness(), fmt.Sprintf("process %d\n", s.processes[0].Process.Pid))
	})
	if err := l.http1("fresh.test", 1, false, askEcho); err != nil {
		t.Error(err)
	}
	// So does one that serves and is told to end.
	s.end(s.begin(), syscall.SIGTERM)
	if err := l.http1("fresh.test", 1, false, askEcho); err != nil {
		t.Error(err)
	}
	last := s.begin("--replace")
	s.awaitEnd(s.processes[0])
	s.end(last, syscall.SIGTERM)
}

// A process that was started and is ended again drains for as long as it has clients. Who
// asks for readiness meanwhile asks the one that serves, and a third takes over from that.
func TestWhoServesAnswersForTheMachineWhileTheNextProcessDrains(t *testing.T) {
	s := newSuccession(t)
	first := s.processes[0]
	next := s.begin("--drain", "10m")
	l := newLoad(s)
	var kept []net.Conn
	eventually(t, "a tunnel through the next process", func() bool {
		tunnel, err := l.dial("tunnel.test", l.root)
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, tunnel)
		return s.tunnels() > 0
	})
	if err := next.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first process has the admin listener again", func() bool {
		return strings.HasSuffix(s.readiness(), fmt.Sprintf("process %d\n", first.Process.Pid))
	})
	third := s.begin("--replace")
	if !strings.Contains(first.log.String(), "ending") || len(next.ended) > 0 {
		t.Errorf("the first process was not asked to end, or the next has not waited for its clients:\n%s", first.log.String())
	}
	for _, tunnel := range kept {
		tunnel.Close()
	}
	s.awaitEnd(first)
	s.awaitEnd(next)
	s.end(third, syscall.SIGTERM)
}

// tunnels is how many go through the process that has the admin listener.
func (s *succession) tunnels() (open int) {
	response, err := http.Get("http://" + s.admin + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if n, _ := fmt.Sscanf(lines.Text(), "daylight_tunnels %d", &open); n == 1 {
			return open
		}
	}
	s.t.Fatal("no metric tells of tunnels")
	return 0
}

// What takes longer than the drain is cut off, and told.
func TestADrainThatTakesTooLongCutsOffAndTells(t *testing.T) {
	s := newSuccession(t, "--drain", "1s")
	l := newLoad(s)
	kept, err := l.dial("tunnel.test", l.root)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	s.end(s.processes[0], syscall.SIGTERM)
	if !strings.Contains(s.processes[0].log.String(), "exchanges were cut off") {
		t.Errorf("the log says\n%s", s.processes[0].log.String())
	}
	events := s.events()
	if len(events) != 1 || events[0].Destination.Host != "tunnel.test" || events[0].Error != "shutdown" {
		t.Errorf("events %+v", events)
	}
	if _, err := kept.Read(make([]byte, 1)); err == nil {
		t.Error("the tunnel is still open")
	}
}

// A signal that comes at any moment of a start ends that process, and nothing of the former one.
func TestSIGTERMAtTheStartEndsTheProcess(t *testing.T) {
	s := newSuccession(t)
	l := newLoad(s)
	for _, after := range []time.Duration{0, 50 * time.Millisecond, 150 * time.Millisecond, 400 * time.Millisecond} {
		next := s.launch()
		pause(t.Context(), after)
		if err := next.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		eventually(t, "it ends", func() bool { return len(next.ended) > 0 })
		if err := <-next.ended; err != nil && err.Error() != "signal: terminated" { // before it hears signals
			t.Errorf("after %v: %v", after, err)
		}
		if err := l.http1("fresh.test", 1, false, askEcho); err != nil {
			t.Errorf("after %v: %v", after, err)
		}
		eventually(t, "the first process has the admin listener", func() bool {
			return strings.HasSuffix(s.readiness(), fmt.Sprintf("process %d\n", s.processes[0].Process.Pid))
		})
	}
	s.end(s.processes[0], syscall.SIGTERM)
}
