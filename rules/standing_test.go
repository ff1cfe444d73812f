package rules

import (
	"net/netip"
	"slices"
	"testing"
	"time"
)

func approval(status Status, change ...func(*Approval)) Approval {
	a := Approval{Service: "chat", Status: status}
	for _, c := range change {
		c(&a)
	}
	return a
}

func forMarketing(a *Approval) { a.Groups = []string{"marketing"} }
func forSales(a *Approval)     { a.Groups = []string{"sales"} }
func forResults(a *Approval) {
	a.Data, a.Detectors = []string{"campaign_performance"}, []string{"campaign_performance"}
}
func forPersonal(a *Approval) { a.Data, a.Detectors = []string{"personal"}, []string{"email", "phone"} }
func until(t time.Time) func(*Approval) {
	return func(a *Approval) { a.Expires = t }
}

func TestStatusOfAService(t *testing.T) {
	unread := func(*Facts) {}
	for _, c := range []struct {
		name      string
		approvals []Approval
		content   func(*Facts)
		want      []Status // all that are possible
	}{
		{"nobody decided", nil, unread, []Status{Unreviewed}},
		{"another service", []Approval{{Service: "other", Status: Sanctioned}}, unread, []Status{Unreviewed}},
		{"for everybody", []Approval{approval(Tolerated)}, unread, []Status{Tolerated}},
		{"for the client's group", []Approval{approval(Sanctioned, forMarketing)}, unread, []Status{Sanctioned}},
		{"for another group", []Approval{approval(Sanctioned, forSales)}, unread, []Status{Unreviewed}},
		{"a group's before everybody's", []Approval{approval(Prohibited), approval(Sanctioned, forMarketing)}, unread, []Status{Sanctioned}},
		{"the strictest of two alike", []Approval{approval(Sanctioned), approval(Prohibited), approval(Tolerated)}, unread, []Status{Prohibited}},
		{"tolerated is stricter than sanctioned", []Approval{approval(Sanctioned), approval(Tolerated)}, unread, []Status{Tolerated}},
		{"in its last moment", []Approval{approval(Sanctioned, until(noon.Add(1)))}, unread, []Status{Sanctioned}},
		{"in the first moment after it", []Approval{approval(Sanctioned, until(noon))}, unread, []Status{Unreviewed}},
		{"another takes over from an expired one", []Approval{approval(Prohibited, until(noon)), approval(Tolerated)}, unread, []Status{Tolerated}},
		{"for data that is not known yet", []Approval{approval(Sanctioned, forResults)}, unread, []Status{Sanctioned, Unreviewed}},
		{"for data not known yet, another for all", []Approval{approval(Sanctioned, forResults), approval(Tolerated)}, unread, []Status{Sanctioned, Tolerated}},
		{"the same with and without data", []Approval{approval(Sanctioned, forResults), approval(Sanctioned)}, unread, []Status{Sanctioned}},
		{"for the data found", []Approval{approval(Sanctioned, forResults)}, found(0, results), []Status{Sanctioned}},
		{"for a body without findings", []Approval{approval(Sanctioned, forResults)}, found(0), []Status{Sanctioned}},
		{"data outside it", []Approval{approval(Sanctioned, forResults)}, found(1, results, emails), []Status{Unreviewed}},
		{"data outside it, another takes over", []Approval{approval(Sanctioned, forResults), approval(Tolerated)}, found(1, emails), []Status{Tolerated}},
		{"prohibited for the data found among others", []Approval{approval(Prohibited, forPersonal)}, found(1, results, emails), []Status{Prohibited}},
		{"prohibited for other data", []Approval{approval(Prohibited, forPersonal)}, found(0, results), []Status{Unreviewed}},
		{"prohibited data beats a group's approval", []Approval{approval(Sanctioned, forMarketing), approval(Prohibited, forPersonal)}, found(1, emails), []Status{Prohibited}},
		{"a group's approval for that very data beats it", []Approval{approval(Sanctioned, forMarketing, forPersonal), approval(Prohibited, forPersonal)}, found(1, emails), []Status{Sanctioned}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Policy{Groups: []Group{{Name: "marketing", Networks: []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16")}}}, Approvals: c.approvals}
			f := prompt(c.content)
			e := p.newEvaluation(f)
			if got := e.standing.possible.all(); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestWhatIsNotAIHasNoStatus(t *testing.T) {
	p := Policy{Approvals: []Approval{{Service: "", Status: Prohibited}}}
	if v := p.Decide(prompt(elsewhere), nil); v.Status != NoStatus {
		t.Errorf("status %q", v.Status)
	}
}

func TestVerdictNamesItsApproval(t *testing.T) {
	p := Policy{Approvals: []Approval{approval(Sanctioned, func(a *Approval) { a.At = "p.yaml:4:5" }, until(noon.AddDate(0, 0, 1)))}}
	if v := p.Decide(prompt(found(0)), nil); v.Approval != "p.yaml:4:5" || v.Status != Sanctioned {
		t.Errorf("while it holds: %+v", v)
	}
	later := prompt(found(0), func(f *Facts) { f.Time = noon.AddDate(0, 0, 1) })
	v := p.Decide(later, nil)
	want := "no rule matched: AI traffic is logged; chat is unreviewed (the approval at p.yaml:4:5 expired on 2026-11-23); found nothing"
	if v.Approval != "" || v.Status != Unreviewed || v.Reason != want {
		t.Errorf("afterwards: %+v", v)
	}
}

func TestTraceTellsWhichApprovalDidNotHelp(t *testing.T) {
	p := Policy{
		Approvals: []Approval{approval(Sanctioned, forResults, func(a *Approval) { a.At = "p.yaml:4:5" })},
		Rules:     []Rule{{Name: "shadow", Match: Match{Statuses: []Status{Unreviewed}}, Action: Block}},
	}
	var trace Trace
	p.Decide(prompt(found(1, emails)), &trace)
	if saw := trace.Steps[1].Saw; saw != "unreviewed (the approval at p.yaml:4:5 does not cover personal)" {
		t.Errorf("saw %q", saw)
	}
}

func TestStatusConditionIsUnknownWhileContentMayChangeIt(t *testing.T) {
	p := Policy{Approvals: []Approval{approval(Sanctioned, forResults)}}
	f := prompt()
	e := p.newEvaluation(f)
	for _, c := range []struct {
		statuses []Status
		want     ternary
	}{
		{[]Status{Unreviewed}, unknown}, {[]Status{Sanctioned}, unknown}, {[]Status{Sanctioned, Unreviewed}, yes}, {[]Status{Prohibited}, no},
	} {
		if got := e.status(&Match{Statuses: c.statuses}); got != c.want {
			t.Errorf("%v: %v, want %v", c.statuses, got, c.want)
		}
	}
}
