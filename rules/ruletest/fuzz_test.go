package ruletest_test

import (
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/ruletest"
)

// Whatever a fixture and a prompt hold, a test passes, fails or could not be run, and
// its report quotes none of it.
func FuzzFixtures(f *testing.F) {
	for _, seed := range []string{
		har, rawRequest, transcript, customers(3), "", "{}", `{"log":{}}`, "GET / HTTP/1.1\n\n", "wss://a.example/\n\n> base64:AA==\n", "\xff\xfe\x00",
		"POST http://a.example/ HTTP/1.1\nTransfer-Encoding: chunked\n\nffffffffffffffff\n", "name\n\"",
	} {
		f.Add([]byte(seed))
	}
	embedded, err := catalog.Embedded()
	if err != nil {
		f.Fatal(err)
	}
	const secret = "4539148803436467"
	var b strings.Builder
	b.WriteString("version: 1\nrules: [{name: a, match: {data: personal}, action: block}]\ntests:\n")
	for i, request := range []string{
		"{har: f}", "{har: f, entry: 1}", "{http: f}", "{websocket: f}", "{service: chatgpt, prompt_file: f}", "{service: microsoft-copilot, prompt_file: f}",
		"{service: openai-api, upload: f}", "{service: perplexity, prompt_file: f}", "{url: 'https://a.example/x', body_file: f}",
	} {
		b.WriteString("  - {name: test " + strconv.Itoa(i) + ", request: " + request + ", expect: {action: allow, rule: a, people: 100000, response: tunnel, classes: [payment]}}\n")
	}
	s, problems := engine.Compile(engine.Source{Catalog: embedded, Policy: []policyfile.File{{Name: "p.yaml", Data: []byte(b.String())}}})
	if problems.Err() != nil {
		f.Fatal(problems)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		files := fstest.MapFS{"f": {Data: append(data, secret...)}}
		r := ruletest.Run(s, s.Tests(), files, ruletest.Options{Now: noon, InspectBytes: 1 << 16, Workers: 1})
		if len(r.Results) < len(s.Tests())-1 { // a HAR file may have no entries
			t.Errorf("%d results", len(r.Results))
		}
		var out strings.Builder
		if err := r.WriteJUnit(&out, noon); err != nil {
			t.Error(err)
		}
		if err := r.WriteJSON(&out, true); err != nil {
			t.Error(err)
		}
		for _, result := range r.Results {
			if result.Passed() {
				t.Errorf("%s passed", result.Name)
			}
			if result.Problem != nil && strings.Contains(result.Problem.Message, "fault of the program") {
				t.Errorf("%s: %s", result.Name, result.Problem.Message)
			}
		}
		if strings.Contains(out.String(), secret) {
			t.Error("the report quotes the fixture")
		}
	})
}
