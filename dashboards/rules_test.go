package dashboards

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

var ruleFiles = []string{"prometheus/recording.yaml", "prometheus/alerts.yaml"}

// rule is a recording or an alert rule.
type rule struct {
	Record, Alert, Expr string
	Labels, Annotations map[string]string
}

func (r rule) name() string { return r.Record + r.Alert }

func loadRules(t *testing.T, file string) []rule {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var groups struct{ Groups []struct{ Rules []rule } }
	if err := yaml.Unmarshal(text, &groups); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var rules []rule
	for _, g := range groups.Groups {
		rules = append(rules, g.Rules...)
	}
	if len(rules) == 0 {
		t.Fatalf("%s holds no rules", file)
	}
	return rules
}

// need returns the path of a program that a test cannot do without. In CI its
// absence is a failure, elsewhere the test is skipped.
func need(t *testing.T, program, debianPackage string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	message := program + " is not installed; on Debian: apt-get install " + debianPackage
	if os.Getenv("CI") != "" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

func TestRulesPassTheirUnitTests(t *testing.T) {
	promtool := need(t, "promtool", "prometheus")
	for _, args := range [][]string{
		{"check", "rules", "recording.yaml", "alerts.yaml"},
		{"test", "rules", "rules_test.yaml"},
	} {
		cmd := exec.Command(promtool, args...)
		cmd.Dir = "prometheus"
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

func TestEveryAlertHasAUnitTestASeverityAndARunbook(t *testing.T) {
	tests, err := os.ReadFile("prometheus/rules_test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	runbook, err := os.ReadFile(filepath.Join("..", "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range loadRules(t, "prometheus/alerts.yaml") {
		if !strings.Contains(string(tests), r.Alert) {
			t.Errorf("%s has no unit test in rules_test.yaml", r.Alert)
		}
		if s := r.Labels["severity"]; s != "info" && s != "warning" && s != "critical" {
			t.Errorf("%s: severity is %q", r.Alert, s)
		}
		if r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
			t.Errorf("%s lacks a summary or a description", r.Alert)
		}
		if want := "docs/operations.md#" + strings.ToLower(r.Alert); r.Annotations["runbook"] != want {
			t.Errorf("%s: runbook is %q, want %q", r.Alert, r.Annotations["runbook"], want)
		}
		if !strings.Contains(string(runbook), "### "+r.Alert+"\n") {
			t.Errorf("%s has no section in docs/operations.md", r.Alert)
		}
	}
}
