package compare_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"daylight.internal/classifier/detect"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/compare"
	"daylight.internal/rules/policyfile"
)

// embedded is a small catalogue that policies can name services of.
func embedded(t testing.TB) *catalog.Catalog {
	t.Helper()
	files := []catalog.File{{Name: "c.yaml", Data: []byte(`services:
  - {id: chatgpt, name: ChatGPT, vendor: OpenAI, country: US, category: chat, confidence: host-only, verified_on: 2026-06-01, hosts: [chatgpt.com]}
  - {id: claude, name: Claude, vendor: Anthropic, country: US, category: chat, confidence: host-only, verified_on: 2026-06-01, hosts: [claude.ai]}
  - {id: kimi, name: Kimi, vendor: Moonshot, country: CN, category: search, confidence: host-only, verified_on: 2026-06-01, hosts: [kimi.com]}
`)}}
	c, problems := catalog.LoadFiles(files)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	return c
}

// detectors are made once.
var detectors = sync.OnceValue(detect.All)

// load reads a policy of one file; version is added.
func load(t testing.TB, c *catalog.Catalog, name, text string) *policyfile.Source {
	t.Helper()
	s, problems := policyfile.Load([]policyfile.File{{Name: name, Data: []byte("version: 1\n" + text)}}, policyfile.Known{Catalog: c, Detectors: detectors()})
	if err := problems.Err(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return s
}

// told writes changes as a line each: what, effect, details.
func told(changes []compare.Change) string {
	var lines []string
	for _, c := range changes {
		var details []string
		for _, d := range c.Details {
			details = append(details, d.Text)
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s [%s] %s", c.Kind, c.Section, c.Name, c.Effect, strings.Join(details, "; "))))
	}
	return strings.Join(lines, "\n")
}

const groups = "groups:\n  marketing: {users: ['*@m.example']}\n  sales: {users: ['*@s.example']}\n"

// rule writes a policy of one rule.
func rule(match, rest string) string {
	return groups + "rules:\n  - {name: r, match: {" + match + "}, " + rest + "}\n"
}

func TestWhatDiffersIsSaidInWords(t *testing.T) {
	c := embedded(t)
	for _, test := range []struct{ name, old, new, want string }{
		{"a threshold is lowered", rule("data: {class: personal, people: '>=10'}", "action: block"), rule("data: {class: personal, people: '>=5'}", "action: block"),
			"changed rules r [stricter] people from >=10 to >=5 (personal)"},
		{"of what is allowed, more is milder", rule("bytes: '<1MiB'", "action: allow"), rule("bytes: '<2MiB'", "action: allow"),
			"changed rules r [looser] bytes from <1MiB to <2MiB"},
		{"of what is logged, it depends", rule("bytes: '<1MiB'", "action: log"), rule("bytes: '<2MiB'", "action: log"),
			"changed rules r [other] bytes from <1MiB to <2MiB"},
		{"for another group as well", rule("groups: marketing", "action: block"), rule("groups: [sales, marketing]", "action: block"),
			"changed rules r [stricter] groups: now also sales"},
		{"for fewer services", rule("service: [chatgpt, claude]", "action: block"), rule("service: claude", "action: block"),
			"changed rules r [looser] service: no longer chatgpt"},
		{"a new condition", rule("", "action: block"), rule("status: [unreviewed]", "action: block"),
			"changed rules r [looser] status: only unreviewed; was any"},
		{"a condition less", rule("method: POST", "action: block"), rule("", "action: block"),
			"changed rules r [stricter] method: any; was only POST"},
		{"another value", rule("method: POST", "action: block"), rule("method: PUT", "action: block"),
			"changed rules r [other] method: now also PUT, no longer POST"},
		{"all traffic", rule("host: a.example", "action: block"), rule("traffic: any, host: a.example", "action: block"),
			"changed rules r [stricter] traffic from ai to any"},
		{"one more condition on content", rule("data: personal", "action: block"), rule("data: [personal, payment]", "action: block"),
			"changed rules r [looser] data: only with payment"},
		{"another class", rule("data: personal", "action: block"), rule("data: payment", "action: block"),
			"changed rules r [other] data from personal to payment"},
		{"a count of one is what stands there without it", rule("data: personal", "action: block"), rule("data: {class: personal, count: '>=1'}", "action: block"), ""},
		{"more than four is at least five", rule("data: {class: personal, people: '>4'}", "action: block"), rule("data: {class: personal, people: '>=5'}", "action: block"), ""},
		{"a stricter action", rule("", "action: log"), rule("", "action: block"), "changed rules r [stricter] action from log to block"},
		{"monitored no more", rule("", "action: block, monitor: true"), rule("", "action: block"), "changed rules r [stricter] is enforced; was monitored"},
		{"monitored in other words", rule("", "action: block, monitor: true"), rule("", "action: block, mode: monitor"), ""},
		{"a larger share", rule("", "action: block, enforce: 10%"), rule("", "action: block, enforce: 25%"), "changed rules r [stricter] is enforced for 25% of the people; was 10%"},
		{"another message", rule("", "action: block, message: {en: No., de: Nein.}"), rule("", "action: block, message: {en: 'Please ask.'}"),
			`changed rules r [] no message in de; message in en: "Please ask."`},
		{"stricter and milder", rule("method: POST", "action: block"), rule("service: kimi", "action: block"), "changed rules r [other] service: only kimi; was any; method: any; was only POST"},
		{"a new rule", groups, rule("country: CN", "action: block"), "added rules r [stricter] action block; country CN"},
		{"a rule less", rule("country: CN", "action: allow"), groups, "removed rules r [stricter] action allow; country CN"},
		{"the mode of all", groups, "mode: monitor\n" + groups, "changed mode policy [looser] is monitored; was enforced"},
		{"the mode of a group", "groups: {pilots: {users: [ana]}}", "groups: {pilots: {users: [ana, bo], mode: enforce}}", "changed groups pilots [other] users: also bo; mode enforce"},
		{"a renamed group", "groups: {pilots: {users: [ana]}}", "groups: {testers: {users: [ana]}}", "changed groups testers [] was called pilots"},
		{"an approval goes on", "approvals: [{service: claude, status: sanctioned, expires: 2026-12-31}]", "approvals: [{service: claude, status: sanctioned, expires: 2027-03-31}]",
			"changed approvals claude [other] expires 2027-03-31 instead of 2026-12-31"},
		{"an approval for fewer", groups + "approvals: [{service: claude, status: tolerated}]", groups + "approvals: [{service: claude, status: prohibited, groups: [sales]}]",
			"changed approvals claude for sales [other] status from tolerated to prohibited; groups: only sales; was any"},
		{"approvals in another order", "approvals: [{service: claude, status: tolerated}, {service: kimi, status: prohibited}]", "approvals: [{service: kimi, status: prohibited}, {service: claude, status: tolerated}]", ""},
		{"an account more", "", "accounts: [{service: chatgpt, tenant: acme}]", "added accounts chatgpt [other] kind corporate; tenant acme"},
		{"a word less", "data_classes: {launch: {words: [heron, crane]}}", "data_classes: {launch: {words: [heron]}}", "changed data_classes launch [other] words: no longer crane"},
		{"a new class", "", "data_classes: {launch: {words: [heron]}}", "added data_classes launch [other] words heron"},
		{"a detector", "detectors: {card: {class: personal, regexp: 'LC-\\d{8}'}}", "detectors: {card: {class: personal, regexp: 'LC-\\d{9}', context: [loyalty]}}",
			`changed detectors card [other] regexp from LC-\d{8} to LC-\d{9}; context: also loyalty`},
		{"a detector joins its class", "", "detectors: {card: {class: personal, regexp: 'LC-\\d{8}'}}",
			"changed data_classes personal [other] detectors: also card\nadded detectors card [other] class personal; regexp LC-\\d{8}"},
		{"a service", "", "services: [{id: writer, hosts: [w.example]}]", "added services writer [other]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := told(compare.Policies(load(t, c, "old.yaml", test.old), load(t, c, "new.yaml", test.new))); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestRulesThatMovedAreFew(t *testing.T) {
	c := embedded(t)
	policy := func(rules string) string {
		var b strings.Builder
		b.WriteString("rules:\n")
		for _, r := range rules {
			action := map[bool]string{true: "allow", false: "block"}[r >= 'a' && r <= 'c']
			fmt.Fprintf(&b, "  - {name: %c, match: {host: %c.example}, action: %s}\n", r, r, action)
		}
		return b.String()
	}
	for _, test := range []struct{ old, new, want string }{
		{"abxyz", "abxyz", ""},
		{"abxyz", "xabyz", `changed rules x [stricter] moved before "a", "b": decides first where both match`},
		{"axyz", "xyza", `changed rules a [stricter] moved behind "x", "y", "z"`},
		{"xyz", "zxy", `changed rules z [] moved before "x", "y"`},
		{"vwxyz", "zvwxy", `changed rules z [] moved before "v", "w", "x" and 1 more`},
		{"xay", "ay", "removed rules x [looser] action block; host x.example"},
	} {
		if got := told(compare.Policies(load(t, c, "o.yaml", policy(test.old)), load(t, c, "n.yaml", policy(test.new)))); got != test.want {
			t.Errorf("%s -> %s\n%s\nwant\n%s", test.old, test.new, got, test.want)
		}
	}
}

func TestARenamedRuleIsKnownByWhatItDoes(t *testing.T) {
	c := embedded(t)
	old := load(t, c, "o.yaml", "rules:\n  - {name: a, match: {method: GET}, action: block}\n  - {name: b, match: {method: PUT}, action: block}\n")
	new := load(t, c, "n.yaml", "rules:\n  - {name: b, match: {method: [PUT]}, action: block}\n  - {name: first, match: {method: GET}, action: block}\n")
	changes := compare.Policies(old, new)
	if got, want := told(changes), `changed rules first [] was called "a"; moved behind "b"`; got != want && got != `changed rules b [] moved before "first"`+"\n"+`changed rules first [] was called "a"` {
		t.Errorf("%s\nwant %s", got, want)
	}
	for _, change := range changes {
		if !strings.HasPrefix(change.OldAt, "o.yaml:") || !strings.HasPrefix(change.NewAt, "n.yaml:") {
			t.Errorf("places %q and %q", change.OldAt, change.NewAt)
		}
	}
}

// writer writes random policies, so that the same one can be laid out in two ways.
type writer struct {
	r       *rand.Rand
	shuffle bool
}

func (w *writer) list(values ...string) string {
	n := 1 + w.r.IntN(len(values))
	picked := slices.Clone(values[:n])
	if w.shuffle {
		slices.Reverse(picked)
	}
	return "[" + strings.Join(picked, ", ") + "]"
}

func (w *writer) policy(rules int) (out []string) {
	for i := range rules {
		r := w.r
		match := []string{"method: " + w.list("POST", "PUT", "GET")}
		for _, condition := range []string{
			"service: " + w.list("chatgpt", "claude", "kimi"), "groups: " + w.list("marketing", "sales"), "status: " + w.list("unreviewed", "tolerated"),
			fmt.Sprintf("bytes: '>=%dKiB'", 1+r.IntN(9)), fmt.Sprintf("data: {class: personal, people: '>%d'}", r.IntN(9)),
		} {
			if r.IntN(2) == 0 {
				match = append(match, condition)
			}
		}
		if w.shuffle {
			slices.Reverse(match)
		}
		action := []string{"block", "log", "allow"}[r.IntN(3)]
		out = append(out, fmt.Sprintf("  - {name: rule %d, match: {host: h%d.example, %s}, action: %s}\n", i, i, strings.Join(match, ", "), action))
	}
	return out
}

func whole(rules []string) string { return groups + "rules:\n" + strings.Join(rules, "") }

// However a policy is laid out, against itself it says nothing; against one in which
// one thing is different, that thing.
func TestARandomPolicyIsItself(t *testing.T) {
	c := embedded(t)
	for seed := range uint64(80) {
		write := func(shuffle bool) []string {
			w := &writer{r: rand.New(rand.NewPCG(seed, 1)), shuffle: shuffle}
			return w.policy(12)
		}
		rules := write(false)
		old := load(t, c, "o.yaml", whole(rules))
		if got := told(compare.Policies(old, load(t, c, "n.yaml", "\n# another layout\n"+whole(write(true))))); got != "" {
			t.Fatalf("seed %d: the same policy differs\n%s", seed, got)
		}
		r := rand.New(rand.NewPCG(seed, 2))
		i := r.IntN(len(rules))
		mutated, want := slices.Clone(rules), ""
		switch r.IntN(4) {
		case 0:
			mutated[i] = strings.Replace(mutated[i], fmt.Sprintf("host: h%d.example", i), fmt.Sprintf("host: [h%d.example, more.example]", i), 1)
			want = fmt.Sprintf("changed rules rule %d [", i)
		case 1:
			mutated = slices.Delete(mutated, i, i+1)
			want = fmt.Sprintf("removed rules rule %d [", i)
		case 2:
			mutated = slices.Insert(mutated, i, "  - {name: new, match: {country: CN}, action: block}\n")
			want = "added rules new ["
		case 3:
			mutated[i] = strings.Replace(mutated[i], fmt.Sprintf("name: rule %d,", i), "name: other,", 1)
			want = "changed rules other [] was called"
		}
		if got := told(compare.Policies(old, load(t, c, "n.yaml", whole(mutated)))); !strings.HasPrefix(got, want) || strings.Contains(got, "\n") {
			t.Fatalf("seed %d: got\n%s\nwant only %s…", seed, got, want)
		}
	}
}

// Two policies compared the other way round differ in the same parts, and what was
// stricter is looser.
func TestTheOtherWayRound(t *testing.T) {
	c := embedded(t)
	for seed := range uint64(40) {
		side := func(n uint64) *policyfile.Source {
			return load(t, c, "p.yaml", whole((&writer{r: rand.New(rand.NewPCG(seed, n))}).policy(8)))
		}
		a, b := side(1), side(2)
		there, back := compare.Policies(a, b), compare.Policies(b, a)
		if len(there) != len(back) {
			t.Fatalf("seed %d: %d changes there, %d back", seed, len(there), len(back))
		}
		opposite := map[compare.Effect]compare.Effect{compare.Stricter: compare.Looser, compare.Looser: compare.Stricter}
		for i := range there {
			want := there[i].Effect
			if o, ok := opposite[want]; ok {
				want = o
			}
			if back[i].Name != there[i].Name || back[i].Effect != want {
				t.Fatalf("seed %d: %s\nback %s", seed, told(there[i:i+1]), told(back[i:i+1]))
			}
		}
	}
}
