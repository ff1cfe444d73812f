package policyfile_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/strictyaml"
)

// smallCatalog has services that differ in all that a rule may ask for.
const smallCatalog = `
- {id: chat-a, vendor: Alpha, country: US, category: chat, hosts: [a.example, {host: free.a.example, plan: free}],
   account: {tenant: ["header:X-Tenant"], session: ["cookie:s"], anonymous: ["header:X-Nobody"], plan: {team: ["header:X-Team"]}},
   operations: [{kind: prompt, path: /p, text: $.t, example: "https://a.example/p"}]}
- {id: chat-b, vendor: Beta, country: [CN, SG], category: chat, hosts: [b.example],
   operations: [{kind: prompt, path: /p, text: $.t, example: "https://b.example/p"}, {kind: upload, path: /u, example: "https://b.example/u"}]}
- {id: api-a, vendor: Alpha, country: US, category: llm_api, hosts: [{host: api.a.example, plan: api}],
   operations: [{kind: prompt, path: /p, text: $.t, example: "https://api.a.example/p"}]}
- {id: image-c, vendor: Gamma, country: DE, category: image, hosts: [c.example]}
`

// dice makes policies and facts of few words, so that they meet often.
type dice struct{ *rand.Rand }

func (d dice) one(words ...string) string { return words[d.IntN(len(words))] }

// some returns a list of one or more of the words, in YAML.
func (d dice) some(words ...string) string {
	d.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	return "[" + strings.Join(words[:1+d.IntN(min(3, len(words)))], ", ") + "]"
}

func (d dice) comparison(numbers ...string) string {
	return `"` + d.one(">=", ">", "<=", "<", "=") + d.one(numbers...) + `"`
}

func (d dice) data() string {
	keys := []string{d.one("class: personal", "class: payment", "detector: email", "detector: phone", "class: leads")}
	if d.IntN(3) == 0 {
		keys = keys[:0]
	}
	if d.IntN(2) == 0 || len(keys) == 0 {
		keys = append(keys, "people: "+d.comparison("1", "5", "10"))
	}
	if d.IntN(3) == 0 {
		keys = append(keys, "count: "+d.comparison("1", "2", "4"))
	}
	if d.IntN(4) == 0 {
		keys = append(keys, "confidence: "+d.comparison("50", "80"))
	}
	return "{" + strings.Join(keys, ", ") + "}"
}

func (d dice) rule(i int) string {
	all := []func() string{
		func() string { return "service: " + d.some("chat-a", "chat-b", "api-a", "image-c", "suspected") },
		func() string { return "category: " + d.some("chat", "image", "llm_api") },
		func() string { return "vendor: " + d.some("Alpha", "Beta", "Gamma") },
		func() string { return "country: " + d.some("US", "CN", "SG", "DE") },
		func() string { return "status: " + d.some("sanctioned", "tolerated", "prohibited", "unreviewed") },
		func() string { return "account: " + d.some("corporate", "private", "anonymous", "api_key", "unknown") },
		func() string { return "plan: " + d.some("free", "team", "api") },
		func() string { return "operation: " + d.some("prompt", "upload", "other") },
		func() string { return "groups: " + d.some("all", "mk", "ads", "net") },
		func() string {
			return "users: " + d.some(`"*@mk.example"`, "ana@mk.example", `"*"`, `"b*@ads.example"`)
		},
		func() string { return "method: " + d.some("GET", "POST") },
		func() string { return "host: " + d.some("a.example", `"*.example"`, `"*.a.example"`, "c.example") },
		func() string { return "coverage: " + d.some("complete", "truncated", "undecodable", "not_inspected") },
		func() string { return "bytes: " + d.comparison("10", "1000") },
		func() string { return "data: " + d.data() },
		func() string { return "data: [" + d.data() + ", " + d.data() + "]" },
		func() string { return "traffic: any" },
	}
	keys := map[string]string{}
	for range min(1, d.IntN(12)) + d.IntN(3) {
		c := all[d.IntN(len(all))]()
		name, _, _ := strings.Cut(c, ":")
		keys[name] = c
	}
	var conditions []string
	for _, c := range keys {
		conditions = append(conditions, c)
	}
	slices.Sort(conditions)
	return fmt.Sprintf("  - {name: r%d, match: {%s}, action: %s}\n", i, strings.Join(conditions, ", "), d.one("log", "block", "allow"))
}

func (d dice) policy() string {
	var b strings.Builder
	b.WriteString("version: 1\ndata_classes: {leads: {detectors: [email, payment_card]}}\ngroups:\n")
	b.WriteString("  mk: {users: [\"*@mk.example\"]}\n  ads: {networks: [10.2.0.0/16], users: [bo@ads.example]}\n")
	b.WriteString("  net: {networks: [10.2.3.0/24]}\n  all: {networks: [10.0.0.0/8], users: [\"*.example\"]}\n")
	if d.IntN(2) == 0 {
		b.WriteString("accounts: [{service: chat-a, tenant: t1}]\n")
	}
	b.WriteString("approvals:\n")
	for range 1 + d.IntN(5) {
		fmt.Fprintf(&b, "  - {service: %s, status: %s", d.one("chat-a", "chat-b", "api-a"), d.one("sanctioned", "tolerated", "prohibited"))
		if d.IntN(3) == 0 {
			b.WriteString(", groups: " + d.some("all", "mk", "ads", "net"))
		}
		if d.IntN(3) == 0 {
			b.WriteString(", data: " + d.some("personal", "payment", "leads"))
		}
		if d.IntN(4) == 0 {
			b.WriteString(", expires: " + d.one("2026-12-01", "2027-06-01"))
		}
		b.WriteString("}\n")
	}
	b.WriteString("rules:\n")
	for i := range 3 + d.IntN(6) {
		b.WriteString(d.rule(i))
	}
	return b.String()
}

// facts are such as the engine makes of an exchange.
func (d dice) facts(p *rules.Policy, services []catalog.Service) rules.Facts {
	f := rules.Facts{
		Time:        time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC).AddDate(0, d.IntN(12), 0),
		Destination: rules.Destination{Host: d.one("a.example", "free.a.example", "c.example", "x.y.example", "else.test")},
		Method:      d.one("GET", "POST"), Bytes: int64(d.IntN(3) * 600),
	}
	if d.IntN(3) > 0 {
		f.Client.User = d.one("Ana@mk.example", "bo@ads.example", "be@ads.example", "eve@mk.example", "x@other.test")
	}
	if d.IntN(3) > 0 {
		f.Client.Address = netip.MustParseAddr(d.one("10.2.3.4", "10.2.9.9", "10.9.9.9", "192.0.2.1"))
	}
	switch n := d.IntN(len(services) + 2); {
	case n < len(services):
		d.service(&f, p, &services[n])
	case n == len(services):
		f.Service = rules.Service{ID: rules.Suspected, Operation: d.one("prompt", "upload", "other")}
		f.Account.Kind = rules.AccountKind(d.one("", "unknown", "api_key"))
	}
	content := &rules.Content{Coverage: classifier.Coverage{State: classifier.CoverageState(d.IntN(4))}}
	for _, s := range []classifier.Summary{{Detector: "email", Class: "personal"}, {Detector: "phone", Class: "personal"}, {Detector: "payment_card", Class: "payment"}} {
		if d.IntN(2) == 0 {
			s.Count, s.Confidence = 1+d.IntN(6), []float64{0.4, 0.5, 0.7, 0.8, 1}[d.IntN(5)]
			content.Findings = append(content.Findings, s)
			content.People = max(content.People, d.IntN(12))
		}
	}
	f.Content = content
	return f
}

func (d dice) service(f *rules.Facts, p *rules.Policy, s *catalog.Service) {
	operations := []string{"other", "upload"}
	for _, o := range s.Operations {
		operations = append(operations, o.Kind)
	}
	f.Service = rules.Service{ID: s.ID, Vendor: s.Vendor, Category: s.Category, Country: s.Country, Countries: s.Countries, Operation: d.one(operations...)}
	a := &s.Account
	marks := rules.AccountMarks{TellsTenants: a.TellsTenants(), MustSignIn: a.NeedsSignIn() && f.Service.Operation != "other"}
	if len(a.Tenant) > 0 && d.IntN(2) == 0 {
		marks.Tenants = []string{d.one("t1", "t2")}
	}
	marks.SignedIn = len(a.Session) > 0 && d.IntN(2) == 0
	marks.Anonymous = len(a.Anonymous) > 0 && d.IntN(4) == 0
	if len(a.Key) > 0 && d.IntN(2) == 0 {
		marks.Key = "k"
	}
	plans := []string{""}
	for _, h := range s.Hosts {
		plans = append(plans, h.Plan)
	}
	for _, m := range a.Plan {
		plans = append(plans, m.Plan)
	}
	marks.Plan = d.one(plans...)
	f.Account = p.Account(s.ID, &marks)
}

// claim is a warning that something can never be seen.
type claim struct {
	problem strictyaml.Problem
	policy  rules.Policy
	broken  func(v rules.Verdict) bool
}

// claims turns the warnings of a policy with one rule and one approval a line
// into what they promise.
func claims(t *testing.T, text string, s *policyfile.Source, problems strictyaml.Problems) []claim {
	lines := strings.Split(text, "\n")
	var out []claim
	for _, p := range problems {
		c := claim{problem: p, policy: s.Policy}
		rule := slices.IndexFunc(s.Policy.Rules, func(r rules.Rule) bool { return strings.Contains(lines[p.Line-1], "{name: "+r.Name+",") })
		switch p.ID {
		case "shadowed-rule", "impossible-rule":
			name := s.Policy.Rules[rule].Name
			c.broken = func(v rules.Verdict) bool { return v.Rule == name }
		case "shadowed-word", "impossible-word":
			c.policy.Rules = slices.Clone(s.Policy.Rules)
			r := &c.policy.Rules[rule]
			word := strings.ToLower(strings.Trim(string([]rune(lines[p.Line-1])[p.Column-1:p.Column-1+p.Length]), `"`))
			if !narrow(&r.Match, word) {
				t.Fatalf("no list of the rule holds %q:\n%s", word, lines[p.Line-1])
			}
			c.broken = func(v rules.Verdict) bool { return v.Rule == r.Name }
		case "shadowed-approval":
			at := fmt.Sprintf("p.yaml:%d:", p.Line)
			c.broken = func(v rules.Verdict) bool { return strings.HasPrefix(v.Approval, at) }
		default:
			continue
		}
		out = append(out, c)
	}
	return out
}

// narrow leaves one word of the list that holds it.
func narrow(m *rules.Match, word string) bool {
	for _, list := range []*[]string{&m.Services, &m.Groups, &m.Users, &m.Hosts} {
		if slices.Contains(*list, word) {
			*list = []string{word}
			return true
		}
	}
	return false
}

// What a warning says can never be is held against the verdicts on random facts.
func TestWhatIsSaidNeverToDecideNeverDoes(t *testing.T) {
	c, problems := catalog.LoadFiles([]catalog.File{{Name: "small.yaml", Data: []byte("services:" + strings.ReplaceAll(smallCatalog, "\n", "\n  "))}})
	if len(c.Services()) != 4 {
		t.Fatal(problems)
	}
	k := known(t)
	k.Catalog = c
	d := dice{rand.New(rand.NewPCG(1, 2))}
	seen := map[string]int{}
	decided := 0
	for range 300 {
		text := d.policy()
		s, problems := policyfile.Load([]policyfile.File{{Name: "p.yaml", Data: []byte(text)}}, k)
		if problems.Err() != nil {
			continue // such as approvals that contradict each other
		}
		promised := claims(t, text, s, problems)
		for _, c := range promised {
			seen[c.problem.ID]++
		}
		if len(promised) == 0 {
			continue
		}
		for range 100 {
			f := d.facts(&s.Policy, c.Services())
			if s.Policy.Decide(f, nil).Rule != "" {
				decided++
			}
			for _, c := range promised {
				if v := c.policy.Decide(f, nil); c.broken(v) {
					t.Fatalf("%s\nbut with %+v\ncontent %+v\nthe verdict is %+v\n%s", c.problem.Error(), f, *f.Content, v, text)
				}
			}
		}
	}
	t.Logf("%v, %d verdicts by a rule", seen, decided)
	for _, id := range []string{"shadowed-rule", "impossible-rule", "shadowed-word", "impossible-word", "shadowed-approval"} {
		if seen[id] < 3 {
			t.Errorf("%s was said %d times: the policies are too tame", id, seen[id])
		}
	}
}
