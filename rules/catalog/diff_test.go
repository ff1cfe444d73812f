package catalog_test

import (
	"reflect"
	"testing"

	"daylight.internal/rules/catalog"
)

// small returns a catalogue of one file.
func small(t *testing.T, services string) *catalog.Catalog {
	t.Helper()
	c, problems := catalog.LoadFiles([]catalog.File{{Name: "a.yaml", Data: []byte("services:\n" + services)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

const plainEntry = "- {id: b, name: B, vendor: V, country: DE, category: image, confidence: host-only, verified_on: 2026-03-01, hosts: [b.example]}\n"

func entryWith(keys string) string {
	return "- {id: a, name: A, vendor: V, country: US, category: chat, confidence: code, verified_on: 2026-11-22, " + keys + "}\n"
}

func TestWhatDiffersBetweenTwoCatalogues(t *testing.T) {
	const hosts = "hosts: [a.example]"
	for _, c := range []struct {
		name, old, new string
		want           catalog.ServiceDiff // without the id
	}{
		{"hosts", "hosts: [a.example, x.example]", "hosts: [a.example, \"*.y.example\"]",
			catalog.ServiceDiff{HostsGained: []string{"*.y.example"}, HostsLost: []string{"x.example"}}},
		{"the role of a host", hosts, "hosts: [{host: a.example, role: files, plan: free}]",
			catalog.ServiceDiff{HostsGained: []string{"a.example (files, plan free)"}, HostsLost: []string{"a.example"}}},
		{"an operation", hosts, hosts + ", operations: [{kind: other, path: [/x, /y], query: {q: \"*\"}, header: {x-k: v}, host: a.example}]",
			catalog.ServiceDiff{OperationsGained: []string{"other POST /x or /y ?q=* X-K: v at a.example"}}},
		{"where the text sits", hosts + ", operations: [{kind: prompt, path: /x, text: [$.a, $.b]}]", hosts + ", operations: [{kind: prompt, path: /x, text: [$.c, $.b]}]",
			catalog.ServiceDiff{OperationsChanged: []catalog.OperationDiff{{Operation: "prompt POST /x", TextGained: []string{"$.c"}, TextLost: []string{"$.a"}}}}},
		{"pieces", hosts + ", operations: [{kind: prompt, websocket: true, path: /x, text: ws:$.a, pieces: append}]", hosts + ", operations: [{kind: prompt, websocket: true, path: /x, text: ws:$.a}]",
			catalog.ServiceDiff{OperationsChanged: []catalog.OperationDiff{{Operation: "prompt WebSocket /x", Pieces: "none"}}}},
		{"risk", hosts, hosts + ", risk: {retention_days: 0, source: \"https://a.example\", verified_on: 2026-11-22}",
			catalog.ServiceDiff{Risk: []catalog.FieldDiff{{"retention_days", "", "0"}, {"source", "", "https://a.example"}, {"verified_on", "", "2026-11-22"}}}},
		{"accounts", hosts, hosts + ", account: [header:X-Team]", catalog.ServiceDiff{Fields: []catalog.FieldDiff{{"account", "", "tenant header:X-Team"}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := catalog.Compare(small(t, entryWith(c.old)+plainEntry), small(t, plainEntry+entryWith(c.new)))
			c.want.Service = "a"
			if len(d.Added)+len(d.Removed) != 0 || !reflect.DeepEqual(d.Changed, []catalog.ServiceDiff{c.want}) {
				t.Errorf("got %+v, want %+v", d, c.want)
			}
		})
	}
	same := small(t, entryWith(hosts)+plainEntry)
	if d := catalog.Compare(same, small(t, plainEntry)); len(d.Removed) != 1 || d.Removed[0] != "a" || len(d.Added)+len(d.Changed) != 0 {
		t.Errorf("without a: %+v", d)
	}
	if d := catalog.Compare(same, same); len(d.Added)+len(d.Removed)+len(d.Changed) != 0 {
		t.Errorf("with itself: %+v", d)
	}
}

func TestNumbersOfACatalogue(t *testing.T) {
	c := small(t, plainEntry+
		entryWith("hosts: [a.example, aa.example], operations: [{kind: prompt, path: /x, text: $.a}], risk: {retention_days: 0, source: \"https://a.example\", verified_on: 2026-11-22}")+
		"- {id: c, name: C, vendor: V, country: US, category: chat, confidence: code, verified_on: 2026-11-22, hosts: [c.example], operations: [{kind: upload, path: /x, text: body}]}\n")
	want := catalog.Stats{
		Services: 3, Hosts: 4, WithOperations: 2, WithPrompts: 1, WithRisk: 1, Oldest: "2026-03-01", OldestID: "b",
		Categories:  []catalog.Count{{"chat", 2, 1}, {"image", 1, 0}},
		Countries:   []catalog.Count{{"US", 2, 1}, {"DE", 1, 0}},
		Confidences: []catalog.Count{{"code", 2, 1}, {"host-only", 1, 0}},
	}
	if got := c.Stats(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
