package proxy

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"daylight.internal/proxy/ca"
	"daylight.internal/proxy/identity"
	"daylight.internal/proxy/metrics"
)

// own returns options whose policy is loaded by load.
func own(t *testing.T, load func() (Snapshot, error)) OwnOptions {
	t.Helper()
	authority, err := ca.Ensure(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := metrics.New(metrics.Build{Version: "test"})
	s := NewSnapshots(load, m)
	return OwnOptions{Snapshots: s, Metrics: m, Reload: func() (string, error) { err := s.Load(); return s.Current().Revision(), err }, Certificate: authority.PEM, ProxyAddress: "proxy.corp.example:8080"}
}

func ask(t *testing.T, h http.Handler, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	return send(t, http.DefaultClient, method, server.URL+path, "", header...)
}

func TestAdminListener(t *testing.T) {
	o := own(t, func() (Snapshot, error) { return &policy{}, nil })
	h := NewAdmin(o)
	for _, c := range []struct {
		method, path string
		header       []string
		status       int
		want         string
	}{
		{"GET", "/healthz", nil, 200, "ok"},
		{"GET", "/readyz", nil, 503, "no policy is loaded"},
		{"GET", "/-/reload", nil, 405, ""},
		{"POST", "/-/reload", []string{"Sec-Fetch-Site", "cross-site"}, 403, ""},
		{"POST", "/-/reload", nil, 200, "policy r1"},
		{"GET", "/readyz", nil, 200, "ready, policy r1"},
		{"GET", "/metrics", nil, 200, `daylight_policy_loaded{revision="r1"} 1`},
		{"GET", "/ca.pem", nil, 200, "-----BEGIN CERTIFICATE-----"},
		{"GET", "/proxy.pac", nil, 200, `return "PROXY proxy.corp.example:8080";`},
		{"GET", "/nothing", nil, 404, ""},
	} {
		resp, text := ask(t, h, c.method, c.path, c.header...)
		if resp.StatusCode != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%s %s: %d %.200s", c.method, c.path, resp.StatusCode, text)
		}
		if strings.Contains(text, "PRIVATE KEY") {
			t.Errorf("%s shows the key", c.path)
		}
	}
	o.Ready = func() bool { return false }
	if resp, _ := ask(t, NewAdmin(o), "GET", "/readyz"); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("ready although nothing is served: %d", resp.StatusCode)
	}
}

func TestAPACFileNamesAnAddressThatTheClientCanReach(t *testing.T) {
	for address, want := range map[string]string{
		"proxy.corp.example:3128": `"PROXY proxy.corp.example:3128"`,
		"10.0.0.1:3128":           `"PROXY 10.0.0.1:3128"`,
		"0.0.0.0:3128":            `"PROXY 127.0.0.1:3128"`,
		"[::]:3128":               `"PROXY 127.0.0.1:3128"`,
		":3128":                   `"PROXY 127.0.0.1:3128"`,
	} {
		o := own(t, nil)
		o.ProxyAddress = address
		resp, text := ask(t, NewOwnPages(o), "GET", "/proxy.pac")
		if !strings.Contains(text, want) || resp.Header.Get("Content-Type") != "application/x-ns-proxy-autoconfig" {
			t.Errorf("%s gives %s", address, text)
		}
	}
}

func TestWelcomePage(t *testing.T) {
	o := own(t, nil)
	resp, page := ask(t, NewOwnPages(o), "GET", "/", "Accept-Language", "zh")
	if resp.StatusCode != http.StatusOK || !strings.Contains(page, `lang="zh"`) || !strings.Contains(strings.ReplaceAll(page, "<wbr>", ""), fingerprint(o.Certificate())) {
		t.Errorf("%d %s", resp.StatusCode, page)
	}
	// Browsers fetch it before they know the proxy, and so before daylight.internal means anything to them.
	if want := ">http://" + o.ProxyAddress + "/proxy.pac<"; !strings.Contains(page, want) {
		t.Errorf("the page does not lead to %s", want)
	}
	if len(fingerprint(o.Certificate())) != 32*3-1 || fingerprint([]byte("x")) != "" {
		t.Errorf("fingerprint %q", fingerprint(o.Certificate()))
	}
	if resp.Header.Get("Content-Security-Policy") == "" {
		t.Error("no policy for the page")
	}
	if path := os.Getenv("WELCOME_PAGE"); path != "" { // to look at it
		if err := os.WriteFile(filepath.Clean(path), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestABadPolicyNeverReplacesAGoodOne(t *testing.T) {
	var next Snapshot = &policy{}
	var err error
	o := own(t, func() (Snapshot, error) {
		if next == nil && err == nil {
			panic("the secret")
		}
		return next, err
	})
	s := o.Snapshots
	if s.Loaded() || s.Current().Plan(engineRequest(httptest.NewRequest("GET", "http://a.example/", nil), clientOf(t), nil, time.Now())).Verdict.Stops() != true {
		t.Error("without a policy everything must be refused")
	}
	if err := s.Load(); err != nil {
		t.Fatal(err)
	}
	good := s.Current()
	for name, broken := range map[string]func(){
		"an error": func() { next, err = nil, errors.New("policy.yaml:3:1: error: unknown key") },
		"a panic":  func() { next, err = nil, nil },
	} {
		broken()
		problem := s.Load()
		if problem == nil || strings.Contains(problem.Error(), "secret") || s.Current() != good {
			t.Errorf("%s: %v, the old one stays: %v", name, problem, s.Current() == good)
		}
		if text := scrapeText(t, o.Metrics); !strings.Contains(text, "daylight_policy_last_reload_successful 0") || !strings.Contains(text, `daylight_policy_loaded{revision="r1"} 1`) {
			t.Errorf("%s is not seen in the metrics", name)
		}
		if resp, text := ask(t, NewAdmin(o), "POST", "/-/reload"); resp.StatusCode != http.StatusInternalServerError || text == "" {
			t.Errorf("%s: reload answers %d %q", name, resp.StatusCode, text)
		}
	}
}

func TestAWrongPasswordIsAskedForAgainAndCounted(t *testing.T) {
	hash, err := bcrypt.GenerateFromPassword([]byte("right"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	i, err := identity.New(identity.Options{Users: map[string]string{"ana": string(hash)}})
	if err != nil {
		t.Fatal(err)
	}
	m := metrics.New(metrics.Build{})
	identify := NewIdentify(i, m)
	try := func(name, password string) *http.Response {
		r := httptest.NewRequest(http.MethodConnect, "//chat.example:443", nil)
		r.RemoteAddr = "10.20.0.7:1234"
		if name != "" {
			r.SetBasicAuth(name, password)
			r.Header["Proxy-Authorization"] = r.Header["Authorization"]
		}
		client, resp := identify(r)
		if resp == nil && (client.User != name || client.Address != netip.MustParseAddr("10.20.0.7")) {
			t.Errorf("client %+v", client)
		}
		return resp
	}
	for _, refused := range []*http.Response{try("", ""), try("ana", "wrong")} {
		if refused == nil || refused.StatusCode != http.StatusProxyAuthRequired || !strings.HasPrefix(refused.Header.Get("Proxy-Authenticate"), "Basic ") {
			t.Errorf("answer %+v", refused)
		}
	}
	if try("ana", "right") != nil {
		t.Error("the right password was refused")
	}
	if !strings.Contains(scrapeText(t, m), "daylight_sign_ins_refused_total 1") {
		t.Error("one refusal is not counted as one")
	}
}
