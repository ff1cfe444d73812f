package replay

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"daylight.internal/rules"
)

var (
	blocked = Decision{Action: rules.Block, Enforced: true, Rule: "lists", At: "p.yaml:1:1"}
	would   = Decision{Action: rules.Block, Rule: "some", At: "p.yaml:2:1"}
	logged  = Decision{Action: rules.Log, Enforced: true}
	allowed = Decision{Action: rules.Allow, Enforced: true, Rule: "fine"}
	watched = Decision{Action: rules.Log, Enforced: true, Rule: "watch"}
	late    = Decision{Action: rules.Block, Rule: "lists"}
)

func TestKindsOfChange(t *testing.T) {
	for _, c := range []struct {
		name  string
		old   Decision
		new   []Decision
		more  Case
		want  Kind
		shown string // the rule
	}{
		{name: "the same", old: logged, new: []Decision{logged}, want: Unchanged},
		{name: "stopped now", old: logged, new: []Decision{blocked}, want: NewlyBlocked, shown: "lists"},
		{name: "enforced now", old: would, new: []Decision{blocked}, want: NewlyBlocked, shown: "lists"},
		{name: "let go now", old: blocked, new: []Decision{logged}, want: NewlyAllowed},
		{name: "only monitored now", old: blocked, new: []Decision{late}, want: NewlyAllowed, shown: "lists"},
		{name: "would be stopped now", old: logged, new: []Decision{would}, want: WouldBe, shown: "some"},
		{name: "would no longer be stopped", old: would, new: []Decision{logged}, want: WouldBe},
		{name: "logged now", old: allowed, new: []Decision{logged}, want: OtherAction},
		{name: "by another rule", old: logged, new: []Decision{watched}, want: OtherRule, shown: "watch"},
		{name: "a log that is monitored is a log", old: watched, new: []Decision{{Action: rules.Log, Rule: "watch"}}, want: Unchanged, shown: "watch"},
		{name: "one or the other", old: logged, new: []Decision{blocked, logged}, more: Case{Causes: []string{"content"}}, want: Unknown, shown: "lists"},
		{name: "stopped perhaps is told first", old: allowed, new: []Decision{watched, blocked, would}, more: Case{Causes: []string{"content"}}, want: Unknown, shown: "lists"},
		{name: "stopped one way or the other", old: logged, new: []Decision{blocked, {Action: rules.Block, Enforced: true, Rule: "all"}}, more: Case{Causes: []string{"content"}}, want: NewlyBlocked, shown: "all"},
		{name: "logged one way or the other", old: logged, new: []Decision{watched, logged}, more: Case{Causes: []string{"content"}}, want: Unchanged},
		{name: "both policies decide alike", old: logged, new: []Decision{blocked, logged}, more: Case{Same: true, Causes: []string{"content"}}, want: Unchanged, shown: "lists"},
		{name: "both decide alike, by a renamed rule", old: blocked, new: []Decision{{Action: rules.Block, Enforced: true, Rule: "customers"}}, more: Case{Same: true}, want: OtherRule, shown: "customers"},
		{name: "judging failed then", old: Decision{Enforced: true}, new: []Decision{logged}, more: Case{Causes: []string{"verdict"}}, want: Unknown},
		{name: "what the old one says is not known", old: logged, new: []Decision{logged}, more: Case{Causes: []string{"before"}}, want: Unknown},
	} {
		c.more.Old, c.more.New = c.old, c.new
		if kind, shown := c.more.Kind(); kind != c.want || shown.Rule != c.shown {
			t.Errorf("%s: %s by %q, want %s by %q", c.name, kind, shown.Rule, c.want, c.shown)
		}
	}
}

func TestAReportCountsExchangesAndPeople(t *testing.T) {
	tally := New(2)
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	add := func(user, service, group string, now Decision) {
		at = at.Add(time.Hour)
		tally.Add(Case{ID: fmt.Sprint(at.Hour()), Time: at, User: user, Service: service, Group: group, Old: logged, New: []Decision{now}})
	}
	add("ana", "chatgpt", "marketing", blocked)
	add("Ana", "chatgpt", "marketing", blocked)
	add("bo", "chatgpt", "sales", blocked)
	add("ana", "claude", "marketing", blocked)
	add("cy", "claude", "none", logged)
	r := tally.Report()
	if r.Exchanges != 5 || r.Users != 3 || r.Unchanged != 1 || r.UsersAtLeast || len(r.Changes) != 1 {
		t.Fatalf("%+v", r)
	}
	c := r.Changes[0]
	if c.Exchanges != 4 || c.Users != 2 || c.Share != 0.8 {
		t.Errorf("%+v", c)
	}
	if want := []Row{{"chatgpt", "", 3, 2}, {"claude", "", 1, 1}}; !slices.Equal(c.ByService, want) {
		t.Errorf("by service %+v", c.ByService)
	}
	if want := []Row{{"marketing", "", 3, 1}, {"sales", "", 1, 1}}; !slices.Equal(c.ByGroup, want) {
		t.Errorf("by group %+v", c.ByGroup)
	}
	if want := []Row{{"lists", "p.yaml:1:1", 4, 2}}; !slices.Equal(c.ByRule, want) {
		t.Errorf("by rule %+v", c.ByRule)
	}
}

func TestExamplesShowDifferentThings(t *testing.T) {
	tally := New(3)
	for i := range 100 {
		service := "chatgpt"
		if i >= 98 {
			service = fmt.Sprint("service ", i)
		}
		tally.Add(Case{ID: fmt.Sprint(i), User: "ana", Service: service, Group: "none", Old: logged, New: []Decision{blocked}})
	}
	var services []string
	for _, e := range tally.Report().Changes[0].Examples {
		services = append(services, e.Service)
	}
	if got := strings.Join(services, ", "); got != "chatgpt, service 98, service 99" {
		t.Errorf("examples of %s", got)
	}
	if none := New(0); true {
		none.Add(Case{Old: logged, New: []Decision{blocked}})
		if r := none.Report(); len(r.Changes[0].Examples) != 0 {
			t.Error("an example that nobody asked for")
		}
	}
}

// A table has no more rows than it may, whatever names clients choose; the rest is
// counted together.
func TestTablesAreBounded(t *testing.T) {
	tally := New(1)
	for i := range maxRows + 500 {
		tally.Add(Case{User: "ana", Service: fmt.Sprintf("h%d.example", i), Group: "none", Old: logged, New: []Decision{blocked}})
	}
	rows := tally.Report().Changes[0].ByService
	if len(rows) != maxRows+1 || rows[0] != (Row{Rest, "", 500, 1}) {
		t.Errorf("%d rows, the first %+v", len(rows), rows[0])
	}
}

func TestPeopleAreCountedUpToABound(t *testing.T) {
	p := people{numbers: map[string]uint32{}, members: maxMembers - 1}
	var c crowd
	p.join(&c, 1)
	p.join(&c, 1)
	if p.full || len(c) != 1 {
		t.Errorf("full %v, %d people", p.full, len(c))
	}
	if p.join(&c, 2); !p.full || len(c) != 1 {
		t.Errorf("full %v, %d people: nobody is counted behind the bound, and it is told", p.full, len(c))
	}
}
