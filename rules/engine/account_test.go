package engine_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

const (
	acmeWorkspace = "0b3c9d44-6c1f-4f0e-9a59-7f6f0c3d2a11"
	ownWorkspace  = "77aa9d44-6c1f-4f0e-9a59-7f6f0c3d2a99"
)

// accountPolicy names the accounts of a company.
const accountPolicy = `version: 1
accounts:
  - {service: chatgpt, tenant: ` + acmeWorkspace + `, domain: acme.example, name: Acme workspace}
  - {service: claude, tenant: ` + acmeWorkspace + `}
  - {service: microsoft-365-copilot, tenant: ACME-TENANT}
  - {service: notion-ai, tenant: acme-space, name: Acme notes}
  - {service: azure-openai, tenant: acme-openai}
  - {service: openai-api, tenant: org-agency, kind: private, name: the agency}
  - {service: gemini, domain: acme.example}
rules:
  - {name: private accounts stay out, match: {account: [private, anonymous]}, action: block}
  - {name: free plans stay out, match: {plan: free}, action: block}
`

func accounts(t *testing.T) *engine.Snapshot {
	t.Helper()
	return compile(t, engine.Source{
		Policy:  []policyfile.File{{Name: "p.yaml", Data: []byte(accountPolicy)}},
		Scanner: classifier.Options{Key: []byte("key of the test")},
	})
}

// jwt is a token that nobody signed.
func jwt(payload string) string {
	return "eyJhbGciOiJSUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2lnbmF0dXJl"
}

func openAIToken(account, mail, plan string) string {
	return "Bearer " + jwt(fmt.Sprintf(`{"https://api.openai.com/auth":{"chatgpt_account_id":%q,"chatgpt_plan_type":%q},"https://api.openai.com/profile":{"email":%q}}`, account, plan, mail))
}

func TestWhoseAccountARequestUses(t *testing.T) {
	const claudePath = "/api/organizations/%s/chat_conversations/5f3e/completion"
	s := accounts(t)
	for _, c := range []struct {
		name, host, path, query string
		header                  []string // name: value
		body                    string
		want                    string // kind, name, plan
	}{
		{"the workspace that the policy names", "chatgpt.com", chatPath, "", []string{"Chatgpt-Account-Id: " + acmeWorkspace}, "{}", "corporate/Acme workspace/"},
		{"in capitals", "chatgpt.com", chatPath, "", []string{"Chatgpt-Account-Id: " + strings.ToUpper(acmeWorkspace)}, "{}", "corporate/Acme workspace/"},
		{"another workspace", "chatgpt.com", chatPath, "", []string{"Chatgpt-Account-Id: " + ownWorkspace}, "{}", "private//"},
		{"two workspaces at once", "chatgpt.com", chatPath, "", []string{"Chatgpt-Account-Id: " + acmeWorkspace, "Chatgpt-Account-Id: " + ownWorkspace}, "{}", "private//"},
		{"signed in without a workspace", "chatgpt.com", chatPath, "", []string{"Cookie: a=b; __Secure-next-auth.session-token.0=x"}, "{}", "private//"},
		{"nobody", "chatgpt.com", chatPath, "", []string{"Cookie: oai-did=1"}, "{}", "anonymous//"},
		{"nobody, who claims a workspace", "chatgpt.com", "/backend-anon/f/conversation", "", []string{"Chatgpt-Account-Id: " + acmeWorkspace}, "{}", "anonymous//"},
		{"the workspace in the token", "chatgpt.com", chatPath, "", []string{"Authorization: " + openAIToken(acmeWorkspace, "x@home.example", "team")}, "{}", "corporate/Acme workspace/team"},
		{"an address of the company in the token", "chatgpt.com", chatPath, "", []string{"Authorization: " + openAIToken(ownWorkspace, "Ana@ACME.example", "enterprise")}, "{}", "corporate/Acme workspace/enterprise"},
		{"an address elsewhere", "chatgpt.com", chatPath, "", []string{"Authorization: " + openAIToken(ownWorkspace, "ana@acme.example.org", "plus")}, "{}", "private//personal"},
		{"a token that is none", "chatgpt.com", chatPath, "", []string{"Authorization: Bearer a.!.c"}, "{}", "private//"},
		{"the path tells before a cookie", "claude.ai", fmt.Sprintf(claudePath, ownWorkspace), "", []string{"Cookie: lastActiveOrg=" + acmeWorkspace}, "{}", "private//"},
		{"the organisation in the path", "claude.ai", fmt.Sprintf(claudePath, acmeWorkspace), "", nil, "{}", "corporate//"},
		{"a tenant in the path of a WebSocket", "substrate.office.com", "/m365Copilot/Chathub/user-1@acme-tenant", "", []string{"Upgrade: websocket"}, "", "corporate//"},
		{"the first label of the host", "acme-openai.openai.azure.com", "/openai/deployments/gpt/chat/completions", "", []string{"Api-Key: 0123"}, "{}", "corporate//"},
		{"another resource, with a key", "own.openai.azure.com", "/openai/deployments/gpt/chat/completions", "", []string{"Api-Key: 0123"}, "{}", "api_key//"},
		{"a member of the body", "www.notion.so", "/api/v3/runInferenceTranscript", "", []string{"Cookie: token_v2=x"}, `{"spaceId":"acme-space"}`, "corporate/Acme notes/"},
		{"another member of the body", "www.notion.so", "/api/v3/runInferenceTranscript", "", []string{"Cookie: token_v2=x"}, `{"spaceId":"own"}`, "private//"},
		{"a key", "api.openai.com", "/v1/chat/completions", "", []string{"Authorization: Bearer sk-proj-1"}, "{}", "api_key//"},
		{"a key of an organisation that is named private", "api.openai.com", "/v1/chat/completions", "", []string{"Authorization: Bearer sk-proj-1", "Openai-Organization: org-agency"}, "{}", "private/the agency/"},
		{"a key in the query", "generativelanguage.googleapis.com", "/v1beta/models/gemini:generateContent", "key=AIza1", nil, "{}", "api_key//"},
		{"a program signed in by a person", "api.anthropic.com", "/v1/messages", "", []string{"Authorization: Bearer sk-ant-oat01-x"}, "{}", "private//"},
		{"an API without a key", "api.openai.com", "/v1/chat/completions", "", nil, "{}", "unknown//"},
		{"a service that never tells the tenant, of which the policy names one", "gemini.google.com", "/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate", "", []string{"Cookie: __Secure-1PSID=x"}, "{}", "unknown//"},
		{"a service that is always used without an account", "duckduckgo.com", "/duckchat/v1/chat", "", []string{"Cookie: x=y"}, "{}", "anonymous//"},
		{"the plan of a host", "api.business.githubcopilot.com", "/chat/completions", "", []string{"Authorization: Bearer tid=1"}, "{}", "private//business"},
		{"the plan of a token", "api.githubcopilot.com", "/chat/completions", "", []string{"Authorization: Bearer tid=1;exp=2;sku=free_limited_copilot;st=x"}, "{}", "private//free"},
		{"the plan of a key", "api.deepl.com", "/v2/translate", "", []string{"Authorization: DeepL-Auth-Key 1:fx"}, "{}", "api_key//api"},
		{"a host for files, without any session", "files.oaiusercontent.com", "/file-1", "sig=x", nil, "{}", "unknown//"},
		{"a vendor's key to a host on no list", "ai.unlisted.example", "/v1/chat/completions", "", []string{"Authorization: Bearer sk-ant-api03-x"}, `{"model":"m","messages":[{"role":"user","content":"hi"}]}`, "api_key//"},
		{"traffic that is not AI", "intranet.example", "/", "", []string{"Authorization: Bearer x"}, "{}", "//"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, b := post(c.host, c.path, c.body)
			r.Query = c.query
			for _, line := range c.header {
				name, value, _ := strings.Cut(line, ": ")
				r.Header[name] = append(r.Header[name], value)
			}
			p, o := evaluate(s, r, b)
			a := o.Facts.Account
			if got := fmt.Sprintf("%s/%s/%s", a.Kind, a.Name, a.Plan); got != c.want {
				t.Errorf("got %q, want %q (service %q, plan %+v)", got, c.want, o.Facts.Service.ID, p.Facts.Account)
			}
			private := a.Kind == rules.PrivateAccount || a.Kind == rules.AnonymousAccount || a.Plan == "free"
			if (o.Verdict.Action == rules.Block) != private {
				t.Errorf("verdict %+v", o.Verdict)
			}
		})
	}
}

func TestWhatIsFetchedWithoutASessionIsNotAnonymous(t *testing.T) {
	for name, change := range map[string]func(*engine.Request){
		"a preflight":                  func(r *engine.Request) { r.Method = "OPTIONS" },
		"a picture":                    func(r *engine.Request) { r.Method, r.Path, r.Length = "GET", "/favicon.ico", 0 },
		"the bytes of an upload":       func(r *engine.Request) { r.Upload = &engine.Upload{Service: "chatgpt"} },
		"a request in a WebSocket URL": func(r *engine.Request) { r.Header["Upgrade"] = []string{"websocket"}; r.Method, r.Path = "GET", "/x" },
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := post("chatgpt.com", chatPath, "{}", change)
			if p := accounts(t).Plan(r); p.Facts.Account.Kind == rules.AnonymousAccount {
				t.Errorf("%+v", p.Facts.Account)
			}
		})
	}
}

func TestAMarkerInTheBodyDecidesBeforeTheBodyGoes(t *testing.T) {
	s := accounts(t)
	r, b := post("www.notion.so", "/api/v3/runInferenceTranscript", `{"spaceId":"own"}`)
	p := s.Plan(r)
	if p.Need != rules.Hold || !p.Facts.Account.Pending {
		t.Errorf("need %v, account %+v", p.Need, p.Facts.Account)
	}
	if o := s.Evaluate(p, b); !o.Verdict.Stops() || o.Verdict.Monitor || o.Facts.Account.Pending {
		t.Errorf("verdict %+v, account %+v", o.Verdict, o.Facts.Account)
	}
	r, _ = post("chatgpt.com", chatPath, "{}", func(r *engine.Request) { r.Header["Cookie"] = []string{"__Secure-next-auth.session-token=x"} })
	if p := s.Plan(r); !p.Final || !p.Verdict.Stops() {
		t.Errorf("a head that tells all: need %v, verdict %+v", p.Need, p.Verdict)
	}
}

func TestAnUploadIsOfTheAccountThatOpenedIt(t *testing.T) {
	s := accounts(t)
	r, b := post("chatgpt.com", "/backend-api/files", `{"file_name":"crm.csv","file_size":3}`, func(r *engine.Request) {
		r.Header["Chatgpt-Account-Id"] = []string{acmeWorkspace}
	})
	p := s.Plan(r)
	found := s.Announced(p, b, 200, map[string][]string{"Content-Type": {"application/json"}},
		[]byte(`{"status":"success","upload_url":"https://files.oaiusercontent.com/file-1?sig=abc&se=2026"}`))
	if len(found) != 1 {
		t.Fatalf("%+v", found)
	}
	put, _ := post("files.oaiusercontent.com", "/file-1", "a,b", func(r *engine.Request) { r.Method, r.Upload = "PUT", &found[0].Upload })
	if a := s.Plan(put).Facts.Account; a.Kind != rules.CorporateAccount || a.Name != "Acme workspace" {
		t.Errorf("%+v", a)
	}
}

func TestFingerprintsTellAccountsApartAndNothingElse(t *testing.T) {
	s := accounts(t)
	of := func(host, path, name, value string) uint64 {
		r, _ := post(host, path, "{}", func(r *engine.Request) { r.Header[name] = []string{value} })
		return s.Plan(r).Facts.Account.Fingerprint
	}
	openAI := func(value string) uint64 { return of("api.openai.com", "/v1/responses", "Authorization", value) }
	bedrock := func(value string) uint64 {
		return of("bedrock-runtime.us-east-1.amazonaws.com", "/model/m/converse", "Authorization", value)
	}
	for name, same := range map[string]bool{
		"the same key":                   openAI("Bearer sk-1") == openAI("Bearer  sk-1"),
		"another signature of one key":   bedrock("AWS4-HMAC-SHA256 Credential=AKIA1/20261122/us-east-1/bedrock/aws4_request, Signature=1") == bedrock("AWS4-HMAC-SHA256 Credential=AKIA1/20261123/us-east-1/bedrock/aws4_request, Signature=2"),
		"a workspace in capitals":        of("chatgpt.com", chatPath, "Chatgpt-Account-Id", "aa-1") == of("chatgpt.com", chatPath, "Chatgpt-Account-Id", "AA-1"),
		"nobody":                         of("chatgpt.com", chatPath, "Cookie", "x=1") == 0,
		"another key has another one":    openAI("Bearer sk-1") != openAI("Bearer sk-2"),
		"it is not the same for another": openAI("Bearer sk-1") != of("api.mistral.ai", "/v1/chat/completions", "Authorization", "Bearer sk-1"),
	} {
		if !same {
			t.Error(name)
		}
	}
	if openAI("Bearer sk-1") == 0 {
		t.Error("no fingerprint")
	}
}

// What finding the account costs, of a request whose token holds it and of one with a cookie.
func BenchmarkAccount(b *testing.B) {
	s := policy(b, "rules: []")
	for name, header := range map[string][2]string{
		"token":  {"Authorization", openAIToken(ownWorkspace, "ana@acme.example", "team")},
		"cookie": {"Cookie", strings.Repeat("name=0123456789abcdef; ", 20) + "__Secure-next-auth.session-token=x"},
	} {
		b.Run(name, func(b *testing.B) {
			r, _ := post("chatgpt.com", chatPath, "{}", func(r *engine.Request) { r.Header[header[0]] = []string{header[1]} })
			b.ReportAllocs()
			for b.Loop() {
				s.Plan(r)
			}
		})
	}
}
