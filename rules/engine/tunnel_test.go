package engine_test

import (
	"testing"

	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

func TestTunnel(t *testing.T) {
	file := policyfile.File{Name: "p.yaml", Data: []byte("version: 1\napprovals:\n  - {service: deepseek, status: prohibited}\n  - {service: claude, status: prohibited, expires: 2020-01-01}\nrules:\n  - {name: no, match: {status: prohibited}, action: block}\n")}
	bypass := []string{"*.partner.example", "chat.deepseek.com", "claude.ai", "chatgpt.com"}
	for _, c := range []struct {
		name      string
		intercept engine.Interception
		monitor   bool
		host, sni string
		want      engine.TunnelDecision
	}{
		{"an AI service", "all", false, "gemini.google.com", "gemini.google.com", engine.Intercept},
		{"another host", "all", false, "shop.example", "shop.example", engine.Intercept},
		{"all is the default", "", false, "shop.example", "", engine.Intercept},
		{"a host of our bypass list", "all", false, "api.partner.example", "api.partner.example", engine.Tunnel},
		{"a host of our bypass list before its SNI is known", "all", false, "api.partner.example", "", engine.Tunnel},
		{"names in capitals", "all", false, "API.PARTNER.example.", "", engine.Tunnel},
		{"a bypassed name in front of another", "all", false, "api.partner.example", "gemini.google.com", engine.Intercept},
		{"a bypassed SNI behind another name", "all", false, "gemini.google.com", "api.partner.example", engine.Intercept},
		{"a blocked service that can be opened shows its page", "all", false, "deepseek.com", "", engine.Intercept},
		{"a blocked service on the bypass list", "all", false, "chat.deepseek.com", "chat.deepseek.com", engine.Refuse},
		{"a service on the bypass list that is not blocked", "all", false, "chatgpt.com", "", engine.Tunnel},
		{"a blocked service behind a bypassed name", "none", false, "api.partner.example", "chat.deepseek.com", engine.Refuse},
		{"a blocked service, monitored", "all", true, "chat.deepseek.com", "", engine.Tunnel},
		{"a prohibition that expired", "all", false, "claude.ai", "", engine.Tunnel},
		{"only the catalogue: an AI service", "catalogued", false, "gemini.google.com", "", engine.Intercept},
		{"only the catalogue: an AI service as SNI", "catalogued", false, "192.0.2.7", "gemini.google.com", engine.Intercept},
		{"only the catalogue: another host", "catalogued", false, "shop.example", "shop.example", engine.Tunnel},
		{"only the catalogue: our bypass list", "catalogued", false, "chatgpt.com", "", engine.Tunnel},
		{"none: an AI service", "none", false, "gemini.google.com", "", engine.Tunnel},
		{"none: a blocked service", "none", false, "chat.deepseek.com", "", engine.Refuse},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := compile(t, engine.Source{Policy: []policyfile.File{file}, Bypass: bypass, Intercept: c.intercept, Monitor: c.monitor})
			if got := s.Tunnel(noon, ana, c.host, c.sni, 443); got != c.want {
				t.Errorf("decision %v, want %v", got, c.want)
			}
		})
	}
}

func TestTheEmbeddedBypassListStaysClosed(t *testing.T) {
	s := compile(t, engine.Source{})
	if got := s.Tunnel(noon, ana, "www.irs.gov", "www.irs.gov", 443); got != engine.Tunnel {
		t.Errorf("decision %v", got)
	}
}

func TestUninspectedTrafficCanBeRefused(t *testing.T) {
	s := compile(t, engine.Source{Intercept: engine.InterceptNone, Policy: []policyfile.File{{Name: "p.yaml", Data: []byte(
		"version: 1\nrules:\n  - {name: unread, match: {coverage: not_inspected}, action: block}\n")}}})
	if got := s.Tunnel(noon, ana, "chatgpt.com", "", 443); got != engine.Refuse {
		t.Errorf("an AI service: %v", got)
	}
	if got := s.Tunnel(noon, ana, "shop.example", "", 443); got != engine.Tunnel {
		t.Errorf("another host: %v", got)
	}
}

func TestWhyATunnelStaysClosed(t *testing.T) {
	const bypassed = "api.partner.example"
	for _, c := range []struct {
		name      string
		intercept engine.Interception
		host, sni string
		want      string
	}{
		{"it does not", "all", "chatgpt.com", "chatgpt.com", ""},
		{"the configuration", "all", bypassed, bypassed, "bypass"},
		{"a bank", "all", "www.chase.com", "", "bank"},
		{"the state", "all", "www.irs.gov", "", "government"},
		{"an app that pins", "all", "ios.chat.openai.com", "ios.chat.openai.com", "pinned_app"},
		{"two names, each on the list: the last one says why", "all", "ios.chat.openai.com", "www.chase.com", "bank"},
		{"one name of two is on the list", "all", "ios.chat.openai.com", "chatgpt.com", ""},
		{"only the catalogue", "catalogued", "shop.example", "", "not_intercepted"},
		{"only the catalogue: an AI service", "catalogued", "chatgpt.com", "", ""},
		{"only the catalogue: an app that pins", "catalogued", "ios.chat.openai.com", "", "pinned_app"},
		{"nothing", "none", "chatgpt.com", "", "not_intercepted"},
		{"nothing, and an app that pins", "none", "ios.chat.openai.com", "", "pinned_app"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := compile(t, engine.Source{Bypass: []string{bypassed}, Intercept: c.intercept})
			if got := s.Unopened(c.host, c.sni, 443); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if opened := s.Tunnel(noon, ana, c.host, c.sni, 443) == engine.Intercept; opened != (c.want == "") {
				t.Errorf("Tunnel opens it: %v", opened)
			}
		})
	}
}
