package main

import (
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy"
)

func loadConfig(t *testing.T, yaml string, sets ...string) (*configuration, error) {
	t.Helper()
	flags := configFlags{sets: sets}
	if yaml != "" {
		flags.file = filepath.Join(t.TempDir(), "daylight.yaml")
		if err := os.WriteFile(flags.file, []byte(yaml), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return flags.load()
}

func TestBuiltInDefaultsWatchAndStayOnLoopback(t *testing.T) {
	state := t.TempDir()
	t.Setenv("XDG_STATE_HOME", state)
	c, err := loadConfig(t, "")
	if err != nil {
		t.Fatal(err)
	}
	want := &configuration{
		Listen: []string{"127.0.0.1:8080"}, AdminListen: "127.0.0.1:8090", DataDir: filepath.Join(state, "daylight"),
		Intercept: "all", Events: []string{filepath.Join(state, "daylight", "events.jsonl")}, Monitor: true,
		Reload: reloading{Watch: true, Interval: 2 * time.Second}, Proxy: proxy.Config{LearnBypass: true},
	}
	c.flags, c.text, c.written = nil, nil, nil // how it was read
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}

func TestOnlyTheStarterPolicyWatchesByDefault(t *testing.T) {
	for _, c := range []struct {
		sets    []string
		monitor bool
	}{
		{nil, true},
		{[]string{"mode=enforce"}, false},
		{[]string{"policy=policy"}, false},
		{[]string{"policy=policy", "mode=monitor"}, true},
	} {
		if config, err := loadConfig(t, "", c.sets...); err != nil || config.Monitor != c.monitor {
			t.Errorf("%v: monitor is %v, want %v (%v)", c.sets, config.Monitor, c.monitor, err)
		}
	}
}

func TestDataFallsBackToHome(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "relative/is/ignored/by/the/specification")
	t.Setenv("HOME", "/home/ana")
	c, err := loadConfig(t, "")
	if err != nil {
		t.Fatal(err)
	}
	if want := "/home/ana/.local/state/daylight"; c.DataDir != want {
		t.Errorf("data_dir %q, want %q", c.DataDir, want)
	}
}

const everyKey = `
proxy: {listen: ["0.0.0.0:8080", "[::1]:3128"], proxy_protocol_from: [10.0.0.0/8, 192.0.2.7]}
admin: {listen: "127.0.0.1:9090"}
data_dir: data
policy: [policy, /etc/daylight/policy]
tls: {ca_cert: ca.pem, ca_key: ca.key, intercept: catalogued, bypass: ["*.Bank.example"]}
upstream:
  proxy: http://parent.example:3128
  no_proxy: intranet.example
  ca_file: extra-roots.pem
  allow_networks: [10.0.0.0/8]
  hosts: {"api.openai.com:443": "127.0.0.1:8443"}
identity: {user_header: X-User, user_header_from: [10.1.0.0/16], users: {ana: "$2y$10$abcdefghijklmnopqrstuuVZJhT3y5GzQ8xJ2zq1eQ9dYw1n5xk2a"}}
limits: {connections: 7, inspect_bytes: 1MiB, header_timeout: 3s}
events: [{type: file, path: events.jsonl}]
mode: enforce
on_error: allow
`

func TestEveryKeyArrives(t *testing.T) {
	c, err := loadConfig(t, everyKey)
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(filepath.Dir(c.File), name) }
	for _, check := range []struct {
		key       string
		got, want any
	}{
		{"proxy.listen", c.Listen, []string{"0.0.0.0:8080", "[::1]:3128"}},
		{"proxy.proxy_protocol_from", c.Proxy.ProxyProtocolFrom, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32")}},
		{"admin.listen", c.AdminListen, "127.0.0.1:9090"},
		{"data_dir", c.DataDir, in("data")},
		{"policy", c.Policy, []string{in("policy"), "/etc/daylight/policy"}},
		{"tls.ca_cert", c.CACert, in("ca.pem")},
		{"tls.ca_key", c.CAKey, in("ca.key")},
		{"tls.intercept", c.Intercept, "catalogued"},
		{"tls.bypass", c.Bypass, []string{"*.bank.example"}},
		{"upstream.proxy", c.Proxy.Upstream.Proxy.String(), "http://parent.example:3128"},
		{"upstream.no_proxy", c.Proxy.Upstream.NoProxy, []string{"intranet.example"}},
		{"upstream.ca_file", c.Proxy.Upstream.CAFile, in("extra-roots.pem")},
		{"upstream.allow_networks", c.Proxy.Upstream.AllowNetworks, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}},
		{"upstream.hosts", c.Proxy.Upstream.Hosts, map[string]string{"api.openai.com:443": "127.0.0.1:8443"}},
		{"identity.user_header", c.Proxy.Identity.UserHeader, "X-User"},
		{"identity.users", len(c.Proxy.Identity.Users), 1},
		{"limits.connections", c.Proxy.Limits.Connections, 7},
		{"limits.inspect_bytes", c.Proxy.Limits.InspectBytes, int64(1 << 20)},
		{"limits.header_timeout", c.Proxy.Limits.HeaderTimeout, 3 * time.Second},
		{"limits.hold_bytes (left out)", c.Proxy.Limits.HoldBytes, int64(0)},
		{"events", c.Events, []string{in("events.jsonl")}},
		{"mode", c.Monitor, false},
		{"on_error", c.OnErrorAllow, true},
	} {
		if !reflect.DeepEqual(check.got, check.want) {
			t.Errorf("%s: got %v, want %v", check.key, check.got, check.want)
		}
	}
}

func TestSetChangesOneKey(t *testing.T) {
	c, err := loadConfig(t, everyKey, "mode=monitor", "proxy.listen=127.0.0.1:1", "limits.hold_bytes=2GiB", "policy=[a, b]", "events=[]",
		`upstream.hosts."chatgpt.com:443"=127.0.0.1:9443`)
	if err != nil {
		t.Fatal(err)
	}
	for _, check := range []struct {
		key       string
		got, want any
	}{
		{"a word", c.Monitor, true},
		{"a list by one value", c.Listen, []string{"127.0.0.1:1"}},
		{"a size", c.Proxy.Limits.HoldBytes, int64(2 << 30)},
		{"its neighbour", c.Proxy.Limits.Connections, 7},
		{"a list replaces, relative to where one stands", c.Policy, []string{"a", "b"}},
		{"an empty list", c.Events, []string(nil)},
		{"one entry of a map", c.Proxy.Upstream.Hosts, map[string]string{"api.openai.com:443": "127.0.0.1:8443", "chatgpt.com:443": "127.0.0.1:9443"}},
	} {
		if !reflect.DeepEqual(check.got, check.want) {
			t.Errorf("%s: got %v, want %v", check.key, check.got, check.want)
		}
	}
}

func TestLastSetWins(t *testing.T) {
	c, err := loadConfig(t, "", "proxy.listen=:1", "proxy.listen=[':2', ':3']")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{":2", ":3"}; !reflect.DeepEqual(c.Listen, want) {
		t.Errorf("got %v, want %v", c.Listen, want)
	}
}

func TestMalformedSetIsWrongUsage(t *testing.T) {
	for _, s := range []string{"", "mode", "=enforce", "a..b=c", `"a=b`, `"a"b=c`} {
		if _, err := loadConfig(t, "", s); err == nil || !strings.Contains(err.Error(), "is not KEY=VALUE") {
			t.Errorf("--set %q: %v", s, err)
		}
	}
}

func TestSecretsOfTheConfigurationAreNotPrinted(t *testing.T) {
	_, err := loadConfig(t, "upstream:\n  proxy: ftp://ana:hunter2@parent\nidentity:\n  users:\n    ana: hunter2\n", "upstream.proxy=hunter2://x")
	if err == nil {
		t.Fatal("accepted")
	}
	var out strings.Builder
	(&environment{stderr: &out}).report(err)
	if strings.Contains(out.String(), "hunter2") {
		t.Errorf("the password is printed:\n%s", out.String())
	}
}

func FuzzSplitKey(f *testing.F) {
	f.Add("proxy.listen")
	f.Add(`upstream.hosts."api.openai.com:443"`)
	f.Add(`"`)
	f.Fuzz(func(t *testing.T, name string) {
		path, err := splitKey(name)
		if err == nil && len(path) == 0 {
			t.Errorf("%q has no keys and no error", name)
		}
	})
}
