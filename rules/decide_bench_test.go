package rules

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

// BenchmarkDecide is a verdict of the index, with how many times longer the
// plain walk takes beside it.
func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 5000} {
		p, f := company(n), prompt(found(250, emails, card, results))
		for _, c := range []struct {
			name string
			rule int // that matches; -1 for none
		}{{"first", 0}, {"last", n - 1}, {"none", -1}} {
			p := p
			want := ""
			if c.rule >= 0 {
				p.Rules = append([]Rule(nil), p.Rules...)
				p.Rules[c.rule] = Rule{Name: "it", Action: Block, Match: Match{Services: []string{"chat"}, Data: []DataMatch{personal()}}}
				want = "it"
			}
			b.Run(fmt.Sprintf("rules=%d/%s", n, c.name), func(b *testing.B) { besidePlain(b, p, f, want) })
		}
	}
	b.Run("rules=1000/one class", func(b *testing.B) { besidePlain(b, oneClass(1000), prompt(found(250, emails, card, results)), "") })
	b.Run("rules=1000/many people listed", func(b *testing.B) {
		p := company(1000)
		p.Groups = crowd(300, 10_000)
		besidePlain(b, p, prompt(found(250, emails, card, results), as("person9999@corp.example")), "")
	})
	b.Run("approvals=1000/of one service", func(b *testing.B) {
		besidePlain(b, approved(1000, "chat"), prompt(found(250, emails, card, results)), "")
	})
	b.Run("approvals=1000/of others", func(b *testing.B) {
		besidePlain(b, approved(1000, "chat", "writer", "images", "slides"), prompt(found(250, emails, card, results)), "")
	})
}

// BenchmarkPlan is the plan for the head of a request, as BenchmarkDecide is the verdict.
func BenchmarkPlan(b *testing.B) {
	for name, p := range map[string]Policy{"mixed": company(1000), "one class, monitored": monitored(oneClass(1000)), "approvals": approved(1000, "chat")} {
		b.Run(name, func(b *testing.B) {
			d, f := Compile(p), prompt()
			want, _, _ := p.Plan(f)
			b.ReportAllocs()
			for b.Loop() {
				if need, _, _ := d.Plan(f); need != want {
					b.Fatal(need)
				}
			}
			reportPlain(b, func() { p.Plan(f) })
		})
	}
}

// BenchmarkGroups is the membership of a client in 300 groups that list 10,000
// users and 600 networks.
func BenchmarkGroups(b *testing.B) {
	p := Policy{Groups: crowd(300, 10_000)}
	c := Client{Address: netip.MustParseAddr("10.1.43.7"), User: "Person9999@corp.example"}
	d := Compile(p)
	b.ReportAllocs()
	for b.Loop() {
		if len(d.GroupsOf(c)) != 2 {
			b.Fatal(d.GroupsOf(c))
		}
	}
	reportPlain(b, func() { p.GroupsOf(c) })
}

func BenchmarkCompile(b *testing.B) {
	for _, n := range []int{1000, 5000} {
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			p := company(n)
			p.Groups = crowd(300, 10_000)
			b.ReportAllocs()
			for b.Loop() {
				Compile(p)
			}
		})
	}
}

// besidePlain measures the decider of a policy, which must come to the rule.
func besidePlain(b *testing.B, p Policy, f Facts, rule string) {
	d := Compile(p)
	if got := p.Decide(f, nil).Rule; got != rule {
		b.Fatalf("rule %q, want %q", got, rule)
	}
	b.ReportAllocs()
	for b.Loop() {
		if d.Decide(f, nil).Rule != rule {
			b.Fatal("another rule")
		}
	}
	reportPlain(b, func() { p.Decide(f, nil) })
}

// reportPlain adds the time of the plain walk, and how much longer that is.
func reportPlain(b *testing.B, walk func()) {
	indexed := float64(b.Elapsed()) / float64(b.N)
	n, begin := 0, time.Now()
	for ; n < 20 || time.Since(begin) < 100*time.Millisecond; n++ {
		walk()
	}
	plain := float64(time.Since(begin)) / float64(n)
	b.ReportMetric(plain, "plain-ns/op")
	b.ReportMetric(plain/indexed, "times")
}

// company is a policy such as a large company has, of which no rule matches a
// prompt to the service chat with personal data.
func company(n int) Policy {
	p := Policy{Groups: []Group{{Name: "marketing", Networks: []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16")}}}}
	for i := range 40 {
		p.Groups = append(p.Groups, Group{Name: fmt.Sprintf("team%d", i), Users: []string{fmt.Sprintf("*@team%d.corp.example", i)}})
	}
	for i := range 60 {
		p.Approvals = append(p.Approvals, Approval{Service: fmt.Sprintf("service%d", i%30), Status: Tolerated})
	}
	for i := range n {
		p.Rules = append(p.Rules, Rule{Name: fmt.Sprintf("r%d", i), Action: Block, Match: companyMatch(i)})
	}
	return p
}

func companyMatch(i int) Match {
	many := personal(func(d *DataMatch) { d.People = Comparison{">=", int64(1000 + i%7)} })
	cards := DataMatch{Class: "payment", Detectors: []string{"payment_card", "iban"}, Count: Comparison{">=", int64(10 + i%5)}}
	switch i % 10 {
	case 0, 1:
		return Match{Services: []string{fmt.Sprintf("service%d", i%30), fmt.Sprintf("service%d", i%30+1)}, Data: []DataMatch{personal()}}
	case 2, 3:
		return Match{Statuses: []Status{Unreviewed, Prohibited}, Data: []DataMatch{many}}
	case 4:
		return Match{Groups: []string{fmt.Sprintf("team%d", i%40)}, Statuses: []Status{Unreviewed, Tolerated}, Data: []DataMatch{personal(), cards}}
	case 5:
		return Match{Groups: []string{"marketing"}, Operations: []string{"prompt", "upload"}, Data: []DataMatch{cards}}
	case 6:
		return Match{Users: []string{fmt.Sprintf("user%d@corp.example", i), fmt.Sprintf("*@agency%d.example", i%50)}, Data: []DataMatch{personal()}}
	case 7:
		return Match{Traffic: TrafficAny, Hosts: []string{fmt.Sprintf("*.files%d.example", i%100), fmt.Sprintf("files%d.example", i%100)}, Methods: []string{"POST", "PUT"}, Data: []DataMatch{many}}
	case 8:
		return Match{Categories: []string{"image", "video"}, Countries: []string{"CN"}, Coverage: []string{"truncated", "undecodable"}, Bytes: Comparison{">=", 1 << 20}}
	default:
		return Match{Accounts: []AccountKind{PrivateAccount, AnonymousAccount}, Plans: []string{"free"}, Data: []DataMatch{personal()}}
	}
}

// oneClass is a policy of which every rule asks for the same class, in other numbers.
func oneClass(n int) Policy {
	var p Policy
	for i := range n {
		p.Rules = append(p.Rules, Rule{Name: fmt.Sprintf("r%d", i), Action: Block, Match: Match{
			Statuses: []Status{Unreviewed}, Operations: []string{"prompt", "upload"},
			Data: []DataMatch{personal(func(d *DataMatch) { d.People = Comparison{">=", int64(1000 + i)} })},
		}})
	}
	return p
}

func monitored(p Policy) Policy {
	p.Monitor = true
	return p
}

// approved is a policy of approvals, most of which speak of other groups and data.
func approved(n int, services ...string) Policy {
	p := company(10)
	for i := range n {
		a := Approval{Service: services[i%len(services)], Status: Tolerated, At: fmt.Sprintf("p.yaml:%d:5", i)}
		if i%2 == 0 {
			a.Groups = []string{fmt.Sprintf("team%d", i%40)}
		}
		a.Data, a.Detectors = []string{"campaign_performance"}, []string{"campaign_performance", fmt.Sprintf("own%d", i)}
		p.Approvals = append(p.Approvals, a)
	}
	return p
}

// crowd is groups of users by name and of networks.
func crowd(groups, users int) []Group {
	list := make([]Group, groups)
	for i := range list {
		list[i] = Group{Name: fmt.Sprintf("g%d", i), Networks: []netip.Prefix{
			netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(i), 0}), 24), netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 16, byte(i), byte(i >> 8 << 4)}), 28),
		}}
	}
	for i := range users {
		g := &list[i%groups]
		g.Users = append(g.Users, fmt.Sprintf("person%d@corp.example", i))
	}
	return list
}
