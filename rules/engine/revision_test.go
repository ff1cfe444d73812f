package engine_test

import (
	"strings"
	"testing"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
)

func TestRevisionChangesWithTheCatalogue(t *testing.T) {
	const service = `services:
  - {id: x, name: X, vendor: X, country: US, category: chat, hosts: [x.example], confidence: single, verified_on: 2026-11-01,
     account: {tenant: ["header:X-Tenant"]}, operations: [{kind: prompt, method: POST, path: /a, text: [$.b]}]}
`
	revision := func(text string) string {
		c, problems := catalog.LoadFiles([]catalog.File{{Name: "x.yaml", Data: []byte(text)}})
		if problems.Err() != nil {
			t.Fatal(problems.Err())
		}
		return compile(t, engine.Source{Catalog: c}).Revision()
	}
	seen := map[string]string{revision(service): "base"}
	for name, change := range map[string][2]string{
		"the tenant of an account": {"X-Tenant", "X-Other"},
		"the path of an operation": {"path: /a", "path: /b"},
		"a requirement":            {"method: POST", "method: POST, query: {c: d}"},
	} {
		r := revision(strings.Replace(service, change[0], change[1], 1))
		if other, again := seen[r]; again {
			t.Errorf("%s and %s have the revision %s", name, other, r)
		}
		seen[r] = name
	}
}
