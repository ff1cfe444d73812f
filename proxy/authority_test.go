package proxy

import (
	"strings"
	"testing"
)

func TestAuthorities(t *testing.T) {
	tests := []struct {
		text     string
		standard uint16
		host     string
		port     uint16
	}{
		{"ai.example:443", 0, "ai.example", 443},
		{"AI.Example.:443", 0, "ai.example", 443},
		{"ai.example", 443, "ai.example", 443},
		{"ai.example:", 443, "ai.example", 443},
		{"ai.example", 0, "", 0},
		{"ai.example:", 0, "", 0},
		{"[::1]:443", 0, "::1", 443},
		{"[0:0::1]", 443, "::1", 443},
		{"[::ffff:10.0.0.1]:1", 0, "10.0.0.1", 1},
		{"[::1", 443, "", 0},
		{"[localhost]:443", 443, "", 0},
		{"[127.0.0.1]", 443, "", 0},
		{"[]", 443, "", 0},
		{"[::.]:443", 443, "", 0},
		{"a:b:c", 443, "", 0},
		{"u@ai.example:443", 0, "", 0},
		{"ai.example:0", 443, "", 0},
		{"ai.example:65536", 443, "", 0},
		{"ai.example:-1", 443, "", 0},
		{"ai.example:+1", 443, "", 0},
		{"", 443, "", 0},
		{"[fe80::1%eth0]:443", 0, "", 0},
		{":443", 443, "", 0},
		{".", 443, "", 0},
		{"a..b", 443, "", 0},
		{"a b", 443, "", 0},
		{"a/b", 443, "", 0},
		{"münchen.example", 443, "", 0},
		{"xn--mnchen-3ya.example", 443, "xn--mnchen-3ya.example", 443},
		{"under_score.example", 443, "under_score.example", 443},
		{"127.1", 80, "", 0},
		{"127.0.0.01", 80, "", 0},
		{"0177.0.0.1", 80, "", 0},
		{"0x7f.0.0.1", 80, "", 0},
		{"127.0.0.0x1", 80, "", 0},
		{"0X7F000001", 80, "", 0},
		{"0x", 80, "", 0},
		{"2130706433", 80, "", 0},
		{"017700000001.", 80, "", 0},
		{"1.example", 80, "1.example", 80},
		{"4chan", 80, "4chan", 80},
		{"0xcafe.example", 80, "0xcafe.example", 80},
		{strings.Repeat("a", 64) + ".example", 443, "", 0},
	}
	for _, test := range tests {
		host, port, err := splitAuthority(test.text, test.standard)
		if host != test.host || port != test.port || (err == nil) != (test.host != "") {
			t.Errorf("%q: %q %d %v, want %q %d", test.text, host, port, err, test.host, test.port)
		}
	}
}

func FuzzAuthority(f *testing.F) {
	for _, seed := range []string{"ai.example:443", "[::1]:80", "::1", "a:b:c", "x:", "[]:1", "1.2.3.4:65535", "[fe80::1%25eth0]:80", "::%]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		host, port, err := splitAuthority(s, 443)
		if err != nil {
			return
		}
		// What was read is written and read again as the same.
		again, samePort, err := splitAuthority(joinAuthority(host, port), 0)
		if err != nil || again != host || samePort != port {
			t.Errorf("%q: %q %d, then %q %d %v", s, host, port, again, samePort, err)
		}
	})
}
