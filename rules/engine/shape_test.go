package engine_test

import (
	"strings"
	"testing"

	"daylight.internal/rules/engine"
)

// The messages are what programs send without anything of a person in it, and
// the same with a text at a place that the catalogue does not know.
func TestAMessageOfAProtocolsOwnWordsHasTheShapeThatIsKnown(t *testing.T) {
	s := policy(t, "rules: []")
	const mcp, openai = "mcp.notion.com/mcp", "api.openai.com"
	for _, c := range []struct {
		name, url, body string
		changed         bool
	}{
		{"MCP: initialize", mcp, `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{"elicitation":{},"sampling":{"mode":"with tools"}},"clientInfo":{"name":"Some Desk Client","title":"The client of a desk","version":"1.2.3"}}}`, false},
		{"MCP: initialized", mcp, `{"jsonrpc":"2.0","method":"notifications/initialized"}`, false},
		{"MCP: ping", mcp, `{"jsonrpc":"2.0","id":"b2f1-77","method":"ping"}`, false},
		{"MCP: tools/list", mcp, `{"jsonrpc":"2.0","id":123456789,"method":"tools/list","params":{"cursor":"eyJwYWdlIjogMn0=","_meta":{"progressToken":"p-1","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}}`, false},
		{"MCP: tools/call without arguments", mcp, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"list_pages","arguments":{}}}`, false},
		{"MCP: cancelled, with a reason", mcp, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"3","reason":"The person has closed the window"}}`, false},
		{"MCP: progress", mcp, `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"abc","progress":50,"total":100}}`, false},
		{"MCP: level of the log", mcp, `{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"info"}}`, false},
		{"MCP: the answer to a ping", mcp, `{"jsonrpc":"2.0","id":77,"result":{}}`, false},
		{"MCP: the answer to a question", mcp, `{"jsonrpc":"2.0","id":77,"result":{"action":"accept","content":{"name":"Ana Torres"}}}`, false},
		{"MCP: a batch", mcp, `[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"tools/list"}]`, false},
		{"MCP: arguments elsewhere", mcp, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search","input":{"q":"Ana Torres"}}}`, true},
		{"chat: nothing entered", openai + "/v1/chat/completions", `{"model":"gpt-5","temperature":0.7,"max_tokens":4096,"stream":true,"messages":[{"role":"user","content":""}]}`, false},
		{"chat: text elsewhere", openai + "/v1/chat/completions", `{"model":"gpt-5","turns":[{"role":"user","say":"hello"}]}`, true},
		{"completion: tokens", openai + "/v1/completions", `{"model":"m","prompt":[[17,50256,83421]]}`, false},
		{"completion: tokens of few digits", openai + "/v1/completions", `{"model":"m","prompt":[17,18]}`, false},
		{"responses: a stored prompt", openai + "/v1/responses", `{"model":"gpt-5","prompt":{"id":"pmpt_0af7651916cd43dd","version":"2"}}`, false},
		{"responses: an approval", openai + "/v1/responses", `{"model":"gpt-5","previous_response_id":"resp_1","input":[{"type":"mcp_approval_response","approve":true,"approval_request_id":"mcpr_1"}]}`, false},
		{"responses: text elsewhere", openai + "/v1/responses", `{"model":"gpt-5","turns":"Ana Torres"}`, true},
		{"embeddings: tokens", openai + "/v1/embeddings", `{"model":"m","input":[[1,2],[30001,4]],"encoding_format":"base64"}`, false},
		{"embeddings: text elsewhere", openai + "/v1/embeddings", `{"model":"m","documents":["hello"]}`, true},
		{"images: nothing entered", openai + "/v1/images/generations", `{"model":"gpt-image-1","prompt":"","size":"1024x1024"}`, false},
		{"messages: a stored file", "api.anthropic.com/v1/messages", `{"model":"claude","max_tokens":1024,"messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"file_011CNha"}}]}]}`, false},
		{"messages: text elsewhere", "api.anthropic.com/v1/messages", `{"model":"claude","max_tokens":1024,"turns":[{"role":"user","say":"hello"}]}`, true},
		{"gemini: a stored file", "generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent", `{"contents":[{"role":"user","parts":[{"fileData":{"mimeType":"application/pdf","fileUri":"https://generativelanguage.googleapis.com/v1beta/files/a1"}}]}],"generationConfig":{"responseMimeType":"application/json","responseSchema":{"description":"What there is on the page"}}}`, false},
		{"gemini: text elsewhere", "generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent", `{"turns":[{"role":"user","say":"hello"}]}`, true},
		{"ollama: load a model", "ollama.com/api/generate", `{"model":"llama3.2"}`, false},
		{"ollama: unload it", "ollama.com/api/chat", `{"model":"llama3.2","messages":[],"keep_alive":"0s"}`, false},
		{"ollama: text elsewhere", "ollama.com/api/generate", `{"model":"llama3.2","say":"hello"}`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			host, path, _ := strings.Cut(c.url, "/")
			r, b := post(host, "/"+path, c.body)
			p, o := evaluate(s, r, b)
			if p.Service == nil || o.PathTemplate == "" || o.ShapeChanged != c.changed {
				t.Errorf("service %v, template %q, shape changed %v", p.Service, o.PathTemplate, o.ShapeChanged)
			}
		})
	}
}

func TestARecordOfAProtocolsOwnWordsHasTheShapeThatIsKnown(t *testing.T) {
	s := policy(t, "rules: []")
	for _, c := range []struct {
		name, host, path, message string
		changed                   bool
	}{
		{"a picture alone", copilot, "/c/api/chat", `{"event":"send","conversationId":"a-1","content":[{"type":"image","url":"/th/id/BCO.1"}],"mode":"chat","context":{}}`, false},
		{"a picture with words elsewhere", copilot, "/c/api/chat", `{"event":"send","content":[{"type":"image","caption":"Ana Torres"}]}`, true},
		{"the answer again", "playground.ai.cloudflare.com", "/agents/playground/a", `{"id":"r1","type":"cf_agent_use_chat_request","init":{"method":"POST","body":"{\"trigger\":\"regenerate-message\",\"messages\":[]}"}}`, false},
		{"words elsewhere", "playground.ai.cloudflare.com", "/agents/playground/a", `{"id":"r1","type":"cf_agent_use_chat_request","init":{"method":"POST","text":"hello there"}}`, true},
		{"SignalR's ping behind nothing", m365, hub, `{"type":6}` + "\x1e", false},
		{"a record of SignalR with words elsewhere", m365, hub, `{"type":4,"target":"chat","arguments":[{"say":"hello there"}]}` + "\x1e", true},
		{"Realtime: settings", "api.openai.com", realtime, `{"type":"session.update","session":{"type":"realtime","voice":"marin","output_modalities":["audio"],"turn_detection":{"type":"semantic_vad","eagerness":"low"}}}`, false},
		{"Realtime: control", "api.openai.com", realtime, `{"event_id":"event_5678","type":"conversation.item.truncate","item_id":"item_1234","content_index":0,"audio_end_ms":150000}`, false},
		{"Realtime: an answer, please", "api.openai.com", realtime, `{"type":"response.create","response":{"conversation":"none","output_modalities":["text"],"metadata":{"topic":"a b"}}}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, o := evaluate(s, socket(c.host, c.path), textMessage(c.message))
			if p.Service == nil || o.ShapeChanged != c.changed {
				t.Errorf("service %v, shape changed %v", p.Service, o.ShapeChanged)
			}
		})
	}
	r, _ := post("www.kimi.com", "/apiv2/kimi.gateway.chat.v1.ChatService/Chat", "")
	r.Header["Content-Type"] = []string{"application/connect+json"}
	for message, changed := range map[string]bool{
		`{"chat_id":"c1","scenario":"SCENARIO_K2","message":{"role":"user","blocks":[{"message_id":"m1","file":{}}]}}`: false,
		`{"chat_id":"c1","scenario":"SCENARIO_K2","message":{"role":"user","say":"hello there"}}`:                      true,
	} {
		b := enveloped([]byte(message))
		b.Window = &engine.Window{}
		if o := s.Evaluate(s.Plan(r), b); o.ShapeChanged != changed {
			t.Errorf("%s: shape changed %v", message, o.ShapeChanged)
		}
	}
}
