package catalog_test

import (
	"testing"

	"daylight.internal/classifier/extract"
)

// The calls are those of less common assistants, gateways and tools, each with
// another place of the text; what no person wrote has no blanks.
func TestTheTextOfPeopleIsFoundInCallsOfOtherVendors(t *testing.T) {
	c := embedded(t)
	const asJSON = "application/json"
	chat := `{"model":"m","messages":[{"role":"user","content":"` + secret + `"}]}`
	message := `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"` + secret + `"}]}]}`
	call := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create","arguments":{"body":"` + secret + `"}}}`
	for _, test := range []struct{ service, url, mediaType, body string }{
		{"bedrock", "https://bedrock-mantle.eu-central-1.api.aws/v1/chat/completions", asJSON, chat},
		{"ovhcloud", "https://llama-3.endpoints.kepler.ai.cloud.ovh.net/api/openai_compat/v1/chat/completions", asJSON, chat},
		{"infomaniak", "https://api.infomaniak.com/1/ai/1034/openai/chat/completions", asJSON, chat},
		{"sap-ai-core", "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2/inference/deployments/d1/chat/completions", asJSON, chat},
		{"fanar-api", "https://api.fanar.qa/v1/chat/completions", asJSON, chat},
		{"sensenova", "https://api.sensenova.cn/v1/llm/chat-completions", asJSON, chat},
		{"clova-studio", "https://clovastudio.stream.ntruss.com/testapp/v3/chat-completions/HCX-005", asJSON, chat},
		{"caila", "https://caila.io/api/adapters/openai/chat/completions", asJSON, chat},
		{"cloudflare-ai-gateway", "https://gateway.ai.cloudflare.com/v1/023e105f/main/anthropic/v1/messages", asJSON, message},
		{"opencode-zen", "https://opencode.ai/zen/v1/messages", asJSON, message},
		{"moonshot-api", "https://api.kimi.com/coding/v1/messages", asJSON, message},
		{"proxyapi-ru", "https://api.proxyapi.ru/google/v1beta/models/gemini-2.5-pro:generateContent", asJSON, `{"contents":[{"parts":[{"text":"` + secret + `"}]}]}`},
		{"runpod", "https://api.runpod.ai/v2/abc123/runsync", asJSON, `{"input":{"prompt":"` + secret + `"}}`},
		{"aleph-alpha", "https://api.aleph-alpha.com/complete", asJSON, `{"model":"m","prompt":[{"type":"text","data":"` + secret + `"}]}`},
		{"kie-ai", "https://api.kie.ai/api/v1/jobs/createTask", asJSON, `{"model":"m","input":{"prompt":"` + secret + `"}}`},
		{"gemini-code-assist", "https://cloudcode-pa.googleapis.com/v1internal:streamGenerateContent?alt=sse", asJSON,
			`{"model":"gemini","project":"p1","request":{"contents":[{"role":"user","parts":[{"text":"` + secret + `"}]}]}}`},
		{"google-ai-studio", "https://alkalimakersuite-pa.clients6.google.com/$rpc/google.internal.alkali.applications.makersuite.v1.MakerSuiteService/GenerateContent",
			"application/json+protobuf", `[null,[[[[null,"` + secret + `"]],null]]]`},
		{"grok", "https://grok.x.com/2/grok/add_response.json", "text/plain;charset=UTF-8", `{"responses":[{"message":"` + secret + `","sender":1}],"conversationId":"1"}`},
		{"kagi-assistant", "https://kagi.com/assistant/prompt", asJSON, `{"focus":{"thread_id":null,"prompt":"` + secret + `"},"profile":{"model":"m"}}`},
		{"lmarena", "https://arena.ai/nextjs-api/stream/create-evaluation", asJSON, `{"id":"1","mode":"direct","userMessage":{"content":"` + secret + `"}}`},
		{"glean", "https://acme-be.glean.com/rest/api/v1/chat", asJSON, `{"stream":true,"messages":[{"author":"USER","fragments":[{"text":"` + secret + `"}]}]}`},
		{"amazon-q-business", "https://qbusiness.us-east-1.api.aws/applications/a1/conversations?sync", asJSON, `{"userMessage":"` + secret + `"}`},
		{"sourcegraph-cody", "https://sourcegraph.com/.api/completions/stream?api-version=1", asJSON, `{"messages":[{"speaker":"human","text":"` + secret + `"}]}`},
		{"augment", "https://e2.api.augmentcode.com/chat-stream", asJSON, `{"message":"` + secret + `","chat_history":[]}`},
		{"jules", "https://jules.googleapis.com/v1alpha/sessions/314:sendMessage", asJSON, `{"prompt":"` + secret + `"}`},
		{"dust", "https://dust.tt/api/v1/w/w1/assistant/conversations", asJSON, `{"message":{"content":"` + secret + `","mentions":[]}}`},
		{"relevance-ai", "https://api-f1db6c.stack.tryrelevance.com/latest/agents/trigger", asJSON, `{"agent_id":"a","message":{"role":"user","content":"` + secret + `"}}`},
		{"github-mcp", "https://api.githubcopilot.com/mcp/", asJSON, call},
		{"atlassian-mcp", "https://mcp.atlassian.com/v1/mcp", asJSON, call},
		{"langsmith", "https://api.smith.langchain.com/runs", asJSON, `{"id":"r1","run_type":"llm","inputs":{"prompt":"` + secret + `"}}`},
		{"brave-ask", "https://search.brave.com/api/tap/v1/new?language=en&q=Ana+Torres+asked+for+a+refund", "", ""},
		{"microsoft-copilot", "https://www.bing.com/copilotsearch?q=Ana+Torres+asked+for+a+refund", "", ""},
	} {
		t.Run(test.service, func(t *testing.T) {
			method := "POST"
			if test.body == "" {
				method = "GET"
			}
			q := query(t, method, test.url, nil)
			m, ok := c.Match(q)
			if !ok || m.Operation == nil || m.Service.ID != test.service {
				t.Fatalf("matches %+v", m)
			}
			doc := extract.Body(extract.Input{MediaType: test.mediaType, Body: []byte(test.body), Query: q.RawQuery, Path: q.Path}, extract.Limits{})
			if found := located(m.Operation, doc.Segments); len(found) != 1 || found[0] != secret {
				t.Errorf("found %q", found)
			}
		})
	}
}

func TestTheTextOfPeopleIsFoundInMessagesOfOtherVendors(t *testing.T) {
	c := embedded(t)
	for _, test := range []struct{ service, url, message string }{
		{"character-ai", "wss://neo.character.ai/ws/",
			`{"command":"create_and_generate_turn","payload":{"turn":{"author":{"is_human":true},"candidates":[{"candidate_id":"c1","raw_content":"` + secret + `"}]}}}`},
		{"microsoft-copilot", "wss://sydney.bing.com/sydney/ChatHub",
			`{"arguments":[{"source":"cib","message":{"author":"user","text":"` + secret + `"}}],"invocationId":"0","target":"chat","type":4}` + "\x1e"},
	} {
		t.Run(test.service, func(t *testing.T) {
			q := query(t, "GET", test.url, nil)
			m, ok := c.Match(q)
			if !ok || m.Operation == nil || m.Service.ID != test.service {
				t.Fatalf("matches %+v", m)
			}
			doc := extract.Body(extract.Input{WebSocket: true, Separator: m.Operation.Separator(), Body: []byte(test.message)}, extract.Limits{})
			if found := located(m.Operation, doc.Segments); len(found) != 1 || found[0] != secret {
				t.Errorf("found %q", found)
			}
		})
	}
}

// Ordinary use of what shares a host or a vendor with an AI service.
func TestWhatSharesAHostWithAnAIServiceBelongsToNone(t *testing.T) {
	c := embedded(t)
	for _, raw := range []string{
		"https://www.bing.com/search?q=weather",
		"https://search.brave.com/search?q=weather",
		"https://kagi.com/search?q=weather",
		"https://x.com/home",
		"https://api.x.com/2/tweets",
		"https://github.com/copilotkit/copilotkit",
		"https://sourcegraph.com/search?q=context:global",
		"https://hf.co/meta-llama/Llama-3.1-8B",
		"https://huggingface.co/docs",
		"https://learn.microsoft.com/en-us/azure/",
		"https://bigquery.googleapis.com/bigquery/v2/projects/p/queries",
		"https://compute.googleapis.com/compute/v1/projects/p/zones",
		"https://api.infomaniak.com/1/profile",
		"https://api.pinecone.io/indexes",
		"https://acme-index-abc123.svc.us-east-1.pinecone.io/query",
		"https://api.braintrust.dev/v1/project",
		"https://api.puter.com/drivers/call",
		"https://www.chatbase.co/embed.min.js",
		"https://app.hubspot.com/contacts/1",
		"https://eu2.make.com/organization/1",
		"https://api.telnyx.com/v2/messages",
		"https://lightning.ai/studios",
		"https://acme.netlify.app/",
		"https://clients6.google.com/$rpc/google.internal.people",
		"https://substrate.office.com/owa/service.svc",
		"https://storage.cloud.yandex.net/bucket/file",
		"https://acme.cloud.databricks.com/api/2.1/jobs/list",
		"http://localhost:4000/api/users",
		"http://localhost:7860/",
		"http://localhost:8188/",
		"http://10.0.0.7:1234/",
	} {
		if m, ok := c.Match(query(t, "POST", raw, nil)); ok {
			t.Errorf("%s matches %s", raw, m.Service.ID)
		}
	}
}
