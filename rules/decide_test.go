package rules

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"daylight.internal/classifier"
)

var (
	noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ana  = Client{Address: netip.MustParseAddr("10.20.0.7"), User: "Ana@Marketing.corp.example"}
)

// prompt are the facts of a prompt to a listed service, its body not yet read.
func prompt(change ...func(*Facts)) Facts {
	f := Facts{
		Time: noon, Client: ana, Destination: Destination{Host: "chat.example", Port: 443},
		Service: Service{ID: "chat", Vendor: "Example", Category: "chat", Country: "US", Countries: []string{"SG"}, Operation: "prompt"},
		Method:  "POST", Path: "/send", Bytes: 2048,
	}
	for _, c := range change {
		c(&f)
	}
	return f
}

func elsewhere(f *Facts) {
	f.Service = Service{}
	f.Destination.Host = "shop.example"
}

func found(people int, summaries ...classifier.Summary) func(*Facts) {
	return func(f *Facts) {
		f.Content = &Content{Findings: summaries, People: people, Coverage: classifier.Coverage{State: classifier.Complete}}
	}
}

func summary(detector, class string, count int, confidence float64) classifier.Summary {
	return classifier.Summary{Detector: detector, Class: class, Count: count, Confidence: confidence}
}

var (
	emails  = summary("email", "personal", 250, 0.9)
	card    = summary("payment_card", "payment", 1, 0.95)
	results = summary("campaign_performance", "campaign_performance", 12, 0.8)
)

func personal(change ...func(*DataMatch)) DataMatch {
	d := DataMatch{Class: "personal", Detectors: []string{"email", "phone"}}
	for _, c := range change {
		c(&d)
	}
	return d
}

func TestEachConditionIsTrueFalseOrUnknown(t *testing.T) {
	groups := []Group{{Name: "marketing", Networks: []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16")}}, {Name: "sales", Users: []string{"*@sales.example"}}}
	read := found(250, emails)
	people := func(op string, n int64) Match {
		return Match{Data: []DataMatch{personal(func(d *DataMatch) { d.People = Comparison{op, n} })}}
	}
	for _, c := range []struct {
		name  string
		match Match
		facts Facts
		want  ternary
	}{
		{"nothing asked of AI", Match{}, prompt(), yes},
		{"nothing asked, but not AI", Match{}, prompt(elsewhere), no},
		{"other traffic", Match{Traffic: TrafficOther}, prompt(elsewhere), yes},
		{"other traffic, but AI", Match{Traffic: TrafficOther}, prompt(), no},
		{"any traffic, AI", Match{Traffic: TrafficAny}, prompt(), yes},
		{"any traffic, not AI", Match{Traffic: TrafficAny}, prompt(elsewhere), yes},
		{"a group by network", Match{Groups: []string{"sales", "marketing"}}, prompt(), yes},
		{"a group by network, IPv4 in IPv6", Match{Groups: []string{"marketing"}}, prompt(func(f *Facts) { f.Client.Address = netip.MustParseAddr("::ffff:10.20.0.7") }), yes},
		{"another group", Match{Groups: []string{"sales"}}, prompt(), no},
		{"a group by user, case folded", Match{Groups: []string{"sales"}}, prompt(func(f *Facts) { f.Client.User = "Bo@SALES.example" }), yes},
		{"a group, nobody known", Match{Groups: []string{"marketing", "sales"}}, prompt(func(f *Facts) { f.Client = Client{} }), no},
		{"a user", Match{Users: []string{"ana@marketing.corp.example"}}, prompt(), yes},
		{"any user", Match{Users: []string{"*"}}, prompt(), yes},
		{"any user, nobody signed in", Match{Users: []string{"*"}}, prompt(func(f *Facts) { f.Client.User = "" }), no},
		{"another user", Match{Users: []string{"*@sales.example"}}, prompt(), no},
		{"a service", Match{Services: []string{"other", "chat"}}, prompt(), yes},
		{"another service", Match{Services: []string{"other"}}, prompt(), no},
		{"a category", Match{Categories: []string{"chat"}}, prompt(), yes},
		{"another category", Match{Categories: []string{"image"}}, prompt(), no},
		{"a vendor", Match{Vendors: []string{"Example"}}, prompt(), yes},
		{"another vendor", Match{Vendors: []string{"Sample"}}, prompt(), no},
		{"the vendor's home", Match{Countries: []string{"US"}}, prompt(), yes},
		{"another country of the vendor", Match{Countries: []string{"SG"}}, prompt(), yes},
		{"another country", Match{Countries: []string{"CN"}}, prompt(), no},
		{"no status is unreviewed", Match{Statuses: []Status{Unreviewed}}, prompt(), yes},
		{"another status", Match{Statuses: []Status{Sanctioned, Tolerated, Prohibited}}, prompt(), no},
		{"an operation", Match{Operations: []string{"prompt", "upload"}}, prompt(), yes},
		{"another operation", Match{Operations: []string{"upload"}}, prompt(), no},
		{"a method", Match{Methods: []string{"POST"}}, prompt(), yes},
		{"another method", Match{Methods: []string{"PUT"}}, prompt(), no},
		{"a host", Match{Hosts: []string{"chat.example"}}, prompt(), yes},
		{"a host below", Match{Hosts: []string{"*.example"}}, prompt(), yes},
		{"a suffix is not its own subdomain", Match{Hosts: []string{"*.chat.example"}}, prompt(), no},
		{"a suffix ends at a dot", Match{Hosts: []string{"*.hat.example"}}, prompt(), no},
		{"bytes enough", Match{Bytes: Comparison{">=", 2048}}, prompt(), yes},
		{"bytes too few", Match{Bytes: Comparison{">", 2048}}, prompt(), no},
		{"bytes not known yet", Match{Bytes: Comparison{">", 2048}}, prompt(func(f *Facts) { f.Bytes = -1 }), unknown},
		{"coverage before reading", Match{Coverage: []string{"complete"}}, prompt(), unknown},
		{"coverage", Match{Coverage: []string{"truncated", "complete"}}, prompt(read), yes},
		{"another coverage", Match{Coverage: []string{"truncated"}}, prompt(read), no},
		{"data before reading", Match{Data: []DataMatch{personal()}}, prompt(), unknown},
		{"data", Match{Data: []DataMatch{personal()}}, prompt(read), yes},
		{"data of another class", Match{Data: []DataMatch{{Class: "payment", Detectors: []string{"payment_card"}}}}, prompt(read), no},
		{"data of both classes", Match{Data: []DataMatch{personal(), {Detectors: []string{"payment_card"}}}}, prompt(read), no},
		{"data of both classes, both found", Match{Data: []DataMatch{personal(), {Detectors: []string{"payment_card"}}}}, prompt(found(1, emails, card)), yes},
		{"any data", Match{Data: []DataMatch{{}}}, prompt(found(0, results)), yes},
		{"any data in a clean body", Match{Data: []DataMatch{{}}}, prompt(found(0)), no},
		{"people enough", people(">=", 250), prompt(read), yes},
		{"people too few", people(">", 250), prompt(read), no},
		{"few people, but no finding", people("<", 10), prompt(found(0)), no},
		{"a count", Match{Data: []DataMatch{personal(func(d *DataMatch) { d.Count = Comparison{">=", 250} })}}, prompt(read), yes},
		{"a count adds up detectors", Match{Data: []DataMatch{personal(func(d *DataMatch) { d.Count = Comparison{"=", 252} })}}, prompt(found(250, emails, summary("phone", "personal", 2, 0.5))), yes},
		{"a count of none", Match{Data: []DataMatch{personal(func(d *DataMatch) { d.Count = Comparison{"=", 0} })}}, prompt(found(0, card)), yes},
		{"sure enough", Match{Data: []DataMatch{personal(func(d *DataMatch) { d.Confidence = Comparison{">=", 90} })}}, prompt(read), yes},
		{"not sure enough", Match{Data: []DataMatch{personal(func(d *DataMatch) { d.Confidence = Comparison{">", 90} })}}, prompt(read), no},
		{"all conditions hold", Match{Services: []string{"chat"}, Methods: []string{"POST"}, Data: []DataMatch{personal()}}, prompt(read), yes},
		{"one false and one unknown are false", Match{Data: []DataMatch{personal()}, Methods: []string{"PUT"}}, prompt(), no},
		{"one true and one unknown are unknown", Match{Data: []DataMatch{personal()}, Methods: []string{"POST"}}, prompt(), unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Policy{Groups: groups}
			if got := p.newEvaluation(c.facts).rule(&Rule{Match: c.match}, nil); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestFirstMatchDecides(t *testing.T) {
	p := Policy{Rules: []Rule{
		{Name: "cards", At: "p.yaml:3:5", Match: Match{Data: []DataMatch{{Detectors: []string{"payment_card"}}}}, Action: Block, Message: map[string]string{"en": "No cards."}},
		{Name: "lists", Match: Match{Data: []DataMatch{personal()}}, Action: Allow},
		{Name: "all", Match: Match{}, Action: Block},
	}}
	v := p.Decide(prompt(found(1, emails, card)), nil)
	if v.Rule != "cards" || v.At != "p.yaml:3:5" || !v.Stops() || v.Message["en"] != "No cards." {
		t.Errorf("a body with both: %+v", v)
	}
	if v := p.Decide(prompt(found(250, emails)), nil); v.Rule != "lists" || v.Action != Allow {
		t.Errorf("a body with addresses: %+v", v)
	}
	if v := p.Decide(prompt(elsewhere), nil); v.Rule != "" || v.Action != Allow {
		t.Errorf("other traffic: %+v", v)
	}
}

func TestWithoutRulesAIIsLoggedAndTheRestAllowed(t *testing.T) {
	var p Policy
	if v := p.Decide(prompt(), nil); v.Action != Log || v.Rule != "" || v.Stops() || v.Status != Unreviewed {
		t.Errorf("AI: %+v", v)
	}
	if v := p.Decide(prompt(elsewhere), nil); v.Action != Allow || v.Status != NoStatus {
		t.Errorf("other: %+v", v)
	}
	if !(Verdict{}).Stops() {
		t.Error("a verdict that nobody made lets an exchange through")
	}
}

func TestMonitorOnlySaysWhatItWouldDo(t *testing.T) {
	block := Rule{Name: "all", Action: Block}
	monitored := block
	monitored.Monitor = true
	for name, p := range map[string]Policy{"policy": {Monitor: true, Rules: []Rule{block}}, "rule": {Rules: []Rule{monitored}}} {
		if v := p.Decide(prompt(found(0)), nil); v.Action != Block || v.Stops() || !v.Monitor {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestContentThatNobodyReadIsNotInspected(t *testing.T) {
	p := Policy{Rules: []Rule{{Name: "unread", Match: Match{Coverage: []string{"not_inspected"}}, Action: Block}}}
	if v := p.Decide(prompt(), nil); v.Rule != "unread" {
		t.Errorf("verdict %+v", v)
	}
}

func TestReasonNamesWhatDecidedAndNothingThatWasMatched(t *testing.T) {
	p := Policy{
		Rules:     []Rule{{Name: "lists", Match: Match{Data: []DataMatch{personal()}}, Action: Block}},
		Approvals: []Approval{{Service: "chat", Status: Sanctioned, Data: []string{"campaign_performance"}, Detectors: []string{"campaign_performance"}, At: "p.yaml:7:5"}},
	}
	f := prompt(found(250, emails))
	f.Content.Findings[0].Masked = "a***@***.com"
	f.Content.Coverage = classifier.Coverage{State: classifier.Truncated, Reason: "over_limit"}
	want := `rule "lists" matched; chat is unreviewed (the approval at p.yaml:7:5 does not cover personal); found 250 email of 250 people; the body was truncated (over_limit)`
	if got := p.Decide(f, nil).Reason; got != want {
		t.Errorf("reason\n%s\nwant\n%s", got, want)
	}
	f.Content.Findings = nil
	for i := range 12 {
		f.Content.Findings = append(f.Content.Findings, summary("d"+string(rune('a'+i)), "personal", 1, 1))
	}
	if got := p.Decide(f, nil).Reason; !strings.Contains(got, "1 dh and 4 kinds more") {
		t.Errorf("a reason with many findings: %s", got)
	}
}

func TestTraceShowsWhatEachConditionSaw(t *testing.T) {
	p := Policy{Rules: []Rule{
		{Name: "lists", At: "p.yaml:2:5", Match: Match{Statuses: []Status{Unreviewed}, Data: []DataMatch{personal(func(d *DataMatch) { d.People = Comparison{">=", 300} })}}, Action: Block},
		{Name: "posts", At: "p.yaml:5:5", Match: Match{Methods: []string{"POST"}}, Action: Log},
	}}
	var trace Trace
	p.Decide(prompt(found(250, emails)), &trace)
	want := []Step{
		{"lists", "p.yaml:2:5", "traffic", "ai", "yes", "ai"},
		{"lists", "p.yaml:2:5", "status", "unreviewed", "yes", "unreviewed"},
		{"lists", "p.yaml:2:5", "data", "personal, people >=300", "no", "250 email of 250 people"},
		{"posts", "p.yaml:5:5", "traffic", "ai", "yes", "ai"},
		{"posts", "p.yaml:5:5", "method", "POST", "yes", "POST"},
	}
	if !slices.Equal(trace.Steps, want) {
		t.Errorf("steps\n%+v\nwant\n%+v", trace.Steps, want)
	}
}

func TestStarsStandForAnyText(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true}, {"*", "x", true}, {"a*", "a", true}, {"a*", "ba", false}, {"*a", "ba", true}, {"a*a", "a", false}, {"a*a", "aa", true},
		{"*@x.example", "ana@x.example", true}, {"*@x.example", "ana@x.example.org", false}, {"a*b*c", "a-b-b-c", true}, {"a*b*c", "acb", false}, {"ab", "abc", false},
	} {
		if got := matchStars(c.pattern, c.text); got != c.want {
			t.Errorf("%q matches %q: %v", c.pattern, c.text, got)
		}
	}
}
