package rules

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// outsider and insider stand behind and before half of all people.
var outsider, insider = someone(false), someone(true)

// someone finds a user who is in the first half of the people, or is not.
func someone(inside bool) string {
	for i := 0; ; i++ {
		if user := fmt.Sprintf("user%d@corp.example", i); Share(5000).Holds(Client{User: user}) == inside {
			return user
		}
	}
}

func TestTheFirstWordOnTheModeDecides(t *testing.T) {
	half := Rule{Name: "r", Action: Block, Enforce: 5000}
	whole := Rule{Name: "r", Action: Block}
	monitored := Rule{Name: "r", Action: Block, Monitor: true}
	group := func(m Mode) Group { return Group{Name: "g" + string(m), Users: []string{"*@corp.example"}, Mode: m} }
	others := func(m Mode) Group { return Group{Name: "o" + string(m), Users: []string{"*@other.example"}, Mode: m} }
	for _, c := range []struct {
		name   string
		policy Policy
		rule   Rule
		user   string
		want   string // MonitoredBy
		reason string
	}{
		{"nobody says anything", Policy{}, whole, insider, "", ""},
		{"the files", Policy{Monitor: true}, whole, insider, ByPolicy, "; monitored only, by the policy"},
		{"the rule", Policy{}, monitored, insider, ByRule, "; monitored only, by the rule"},
		{"a group", Policy{Groups: []Group{group(Monitor)}}, whole, insider, ByGroup, "; monitored only, by the group gmonitor"},
		{"a group of others", Policy{Groups: []Group{others(Monitor)}}, whole, insider, "", ""},
		{"a group before the files", Policy{Monitor: true, Groups: []Group{group(Enforce)}}, whole, insider, "", ""},
		{"a group of others does not speak before the files", Policy{Monitor: true, Groups: []Group{others(Enforce)}}, whole, insider, ByPolicy, ""},
		{"a group without a mode does not speak before the files", Policy{Monitor: true, Groups: []Group{group(NoMode)}}, whole, insider, ByPolicy, ""},
		{"of two groups the first", Policy{Groups: []Group{group(NoMode), group(Enforce), group(Monitor)}}, whole, insider, "", ""},
		{"of two groups the first, the other way round", Policy{Groups: []Group{group(Monitor), group(Enforce)}}, whole, insider, ByGroup, ""},
		{"the rule before a group", Policy{Groups: []Group{group(Enforce)}}, monitored, insider, ByRule, ""},
		{"the configuration before all", Policy{MonitorAll: true, Groups: []Group{group(Enforce)}}, whole, insider, ByConfiguration, "; monitored only, by the configuration"},
		{"the configuration before the rule", Policy{MonitorAll: true}, monitored, insider, ByConfiguration, ""},
		{"inside the share", Policy{}, half, insider, "", "; the client is among the 50% for whom the rule is enforced"},
		{"outside the share", Policy{}, half, outsider, ByShare, "; monitored only, for the client is outside the 50% for whom the rule is enforced"},
		{"outside the share, in a group that enforces", Policy{Groups: []Group{group(Enforce)}}, half, outsider, ByShare, ""},
		{"inside the share, in a group that monitors", Policy{Groups: []Group{group(Monitor)}}, half, insider, ByGroup, ""},
		{"outside the share, where the files monitor", Policy{Monitor: true}, half, outsider, ByPolicy, ""},
		{"a share of everybody", Policy{}, Rule{Name: "r", Action: Block, Enforce: Everybody}, outsider, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.policy.Rules = []Rule{c.rule}
			v := c.policy.Decide(prompt(found(0), as(c.user)), nil)
			if v.MonitoredBy != c.want || v.Monitor != (c.want != "") || v.Stops() != (c.want == "") || v.Action != Block {
				t.Errorf("%+v, want it monitored by %q", v, c.want)
			}
			if !strings.HasSuffix(v.Reason, c.reason) {
				t.Errorf("reason %q, want at its end %q", v.Reason, c.reason)
			}
			if need, _, _ := c.policy.Plan(prompt(as(c.user))); (need == Nothing) != v.Stops() {
				t.Errorf("need %v of what is monitored by %q", need, v.MonitoredBy)
			}
		})
	}
}

func as(user string) func(*Facts) { return func(f *Facts) { f.Client.User = user } }

func TestABodyIsHeldForThoseAloneForWhomARuleIsEnforced(t *testing.T) {
	onData := Match{Data: []DataMatch{personal()}}
	p := Policy{
		Groups: []Group{{Name: "pilots", Users: []string{"pilot"}, Mode: Enforce}, {Name: "board", Users: []string{"board"}, Mode: Monitor}},
		Rules:  []Rule{{Name: "some", Match: onData, Action: Block, Enforce: 5000}},
	}
	for user, want := range map[string]Need{insider: Hold, outsider: Observe, "board": Observe} {
		if need, _, _ := p.Plan(prompt(as(user))); need != want {
			t.Errorf("%s: need %v, want %v", user, need, want)
		}
	}
	p.Rules = append(p.Rules, Rule{Name: "all", Match: Match{Data: []DataMatch{{Detectors: []string{"payment_card"}}}}, Action: Block})
	if need, _, _ := p.Plan(prompt(as(outsider))); need != Hold {
		t.Errorf("need %v, but the rule below is enforced for everybody", need)
	}
	p.Monitor = true
	for user, want := range map[string]Need{"pilot": Hold, insider: Observe} {
		if need, _, _ := p.Plan(prompt(as(user))); need != want {
			t.Errorf("%s where the files monitor: need %v, want %v", user, need, want)
		}
	}
}

func TestAShareIsTheSamePeopleInEveryRuleAndKeepsThemWhenItGrows(t *testing.T) {
	const people = 100_000
	shares := []Share{1, 10, 100, 1000, 2500, 5000, 9999, Everybody}
	in := make([]int, len(shares))
	for i := range people {
		c := Client{User: fmt.Sprintf("user%d@corp.example", i)}
		before := false
		for j, s := range shares {
			holds := s.Holds(c)
			if before && !holds {
				t.Fatalf("%s was in %s and is not in %s", c.User, shares[j-1], s)
			}
			if before = holds; holds {
				in[j]++
			}
		}
	}
	for j, s := range shares {
		want := float64(people) * float64(s) / float64(Everybody)
		if off := float64(in[j]) - want; off*off > 25*want { // five standard deviations
			t.Errorf("%d of %d people are in %s, want about %.0f", in[j], people, s, want)
		}
	}
}

func TestAShareGoesByTheUserElseByTheAddress(t *testing.T) {
	address := netip.MustParseAddr("10.20.0.7")
	same := [][2]Client{
		{{User: "Ana@Corp.example"}, {User: "ana@corp.EXAMPLE"}},
		{{User: "ana@corp.example"}, {User: "ana@corp.example", Address: address}},
		{{Address: address}, {Address: netip.MustParseAddr("::ffff:10.20.0.7")}},
		{{Address: netip.MustParseAddr("fe80::1%eth0")}, {Address: netip.MustParseAddr("fe80::1")}},
	}
	for _, pair := range same {
		if pair[0].place() != pair[1].place() {
			t.Errorf("%+v and %+v are taken for two", pair[0], pair[1])
		}
	}
	// The places are a promise: who was enforced for yesterday is today.
	for c, want := range map[Client]Share{{User: "ana@corp.example"}: 2093, {User: "bo@corp.example"}: 603, {Address: address}: 106, {}: 1652} {
		if got := c.place(); got != want {
			t.Errorf("%+v stands at %d, want %d", c, got, want)
		}
	}
}

func TestSharesReadAsPoliciesWriteThem(t *testing.T) {
	var got []string
	for _, s := range []Share{1, 50, 100, 1050, Everybody, 0} {
		got = append(got, s.String())
	}
	if want := []string{"0.01%", "0.5%", "1%", "10.5%", "100%", "100%"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTheTraceRepeatsWhatARuleAsksFor(t *testing.T) {
	many := make([]string, 11)
	for i := range many {
		many[i] = fmt.Sprintf("host%d.example", i)
	}
	for _, c := range []struct {
		condition string
		match     Match
		want      string
	}{
		{"traffic", Match{}, "ai"},
		{"traffic", Match{Traffic: TrafficOther}, "other"},
		{"traffic", Match{Traffic: TrafficAny}, "any"},
		{"service", Match{Services: []string{"chat", "claude"}}, "chat, claude"},
		{"country", Match{Countries: []string{"CN"}}, "CN"},
		{"groups", Match{Groups: []string{"marketing"}}, "marketing"},
		{"users", Match{Users: []string{"*@corp.example"}}, "*@corp.example"},
		{"host", Match{Hosts: many}, "host0.example, host1.example, host2.example, host3.example, host4.example, host5.example, host6.example, host7.example and 3 more"},
		{"account", Match{Accounts: []AccountKind{PrivateAccount, AnonymousAccount}}, "private, anonymous"},
		{"status", Match{Statuses: []Status{Unreviewed, Tolerated}}, "unreviewed, tolerated"},
		{"bytes", Match{Bytes: Comparison{">=", 1 << 20}}, ">=1MiB"},
		{"bytes", Match{Bytes: Comparison{"<", 1536}}, "<1536"},
		{"bytes", Match{Bytes: Comparison{"=", 0}}, "=0"},
		{"coverage", Match{Coverage: []string{"truncated"}}, "truncated"},
		{"data", Match{Data: []DataMatch{{}}}, "anything"},
		{"data", Match{Data: []DataMatch{personal(func(d *DataMatch) { d.People = Comparison{">=", 10} }), {Class: "payment"}}}, "personal, people >=10; payment"},
		{"data", Match{Data: []DataMatch{{Detector: "email", Count: Comparison{">", 3}, Confidence: Comparison{">=", 80}}}}, "detector email, count >3, confidence >=80%"},
	} {
		var trace Trace
		p := Policy{Rules: []Rule{{Name: "r", Match: c.match}}}
		if c.match.Traffic == TrafficOther {
			p.Decide(prompt(elsewhere), &trace)
		} else {
			p.Decide(prompt(found(0)), &trace)
		}
		last := trace.Steps[len(trace.Steps)-1]
		if last.Condition != c.condition || last.Wanted != c.want {
			t.Errorf("%s wants %q, want %s %q", last.Condition, last.Wanted, c.condition, c.want)
		}
	}
}
