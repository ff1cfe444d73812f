package policyfile_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"daylight.internal/rules/policyfile"
)

// doubtCase is a policy, without its version, and what is said of it: the line in
// the text, what is marked there, and a part of the message. Nothing else may be said.
type doubtCase struct {
	name, text string
	want       []string // "line marked: part of the message"
}

// holdDoubts runs the cases; only the kinds of warnings given count.
func holdDoubts(t *testing.T, cases []doubtCase, ids ...string) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, problems := policyfile.Load([]policyfile.File{text("version: 1", strings.TrimSpace(c.text))}, users(known(t)))
			if problems.Err() != nil {
				t.Fatalf("the policy has faults:\n%s", render(t, problems))
			}
			var got []string
			for _, p := range problems {
				if slices.Contains(ids, p.ID) {
					marked := string([]rune(p.Source)[p.Column-1 : p.Column-1+p.Length])
					got = append(got, fmt.Sprintf("%d %s: %s", p.Line-1, marked, p.Message))
				}
			}
			ok := len(got) == len(c.want)
			for i := range min(len(got), len(c.want)) {
				parts := strings.Split(regexp.QuoteMeta(c.want[i]), "…")
				ok = ok && regexp.MustCompile(strings.Join(parts, ".*")).MatchString(got[i])
			}
			if !ok {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
			}
		})
	}
}

func users(k policyfile.Known) policyfile.Known {
	k.Users = []string{"Ana@marketing.corp.example", "bo@ads.example"}
	return k
}

// rule makes two rules of their conditions.
func two(first, second string) string {
	return "rules:\n  - {name: one, match: {" + first + "}, action: log}\n  - {name: two, match: {" + second + "}, action: block}"
}

const fourGroups = "groups:\n  mk: {users: [\"*@mk.example\"]}\n  ads: {networks: [10.2.0.0/16], users: [bo@ads.example]}\n  net: {networks: [10.2.3.0/24]}\n  all: {networks: [10.0.0.0/8], users: [\"*.example\"]}\n"

func TestShadowedRules(t *testing.T) {
	never := []string{`3 two: the rule "two" can never decide: "one" at p.yaml:3:12 matches all that it matches`}
	neverOf := []string{`8 two: the rule "two" can never decide`}
	approved := "approvals: [{service: claude, status: sanctioned}]\n"
	holdDoubts(t, []doubtCase{
		{"an unconditional one", two("", "service: claude"), never},
		{"but not of other traffic", two("", "traffic: any"), nil},
		{"any traffic", two("traffic: any", "traffic: other, host: a.example"), never},
		{"traffic is AI where only AI has it", two("", "traffic: any, status: unreviewed"), never},
		{"the same", two("method: POST", "method: POST"), never},
		{"another one", two("method: POST", "method: PUT"), nil},
		{"a subdomain", two("host: \"*.example.com\"", "host: [a.example.com, \"*.b.example.com\"]"), never},
		{"the domain itself", two("host: \"*.example.com\"", "host: example.com"), nil},
		{"a user of a pattern", two("users: \"*@a.example\"", "users: [ana@a.example, \"b*@a.example\"]"), never},
		{"a user of another", two("users: \"*@a.example\"", "users: ana@b.example"), nil},
		{"a service of a category", two("category: chat", "service: chatgpt"), never},
		{"a service of another category", two("category: image", "service: chatgpt"), nil},
		{"a service of a vendor", two("vendor: OpenAI", "service: [chatgpt, openai-api]"), never},
		{"a service of a country", two("country: US", "service: chatgpt"), never},
		{"suspected services have no country", two("country: [US, CN]", "service: suspected"), nil},
		{"fewer people", two(`data: {class: personal, people: ">=5"}`, `data: {class: personal, people: ">=10"}`), never},
		{"more people", two(`data: {class: personal, people: ">=10"}`, `data: {class: personal, people: ">=5"}`), nil},
		{"> and >=", two(`data: {class: personal, people: ">9"}`, `data: {class: personal, people: ">=10"}`), never},
		{"a class and its detector", two("data: personal", "data: {detector: email}"), never},
		{"a detector and its class", two("data: {detector: email}", "data: personal"), nil},
		{"a count of a class and of its detector", two(`data: {class: personal, count: ">=3"}`, `data: {detector: email, count: ">=4"}`), never},
		{"few of a class say nothing of its detector", two(`data: {class: personal, count: "<4"}`, `data: {detector: email, count: "<3"}`), nil},
		{"more conditions on data", two("data: personal", "data: [personal, payment]"), never},
		{"less confidence", two(`data: {class: personal, confidence: ">=50%"}`, `data: {class: personal, confidence: ">=80%"}`), never},
		{"more confidence", two(`data: {class: personal, confidence: ">=80%"}`, `data: personal`), nil},
		{"fewer bytes", two(`bytes: ">=1MiB"`, `bytes: ">=2MiB"`), never},
		{"all coverages there are", two("coverage: [complete, truncated, undecodable, not_inspected]", "service: claude"), never},
		{"a status that the service always has", approved + two("status: sanctioned", "service: claude"), []string{`4 two: the rule "two" can never decide`}},
		{"a status that it has for some", "approvals: [{service: claude, status: sanctioned, data: [payment]}]\n" + two("status: sanctioned", "service: claude"), nil},
		{"a status that ends", "approvals: [{service: claude, status: sanctioned, expires: 2030-01-01}]\n" + two("status: sanctioned", "service: claude"), nil},
		{"a service that nobody approved", two("status: unreviewed", "service: claude"), never},
		{"a group in another", fourGroups + two("groups: all", "groups: [mk, net]"), neverOf},
		{"a group that is only partly in another", fourGroups + two("groups: ads", "groups: net"), neverOf},
		{"a wider group", fourGroups + two("groups: net", "groups: ads"), nil},
		{"users of a group", fourGroups + two("groups: mk", "users: eve@mk.example"), neverOf},
		{"a group of users", fourGroups + two("users: \"*@mk.example\"", "groups: mk"), neverOf},
		{"a group with a network", fourGroups + two("users: \"*\"", "groups: ads"), nil},
		{"a rule that never matches takes nothing", two("service: chatgpt, category: image", "service: chatgpt"), nil},
		{"each service by another rule", two("service: chatgpt", "service: claude") + "\n  - {name: three, match: {service: [chatgpt, claude]}, action: block}",
			[]string{`4 three: the rule "three" can never decide: all that it matches is taken, chatgpt by "one" at p.yaml:3:12, claude by "two"`}},
		{"each status by another rule", two("status: [unreviewed, sanctioned]", "status: tolerated") + "\n  - {name: three, match: {status: [unreviewed, tolerated]}, action: block}",
			[]string{`4 three: the rule "three" can never decide`}},
	}, "shadowed-rule")
}

func TestShadowedWords(t *testing.T) {
	holdDoubts(t, []doubtCase{
		{"a service", two("vendor: OpenAI", "service: [chatgpt, claude]"), []string{`3 chatgpt: "chatgpt" never counts here: the rule "one" at p.yaml:3:12 matches all of it`}},
		{"a service for some", two("service: chatgpt, method: POST", "service: [chatgpt, claude]"), nil},
		{"a host", two("traffic: other, host: \"*.a.example\"", "traffic: other, host: [x.a.example, b.example]"), []string{`3 x.a.example: …never counts`}},
		{"a user", two("users: \"*@a.example\"", "users: [\"x@a.example\", y@b.example]"), []string{`3 "x@a.example": …never counts`}},
		{"a group", fourGroups + two("groups: all", "groups: [net]") + "\n  - {name: three, match: {traffic: any, groups: [net, mk]}, action: log}", nil},
		{"a status may be one too many", two("status: prohibited", "status: [prohibited, unreviewed]"), nil},
	}, "shadowed-word")
}

func TestImpossibleRules(t *testing.T) {
	one := func(match string) string {
		return "rules:\n  - {name: one, match: {" + match + "}, action: log}"
	}
	claude := "approvals: [{service: claude, status: sanctioned}]\n"
	holdDoubts(t, []doubtCase{
		{"the category of another service", one("service: chatgpt, category: image"), []string{`2 image: …none of its services has the category "image"`}},
		{"a country of another vendor", one("vendor: OpenAI, country: CN"), []string{`2 CN: …none of its services has the country "CN"`}},
		{"its country", one("vendor: OpenAI, country: US"), nil},
		{"a status that nothing sets", one("service: claude, status: sanctioned"), []string{`2 sanctioned: …nothing makes "claude" sanctioned`}},
		{"a status for services to come", one("status: prohibited"), nil},
		{"unreviewed, and always approved", claude + one("service: claude, status: unreviewed"), []string{`3 unreviewed: …nothing makes "claude" unreviewed`}},
		{"unreviewed when the approval ends", "approvals: [{service: claude, status: sanctioned, expires: 2030-01-01}]\n" + one("service: claude, status: unreviewed"), nil},
		{"unreviewed for others than the group", fourGroups + "approvals: [{service: claude, status: sanctioned, groups: [mk]}]\n" + one("service: claude, status: unreviewed"), nil},
		{"a plan that does not show", one("service: grammarly, plan: enterprise"), []string{`2 enterprise: …no request to "grammarly" shows the plan enterprise`}},
		{"a prompt that the catalogue does not know", "services: [{id: own, hosts: [own.example]}]\n" + one("service: own, operation: prompt"), []string{`3 prompt: …the catalogue knows no prompt of "own"`}},
		{"any service may take an upload", "services: [{id: own, hosts: [own.example]}]\n" + one("service: own, operation: upload"), nil},
		{"users of another group", fourGroups + one("groups: mk, users: \"*@other.example\""), []string{`7 "*@other.example": …no user of the group "mk" fits`}},
		{"users who may be in the group", fourGroups + one("groups: mk, users: \"ana*\""), nil},
		{"users in a network", fourGroups + one("groups: net, users: \"*@other.example\""), nil},
		{"many people and few", one(`data: [{class: personal, people: ">=10"}, {class: payment, people: "<5"}]`), []string{`2 "<5": …contradicts`}},
		{"many of a detector and few of its class", one(`data: [{detector: email, count: ">=5"}, {class: personal, count: "<3"}]`), []string{`2 "<3": …contradicts`}},
		{"none of a class and one of it", one(`data: [{class: personal, count: "=0"}, {detector: phone}]`), []string{`2 phone: …contradicts`}},
		{"many of a class and few of its detector", one(`data: [{class: personal, count: ">=5"}, {detector: email, count: "<3"}]`), nil},
		{"few sure ones and many in all", one(`data: [{class: personal, count: ">=5"}, {class: personal, confidence: ">=90%", count: "<3"}]`), nil},
		{"what was not inspected may have a telling address", one(`coverage: not_inspected, data: personal`), nil},
	}, "impossible-rule")
}

func TestImpossibleWords(t *testing.T) {
	holdDoubts(t, []doubtCase{
		{"of another category", two("service: [chatgpt, midjourney], category: image", "host: x.example"), []string{`2 chatgpt: "chatgpt" never counts here: its category is "chat"`}},
		{"of no country", two("service: [chatgpt, suspected], country: US", "host: x.example"), []string{`2 suspected: "suspected" never counts here: nothing is known of services on no list`}},
		{"approvals come and go", "approvals: [{service: claude, status: sanctioned, data: [payment]}]\n" + two("service: [chatgpt, claude], status: sanctioned", "host: x.example"), nil},
	}, "impossible-word")
}

func TestShadowedApprovals(t *testing.T) {
	claude := func(first, second string) string {
		return fourGroups + "approvals:\n  - {service: claude, " + first + "}\n  - {service: claude, " + second + "}"
	}
	holdDoubts(t, []doubtCase{
		{"the same twice", claude("status: tolerated", "status: tolerated"), []string{"8 claude: this approval can never decide: the one at p.yaml:8:15"}},
		{"a stricter one for more groups", claude("status: tolerated, groups: [mk]", "status: prohibited, groups: [mk, ads]"), []string{`7 claude: this approval can never decide: the one at p.yaml:9:15 holds whenever it does, and makes "claude" prohibited`}},
		{"a laxer one for more groups", claude("status: prohibited, groups: [mk]", "status: tolerated, groups: [mk, ads]"), nil},
		{"for a group within the other", claude("status: prohibited, groups: [all]", "status: tolerated, groups: [mk]"), []string{"8 claude: …never decide"}},
		{"one that says more goes first", claude("status: prohibited", "status: tolerated, groups: [mk]"), nil},
		{"one that ends lets the other follow", claude("status: prohibited, groups: [mk, ads], expires: 2030-01-01", "status: tolerated, groups: [mk]"), nil},
		{"one that ends first never follows", claude("status: prohibited", "status: prohibited, expires: 2030-01-01"), []string{"8 claude: …never decide"}},
		{"less data", claude("status: tolerated, data: [personal, payment]", "status: sanctioned, data: [personal]"), []string{"8 claude: …never decide"}},
		{"more data", claude("status: tolerated, data: [personal]", "status: sanctioned, data: [personal, payment]"), nil},
		{"a prohibition holds for other content", claude("status: prohibited, data: [personal, payment]", "status: sanctioned, data: [personal]"), nil},
		{"another service", fourGroups + "approvals: [{service: claude, status: tolerated}, {service: chatgpt, status: tolerated}]", nil},
	}, "shadowed-approval")
}

func TestOverlappingGroups(t *testing.T) {
	groups := func(lines ...string) string { return "groups:\n  " + strings.Join(lines, "\n  ") }
	holdDoubts(t, []doubtCase{
		{"the narrower first", groups("a: {networks: [10.2.0.0/16]}", "b: {networks: [10.0.0.0/8]}"), nil},
		{"the wider first", groups("a: {networks: [10.0.0.0/8]}", "b: {networks: [10.2.0.0/16]}"), []string{`3 10.2.0.0/16: 10.2.0.0/16 lies in 10.0.0.0/8 of the group "a" (p.yaml:3:18), which stands before: metrics count its clients as "a"`}},
		{"the same in two", groups("a: {networks: [10.0.0.0/8]}", "b: {networks: [10.0.0.0/8, 192.0.2.0/24]}"), []string{`3 10.0.0.0/8: 10.0.0.0/8 is in the group "a" too`}},
		{"side by side", groups("a: {networks: [10.0.0.0/16]}", "b: {networks: [10.1.0.0/16, \"2001:db8::/32\"]}"), nil},
		{"IPv6", groups("a: {networks: [\"2001:db8::/32\"]}", "b: {networks: [\"2001:db8:1::/48\"]}"), []string{`3 "2001:db8:1::/48": …lies in 2001:db8::/32`}},
		{"twice in one", groups("a: {networks: [10.0.0.0/8, 10.2.0.0/16]}"), []string{"2 10.2.0.0/16: …of the same group"}},
		{"behind a narrower one of a third", groups("a: {networks: [10.0.0.0/8]}", "b: {networks: [10.1.0.0/16]}", "c: {networks: [10.2.0.0/16]}"), []string{"3 10.1.0.0/16: …", "4 10.2.0.0/16: …"}},
		{"users of one pattern", groups(`a: {users: ["*@a.example", x@a.example]}`), []string{`2 x@a.example: "*@a.example" of the same group takes "x@a.example" too`}},
		{"users in two groups", groups(`a: {users: ["*@a.example"]}`, "b: {users: [x@a.example]}"), nil},
		{"the same members", groups("a: {networks: [10.0.0.0/8], users: [x, y]}", "b: {users: [y, x], networks: [10.0.0.0/8]}"), []string{`3 b: the group "b" has the same members as "a" (p.yaml:3:3)`}},
	}, "overlapping-networks", "redundant-member", "same-group")
}

func TestUnusedDefinitions(t *testing.T) {
	const defined = "groups: {mk: {users: [a]}}\ndetectors: {d: {class: personal, words: [dddd]}}\ndata_classes: {c: {words: [cccc]}}\n"
	log := func(match string) string { return "rules: [{name: a, match: {" + match + "}, action: log}]" }
	holdDoubts(t, []doubtCase{
		{"none of them", defined + log(""), []string{`1 mk: no rule and no approval speaks of the group "mk"`, `2 d: …of what the detector "d" finds`, `3 c: …the data class "c"`}},
		{"a list for another policy", defined, nil},
		{"in a rule", defined + log("groups: mk, data: [c, {detector: d}]"), nil},
		{"a class brings its detectors", defined + log("groups: mk, data: [c, personal]"), nil},
		{"a rule on any data", defined + log("groups: mk, data: {people: \">=10\"}"), nil},
		{"in an approval", defined + "approvals: [{service: claude, status: tolerated, groups: [mk], data: [c]}]\n" + log(""), nil},
		{"a group for its mode", "groups: {mk: {users: [a], mode: enforce}}\n" + log(""), nil},
	}, "unused-group", "unused-detector", "unused-data-class")
}

func TestUsersWhoDoNotExist(t *testing.T) {
	holdDoubts(t, []doubtCase{
		{"in a group", `groups: {mk: {users: [ana@marketing.corp.example, "*@sales.example"]}}`, []string{`1 "*@sales.example": no user of the configuration is "*@sales.example"`}},
		{"in a rule", two("users: [\"B*\"]", "users: carl@ads.example"), []string{"3 carl@ads.example: …"}},
		{"any user", two("users: [\"*\"]", "host: x.example"), nil},
	}, "unknown-user")
	_, problems := load(t, text("version: 1", "groups: {mk: {users: [nobody]}}"))
	if len(problems) > 0 {
		t.Errorf("users are looked for where nobody can list them:\n%s", render(t, problems))
	}
}

func TestPatternsWithStars(t *testing.T) {
	for _, c := range []struct {
		pattern, other string
		covers, meets  bool
	}{
		{"*", "a*b", true, true}, {"a*", "ab*", true, true}, {"ab*", "a*", false, true}, {"*a*", "bab", true, true}, {"a*c", "a*b*c", true, true},
		{"a*b", "b*a", false, false}, {"a*", "*b", false, true}, {"ab", "ab", true, true}, {"ab", "a", false, false}, {"*ab", "*b", false, true},
		{"a*a", "a", false, false}, {"**", "*", true, true}, {"*@x", "ana@*", false, true}, {"", "*", false, true}, {"a", "b*", false, false},
	} {
		one := fmt.Sprintf("rules:\n  - {name: one, match: {users: %q}, action: log}\n  - {name: two, match: {users: %q}, action: log}", c.pattern, c.other)
		if c.pattern == "" {
			continue
		}
		_, problems := load(t, text("version: 1", one))
		if got := strings.Contains(render(t, problems), "can never decide"); got != c.covers {
			t.Errorf("%q covers %q: %v", c.pattern, c.other, got)
		}
		met := fmt.Sprintf("groups: {g: {users: [%q]}}\nrules: [{name: one, match: {groups: g, users: %q}, action: log}]", c.pattern, c.other)
		_, problems = load(t, text("version: 1", met))
		if got := !strings.Contains(render(t, problems), "can never match"); got != c.meets {
			t.Errorf("%q meets %q: %v", c.pattern, c.other, got)
		}
	}
}
