package ruletest_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"daylight.internal/rules/policyfile"
	"daylight.internal/rules/ruletest"
)

// BenchmarkThousandCases is a policy of 100 rules with a thousand cases as people
// write them: prompts and uploads to many services, a few pages of text and lists of
// up to 250 people, a HAR file, a transcript.
func BenchmarkThousandCases(b *testing.B) {
	s := compile(b, manyRules(100), thousandCases())
	tests := s.Tests()
	files := fstest.MapFS{
		"policy/crm.csv": {Data: []byte(customers(250))}, "policy/short.csv": {Data: []byte(customers(5))},
		"policy/letter.txt": {Data: []byte(strings.Repeat("We would like to invite you to the opening of our new bakery in Leipzig. ", 60))},
		"policy/page.http":  {Data: []byte(rawRequest)}, "policy/chat.ws": {Data: []byte(transcript)},
	}
	b.ReportAllocs()
	for b.Loop() {
		if r := ruletest.Run(s, tests, files, ruletest.Options{Now: noon}); len(r.Results) != 1000 || r.Failed() > 0 {
			b.Fatalf("%d tests\n%s", len(r.Results), said(r))
		}
	}
}

func manyRules(n int) policyfile.File {
	var b strings.Builder
	b.WriteString("version: 1\ngroups:\n  marketing: {networks: [10.20.0.0/16], users: ['*@marketing.example']}\nrules:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {name: rule %d, match: {groups: [marketing], status: prohibited, data: {class: personal, people: '>=%d'}}, action: block}\n", i, 1000+i)
	}
	b.WriteString("  - {name: lists, match: {data: {class: personal, people: '>=10'}}, action: block}\n")
	return policyfile.File{Name: "policy/rules.yaml", Data: []byte(b.String())}
}

func thousandCases() policyfile.File {
	var b strings.Builder
	b.WriteString("version: 1\ntests:\n")
	services := []string{"chatgpt", "claude", "deepseek", "gemini", "le-chat", "perplexity", "openai-api", "anthropic-api", "groq", "deepl"}
	for _, form := range []struct{ name, request, action string }{
		{"short prompts", "prompt: What is a good slogan for a bakery?", "log"},
		{"letters", "prompt_file: letter.txt", "log"},
		{"short lists", "prompt_file: short.csv", "log"},
		{"lists", "prompt_file: crm.csv", "block"},
		{"one address", "prompt: 'Please write to ana.kovac@customers.example'", "log"},
	} {
		fmt.Fprintf(&b, "  - name: %s\n    request: {%s}\n    expect: {action: %s}\n    columns: [service, user]\n    rows:\n", form.name, strings.ReplaceAll(form.request, "What is a good slogan for a bakery?", "What is a good slogan"), form.action)
		for i := range 180 {
			fmt.Fprintf(&b, "      - [%s, u%d@marketing.example]\n", services[i%len(services)], i)
		}
	}
	b.WriteString("  - name: pages\n    request: {http: page.http}\n    expect: {action: log}\n    columns: [user]\n    rows:\n")
	for i := range 50 {
		fmt.Fprintf(&b, "      - [u%d@corp.example]\n", i)
	}
	b.WriteString("  - name: chats\n    request: {websocket: chat.ws}\n    expect: {action: log}\n    columns: [user]\n    rows:\n")
	for i := range 50 {
		fmt.Fprintf(&b, "      - [u%d@corp.example]\n", i)
	}
	return policyfile.File{Name: "policy/rules_test.yaml", Data: []byte(b.String())}
}

const rawRequest = "POST /backend-api/f/conversation HTTP/1.1\nHost: chatgpt.com\nContent-Type: application/json\n\n" +
	`{"messages":[{"author":{"role":"user"},"content":{"content_type":"text","parts":["A slogan for a bakery"]}}]}`

const transcript = "wss://copilot.microsoft.com/c/api/chat?api-version=2\n\n" +
	`> {"event":"send","content":[{"type":"text","text":"Hello"}]}` + "\n< {\"event\":\"done\"}\n" +
	`> {"event":"send","content":[{"type":"text","text":"A slogan for a bakery"}]}` + "\n"
