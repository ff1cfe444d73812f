package catalog_test

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier/extract"
)

// secret stands for what a person wrote; it must be found, and nothing else.
const secret = "Ana Torres asked for a refund"

func form(name, value string) string { return url.Values{name: {value}, "at": {"token"}}.Encode() }

func multipartBody(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		name, content, _ := strings.Cut(p, "\n")
		b.WriteString("--x\r\nContent-Disposition: form-data; name=" + name + "\r\n\r\n" + content + "\r\n")
	}
	return b.String() + "--x--\r\n"
}

func envelope(message string) string {
	n := len(message)
	return string([]byte{0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + message
}

// The bodies have the shapes that the services' own programs send, with
// invented content; what is not text of people is written without blanks.
func TestTheTextOfPeopleIsFoundInRealBodies(t *testing.T) {
	c := embedded(t)
	const (
		asJSON      = "application/json"
		asForm      = "application/x-www-form-urlencoded;charset=UTF-8"
		asMultipart = "multipart/form-data; boundary=x"
	)
	encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(secret+"\n", 9)))
	for _, test := range []struct{ service, url, mediaType, body string }{
		{"chatgpt", "https://chatgpt.com/backend-api/f/conversation", asJSON,
			`{"action":"next","messages":[{"id":"a1","author":{"role":"user"},"content":{"content_type":"text","parts":["` + secret + `"]}}],"model":"auto"}`},
		{"chatgpt", "https://chatgpt.com/backend-api/f/conversation/prepare", asJSON,
			`{"action":"next","partial_query":{"id":"a1","author":{"role":"user"},"content":{"content_type":"text","parts":["` + secret + `"]}}}`},
		{"chatgpt", "https://chatgpt.com/?q=Ana+Torres+asked+for+a+refund", "", ""},
		{"chatgpt", "https://files.oaiusercontent.com/file-1?sig=x", "text/plain", secret},
		{"claude", "https://claude.ai/api/organizations/0b3c/chat_conversations/5f3e/completion", asJSON,
			`{"timezone":"Europe/Madrid","attachments":[{"file_type":"txt","extracted_content":"` + secret + `"}],"model":"claude-sonnet"}`},
		{"gemini", "https://gemini.google.com/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate", asForm,
			form("f.req", `[null,"[[\"`+secret+`\",0,null,null],[\"en\"]]"]`)},
		{"gemini-workspace", "https://appsgenaiserver-pa.clients6.google.com/v1/genai/generate", "application/json+protobuf", `[null,["` + secret + `"]]`},
		{"perplexity", "https://www.perplexity.ai/rest/sse/perplexity_ask", asJSON, `{"params":{"language":"en-US"},"query_str":"` + secret + `"}`},
		{"poe", "https://poe.com/api/gql_POST", asJSON, `{"queryName":"sendMessageMutation","variables":{"bot":"gpt","query":"` + secret + `"}}`},
		{"grok", "https://grok.com/rest/app-chat/upload-file", asJSON, `{"fileMimeType":"text/plain","content":"` + encoded + `"}`},
		{"deepseek", "https://chat.deepseek.com/api/v0/chat/completion", "text/plain", `{"chat_session_id":"1","prompt":"` + secret + `"}`},
		{"kimi", "https://www.kimi.com/apiv2/kimi.gateway.chat.v1.ChatService/Chat", "application/connect+json",
			envelope(`{"scenario":"K2","message":{"role":"user","blocks":[{"text":{"content":"` + secret + `"}}]}}`)},
		{"doubao", "https://www.doubao.com/samantha/chat/completion", asJSON,
			`{"messages":[{"content":"{\"text\":\"` + secret + `\"}","content_type":2001}],"completion_option":{"event":"x"}}`},
		{"le-chat", "https://chat.mistral.ai/api/trpc/message.newChat?batch=1", asJSON, `{"0":{"json":{"content":[{"type":"text","text":"` + secret + `"}]}}}`},
		{"meta-ai", "https://www.meta.ai/api/graphql/", asForm, form("variables", `{"message":{"sensitive_string_value":"`+secret+`"},"id":"1"}`)},
		{"huggingchat", "https://huggingface.co/chat/conversation/671a", asMultipart, multipartBody(`"data"` + "\n" + `{"inputs":"` + secret + `","id":"1"}`)},
		{"yandexgpt-api", "https://llm.api.cloud.yandex.net/foundationModels/v1/completion", asJSON,
			`{"modelUri":"gpt://b1g/yandexgpt","messages":[{"role":"user","text":"` + secret + `"}]}`},
		{"openai-api", "https://api.openai.com/v1/chat/completions", asJSON,
			`{"model":"gpt","messages":[{"role":"user","content":[{"type":"text","text":"` + secret + `"}]}]}`},
		{"openai-api", "https://api.openai.com/v1/responses", asJSON, `{"model":"gpt","input":[{"role":"user","content":[{"type":"input_text","text":"` + secret + `"}]}]}`},
		{"openai-api", "https://api.openai.com/v1/files", asMultipart, multipartBody(`"purpose"`+"\nassistants", `"file"; filename="a.txt"`+"\n"+secret)},
		{"anthropic-api", "https://api.anthropic.com/v1/messages", asJSON,
			`{"model":"claude","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"` + secret + `"}]}]}]}`},
		{"gemini-api", "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent", asJSON, `{"contents":[{"role":"user","parts":[{"text":"` + secret + `"}]}]}`},
		{"bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova/converse", asJSON,
			`{"messages":[{"role":"user","content":[{"document":{"format":"txt","source":{"bytes":"` + encoded + `"}}}]}]}`},
		{"notion-ai", "https://www.notion.so/api/v3/runInferenceTranscript", "application/x-ndjson", `{"spaceId":"s","transcript":[{"type":"user","value":[["` + secret + `"]]}]}`},
		{"quillbot", "https://quillbot.com/api/paraphraser/single-paraphrase/2", asJSON, `{"text":"` + secret + `","strength":2}`},
		{"deepl", "https://www2.deepl.com/jsonrpc?method=LMT_handle_jobs", asJSON,
			`{"jsonrpc":"2.0","method" : "LMT_handle_jobs","params":{"jobs":[{"kind":"default","sentences":[{"text":"` + secret + `","id":1}]}]}}`},
		{"deepl", "https://api-free.deepl.com/v2/translate", asForm, form("text", secret)},
		{"jasper", "https://api.jasper.ai/v1/templates/skill-1/run", asJSON, `{"inputs":{"context":"` + secret + `"},"options":{"outputCount":1}}`},
		{"replicate", "https://api.replicate.com/v1/predictions", asJSON, `{"version":"v","input":{"prompt":"` + secret + `"}}`},
		{"dify", "https://api.dify.ai/v1/chat-messages", asJSON, `{"query":"` + secret + `","user":"u"}`},
	} {
		t.Run(test.service+" "+test.url, func(t *testing.T) {
			method := "POST"
			if test.body == "" {
				method = "GET"
			} else if strings.Contains(test.url, "oaiusercontent") {
				method = "PUT"
			}
			q := query(t, method, test.url, nil)
			m, ok := c.Match(q)
			if !ok || m.Operation == nil || m.Service.ID != test.service {
				t.Fatalf("matches %+v", m)
			}
			doc := extract.Body(extract.Input{MediaType: test.mediaType, Body: []byte(test.body), Query: q.RawQuery, Path: q.Path}, extract.Limits{})
			var found, all []string
			members := m.Operation.Members(doc.Segments)
			for _, s := range doc.Segments {
				all = append(all, s.Location.String())
				if m.Operation.IsText(s.Location.Steps(), members) {
					found = append(found, string(s.Text))
				}
			}
			text := slices.DeleteFunc(slices.Clone(found), func(s string) bool { return s == "a.txt" })
			if len(text) != 1 || !strings.HasPrefix(text[0], secret) || strings.TrimSpace(strings.ReplaceAll(text[0], secret, "")) != "" {
				t.Errorf("found %q among %q", found, all)
			}
		})
	}
}
