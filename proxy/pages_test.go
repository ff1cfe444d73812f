package proxy

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/rules"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden leaves the style out: it is the same on every page.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	got = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAll(got, []byte("<style></style>"))
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs; look at the difference and run go test -update\n%s", path, got)
	}
}

const eventID = "019aab3c-5d2e-7c41-9f06-3b1f0c9d8e77"

func sampleNotice() notice {
	return notice{
		id: eventID, service: "ChatGPT", people: 250, rule: "customer lists stay home",
		classes: countClasses([]classifier.Summary{
			{Detector: "email", Class: "personal", Count: 250}, {Detector: "phone", Class: "personal", Count: 231},
			{Detector: "payment_card", Class: "payment", Count: 12}, {Detector: "loyalty", Class: "loyalty_numbers", Count: 3},
		}),
		message: map[string]string{
			"en": "Customer lists stay with us. Use <Campaign Studio> for segments.",
			"zh": "客户名单不得外传。请使用 Campaign Studio 处理分群。",
			"ru": "Списки клиентов остаются у нас. Для сегментов есть Campaign Studio.",
			"ar": "قوائم العملاء تبقى لدينا. استخدم Campaign Studio للشرائح.",
		},
	}
}

func browser(language string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "https://chat.example/", nil)
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("Accept-Language", language)
	return r
}

func bodyOf(t *testing.T, resp *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Content-Length"); got != strconv.Itoa(len(data)) || resp.ContentLength != int64(len(data)) {
		t.Errorf("Content-Length %s of %d bytes", got, len(data))
	}
	return string(data)
}

func TestBlockPageInEachLanguage(t *testing.T) {
	for _, language := range []string{"en", "zh", "ru", "ar"} {
		t.Run(language, func(t *testing.T) {
			resp := blockPage(browser(language), sampleNotice())
			golden(t, "pages/block."+language+".html", []byte(bodyOf(t, resp)))
			if resp.StatusCode != http.StatusForbidden || resp.Header.Get("Content-Language") != language {
				t.Errorf("status %d, header %v", resp.StatusCode, resp.Header)
			}
		})
	}
	golden(t, "pages/service.en.html", []byte(bodyOf(t, blockPage(browser("en"), notice{id: eventID, service: "DeepSeek"}))))
	golden(t, "pages/failure.en.html", []byte(bodyOf(t, failurePage(browser("en"), 502, "connection_refused", eventID))))
}

func TestPageLoadsNothingAndItsStyleIsAllowed(t *testing.T) {
	resp := blockPage(browser("en"), sampleNotice())
	page := bodyOf(t, resp)
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page)
	if style == nil {
		t.Fatal("no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	if got := resp.Header.Get("Content-Security-Policy"); got != want {
		t.Errorf("policy  %s\nwant    %s", got, want)
	}
	for _, forbidden := range []string{"<script", " style=", "http://", "https://", "url(", "@import", "src=", "<Campaign"} {
		if strings.Contains(page, forbidden) {
			t.Errorf("the page has %q", forbidden)
		}
	}
	for name, value := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Content-Type": "text/html; charset=utf-8", "Daylight-Event-Id": eventID,
	} {
		if got := resp.Header.Get(name); got != value {
			t.Errorf("%s is %q", name, got)
		}
	}
}

func TestLanguageIsChosenByWhatTheClientAccepts(t *testing.T) {
	for accept, want := range map[string]string{
		"": "en", "ru": "ru", "zh-CN,zh;q=0.9": "zh", "zh-Hant-TW": "zh", "ar-SA": "ar", "fr, ru;q=0.5": "ru", "fr": "en",
		"en-GB;q=0.2, ar;q=0.9": "ar", "uk, ru;q=0.8": "ru", "not a language!!": "en", strings.Repeat("ru,", 1000): "ru",
	} {
		if got := textFor(browser(accept)).Language; got != want {
			t.Errorf("Accept-Language %.30q gives %s, want %s", accept, got, want)
		}
	}
}

func TestPolicyMessageIsChosenByWhatTheClientAccepts(t *testing.T) {
	messages := map[string]string{"de": "deutsch", "en": "english", "zh": "中文"}
	for _, c := range []struct {
		accept string
		from   map[string]string
		want   string
	}{
		{"de-AT", messages, "deutsch"}, {"zh-CN", messages, "中文"}, {"fr", messages, "english"}, {"", messages, "english"},
		{"fr", map[string]string{"de": "deutsch"}, "deutsch"}, {"en", nil, ""},
	} {
		if got, _ := messageIn(browser(c.accept), c.from); got != c.want {
			t.Errorf("Accept-Language %q gives %q, want %q", c.accept, got, c.want)
		}
	}
}

// Every text must be there in every language: none may be empty, and none may
// have been left in English.
func TestEveryTextIsThereInEveryLanguage(t *testing.T) {
	english := texts(t, "en")
	for _, p := range pages().texts[1:] {
		other := texts(t, p.Language)
		for key, text := range english {
			translated, ok := other[key]
			switch {
			case !ok || strings.TrimSpace(translated) == "":
				t.Errorf("%s: %s is missing", p.Language, key)
			case translated == text && len(text) > 8 && !strings.Contains(key, "system"):
				t.Errorf("%s: %s is still English: %q", p.Language, key, text)
			case strings.Contains(text, "{service}") != strings.Contains(translated, "{service}"):
				t.Errorf("%s: %s lost its place for the service", p.Language, key)
			}
		}
		if len(other) != len(english) {
			t.Errorf("%s has %d texts, English %d", p.Language, len(other), len(english))
		}
	}
	for key, text := range english {
		if text == "" {
			t.Errorf("en: %s is empty", key)
		}
	}
}

// texts returns all texts of a language by their path.
func texts(t *testing.T, language string) map[string]string {
	t.Helper()
	data, err := pageFiles.ReadFile("pages/text/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, child := range v {
				walk(path+"."+key, child)
			}
		case []any:
			for i, child := range v {
				walk(path+"."+strconv.Itoa(i), child)
			}
		case string:
			out[path] = v
		}
	}
	walk("", tree)
	return out
}

func TestEveryStatusHasItsOwnPage(t *testing.T) {
	for _, language := range []string{"en", "zh", "ru", "ar"} {
		titles := map[string]int{}
		for _, status := range []int{400, 403, 404, 407, 408, 413, 421, 431, 500, 502, 503, 504, 508} {
			resp := failurePage(browser(language), status, "reason_word", "")
			page := bodyOf(t, resp)
			title := regexp.MustCompile(`<title>(.*)</title>`).FindStringSubmatch(page)[1]
			if other, taken := titles[title]; taken {
				t.Errorf("%s: %d and %d share the title %q", language, status, other, title)
			}
			titles[title] = status
			if resp.StatusCode != status || !strings.Contains(page, "reason_word") {
				t.Errorf("%s: status %d: %d", language, status, resp.StatusCode)
			}
		}
	}
	if resp := failurePage(browser("en"), 418, "", ""); resp.StatusCode != 418 {
		t.Errorf("an unusual status became %d", resp.StatusCode)
	}
}

func TestFailureForAProgramIsProblemJSON(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "https://chat.example/", nil)
	resp := failurePage(r, http.StatusBadGateway, "dns", eventID)
	var got map[string]any
	if err := json.Unmarshal([]byte(bodyOf(t, resp)), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"type": "about:blank", "title": "The site did not answer as it should", "status": 502.0,
		"detail": "Nobody knows a site of this name. Check the address for typing errors.", "reason": "dns", "instance": "urn:uuid:" + eventID,
	}
	if !reflect.DeepEqual(got, want) || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %v", got)
	}
}

func TestWhoSeesAPage(t *testing.T) {
	for _, c := range []struct {
		name   string
		method string
		header map[string]string
		want   bool
	}{
		{"a browser opens a page", "GET", map[string]string{"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}, true},
		{"a browser sends a form", "POST", map[string]string{"Sec-Fetch-Mode": "navigate"}, true},
		{"a page fetches", "POST", map[string]string{"Sec-Fetch-Mode": "cors", "Accept": "text/html"}, false},
		{"a page fetches from itself", "POST", map[string]string{"Sec-Fetch-Mode": "same-origin"}, false},
		{"an old browser", "GET", map[string]string{"Accept": "text/html,application/xhtml+xml"}, true},
		{"an old page fetches", "GET", map[string]string{"Accept": "text/html", "X-Requested-With": "XMLHttpRequest"}, false},
		{"an old page posts JSON", "POST", map[string]string{"Accept": "text/html", "Content-Type": "application/json"}, false},
		{"curl", "POST", map[string]string{"Accept": "*/*"}, false},
		{"a program", "POST", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, "https://chat.example/", nil)
			for name, value := range c.header {
				r.Header.Set(name, value)
			}
			if got := isNavigation(r); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestErrorsHaveTheShapeOfTheService(t *testing.T) {
	const message = "Customer lists stay with us. Use <Campaign Studio> for segments. " +
		"Found: People who are named (250), Personal data (481), Payment data (12), Loyalty numbers (3). " +
		"Rule: customer lists stay home. Event number: " + eventID
	for shape, want := range map[string]string{
		"openai":    `{"error":{"message":%q,"type":"permission_error","param":null,"code":"blocked_by_policy"}}`,
		"anthropic": `{"type":"error","error":{"type":"permission_error","message":%q},"request_id":"` + eventID + `"}`,
		"google": `{"error":{"code":403,"message":%q,"status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo",
			"reason":"BLOCKED_BY_POLICY","domain":"daylight.internal","metadata":{"event_id":"` + eventID + `"}}]}}`,
		"plain": `{"type":"about:blank","title":"This was not sent","status":403,"detail":%q,"instance":"urn:uuid:` + eventID + `"}`,
		"":      `{"type":"about:blank","title":"This was not sent","status":403,"detail":%q,"instance":"urn:uuid:` + eventID + `"}`,
	} {
		t.Run(shape, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "https://api.example/v1/chat/completions", nil)
			r.Header.Set("Origin", "https://app.example")
			resp := apiError(r, rules.Refusal(shape), sampleNotice())
			var got, expected any
			if err := json.Unmarshal([]byte(bodyOf(t, resp)), &got); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(strings.Replace(want, "%q", strconv.Quote(message), 1)), &expected); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, expected) {
				t.Errorf("got  %v\nwant %v", got, expected)
			}
			if resp.StatusCode != http.StatusForbidden || !strings.Contains(resp.Header.Get("Content-Type"), "json") {
				t.Errorf("status %d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
			}
			for name, value := range map[string]string{
				"Access-Control-Allow-Origin": "https://app.example", "Access-Control-Allow-Credentials": "true",
				"Access-Control-Expose-Headers": "Daylight-Event-Id", "Daylight-Event-Id": eventID, "Cache-Control": "no-store",
			} {
				if got := resp.Header.Get(name); got != value {
					t.Errorf("%s is %q", name, got)
				}
			}
			if vary := strings.Join(resp.Header.Values("Vary"), ","); !strings.Contains(vary, "Origin") {
				t.Errorf("Vary is %q", vary)
			}
		})
	}
}
