package catalog_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

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
		{"a.*.example", "a..example", false},
		{"a.*.*.example", "a.b.c.example", true},
		{"a.*.*.example", "a.b.example", false},
		{"a*.*b.example", "ab.example", false},
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
	for _, text := range []string{"", "v1/chat", "/[a", "/a]", "/(a|b", "/{}", "/{a b}", "/{a", "/a|b", "/a?b=c", "/a b", "/" + strings.Repeat("x", 600), "/[[[[[a]]]]]", strings.Repeat("/*", 17), strings.Repeat("/(a|b)", 8)} {
		if p, err := catalog.ParsePathPattern(text); err == nil {
			t.Errorf("%q was read as %v", text, p)
		}
	}
}

// letters has a letter for each byte: patterns are of bytes, regular expressions are not.
func letters(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// expression is a pattern as a regular expression of letters, which is slower, and right.
func expression(pattern string) *regexp.Regexp {
	words := regexp.MustCompile(`\{\w+\}|\*|[\[\](|)]|[^{*\[\](|)]+`)
	return regexp.MustCompile(`\A(?s:` + words.ReplaceAllStringFunc(letters(pattern), func(w string) string {
		switch w[0] {
		case '{':
			return `[^/]+`
		case '*':
			return `.*`
		case '[', '(':
			return `(?:`
		case ']':
			return `)?`
		case ')', '|':
			return w
		default:
			return regexp.QuoteMeta(w)
		}
	}) + `)\z`)
}

// expects tells whether a path must fit, and whether it may: one without final
// slashes does where the pattern has them.
func expects(e *regexp.Regexp, path string) (must, may bool) {
	path = letters(path)
	bare := strings.TrimSuffix(path, "/")
	must = e.MatchString(path) || e.MatchString(bare)
	return must, must || e.MatchString(bare+"/") || e.MatchString(bare+"//")
}

func FuzzPathPattern(f *testing.F) {
	f.Add("/a/{id}[/b]:(c|d)*", "/a/1/b:c/x")
	f.Add("[/u/{n}]/x", "/u/2/x")
	f.Add("/(((a|b)))", "/a")
	f.Add("/\xff*", "/\xff")
	f.Add("/{a}-{b}/{c}.json", "/1-2-3/x.y.json")
	f.Add("*/x/*y{a}z", "/1/x/x/yyzz")
	f.Add("/a*{b}{c}/d*", "/abc/de/f/d")
	f.Add("/(a/|b)[/]", "/a")
	f.Add("*{0}{0}", "\u030f") // a letter of two bytes
	f.Fuzz(func(t *testing.T, pattern, path string) {
		p, err := catalog.ParsePathPattern(pattern)
		if err != nil || !utf8.ValidString(pattern) || strings.Contains(path, "//") || strings.Contains(pattern, "//") {
			return
		}
		must, may := expects(expression(pattern), path)
		if got := p.Matches(path); got != must && got != may {
			t.Errorf("%q matches %q: %v", pattern, path, got)
		}
	})
}

func TestPathPatternsMatchWhatTheirExpressionsDo(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(from []string, n int) string {
		var b strings.Builder
		for range random.IntN(n) {
			b.WriteString(from[random.IntN(len(from))])
		}
		return b.String()
	}
	matched := 0
	for range 3000 {
		pattern := "/" + pick([]string{"a", "b", "/a", "/", "{x}", "{y}", "*", "[a]", "[/b]", "(a|/b{x})", "[{x}*]"}, 9)
		p, err := catalog.ParsePathPattern(pattern)
		if err != nil || strings.Contains(pattern, "//") {
			continue
		}
		e := expression(pattern)
		for range 20 {
			path := strings.ReplaceAll("/"+pick([]string{"a", "b", "c", "/"}, 12), "//", "/")
			if strings.Contains(path, "//") {
				continue
			}
			must, may := expects(e, path)
			got := p.Matches(path)
			if got != must && got != may {
				t.Fatalf("%q matches %q: %v", pattern, path, got)
			}
			if got {
				matched++
			}
		}
	}
	if matched < 1000 {
		t.Errorf("only %d paths matched: the test says little", matched)
	}
}

func TestPathsThatFillAPatternInManyWaysTakeLittleTime(t *testing.T) {
	path := "/" + strings.Repeat("ab", 1<<15)
	for _, pattern := range []string{"*a{x}b{y}a*c", "/{a}a{b}a{c}a{d}c", "*a*b*a*b*c", strings.Repeat("*{x}", 8) + "c"} {
		p, err := catalog.ParsePathPattern(pattern)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if p.Matches(path) {
			t.Errorf("%s matches", pattern)
		}
		if took := time.Since(start); took > 5*time.Second { // it is some milliseconds; the square of the length would be minutes
			t.Errorf("%s took %v", pattern, took)
		}
	}
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

func TestEveryCapitalOfAHostIsMadeSmall(t *testing.T) {
	for at := range 20 {
		for c := range 256 {
			host := strings.Repeat("a", at) + string([]byte{byte(c)}) + strings.Repeat("-", 19-at)
			if got, want := catalog.NormalizeHost(host), strings.ToLower(host); got != want && c != '[' && !(c == '.' && at == 19) {
				t.Fatalf("%q becomes %q", host, got)
			}
		}
	}
}
