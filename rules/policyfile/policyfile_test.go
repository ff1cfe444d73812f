package policyfile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/policyfile"
)

// mustLoad loads files that have no fault.
func mustLoad(t testing.TB, files ...policyfile.File) *policyfile.Source {
	t.Helper()
	source, problems := load(t, files...)
	if err := problems.Err(); err != nil {
		t.Fatal("\n" + render(t, problems))
	}
	return source
}

func TestRulesAndApprovalsAreResolved(t *testing.T) {
	s := mustLoad(t, read(t, fixtures+"/good/marketing.yaml"))
	p := s.Policy
	if p.Monitor || len(p.Groups) != 2 || len(p.Approvals) != 4 || len(p.Rules) != 7 || len(s.Tests) != 7 {
		t.Fatalf("policy %+v", p)
	}
	if g := p.Groups[0]; g.Name != "marketing" || len(g.Networks) != 2 || g.Users[0] != "*@marketing.corp.example" {
		t.Errorf("group %+v", g)
	}
	a := p.Approvals[0]
	if a.Status != rules.Sanctioned || a.Owner != "mops@corp.example" || a.At != "marketing.yaml:27:5" || !slices.Equal(a.Detectors, []string{"campaign_performance", "creative_marker"}) {
		t.Errorf("approval %+v", a)
	}
	lists := p.Rules[0]
	want := rules.DataMatch{Class: "personal", Detectors: []string{"email", "loyalty_number", "phone"}, People: rules.Comparison{Op: ">=", Value: 10}}
	if d := lists.Match.Data[0]; d.Class != want.Class || !slices.Equal(d.Detectors, want.Detectors) || d.People != want.People || d.Count.Op != "" {
		t.Errorf("data %+v, want %+v", d, want)
	}
	if lists.At != "marketing.yaml:38:5" || lists.Action != rules.Block || lists.Message["zh"] != "请使用已批准的助手。" {
		t.Errorf("rule %+v", lists)
	}
	if plans := p.Rules[1]; !plans.Monitor || len(plans.Match.Data) != 2 || plans.Match.Data[1].Confidence != (rules.Comparison{Op: ">=", Value: 50}) {
		t.Errorf("rule %+v", plans)
	}
	if m := p.Rules[2].Match; m.Bytes != (rules.Comparison{Op: ">=", Value: 1 << 20}) || !slices.Equal(m.Coverage, []string{"truncated", "undecodable"}) {
		t.Errorf("match %+v", m)
	}
	m := p.Rules[3].Match
	if m.Vendors[0] != "OpenAI" || m.Methods[0] != "POST" || m.Hosts[0] != "*.chatgpt.com" || m.Users[0] != "*@agency.example" {
		t.Errorf("words were not folded: %+v", m)
	}
	if p.Rules[5].Match.Traffic != rules.TrafficOther || !slices.Contains(p.Rules[5].Match.Data[0].Detectors, "crm_export") {
		t.Errorf("match %+v", p.Rules[5].Match)
	}
	if _, ok := s.Catalog.Service("house-copywriter"); !ok {
		t.Error("the own service is not in the catalogue")
	}
}

func TestClassesAreMadeOfDetectorsWordsAndColumns(t *testing.T) {
	s := mustLoad(t, read(t, fixtures+"/good/marketing.yaml"))
	for class, want := range map[string][]string{
		"personal":      {"email", "loyalty_number", "phone"},
		"payment":       {"payment_card"},
		"campaign_plan": {"campaign_plan", "launch_date"},
		"crm_export":    {"crm_export", "email", "loyalty_number"},
	} {
		if got := s.Classes[class]; !slices.Equal(got, want) {
			t.Errorf("%s is made of %v, want %v", class, got, want)
		}
	}
	var ids []string
	for _, p := range s.Patterns {
		ids = append(ids, p.ID)
	}
	if !slices.Equal(ids, []string{"loyalty_number", "launch_date", "campaign_plan", "crm_export"}) {
		t.Errorf("patterns %v", ids)
	}
}

func TestAnEntryForABuiltInClassAddsToIt(t *testing.T) {
	s := mustLoad(t, text("version: 1", "data_classes:", "  personal: {detectors: [jwt]}"))
	if got := s.Classes["personal"]; !slices.Equal(got, []string{"email", "jwt", "phone"}) {
		t.Errorf("personal is made of %v", got)
	}
}

func TestAClassThatNothingFindsMatchesNothing(t *testing.T) {
	s, problems := load(t, text("version: 1", "rules:", "  - {name: r, match: {data: competitive_research}, action: block}"))
	if got := render(t, problems); problems.Err() != nil || !strings.Contains(got, `no detector finds the data class "competitive_research"`) {
		t.Errorf("problems\n%s", got)
	}
	f := rules.Facts{Service: rules.Service{ID: "chatgpt"}, Content: &rules.Content{Findings: []classifier.Summary{{Detector: "email", Class: "personal", Count: 1}}}}
	if v := s.Policy.Decide(f, nil); v.Rule != "" {
		t.Errorf("an address was taken for it: %+v", v)
	}
}

func TestFilesAreMerged(t *testing.T) {
	first := policyfile.File{Name: "a.yaml", Data: []byte("version: 1\nrules:\n  - {name: one, match: {groups: later}, action: log}\n")}
	second := policyfile.File{Name: "b.yaml", Data: []byte("version: 1\nmode: monitor\ngroups:\n  later: {users: [ana]}\nrules:\n  - {name: two, match: {}, action: block}\n")}
	p := mustLoad(t, first, second).Policy
	if len(p.Rules) != 2 || p.Rules[0].At != "a.yaml:3:5" || p.Rules[1].At != "b.yaml:6:5" || !p.Monitor {
		t.Errorf("policy %+v", p)
	}
	if p := mustLoad(t, second, first).Policy; p.Rules[0].Name != "two" {
		t.Error("rules do not follow the order of the files")
	}
}

func TestDuplicateNamesPointAtTheFirstInAnotherFile(t *testing.T) {
	file := func(name string) policyfile.File {
		return policyfile.File{Name: name, Data: []byte("version: 1\ngroups:\n  g: {users: [ana]}\nrules:\n  - {name: r, match: {groups: g}, action: log}\n")}
	}
	_, problems := load(t, file("a.yaml"), file("b.yaml"))
	got := render(t, problems)
	for _, want := range []string{`b.yaml:3:3: error: group "g" is already given at a.yaml:3:3`, `b.yaml:5:12: error: rule "r" is already given at a.yaml:5:12`} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %s in\n%s", want, got)
		}
	}
}

func TestAnApprovalHoldsToTheEndOfItsDay(t *testing.T) {
	s := mustLoad(t, text("version: 1", "approvals:", "  - {service: chatgpt, status: sanctioned, expires: 2027-03-31}"))
	if want := time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC); !s.Policy.Approvals[0].Expires.Equal(want) {
		t.Errorf("expires %v, want %v", s.Policy.Approvals[0].Expires, want)
	}
}

func TestApprovalsNearTheirEndAreWarnings(t *testing.T) {
	for _, c := range []struct{ date, want string }{
		{"2026-11-21", "the approval has expired"},
		{"2026-11-22", "the approval expires within 30 days"},
		{"2026-12-20", "the approval expires within 30 days"},
		{"2026-12-22", ""},
	} {
		_, problems := load(t, text("version: 1", "approvals:", "  - {service: chatgpt, status: sanctioned, expires: "+c.date+"}"))
		if problems.Err() != nil {
			t.Errorf("%s is an error: %v", c.date, problems)
		}
		if got := render(t, problems); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.date, got, c.want)
		}
	}
}

func TestAFaultDoesNotMakeALaterRuleSeemUnreachable(t *testing.T) {
	_, problems := load(t, text("version: 1", "rules:",
		"  - {name: one, match: {groups: nobody}, action: log}", "  - {name: two, match: {}, action: block}"))
	if got := render(t, problems); strings.Contains(got, "never decide") || !strings.Contains(got, `unknown group "nobody"`) {
		t.Errorf("problems\n%s", got)
	}
}

func TestComparisons(t *testing.T) {
	for _, c := range []struct {
		key, text string
		want      rules.Comparison
	}{
		{"people", ">=10", rules.Comparison{Op: ">=", Value: 10}},
		{"people", " > 10 ", rules.Comparison{Op: ">", Value: 10}},
		{"count", "=0", rules.Comparison{Op: "=", Value: 0}},
		{"count", "<=3", rules.Comparison{Op: "<=", Value: 3}},
		{"confidence", "<80%", rules.Comparison{Op: "<", Value: 80}},
		{"confidence", ">=100", rules.Comparison{Op: ">=", Value: 100}},
	} {
		s := mustLoad(t, text("version: 1", "rules:", fmt.Sprintf("  - {name: r, match: {data: {%s: %q}}, action: log}", c.key, c.text)))
		d := s.Policy.Rules[0].Match.Data[0]
		if got := map[string]rules.Comparison{"people": d.People, "count": d.Count, "confidence": d.Confidence}[c.key]; got != c.want {
			t.Errorf("%s %s: %+v", c.key, c.text, got)
		}
	}
}

func TestALargePolicyLoadsQuickly(t *testing.T) {
	var b strings.Builder
	b.WriteString("version: 1\nrules:\n")
	for i := range 1000 {
		fmt.Fprintf(&b, "  - {name: r%d, match: {status: unreviewed, data: {class: personal, people: \">=%d\"}}, action: block}\n", i, 1000-i)
	}
	begin := time.Now()
	s, problems := policyfile.Load([]policyfile.File{{Name: "p.yaml", Data: []byte(b.String())}}, known(t))
	if len(s.Policy.Rules) != 1000 || len(problems) > 0 {
		t.Fatalf("%d rules, %d problems", len(s.Policy.Rules), len(problems))
	}
	if took := time.Since(begin); took > 30*time.Second { // far above what is usual: it catches an explosion
		t.Errorf("took %v", took)
	}
}
