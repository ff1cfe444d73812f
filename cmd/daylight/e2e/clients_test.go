package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// curl returns the status, the protocol and the body that curl got.
func (w *world) curl(stdin string, args ...string) (status, protocol, body string) {
	w.t.Helper()
	out := w.run(stdin, "curl", append([]string{"-sS", "--max-time", "30", "-w", "\n%{http_code} %{http_version}"}, args...)...)
	i := strings.LastIndexByte(out, '\n')
	status, protocol, _ = strings.Cut(out[i+1:], " ")
	return status, protocol, out[:i]
}

func TestCurl(t *testing.T) {
	need(t, "curl")
	w := start(t, marketingPolicy)
	for _, c := range []struct {
		name, protocol string
		args           []string
	}{
		{"HTTP/1.1", "1.1", []string{"--http1.1"}},
		{"HTTP/2", "2", []string{"--http2"}},
	} {
		t.Run("a page over "+c.name, func(t *testing.T) {
			status, protocol, body := w.curl("", append(c.args, "https://www.shop.test/")...)
			if status != "200" || protocol != c.protocol || !strings.HasPrefix(body, "hello from www.shop.test over HTTP/2.0 to curl/") {
				t.Errorf("got %s over %s: %s", status, protocol, body)
			}
		})
		t.Run("a clean prompt over "+c.name, func(t *testing.T) {
			status, protocol, body := w.curl(chatGPTPrompt(t, cleanPrompt), append(c.args, "--data-binary", "@-", "-H", "Content-Type: application/json", "https://chatgpt.com/backend-api/f/conversation")...)
			want := fmt.Sprintf("%x", sha([]byte(chatGPTPrompt(t, cleanPrompt))))
			if status != "200" || protocol != c.protocol || !strings.Contains(body, want) {
				t.Errorf("got %s over %s: %s", status, protocol, body)
			}
		})
		t.Run("a customer list over "+c.name, func(t *testing.T) {
			before := w.services.bytesTo("claude.ai")
			body, _ := json.Marshal(map[string]string{"prompt": customerList(250)})
			status, protocol, answer := w.curl(string(body), append(c.args, "--data-binary", "@-", "-H", "Content-Type: application/json",
				"https://claude.ai/api/organizations/0b6f2c1e-7d55-4f5a-9c2e-1f0a7b8c9d10/chat_conversations/5c1d2e3f-1111-4222-8333-944455556666/completion")...)
			if status != "403" || protocol != c.protocol || !strings.Contains(answer, "Customer lists stay in the CRM") {
				t.Errorf("got %s over %s: %s", status, protocol, answer)
			}
			if got := w.services.bytesTo("claude.ai"); got != before {
				t.Errorf("%d bytes of a blocked body reached the server", got-before)
			}
		})
	}
	blocked := w.waitEvent("the blocked list", func(e event) bool { return e.Service.ID == "claude" && e.Verdict.Action == "block" })
	if blocked.People != 250 || blocked.Verdict.Rule != "customer-lists-stay-home" || !strings.Contains(blocked.Verdict.At, "policy.yaml:5:") ||
		!blocked.Verdict.Enforced || blocked.Coverage.State != "complete" || blocked.Timing.Mode != "hold" {
		t.Errorf("event: %+v", blocked)
	}
	if n := w.metric("daylight_exchanges_total", `service="claude"`, `action="block"`); n != 2 {
		t.Errorf("daylight_exchanges_total counts %v blocked exchanges, not 2", n)
	}
	if n := w.metric("daylight_people_exposed_total", `service="claude"`, `action="block"`); n != 500 {
		t.Errorf("daylight_people_exposed_total counts %v, not 500", n)
	}
}

func TestCurlPlainHTTPAndLargeUploads(t *testing.T) {
	w := start(t, marketingPolicy)
	if status, _, body := w.curl("", "http://plain.test/"); status != "200" || !strings.Contains(body, "hello from plain.test") {
		t.Errorf("plain HTTP: %s %s", status, body)
	}
	upload := strings.Repeat("The spring campaign speaks to people who garden on balconies. ", 60_000) // 3.7 MB: curl sends Expect: 100-continue
	for _, args := range [][]string{{"--http1.1"}, {"--http2"}, {"--http1.1", "-H", "Transfer-Encoding: chunked"}} {
		status, _, body := w.curl(upload, append(args, "--data-binary", "@-", "-H", "Content-Type: text/plain", "https://chatgpt.com/backend-api/f/conversation")...)
		if want := fmt.Sprintf("%x", sha([]byte(upload))); status != "200" || !strings.Contains(body, want) {
			t.Errorf("%v: %s %s", args, status, body)
		}
	}
	if status, _, _ := w.curl("", "https://unlisted.test/"); status != "000" {
		if !strings.HasPrefix(status, "5") {
			t.Errorf("a name that does not resolve: %s", status)
		}
	}
}

func TestWgetAndPython(t *testing.T) {
	w := start(t, marketingPolicy)
	if out := w.run("", "wget", "-q", "-O", "-", "--ca-certificate="+w.ca, "https://www.shop.test/"); !strings.Contains(out, "hello from www.shop.test") {
		t.Errorf("wget got %q", out)
	}
	script := clientFile(t, "fetch.py")
	for _, c := range []struct {
		name, url, body string
		want            string
	}{
		{"a page", "https://www.shop.test/", "", `"status": 200`},
		{"a clean prompt", "https://chat.deepseek.com/api/v0/chat/completion", `{"prompt":"` + cleanPrompt + `"}`, `"status": 200`},
		{"a customer list", "https://chat.deepseek.com/api/v0/chat/completion", string(must(json.Marshal(map[string]string{"prompt": customerList(30)}))), `"status": 403`},
	} {
		if out := w.run(c.body, "python3", script, c.url); !strings.Contains(out, c.want) {
			t.Errorf("%s: python got %s", c.name, out)
		}
	}
}

func TestGitOverHTTPS(t *testing.T) {
	need(t, "git")
	w := start(t, marketingPolicy)
	w.services.makeRepository(t, "campaign.git")
	clone := filepath.Join(w.dir, "clone")
	w.run("", "git", "clone", "-q", "https://git.test/campaign.git", clone)
	noise := make([]byte, 3<<20) // more than git's http.postBuffer: it goes chunked
	for i := range noise {
		noise[i] = byte(i*7919>>3) ^ byte(i>>11)
	}
	if err := os.WriteFile(filepath.Join(clone, "film.bin"), noise, 0o600); err != nil {
		t.Fatal(err)
	}
	w.run("", "git", "-C", clone, "add", ".")
	w.run("", "git", "-C", clone, "-c", "user.name=t", "-c", "user.email=t@corp.example", "commit", "-qm", "film")
	w.run("", "git", "-C", clone, "push", "-q", "origin", "HEAD:main")
	second := filepath.Join(w.dir, "second")
	w.run("", "git", "clone", "-q", "-b", "main", "https://git.test/campaign.git", second)
	if got, err := os.ReadFile(filepath.Join(second, "film.bin")); err != nil || sha(got) != sha(noise) {
		t.Errorf("the file came back different: %v", err)
	}
}

// sdkReport is what a client script prints.
type sdkReport struct {
	Text     string
	Arrivals []float64
	Error    *struct {
		Name    string
		Status  int
		Message string
	}
}

func (w *world) sdk(script, mode, prompt string) sdkReport {
	w.t.Helper()
	var r sdkReport
	out := w.run(prompt, "node", clientFile(w.t, script), mode)
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		w.t.Fatalf("%s printed %q: %v", script, out, err)
	}
	return r
}

func TestOfficialSDKs(t *testing.T) {
	need(t, "node")
	clientFile(t, "openai.mjs")
	w := start(t, marketingPolicy+"  - name: lists\n    match: {service: [anthropic-api], data: {class: personal, people: \">=100\"}}\n    action: block\n    message: {en: \"Too many people, even here.\"}\n")
	for _, c := range []struct{ script, service, block string }{
		{"openai.mjs", "openai-api", customerList(40)},
		{"anthropic.mjs", "anthropic-api", customerList(140)},
	} {
		t.Run(c.script+" gets an answer", func(t *testing.T) {
			if r := w.sdk(c.script, "plain", cleanPrompt); r.Error != nil || r.Text != "Guten Tag." {
				t.Errorf("got %+v %+v", r, r.Error)
			}
		})
		t.Run(c.script+" streams", func(t *testing.T) {
			r := w.sdk(c.script, "stream", cleanPrompt)
			if r.Error != nil || r.Text != "Spring is a balcony away." {
				t.Fatalf("got %+v %+v", r, r.Error)
			}
			if first, last := r.Arrivals[0], r.Arrivals[len(r.Arrivals)-1]; last-first < 300 {
				t.Errorf("the words came within %.0f ms of each other: they were held", last-first)
			}
		})
		for _, mode := range []string{"plain", "stream"} {
			t.Run(c.script+" shows why it was blocked ("+mode+")", func(t *testing.T) {
				r := w.sdk(c.script, mode, c.block)
				if r.Error == nil || r.Error.Status != http.StatusForbidden || r.Error.Name != "PermissionDeniedError" {
					t.Fatalf("got %+v %+v", r, r.Error)
				}
				if !strings.Contains(r.Error.Message, "Customer lists stay in the CRM") && !strings.Contains(r.Error.Message, "Too many people") {
					t.Errorf("its message is %q", r.Error.Message)
				}
			})
		}
	}
	if e := w.waitEvent("an allowed prompt to the sanctioned API", func(e event) bool { return e.Service.ID == "anthropic-api" && e.Verdict.Action == "log" }); e.Service.Status != "sanctioned" {
		t.Errorf("event: %+v", e)
	}
}

func clientFile(t *testing.T, name string) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", "..", "..", "testdata", "clients", name))
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(name, ".mjs") {
		if _, err := os.Stat(filepath.Join(filepath.Dir(file), "node_modules", "openai")); err != nil {
			missing(t, "the official SDKs are not installed: make test does it where there is npm")
		}
	}
	return file
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
