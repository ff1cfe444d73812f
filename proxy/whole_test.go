package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// compiled is a snapshot of the real engine as the proxy sees it.
type compiled struct{ *engine.Snapshot }

func (c compiled) Tunnel(client rules.Client, connectHost, sni string, port uint16) engine.TunnelDecision {
	return c.Snapshot.Tunnel(time.Now(), client, connectHost, sni, port)
}
func (c compiled) MayRelay(client rules.Client, connectHost, sni string, port uint16, reason string) bool {
	return c.Snapshot.MayRelay(time.Now(), client, connectHost, sni, port, reason)
}
func (c compiled) Known() metrics.Known {
	return metrics.Known{Services: []metrics.Service{{ID: "chatgpt", Category: "chat"}}}
}

const wholePolicy = `version: 1
rules:
  - name: lists stay home
    match: {data: {class: personal, people: ">=3"}}
    action: block
    message: {en: Customer lists stay with us.}
`

// whole is a proxy with the real judge, engine and sinks.
type whole struct {
	*testProxy
	judge   *Judge
	metrics *metrics.Metrics
	sink    *events
	file    *audit.File
	path    string      // of the event file
	reached *sharedText // what the server got
}

// sharedText is text that a server writes while a test reads it.
type sharedText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *sharedText) add(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.WriteString(text)
}

func (s *sharedText) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func startWhole(t *testing.T) *whole {
	t.Helper()
	return startWholeAs(t, engine.Source{}, JudgeOptions{})
}

// startWholeAs starts from a source and options; what they leave out is as in startWhole.
func startWholeAs(t *testing.T, source engine.Source, o JudgeOptions) *whole {
	t.Helper()
	if len(source.Policy) == 0 {
		source.Policy = []policyfile.File{{Name: "policy.yaml", Data: []byte(wholePolicy)}}
	}
	if o.TempDir == "" {
		o.TempDir = t.TempDir()
	}
	w := &whole{metrics: metrics.New(metrics.Build{}), sink: &events{}, path: filepath.Join(t.TempDir(), "events.jsonl"), reached: &sharedText{}}
	snapshots := NewSnapshots(func() (Snapshot, error) {
		return compileSource(t, source)
	}, w.metrics)
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.file, err = audit.OpenFile(w.path, audit.FileOptions{Dropped: w.metrics.EventDropped("file")}); err != nil {
		t.Fatal(err)
	}
	o.Snapshots, o.Metrics, o.Events = snapshots, w.metrics, audit.Multi(w.sink, w.file)
	w.judge = NewJudge(o)
	server := proxytest.NewServer(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/sum" {
			n, _ := io.Copy(io.Discard, r.Body)
			fmt.Fprint(rw, n)
			return
		}
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/trailer" {
			fmt.Fprintf(rw, "%s %s", body, r.Trailer.Get("X-Sum"))
			return
		}
		w.reached.add(r.Method + " " + r.URL.String() + string(body))
		rw.Write(body)
	}), "chatgpt.com", "ios.chat.openai.com", "api.openai.com", "files.example.test", "www.chase.com")
	w.testProxy = startProxy(t, func(_ *Config, d *Dependencies) { d.Inspector, d.Counters = w.judge, w.metrics }, server)
	return w
}

// shutDown waits until the exchanges under way are over and their events written.
func shutDown(t testing.TB, p *testProxy, j *Judge) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := p.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

// end waits for the events and returns them.
func (w *whole) end(t *testing.T) []audit.Event {
	t.Helper()
	shutDown(t, w.testProxy, w.judge)
	if err := w.file.Close(); err != nil {
		t.Fatal(err)
	}
	return w.sink.all
}

func (w *whole) do(t *testing.T, method, url, body string, header ...string) (*http.Response, string) {
	t.Helper()
	return send(t, w.client(), method, url, body, header...)
}

const customers = "Name,E-Mail\nAna Kovac,ana.kovac@customer.example\nBen Ode,ben.ode@customer.example\nCai Wu,cai.wu@customer.example\nDana Roe,dana.roe@customer.example\n"

func prompt(text string) string {
	out, _ := json.Marshal(map[string]any{"model": "m", "messages": []any{map[string]any{"role": "user", "content": text}}})
	return string(out)
}

func TestACustomerListIsStoppedAndThePersonIsTold(t *testing.T) {
	w := startWhole(t)
	resp, page := w.do(t, http.MethodPost, "https://api.openai.com/v1/chat/completions", prompt(customers),
		"Content-Type", "application/json", "Sec-Fetch-Mode", "navigate", "Accept-Language", "ru")
	if resp.StatusCode != http.StatusForbidden || !strings.Contains(page, `lang="ru"`) || !strings.Contains(page, "Customer lists stay with us.") || !strings.Contains(page, "Персональные данные") {
		t.Errorf("status %d: %s", resp.StatusCode, page)
	}
	if w.reached.String() != "" {
		t.Errorf("the server got %q", w.reached)
	}
	e := w.end(t)[0]
	if e.Verdict.Action != rules.Block || !e.Verdict.Enforced || e.Verdict.Rule != "lists stay home" || e.People < 4 || e.Service.ID != "openai-api" ||
		e.Timing.Mode != "hold" || e.Coverage.State != classifier.Complete || !strings.Contains(page, e.ID) || e.Response.Status != 403 {
		t.Errorf("event %+v", e)
	}
}

func TestAnAPIClientIsToldInItsOwnShape(t *testing.T) {
	w := startWhole(t)
	resp, text := w.do(t, http.MethodPost, "https://api.openai.com/v1/chat/completions", prompt(customers), "Content-Type", "application/json")
	var answer struct {
		Error struct{ Message, Type, Code string }
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil || resp.StatusCode != http.StatusForbidden ||
		answer.Error.Type != "permission_error" || !strings.HasPrefix(answer.Error.Message, "Customer lists stay with us. ") {
		t.Errorf("status %d: %s", resp.StatusCode, text)
	}
}

func TestACleanPromptPasses(t *testing.T) {
	w := startWhole(t)
	body := prompt("Write a headline about autumn.")
	resp, text := w.do(t, http.MethodPost, "https://api.openai.com/v1/chat/completions", body, "Content-Type", "application/json")
	if resp.StatusCode != http.StatusOK || text != body {
		t.Errorf("status %d: %s", resp.StatusCode, text)
	}
	e := w.end(t)[0]
	if e.Verdict.Action != rules.Log || e.Response.Status != 200 || e.Request.Bytes != int64(len(body)) || e.Response.Bytes != int64(len(body)) ||
		e.Destination.SNI != "api.openai.com" || e.Destination.PathTemplate != "/v1/chat/completions" {
		t.Errorf("event %+v", e)
	}
}

func TestAPromptThatIsNotWhereTheCatalogueSaysIsReadAndCounted(t *testing.T) {
	w := startWhole(t)
	w.metrics.SetKnown(metrics.Known{Services: []metrics.Service{{ID: "openai-api", Category: "llm_api"}}})
	url := "https://api.openai.com/v1/chat/completions"
	w.do(t, http.MethodPost, url, prompt("Write a headline."), "Content-Type", "application/json")
	const series = `daylight_catalog_shape_changed_total{service="openai-api"} `
	if text := scrapeText(t, w.metrics); strings.Contains(text, series) {
		t.Error("a prompt in its place was counted")
	}
	list, err := json.Marshal(map[string]string{"utterance": customers})
	if err != nil {
		t.Fatal(err)
	}
	if resp, text := w.do(t, http.MethodPost, url, string(list), "Content-Type", "application/json"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d: %s", resp.StatusCode, text)
	}
	events := w.end(t)
	if events[0].Service.ShapeChanged || !events[1].Service.ShapeChanged || events[1].People < 4 {
		t.Errorf("events %+v", events)
	}
	if text := scrapeText(t, w.metrics); !strings.Contains(text, series+"1\n") {
		t.Error("the prompt in another place was not counted")
	}
}

func TestAPreflightIsNeverBlockedForContent(t *testing.T) {
	w := startWhole(t)
	url := "https://chatgpt.com/backend-api/f/conversation?q=" + strings.ReplaceAll(strings.TrimSpace("ana.kovac@customer.example+ben.ode@customer.example+cai.wu@customer.example"), "@", "%40")
	resp, _ := w.do(t, http.MethodOptions, url, "", "Origin", "https://app.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
	if resp.StatusCode >= 300 {
		t.Errorf("status %d", resp.StatusCode)
	}
	resp, text := w.do(t, http.MethodPost, url, prompt(customers), "Origin", "https://app.example", "Content-Type", "application/json")
	if resp.StatusCode != http.StatusForbidden || resp.Header.Get("Access-Control-Allow-Origin") != "https://app.example" {
		t.Errorf("status %d %v: %s", resp.StatusCode, resp.Header, text)
	}
}

func TestALargeUploadIsHeldAndReplayedWhole(t *testing.T) {
	w := startWhole(t)
	const size = 5 << 22 // more than is inspected
	_, text := w.do(t, http.MethodPost, "https://chatgpt.com/sum", strings.Repeat("word ", size/5), "Content-Type", "text/plain")
	if text != fmt.Sprint(size) {
		t.Errorf("the server got %s bytes", text)
	}
	e := w.end(t)[0]
	if e.Coverage.State != classifier.Truncated || e.Coverage.Reason != "over_limit" || e.Request.Bytes != size {
		t.Errorf("event %+v", e)
	}
	if used := w.judge.memory.used.Load(); used != 0 {
		t.Errorf("%d bytes of memory were not given back", used)
	}
}

func TestTrailersOfAHeldBodyGoOn(t *testing.T) {
	w := startWhole(t)
	req, err := http.NewRequest(http.MethodPost, "https://chatgpt.com/trailer", io.MultiReader(strings.NewReader("a clean text")))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/plain")
	req.Trailer = http.Header{"X-Sum": {"42"}}
	resp, err := w.client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if string(text) != "a clean text 42" {
		t.Errorf("the server saw %q", text)
	}
	if e := w.end(t)[0]; e.Timing.Mode != "hold" {
		t.Errorf("mode %s", e.Timing.Mode)
	}
}

func TestARefusedRequestLeavesAnEventThatSaysSo(t *testing.T) {
	w := startWhole(t)
	req, _ := http.NewRequest(http.MethodPost, "https://chatgpt.com/", strings.NewReader("x"))
	req.Host = "files.example.test"
	resp, err := w.client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	e := w.end(t)[0]
	if resp.StatusCode != http.StatusMisdirectedRequest || e.Response.Status != 421 || e.Verdict.Action != rules.Block || !e.Verdict.Enforced || e.Error == "" || !e.Destination.Mismatch {
		t.Errorf("status %d, event %+v", resp.StatusCode, e)
	}
	if value := scrapeText(t, w.metrics); strings.Contains(value, "daylight_would_block_total{group=\"none\",service=\"other\"} 1") {
		t.Error("a refusal counts as what would be blocked")
	}
}

// planted are values that must stand in no output, wherever they come from.
func TestPlantedSecretsAreInNoOutput(t *testing.T) {
	const (
		email, card, id, key = "ana.kovac@customer.example", "4111111111111111", "11010519491231002X", "sk-ant-api03-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		user                 = "needle"
	)
	w := startWhole(t)
	text := fmt.Sprintf("%s %s 身份证 %s %s\n%s", email, card, id, key, customers)
	var answers strings.Builder
	for _, accept := range []string{"text/html", "application/json"} {
		for _, host := range []string{"chatgpt.com", "api.openai.com", "files.example.test", "nowhere.example"} {
			for _, c := range []struct{ method, body, media string }{
				{"POST", prompt(text), "application/json"},
				{"POST", text, "application/x-" + card},
				{"PUT", text, "text/csv"},
				{"POST", `{"messages":[{"` + email + `":"` + customers[12:40] + `","x` + card + `":["` + strings.ReplaceAll(text, "\n", " ") + `"]}]}`, "application/json"},
				{"POST", email + "," + card + "\n" + strings.Repeat(email+","+card+"\n", 5), "text/csv"},
				{"NEEDLE" + card, text, "text/plain; name=" + user + "@x"},
				{"POST", "--b\r\nContent-Disposition: form-data; name=\"" + email + "\"; filename=\"" + email + ".csv\"\r\n\r\n" + text + "\r\n--b--\r\n", "multipart/form-data; boundary=b"},
			} {
				resp, body := w.do(t, c.method, "https://"+host+"/"+user+"/"+card+"/"+email+"?q="+email+"&token="+key, c.body,
					"Content-Type", c.media, "Accept", accept, "X-"+user, email, "User-Agent", email, "Cookie", "s="+key, "Referer", "https://x.example/?"+email,
					"Origin", "https://app.example", "Accept-Language", card, "Content-Encoding", card)
				if resp.StatusCode != http.StatusOK { // the echo of the server is its own
					answers.WriteString(body)
					fmt.Fprint(&answers, resp.Header)
				}
			}
		}
	}
	all := w.end(t)
	if len(all) != 56 {
		t.Errorf("%d events", len(all))
	}
	file, err := os.ReadFile(w.path)
	if err != nil {
		t.Fatal(err)
	}
	blocks := bytes.Count(file, []byte(`"action":"block"`))
	if blocks == 0 || !strings.Contains(answers.String(), "Customer lists stay") {
		t.Fatal("nothing was blocked: the test says nothing")
	}
	for name, output := range map[string]string{"events": string(file), "metrics": scrapeText(t, w.metrics), "answers": answers.String()} {
		for _, secret := range []string{email, "ana.kovac", "customer.example", card, id, key, user, "NEEDLE", "cai.wu"} {
			if i := strings.Index(output, secret); i >= 0 {
				t.Errorf("%s hold %q: …%s…", name, secret, output[max(0, i-120):min(len(output), i+60)])
			}
		}
	}
}

func scrapeText(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}
