//go:build unix

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"daylight.internal/proxy/proxytest"
)

// daylight is the command `run` at work, with a stand-in for the internet.
type daylight struct {
	*testing.T
	dir, policy, admin string
	stderr             proxytest.Output
	player             player
	end                context.CancelFunc
	exit               chan int
}

const (
	lenientPolicy = "version: 1\nrules: [{name: all, match: {}, action: log}]\n"
	strictPolicy  = "version: 1\nrules: [{name: none, match: {service: chatgpt}, action: block}]\n"
)

func startRun(t *testing.T, flags ...string) *daylight {
	t.Helper()
	d := &daylight{T: t, dir: t.TempDir(), exit: make(chan int, 1)}
	d.policy = filepath.Join(d.dir, "policy.yaml")
	d.writePolicy(lenientPolicy)
	internet, err := startStandIn(d.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = internet.Close() })
	config := filepath.Join(d.dir, "daylight.yaml")
	text := fmt.Sprintf("proxy: {listen: '127.0.0.1:0'}\nadmin: {listen: '127.0.0.1:0'}\ndata_dir: data\npolicy: policy.yaml\n"+
		"upstream: {ca_file: %q, hosts: {'chatgpt.com:443': %q, 'api.openai.com:443': %q}}\n", internet.CAFile, internet.Address, internet.Address)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	ctx, d.end = context.WithCancel(context.Background())
	go func() {
		d.exit <- run(ctx, append([]string{"run", "--config", config}, flags...), strings.NewReader(""), &bytes.Buffer{}, &d.stderr)
	}()
	t.Cleanup(d.end)
	proxy := d.awaitMatch(`proxy +(http://[0-9.:]+)`)
	d.admin = d.awaitMatch(`admin +(http://[0-9.:]+)`)
	d.awaitMatch(`(Trust it)`)
	d.player = player{proxy: d.parseURL(proxy), roots: d.caPool(), standIn: internet}
	return d
}

func (d *daylight) parseURL(text string) *url.URL {
	d.Helper()
	u, err := url.Parse(text)
	if err != nil {
		d.Fatal(err)
	}
	return u
}

func (d *daylight) caPool() *x509.CertPool {
	d.Helper()
	pem, err := os.ReadFile(filepath.Join(d.dir, "data", "ca.pem"))
	if err != nil {
		d.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

func (d *daylight) writePolicy(text string) {
	d.Helper()
	if err := os.WriteFile(d.policy, []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
}

// patience is how long a test waits for what must come, on a machine that stalls.
const patience = 2 * time.Minute

// await polls for a state that another goroutine or process brings about.
func (d *daylight) await(what string, holds func() bool) {
	d.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if holds() {
			return
		}
	}
	d.Fatalf("%s did not happen; standard error:\n%s", what, d.stderr.String())
}

func (d *daylight) awaitMatch(pattern string) string {
	d.Helper()
	var found []string
	d.await("output "+pattern, func() bool {
		found = regexp.MustCompile(pattern).FindStringSubmatch(d.stderr.String())
		return found != nil
	})
	return found[1]
}

// ask sends a prompt and returns the status code of the answer.
func (d *daylight) ask(m message) *result {
	d.Helper()
	r, err := d.player.send(context.Background(), &scene{user: ana, message: m})
	if err != nil {
		d.Fatal(err)
	}
	return r
}

func (d *daylight) hangUp() {
	d.Helper()
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		d.Fatal(err)
	}
}

func (d *daylight) metric(name string) float64 {
	d.Helper()
	all, err := scrape(context.Background(), d.admin+"/metrics")
	if err != nil {
		d.Fatal(err)
	}
	return all[name]
}

func (d *daylight) exitCode() int {
	d.Helper()
	select {
	case code := <-d.exit:
		return code
	case <-time.After(patience):
		d.Fatal("run does not end")
		return 0
	}
}

func TestRunTakesAValidPolicyAtSIGHUPAndRefusesAnInvalidOne(t *testing.T) {
	d := startRun(t)
	if r := d.ask(chatGPT("hello")); r.status != http.StatusOK {
		t.Fatalf("before: status %d", r.status)
	}
	d.writePolicy(strictPolicy)
	d.hangUp()
	d.await("the new policy", func() bool { return d.ask(chatGPT("hello")).status == http.StatusForbidden })

	d.writePolicy("version: 1\nruls: []\n")
	d.hangUp()
	d.await("the refusal", func() bool { return d.metric("daylight_policy_last_reload_successful") == 0 })
	if r := d.ask(chatGPT("hello")); r.status != http.StatusForbidden {
		t.Errorf("the old policy does not stay: status %d", r.status)
	}
	if !strings.Contains(d.stderr.String(), `unknown key "ruls"`) {
		t.Errorf("the log does not say why:\n%s", d.stderr.String())
	}
	d.end()
	if code := d.exitCode(); code != exitFine {
		t.Errorf("exit code %d", code)
	}
}

func TestRunReopensTheEventFileAtSIGHUP(t *testing.T) {
	d := startRun(t)
	events := filepath.Join(d.dir, "data", "events.jsonl")
	d.ask(chatGPT("hello"))
	if err := os.Rename(events, events+".1"); err != nil {
		t.Fatal(err)
	}
	d.hangUp()
	d.await("the new file", func() bool { _, err := os.Stat(events); return err == nil })
	d.ask(chatGPT("hello"))
	d.end()
	if code := d.exitCode(); code != exitFine {
		t.Errorf("exit code %d", code)
	}
	for _, name := range []string{events + ".1", events} {
		data, err := os.ReadFile(name)
		if err != nil || bytes.Count(data, []byte("\n")) != 1 {
			t.Errorf("%s holds %q, want one event (%v)", name, data, err)
		}
	}
}

func TestRunLetsAnAnswerEndBeforeItDoes(t *testing.T) {
	d := startRun(t)
	answered := make(chan *result, 1)
	go func() {
		r, err := d.player.send(context.Background(), &scene{user: ana, message: openAIChat("https://api.openai.com/v1/chat/completions", "hello", true)})
		if err != nil {
			t.Error(err)
		}
		answered <- r
	}()
	d.await("the request", func() bool { return d.player.standIn.received.Load() > 0 })
	d.end()
	if r := <-answered; r == nil || len(r.streamed()) != len(streamWords()) {
		t.Errorf("the answer was cut off: %+v", r)
	}
	if code := d.exitCode(); code != exitFine {
		t.Errorf("exit code %d", code)
	}
}

func TestHealthcheckAsksARunningDaylight(t *testing.T) {
	d := startRun(t)
	for _, args := range [][]string{{}, {"--ready"}} {
		var stdout, stderr bytes.Buffer
		address := strings.TrimPrefix(d.admin, "http://")
		code := run(context.Background(), append([]string{"healthcheck", "--set", "admin.listen=" + address}, args...), nil, &stdout, &stderr)
		if code != exitFine || stdout.String() != "ok\n" {
			t.Errorf("healthcheck %v: exit code %d, %s%s", args, code, stdout.String(), stderr.String())
		}
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	d := startRun(t, "--drain", "1m")
	client := &http.Client{Transport: &http.Transport{
		Proxy: http.ProxyURL(d.player.proxy), TLSClientConfig: &tls.Config{RootCAs: d.player.roots, MinVersion: tls.VersionTLS12},
		ExpectContinueTimeout: time.Minute,
	}}
	body, hanging := io.Pipe() // a request that never ends
	t.Cleanup(func() { _ = hanging.Close() })
	req, err := http.NewRequest(http.MethodPost, "https://api.openai.com/v1/files", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "text/plain")
	req.Header.Set("Expect", "100-continue") // the body is asked for when the exchange is under way
	go func() {
		if resp, err := client.Do(req); err == nil {
			_ = resp.Body.Close()
		}
	}()
	if _, err := hanging.Write([]byte("the beginning")); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"the first signal", "the second"} {
		if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if what == "the first signal" {
			d.awaitMatch("(ending; exchanges under way may finish)")
		}
	}
	if code := d.exitCode(); code != exitFine {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(d.stderr.String(), "exchanges were cut off") {
		t.Errorf("the log does not tell of the exchange:\n%s", d.stderr.String())
	}
}

func TestReloadByTheAdminPageSaysWhatIsWrong(t *testing.T) {
	d := startRun(t)
	d.writePolicy("version: 1\nruls: []\nrules: [{name: a}]\n")
	resp, err := http.Post(d.admin+"/-/reload", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusInternalServerError {
		t.Fatalf("status %d (%v)", resp.StatusCode, err)
	}
	for _, want := range []string{"policy.yaml:2:1: error: unknown key \"ruls\"", "policy.yaml:3:9: error: key \"action\" is missing"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the answer lacks %q:\n%s", want, body)
		}
	}
}

func TestUsersSignIn(t *testing.T) {
	hash, err := bcrypt.GenerateFromPassword([]byte("sesame"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	d := startRun(t, "--set", "identity.users.ana="+string(hash))
	address := *d.player.proxy
	for _, c := range []struct {
		user *url.Userinfo
		want string // of the error; "" for an answer
	}{
		{nil, "Proxy Authentication Required"},
		{url.UserPassword("ana", "wrong"), "Proxy Authentication Required"},
		{url.UserPassword("ben", "sesame"), "Proxy Authentication Required"},
		{url.UserPassword("ana", "sesame"), ""},
	} {
		signedIn := address
		signedIn.User = c.user
		d.player.proxy = &signedIn
		_, err := d.player.send(context.Background(), &scene{user: ana, message: chatGPT("hello")})
		if got := fmt.Sprint(err); (err == nil) != (c.want == "") || !strings.Contains(got, c.want) && err != nil {
			t.Errorf("%v: %v, want %q", c.user, err, c.want)
		}
	}
	if counters, err := scrape(t.Context(), d.admin+"/metrics"); err != nil || counters["daylight_sign_ins_refused_total"] != 2 {
		t.Errorf("%v refusals are counted, want 2: who brings no password was only not asked yet (%v)", counters["daylight_sign_ins_refused_total"], err)
	}
}

func TestNoOutputHoldsWhatPeopleSend(t *testing.T) {
	d := startRun(t, "--log-level", "debug")
	const secret = "planted-9f3a7c"
	list := strings.ReplaceAll(customerList(), "example.com", secret+".example")
	messages := []message{
		chatGPT(list),
		openAIChat("https://api.openai.com/v1/chat/completions?key="+secret, "my password is "+secret+", 11010519491231002X", false),
		{http.MethodPost, "https://api.openai.com/v1/files/" + secret + "@corp.example", "text/" + secret, []byte(secret)},
		uploadMessage("https://api.openai.com/v1/files", secret, secret, secret+".csv", "text/csv", list),
	}
	var answers strings.Builder
	for _, policy := range []string{lenientPolicy, "version: 1\nrules: [{name: none, match: {}, action: block}]\n"} {
		d.writePolicy(policy)
		if err := d.reloadByPage(); err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			answers.Write(d.ask(m).body)
		}
	}
	metrics, err := http.Get(d.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer metrics.Body.Close()
	exposed, err := io.ReadAll(metrics.Body)
	if err != nil {
		t.Fatal(err)
	}
	d.end()
	d.exitCode()
	events, err := os.ReadFile(filepath.Join(d.dir, "data", "events.jsonl"))
	if err != nil || bytes.Count(events, []byte("\n")) != 2*len(messages) {
		t.Fatalf("%d events, want %d (%v)", bytes.Count(events, []byte("\n")), 2*len(messages), err)
	}
	for name, text := range map[string]string{"events": string(events), "metrics": string(exposed), "log": d.stderr.String(), "answers": answers.String()} {
		for _, raw := range []string{secret, "11010519491231002X", "Albers", "555 01"} {
			if strings.Contains(text, raw) {
				t.Errorf("the %s hold %q", name, raw)
			}
		}
	}
}

func (d *daylight) reloadByPage() error {
	resp, err := http.Post(d.admin+"/-/reload", "", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("reload: %s", resp.Status)
	}
	return nil
}
