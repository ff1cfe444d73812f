package dashboards

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func TestTheComposeExampleMountsWhatExists(t *testing.T) {
	text, err := os.ReadFile("../deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Command []string
			Volumes []string
		}
		Volumes map[string]any
	}
	if err := yaml.Unmarshal(text, &compose); err != nil {
		t.Fatal(err)
	}
	if len(compose.Services) != 3 {
		t.Errorf("the example has %d services, want daylight, prometheus and grafana", len(compose.Services))
	}
	for name, service := range compose.Services {
		for _, volume := range service.Volumes {
			from, _, _ := strings.Cut(volume, ":")
			if _, named := compose.Volumes[from]; named {
				continue
			}
			if _, err := os.Stat(filepath.Join("../deploy", from)); err != nil {
				t.Errorf("%s mounts %s: %v", name, from, err)
			}
		}
	}
}

func TestThePrometheusExampleIsValidAndLoadsTheRules(t *testing.T) {
	promtool := need(t, "promtool", "prometheus")
	text, err := os.ReadFile("../deploy/prometheus/prometheus.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"prometheus.yaml": strings.ReplaceAll(string(text), "rules/", "")}
	for _, file := range ruleFiles {
		rules, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(file)] = string(rules)
	}
	out, err := exec.Command(promtool, "check", "config", filepath.Join(writeFiles(t, files), "prometheus.yaml")).CombinedOutput()
	if err != nil || strings.Count(string(out), "rules found") != len(ruleFiles) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestTheSystemdUnitIsHardened(t *testing.T) {
	analyze := need(t, "systemd-analyze", "systemd")
	// Exposure in tenths; an unhardened service has 96.
	out, err := exec.Command(analyze, "security", "--offline=true", "--threshold=15", "../deploy/daylight.service").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
