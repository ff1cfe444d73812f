package engine_test

import (
	"testing"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// What a client writes where accounts are told costs no panic, never passes for an
// account of the company, and stays in bounds.
func FuzzAccount(f *testing.F) {
	f.Add("Bearer "+jwt(`{"tid":"x"}`), "a=b; lastActiveOrg=x", "access_token="+jwt(`{"upn":"a@b.example"}`), "/api/organizations/x/chat_conversations/y/completion", `{"spaceId":"x"}`)
	f.Add("AWS4-HMAC-SHA256 Credential=", ";;=;", "key=%zz", "//", `{"spaceId":["x",{}]}`)
	f.Add("Bearer a.!.c", "__Secure-next-auth.session-token.0=\"", "", "/m365Copilot/Chathub/@", "")
	s := compile(f, engine.Source{})
	f.Fuzz(func(t *testing.T, authorization, cookie, query, path, body string) {
		for _, host := range []string{"chatgpt.com", "claude.ai", "substrate.office.com", "www.notion.so", "api.openai.com", "ai.unlisted.example"} {
			r, b := post(host, path, body, func(r *engine.Request) {
				r.Query = query
				r.Header["Authorization"], r.Header["Cookie"] = []string{authorization}, []string{cookie}
			})
			p := s.Plan(r)
			if kind := p.Facts.Account.Kind; p.Facts.Service.IsAI() == (kind == "") || kind == rules.CorporateAccount {
				t.Fatalf("%s: service %q, account %q", host, p.Facts.Service.ID, kind)
			}
			if o := s.Evaluate(p, b); o.Facts.Account.Pending || o.Facts.Account.Kind == rules.CorporateAccount {
				t.Fatalf("%s: %+v", host, o.Facts.Account)
			}
		}
	})
}
