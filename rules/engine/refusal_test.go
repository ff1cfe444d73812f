package engine_test

import (
	"net/netip"
	"slices"
	"testing"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
)

func TestARefusalHasTheShapeThatItsClientUnderstands(t *testing.T) {
	header := func(pairs ...string) map[string][]string {
		h := map[string][]string{}
		for i := 0; i < len(pairs); i += 2 {
			h[pairs[i]] = []string{pairs[i+1]}
		}
		return h
	}
	for _, c := range []struct {
		name, method, query string
		header              map[string][]string
		errorShape          string // of the service; "" for no service
		want                rules.Refusal
	}{
		{"a person follows a link", "GET", "", header("Sec-Fetch-Mode", "navigate"), "openai", rules.RefusedPage},
		{"the app of a service that has its own errors", "POST", "", header("Content-Type", "application/json"), "openai", rules.RefusedOpenAI},
		{"another", "POST", "", nil, "anthropic", rules.RefusedAnthropic},
		{"a third", "POST", "", nil, "google", rules.RefusedGoogle},
		{"a service of which nothing is known", "POST", "", nil, "plain", rules.RefusedJSON},
		{"a destination on no list", "POST", "", nil, "", rules.RefusedJSON},
		{"gRPC, whatever the service", "POST", "", header("Content-Type", "application/grpc+proto"), "openai", rules.RefusedGRPC},
		{"gRPC-web", "POST", "", header("Content-Type", "application/grpc-web"), "", rules.RefusedGRPCWeb},
		{"gRPC-web as text", "POST", "", header("Content-Type", "application/grpc-web-text"), "", rules.RefusedGRPCText},
		{"a stream of Connect", "POST", "", header("Content-Type", "application/connect+json"), "", rules.RefusedStream},
		{"a call of Connect", "POST", "", header("Content-Type", "application/json", "Connect-Protocol-Version", "1"), "", rules.RefusedConnect},
		{"a call of Connect by GET", "GET", "connect=v1&message=x", nil, "", rules.RefusedConnect},
		{"a preflight of a call", "OPTIONS", "", header("Origin", "https://a.example", "Access-Control-Request-Method", "POST"), "openai", rules.RefusedPreflight},
		{"OPTIONS that is no preflight", "OPTIONS", "", nil, "openai", rules.RefusedOpenAI},
		{"a tunnel", "CONNECT", "", nil, "openai", rules.RefusedTunnel},
	} {
		t.Run(c.name, func(t *testing.T) {
			var service *catalog.Service
			if c.errorShape != "" {
				service = &catalog.Service{ErrorShape: c.errorShape}
			}
			got := engine.RefusalOf(c.method, c.query, c.header, service)
			if got != c.want || !slices.Contains(rules.Refusals(), string(got)) {
				t.Errorf("%s", got)
			}
		})
	}
}

func TestAMemberOfAGroupIsInIt(t *testing.T) {
	s := policy(t, "groups:", "  marketing: {networks: [10.20.0.0/16], users: [\"*@marketing.example\"]}", "  office: {networks: [\"2001:db8::/48\"]}",
		"  one: {networks: [192.0.2.255/32]}", "  sales: {users: [\"*.sales@*\"]}", "rules:", "  - {name: a, match: {}, action: log}")
	for group, want := range map[string]rules.Client{
		"marketing": {Address: netip.MustParseAddr("10.20.0.1"), User: "somebody@marketing.example"},
		"office":    {Address: netip.MustParseAddr("2001:db8::1")},
		"one":       {Address: netip.MustParseAddr("192.0.2.255")},
		"sales":     {User: "somebody.sales@somebody"},
	} {
		got, ok := s.Member(group)
		r, b := post("chatgpt.com", chatPath, chatgpt("hello"), func(r *engine.Request) { r.Client = got })
		_, o := evaluate(s, r, b)
		if !ok || got != want || !slices.Equal(o.Verdict.Groups, []string{group}) {
			t.Errorf("%s: %+v, judged as %v", group, got, o.Verdict.Groups)
		}
	}
	if c, ok := s.Member("nobody"); ok || c != (rules.Client{}) {
		t.Errorf("a group that is not there has the member %+v", c)
	}
}

func TestAnAccountThatIsKnownIsNotReadFromTheRequest(t *testing.T) {
	s := policy(t, "rules:", "  - {name: a, match: {account: anonymous, plan: free}, action: block}")
	r, b := post("chatgpt.com", chatPath, chatgpt("hello"))
	if _, o := evaluate(s, r, b); o.Facts.Account.Kind == rules.PrivateAccount {
		t.Fatalf("the request alone tells %+v", o.Facts.Account)
	}
	r.Account = &rules.Account{Kind: rules.PrivateAccount, Plan: "team"}
	if _, o := evaluate(s, r, b); o.Facts.Account != *r.Account {
		t.Errorf("account %+v", o.Facts.Account)
	}
	r.Account = &rules.Account{Kind: rules.AnonymousAccount, Plan: "free"}
	if _, o := evaluate(s, r, b); !o.Verdict.Stops() {
		t.Errorf("verdict %+v", o.Verdict)
	}
	account := r.Account
	r, b = post("shop.example", "/cart", `{"item":7}`)
	r.Account = account
	if _, o := evaluate(s, r, b); o.Facts.Account != (rules.Account{}) {
		t.Errorf("what is no AI has the account %+v", o.Facts.Account)
	}
}
