package metrics

import (
	"slices"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"daylight.internal/proxy/audit"
	"daylight.internal/rules"
)

// implicit is the label of the last rule of every policy, which has no name.
const implicit = "implicit"

// maxRules bounds the rules that have series of their own.
const maxRules = 1000

// ruleVerdicts counts verdicts by rule. A rule that a reload removed keeps its
// series, for what was counted since the last scrape would be lost with it, until
// the rules of the policy need the room.
type ruleVerdicts struct {
	labels *labels
	total  *prometheus.CounterVec

	mu     sync.RWMutex // held while a series is counted up, so that none comes back
	known  map[string]bool
	former []string // those of known that the policy has no more, removed longest ago first
}

func newRuleVerdicts(m *Metrics) *ruleVerdicts {
	return &ruleVerdicts{
		labels: m.labels, known: map[string]bool{},
		total: m.counter("rule_verdicts_total", "Verdicts by the rule that decided; those that are not enforced only say what would be done.", "rule", "action", "enforced"),
	}
}

// know makes room for the rules of a policy, of which the first maxRules count, and
// starts their series at 0.
func (r *ruleVerdicts) know(policy []Rule) {
	r.mu.Lock()
	defer r.mu.Unlock()
	current := map[string]bool{}
	for _, rule := range policy[:min(len(policy), maxRules)] {
		current[rule.Name] = true
		for _, enforced := range []string{"true", "false"} {
			r.total.WithLabelValues(rule.Name, rule.Action.String(), enforced)
		}
	}
	stays := func(name string) bool { return current[name] }
	r.former = slices.DeleteFunc(r.former, stays)
	var removed []string
	for name := range r.known {
		if !current[name] && !slices.Contains(r.former, name) {
			removed = append(removed, name)
		}
	}
	slices.Sort(removed)
	r.former = append(r.former, removed...)
	for len(r.former) > 0 && len(r.former)+len(current) > maxRules {
		r.total.DeletePartialMatch(prometheus.Labels{"rule": r.former[0]})
		r.former = r.former[1:]
	}
	for _, name := range r.former {
		current[name] = true
	}
	r.known = current
}

func (r *ruleVerdicts) record(v *audit.Verdict) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	name := v.Rule
	switch {
	case name == "", v.OnErrorBy != "": // that a rule was asked does not say that it matched
		name = implicit
	case !r.known[name]:
		name = r.labels.fold("rule")
	}
	r.total.WithLabelValues(name, v.Action.String(), strconv.FormatBool(v.Enforced)).Inc()
}

// initialise starts the series of the implicit rule, which only logs and allows.
func (r *ruleVerdicts) initialise() {
	for _, action := range []rules.Action{rules.Log, rules.Allow} {
		r.total.WithLabelValues(implicit, action.String(), "true")
	}
}
