package main

import (
	"slices"
	"testing"

	"daylight.internal/rules/strictyaml"
)

func written(t *testing.T, text string) *configFile {
	t.Helper()
	var f configFile
	root, d := strictyaml.Parse("daylight.yaml", []byte(text))
	if root != nil {
		d.Decode(root, &f)
	}
	if err := d.Problems.Err(); err != nil {
		t.Fatal(err)
	}
	return &f
}

func TestChangedKeysAreNamedByWhatTheyTake(t *testing.T) {
	const base = "proxy: {listen: [a:1, b:2]}\nmode: enforce\nupstream: {hosts: {'x:443': '1.2.3.4:5'}}\nevents: [{type: file, path: a}]\n"
	for _, c := range []struct {
		name, text       string
		changed, restart []string
	}{
		{"nothing", base, nil, nil},
		{"its lines only", "# moved\n\n" + base, nil, nil},
		{"what a reload applies", base + "policy: p\ntls: {intercept: none, bypass: [a.example]}\nreload: {watch: false, tests: true}\n",
			[]string{"policy", "tls.intercept", "tls.bypass", "reload.watch", "reload.tests"}, nil},
		{"a list", "proxy: {listen: [a:1, b:3]}\nmode: monitor\nupstream: {hosts: {'x:443': '1.2.3.4:5'}}\nevents: [{type: file, path: a}]\n",
			[]string{"proxy.listen", "mode"}, []string{"proxy.listen"}},
		{"a map and an entry", "proxy: {listen: [a:1, b:2]}\nmode: enforce\nupstream: {hosts: {'y:443': '1.2.3.4:5'}}\nevents: [{type: file, path: b}]\n",
			[]string{"upstream.hosts", "events"}, []string{"upstream.hosts", "events"}},
		{"keys that were not there", base + "limits: {hold_bytes: 1MiB}\nidentity: {users: {ana: x}}\ntls: {ca_cert: a}\n",
			[]string{"tls.ca_cert", "identity.users", "limits.hold_bytes"}, []string{"tls.ca_cert", "identity.users", "limits.hold_bytes"}},
	} {
		changed := changedKeys(written(t, base), written(t, c.text))
		if !slices.Equal(changed, c.changed) || !slices.Equal(needRestart(changed), c.restart) {
			t.Errorf("%s: changed %q, of which a restart takes %q; want %q and %q", c.name, changed, needRestart(changed), c.changed, c.restart)
		}
	}
}
