package engine_test

import (
	"strings"
	"testing"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// rollout monitors everybody but the pilots, and has a rule for a share.
const rollout = `version: 1
mode: monitor
groups:
  pilots: {users: [ana@corp.example, bo@corp.example], mode: enforce}
rules:
  - {name: keys, match: {data: credentials}, action: block, mode: monitor}
  - {name: lists, match: {data: {class: personal, people: ">=10"}}, action: block, enforce: 15%}
`

// bo is among the first 15% of all people, ana is not.
func TestARuleIsRolledOutByGroupAndShare(t *testing.T) {
	files := []policyfile.File{{Name: "p.yaml", Data: []byte(rollout)}}
	for _, c := range []struct {
		name, user string
		brake      bool
		text       string
		need       rules.Need
		monitored  string
		reason     string
	}{
		{"a pilot in the share", "Bo@corp.example", false, customers(12), rules.Hold, "", "; the client is among the 15% for whom the rule is enforced"},
		{"a pilot outside the share", "ana@corp.example", false, customers(12), rules.Observe, rules.ByShare, "; monitored only, for the client is outside the 15% for whom the rule is enforced"},
		{"anybody else", "cai@corp.example", false, customers(12), rules.Observe, rules.ByPolicy, "; monitored only, by the policy"},
		{"a pilot, and a rule that monitors", "bo@corp.example", false, "Why does AKIAIOSFODNN7EXAMPLE not work?", rules.Hold, rules.ByRule, "; monitored only, by the rule"},
		{"a pilot while the configuration monitors", "bo@corp.example", true, customers(12), rules.Observe, rules.ByConfiguration, "; monitored only, by the configuration"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := compile(t, engine.Source{Policy: files, Monitor: c.brake})
			r, b := post("chatgpt.com", chatPath, chatgpt(c.text), func(r *engine.Request) { r.Client.User = c.user })
			p, o := evaluate(s, r, b)
			if p.Need != c.need || o.Verdict.MonitoredBy != c.monitored || o.Verdict.Stops() != (c.monitored == "") || !strings.HasSuffix(o.Verdict.Reason, c.reason) {
				t.Errorf("need %v, verdict %+v", p.Need, o.Verdict)
			}
		})
	}
}

func TestASnapshotMonitorsWhenNobodyIsEnforcedFor(t *testing.T) {
	for _, c := range []struct {
		name   string
		policy string
		brake  bool
		want   bool
	}{
		{"nobody says anything", "", false, false},
		{"the files", "mode: monitor\n", false, true},
		{"the files, but not for one group", "mode: monitor\ngroups: {pilots: {users: [ana], mode: enforce}}\n", false, false},
		{"the configuration, whatever a group says", "groups: {pilots: {users: [ana], mode: enforce}}\n", true, true},
	} {
		s := compile(t, engine.Source{Policy: []policyfile.File{{Name: "p.yaml", Data: []byte("version: 1\n" + c.policy)}}, Monitor: c.brake})
		if got := s.Monitor(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
