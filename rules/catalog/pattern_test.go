package catalog_test

import (
	"strings"
	"testing"

	"daylight.internal/rules/catalog"
)

func TestHostPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, host string
		want          bool
	}{
		{"chatgpt.com", "chatgpt.com", true},
		{"chatgpt.com", "ChatGPT.com.", true},
		{"chatgpt.com", "x.chatgpt.com", false},
		{"*.chatgpt.com", "chatgpt.com", false},
		{"*.chatgpt.com", "a.b.chatgpt.com", true},
		{"*.chatgpt.com", "notchatgpt.com", false},
		{"*.chatgpt.com", ".chatgpt.com", false},
		{"bedrock-runtime.*.amazonaws.com", "bedrock-runtime.eu-west-1.amazonaws.com", true},
		{"bedrock-runtime.*.amazonaws.com", "bedrock-runtime.a.b.amazonaws.com", false},
		{"bedrock-runtime.*.amazonaws.com", "bedrock-runtime.amazonaws.com", false},
		{"*-aiplatform.googleapis.com", "us-central1-aiplatform.googleapis.com", true},
		{"*-aiplatform.googleapis.com", "aiplatform.googleapis.com", false},
		{"*-aiplatform.googleapis.com", "x.y-aiplatform.googleapis.com", false},
		{"q-oss-*.aliyuncs.com", "q-oss-.aliyuncs.com", true},
		{"münchen.example", "xn--mnchen-3ya.example", true},
		{"10.0.0.1", "10.0.0.1", true},
		{"[::1]:11434", "::1", true},
		{"::1", "[::1]", true},
	} {
		p, err := catalog.ParseHostPattern(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if got := p.Matches(c.host); got != c.want {
			t.Errorf("%s matches %q: %v", c.pattern, c.host, got)
		}
	}
}

func TestAPortOfAPatternMustFit(t *testing.T) {
	p, err := catalog.ParseHostPattern("ai.example:8443")
	if err != nil || !p.MatchesPort("ai.example", 8443) || p.MatchesPort("ai.example", 443) || p.MatchesPort("ai.example", 0) {
		t.Errorf("%v %v", p, err)
	}
	if p.String() != "ai.example:8443" {
		t.Errorf("written as %s", p)
	}
}

func TestHostPatternsThatAreRefused(t *testing.T) {
	for _, text := range []string{"", "*", "https://a.example", "a.example/x", "a b", "a..b", "a.*", "a.example:0", "a.example:http", "ä ö", "a.example:99999", "*.", "-$.example", strings.Repeat("a", 64) + ".example"} {
		if p, err := catalog.ParseHostPattern(text); err == nil {
			t.Errorf("%q was read as %v", text, p)
		}
	}
}

func TestPathPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"/v1/chat", "/v1/chat", true},
		{"/v1/chat", "/v1/chat/", true},
		{"/v1/chat/", "/v1/chat", true},
		{"/v1/chat", "/v1/chats", false},
		{"/v1/chat", "/v1/chat/x", false},
		{"/v1/chat", "/V1/chat", false},
		{"/", "/", true},
		{"/", "", true},
		{"/", "/x", false},
		{"/a/{id}/b", "/a/1-2/b", true},
		{"/a/{id}/b", "/a/1/2/b", false},
		{"/a/{id}/b", "/a//b", false},
		{"/models/{m}:generate", "/models/gemini-2.5:generate", true},
		{"/models/{m}:(generate|stream)", "/models/x:stream", true},
		{"/models/{m}:(generate|stream)", "/models/x:embed", false},
		{"[/u/{n}]/x", "/x", true},
		{"[/u/{n}]/x", "/u/2/x", true},
		{"[/u/{n}]/x", "/u//x", false},
		{"/model/*/converse", "/model/arn:aws/eu.claude/converse", true},
		{"*", "/anything", true},
		{"/a.b", "/aXb", false},
		{"/f[/g[/h]]", "/f/g/h", true},
		{"/f[/g[/h]]", "/f/h", false},
		{"/名/{x}", "/名/a", true},
	} {
		p, err := catalog.ParsePathPattern(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if got := p.Matches(c.path); got != c.want {
			t.Errorf("%s matches %q: %v", c.pattern, c.path, got)
		}
	}
}

func TestPathPatternsThatAreRefused(t *testing.T) {
	for _, text := range []string{"", "v1/chat", "/[a", "/a]", "/(a|b", "/{}", "/{a b}", "/{a", "/a|b", "/a?b=c", "/a b", "/" + strings.Repeat("x", 600), "/[[[[[a]]]]]", strings.Repeat("/*", 17)} {
		if p, err := catalog.ParsePathPattern(text); err == nil {
			t.Errorf("%q was read as %v", text, p)
		}
	}
}

func FuzzPathPattern(f *testing.F) {
	f.Add("/a/{id}[/b]:(c|d)*", "/a/1/b:c/x")
	f.Add("[/u/{n}]/x", "/u/2/x")
	f.Add("/(((a|b)))", "/a")
	f.Add("/\xff*", "/\xff")
	f.Fuzz(func(t *testing.T, pattern, path string) {
		p, err := catalog.ParsePathPattern(pattern)
		if err != nil {
			return
		}
		p.Matches(path)
		if !strings.ContainsAny(pattern, "{}[]()*|") && !p.Matches(pattern) {
			t.Errorf("%q does not match itself", pattern)
		}
	})
}

func FuzzHostPattern(f *testing.F) {
	for _, s := range []string{"*.a.example", "a.*.example:80", "[::1]:443", "münchen.example", "*:1"} {
		f.Add(s, "x.a.example")
	}
	f.Fuzz(func(t *testing.T, pattern, host string) {
		p, err := catalog.ParseHostPattern(pattern)
		if err != nil {
			return
		}
		p.Matches(host)
		again, err := catalog.ParseHostPattern(p.String())
		if err != nil || again != p {
			t.Errorf("%q is written %q and reads as %q, %v", pattern, p, again, err)
		}
	})
}
