package catalog_test

import (
	"strings"
	"testing"
)

func TestTemplateKeepsOnlyKnownWords(t *testing.T) {
	c := embedded(t)
	for path, want := range map[string]string{
		"/api/v1/users/42":                        "/api/v1/users/{id}",
		"/files/2026/Kundenliste Müller.xlsx":     "/files/{id}/{id}",
		"/users/ana@corp.example/profile":         "/users/{id}/profile",
		"/c/0b3c9d44-6c1f-4f0e-9a59-7f6f0c3d2a11": "/c/{id}",
		"/u/max-mustermann/settings":              "/u/{id}/settings",
		"/api/user_profile.json":                  "/api/user_profile.json",
		"/t/sk-proj-AbCdEf012345":                 "/t/{id}",
		"/v12345/x":                               "/{id}/{id}",
		"/":                                       "/",
		"":                                        "",
		"/wp-content/4111111111111111":            "/{id}/{id}",
		strings.Repeat("/api", 40):                strings.Repeat("/api", 11) + "/…",
		"/_/BardChatUi/data/batchexecute":         "/_/BardChatUi/data/batchexecute",
		"/search/张伟的电话":                           "/search/{id}",
		"/a//b/":                                  "/a//{id}/",
		"/api/" + strings.Repeat("secret", 1000) + "/messages": "/api/{id}/messages",
	} {
		if got := c.Template(path); got != want {
			t.Errorf("%.80q: got %q, want %q", path, got, want)
		}
	}
}

func TestTemplateOfAnOperationIsItsPattern(t *testing.T) {
	c := embedded(t)
	for raw, want := range map[string]string{
		"https://claude.ai/api/organizations/0b3c/chat_conversations/5f3e/completion":                                 "/api/organizations/{org}/chat_conversations/{conversation}/completion",
		"https://generativelanguage.googleapis.com/v1beta/models/my-secret-model:generateContent":                     "/v1beta/models/{model}:generateContent",
		"https://gemini.google.com/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate":              "/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate",
		"https://gemini.google.com/u/3/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate":          "/u/{account}/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate",
		"https://bedrock-runtime.us-east-1.amazonaws.com/model/arn:aws:bedrock:us-east-1:123456789012:x/y-1/converse": "/model/{id}/{id}/converse",
		"https://chatgpt.com/backend-api/max-mustermann":                                                              "/backend-api/{id}",
	} {
		q := query(t, "POST", raw, nil)
		m, ok := c.Match(q)
		if got := m.Template(q.Path); !ok || got != want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	c := embedded(f)
	f.Add("chatgpt.com", "/backend-api/f/conversation", "q=1")
	f.Add("gemini.google.com", "/u/1/_/x", "q=%zz&&=")
	f.Add("x.openai.azure.com", "/openai/deployments/a/b", "")
	f.Add("bedrock-runtime.x.amazonaws.com", "/model/9/8/7/converse", "")
	f.Fuzz(func(t *testing.T, host, path, rawQuery string) {
		q := query(t, "POST", "https://a.example/", nil)
		q.Host, q.Path, q.RawQuery = host, path, rawQuery
		m, ok := c.Match(q)
		if ok && !c.HasHost(host, 443) {
			t.Errorf("%q matches but is no host", host)
		}
		for _, template := range []string{m.Template(path), c.Template(path)} {
			if strings.ContainsAny(template, "0123456789@") && !strings.ContainsAny(path, "0123456789@") {
				t.Errorf("%q became %q", path, template)
			}
		}
	})
}
