// Package e2e drives the real binary with real clients against stand-in services
// under their true host names.
package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

// binaryDir is where binary was built; "" as long as it was not.
var binaryDir string

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.RemoveAll(binaryDir)
	os.Exit(code)
}

// binary is built once for all tests of the package.
var binary = sync.OnceValues(func() (string, error) {
	if err := noteSources("../../.."); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "daylight-e2e-")
	if err != nil {
		return "", err
	}
	binaryDir = dir
	file := filepath.Join(dir, "daylight")
	out, err := exec.Command("go", "build", "-o", file, "daylight.internal/cmd/daylight").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building daylight: %w\n%s", err, out)
	}
	return file, nil
})

// noteSources looks at every source of the binary. Package testing notes what a test
// looks at, so that a result is not taken from its cache when only the binary changed.
func noteSources(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if slices.Contains([]string{".go", ".yaml", ".tmpl", ".css"}, filepath.Ext(path)) && !strings.HasSuffix(path, "_test.go") {
			_, err = os.Stat(path)
		}
		return err
	})
}

// world is one running Daylight, the services behind it and what it leaves.
type world struct {
	t        *testing.T
	dir      string // configuration, policy and data
	proxy    string // http://127.0.0.1:port
	admin    string // http://127.0.0.1:port
	ca       string // PEM file
	services *services
	process  *exec.Cmd
	log      *proxytest.Output
}

// marketingPolicy is what most tests run under.
const marketingPolicy = `version: 1
approvals:
  - {service: anthropic-api, status: sanctioned, data: [personal, campaign_performance, purchase_history], owner: mops@corp.example, assessment: RA-2026-014, expires: 2099-12-31}
rules:
  - name: customer-lists-stay-home
    match:
      status: [unreviewed, prohibited, tolerated]
      data: {class: personal, people: ">=10"}
    action: block
    message: {en: "Customer lists stay in the CRM. Ask mops@corp.example for the approved tool.", ar: "قوائم العملاء تبقى في النظام."}
  - name: no-keys-anywhere
    match: {data: {class: credentials}}
    action: block
`

// start runs Daylight with a policy, and with further lines of configuration, and
// waits until it is ready.
func start(t *testing.T, policy string, configuration ...string) *world {
	t.Helper()
	file, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dir: t.TempDir(), services: startServices(t), log: &proxytest.Output{}}
	w.write("policy.yaml", policy)
	w.write("services.pem", w.services.roots)
	proxy, admin := proxytest.FreeAddress(t), proxytest.FreeAddress(t)
	var hosts strings.Builder
	for _, name := range serviceNames {
		fmt.Fprintf(&hosts, "    %q: %q\n", name+":443", w.services.tls)
	}
	for _, name := range []string{"plain.test"} {
		fmt.Fprintf(&hosts, "    %q: %q\n", name+":80", w.services.plain)
	}
	w.write("daylight.yaml", fmt.Sprintf("proxy: {listen: [%q]}\nadmin: {listen: %q}\ndata_dir: data\npolicy: [policy.yaml]\nmode: enforce\n"+
		"events: [{type: file, path: events.jsonl}]\nupstream:\n  ca_file: services.pem\n  hosts:\n%s%s", proxy, admin, hosts.String(), strings.Join(configuration, "")))
	w.proxy, w.admin, w.ca = "http://"+proxy, "http://"+admin, filepath.Join(w.dir, "data", "ca.pem")
	w.process = exec.Command(file, "run", "--config", filepath.Join(w.dir, "daylight.yaml"), "--log-level", "debug")
	w.process.Stdout, w.process.Stderr = w.log, w.log
	if err := w.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.stop)
	eventually(t, "daylight is ready", func() bool {
		response, err := http.Get(w.admin + "/readyz")
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
	return w
}

func (w *world) stop() {
	if w.process.ProcessState != nil {
		return
	}
	_ = w.process.Process.Signal(os.Interrupt) // SIGTERM would wait for clients that keep a connection
	done := make(chan error, 1)
	go func() { done <- w.process.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			w.t.Errorf("daylight ended badly: %v", err)
		}
	case <-time.After(patience):
		_ = w.process.Process.Kill()
		w.t.Error("daylight does not end after SIGTERM")
	}
	if w.t.Failed() {
		w.t.Logf("its log:\n%s", tail(w.log.String(), 6000))
	}
}

func (w *world) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// run executes a client with the proxy in its environment and returns its output.
func (w *world) run(stdin, name string, args ...string) string {
	w.t.Helper()
	out, err := w.try(stdin, name, args...)
	if err != nil {
		w.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

func (w *world) try(stdin, name string, args ...string) (string, error) {
	w.t.Helper()
	need(w.t, name)
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "DAYLIGHT_PROXY="+w.proxy, "DAYLIGHT_CA="+w.ca, "HOME="+w.dir,
		"http_proxy="+w.proxy, "https_proxy="+w.proxy, "HTTPS_PROXY="+w.proxy, "no_proxy=", "NO_PROXY=", "CURL_CA_BUNDLE="+w.ca, "GIT_SSL_CAINFO="+w.ca, "NODE_EXTRA_CA_CERTS="+w.ca)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%w: %s", err, errs.String())
	}
	return out.String(), nil
}

// need leaves the test out, visibly, where the program is missing, and fails it in
// CI. A test with parts asks before they begin: a part cannot leave out the whole.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		missing(t, program+" is not installed; .ci/run lists what the tests use")
	}
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// event is what the tests look at in the event log.
type event struct {
	ID          string
	Kind        string
	Client      struct{ User string }
	Destination struct{ Host, Protocol string }
	Service     struct{ ID, Status, Operation string }
	Upload      struct {
		OpenedBy string `json:"opened_by"`
		Filename string
	}
	Request struct {
		Method string
		Bytes  int64
	}
	Response struct{ Status int }
	Coverage struct {
		State, Reason string
		BytesRead     int64 `json:"bytes_read"`
	}
	Findings []struct {
		Detector, Class string
		Count           int
	}
	People  int
	Verdict struct {
		Action, Rule, At, Reason string
		Enforced                 bool
	}
	Timing struct{ Mode string }
	Error  string
}

// events reads the event log as it is now, without what was refused before it was an exchange.
func (w *world) events() []event {
	w.t.Helper()
	file, err := os.Open(filepath.Join(w.dir, "events.jsonl"))
	if err != nil {
		return nil
	}
	defer file.Close()
	var out []event
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			w.t.Fatalf("event %s: %v", lines.Text(), err)
		}
		if e.Kind != "refused" {
			out = append(out, e)
		}
	}
	return out
}

// waitEvent waits for the first event that fits.
func (w *world) waitEvent(what string, fits func(event) bool) event {
	w.t.Helper()
	var found event
	eventually(w.t, "an event: "+what, func() bool {
		for _, e := range w.events() {
			if fits(e) {
				found = e
				return true
			}
		}
		return false
	})
	return found
}

// metric returns the sum of all samples whose line begins with name and holds every label.
func (w *world) metric(name string, labels ...string) float64 {
	w.t.Helper()
	response, err := http.Get(w.admin + "/metrics")
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	sum := 0.0
lines:
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		rest, ok := strings.CutPrefix(lines.Text(), name)
		if !ok || (rest[0] != '{' && rest[0] != ' ') {
			continue
		}
		for _, label := range labels {
			if !strings.Contains(rest, label) {
				continue lines
			}
		}
		var value float64
		if _, err := fmt.Sscan(rest[strings.LastIndexByte(rest, ' ')+1:], &value); err != nil {
			w.t.Fatalf("metric %s: %v", lines.Text(), err)
		}
		sum += value
	}
	return sum
}

// patience is how long a test waits for what must come, on a machine that stalls.
const patience = 2 * time.Minute

// eventually waits for something to become true.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("waited in vain for this: %s", what)
}

func tail(text string, n int) string { return text[max(0, len(text)-n):] }
