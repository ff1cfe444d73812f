package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// The key of one client proves what a host is; it makes no key of what another one sends there.
func TestAnAccountIsOnlyThatOfTheRequest(t *testing.T) {
	s := policy(t, "rules:", "  - {name: keys, match: {account: api_key}, action: block}")
	proved, b := post("copy.startup.example", "/v3/go", completion("hello"), func(r *engine.Request) { r.Header["Authorization"] = []string{"Bearer sk-ant-api03-x"} })
	if p, _ := evaluate(s, proved, b); p.Facts.Account.Kind != rules.KeyAccount {
		t.Fatalf("with the key of a vendor: %+v", p.Facts.Account)
	}
	head := proved.Discovery()
	next, b := post("copy.startup.example", "/v3/go", `{"q":"hello"}`, func(r *engine.Request) { r.Header["Authorization"] = []string{"Bearer session-of-somebody"} })
	x := s.Discovery().Exchange(&head)
	next.Earlier.Add(x.Evidence())
	p, o := evaluate(s, next, b)
	if p.Facts.Service.ID != rules.Suspected || p.Facts.Account.Kind != rules.UnknownAccount || o.Facts.Account.Kind != rules.UnknownAccount || o.Verdict.Stops() {
		t.Errorf("service %+v, accounts %+v and %+v, verdict %+v", p.Facts.Service, p.Facts.Account, o.Facts.Account, o.Verdict)
	}
}

func TestManyTenantsHideNoOther(t *testing.T) {
	s := accounts(t)
	for _, headers := range [][]string{
		slices.Concat(slices.Repeat([]string{acmeWorkspace}, 12), []string{ownWorkspace}),
		slices.Concat([]string{ownWorkspace}, slices.Repeat([]string{acmeWorkspace}, 12)),
	} {
		r, b := post("chatgpt.com", chatPath, "{}")
		r.Header["Chatgpt-Account-Id"] = headers
		if p, o := evaluate(s, r, b); p.Facts.Account.Kind != rules.PrivateAccount || !o.Verdict.Stops() {
			t.Errorf("header %q: %+v, verdict %+v", headers, p.Facts.Account, o.Verdict)
		}
	}
	r, b := post("claude.ai", "/api/bootstrap", "{}")
	r.Header["Cookie"] = []string{strings.Repeat("lastActiveOrg="+acmeWorkspace+"; ", 12) + "lastActiveOrg=" + ownWorkspace}
	if p, _ := evaluate(s, r, b); p.Facts.Account.Kind != rules.PrivateAccount {
		t.Errorf("cookies: %+v", p.Facts.Account)
	}
	var spaces strings.Builder
	for i := range 12 {
		fmt.Fprintf(&spaces, `"spaceId":"acme-space","x%d":0,`, i)
	}
	r, b = post("www.notion.so", "/api/v3/runInferenceTranscript", "{"+spaces.String()+`"spaceId":"own"}`)
	r.Header["Cookie"] = []string{"token_v2=x"}
	if _, o := evaluate(s, r, b); o.Facts.Account.Kind != rules.PrivateAccount {
		t.Errorf("members of the body: %+v", o.Facts.Account)
	}
}
