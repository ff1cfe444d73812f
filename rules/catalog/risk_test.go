package catalog_test

import (
	"reflect"
	"slices"
	"testing"
	"testing/fstest"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
)

func TestRiskFactsAreReadAndWhatIsNotSaidStaysUnknown(t *testing.T) {
	const source = "source: https://a.example/privacy, verified_on: 2026-11-22"
	for _, c := range []struct {
		name, risk string
		want       catalog.Risk
	}{
		{"all", "trains_on_input: opt_out, retention_days: 30, regions: [US, EU], ",
			catalog.Risk{TrainsOnInput: catalog.OptOutTrains, RetentionDays: new(30), Regions: []string{"US", "EU"}}},
		{"nothing is kept", "retention_days: 0, ", catalog.Risk{RetentionDays: new(0)}},
		{"only where", "regions: DE, ", catalog.Risk{Regions: []string{"DE"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			services, problems := decode(t, "- {id: a, hosts: [a.example], risk: {"+c.risk+source+"}}")
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			c.want.Source, c.want.VerifiedOn = "https://a.example/privacy", "2026-11-22"
			if !reflect.DeepEqual(*services[0].Risk, c.want) {
				t.Errorf("got %+v, want %+v", *services[0].Risk, c.want)
			}
		})
	}
	if services, _ := decode(t, "- {id: a, hosts: [a.example]}"); services[0].Risk != nil {
		t.Errorf("a risk that nobody wrote: %+v", services[0].Risk)
	}
}

func TestFaultsOfARiskAreReportedWithTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, risk, want string }{
		{"no source", "{retention_days: 1, verified_on: 2026-11-22}", `policy.yaml:1:37: error: key "source" is missing`},
		{"no date", "{retention_days: 1, source: \"https://a.example\"}", `policy.yaml:1:37: error: key "verified_on" is missing`},
		{"no fact", "{source: \"https://a.example\", verified_on: 2026-11-22}", `policy.yaml:1:37: error: the risk says nothing`},
		{"answer", "{trains_on_input: optout}", `policy.yaml:1:55: error: unknown answer "optout"`},
		{"days", "{retention_days: -1}", `policy.yaml:1:54: error: -1 is not a number of days from 0 to 36500`},
		{"region", "{regions: [Europe]}", `policy.yaml:1:48: error: "Europe" is neither a country code of ISO 3166-1 nor EU`},
		{"source", "{source: a.example}", `policy.yaml:1:46: error: "a.example" is not an https URL`},
		{"date", "{verified_on: 1 May}", `policy.yaml:1:51: error: "1 May" is not a date such as 2026-11-22`},
		{"misspelt key", "{train_on_input: never}", `policy.yaml:1:38: error: unknown key "train_on_input"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := decode(t, "- {id: a, hosts: [a.example], risk: "+c.risk+"}")
			if !slices.ContainsFunc(problems, func(p strictyaml.Problem) bool { return p.Error() == c.want }) {
				t.Errorf("got %v, want %s", problems, c.want)
			}
		})
	}
}

func TestHostsTellTheirRoleAndPlan(t *testing.T) {
	services, problems := decode(t, `
- id: a
  hosts:
    - a.example
    - {host: "*.files.example", role: files}
    - {host: free.a.example, plan: free, paths: [/v1/*]}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	hosts := services[0].Hosts
	if hosts[0].Role != "" || hosts[0].Plan != "" || hosts[1].Role != catalog.FilesRole || hosts[1].Paths != nil ||
		hosts[2].Plan != "free" || len(hosts[2].Paths) != 1 || hosts[2].At.String() != "policy.yaml:6:14" {
		t.Errorf("hosts: %+v", hosts)
	}
}

func TestAServiceOfWhichOnlyTheHostsAreKnownFitsOnOneLine(t *testing.T) {
	c, problems := catalog.Load(fstest.MapFS{"services/a.yaml": {Data: []byte("services:\n" +
		"  - {id: a, name: A, vendor: A Inc., country: US, category: saas_ai, confidence: host-only, verified_on: 2026-11-22, hosts: [a.example, \"*.a.example\"]}\n")}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if s, ok := c.Service("a"); !ok || s.ErrorShape != catalog.PlainError || len(s.Hosts) != 2 {
		t.Errorf("service: %+v", s)
	}
}
