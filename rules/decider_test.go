package rules

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"daylight.internal/classifier"
)

// A decider and the policy that it was compiled from say the same of every
// exchange, in every word of the verdict.
func TestADeciderSaysWhatItsPolicySays(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	outcomes := map[string]int{}
	for range 3000 {
		p := randomCompany(r, r.IntN(150))
		d := Compile(p)
		for range 8 {
			for _, o := range compare(t, &p, d, randomExchange(r)) {
				outcomes[o]++
			}
		}
	}
	for _, o := range []string{"implicit", "first 8", "later", "hold", "observe", "nothing", "final", "monitored", "no groups", "several groups", "approved", "silent or expired"} {
		if outcomes[o] < 200 {
			t.Errorf("%s: only %d times; the random policies are too alike: %v", o, outcomes[o], outcomes)
		}
	}
}

// What is larger than the memory that an evaluation has at hand is judged alike.
func TestADeciderOfALargePolicySaysWhatItsPolicySays(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 13))
	p := randomCompany(r, 4000)
	for i := range p.Rules {
		for j := range p.Rules[i].Match.Data { // so that there are many selections
			d := &p.Rules[i].Match.Data[j]
			if len(d.Detectors) > 0 {
				d.Detectors = append(slices.Clone(d.Detectors), fmt.Sprintf("own%d", i%200))
			}
		}
		if r.IntN(3) > 0 { // so that the later ones are asked
			p.Rules[i].Match.Users = []string{"nobody@corp.example"}
		}
	}
	for i := range 700 {
		g := Group{Name: fmt.Sprintf("extra%d", i), Users: []string{fmt.Sprintf("person%d", i)}}
		if i%50 == 0 {
			g.Users = append(g.Users, randomUserPattern(r))
		}
		p.Groups = append(p.Groups, g)
	}
	for i := range 2500 {
		p.Approvals = append(p.Approvals, Approval{Service: "chat", Status: pick(r, Sanctioned, Tolerated, Prohibited), At: fmt.Sprintf("q.yaml:%d:5", i),
			Groups: []string{fmt.Sprintf("extra%d", i%700)}, Data: []string{"class"}, Detectors: some(r, 3, detectors)})
	}
	d := Compile(p)
	if len(d.content.selections) <= len(room{}.totals) || wordsFor(len(p.Rules)) <= len(room{}.words[0]) || wordsFor(len(p.Groups)) <= len(room{}.groups) {
		t.Fatalf("%d selections of %d rules and %d groups are not many", len(d.content.selections), len(p.Rules), len(p.Groups))
	}
	late := 0
	for range 200 {
		f := randomExchange(r)
		if f.Content != nil && r.IntN(2) == 0 {
			for i := range 30 {
				f.Content.Findings = append(f.Content.Findings, summary(fmt.Sprintf("own%d", r.IntN(300)), "class", i%2, 0.9))
			}
		}
		compare(t, &p, d, f)
		if i := slices.IndexFunc(p.Rules, func(rule Rule) bool { return rule.Name == d.Decide(f, nil).Rule }); i > 64 {
			late++
		}
	}
	if late < 3 {
		t.Errorf("only %d exchanges were decided by a rule far below", late)
	}
}

func FuzzDecider(f *testing.F) {
	for i := range uint64(8) {
		f.Add(i, i*i, uint16(i*20))
	}
	f.Fuzz(func(t *testing.T, a, b uint64, rules uint16) {
		r := rand.New(rand.NewPCG(a, b))
		p := randomCompany(r, int(rules%400))
		d := Compile(p)
		for range 4 {
			compare(t, &p, d, randomExchange(r))
		}
	})
}

// compare holds the decider against the policy and tells what was seen.
func compare(t *testing.T, p *Policy, d *Decider, f Facts) (seen []string) {
	t.Helper()
	want, got := p.Decide(f, nil), d.Decide(f, nil)
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("the decider says\n%+v\nthe policy\n%+v\nof %+v", got, want, f)
	}
	if traced := d.Decide(f, &Trace{}); !reflect.DeepEqual(traced, want) {
		t.Fatalf("with a trace it says\n%+v\nwithout\n%+v", traced, want)
	}
	head := f
	head.Content = nil
	for _, f := range []Facts{head, f} {
		wantNeed, wantVerdict, wantFinal := p.Plan(f)
		need, verdict, final := d.Plan(f)
		if need != wantNeed || final != wantFinal || !reflect.DeepEqual(verdict, wantVerdict) {
			t.Fatalf("the decider plans\n%v %v %+v\nthe policy\n%v %v %+v\nfor %+v", need, final, verdict, wantNeed, wantFinal, wantVerdict, f)
		}
		if f.Content == nil {
			seen = append(seen, map[Need]string{Hold: "hold", Observe: "observe", Nothing: "nothing"}[need])
			if final {
				seen = append(seen, "final")
			}
		}
	}
	return append(seen, features(p, &want)...)
}

func features(p *Policy, v *Verdict) (seen []string) {
	switch i := slices.IndexFunc(p.Rules, func(r Rule) bool { return r.Name == v.Rule }); {
	case i < 0:
		seen = append(seen, "implicit")
	case i < 8:
		seen = append(seen, "first 8")
	default:
		seen = append(seen, "later")
	}
	switch len(v.Groups) {
	case 0:
		seen = append(seen, "no groups")
	case 1:
	default:
		seen = append(seen, "several groups")
	}
	if v.Monitor {
		seen = append(seen, "monitored")
	}
	if v.Approval != "" {
		seen = append(seen, "approved")
	}
	if containsAny(v.Reason, "does not cover", "expired on") {
		seen = append(seen, "silent or expired")
	}
	return seen
}

var (
	services   = []string{"chat", "writer", "images", Suspected}
	groupNames = []string{"g0", "g1", "g2", "g3", "g4"}
	detectors  = []string{"email", "phone", "payment_card", "campaign_performance", "api_key"}
)

// some picks up to n of the values, in a random order.
func some[T any](r *rand.Rand, n int, values []T) []T {
	values = slices.Clone(values)
	r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
	return values[:1+r.IntN(min(n, len(values)))]
}

// randomCompany makes a policy with every kind of condition.
func randomCompany(r *rand.Rand, rules int) Policy {
	p := Policy{MonitorAll: r.IntN(20) == 0, Monitor: r.IntN(6) == 0}
	for _, name := range groupNames {
		g := Group{Name: name, Mode: pick(r, NoMode, NoMode, NoMode, Enforce, Monitor)}
		for range r.IntN(3) {
			g.Networks = append(g.Networks, pick(r, netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("10.20.0.7/32"),
				netip.MustParsePrefix("10.20.9.9/16"), netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("::/0"), netip.Prefix{}))
		}
		for range r.IntN(3) {
			g.Users = append(g.Users, randomUserPattern(r))
		}
		p.Groups = append(p.Groups, g)
	}
	for i := range r.IntN(12) {
		a := Approval{Service: pick(r, services...), Status: pick(r, Sanctioned, Tolerated, Prohibited), At: fmt.Sprintf("p.yaml:%d:5", i)}
		if r.IntN(2) == 0 {
			a.Groups = some(r, 2, groupNames)
		}
		if r.IntN(2) == 0 {
			a.Data, a.Detectors = []string{"class"}, some(r, 3, detectors)
		}
		if r.IntN(3) == 0 {
			a.Expires = pick(r, noon, noon.Add(1), noon.Add(-time.Hour))
		}
		p.Approvals = append(p.Approvals, a)
	}
	for i := range rules {
		p.Rules = append(p.Rules, randomRule(r, i))
	}
	return p
}

func randomUserPattern(r *rand.Rand) string {
	return pick(r, "*", "ana@corp.example", "bo@corp.example", "*@corp.example", "*@*.example", "*.example", "ana*", "a*a@corp.example", "*corp*", "**", "ana@*", "")
}

func randomRule(r *rand.Rand, i int) Rule {
	rule := Rule{
		Name: fmt.Sprintf("r%d", i), At: fmt.Sprintf("p.yaml:%d:3", i), Action: pick(r, Block, Block, Log, Allow, Redact),
		Monitor: r.IntN(6) == 0, Enforce: pick(r, 0, 0, Share(1+r.IntN(10_000))),
	}
	m := &rule.Match
	m.Traffic = pick(r, TrafficAI, TrafficAI, TrafficAny, TrafficOther)
	conditions := []func(){
		func() { m.Groups = some(r, 2, append(groupNames, "nobody")) },
		func() { m.Users = []string{randomUserPattern(r), randomUserPattern(r)} },
		func() { m.Services = some(r, 2, services) },
		func() { m.Categories = some(r, 1, []string{"chat", "image", ""}) },
		func() { m.Vendors = some(r, 1, []string{"Example", "Sample"}) },
		func() { m.Countries = some(r, 2, []string{"US", "CN", "SG", ""}) },
		func() { m.Statuses = some(r, 3, []Status{Sanctioned, Tolerated, Prohibited, Unreviewed}) },
		func() { m.Accounts = some(r, 2, []AccountKind{CorporateAccount, PrivateAccount, UnknownAccount}) },
		func() { m.Plans = some(r, 2, []string{"free", "team", ""}) },
		func() { m.Operations = some(r, 2, []string{"prompt", "upload", "other"}) },
		func() { m.Methods = some(r, 1, []string{"POST", "GET", "PUT"}) },
		func() {
			m.Hosts = some(r, 2, []string{"chat.example", "*.example", "*.chat.example", "*example", "*", "shop.example"})
		},
		func() { m.Coverage = some(r, 2, []string{"complete", "truncated", "not_inspected"}) },
		func() { m.Bytes = randomComparison(r) },
		func() { m.Data = append(m.Data, randomCondition(r)) },
		func() { m.Data = append(m.Data, randomCondition(r)) },
	}
	for range 1 + r.IntN(4) {
		pick(r, conditions...)()
	}
	return rule
}

func randomComparison(r *rand.Rand) Comparison {
	return Comparison{pick(r, ">=", ">", "<=", "<", "="), r.Int64N(4)}
}

func randomCondition(r *rand.Rand) DataMatch {
	d := DataMatch{Detectors: pick(r, nil, []string{}, some(r, 3, detectors), some(r, 1, detectors))}
	if r.IntN(2) == 0 {
		d.Count = randomComparison(r)
	}
	if r.IntN(2) == 0 {
		d.People = randomComparison(r)
	}
	if r.IntN(3) == 0 {
		d.Confidence = Comparison{pick(r, ">=", "<"), 80}
	}
	return d
}

func randomExchange(r *rand.Rand) Facts {
	f := prompt(func(f *Facts) {
		f.Client = Client{
			Address: pick(r, netip.MustParseAddr("10.20.0.7"), netip.MustParseAddr("::ffff:10.20.0.7"), netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("fe80::1%eth0"), netip.Addr{}),
			User:    pick(r, "", "Ana@Corp.example", "bo@corp.example", "ana@x.corp.example", "a", "corp"),
		}
		f.Account = Account{Kind: pick(r, CorporateAccount, PrivateAccount, UnknownAccount), Plan: pick(r, "", "free", "team"), Pending: r.IntN(3) == 0}
		f.Method = pick(r, "POST", "GET")
		f.Bytes = r.Int64N(5) - 1
		f.Destination.Host = pick(r, "chat.example", "a.chat.example", "shop.example", "example", "")
	})
	if r.IntN(5) == 0 {
		f.Service, f.Account = Service{}, Account{}
	} else {
		f.Service.ID, f.Service.Category, f.Service.Operation = pick(r, services...), pick(r, "chat", "image"), pick(r, "prompt", "upload")
		f.Service.Country = pick(r, "US", "CN", "")
	}
	if r.IntN(8) > 0 {
		f.Content = &Content{People: r.IntN(4), Coverage: classifier.Coverage{State: classifier.CoverageState(r.IntN(4))}}
		for range r.IntN(4) {
			f.Content.Findings = append(f.Content.Findings, summary(pick(r, append(detectors, "unheard_of")...), "class", r.IntN(3), pick(r, 0.5, 0.795, 0.9)))
		}
	}
	return f
}

func containsAny(s string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(s, part) })
}

func TestAVerdictTakesNextToNoMemory(t *testing.T) {
	p := company(1000)
	d := Compile(p)
	for name, f := range map[string]Facts{"AI": prompt(found(250, emails, card, results), as("ana")), "other": prompt(elsewhere, found(0), as("ana"))} {
		if n := testing.AllocsPerRun(100, func() { d.Decide(f, nil) }); n > 1 { // the reason
			t.Errorf("%s: %v allocations for a verdict", name, n)
		}
		f.Content = nil
		if n := testing.AllocsPerRun(100, func() { d.Plan(f) }); n > 1 {
			t.Errorf("%s: %v allocations for a plan", name, n)
		}
	}
}

// The figures are those of the benchmarks; this notices when the index is no
// longer one. A factor of twenty is usual.
func TestTheIndexOfAThousandRulesIsFasterThanTheWalk(t *testing.T) {
	p, f := company(1000), prompt(found(250, emails, card, results))
	d := Compile(p)
	indexed, plain := time.Hour, time.Hour // the fastest of many: a busy machine only adds
	for range 100 {
		begin := time.Now()
		d.Decide(f, nil)
		middle := time.Now()
		p.Decide(f, nil)
		indexed, plain = min(indexed, middle.Sub(begin)), min(plain, time.Since(middle))
	}
	if indexed > plain/3 {
		t.Errorf("%v by the index, %v by the walk", indexed, plain)
	}
}
