//go:build linux

package e2e_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"daylight.internal/proxy/proxytest"
)

// succession is one configuration under which processes follow each other, with
// servers behind them.
type succession struct {
	t            *testing.T
	dir          string
	proxy, admin string // host:port
	origin       string // PEM file with the root of the servers
	processes    []*generation
}

// generation is one process of a succession.
type generation struct {
	*exec.Cmd
	log   *proxytest.Output
	ended chan error
}

// upgradeHosts are the names of the servers, one for each kind of client: an event
// tells the name.
var upgradeHosts = []string{"fresh.test", "kept.test", "stream.test", "upload.test", "h2.test", "socket.test", "tunnel.test"}

func newSuccession(t *testing.T, flags ...string) *succession {
	t.Helper()
	secure := proxytest.NewServer(t, http.HandlerFunc(answerLoad), upgradeHosts...)
	s := &succession{t: t, dir: t.TempDir(), proxy: proxytest.FreeAddress(t), admin: proxytest.FreeAddress(t)}
	var hosts strings.Builder
	for _, name := range upgradeHosts {
		fmt.Fprintf(&hosts, "    %q: %q\n", name+":443", secure.Hosts[name+":443"])
	}
	plain := httptest.NewServer(http.HandlerFunc(answerLoad))
	t.Cleanup(plain.Close)
	for _, name := range []string{"freshplain.test", "keptplain.test"} {
		fmt.Fprintf(&hosts, "    %q: %q\n", name+":80", plain.Listener.Addr().String())
	}
	s.origin = secure.CAFile
	s.write("policy.yaml", marketingPolicy)
	s.write("daylight.yaml", fmt.Sprintf("proxy: {listen: [%q], reuse_port: true}\nadmin: {listen: %q}\ndata_dir: data\npolicy: [policy.yaml]\n"+
		"tls: {bypass: [tunnel.test]}\nevents: [{type: file, path: events.jsonl}]\nupstream:\n  ca_file: %q\n  hosts:\n%s", s.proxy, s.admin, s.origin, hosts.String()))
	s.begin(flags...)
	return s
}

func (s *succession) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// begin starts the next process and waits until it is the one that is ready.
func (s *succession) begin(flags ...string) *generation {
	s.t.Helper()
	g := s.launch(flags...)
	ready := fmt.Sprintf("process %d\n", g.Process.Pid)
	eventually(s.t, "the next process is ready", func() bool {
		select {
		case err := <-g.ended:
			s.t.Fatalf("it ended: %v\n%s", err, g.log.String())
		default:
		}
		return strings.HasSuffix(s.readiness(), ready)
	})
	return g
}

func (s *succession) readiness() string {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get("http://" + s.admin + "/readyz")
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return string(body)
}

func (s *succession) launch(flags ...string) *generation {
	s.t.Helper()
	file, err := binary()
	if err != nil {
		s.t.Fatal(err)
	}
	g := &generation{log: &proxytest.Output{}, ended: make(chan error, 1)}
	g.Cmd = exec.Command(file, append([]string{"run", "--config", filepath.Join(s.dir, "daylight.yaml")}, flags...)...)
	g.Stdout, g.Stderr = g.log, g.log
	if err := g.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() { g.ended <- g.Wait() }()
	s.t.Cleanup(func() { _ = g.Process.Kill() })
	s.processes = append(s.processes, g)
	return g
}

// end sends a signal and waits until the process has ended well.
func (s *succession) end(g *generation, with syscall.Signal) {
	s.t.Helper()
	if err := g.Process.Signal(with); err != nil {
		s.t.Fatal(err)
	}
	s.awaitEnd(g)
}

// awaitEnd waits until a process has ended well. One that does not says where it waits.
func (s *succession) awaitEnd(g *generation) {
	s.t.Helper()
	select {
	case err := <-g.ended:
		g.ended <- err
		if err != nil {
			s.t.Errorf("it ended badly: %v", err)
		}
	case <-time.After(patience):
		_ = g.Process.Signal(syscall.SIGQUIT)
		<-g.ended
		s.t.Fatalf("the process does not end:\n%s", g.log.String())
	}
}

// events returns all events of all processes, and fails the test for a line that is none.
func (s *succession) events() (events []event) {
	s.t.Helper()
	files, _ := filepath.Glob(filepath.Join(s.dir, "events.jsonl*"))
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			s.t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var e event
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				s.t.Fatalf("%s holds %q: %v", name, lines.Text(), err)
			}
			events = append(events, e)
		}
		file.Close()
	}
	return events
}

// mustTellOnce fails the test unless each exchange has left one event.
func (s *succession) mustTellOnce(exchanges map[string]int) {
	s.t.Helper()
	seen, told := map[string]bool{}, map[string]int{}
	for _, e := range s.events() {
		if seen[e.ID] {
			s.t.Errorf("event %s is there twice", e.ID)
		}
		seen[e.ID] = true
		if told[e.Destination.Host]++; e.Error != "" {
			s.t.Errorf("an exchange with %s ended with %q", e.Destination.Host, e.Error)
		}
	}
	for host, n := range exchanges {
		if told[host] != n {
			s.t.Errorf("%s: %d exchanges, %d events", host, n, told[host])
		}
	}
}

// answerLoad is a server that echoes: bodies, messages, and a stream in pieces.
func answerLoad(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		echoMessages(w, r)
	case r.URL.Path == "/stream":
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range streamPieces {
			fmt.Fprintf(w, "data: %d\n\n", i)
			_ = http.NewResponseController(w).Flush()
			pause(r.Context(), streamGap)
		}
	default:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write(body)
	}
}

func echoMessages(w http.ResponseWriter, r *http.Request) {
	connection, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer connection.CloseNow()
	for {
		kind, message, err := connection.Read(r.Context())
		if err != nil {
			return
		}
		if connection.Write(r.Context(), kind, message) != nil {
			return
		}
	}
}
