package compare_test

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
	"daylight.internal/rules"
	"daylight.internal/rules/compare"
	"daylight.internal/rules/policyfile"
)

// overlapping writes a policy of rules that match much of the same.
func overlapping(r *rand.Rand) []string {
	var out []string
	for i := range 4 {
		var match []string
		for _, condition := range []string{
			"method: [" + []string{"POST", "PUT", "POST, PUT", "GET"}[r.IntN(4)] + "]", "service: [" + []string{"chatgpt", "claude, kimi"}[r.IntN(2)] + "]",
			"groups: " + []string{"marketing", "sales"}[r.IntN(2)], fmt.Sprintf("data: {class: personal, people: '>=%d'}", r.IntN(4)), "traffic: any", fmt.Sprintf("bytes: '<%d'", 1+r.IntN(3)),
		} {
			if r.IntN(3) == 0 {
				match = append(match, condition)
			}
		}
		slices.Sort(match)
		rest := []string{"action: block", "action: log", "action: allow", "action: block, mode: monitor", "action: block, enforce: 50%"}[r.IntN(5)]
		out = append(out, fmt.Sprintf("  - {name: rule %d, match: {%s}, %s}\n", i, strings.Join(slices.CompactFunc(match, func(a, b string) bool { return a[:4] == b[:4] }), ", "), rest))
	}
	return out
}

// strictness is how an exchange fares, the higher the worse.
func strictness(v rules.Verdict) int {
	switch {
	case v.Stops():
		return 2
	case v.Action == rules.Allow:
		return 0
	default:
		return 1
	}
}

func randomFacts(r *rand.Rand) rules.Facts {
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	f := rules.Facts{
		Time: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Method: pick("POST", "PUT", "GET"), Bytes: r.Int64N(4),
		Client:  rules.Client{User: fmt.Sprintf("u%d@%s.example", r.IntN(20), pick("m", "s", "x"))},
		Service: rules.Service{ID: pick("chatgpt", "claude", "kimi", "")}, Destination: rules.Destination{Host: "a.example"},
		Content: &rules.Content{Coverage: classifier.Coverage{State: classifier.Complete}},
	}
	if n := r.IntN(4); n > 0 {
		f.Content.Findings, f.Content.People = []classifier.Summary{{Detector: "email", Class: "personal", Count: n, Confidence: 1}}, n
	}
	return f
}

// What is called stricter treats no exchange more mildly, and what is called looser
// none more strictly, whatever else the policy says. Without an effect, only names differ.
func TestWhatIsCalledStricterIsStricter(t *testing.T) {
	c := embedded(t)
	seen := map[compare.Effect]int{}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 9))
		before, other := overlapping(r), overlapping(r)
		after := slices.Clone(before)
		i := r.IntN(len(after))
		switch r.IntN(4) {
		case 0:
			after = slices.Delete(after, i, i+1)
		case 1:
			after = slices.Insert(after, r.IntN(5), strings.Replace(other[i], "rule", "new", 1))
		case 2:
			after[i] = other[i]
		case 3:
			moved := after[i]
			after = slices.Insert(slices.Delete(after, i, i+1), r.IntN(4), moved)
		}
		old, new := load(t, c, "o.yaml", whole(before)), load(t, c, "n.yaml", whole(after))
		changes := compare.Policies(old, new)
		if len(changes) != 1 {
			continue
		}
		effect := changes[0].Effect
		seen[effect]++
		for range 300 {
			f := randomFacts(r)
			a, b := strictness(old.Policy.Decide(f, nil)), strictness(new.Policy.Decide(f, nil))
			if effect == compare.Stricter && b < a || effect == compare.Looser && b > a || effect == compare.NoEffect && a != b {
				t.Fatalf("seed %d: %s\nbut %d became %d for %+v\n%s\n%s", seed, told(changes), a, b, f, whole(before), whole(after))
			}
		}
	}
	if min(seen[compare.Stricter], seen[compare.Looser], seen[compare.Other]) < 30 {
		t.Errorf("the random changes are too alike: %v", seen)
	}
}

// full is a source in which every field of every part is set.
func full(t *testing.T) *policyfile.Source {
	t.Helper()
	var s policyfile.Source
	s.Policy = rules.Policy{
		Groups: []rules.Group{{}}, Approvals: []rules.Approval{{}}, Accounts: []rules.NamedAccount{{}}, Rules: []rules.Rule{{}},
	}
	s.Patterns = []classifier.Pattern{{}}
	for _, part := range parts(&s) {
		set(part.value, 1)
	}
	s.Policy.Groups[0].Networks = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	s.Patterns[0].ID = "card"
	s.Places = map[policyfile.Part]string{{Section: "detectors", Name: "card"}: "o.yaml:1:1"}
	return &s
}

type part struct {
	name  string
	value reflect.Value
}

func parts(s *policyfile.Source) []part {
	return []part{
		{"group", reflect.ValueOf(&s.Policy.Groups[0]).Elem()}, {"approval", reflect.ValueOf(&s.Policy.Approvals[0]).Elem()},
		{"account", reflect.ValueOf(&s.Policy.Accounts[0]).Elem()}, {"rule", reflect.ValueOf(&s.Policy.Rules[0]).Elem()},
		{"detector", reflect.ValueOf(&s.Patterns[0]).Elem()},
	}
}

// set fills a value so that another n makes another value.
func set(v reflect.Value, n int) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC)))
		return
	case rules.Comparison:
		v.Set(reflect.ValueOf(rules.Comparison{Op: ">=", Value: int64(n)}))
		return
	case netip.Prefix:
		v.Set(reflect.ValueOf(netip.PrefixFrom(netip.AddrFrom4([4]byte{10}), 8+n)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			set(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		set(v.Index(0), n)
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"en": fmt.Sprint("text ", n)}))
	case reflect.String:
		v.SetString(fmt.Sprint("word", n))
	case reflect.Bool:
		v.SetBool(n%2 == 0)
	case reflect.Uint8, reflect.Uint16:
		v.SetUint(uint64(n % 3))
	case reflect.Int64:
		v.SetInt(int64(n))
	default:
		panic("set does not know " + v.Kind().String())
	}
}

// Every field of a policy that decides is compared. Those that follow from others,
// and places, are not.
func TestEveryFieldOfAPolicyIsCompared(t *testing.T) {
	skipped := []string{"At", "Detectors", "ID", "OnErrorOfFile"}
	fields := 0
	var walk func(name string, of func(*policyfile.Source) reflect.Value)
	walk = func(name string, of func(*policyfile.Source) reflect.Value) {
		kind := of(full(t)).Type()
		for i := range kind.NumField() {
			f := kind.Field(i)
			if slices.Contains(skipped, f.Name) {
				continue
			}
			field := func(s *policyfile.Source) reflect.Value { return of(s).Field(i) }
			if f.Type == reflect.TypeFor[rules.Match]() {
				walk(name+"."+f.Name, field)
				continue
			}
			if f.Type == reflect.TypeFor[[]rules.DataMatch]() {
				walk(name+".Match.Data", func(s *policyfile.Source) reflect.Value { return field(s).Index(0) })
				continue
			}
			fields++
			old, new := full(t), full(t)
			set(field(new), 2)
			changes := compare.Policies(old, new)
			if len(changes) == 0 || len(changes) > 2 || len(changes[0].Details) != 1 && f.Name != "Name" && f.Name != "Service" {
				t.Errorf("another %s.%s is told as %q", name, f.Name, told(changes))
			}
		}
	}
	for i, p := range parts(full(t)) {
		walk(p.name, func(s *policyfile.Source) reflect.Value { return parts(s)[i].value })
	}
	if fields < 45 {
		t.Errorf("only %d fields", fields)
	}
}
