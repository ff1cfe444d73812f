package rules

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"daylight.internal/classifier"
)

func TestPlanAsksForNoMoreThanTheDecisionNeeds(t *testing.T) {
	block, allow, log := Rule{Name: "b", Action: Block}, Rule{Name: "a", Action: Allow}, Rule{Name: "l", Action: Log}
	onData := func(r Rule) Rule {
		r.Match.Data = []DataMatch{personal()}
		return r
	}
	monitored := func(r Rule) Rule {
		r.Monitor = true
		return r
	}
	anywhere := func(r Rule) Rule {
		r.Match.Traffic = TrafficAny
		return r
	}
	never := block
	never.Match.Methods = []string{"PUT"}
	for _, c := range []struct {
		name  string
		rules []Rule
		facts Facts
		need  Need
		final bool
	}{
		{"AI without rules is recorded", nil, prompt(), Observe, false},
		{"other traffic without rules streams", nil, prompt(elsewhere), Nothing, true},
		{"blocked whatever it holds", []Rule{block}, prompt(), Nothing, true},
		{"allowed whatever it holds", []Rule{allow}, prompt(), Nothing, true},
		{"logged whatever it holds", []Rule{log}, prompt(), Observe, false},
		{"could be blocked", []Rule{onData(block)}, prompt(), Hold, false},
		{"could be blocked, else allowed", []Rule{onData(block), allow}, prompt(), Hold, false},
		{"allowed before it could be blocked", []Rule{allow, onData(block)}, prompt(), Nothing, true},
		{"blocked unless its content is allowed", []Rule{onData(allow), block}, prompt(), Hold, false},
		{"logged or allowed by content", []Rule{onData(log), allow}, prompt(), Observe, false},
		{"would be blocked by content", []Rule{onData(monitored(block))}, prompt(), Observe, false},
		{"would be blocked whatever it holds", []Rule{monitored(block)}, prompt(), Observe, false},
		{"would be blocked by content, then could be", []Rule{onData(monitored(block)), onData(block)}, prompt(), Hold, false},
		{"a rule that cannot match asks for nothing", []Rule{onData(never)}, prompt(), Observe, false},
		{"a rule for AI asks nothing of other traffic", []Rule{onData(block)}, prompt(elsewhere), Nothing, true},
		{"other traffic that could be blocked", []Rule{onData(anywhere(block))}, prompt(elsewhere), Hold, false},
		{"other traffic that is logged", []Rule{anywhere(log)}, prompt(elsewhere), Observe, false},
		{"could be blocked by its size", []Rule{{Match: Match{Bytes: Comparison{">=", 1}}, Action: Block}}, prompt(func(f *Facts) { f.Bytes = -1 }), Hold, false},
		{"redaction needs the body even if nothing else does", []Rule{{Action: Redact}}, prompt(), Hold, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Policy{Rules: c.rules}
			need, verdict, final := p.Plan(c.facts)
			if need != c.need || final != c.final {
				t.Errorf("need %v final %v, want %v %v", need, final, c.need, c.final)
			}
			if !final && verdict.Reason != "" {
				t.Errorf("a verdict before its time: %+v", verdict)
			}
		})
	}
}

func TestMonitoredPolicyNeverHolds(t *testing.T) {
	p := Policy{MonitorAll: true, Rules: []Rule{{Match: Match{Data: []DataMatch{personal()}}, Action: Block}, {Action: Block}}}
	if need, _, final := p.Plan(prompt()); need != Observe || final {
		t.Errorf("need %v, final %v", need, final)
	}
}

func TestFinalVerdictReportsTheStatusOfACleanBody(t *testing.T) {
	p := Policy{
		Approvals: []Approval{approval(Prohibited, forPersonal), approval(Tolerated)},
		Rules:     []Rule{{Name: "all", Action: Block}},
	}
	if _, v, final := p.Plan(prompt()); !final || v.Status != Tolerated {
		t.Errorf("final %v, status %q", final, v.Status)
	}
}

// The plan is a promise about every content that may follow: what it lets pass
// unread or unheld must not turn out to be stopped, and what is final must not change.
func TestPlanKeepsItsPromiseForEveryContent(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	held, observed, passed, stopped := 0, 0, 0, 0
	for range 20000 {
		p, f := randomPolicy(r), randomHead(r)
		need, verdict, final := p.Plan(f)
		for range 12 {
			read := f
			read.Content = randomContent(r)
			if read.Bytes < 0 {
				read.Bytes = r.Int64N(4)
			}
			got := p.Decide(read, nil)
			if final && (got.Action != verdict.Action || got.Stops() != verdict.Stops() || got.Rule != verdict.Rule) {
				t.Fatalf("final %+v became %+v\npolicy %+v\nfacts %+v content %+v", verdict, got, p, f, read.Content)
			}
			if !final && need != Hold && got.Stops() {
				t.Fatalf("need %v, but %+v\npolicy %+v\nfacts %+v content %+v", need, got, p, f, read.Content)
			}
		}
		switch {
		case final && verdict.Stops():
			stopped++
		case need == Hold:
			held++
		case need == Observe:
			observed++
		default:
			passed++
		}
	}
	if min(held, observed, passed, stopped) < 500 {
		t.Errorf("the random policies are too alike: %d held, %d observed, %d passed, %d stopped", held, observed, passed, stopped)
	}
}

func pick[T any](r *rand.Rand, values ...T) T { return values[r.IntN(len(values))] }

func randomHead(r *rand.Rand) Facts {
	f := prompt()
	f.Service.ID = pick(r, "", "chat", "chat", "other", Suspected)
	f.Method = pick(r, "POST", "GET")
	f.Bytes = r.Int64N(4) - 1
	f.Client.User = pick(r, "", "ana@corp.example", "bo@corp.example", "user"+strconv.Itoa(r.IntN(100)))
	return f
}

func randomContent(r *rand.Rand) *Content {
	c := &Content{People: r.IntN(3), Coverage: classifier.Coverage{State: classifier.CoverageState(r.IntN(4))}}
	for _, s := range []classifier.Summary{emails, card, results} {
		if r.IntN(2) == 0 {
			s.Count = 1 + r.IntN(2)
			c.Findings = append(c.Findings, s)
		}
	}
	return c
}

func randomPolicy(r *rand.Rand) *Policy {
	p := &Policy{MonitorAll: r.IntN(16) == 0, Monitor: r.IntN(8) == 0, Groups: []Group{
		{Name: "pilots", Users: []string{"ana@*"}, Mode: pick(r, NoMode, Enforce, Monitor)},
		{Name: "marketing", Users: []string{"*"}, Mode: pick(r, NoMode, NoMode, Enforce, Monitor)},
	}}
	for range r.IntN(4) {
		a := Approval{Service: pick(r, "chat", "other"), Status: pick(r, Sanctioned, Tolerated, Prohibited)}
		pick(r, forMarketing, forSales, func(*Approval) {})(&a)
		pick(r, forPersonal, forResults, func(*Approval) {})(&a)
		pick(r, until(noon), until(noon.Add(time.Hour)), func(*Approval) {})(&a)
		p.Approvals = append(p.Approvals, a)
	}
	for i := range r.IntN(5) {
		rule := Rule{Name: string(rune('a' + i)), Action: pick(r, Block, Log, Allow), Monitor: r.IntN(5) == 0, Enforce: pick(r, 0, 0, Share(1+r.IntN(10_000)))}
		rule.Match.Traffic = pick(r, TrafficAI, TrafficAI, TrafficAny, TrafficOther)
		for range r.IntN(3) {
			pick(r,
				func(m *Match) { m.Statuses = []Status{pick(r, Sanctioned, Tolerated, Prohibited, Unreviewed)} },
				func(m *Match) { m.Data = append(m.Data, randomData(r)) },
				func(m *Match) { m.Bytes = Comparison{pick(r, ">=", "<"), r.Int64N(4)} },
				func(m *Match) { m.Coverage = []string{pick(r, "complete", "truncated", "not_inspected")} },
				func(m *Match) { m.Groups = []string{pick(r, "pilots", "marketing")} },
				func(m *Match) { m.Methods = []string{pick(r, "POST", "GET")} },
				func(m *Match) { m.Services = []string{pick(r, "chat", Suspected)} },
			)(&rule.Match)
		}
		p.Rules = append(p.Rules, rule)
	}
	return p
}

func randomData(r *rand.Rand) DataMatch {
	d := DataMatch{Detectors: pick(r, []string{"email"}, []string{"payment_card"}, nil)}
	d.Count.Op, d.Count.Value = pick(r, "", ">=", "=", "<"), r.Int64N(3)
	d.People.Op, d.People.Value = pick(r, "", ">=", "="), r.Int64N(3)
	return d
}
