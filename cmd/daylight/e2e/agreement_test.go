package e2e_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// agreementPolicy has a rule for each kind of condition, a share, a group with a
// mode of its own and a message that people read.
const agreementPolicy = `version: 1
detectors:
  loyalty_number: {class: personal, regexp: 'LC-\d{8}', context: [loyalty]}
data_classes:
  launch_plans: {words: [Project Heron]}
groups:
  pilots: {users: ["*@it.corp.example"], mode: monitor}
  marketing: {networks: [127.0.0.0/8], users: ["*@marketing.corp.example"]}
approvals:
  - {service: openai-api, status: sanctioned, groups: [marketing], data: [campaign_performance]}
  - {service: openai-api, status: tolerated}
  - {service: deepseek, status: prohibited}
accounts:
  - {service: chatgpt, tenant: 0b3c9d44-6c1f-4f0e-9a59-7f6f0c3d2a11, name: Acme workspace}
rules:
  - name: launches stay secret
    match: {data: launch_plans}
    action: block
    message: {en: This names a launch., de: Hier steht ein neues Produkt.}
  - name: half of the long ones
    match: {service: claude, data: {class: personal, people: ">=30"}}
    action: block
    enforce: 50%
  - name: customer lists stay home
    match: {status: [unreviewed, prohibited, tolerated], data: {class: personal, people: ">=10"}}
    action: block
  - name: unread files
    match: {operation: upload, coverage: [truncated, undecodable, not_inspected], bytes: ">=1KiB"}
    action: block
  - name: many of one kind
    match: {data: [{detector: email, count: ">=3"}, {class: personal, count: "<10"}]}
    action: log
  - name: nothing to write home about
    match: {service: anthropic-api, method: POST}
    action: allow
  - name: lists to shops
    match: {traffic: other, host: "*.shop.test", data: {class: personal, people: ">=5"}}
    action: block
`

// agreementCase is a request, sent by curl.
type agreementCase struct {
	name, user, url, body string
	args                  []string // of curl and of explain alike
}

// headerOf writes a field for curl and for explain.
func headerOf(name, value string) []string { return []string{"-H", name + ": " + value} }

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

func agreementCases(t *testing.T) (cases []agreementCase) {
	const (
		page  = "https://chatgpt.com/backend-api/f/conversation"
		api   = "https://api.openai.com/v1/chat/completions"
		words = "https://api.anthropic.com/v1/messages"
		ana   = "ana@marketing.corp.example"
	)
	claude := "https://claude.ai/api/organizations/0b6f2c1e-7d55-4f5a-9c2e-1f0a7b8c9d10/chat_conversations/5c1d2e3f-1111-4222-8333-944455556666/completion"
	asJSON := headerOf("Content-Type", "application/json")
	prompt := func(text string) string { return chatGPTPrompt(t, text) }
	chat := func(text string) string {
		b, _ := json.Marshal(map[string]any{"model": "m", "messages": []any{map[string]any{"role": "user", "content": text}}})
		return string(b)
	}
	claudeText := func(text string) string { b, _ := json.Marshal(map[string]string{"prompt": text}); return string(b) }
	for i, text := range []string{cleanPrompt, customerList(1), customerList(4), customerList(9), customerList(12), customerList(40), "Project Heron starts on Monday",
		"my loyalty number is LC-12345678", "Spring campaign: 120,000 impressions, CTR 2.8%, ROAS 4.1", ""} {
		cases = append(cases,
			agreementCase{fmt.Sprintf("text %d to the page", i), ana, page, prompt(text), asJSON},
			agreementCase{fmt.Sprintf("text %d to the API", i), ana, api, chat(text), asJSON},
			agreementCase{fmt.Sprintf("text %d to claude", i), ana, claude, claudeText(text), asJSON})
		for _, u := range []string{"eve@it.corp.example", "bo@sales.corp.example", ""} {
			if i%5 == 0 { // nothing, and forty people
				cases = append(cases, agreementCase{fmt.Sprintf("text %d to claude by %q", i, u), u, claude, claudeText(text), asJSON})
			}
		}
	}
	cases = append(cases, agreementCase{"a list to what is allowed", ana, words, chat(customerList(40)), asJSON})
	list, binary := customerList(20), strings.Repeat("\x00\x01\xfe\xff", 4096)
	browser := append(headerOf("Accept", "text/html,application/xhtml+xml"), headerOf("Sec-Fetch-Mode", "navigate")...)
	return append(cases,
		agreementCase{"a page", ana, "https://chatgpt.com/", "", nil},
		agreementCase{"an unknown path", ana, "https://chatgpt.com/backend-api/nothing/of/that/name?token=1", list, headerOf("Content-Type", "text/plain")},
		agreementCase{"a form by a browser", ana, page, "prompt=" + strings.ReplaceAll(list, "\n", "%0A"), append(browser, headerOf("Content-Type", "application/x-www-form-urlencoded")...)},
		agreementCase{"a file as it is", ana, page, list, headerOf("Content-Type", "text/csv")},
		agreementCase{"bytes without a type", ana, page, binary, headerOf("Content-Type", "application/octet-stream")},
		agreementCase{"a picture to the API of files", ana, "https://api.openai.com/v1/files", binary, headerOf("Content-Type", "image/png")},
		agreementCase{"a packed prompt", ana, page, gzipped(t, prompt(list)), append(headerOf("Content-Encoding", "gzip"), asJSON...)},
		agreementCase{"a coding that nobody knows", ana, page, prompt(list), append(headerOf("Content-Encoding", "x-secret"), asJSON...)},
		agreementCase{"broken JSON", ana, page, prompt(list)[:900], asJSON},
		agreementCase{"GET with a query", ana, "https://chatgpt.com/?q=" + strings.Repeat("x", 40), "", browser},
		agreementCase{"a workspace of ours", ana, page, prompt(customerList(2)), append(headerOf("Chatgpt-Account-Id", "0b3c9d44-6c1f-4f0e-9a59-7f6f0c3d2a11"), asJSON...)},
		agreementCase{"another workspace", ana, page, prompt(customerList(2)), append(headerOf("Chatgpt-Account-Id", "11111111-6c1f-4f0e-9a59-7f6f0c3d2a11"), asJSON...)},
		agreementCase{"a key", ana, api, chat(list), append(headerOf("Authorization", "Bearer sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"), asJSON...)},
		agreementCase{"a list to a shop", ana, "https://www.shop.test/import", list, headerOf("Content-Type", "text/csv")},
		agreementCase{"nothing to a shop", ana, "https://www.shop.test/import", "hello", headerOf("Content-Type", "text/plain")},
		agreementCase{"a tool that no list knows", ana, "https://llm.newcomer.test/v1/chat/completions", chat(list), asJSON},
		agreementCase{"a prohibited tool", ana, "https://chat.deepseek.com/api/v0/chat/completion", chat(list), asJSON},
		agreementCase{"without TLS", ana, "http://plain.test/v1/chat/completions", chat("hello"), asJSON},
	)
}

// The proxy, `explain` of the same request, `explain --event` and `replay` of the
// event that it left say the same.
func TestExplainAndReplayAgreeWithTheProxy(t *testing.T) {
	need(t, "curl")
	w := start(t, agreementPolicy, "identity: {user_header: X-Auth-User, user_header_from: [127.0.0.1/32]}\n")
	for i, c := range agreementCases(t) {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			w.write("body", c.body)
			signIn := "--proxy-header"
			if strings.HasPrefix(c.url, "http:") {
				signIn = "-H" // there is no CONNECT
			}
			args := append([]string{signIn, "X-Auth-User: " + c.user}, c.args...)
			if c.body != "" {
				args = append(args, "--data-binary", "@"+filepath.Join(w.dir, "body"))
			}
			status, _, answer := w.curl("", append(args, "-D", filepath.Join(w.dir, "head"), c.url)...)
			record := w.exchange(i)
			asked := []string{"--address", "127.0.0.1", "--user", c.user, "--time", record["time"].(string)}
			if c.body != "" {
				asked = append(asked, "--data", "@"+filepath.Join(w.dir, "body"))
			}
			explained := w.explain(append(append(asked, c.args...), c.url)...)
			w.compare("explain", record, explained, "reading.coverage", "reading.need")
			w.compareAnswer(explained, status, answer)
			recorded := w.explain("--event", record["id"].(string))
			w.compare("explain --event", record, recorded, "event.coverage", "event.mode")
			if said := recorded["event"].(map[string]any); len(said["possible"].([]any)) > 0 {
				t.Errorf("explain --event is not certain for %v: %v", said["causes"], said["possible"])
			}
		})
	}
	w.t = t
	report := w.daylight("replay", "--config", filepath.Join(w.dir, "daylight.yaml"), "--policy", filepath.Join(w.dir, "policy.yaml"),
		"--against", filepath.Join(w.dir, "events.jsonl"), "--format", "json")
	if changes := report["changes"].([]any); len(changes) > 0 || report["exchanges"].(float64) < 50 {
		text, _ := json.MarshalIndent(changes, "", " ")
		t.Errorf("replay under the same policy: %v exchanges, changes %s", report["exchanges"], text)
	}
}

// exchange waits for the event of the request with that number, from 0.
func (w *world) exchange(number int) (found map[string]any) {
	w.t.Helper()
	eventually(w.t, "the event of the request", func() bool {
		text, _ := os.ReadFile(filepath.Join(w.dir, "events.jsonl"))
		n := 0
		for line := range strings.Lines(string(text)) {
			var e map[string]any
			if json.Unmarshal([]byte(line), &e) != nil || e["kind"] != "exchange" {
				continue
			}
			if n == number {
				found = e
				return true
			}
			n++
		}
		return false
	})
	return found
}

// daylight runs the binary and reads the JSON that it prints.
func (w *world) daylight(args ...string) (out map[string]any) {
	w.t.Helper()
	file, err := binary()
	if err != nil {
		w.t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd := exec.CommandContext(w.t.Context(), file, args...)
	cmd.Stderr = &errs
	text, err := cmd.Output()
	if err != nil {
		w.t.Fatalf("daylight %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	if err := json.Unmarshal(text, &out); err != nil {
		w.t.Fatalf("daylight %s: %v\n%s", strings.Join(args, " "), err, text)
	}
	return out
}

func (w *world) explain(args ...string) map[string]any {
	w.t.Helper()
	return w.daylight(append([]string{"explain", "--config", filepath.Join(w.dir, "daylight.yaml"), "--format", "json"}, args...)...)
}

// compare asserts that an explanation says what the event does.
func (w *world) compare(what string, event, explained map[string]any, coverage, mode string) {
	w.t.Helper()
	at := func(m map[string]any, path string) any {
		var v any = m
		for key := range strings.SplitSeq(path, ".") {
			inside, ok := v.(map[string]any)
			if !ok {
				return nil
			}
			v = inside[key]
		}
		return v
	}
	for _, pair := range [][2]string{
		{"revision", "revision"}, {"client.user", "client.user"}, {"client.address", "client.address"},
		{"service.id", "service.id"}, {"service.operation", "service.operation"}, {"service.status", "status.status"},
		{"service.confidence", "service.confidence"}, {"account.kind", "account.kind"}, {"account.name", "account.name"}, {"account.plan", "account.plan"},
		{"destination.path_template", "request.path_template"}, {"request.method", "request.method"}, {"request.bytes", "request.bytes"}, {"request.media_type", "request.media_type"},
		{"coverage", coverage}, {"people", "people"}, {"timing.mode", mode},
		{"verdict.action", "verdict.action"}, {"verdict.rule", "verdict.rule"}, {"verdict.at", "verdict.at"}, {"verdict.reason", "verdict.reason"},
		{"verdict.enforced", "verdict.enforced"}, {"verdict.monitored_by", "verdict.monitored_by"},
	} {
		a, b := at(event, pair[0]), at(explained, pair[1])
		if blank(a) && blank(b) {
			continue
		}
		if !reflect.DeepEqual(a, b) {
			w.t.Errorf("%s: %s is %v, and %v in the event", what, pair[1], b, a)
		}
	}
	counts := func(list any) map[string]float64 {
		out := map[string]float64{}
		all, _ := list.([]any)
		for _, f := range all {
			m := f.(map[string]any)
			out[fmt.Sprint(m["class"], "/", m["detector"])] += m["count"].(float64)
		}
		return out
	}
	if a, b := counts(event["findings"]), counts(explained["findings"]); !reflect.DeepEqual(a, b) {
		w.t.Errorf("%s: found %v, and %v in the event", what, b, a)
	}
}

func blank(v any) bool { return v == nil || v == "" || v == float64(0) || v == false }

// compareAnswer asserts that the client got the answer that explain promised.
func (w *world) compareAnswer(explained map[string]any, status, answer string) {
	w.t.Helper()
	promised, _ := explained["answer"].(map[string]any)
	shape, _ := promised["shape"].(string)
	media := w.headers()["content-type"]
	got := "server"
	var refusal struct {
		Type  string
		Error any
	}
	isJSON := json.Unmarshal([]byte(answer), &refusal) == nil && refusal.Error != nil
	switch {
	case status == "200":
	case strings.HasPrefix(media, "text/html"):
		got = "page"
	case strings.HasPrefix(media, "application/problem+json"):
		got = "json"
	case isJSON && refusal.Type == "error":
		got = "anthropic"
	case isJSON:
		got = "openai"
	default:
		got = media
	}
	given, _ := promised["given"].(bool)
	if !given {
		shape = "server"
	}
	if shape != got {
		w.t.Errorf("the client got %q (%s %s), and explain says %v\n%s", got, status, media, promised, tail(answer, 200))
	}
}
