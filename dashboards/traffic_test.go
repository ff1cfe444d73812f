package dashboards

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"daylight.internal/proxy/proxytest"
)

const livePolicy = `
version: 1
groups:
  marketing: {networks: [127.0.0.0/8]}
approvals:
  - {service: openai-api, status: sanctioned, groups: [marketing], owner: mops@corp.example, expires: 2035-03-31}
  - {service: claude, status: tolerated}
  - {service: deepseek, status: prohibited}
rules:
  - name: tolerated tools are watched
    match: {status: [tolerated], data: {class: personal, people: ">=10"}}
    action: block
    mode: monitor
  - name: customer lists stay home
    match: {status: [unreviewed], data: {class: personal, people: ">=10"}}
    action: block
    message: {en: Ask marketing operations for the approved tool.}
`

// daylight is a running Daylight with stand-ins for the internet behind it.
type daylight struct {
	proxy, admin string // host:port
	policy       string // path of the policy file
	client       *http.Client
}

func (d *daylight) adminURL(path string) string { return "http://" + d.admin + path }

func startDaylight(t *testing.T) *daylight {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "daylight")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/daylight").CombinedOutput(); err != nil {
		t.Fatalf("building daylight: %v\n%s", err, out)
	}
	internet := proxytest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		fmt.Fprintln(w, `{"ok": true}`)
	}), "chatgpt.com", "api.openai.com", "claude.ai", "chat.deepseek.com", "assistant.shadow.example", "news.example", "www.bank.example", "pinned.example", "ios.chat.openai.com")
	internet.Hosts["down.example:443"] = proxytest.FreeAddress(t) // nobody listens there
	hosts, err := json.Marshal(internet.Hosts)
	if err != nil {
		t.Fatal(err)
	}
	d := &daylight{proxy: proxytest.FreeAddress(t), admin: proxytest.FreeAddress(t)}
	folder := writeFiles(t, map[string]string{"policy.yaml": livePolicy, "daylight.yaml": fmt.Sprintf(`
proxy: {listen: [%q]}
admin: {listen: %q}
data_dir: data
policy: [policy.yaml]
tls: {bypass: [www.bank.example]}
upstream: {ca_file: %q, hosts: %s}
limits: {inspect_bytes: 64KiB, hold_bytes: 128KiB}
mode: enforce
`, d.proxy, d.admin, internet.CAFile, hosts)})
	d.policy = filepath.Join(folder, "policy.yaml")
	startProcess(t, binary, "run", "--config", filepath.Join(folder, "daylight.yaml"))
	waitFor(t, d.adminURL("/readyz"))
	d.client = proxytest.Client(t, "http://"+d.proxy, []byte(get(t, d.adminURL("/ca.pem"))))
	return d
}

// keepSending sends a round of traffic each half second, and a refused and an
// accepted policy now and then, until the returned function is called, which
// tells how many rounds there were.
func (d *daylight) keepSending(t *testing.T) (stop func() (rounds int)) {
	done, ended := make(chan struct{}), make(chan struct{})
	rounds := 0
	go func() {
		defer close(ended)
		for ; ; rounds++ {
			select {
			case <-done:
				return
			case <-time.After(500 * time.Millisecond):
			}
			if err := d.sendRound(rounds); err != nil {
				t.Errorf("traffic: %v", err)
				return
			}
		}
	}()
	return sync.OnceValue(func() int {
		close(done)
		<-ended
		return rounds
	})
}

func (d *daylight) sendRound(round int) error {
	clean, list := chat("Three headlines for our spring campaign"), chat(people(12))
	sent := []struct {
		method, url, body string
		want              int
	}{
		{"POST", "https://chatgpt.com/backend-api/f/conversation", clean, 200},
		{"POST", "https://chatgpt.com/backend-api/f/conversation", list, 403},
		{"POST", "https://api.openai.com/v1/chat/completions", completion(people(12)), 200},
		{"POST", "https://claude.ai/api/organizations/3f1/chat_conversations/5e2/completion", prompt(people(12)), 200},
		{"POST", "https://chat.deepseek.com/api/v0/chat/completion", prompt("Hello"), 200},
		{"POST", "https://assistant.shadow.example/v1/chat/completions", completion("Hello"), 200},
		{"POST", "https://chatgpt.com/backend-api/f/conversation", chat(strings.Repeat("spring campaign ", 16<<10)), 200},
		{"GET", "https://news.example/", "", 200},
		{"GET", "https://down.example/", "", 502},
	}
	for _, s := range sent {
		status, err := d.send(s.method, s.url, s.body)
		if err != nil || status != s.want {
			return fmt.Errorf("%s %s: status %d, want %d: %v", s.method, s.url, status, s.want, err)
		}
	}
	d.tunnel("https://www.bank.example/")
	d.tunnel("https://ios.chat.openai.com/") // an app that pins
	d.distrust("https://pinned.example/")
	d.distrust("https://claude.ai/")
	if round%10 == 5 {
		return d.reloadTwice(round)
	}
	return nil
}

// checkCounters compares the counters with the traffic of so many rounds. An
// observed request is counted a little after its answer.
func (d *daylight) checkCounters(t *testing.T, rounds int) {
	t.Helper()
	want := map[string]int{
		`daylight_exchanges_total{action="block",category="chat",group="marketing",service="chatgpt",status="unreviewed"}`: rounds,
		`daylight_would_block_total{group="marketing",service="claude"}`:                                                   rounds,
		`daylight_verdicts_total{action="block",enforced="true"}`:                                                          rounds,
		`daylight_verdicts_total{action="block",enforced="false"}`:                                                         rounds,
		`daylight_people_exposed_total{action="block",class="personal",country="US",service="chatgpt"}`:                    12 * rounds,
		`daylight_people_exposed_total{action="log",class="personal",country="US",service="openai-api"}`:                   12 * rounds,
		`daylight_people_exposed_total{action="log",class="personal",country="US",service="claude"}`:                       12 * rounds,
	}
	var scrape string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		scrape = get(t, d.adminURL("/metrics"))
		for series, n := range want {
			if strings.Contains(scrape, fmt.Sprintf("\n%s %d\n", series, n)) {
				delete(want, series)
			}
		}
		if len(want) == 0 {
			return
		}
	}
	for series, n := range want {
		name, _, _ := strings.Cut(series, "{")
		t.Errorf("after %d rounds %s is not %d; there are\n%s", rounds, series, n, strings.Join(regexp.MustCompile("(?m)^"+name+".* [1-9].*$").FindAllString(scrape, -1), "\n"))
	}
}

// checkLedger compares the bytes for AI that were read and that were not with all of them.
func (d *daylight) checkLedger(t *testing.T) {
	t.Helper()
	scrape := get(t, d.adminURL("/metrics"))
	sum := func(series string) (total float64) {
		for _, line := range regexp.MustCompile("(?m)^"+series+" (.*)$").FindAllStringSubmatch(scrape, -1) {
			value, err := strconv.ParseFloat(line[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			total += value
		}
		return total
	}
	inspected, unread := sum(`daylight_ai_inspected_bytes_total{.*}`), sum(`daylight_ai_not_inspected_bytes_total{.*}`)
	sent := sum(`daylight_upload_bytes_total{.*}`) - sum(`daylight_upload_bytes_total{.*service="other".*}`)
	if inspected+unread != sent || inspected == 0 || unread == 0 {
		t.Errorf("%.0f bytes for AI were read and %.0f not, %.0f were sent", inspected, unread, sent)
	}
	if other := sum(`daylight_not_inspected_bytes_total{reason="other"}`); other != 0 {
		t.Errorf("%.0f bytes were not read for a reason without a word", other)
	}
}

func (d *daylight) send(method, url, body string) (status int, err error) {
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := d.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// tunnel sends bytes through a connection that Daylight does not open.
func (d *daylight) tunnel(to string) {
	proxy := &url.URL{Scheme: "http", Host: d.proxy}
	transport := &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} // the stand-in's own certificate
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: time.Minute}
	if resp, err := client.Post(to, "text/plain", bytes.NewReader(make([]byte, 10<<10))); err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
}

// distrust is an app that pins: it refuses Daylight's certificate.
func (d *daylight) distrust(to string) {
	transport := &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: d.proxy})}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: time.Minute}
	if resp, err := client.Get(to); err == nil {
		resp.Body.Close()
	}
}

// reloadTwice offers a policy with a mistake, which is refused, and a good one.
func (d *daylight) reloadTwice(round int) error {
	for _, offer := range []struct {
		policy string
		ok     bool
	}{{livePolicy + "ruels: []\n", false}, {livePolicy + fmt.Sprintf("# %d\n", round), true}} {
		if err := os.WriteFile(d.policy, []byte(offer.policy), 0o600); err != nil {
			return err
		}
		resp, err := http.Post(d.adminURL("/-/reload"), "", nil)
		if err != nil {
			return err
		}
		resp.Body.Close()
		if ok := resp.StatusCode == http.StatusOK; ok != offer.ok {
			return fmt.Errorf("reload: %s, want success %t", resp.Status, offer.ok)
		}
	}
	return nil
}

// completion is a request body as OpenAI's API and its kin take it.
func completion(text string) string {
	return marshal(map[string]any{"model": "gpt-5", "messages": []any{map[string]any{"role": "user", "content": text}}})
}

// chat is a request body as the page of ChatGPT sends it.
func chat(text string) string {
	return marshal(map[string]any{"action": "next", "messages": []any{map[string]any{
		"author": map[string]any{"role": "user"}, "content": map[string]any{"content_type": "text", "parts": []string{text}},
	}}})
}

func prompt(text string) string { return marshal(map[string]any{"prompt": text}) }

func marshal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // the values are maps and strings
	}
	return string(text)
}

// people is a table of n invented customers.
func people(n int) string {
	var b strings.Builder
	b.WriteString("name,email,phone\n")
	for i := range n {
		fmt.Fprintf(&b, "Anna Beispiel %d,anna.beispiel%d@mail.example,+49 30 2093 %04d\n", i, i, 1000+i)
	}
	return b.String()
}
