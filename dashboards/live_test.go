package dashboards

import (
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// settle is how long an expression may take to have data, from the start of the traffic.
const settle = 4 * time.Minute

// mayStayZero lists the panels that are calm in a healthy system, with the
// reason. All others must show more than 0 under the traffic of the test.
var mayStayZero = map[string]string{
	"Events dropped":          "the sinks keep up",
	"Exchanges that failed":   "those of one reason may; the panel has two expressions",
	"Approvals that expire":   "the test's approval lasts",
	"Hosts left closed":       "no client of the test rejects certificates again and again",
	"Apps found to pin":       "the same",
	"Connections and tunnels": "tunnels come and go between two scrapes",
}

// TestPanelsAndRulesHaveDataUnderRealTraffic starts a real Daylight and a real
// Prometheus that scrapes it, sends traffic of every kind through, and runs each
// expression of the dashboards and rules. One without data fails.
func TestPanelsAndRulesHaveDataUnderRealTraffic(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers and waits for scrapes")
	}
	binary := need(t, "prometheus", "prometheus")
	d := startDaylight(t)
	p := startPrometheus(t, binary, d.admin)
	stop := d.keepSending(t)
	t.Cleanup(func() { stop() })
	deadline := time.Now().Add(settle)

	t.Run("panels", func(t *testing.T) {
		for file, board := range loadDashboards(t) {
			found := map[string]string{}
			exprs := expressions(board)
			for _, place := range slices.Sorted(maps.Keys(exprs)) {
				if err := p.hasData(filled(exprs[place]), deadline, !calm(place)); err != nil {
					t.Errorf("%s: %s: %v\n%s", file, place, err, filled(exprs[place]))
				}
				found[place] = exprs[place]
			}
			if len(found) < 20 {
				t.Errorf("%s: only %d expressions were run", file, len(found))
			}
		}
	})
	t.Run("rules", func(t *testing.T) {
		for _, r := range loadRules(t, "prometheus/recording.yaml") {
			if err := p.hasData(r.Record, deadline, false); err != nil {
				t.Errorf("%s: %v", r.Record, err)
			}
		}
		for _, r := range loadRules(t, "prometheus/alerts.yaml") {
			for _, selector := range selectors(r.Expr) {
				if err := p.hasData(selector, deadline, false); err != nil {
					t.Errorf("%s selects nothing with %s: %v", r.Alert, selector, err)
				}
			}
		}
		p.checkRuleHealth(t, len(loadRules(t, "prometheus/recording.yaml"))+len(loadRules(t, "prometheus/alerts.yaml")))
	})
	rounds := stop()
	t.Run("counters say exactly what was sent", func(t *testing.T) { d.checkCounters(t, rounds) })
	t.Run("the ledger adds up", d.checkLedger)
	t.Run("scrape passes promtool check metrics", func(t *testing.T) {
		cmd := exec.Command(need(t, "promtool", "prometheus"), "check", "metrics")
		cmd.Stdin = strings.NewReader(get(t, d.adminURL("/metrics")))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

func calm(place string) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(mayStayZero)), func(title string) bool { return strings.Contains(place, title) })
}

// filled puts values into the variables of a dashboard.
func filled(expr string) string {
	return strings.NewReplacer(
		"$__rate_interval", "20s", "$__range", "30s", "$__interval", "5s",
		"$job", ".*", "$instance", ".*", "$service", ".*", "$group", ".*",
	).Replace(expr)
}

var selector = regexp.MustCompile(`\b(?:up|(?:job\w*:)?daylight_[\w:]+)(?:\{[^}]*\})?`)

// selectors returns the series that an expression reads.
func selectors(expr string) []string { return selector.FindAllString(expr, -1) }

// hasData waits until expr has a sample that is a number, and above 0 if asked.
func (p *prometheusServer) hasData(expr string, deadline time.Time, aboveZero bool) error {
	for {
		samples, err := p.query(expr)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(samples, func(v float64) bool { return !math.IsNaN(v) && (!aboveZero || v > 0) }) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("no data; the samples are %v", samples)
		}
		time.Sleep(300 * time.Millisecond)
	}
}

func (p *prometheusServer) checkRuleHealth(t *testing.T, want int) {
	t.Helper()
	var answer struct {
		Data struct {
			Groups []struct {
				Rules []struct{ Name, Health, LastError string }
			}
		}
	}
	p.get(t, "/api/v1/rules", &answer)
	count := 0
	for _, g := range answer.Data.Groups {
		for _, r := range g.Rules {
			count++
			if r.Health != "ok" {
				t.Errorf("rule %s is %s: %s", r.Name, r.Health, r.LastError)
			}
		}
	}
	if count != want {
		t.Errorf("Prometheus runs %d rules, the files hold %d", count, want)
	}
}

// writeFiles writes texts by name into a new folder.
func writeFiles(t *testing.T, texts map[string]string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
