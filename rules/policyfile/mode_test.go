package policyfile_test

import (
	"fmt"
	"strings"
	"testing"

	"daylight.internal/rules"
)

func TestModesOfFileGroupAndRule(t *testing.T) {
	p := mustLoad(t, text("version: 1", "mode: monitor",
		"groups:", "  pilots: {users: [ana], mode: enforce}", "  board: {users: [bo], mode: monitor}", "  others: {users: ['*']}",
		"rules:", "  - {name: one, match: {}, action: block}", "  - {name: two, match: {}, action: block, mode: monitor}",
		"  - {name: three, match: {}, action: block, monitor: true}", "  - {name: four, match: {groups: pilots}, action: block, enforce: 12.5%}")).Policy
	if !p.Monitor || p.MonitorAll {
		t.Errorf("the mode of the file: %+v", p)
	}
	for i, want := range []rules.Mode{rules.Enforce, rules.Monitor, rules.NoMode} {
		if g := p.Groups[i]; g.Mode != want {
			t.Errorf("group %s has mode %q, want %q", g.Name, g.Mode, want)
		}
	}
	for i, want := range []bool{false, true, true, false} {
		if r := p.Rules[i]; r.Monitor != want {
			t.Errorf("rule %s is monitored: %v, want %v", r.Name, r.Monitor, want)
		}
	}
	if share := p.Rules[3].Enforce; share != 1250 {
		t.Errorf("share %d", share)
	}
}

func TestShares(t *testing.T) {
	for written, want := range map[string]rules.Share{"10%": 1000, "0.01%": 1, "0.5%": 50, "33.33%": 3333, "99.99%": 9999, "100%": 10_000, "' 5 % '": 500, "0.29%": 29} {
		p := mustLoad(t, text("version: 1", "rules:", "  - {name: r, match: {}, action: block, enforce: "+written+"}")).Policy
		if got := p.Rules[0].Enforce; got != want {
			t.Errorf("%s is %d, want %d", written, got, want)
		}
	}
}

func TestFaultsOfSharesAndModes(t *testing.T) {
	for _, c := range []struct{ rule, fault, hint string }{
		{"action: block, enforce: 10", "the share has no unit", "write 10%"},
		{"action: block, enforce: 0%", "a share of 0% enforces for nobody", "write `mode: monitor`"},
		{"action: block, enforce: 101%", "a share is above 0% and at most 100%", "write it as 10% or 0.5%"},
		{"action: block, enforce: -1%", `"-1%" is not a share of the people`, "write it as 10% or 0.5%"},
		{"action: block, enforce: 0.005%", "a share has at most two decimals, so that 0.01% is the smallest", "write it as 10% or 0.5%"},
		{"action: block, enforce: 1e1%", `"1e1%" is not a share of the people`, "write it as 10% or 0.5%"},
		{"action: block, enforce: some", `"some" is not a share of the people`, "write it as 10% or 0.5%"},
		{"action: block, enforce: true", "`enforce` takes a share of the people", "leave it out to enforce for everybody"},
		{"action: block, enforce: false", "`enforce` takes a share of the people", "write `mode: monitor` to enforce for nobody"},
		{"action: log, enforce: 10%", "only the action block can be enforced for a share of the people", "remove it"},
		{"action: block, enforce: 10%, mode: monitor", "a rule that is monitored is enforced for nobody", "remove `enforce`, or the monitoring"},
		{"action: block, enforce: 10%, monitor: true", "a rule that is monitored is enforced for nobody", "remove `enforce`, or the monitoring"},
		{"action: block, mode: enforce", "a rule cannot enforce itself where its group or file monitors", "leave it out, and give `mode: enforce` to a group or to the file"},
		{"action: block, mode: montior", `unknown mode "montior"`, `did you mean "monitor"?`},
	} {
		_, problems := load(t, text("version: 1", "rules:", "  - {name: r, match: {}, "+c.rule+"}"))
		if got := render(t, problems); len(problems) != 1 || !strings.Contains(got, c.fault) || !strings.Contains(got, c.hint) {
			t.Errorf("%s:\n%s\nwant %s\nhint %s", c.rule, got, c.fault, c.hint)
		}
	}
	for _, mode := range []string{"on", "''", "{}"} {
		_, problems := load(t, text("version: 1", "groups:", fmt.Sprintf("  g: {users: [ana], mode: %s}", mode)))
		if len(problems) != 1 || problems.Err() == nil {
			t.Errorf("a group with mode %s:\n%s", mode, render(t, problems))
		}
	}
}
