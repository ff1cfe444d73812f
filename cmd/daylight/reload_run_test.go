//go:build unix

package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// startWatching is a run that looks at its files often, with a log for programs.
func startWatching(t *testing.T) *daylight {
	return startRun(t, "--set", "reload.interval=100ms")
}

func (d *daylight) config() string { return filepath.Join(d.dir, "daylight.yaml") }

// changeConfig replaces text in the configuration.
func (d *daylight) changeConfig(old, new string) {
	d.Helper()
	data, err := os.ReadFile(d.config())
	if err != nil {
		d.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		d.Fatalf("the configuration holds no %q", old)
	}
	if err := os.WriteFile(d.config(), []byte(strings.Replace(string(data), old, new, 1)), 0o600); err != nil {
		d.Fatal(err)
	}
}

func (d *daylight) reloads(trigger, result string) float64 {
	return d.metric(`daylight_policy_reloads_total{result="` + result + `",trigger="` + trigger + `"}`)
}

func TestRunTakesAPolicyWhoseFileChangesAndTellsOfFaultsOnce(t *testing.T) {
	d := startWatching(t)
	d.writePolicy(strictPolicy)
	d.await("the new policy", func() bool { return d.ask(chatGPT("hello")).status == http.StatusForbidden })

	d.writePolicy("version: 1\nruls: []\nrules: [{name: a}]\n")
	d.await("the refusal", func() bool { return d.reloads("file", "refused") == 1 })
	d.writePolicy("version: 1\nruls: []\nrules: [{name: a}]\n") // written, and the same
	if err := d.reloadByPage(); err == nil {
		t.Error("a policy with faults is taken")
	}
	if got := d.ask(chatGPT("hello")).status; got != http.StatusForbidden {
		t.Errorf("the former policy does not stay: status %d", got)
	}
	if ready := d.get("/readyz"); !strings.HasPrefix(ready, "ready, policy ") {
		t.Errorf("with a refused policy it is %q: the former one serves", ready)
	}
	d.writePolicy(strictPolicy) // taken back
	d.await("that it is taken back", func() bool { return d.metric("daylight_policy_last_reload_successful") == 1 })

	if got := d.reloads("file", "refused"); got != 1 {
		t.Errorf("%v refusals by file: a fault is told of once, however often the files are looked at", got)
	}
	log := d.stderr.String()
	for pattern, want := range map[string]int{
		`(?m)^.*ERROR  unknown key "ruls".*policy\.yaml:2:1`: 2, // by file and by page
		`(?m)^.*ERROR  key "action" is missing`:              2,
		`(?m)^.*ERROR  the new policy is refused, the former one stays.*"trigger": "file".*"changed": \[".*policy.yaml"\].*"errors": 3`:                    1,
		`(?m)^.*INFO  reloaded.*"trigger": "file".*"revision": "[0-9a-f]{12}", "former": "[0-9a-f]{12}", "files": 1, "rules": 1, "warnings": 0, "took": "`: 2,
	} {
		if got := len(regexp.MustCompile(pattern).FindAllString(log, -1)); got != want {
			t.Errorf("%d lines of the log are like %s, want %d:\n%s", got, pattern, want, log)
		}
	}
	if got := len(regexp.MustCompile(`daylight_policy_loaded\{`).FindAllString(d.get("/metrics"), -1)); got != 1 {
		t.Errorf("%d revisions are loaded", got)
	}
}

func (d *daylight) get(path string) string {
	d.Helper()
	_, text := d.administer(http.MethodGet, path)
	return text
}

func (d *daylight) post(path string) (status int, text string) {
	d.Helper()
	return d.administer(http.MethodPost, path)
}

// administer asks the admin listener.
func (d *daylight) administer(method, path string) (status int, text string) {
	d.Helper()
	r, err := http.NewRequest(method, d.admin+path, nil)
	if err != nil {
		d.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		d.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		d.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestRunReadsItsConfigurationAnew(t *testing.T) {
	d := startWatching(t)
	d.writePolicy(strictPolicy)
	d.await("the block", func() bool { return d.ask(chatGPT("hello")).status == http.StatusForbidden })

	d.changeConfig("policy: policy.yaml\n", "policy: policy.yaml\nmode: monitor\non_error: allow\nlimits: {connections: 7}\n")
	d.await("the emergency brake", func() bool { return d.ask(chatGPT("hello")).status == http.StatusOK })
	d.awaitMatch(`(WARN  these keys of the configuration have changed and take a restart.*"keys": \["limits.connections"\])`)
	d.awaitMatch(`(INFO  reloaded.*"keys": \["limits.connections", "mode", "on_error"\])`)

	d.changeConfig("mode: monitor", "mode: monitored")
	d.await("the refusal", func() bool { return d.reloads("file", "refused") == 1 })
	d.awaitMatch(`(ERROR  expected monitor or enforce, found "monitored".*daylight\.yaml:\d+:7)`)
	if got := d.ask(chatGPT("hello")).status; got != http.StatusOK {
		t.Errorf("a refused configuration changes what is done: status %d", got)
	}

	// A policy at another place is watched from when it is named, not from when it is there.
	d.changeConfig("mode: monitored\n", "")
	d.changeConfig("policy: policy.yaml\n", "policy: elsewhere\n")
	d.await("the refusal", func() bool { return d.reloads("file", "refused") >= 2 })
	folder := filepath.Join(d.dir, "elsewhere")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "p.yaml"), []byte(strictPolicy), 0o600); err != nil {
		t.Fatal(err)
	}
	d.await("the policy of the folder", func() bool { return d.ask(chatGPT("hello")).status == http.StatusForbidden })
}

func TestRunWatchesOnlyWhenItMay(t *testing.T) {
	d := startRun(t, "--set", "reload.interval=100ms", "--set", "reload.watch=false")
	d.writePolicy(strictPolicy)
	d.changeConfig("policy: policy.yaml\n", "policy: policy.yaml\nmode: enforce\n")
	// Looks would come every 100 ms: by the time that many requests went through, some would have.
	for range 50 {
		if got := d.ask(chatGPT("hello")).status; got != http.StatusOK {
			t.Fatalf("status %d: it reloads by itself", got)
		}
	}
	if err := d.reloadByPage(); err != nil {
		t.Fatal(err)
	}
	if got := d.ask(chatGPT("hello")).status; got != http.StatusForbidden || d.reloads("page", "taken") != 1 || d.reloads("file", "taken") != 0 {
		t.Errorf("status %d after it was asked to reload", got)
	}
}

// testedPolicy blocks ChatGPT; its test wants another action, or that one.
func testedPolicy(action string) string {
	return strictPolicy + `tests:
  - name: ChatGPT takes no list
    request: {url: "https://chatgpt.com/backend-api/f/conversation", body_file: list.json}
    expect: {action: ` + action + `}
  - name: and something else
    request: {url: "https://example.com/"}
    expect: {action: allow}
`
}

func TestRunTakesOnlyAPolicyThatPassesItsOwnTests(t *testing.T) {
	d := startRun(t, "--set", "reload.tests=true", "--set", "reload.watch=false")
	if err := os.WriteFile(filepath.Join(d.dir, "list.json"), chatGPT("hello").body, 0o600); err != nil {
		t.Fatal(err)
	}
	d.writePolicy(testedPolicy("allow"))
	status, answer := d.post("/-/reload")
	if status != http.StatusInternalServerError || !strings.HasPrefix(answer, "loading the policy: 1 of 2 tests of the policy failed\n") ||
		!strings.Contains(answer, `policy.yaml:4:5: error: test "ChatGPT takes no list" failed`) || !strings.Contains(answer, "action: want allow, got block") {
		t.Errorf("status %d:\n%s", status, answer)
	}
	if got := d.ask(chatGPT("hello")).status; got != http.StatusOK {
		t.Errorf("the former policy does not stay: status %d", got)
	}
	d.writePolicy(testedPolicy("block"))
	if status, answer := d.post("/-/reload"); status != http.StatusOK || !strings.HasPrefix(answer, "policy ") {
		t.Errorf("status %d: %s", status, answer)
	}
	if got := d.ask(chatGPT("hello")).status; got != http.StatusForbidden {
		t.Errorf("the new policy does not decide: status %d", got)
	}
	d.awaitMatch(`(ERROR  test "ChatGPT takes no list" failed.*"hint": "action: want allow, got block)`)
}

func TestRunStartsWithAPolicyThatFailsItsOwnTestsAndSaysSo(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "p.yaml"), []byte(testedPolicy("allow")), 0o600); err != nil {
		t.Fatal(err)
	}
	d := startRun(t, "--set", "reload.tests=true", "--set", "policy="+filepath.Join(dir, "p.yaml"))
	d.awaitMatch(`(ERROR  the policy does not pass its own tests.*"errors": 1)`)
	if got := d.ask(chatGPT("hello")).status; got != http.StatusForbidden {
		t.Errorf("status %d: it does not decide", got)
	}
}
