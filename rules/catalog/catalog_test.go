package catalog_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"daylight.internal/rules/catalog"
	"daylight.internal/rules/strictyaml"
)

// embedded is read once: it never changes.
var embeddedOnce = sync.OnceValues(catalog.Embedded)

func embedded(t testing.TB) *catalog.Catalog {
	t.Helper()
	c, err := embeddedOnce()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// query turns a URL into what the proxy would ask for it.
func query(t testing.TB, method, raw string, header http.Header) catalog.Query {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	port := map[string]int{"http": 80, "https": 443, "ws": 80, "wss": 443}[u.Scheme]
	if u.Port() != "" {
		port, _ = strconv.Atoi(u.Port())
	}
	return catalog.Query{
		Host: u.Hostname(), Port: uint16(port), Method: method, Path: u.Path, RawQuery: u.RawQuery,
		Header: canonicalOnly(header), WebSocket: strings.HasPrefix(u.Scheme, "ws"),
	}
}

// canonicalOnly finds nothing under a name that is not canonical, as the engine does.
func canonicalOnly(header http.Header) func(string) string {
	return func(name string) string {
		if values := header[name]; len(values) > 0 {
			return values[0]
		}
		return ""
	}
}

func TestPromptLocationsAreKnownForTheServicesThatMatter(t *testing.T) {
	c := embedded(t)
	known := map[string]int{}
	for _, s := range c.Services() {
		if s.KnowsPrompts() {
			known[s.Category]++
			known["all"]++
		}
	}
	if known["chat"] < 30 || known["llm_api"] < 33 || known["all"] < 100 {
		t.Errorf("services with a prompt location: %v", known)
	}
}

func TestHostsThatBelongToNoService(t *testing.T) {
	c := embedded(t)
	for _, raw := range []string{
		"https://www.google.com/search?q=weather",
		"https://maps.googleapis.com/maps/api/geocode/json",
		"https://storage.googleapis.com/bucket/object",
		"https://clients6.google.com/v1/genai/generate",
		"https://mail.google.com/mail/u/0/",
		"https://content-push.googleapis.com/other",
		"https://github.com/acme/repository",
		"https://gitlab.com/acme/repository",
		"https://gitlab.com/api/v4/projects",
		"https://www.notion.so/Home-123",
		"https://www.notion.so/api/v3/saveTransactions",
		"https://www.canva.com/design/x/edit",
		"https://duckduckgo.com/?q=weather",
		"https://huggingface.co/meta-llama/Llama-3.1-8B",
		"https://discord.com/api/v9/interactions",
		"https://login.microsoftonline.com/common/oauth2/authorize",
		"https://accounts.google.com/signin",
		"https://auth.openai.com/authorize",
		"https://ngw.devices.sberbank.ru:9443/api/v2/oauth",
		"https://substrate.office.com/search/api/v2/query",
		"https://m365.cloud.microsoft/chat",
		"https://cdn.oaistatic.com/assets/app.js",
		"https://s3.us-west-2.amazonaws.com/acme-bucket/file",
		"https://bedrock.eu-central-1.amazonaws.com/foundation-models",
		"https://bedrock-runtime.evil.example.amazonaws.com.example/model/x/converse",
		"https://api.cloudflare.com/client/v4/zones",
		"https://acme.cloud.databricks.com/api/2.0/clusters/list",
		"https://acme.snowflakecomputing.com/session/v1/login-request",
		"https://acme.cognitiveservices.azure.com/vision/v3.2/analyze",
		"https://aip.baidubce.com/rest/2.0/ocr/v1/general",
		"https://chatgpt.com.example/backend-api/f/conversation",
		"https://notchatgpt.com/backend-api/f/conversation",
		"http://localhost:8080/index.html",
		"http://localhost:11435/api/chat",
		"https://js.stripe.com/v3/",
		"https://browser-intake-datadoghq.com/api/v2/rum",
	} {
		if m, ok := c.Match(query(t, "POST", raw, nil)); ok {
			t.Errorf("%s matches %s", raw, m.Service.ID)
		}
	}
}

func TestAnythingElseOnAHostOfAServiceIsOther(t *testing.T) {
	c := embedded(t)
	for _, raw := range []string{"https://chatgpt.com/backend-api/me", "https://CHATGPT.com./", "https://ws.chatgpt.com/x", "https://claude.ai/api/account"} {
		m, ok := c.Match(query(t, "GET", raw, nil))
		if !ok || m.Operation != nil || m.Kind() != catalog.Other {
			t.Errorf("%s: %v %+v", raw, ok, m)
		}
	}
}

// Google's Gen AI SDK asks for "//ws/…".
func TestSeveralSlashesInARowAreOne(t *testing.T) {
	c := embedded(t)
	for _, raw := range []string{
		"wss://generativelanguage.googleapis.com//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
		"https://chatgpt.com//backend-api///f/conversation//",
		"https://www.notion.so//api/v3/runInferenceTranscript",
	} {
		q := query(t, "POST", raw, nil)
		m, ok := c.Match(q)
		if !ok || m.Kind() != catalog.Prompt || strings.Contains(m.Template(q.Path), "//") {
			t.Errorf("%s: %v, %q as %q", raw, ok, m.Kind(), m.Template(q.Path))
		}
	}
}

func TestHostIsKnownBeforeThePathIs(t *testing.T) {
	c := embedded(t)
	for host, want := range map[string]bool{
		"chatgpt.com": true, "a.b.chatgpt.com": true, "bedrock-runtime.eu-west-1.amazonaws.com": true, "europe-west4-aiplatform.googleapis.com": true,
		"www.notion.so": true, "www.google.com": false, "amazonaws.com": false, "": false, "com": false,
	} {
		if got := c.HasHost(host, 443); got != want {
			t.Errorf("HasHost(%q) = %v", host, got)
		}
	}
	if !c.HasHost("10.1.2.3", 11434) || c.HasHost("10.1.2.3", 443) {
		t.Error("the port of Ollama marks any host, no other port does")
	}
}

func TestNoServiceIsBypassedUnlessItPins(t *testing.T) {
	c := embedded(t)
	for _, s := range c.Services() {
		for _, h := range s.Hosts {
			host := strings.NewReplacer("*", "x", ":", "").Replace(h.Pattern.String())
			if reason, ok := c.Bypassed(host); ok && reason != "pinned_app" {
				t.Errorf("%s: %s is left closed (%s)", s.ID, h.Pattern, reason)
			}
		}
	}
	for host, want := range map[string]string{
		"www.chase.com": "bank", "chase.com": "bank", "my.bank": "bank", "purchase.com": "", "www.nhs.uk": "health", "tax.service.gov.uk": "government",
		"irs.gov": "government", "fe2.update.microsoft.com": "os_update", "gdmf.apple.com": "os_update", "ios.chat.openai.com": "pinned_app",
		"chatgpt.com": "", "www.apple.com": "", "gigachat.devices.sberbank.ru": "", "WWW.GOSUSLUGI.RU.": "government",
	} {
		if got, ok := c.Bypassed(host); got != want || ok != (want != "") {
			t.Errorf("Bypassed(%q) = %q, %v", host, got, ok)
		}
	}
}

// What the built-in list leaves closed is not read. Of AI services that may be the
// apps alone which cannot be read anyway, and each of them is named here.
func TestNoOtherHostOfAnAIServiceIsLeftClosed(t *testing.T) {
	c := embedded(t)
	for _, b := range c.BypassList() {
		host := strings.Replace(b.Host, "*", "x", 1)
		if !c.HasHost(host, 443) || slices.Contains([]string{"android.chat.openai.com", "desktop.chatgpt.com", "ios.chat.openai.com"}, b.Host) {
			continue
		}
		t.Errorf("%s (%s) is a host of an AI service", b.Host, b.Reason)
	}
}

const ownService = `
- id: acme-gateway
  name: Acme gateway
  hosts: ["ai.acme.example:8443", {host: api.acme.example, paths: [/ai/*]}]
  operations:
    - {kind: prompt, path: "[/ai]/v1/chat/completions", text: as openai-chat}
- id: deepseek
  hosts: [chat.deepseek.com]
- id: acme-gpt
  hosts: [chatgpt.com]
`

func decode(t *testing.T, text string) ([]catalog.Service, strictyaml.Problems) {
	t.Helper()
	n, d := strictyaml.Parse("policy.yaml", []byte(text))
	if n == nil {
		t.Fatal(d.Problems)
	}
	return catalog.DecodeServices(d, n), d.Problems
}

func TestOwnServicesStandOverTheEmbeddedOnes(t *testing.T) {
	services, problems := decode(t, ownService)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c, problems := embedded(t).With(services)
	if len(problems) != 1 || !problems[0].Warning || problems[0].Line != 9 ||
		problems[0].Message != `host "chatgpt.com" belongs to the service "chatgpt" of the catalogue; "acme-gpt" takes it over` {
		t.Errorf("problems: %+v", []strictyaml.Problem(problems))
	}
	for raw, want := range map[string]string{
		"https://ai.acme.example:8443/v1/chat/completions":   "acme-gateway prompt",
		"https://ai.acme.example/v1/chat/completions":        "",
		"https://api.acme.example/ai/v1/chat/completions":    "acme-gateway prompt",
		"https://api.acme.example/orders":                    "",
		"https://chat.deepseek.com/api/v0/chat/completion":   "deepseek other",
		"https://chatgpt.com/backend-api/f/conversation":     "acme-gpt other",
		"https://chat.openai.com/backend-api/f/conversation": "chatgpt prompt",
	} {
		m, ok := c.Match(query(t, "POST", raw, nil))
		got := ""
		if ok {
			got = m.Service.ID + " " + m.Kind()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
	if s, _ := c.Service("acme-gateway"); s.Confidence != catalog.Declared || s.ErrorShape != catalog.PlainError || len(s.Operations[0].Text) == 0 {
		t.Errorf("defaults: %+v", s)
	}
	if _, ok := c.Bypassed("chase.com"); !ok {
		t.Error("the bypass list was lost")
	}
	if ids := c.IDs(); !slices.IsSorted(ids) || !slices.Contains(ids, "acme-gateway") || len(ids) != len(c.Services()) {
		t.Errorf("ids: %v", ids)
	}
}

func TestFaultsOfAServiceAreReportedWithTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no hosts", "- id: a\n", `policy.yaml:1:3: error: key "hosts" is missing`},
		{"bad id", "- {id: Big One, hosts: [a.example]}", `policy.yaml:1:8: error: "Big One" is not an id: use lower-case letters, digits and hyphens; other, suspected and none are taken`},
		{"taken id", "- {id: suspected, hosts: [a.example]}", `policy.yaml:1:8: error: "suspected" is not an id: use lower-case letters, digits and hyphens; other, suspected and none are taken`},
		{"role", "- {id: a, hosts: [{host: a.example, role: file}]}", `policy.yaml:1:43: error: unknown role of a host "file"`},
		{"plan", "- {id: a, hosts: [{host: a.example, plan: gold}]}", `policy.yaml:1:43: error: unknown plan "gold"`},
		{"misspelt key", "- {id: a, host: [a.example]}", `policy.yaml:1:11: error: unknown key "host"`},
		{"url for a host", "- {id: a, hosts: [\"https://a.example/x\"]}", `policy.yaml:1:19: error: "https://a.example/x" is not a host: write the name alone, without scheme, path or blanks`},
		{"every host", "- {id: a, hosts: [\"*\"]}", `policy.yaml:1:19: error: "*" alone stands for every host; give it a port, as in "*:11434"`},
		{"country", "- {id: a, hosts: [a.example], country: UK}", `policy.yaml:1:40: error: "UK" is not a country code of ISO 3166-1`},
		{"date", "- {id: a, hosts: [a.example], verified_on: 22.11.2026}", `policy.yaml:1:44: error: "22.11.2026" is not a date such as 2026-11-22`},
		{"kind", "- {id: a, hosts: [a.example], operations: [{kind: promt, path: /, text: body}]}", `policy.yaml:1:51: error: unknown kind of operation "promt"`},
		{"no text", "- {id: a, hosts: [a.example], operations: [{kind: prompt, path: /}]}", `policy.yaml:1:44: error: the prompt operation has no text`},
		{"path", "- {id: a, hosts: [a.example], operations: [{kind: other, path: \"/[x\"}]}", `policy.yaml:1:64: error: "[" at position 2 is not closed`},
		{"format", "- {id: a, hosts: [a.example], operations: [{kind: prompt, path: /, text: as openai}]}", `policy.yaml:1:74: error: unknown wire format "openai"`},
		{"method of a WebSocket", "- {id: a, hosts: [a.example], operations: [{kind: other, path: /, websocket: true, method: GET}]}", `policy.yaml:1:92: error: a WebSocket has no method`},
		{"pieces", "- {id: a, hosts: [a.example], operations: [{kind: prompt, path: /, websocket: true, text: \"ws:$.a\", pieces: join}]}", `policy.yaml:1:109: error: unknown way to put pieces together "join"`},
		{"pieces without a WebSocket", "- {id: a, hosts: [a.example], operations: [{kind: prompt, path: /, text: $.a, pieces: append}]}", `policy.yaml:1:87: error: only the messages of a WebSocket bring a text in pieces`},
		{"marker", "- {id: a, hosts: [a.example], account: tenant}", `policy.yaml:1:40: error: "tenant" is not an account marker: write header:NAME, cookie:NAME, query:NAME, path:NAME, path:/PATTERN, host, always or $.name`},
		{"category", "- {id: a, hosts: [a.example], category: chatt}", `policy.yaml:1:41: warning: category "chatt" is new; the catalogue has ` + strings.Join(catalog.Categories(), ", ")},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := decode(t, c.text)
			if !slices.ContainsFunc(problems, func(p strictyaml.Problem) bool { return p.Error() == c.want }) {
				t.Errorf("got %v, want %s", problems, c.want)
			}
		})
	}
}

func TestCataloguesThatContradictThemselves(t *testing.T) {
	entry := func(id, host string) string {
		return "- {id: " + id + ", name: N, vendor: V, country: US, category: chat, confidence: multi, verified_on: 2026-11-22, error_shape: plain, hosts: [" + host + "]}\n"
	}
	for _, c := range []struct{ name, file, bypass, want string }{
		{"id twice", "services:\n" + entry("a", "a.example") + entry("a", "b.example"), "", `a.yaml:3:3: error: service "a" is already given at a.yaml:2:3`},
		{"host twice", "services:\n" + entry("a", "a.example") + entry("b", "A.example."), "", `a.yaml:3:132: error: host "a.example" belongs to "a" already (a.yaml:2:3)`},
		{"incomplete", "services:\n- {id: a, hosts: [a.example]}\n", "", `a.yaml:2:3: error: key "vendor" is missing in service "a"`},
		{"bypass reason", "services:\n" + entry("a", "a.example"), "bypass:\n- {reason: banking, domains: x.example}\n", `bypass.yaml:2:12: error: "banking" is not a reason; known are bank, health, government, os_update, pinned_app`},
		{"bypass host", "services:\n" + entry("a", "a.example"), "bypass:\n- {reason: bank, hosts: [a b]}\n", `bypass.yaml:2:26: error: "a b" is not a host: write the name alone, without scheme, path or blanks`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{"services/a.yaml": {Data: []byte(c.file)}}
			if c.bypass != "" {
				files["bypass.yaml"] = &fstest.MapFile{Data: []byte(c.bypass)}
			}
			_, problems := catalog.Load(files)
			if !slices.ContainsFunc(problems, func(p strictyaml.Problem) bool { return p.Error() == c.want }) {
				t.Errorf("got %v, want %s", problems, c.want)
			}
		})
	}
	if _, problems := catalog.Load(fstest.MapFS{}); problems.Err() == nil {
		t.Error("an empty folder is no catalogue")
	}
}
