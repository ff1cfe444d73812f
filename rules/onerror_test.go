package rules

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// lists blocks lists of customers on their way to prohibited services.
func lists(change ...func(*Rule)) Rule {
	r := Rule{Name: "lists", At: "p.yaml:9:5", Action: Block, Match: Match{Statuses: []Status{Prohibited}, Data: []DataMatch{personal()}}, Message: map[string]string{"en": "No."}}
	for _, c := range change {
		c(&r)
	}
	return r
}

func onError(o OnError) func(*Rule)   { return func(r *Rule) { r.OnError = o } }
func ofItsFile(o OnError) func(*Rule) { return func(r *Rule) { r.OnError, r.OnErrorOfFile = o, true } }
func onlyMonitored(r *Rule)           { r.Monitor = true }
func named(name string) func(*Rule)   { return func(r *Rule) { r.Name = name } }
func asking(m Match) func(*Rule)      { return func(r *Rule) { r.Match = m } }
func doing(a Action) func(*Rule)      { return func(r *Rule) { r.Action = a } }
func cards(m *Match)                  { m.Data = []DataMatch{{Class: "payment", Detectors: []string{"payment_card"}}} }
func matching(c ...func(*Match)) (m Match) {
	for _, change := range c {
		change(&m)
	}
	return m
}

func TestARuleAnswersForWhatItMightHaveStopped(t *testing.T) {
	prohibited := Approval{Service: "chat", Status: Prohibited}
	payment := lists(named("cards"), asking(matching(cards)))
	everything := lists(named("all"), asking(Match{}))
	logs := lists(named("log"), asking(Match{}), doing(Log))
	for _, c := range []struct {
		name     string
		rules    []Rule
		facts    Facts
		doubt    Doubt
		change   func(*Policy)
		action   Action
		rule, by string
	}{
		{name: "the rule blocks", rules: []Rule{lists(onError(OnErrorBlock))}, action: Block, rule: "lists", by: ByRule},
		{name: "the rule lets through", rules: []Rule{lists(onError(OnErrorAllow))}, action: Log, rule: "lists", by: ByRule},
		{name: "its file lets through", rules: []Rule{lists(ofItsFile(OnErrorAllow))}, action: Log, rule: "lists", by: ByPolicy},
		{name: "the configuration blocks by itself", rules: []Rule{lists()}, action: Block, rule: "lists", by: ByConfiguration},
		{name: "the configuration lets through", rules: []Rule{lists()}, change: func(p *Policy) { p.OnErrorAllow = true }, action: Log, rule: "lists", by: ByConfiguration},
		{name: "a rule before, which may match too and lets through, takes nothing from it",
			rules: []Rule{func() Rule { r := payment; r.OnError = OnErrorAllow; return r }(), lists(onError(OnErrorBlock))}, action: Block, rule: "lists", by: ByRule},
		{name: "nor does one before that logs", rules: []Rule{lists(named("seen"), doing(Log)), lists(onError(OnErrorBlock))}, action: Block, rule: "lists", by: ByRule},
		{name: "a rule behind one that matches for sure has no say", rules: []Rule{logs, lists(onError(OnErrorBlock))}, action: Log, rule: "log", by: ByCertainty},
		{name: "a rule for another status has none", rules: []Rule{lists(asking(Match{Statuses: []Status{Sanctioned}, Data: []DataMatch{personal()}}))}, action: Log, by: ByCertainty},
		{name: "nor one for another user", rules: []Rule{lists(asking(Match{Users: []string{"bo@*"}, Data: []DataMatch{personal()}}))}, action: Log, by: ByCertainty},
		{name: "nor one for larger bodies", rules: []Rule{lists(asking(Match{Bytes: Comparison{">=", 4096}, Data: []DataMatch{personal()}}))}, action: Log, by: ByCertainty},
		{name: "a size that nobody knows may be enough", rules: []Rule{lists(asking(Match{Bytes: Comparison{">=", 4096}}))}, facts: prompt(func(f *Facts) { f.Bytes = -1 }), action: Block, rule: "lists", by: ByConfiguration},
		{name: "a rule that is monitored has none", rules: []Rule{lists(onlyMonitored, onError(OnErrorBlock))}, action: Log, by: ByCertainty},
		{name: "nor where the configuration monitors", rules: []Rule{lists(onError(OnErrorBlock))}, change: func(p *Policy) { p.MonitorAll = true }, action: Log, by: ByCertainty},
		{name: "nor where the policy monitors", rules: []Rule{lists(onError(OnErrorBlock))}, change: func(p *Policy) { p.Monitor = true }, action: Log, by: ByCertainty},
		{name: "nor outside of its share", rules: []Rule{lists(onError(OnErrorBlock), func(r *Rule) { r.Enforce = 1 })}, action: Log, by: ByCertainty},
		{name: "what every rule stops is stopped", rules: []Rule{lists(onError(OnErrorAllow)), everything}, change: func(p *Policy) { p.OnErrorAllow = true }, action: Block, rule: "lists", by: ByCertainty},
		{name: "what one before it may let go on is in doubt", rules: []Rule{lists(doing(Log)), func() Rule { r := everything; r.OnError = OnErrorAllow; return r }()}, action: Log, rule: "all", by: ByRule},
		{name: "no AI, no rule", rules: []Rule{lists()}, facts: prompt(elsewhere), action: Allow, by: ByCertainty},
		{name: "a service that nobody knows may be one", rules: []Rule{lists()}, facts: prompt(elsewhere), doubt: Doubt{Service: true}, action: Block, rule: "lists", by: ByConfiguration},
		{name: "a rule that stops it for sure speaks for itself", rules: []Rule{everything}, change: func(p *Policy) { p.OnErrorAllow = true }, action: Block, rule: "all", by: ByCertainty},
		{name: "no rules", action: Log, by: ByCertainty},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Policy{Approvals: []Approval{prohibited}, Rules: c.rules}
			if c.change != nil {
				c.change(&p)
			}
			if c.facts.Method == "" {
				c.facts = prompt()
			}
			v := Compile(p).Unjudged(c.doubt, c.facts)
			if v.Action != c.action || v.Rule != c.rule || v.OnErrorBy != c.by || v.Monitor || v.Message != nil && v.Rule != "all" && v.Rule != "log" {
				t.Errorf("%+v", v)
			}
			if !strings.HasPrefix(v.Reason, "the exchange could not be judged; ") || (c.rule != "") != (v.At != "") {
				t.Errorf("reason %q at %q", v.Reason, v.At)
			}
		})
	}
}

// What may be AI or not is refused when a rule of either blocks.
func TestOneOfSeveralPossibleFactsIsEnough(t *testing.T) {
	p := Policy{OnErrorAllow: true, Rules: []Rule{lists(asking(Match{Services: []string{Suspected}, Data: []DataMatch{personal()}}), onError(OnErrorBlock))}}
	ordinary := prompt(elsewhere)
	suspected := ordinary
	suspected.Service = Service{ID: Suspected, Operation: "prompt"}
	if v := p.Unjudged(Doubt{}, ordinary); v.Action != Allow || v.OnErrorBy != ByCertainty {
		t.Errorf("%+v", v)
	}
	if v := p.Unjudged(Doubt{}, ordinary, suspected); v.Action != Block || v.Rule != "lists" || v.OnErrorBy != ByRule || v.Status != NoStatus {
		t.Errorf("%+v", v)
	}
}

func TestWhatIsLeftUnreadIsRefusedByTheRuleThatSaysSo(t *testing.T) {
	clean, few := found(0), found(3, summary("email", "personal", 3, 1))
	many := asking(Match{Data: []DataMatch{personal(func(d *DataMatch) { d.People = Comparison{">=", 10} })}})
	for _, c := range []struct {
		name  string
		rules []Rule
		facts Facts
		by    string // "" when it goes on
	}{
		{"the rest may hold a list", []Rule{lists(many, onError(OnErrorBlock))}, prompt(clean), ByRule},
		{"as the file says", []Rule{lists(many, ofItsFile(OnErrorBlock))}, prompt(few), ByPolicy},
		{"the rule lets through", []Rule{lists(many, onError(OnErrorAllow))}, prompt(few), ""},
		{"only the configuration blocks", []Rule{lists(many)}, prompt(few), ""},
		{"the rule is monitored", []Rule{lists(many, onError(OnErrorBlock), onlyMonitored)}, prompt(few), ""},
		{"a rule before speaks of what is unread", []Rule{lists(named("unread"), doing(Log), asking(Match{Coverage: []string{"complete"}})), lists(many, onError(OnErrorBlock))}, prompt(few), ""},
		{"more cannot fulfil it", []Rule{lists(asking(Match{Data: []DataMatch{personal(func(d *DataMatch) { d.People = Comparison{"<", 3} })}}), onError(OnErrorBlock))}, prompt(few), ""},
		{"another service", []Rule{lists(asking(Match{Services: []string{"other"}, Data: []DataMatch{personal()}}), onError(OnErrorBlock))}, prompt(few), ""},
	} {
		p := Policy{Rules: c.rules}
		v, ok := p.Unread(c.facts)
		if ok != (c.by != "") || ok && (v.OnErrorBy != c.by || !v.Stops() || v.Message != nil || v.At == "") {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}

// plainlyUnjudged is what Unjudged means, without what is shared with others.
func plainlyUnjudged(p *Policy, f Facts) (action Action, rule, by string) {
	e := p.newEvaluation(f)
	var blocking, asked *Rule
	passes, decided, mayBe := false, false, 0
	for i := range p.Rules {
		r := &p.Rules[i]
		holds := e.rule(r, nil)
		if holds == no {
			continue
		}
		mayBe++
		if holds == yes && mayBe == 1 {
			return r.Action, r.Name, ByCertainty
		}
		stops := r.Action == Block && e.monitoredBy(r) == ""
		blocks := r.OnError == OnErrorBlock || r.OnError == NoOnError && !p.OnErrorAllow
		passes = passes || !stops
		if stops && asked == nil {
			asked = r
		}
		if stops && blocks && blocking == nil {
			blocking = r
		}
		if decided = holds == yes; decided {
			break
		}
	}
	if blocking != nil {
		asked = blocking
	}
	switch {
	case mayBe == 0 && !f.Service.IsAI():
		return Allow, "", ByCertainty
	case asked == nil:
		return Log, "", ByCertainty
	case decided && !passes:
		return Block, asked.Name, ByCertainty
	}
	by, action = ByRule, Log
	switch {
	case asked.OnError == NoOnError:
		by = ByConfiguration
	case asked.OnErrorOfFile:
		by = ByPolicy
	}
	if blocking != nil {
		action = Block
	}
	return action, asked.Name, by
}

// randomOnErrors gives rules an on_error, or a file.
func randomOnErrors(r *rand.Rand, p *Policy) {
	p.OnErrorAllow = r.IntN(2) == 0
	for i := range p.Rules {
		if rule := &p.Rules[i]; rule.Action == Block {
			rule.OnError, rule.OnErrorOfFile = pick(r, NoOnError, OnErrorAllow, OnErrorBlock), r.IntN(2) == 0
		}
	}
}

// mustFailAsPlainlyMeant compares, and looks at what the body might have been.
func mustFailAsPlainlyMeant(t *testing.T, r *rand.Rand) (by string) {
	t.Helper()
	p, f := randomPolicy(r), randomHead(r)
	randomOnErrors(r, p)
	f.Content = nil
	got := p.Unjudged(Doubt{}, f)
	if action, rule, by := plainlyUnjudged(p, f); got.Action != action || got.Rule != rule || got.OnErrorBy != by {
		t.Fatalf("%+v, plainly %v by %q of %q\npolicy %+v\nfacts %+v", got, action, by, rule, p, f)
	}
	for range 8 {
		g := f
		g.Content = randomContent(r)
		if g.Bytes < 0 {
			g.Bytes = r.Int64N(4)
		}
		v := p.Decide(g, nil)
		protects := false
		for i := range p.Rules {
			protects = protects || p.Rules[i].At == v.At && p.Rules[i].Name == v.Rule && p.blocksOnError(&p.Rules[i])
		}
		switch {
		case v.Stops() && protects && !got.Stops():
			t.Fatalf("%+v goes through, and %+v would have stopped %+v\npolicy %+v", got, v, *g.Content, p)
		case got.OnErrorBy == ByCertainty && v.Stops() != got.Stops():
			t.Fatalf("%+v is not certain: %+v with %+v\npolicy %+v", got, v, *g.Content, p)
		case p.MonitorAll && got.Stops():
			t.Fatalf("%+v refuses while all is monitored", got)
		}
	}
	return got.OnErrorBy
}

func TestOnErrorIsWhatItPlainlyMeans(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	seen := map[string]int{}
	for range 20000 {
		seen[mustFailAsPlainlyMeant(t, r)]++
	}
	for _, by := range []string{ByRule, ByPolicy, ByConfiguration, ByCertainty} {
		if seen[by] < 150 {
			t.Errorf("decided %v: the random policies are too alike", seen)
		}
	}
}

func FuzzOnError(f *testing.F) {
	for i := range uint64(8) {
		f.Add(i, i*i)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) { mustFailAsPlainlyMeant(t, rand.New(rand.NewPCG(a, b))) })
}

func BenchmarkUnjudged(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	d := Compile(randomCompany(r, 200))
	f := randomExchange(r)
	f.Content = nil
	b.ReportAllocs()
	for b.Loop() {
		d.Unjudged(Doubt{}, f)
	}
}
