package catalog_test

import (
	"io/fs"
	"path"
	"strings"
	"testing"
	"time"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
)

// Entries get old without a change, so age alone is no fault here.
func TestEmbeddedCatalogueKeepsItsRules(t *testing.T) {
	var files []catalog.File
	names, err := fs.Glob(catalog.EmbeddedFiles(), "services/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(catalog.EmbeddedFiles(), name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, catalog.File{Name: path.Base(name), Data: data})
	}
	c, problems := catalog.Lint(files, time.Now())
	for _, p := range problems {
		if p.Warning && strings.Contains(p.Message, "days ago") {
			continue
		}
		var b strings.Builder
		_ = p.Write(&b)
		t.Error(b.String())
	}
	if len(c.Services()) != len(embedded(t).Services()) {
		t.Errorf("%d services were held against the rules, %d are embedded", len(c.Services()), len(embedded(t).Services()))
	}
	if _, problems := catalog.Load(catalog.EmbeddedFiles()); len(problems) > 0 { // the bypass list, too
		t.Error(problems)
	}
}

// lint holds one entry against the rules, on 2026-11-22. The entry is complete
// but for the keys that are given.
func lint(t *testing.T, keys ...string) strictyaml.Problems {
	t.Helper()
	given := map[string]string{
		"id": "a", "name": "A", "vendor": "A Inc.", "country": "US", "category": "chat",
		"confidence": "host-only", "verified_on": "2026-11-22", "hosts": "[ai.a.example]",
	}
	for _, k := range keys {
		key, value, _ := strings.Cut(k, ": ")
		given[key] = value
	}
	text := "services:\n  -\n"
	for _, key := range []string{"id", "name", "vendor", "country", "category", "confidence", "verified_on", "hosts", "risk", "operations"} {
		if value := given[key]; value != "" {
			text += "    " + key + ": " + value + "\n"
		}
	}
	_, problems := catalog.Lint([]catalog.File{{Name: "a.yaml", Data: []byte(text)}}, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	return problems
}

func TestRulesOfTheCatalogue(t *testing.T) {
	const chat = `{kind: prompt, path: /chat, text: $.q, example: "https://ai.a.example/chat"}`
	const source = `source: "https://a.example", verified_on: 2026-11-22`
	for _, c := range []struct {
		name string
		keys []string
		want string // the message of the only problem; "" for none
	}{
		{"a whole entry", nil, ""},
		{"checked today, east of Greenwich", []string{"verified_on: 2026-11-23"}, ""},
		{"checked in the future", []string{"verified_on: 2026-11-24"}, "error: 2026-11-24 is in the future"},
		{"checked half a year ago", []string{"verified_on: 2026-05-27"}, ""},
		{"checked longer ago", []string{"verified_on: 2026-05-20"}, "warning: the sources were looked at 186 days ago, more than 180"},
		{"never checked", []string{"verified_on: "}, `error: key "verified_on" is missing in service "a"`},
		{"no confidence", []string{"confidence: "}, `error: key "confidence" is missing in service "a"`},
		{"a policy's confidence", []string{"confidence: declared"}, `error: "declared" is for the services of a policy`},
		{"vendor without a country", []string{"country: ZZ"}, ""},
		{"unknown country", []string{"country: XQ"}, `error: there is no country "XQ" in ISO 3166-1`},
		{"a country of old", []string{"country: [US, SU]"}, `error: there is no country "SU" in ISO 3166-1`},
		{"the EU is no vendor's home", []string{"country: EU"}, `error: there is no country "EU" in ISO 3166-1`},

		{"risk", []string{"risk: {retention_days: 30, regions: [EU, US], " + source + "}"}, ""},
		{"risk of an unknown region", []string{"risk: {regions: [XQ], " + source + "}"}, `error: there is no country "XQ" in ISO 3166-1`},
		{"risk of old", []string{`risk: {retention_days: 30, source: "https://a.example", verified_on: 2025-11-22}`}, "warning: the sources were looked at 365 days ago, more than 180"},
		{"risk without a source", []string{"risk: {retention_days: 30, verified_on: 2026-11-22}"}, `error: key "source" is missing`},

		{"prompts under host-only", []string{"operations: [" + chat + "]"}, `error: "a" is said to be known by its hosts only, but has prompt operations`},
		{"more than hosts without prompts", []string{"confidence: code"}, `error: "a" has no operation that says where prompts sit`},
		{"prompts", []string{"confidence: code", "operations: [" + chat + "]"}, ""},
		{"no example", []string{"operations: [{kind: other, path: /x}]"}, "error: the operation has no example"},
		{"a path without an example", []string{`operations: [{kind: other, path: [/x, "/y/{id}"], example: "https://ai.a.example/x"}]`}, "error: the path /y/{id} has no example"},
		{"example of another operation", []string{`operations: [{kind: other, path: "/x*", example: "https://ai.a.example/x1"}, {kind: upload, path: /x2, example: "https://ai.a.example/x2"}]`},
			"error: the example matches the operation at a.yaml:11:18 before this one"},
		{"example with another method", []string{`operations: [{kind: other, path: /x, query: {q: "*"}, example: "https://ai.a.example/x"}]`}, "error: the example matches no operation of the service"},
		{"example elsewhere", []string{`operations: [{kind: other, path: /x, example: "https://b.example/x"}]`}, "error: the example matches no service"},
		{"example of a WebSocket", []string{`operations: [{kind: other, websocket: true, path: /x, example: "wss://ai.a.example/x"}]`}, ""},
		{"example without TLS of a WebSocket", []string{`operations: [{kind: other, websocket: true, path: /x, example: "https://ai.a.example/x"}]`}, "error: the example of a WebSocket begins with wss:// or ws://"},
		{"example in words", []string{`operations: [{kind: other, path: /x, example: "see the manual"}]`}, "error: the example is not a URL"},
		{"example with the headers that are asked for", []string{`operations: [{kind: other, path: /x, header: {X-Kind: "chat*"}, example: "https://ai.a.example/x"}]`}, ""},
	} {
		t.Run(c.name, func(t *testing.T) { wantProblem(t, lint(t, c.keys...), c.want) })
	}
}

// wantProblem wants one problem with a message and its line, or none.
func wantProblem(t *testing.T, problems strictyaml.Problems, want string) {
	t.Helper()
	for _, p := range problems {
		if p.Source == "" {
			t.Errorf("%s stands without its line", p.Error())
		}
	}
	switch {
	case want == "" && len(problems) == 0:
	case want != "" && len(problems) == 1 && strings.HasSuffix(problems[0].Error(), want):
	default:
		t.Errorf("got %v, want %q", []strictyaml.Problem(problems), want)
	}
}

func TestHostsThatDoNotBelongToTheCatalogue(t *testing.T) {
	for host, want := range map[string]string{
		"ai.a.example":                           "",
		"\"*.ai.a.example\"":                     "",
		"acme.us.auth0.com":                      "acme.us.auth0.com belongs to a third party that signs people in",
		"\"*.okta.com\"":                         "*.okta.com belongs to a third party that signs people in",
		"checkout.stripe.com":                    "checkout.stripe.com belongs to a third party that takes payments",
		"o1.ingest.sentry.io":                    "o1.ingest.sentry.io belongs to a third party that collects telemetry",
		"www.googletagmanager.com":               "www.googletagmanager.com belongs to a third party that collects telemetry",
		"fonts.googleapis.com":                   "fonts.googleapis.com belongs to a third party that delivers static files",
		"{host: accounts.google.com, paths: /a}": "accounts.google.com belongs to a third party that signs people in",
		"notstripe.com":                          "",
		"mcp.stripe.com":                         "", // its server of tools for assistants

		"login.a.com":                        "login.a.com signs people in",
		"auth0.a.com":                        "auth0.a.com signs people in",
		"auth.eu.a.com":                      "auth.eu.a.com signs people in",
		"\"cdn-*.a.com\"":                    "cdn-*.a.com delivers static files",
		"{host: cdn.a.com, role: files}":     "",
		"{host: login.a.com, role: files}":   "login.a.com signs people in",
		"events.a.com":                       "events.a.com collects telemetry",
		"{host: events.a.com, role: drafts}": "",
		"status.a.com":                       "status.a.com tells how the service fares",
		"authors.a.com":                      "",
		"login.ai":                           "", // a registered name

		"google.com":                                          "google.com takes all of google.com, which is mostly not AI",
		"\"*.google.com\"":                                    "*.google.com takes all of google.com, which is mostly not AI",
		"www.bing.com":                                        "www.bing.com takes all of bing.com, which is mostly not AI",
		"api.github.com":                                      "api.github.com takes all of github.com, which is mostly not AI",
		"\"*.*.amazonaws.com\"":                               "*.*.amazonaws.com takes all of amazonaws.com, which is mostly not AI",
		"\"bedrock-runtime.*.amazonaws.com\"":                 "",
		"\"*-aiplatform.googleapis.com\"":                     "",
		"\"*.oaiusercontent.com\"":                            "", // one vendor's, though the public list has it
		"gemini.google.com":                                   "",
		"{host: www.bing.com, paths: [/chat/*]}":              "",
		"{host: www.bing.com, paths: [\"*\"]}":                "www.bing.com takes all of bing.com, which is mostly not AI",
		"{host: www.bing.com, paths: [/chat/*, \"/{page}\"]}": "www.bing.com takes all of bing.com, which is mostly not AI",
		"{host: www.notion.so, paths: [/]}":                   "www.notion.so takes all of notion.so, which is mostly not AI",
		"notgoogle.com":                                       "",

		"\"*.vercel.app\"":                    "anybody gets a name below vercel.app, so *.vercel.app is not one vendor's",
		"\"*-chat.vercel.app\"":               "anybody gets a name below vercel.app, so *-chat.vercel.app is not one vendor's",
		"\"*.workers.dev\"":                   "anybody gets a name below workers.dev, so *.workers.dev is not one vendor's",
		"\"*.hf.space\"":                      "anybody gets a name below hf.space, so *.hf.space is not one vendor's",
		"\"*.run.app\"":                       "anybody gets a name below run.app, so *.run.app is not one vendor's",
		"\"*.gradio.live\"":                   "anybody gets a name below gradio.live, so *.gradio.live is not one vendor's",
		"\"*.co.uk\"":                         "anybody gets a name below co.uk, so *.co.uk is not one vendor's",
		"\"*.ai\"":                            "anybody gets a name below ai, so *.ai is not one vendor's",
		"\"chat-*.ai\"":                       "anybody gets a name below ai, so chat-*.ai is not one vendor's",
		"acme.vercel.app":                     "",
		"\"*.acme.vercel.app\"":               "",
		"{host: \"*.hf.space\", paths: [/q]}": "",
		"\"*.openai.azure.com\"":              "",
		"\"*:11434\"":                         "",
	} {
		t.Run(host, func(t *testing.T) {
			if want != "" {
				want = "error: " + want
			}
			wantProblem(t, lint(t, "hosts: ["+host+"]"), want)
		})
	}
}

func TestTheSameHostTwiceIsFoundAcrossFiles(t *testing.T) {
	entry := func(id, host string) catalog.File {
		return catalog.File{Name: id + ".yaml", Data: []byte("services:\n- {id: " + id + ", name: N, vendor: V, country: US, category: chat, confidence: host-only, verified_on: 2026-11-22, hosts: [" + host + "]}\n")}
	}
	for _, c := range []struct{ name, one, other, want string }{
		{"whole", "x.example", "X.example", `error: host "x.example" belongs to "a" already (a.yaml:2:3)`},
		{"paths", "{host: x.example, paths: [/a, /b]}", "{host: x.example, paths: [/c, /b]}", `error: host "x.example/b" belongs to "a" already (a.yaml:2:3)`},
		{"paths of a whole host", "x.example", "{host: x.example, paths: [/c]}", ""},
		{"below", "x.example", "\"*.x.example\"", ""},
		{"an empty file", "x.example", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := catalog.Lint([]catalog.File{entry("a", c.one), entry("b", c.other)}, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
			if c.other == "" {
				c.want = `error: service "b" has no hosts`
			}
			wantProblem(t, problems, c.want)
		})
	}
	_, problems := catalog.Lint([]catalog.File{{Name: "a.yaml", Data: []byte("# nothing yet\n")}}, time.Time{})
	wantProblem(t, problems, "error: the file is empty")
}
