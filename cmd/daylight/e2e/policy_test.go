package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// prompt sends one prompt by curl and returns the status.
func (w *world) prompt(text string) string {
	w.t.Helper()
	status, _, _ := w.curl(chatGPTPrompt(w.t, text), "--data-binary", "@-", "-H", "Content-Type: application/json", "https://chatgpt.com/backend-api/f/conversation")
	return status
}

func TestAChangedPolicyChangesTheVerdict(t *testing.T) {
	w := start(t, marketingPolicy)
	list := customerList(20)
	if got := w.prompt(list); got != "403" {
		t.Fatalf("under the first policy: %s", got)
	}
	lenient := strings.Replace(marketingPolicy, `">=10"`, `">=1000"`, 1)
	w.write("policy.yaml", lenient)
	if err := w.process.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "SIGHUP takes the new policy", func() bool { return w.prompt(list) == "200" })

	w.write("policy.yaml", strings.Replace(marketingPolicy, "action: block", "acton: block", 1))
	response, err := http.Post(w.admin+"/-/reload", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode < 400 {
		t.Errorf("a faulty policy was answered %d", response.StatusCode)
	}
	if w.metric("daylight_policy_last_reload_successful") != 0 {
		t.Error("daylight_policy_last_reload_successful does not show the fault")
	}
	if got := w.prompt(list); got != "200" {
		t.Errorf("after a faulty reload the old policy does not hold: %s", got)
	}
	if !strings.Contains(w.log.String(), "policy.yaml:") || !strings.Contains(w.log.String(), "acton") {
		t.Error("the log does not say where the fault is")
	}

	w.write("policy.yaml", marketingPolicy)
	if response, err = http.Post(w.admin+"/-/reload", "", nil); err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK || w.metric("daylight_policy_last_reload_successful") != 1 {
		t.Errorf("a good policy was answered %d", response.StatusCode)
	}
	if got := w.prompt(list); got != "403" {
		t.Errorf("under the restored policy: %s", got)
	}
}

func TestMonitorModeOnlyTells(t *testing.T) {
	w := start(t, "mode: monitor\n"+marketingPolicy)
	if got := w.prompt(customerList(20)); got != "200" {
		t.Errorf("monitor mode stopped a prompt: %s", got)
	}
	e := w.waitEvent("what would be blocked", func(e event) bool { return e.Verdict.Action == "block" })
	if e.Verdict.Enforced || e.Verdict.Rule != "customer-lists-stay-home" || e.People != 20 {
		t.Errorf("event: %+v", e)
	}
}

func TestEventLogIsReopened(t *testing.T) {
	w := start(t, marketingPolicy)
	w.prompt(cleanPrompt)
	w.waitEvent("a prompt", func(e event) bool { return e.Service.ID == "chatgpt" && e.Kind == "exchange" })
	old := filepath.Join(w.dir, "events.jsonl")
	if err := os.Rename(old, old+".1"); err != nil {
		t.Fatal(err)
	}
	if err := w.process.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a new event log", func() bool { _, err := os.Stat(old); return err == nil })
	w.prompt(cleanPrompt)
	w.waitEvent("a prompt in the new log", func(e event) bool { return e.Service.ID == "chatgpt" && e.Kind == "exchange" })
	if info, err := os.Stat(old); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the event log has mode %v: %v", info.Mode(), err)
	}
}
