package proxy

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// pinned is a whole proxy with a clock of its own in front of servers whose apps
// accept only the servers' root.
type pinned struct {
	*testProxy
	judge   *Judge
	metrics *metrics.Metrics
	events  chan audit.Event
	now     *atomic.Int64 // Unix seconds
	server  *proxytest.Server
}

func (p *pinned) Record(e audit.Event) {
	if e.Kind != audit.KindRefused {
		p.events <- e
	}
}

// startPinned starts with learning on; policy "" is one without rules.
func startPinned(t *testing.T, policy string, o JudgeOptions) *pinned {
	t.Helper()
	if policy == "" {
		policy = "version: 1\n"
	}
	p := &pinned{metrics: metrics.New(metrics.Build{}), events: make(chan audit.Event, 1000), now: new(atomic.Int64)}
	p.now.Store(time.Now().Unix())
	o.Snapshots = NewSnapshots(func() (Snapshot, error) {
		return compileSource(t, engine.Source{Policy: []policyfile.File{{Name: "p.yaml", Data: []byte(policy)}}})
	}, p.metrics)
	if err := o.Snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	o.Metrics, o.Events, o.TempDir = p.metrics, p, t.TempDir()
	p.judge = NewJudge(o)
	p.judge.now = func() time.Time { return time.Unix(p.now.Load(), 0) }
	p.server = proxytest.NewServer(t, text("hello"), "app.example", "second.example", "news.example", "chatgpt.com", "ours.example")
	p.testProxy = startProxy(t, func(_ *Config, d *Dependencies) { d.Inspector, d.Counters = p.judge, p.metrics }, p.server)
	return p
}

func (p *pinned) event(t *testing.T) audit.Event { return wait(t, p.events, "an event") }

// browse lets a client that trusts the proxy read a page: its machine has the CA.
func (p *pinned) browse(t *testing.T, host string) audit.Event {
	t.Helper()
	client := p.client()
	if status, body := get(t, client, "https://"+host+"/"); status != http.StatusOK || body != "hello" {
		t.Fatalf("%d %q", status, body)
	}
	client.CloseIdleConnections()
	return p.event(t)
}

// app returns a client that accepts only the root of the servers.
func (p *pinned) app(t *testing.T) *http.Client {
	client := proxytest.Client(t, p.url, mustRead(t, p.server.CAFile))
	client.Transport.(*http.Transport).DisableKeepAlives = true // one event for each
	return client
}

// fail lets the app try a host n times in vain.
func (p *pinned) fail(t *testing.T, host string, n int) (last audit.Event) {
	t.Helper()
	for range n {
		if resp, err := p.app(t).Get("https://" + host + "/"); err == nil {
			resp.Body.Close()
			t.Fatalf("the app was let through to %s", host)
		}
		if last = p.event(t); last.Kind != audit.KindTunnel || last.Coverage.Reason != "handshake" || last.Error != "client_rejected_certificate" {
			t.Fatalf("event %+v", last)
		}
	}
	return last
}

// passes lets the app reach a host.
func (p *pinned) passes(t *testing.T, host string) audit.Event {
	t.Helper()
	if status, body := get(t, p.app(t), "https://"+host+"/"); status != http.StatusOK || body != "hello" {
		t.Fatalf("%d %q", status, body)
	}
	return p.event(t)
}

func (p *pinned) count(t *testing.T, result string) float64 {
	t.Helper()
	return metricValue(t, p.metrics, "daylight_pinned_clients_total", "result", result)
}

func metricValue(t *testing.T, m *metrics.Metrics, name, label, value string) float64 {
	t.Helper()
	families, err := m.Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, series := range f.GetMetric() {
			for _, pair := range series.GetLabel() {
				if f.GetName() == name && pair.GetName() == label && pair.GetValue() == value {
					return series.GetCounter().GetValue()
				}
			}
		}
	}
	t.Fatalf("there is no %s{%s=%q}", name, label, value)
	return 0
}

func TestAnAppThatPinsIsLeftClosedAfterThreeTries(t *testing.T) {
	p := startPinned(t, "", JudgeOptions{LearnBypass: true})
	p.browse(t, "news.example")
	p.fail(t, "app.example", 3)
	e := p.passes(t, "app.example")
	if e.Kind != audit.KindTunnel || e.Coverage != (classifier.Coverage{State: classifier.NotInspected, Reason: "pinned_learned"}) ||
		e.Destination.Host != "app.example" || e.Destination.SNI != "app.example" || e.Request.Bytes == 0 || e.Response.Bytes == 0 || e.Error != "" {
		t.Errorf("event %+v", e)
	}
	if p.judge.LearnedBypasses() != 1 || p.count(t, "learned") != 1 {
		t.Errorf("%d bypasses, %v counted", p.judge.LearnedBypasses(), p.count(t, "learned"))
	}
	if n := metricValue(t, p.metrics, "daylight_tunnels_total", "reason", "pinned_learned"); n != 1 {
		t.Errorf("%v tunnels", n)
	}
	p.fail(t, "second.example", 2) // another host is another matter
}

func TestABypassIsTriedAgainAfterItsTime(t *testing.T) {
	p := startPinned(t, "", JudgeOptions{LearnBypass: true})
	p.browse(t, "news.example")
	p.fail(t, "app.example", 3)
	p.now.Add(24*3600 - 60)
	p.passes(t, "app.example")
	p.browse(t, "news.example")
	p.now.Add(120)
	p.fail(t, "app.example", 1)
	p.passes(t, "app.example")
	p.now.Add(24*3600 + 60)
	if e := p.browse(t, "app.example"); e.Kind != audit.KindExchange {
		t.Errorf("event %+v", e)
	}
	p.fail(t, "app.example", 4) // it was accepted: no bypass any more
}

func TestOtherNetworksGainNothing(t *testing.T) {
	p := startPinned(t, "", JudgeOptions{LearnBypass: true})
	p.browse(t, "news.example")
	p.fail(t, "app.example", 3)
	client := p.app(t)
	client.Transport.(*http.Transport).DialContext = (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 9, 9)}}).DialContext
	if resp, err := client.Get("https://app.example/"); err == nil {
		resp.Body.Close()
		t.Error("a client of another network is let through")
	}
	if e := p.event(t); e.Client.Address.String() != "127.0.9.9" || e.Coverage.Reason != "handshake" {
		t.Errorf("event %+v", e)
	}
}

func (p *pinned) appConfig(t *testing.T, name string) *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(mustRead(t, p.server.CAFile))
	return &tls.Config{RootCAs: roots, ServerName: name}
}

// handshake speaks TLS in a CONNECT and hangs up.
func (p *pinned) handshake(t *testing.T, authority string, config *tls.Config) error {
	t.Helper()
	conn := p.openTunnel(t, authority)
	defer conn.Close()
	secure := tls.Client(conn, config)
	if err := secure.Handshake(); err != nil {
		return err
	}
	return secure.Close()
}

// Some apps end the handshake, look at the certificate only then, and hang up.
func TestAnAppThatHangsUpInSilenceIsRecognised(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			p := startPinned(t, "", JudgeOptions{LearnBypass: true})
			p.browse(t, "news.example")
			tries := 0
			for begun := time.Now(); len(p.events) == 0 && time.Since(begun) < patience; tries++ {
				config := &tls.Config{InsecureSkipVerify: true, ServerName: "app.example", MaxVersion: version}
				if err := p.handshake(t, "app.example:443", config); err != nil {
					t.Fatal(err)
				}
				select {
				case e := <-p.events:
					p.events <- e
				case <-time.After(20 * time.Millisecond): // the proxy may have seen nothing yet
				}
			}
			if e := p.event(t); e.Coverage.Reason != "handshake" || e.Error != "client_closed" || tries < 3 {
				t.Errorf("after %d: %+v", tries, e)
			}
			p.passes(t, "app.example")
		})
	}
}

// A connection that asks for something, even for nonsense, has accepted the certificate or is no app that pins.
func TestAConnectionThatSpeaksDoesNotPin(t *testing.T) {
	p := startPinned(t, "", JudgeOptions{LearnBypass: true})
	p.browse(t, "news.example")
	for range 4 {
		conn := p.openTunnel(t, "app.example:443")
		secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true, ServerName: "app.example"})
		fmt.Fprintf(secure, "nonsense %s\r\n\r\n", strings.Repeat("x", 100))
		io.ReadAll(secure) // to the end: the proxy has told then
		conn.Close()
	}
	if entries, _ := p.judge.Bypasses(); len(entries) != 0 {
		t.Errorf("%+v", entries)
	}
	p.fail(t, "app.example", 2)
}

// Only TLS is left closed: what else goes to the host is read as before.
func TestPlainRequestsToALearnedHostAreRead(t *testing.T) {
	p := startPinned(t, "", JudgeOptions{LearnBypass: true})
	p.browse(t, "news.example")
	p.fail(t, "app.example", 3)
	conn := p.openTunnel(t, "app.example:443")
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: app.example:443\r\n\r\n")
	if _, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil {
		t.Fatal(err)
	}
	if e := p.event(t); e.Kind != audit.KindExchange {
		t.Errorf("event %+v", e)
	}
}

// A bypass is for a host under its own name: behind another name, nothing is left closed.
func TestALearnedHostHidesNoOther(t *testing.T) {
	p := startPinned(t, "", JudgeOptions{LearnBypass: true})
	p.browse(t, "news.example")
	p.fail(t, "app.example", 3)
	for _, c := range [][2]string{{"second.example:443", "app.example"}, {"app.example:443", "second.example"}, {"app.example:443", "chatgpt.com"}} {
		if err := p.handshake(t, c[0], p.appConfig(t, c[1])); err == nil {
			t.Errorf("CONNECT %s with the name %s is relayed", c[0], c[1])
		}
	}
}

func TestServicesAndWhatThePolicyStopsAreNeverLeftClosed(t *testing.T) {
	const own = "services: [{id: ours, name: Ours, vendor: Us, category: chat, hosts: [ours.example]}]\n"
	for name, c := range map[string]struct{ policy, host, result string }{
		"an AI service of the catalogue": {"", "chatgpt.com", "ai_service"},
		"one that is prohibited":         {"version: 1\napprovals: [{service: chatgpt, status: prohibited}]\n", "chatgpt.com", "ai_service"},
		"one that is sanctioned":         {"version: 1\napprovals: [{service: chatgpt, status: sanctioned, owner: a@b.example, expires: 2199-01-01}]\n", "chatgpt.com", "ai_service"},
		"one of the policy":              {"version: 1\n" + own, "ours.example", "ai_service"},
		"a host that a rule blocks unread": {
			"version: 1\nrules: [{name: unread, match: {traffic: any, coverage: not_inspected}, action: block}]\n", "app.example", "policy",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := startPinned(t, c.policy, JudgeOptions{LearnBypass: true})
			p.judge.pinning.Accepted(clientOf(t).Address, hostOf(&tunnelInfo{ConnectHost: "news.example"}), p.judge.now())
			p.fail(t, c.host, 5)
			if p.count(t, c.result) != 1 || p.count(t, "learned") != 0 || p.judge.LearnedBypasses() != 0 {
				t.Errorf("%v %s, %d bypasses", p.count(t, c.result), c.result, p.judge.LearnedBypasses())
			}
			if entries, _ := p.judge.Bypasses(); len(entries) != 1 || entries[0].Result != c.result || entries[0].Failures != 5 {
				t.Errorf("%+v", entries)
			}
		})
	}
}

// When AI is found on a host, or a policy names it, its bypass ends at once.
func TestABypassIsLookedAtAgain(t *testing.T) {
	p := startPinned(t, "", JudgeOptions{LearnBypass: true})
	p.browse(t, "news.example")
	p.fail(t, "app.example", 3)
	p.passes(t, "app.example")
	next := "version: 1\nservices: [{id: ours, name: Ours, vendor: Us, category: chat, hosts: [app.example]}]\n"
	if err := p.judge.snapshots.Replace(func() (Snapshot, error) {
		return compileSource(t, engine.Source{Policy: []policyfile.File{{Name: "p.yaml", Data: []byte(next)}}})
	}); err != nil {
		t.Fatal(err)
	}
	p.fail(t, "app.example", 1)
}

func TestAClientWithoutTheCALearnsNothing(t *testing.T) {
	p := startPinned(t, "", JudgeOptions{LearnBypass: true})
	p.fail(t, "app.example", 4)
	if p.count(t, "ca_not_trusted") != 1 || p.judge.LearnedBypasses() != 0 {
		t.Errorf("%v counted, %d bypasses", p.count(t, "ca_not_trusted"), p.judge.LearnedBypasses())
	}
}

func TestLearningCanBeTurnedOff(t *testing.T) {
	p := startPinned(t, "", JudgeOptions{})
	p.browse(t, "news.example")
	p.fail(t, "app.example", 5)
	if entries, enabled := p.judge.Bypasses(); enabled || len(entries) != 0 || p.count(t, "learned") != 0 {
		t.Errorf("%v %+v", enabled, entries)
	}
}

func TestTheLimitsOfLearningAreThoseOfTheConfiguration(t *testing.T) {
	p := startPinned(t, "", JudgeOptions{LearnBypass: true, Limits: Limits{LearnedBypassFailures: 1, LearnedBypassesPerNetwork: 1}})
	p.browse(t, "news.example")
	p.fail(t, "app.example", 1)
	p.passes(t, "app.example")
	p.fail(t, "second.example", 3)
	if n := metricValue(t, p.metrics, "daylight_limit_hits_total", "limit", "learned_bypasses_per_network"); n != 1 {
		t.Errorf("the limit was hit %v times", n)
	}
}

// Programs that people use, with the root of the server alone.
func TestProgramsThatRejectTheCertificateAreRecognised(t *testing.T) {
	for name, command := range map[string]func(p *pinned) *exec.Cmd{
		"curl": func(p *pinned) *exec.Cmd {
			return exec.CommandContext(t.Context(), "curl", "-sS", "--max-time", "60", "--proxy", p.url, "--cacert", p.server.CAFile, "https://app.example/")
		},
		"openssl": func(p *pinned) *exec.Cmd {
			c := exec.CommandContext(t.Context(), "openssl", "s_client", "-quiet", "-verify_return_error", "-proxy", p.addr, "-CAfile", p.server.CAFile,
				"-connect", "app.example:443", "-servername", "app.example")
			c.Stdin = strings.NewReader("GET / HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n")
			return c
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(name); err != nil {
				t.Skip(err)
			}
			p := startPinned(t, "", JudgeOptions{LearnBypass: true})
			p.browse(t, "news.example")
			for range 3 {
				if out, err := command(p).CombinedOutput(); err == nil {
					t.Fatalf("it accepts: %s", out)
				}
				if e := p.event(t); e.Error != "client_rejected_certificate" {
					t.Errorf("event %+v", e)
				}
			}
			if out, err := command(p).CombinedOutput(); err != nil || !strings.Contains(string(out), "hello") {
				t.Fatalf("%v: %s", err, out)
			}
			if e := p.event(t); e.Coverage.Reason != "pinned_learned" {
				t.Errorf("event %+v", e)
			}
		})
	}
}

func TestTheAdminListenerShowsWhatWasLearned(t *testing.T) {
	p := startPinned(t, "", JudgeOptions{LearnBypass: true})
	p.browse(t, "news.example")
	p.fail(t, "app.example", 3)
	p.fail(t, "chatgpt.com", 3)
	page := httptest.NewRecorder()
	NewAdmin(OwnOptions{Metrics: p.metrics, Bypasses: p.judge.Bypasses}).ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/-/bypass", nil))
	var got Bypasses
	if err := json.Unmarshal(page.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if !got.Enabled || len(got.Hosts) != 2 {
		t.Fatalf("%+v", got)
	}
	learned, refused := got.Hosts[0], got.Hosts[1]
	if learned.Host != "app.example" || learned.Port != 443 || learned.Network != "127.0.0.0/24" || learned.Result != "learned" || learned.Failures != 3 ||
		learned.Until == nil || learned.Until.Sub(learned.Since) != 24*time.Hour {
		t.Errorf("%+v", learned)
	}
	if refused.Host != "chatgpt.com" || refused.Result != "ai_service" || refused.Until != nil {
		t.Errorf("%+v", refused)
	}
}
