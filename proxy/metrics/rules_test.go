package metrics_test

import (
	"fmt"
	"strings"
	"testing"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
)

func named(names ...string) (list []metrics.Rule) {
	for _, name := range names {
		list = append(list, metrics.Rule{Name: name, Action: rules.Block})
	}
	return list
}

func decidedBy(rule string, enforced bool) audit.Event {
	return audit.Event{Verdict: audit.Verdict{Action: rules.Block, Rule: rule, Enforced: enforced}}
}

func ruleSeries(rule string, enforced bool) string {
	return fmt.Sprintf(`daylight_rule_verdicts_total{action="block",enforced="%t",rule="%s"}`, enforced, rule)
}

func TestVerdictsAreCountedByRuleAndByWhetherTheyAreEnforced(t *testing.T) {
	m := loaded()
	m.SetKnown(metrics.Known{Rules: named("lists stay home", "客户名单")})
	for range 3 {
		m.Record(decidedBy("lists stay home", false))
	}
	m.Record(decidedBy("lists stay home", true))
	m.Record(decidedBy("客户名单", false))
	m.Record(audit.Event{Verdict: audit.Verdict{Action: rules.Log, Enforced: true}})
	for series, want := range map[string]string{
		ruleSeries("lists stay home", false):                                         "3",
		ruleSeries("lists stay home", true):                                          "1",
		ruleSeries("客户名单", false):                                                    "1",
		ruleSeries("客户名单", true):                                                     "0", // a rule that nothing matched shows too
		`daylight_rule_verdicts_total{action="log",enforced="true",rule="implicit"}`: "1",
	} {
		if got := value(t, m, series); got != want {
			t.Errorf("%s is %q, want %s", series, got, want)
		}
	}
}

func TestARuleThatIsGoneKeepsItsSeriesWhileThereIsRoom(t *testing.T) {
	m := loaded()
	m.SetKnown(metrics.Known{Rules: named("old", "stays")})
	m.Record(decidedBy("old", false))
	m.SetKnown(metrics.Known{Rules: named("stays", "new")})
	m.Record(decidedBy("old", false)) // began before the reload
	if got := value(t, m, ruleSeries("old", false)); got != "2" {
		t.Errorf("the removed rule has %q, want 2", got)
	}
	many := []string{"stays"}
	for i := range 998 {
		many = append(many, fmt.Sprint("rule ", i))
	}
	m.SetKnown(metrics.Known{Rules: named(many...)}) // room for one of the two that are gone
	if value(t, m, ruleSeries("new", false)) == "" && value(t, m, ruleSeries("old", false)) == "" {
		t.Error("a removed rule lost its series although there was room")
	}
	if got := value(t, m, ruleSeries("old", false)); got != "" {
		t.Errorf("the rule that went first is still there: %s", got)
	}
	m.Record(decidedBy("old", false)) // and does not come back by an event
	if got := value(t, m, ruleSeries("old", false)); got != "" {
		t.Errorf("the rule that went first is there again: %s", got)
	}
	if got := value(t, m, ruleSeries("other", false)); got != "1" {
		t.Errorf("other has %q, want 1", got)
	}
}

func TestRulesHaveABoundedNumberOfSeries(t *testing.T) {
	m := loaded()
	for reload := range 5 {
		var many []string
		for i := range 1200 {
			many = append(many, fmt.Sprintf("rule %d of reload %d", i, reload))
		}
		m.SetKnown(metrics.Known{Rules: named(many...)})
		for _, name := range many {
			m.Record(decidedBy(name, true))
		}
	}
	distinct := map[string]bool{}
	for line := range strings.Lines(scrape(t, m)) {
		if rest, ok := strings.CutPrefix(line, "daylight_rule_verdicts_total"); ok {
			_, rule, _ := strings.Cut(rest, `rule="`)
			distinct[strings.SplitN(rule, `"`, 2)[0]] = true
		}
	}
	if len(distinct) != 1002 { // with other and implicit
		t.Errorf("%d rules have series, want 1002", len(distinct))
	}
	if got := value(t, m, ruleSeries("other", true)); got != "1000" {
		t.Errorf("other has %q, want the 200 rules beyond the first 1000 of each reload", got)
	}
}

func TestReloadsAreCountedByTriggerAndResult(t *testing.T) {
	m := loaded()
	m.Reloaded(metrics.ByFile, true)
	m.Reloaded(metrics.ByFile, false)
	m.Reloaded(metrics.ByFile, false)
	for series, want := range map[string]string{
		`daylight_policy_reloads_total{result="taken",trigger="file"}`:   "1",
		`daylight_policy_reloads_total{result="refused",trigger="file"}`: "2",
		`daylight_policy_reloads_total{result="taken",trigger="signal"}`: "0",
		`daylight_policy_reloads_total{result="refused",trigger="page"}`: "0",
	} {
		if got := value(t, m, series); got != want {
			t.Errorf("%s is %q, want %s", series, got, want)
		}
	}
}
