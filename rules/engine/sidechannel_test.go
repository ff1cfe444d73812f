package engine_test

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"daylight.internal/rules/engine"
)

// leaked is what people and programs send beside the prompt itself.
const leaked = "ana.kovac@customer.example"

// sideChannel is a request that carries leaked outside the prompt box.
type sideChannel struct {
	name, method, address, body string
	want                        string // service, kind of operation and the location of the finding
	coverage                    string // "" for complete
}

func (c *sideChannel) check(t *testing.T, s *engine.Snapshot) {
	t.Helper()
	u, err := url.Parse(c.address)
	if err != nil {
		t.Fatal(err)
	}
	r, b := post(u.Hostname(), u.Path, c.body, func(r *engine.Request) {
		r.Method, r.Query = c.method, u.RawQuery
		r.Header["Cookie"] = []string{"who=" + leaked}
		r.Header["Authorization"] = []string{"Bearer " + leaked}
		if strings.HasPrefix(c.body, "--b") {
			r.Header["Content-Type"] = []string{"multipart/form-data; boundary=b"}
		}
	})
	_, o := evaluate(s, r, b)
	got := o.Facts.Service.ID + " " + o.Facts.Service.Operation
	for _, f := range o.Result.Summaries {
		got += " " + f.Location
	}
	if got != c.want || o.ShapeChanged {
		t.Errorf("got %q, want %q (shape changed: %v)", got, c.want, o.ShapeChanged)
	}
	coverage := o.Facts.Content.Coverage
	if word := strings.Trim(coverage.State.String()+" "+coverage.Reason, " "); word != c.coverage && !(word == "complete" && c.coverage == "") {
		t.Errorf("coverage %q, want %q", word, c.coverage)
	}
}

func part(name, filename, content string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + filename + "\"\r\nContent-Type: text/plain\r\n\r\n" + content + "\r\n--b--\r\n"
}

func based(content string) string { return base64.StdEncoding.EncodeToString([]byte(content)) }

const (
	claudeChat = "https://claude.ai/api/organizations/o1/chat_conversations/c1"
	pictureIn  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x02\x00\x00\x00"
	documentIn = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Length 4 >>\nstream\n\x78\x9c\x01\xfe\nendstream\nendobj\n%%EOF"
)

func TestWhatLeavesBesideThePromptIsFound(t *testing.T) {
	s, mail := policy(t, "rules: []"), url.QueryEscape("Write to "+leaked)
	for _, c := range []sideChannel{
		{"a draft, before Enter", "POST", "https://chatgpt.com/backend-api/f/conversation/prepare", `{"partial_query":{"content":{"parts":["Write to ` + leaked + `"]}}}`,
			"chatgpt prompt $.partial_query.content.parts[0]", ""},
		{"a draft of a suggestion", "POST", "https://www.kimi.com/api/suggestion", `{"query":"Write to ` + leaked + `"}`, "kimi prompt $.query", ""},

		{"a link to ChatGPT", "GET", "https://chatgpt.com/?hints=search&q=" + mail, "", "chatgpt prompt query:q", ""},
		{"a link to Claude", "GET", "https://claude.ai/new?q=" + mail, "", "claude prompt query:q", ""},
		{"a link to Copilot", "GET", "https://copilot.microsoft.com/?q=" + mail, "", "microsoft-copilot prompt query:q", ""},
		{"a link to Grok", "GET", "https://grok.com/?q=" + mail, "", "grok prompt query:q", ""},
		{"a link to Le Chat", "GET", "https://chat.mistral.ai/chat?q=" + mail, "", "le-chat prompt query:q", ""},
		{"a link to Perplexity", "GET", "https://www.perplexity.ai/?q=" + mail, "", "perplexity prompt query:q", ""},
		{"a search at Perplexity", "GET", "https://www.perplexity.ai/search/new?q=" + mail, "", "perplexity prompt query:q", ""},
		{"a translation", "GET", "https://translate.googleapis.com/translate_a/single?client=gtx&q=" + mail, "", "google-translate prompt query:q", ""},
		{"a link that nobody listed", "GET", "https://chatgpt.com/g/g-abc-writer?q=" + mail, "", "chatgpt other query:q", ""},

		{"a prompt in the path", "GET", "https://image.pollinations.ai/prompt/A%20letter%20to%20" + leaked, "", "pollinations prompt path", ""},
		{"a prompt that is the path", "GET", "https://text.pollinations.ai/A%20letter%20to%20" + leaked, "", "pollinations prompt path", ""},

		{"a title at ChatGPT", "PATCH", "https://chatgpt.com/backend-api/conversation/c1", `{"title":"Letter to ` + leaked + `"}`, "chatgpt prompt $.title", ""},
		{"a title at Claude", "PUT", claudeChat, `{"name":"Letter to ` + leaked + `"}`, "claude prompt $.name", ""},
		{"the text for which Claude is to find a title", "POST", claudeChat + "/title", `{"message_content":"Letter to ` + leaked + `","recent_titles":[]}`, "claude prompt $.message_content", ""},

		{"a name of a file that is announced", "POST", "https://chatgpt.com/backend-api/files", `{"file_name":"` + leaked + `.csv","file_size":9}`, "chatgpt upload $.file_name", ""},
		{"a name of a file at a prompt", "POST", "https://chatgpt.com/backend-api/f/conversation", `{"messages":[{"content":{"parts":["Sum up"]},"metadata":{"attachments":[{"name":"` + leaked + `.csv"}]}}]}`,
			"chatgpt prompt $.messages[0].metadata.attachments[0].name", ""},
		{"a name of a file in a form", "POST", "https://claude.ai/api/organizations/o1/conversations/c1/wiggle/upload-file", part("file", leaked+".txt", "hello"), "claude upload multipart:file filename", ""},

		{"a long paste at Claude", "POST", claudeChat + "/completion", `{"prompt":"Sum up","attachments":[{"extracted_content":"Write to ` + leaked + `","file_name":"paste.txt"}]}`,
			"claude prompt $.attachments[0].extracted_content", ""},
		{"knowledge of a project", "POST", "https://claude.ai/api/organizations/o1/projects/p1/docs", `{"file_name":"a.txt","content":"Write to ` + leaked + `"}`, "claude prompt $.content", ""},

		{"instructions for all chats", "POST", "https://chatgpt.com/backend-api/user_system_messages", `{"about_user_message":"I am ` + leaked + `","about_model_message":"Be brief"}`, "chatgpt prompt $.about_user_message", ""},
		{"a system prompt for OpenAI", "POST", "https://api.openai.com/v1/chat/completions", `{"model":"m","messages":[{"role":"system","content":"You write to ` + leaked + `"},{"role":"user","content":"Hi"}]}`,
			"openai-api prompt $.messages[0].content", ""},
		{"instructions for a response", "POST", "https://api.openai.com/v1/responses", `{"model":"m","instructions":"You write to ` + leaked + `","input":"Hi"}`, "openai-api prompt $.instructions", ""},
		{"a system prompt for Anthropic", "POST", "https://api.anthropic.com/v1/messages", `{"model":"m","system":[{"type":"text","text":"You write to ` + leaked + `"}],"messages":[{"role":"user","content":"Hi"}]}`,
			"anthropic-api prompt $.system[0].text", ""},
		{"a system prompt for Gemini", "POST", "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent", `{"systemInstruction":{"parts":[{"text":"You write to ` + leaked + `"}]},"contents":[{"parts":[{"text":"Hi"}]}]}`,
			"gemini-api prompt $.systemInstruction.parts[0].text", ""},
		{"a system prompt for Bedrock", "POST", "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse", `{"system":[{"text":"You write to ` + leaked + `"}],"messages":[{"content":[{"text":"Hi"}]}]}`,
			"bedrock prompt $.system[0].text", ""},

		{"a tool result for OpenAI", "POST", "https://api.openai.com/v1/chat/completions", `{"model":"m","messages":[{"role":"tool","tool_call_id":"c","content":"{\"rows\":[{\"mail\":\"` + leaked + `\"}]}"}]}`,
			"openai-api prompt $.messages[0].content | json $.…[0].mail", ""},
		{"a tool call for OpenAI", "POST", "https://api.openai.com/v1/chat/completions", `{"model":"m","messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{\"to\":\"` + leaked + `\"}"}}]}]}`,
			"openai-api prompt $.messages[0].tool_calls[0].function.arguments | json $.to", ""},
		{"a tool result for a response", "POST", "https://api.openai.com/v1/responses", `{"model":"m","input":[{"type":"function_call_output","output":"mail ` + leaked + `"}]}`, "openai-api prompt $.input[0].output", ""},
		{"a tool result for Anthropic", "POST", "https://api.anthropic.com/v1/messages", `{"model":"m","messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"mail ` + leaked + `"}]}]}]}`,
			"anthropic-api prompt $.messages[0].content[0].content[0].text", ""},
		{"a tool call for Anthropic", "POST", "https://api.anthropic.com/v1/messages", `{"model":"m","messages":[{"role":"assistant","content":[{"type":"tool_use","input":{"to":{"mail":"` + leaked + `"}}}]}]}`,
			"anthropic-api prompt $.messages[0].content[0].input.to.mail", ""},
		{"a tool result for Gemini", "POST", "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent", `{"contents":[{"parts":[{"functionResponse":{"response":{"mail":"` + leaked + `"}}}]}]}`,
			"gemini-api prompt $.contents[0].parts[0].functionResponse.response.mail", ""},
		{"a tool result for Bedrock", "POST", "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse", `{"messages":[{"content":[{"toolResult":{"content":[{"json":{"mail":"` + leaked + `"}}]}}]}]}`,
			"bedrock prompt $.messages[0].content[0].toolResult.content[0].json.mail", ""},
		{"a tool call over MCP", "POST", "https://mcp.notion.com/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"` + leaked + `"}}}`, "notion-mcp prompt $.params.arguments.query", ""},

		{"a file as base64", "POST", "https://grok.com/rest/app-chat/upload-file", `{"fileName":"a.txt","content":"` + based("Dear Ana, your address is "+leaked) + `"}`, "grok upload $.content | base64", ""},
		{"a file as base64 under another name", "POST", "https://huggingface.co/chat/conversation/abc", part("files", "base64;a.txt", based("Dear Ana, your address is "+leaked)), "huggingchat prompt multipart:files | base64", ""},
		{"a table as base64", "POST", "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent", `{"contents":[{"parts":[{"inlineData":{"mimeType":"text/csv","data":"` + based("mail\n"+strings.Repeat(leaked+"\n", 8)) + `"}}]}]}`,
			`gemini-api prompt $.contents[0].parts[0].inlineData.data | base64`, ""},
		{"a picture as base64 is not called read", "POST", "https://api.openai.com/v1/chat/completions", `{"model":"m","messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,` + based(pictureIn) + `"}}]}]}`,
			"openai-api prompt", "undecodable image"},
		{"nor is a PDF, whose name and title are", "POST", "https://api.anthropic.com/v1/messages", `{"model":"m","messages":[{"content":[{"type":"document","title":"` + leaked + `","source":{"type":"base64","media_type":"application/pdf","data":"` + based(documentIn) + `"}}]}]}`,
			"anthropic-api prompt $.messages[0].content[0].title", "undecodable pdf"},
		{"a PDF for OpenAI", "POST", "https://api.openai.com/v1/responses", `{"model":"m","input":[{"content":[{"type":"input_file","filename":"` + leaked + `.pdf","file_data":"data:application/pdf;base64,` + based(documentIn) + `"}]}]}`,
			"openai-api prompt $.input[0].content[0].filename", "undecodable pdf"},
		{"a PDF for Gemini", "POST", "https://generativelanguage.googleapis.com/v1beta/models/g:generateContent", `{"contents":[{"parts":[{"text":"Sum up"},{"inlineData":{"mimeType":"application/pdf","data":"` + based(documentIn) + `"}}]}]}`,
			"gemini-api prompt", "undecodable pdf"},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s) })
	}
}

// Cookies and the header with the token hold an address in each of these, as they do above.
func TestIdentifiersOutsideThePromptAreNoLeaks(t *testing.T) {
	s := policy(t, "rules: []")
	for _, c := range []sideChannel{
		{"ids and devices of ChatGPT", "POST", "https://chatgpt.com/backend-api/f/conversation",
			`{"messages":[{"id":"` + leaked + `","content":{"parts":["Sum up"]}}],"device":"` + leaked + `","conversation_id":"4532015112830366","websocket_request_id":"` + leaked + `"}`, "chatgpt prompt", ""},
		{"a token in the query", "GET", "https://chatgpt.com/?q=hello&token=" + url.QueryEscape(leaked), "", "chatgpt prompt", ""},
		{"ids of Claude", "POST", claudeChat + "/completion", `{"prompt":"Sum up","parent_message_uuid":"` + leaked + `","timezone":"` + leaked + `"}`, "claude prompt", ""},
		{"a trace of OpenAI", "POST", "https://api.openai.com/v1/responses", `{"model":"m","input":"Hi","previous_response_id":"` + leaked + `","prompt_cache_key":"` + leaked + `"}`, "openai-api prompt", ""},
		{"the account in the path of Claude", "POST", "https://claude.ai/api/organizations/" + leaked + "/chat_conversations/c1/completion", `{"prompt":"Sum up"}`, "claude prompt", ""},
		{"the session over MCP", "POST", "https://mcp.notion.com/mcp", `{"jsonrpc":"2.0","id":"` + leaked + `","method":"tools/call","params":{"name":"search","arguments":{"query":"autumn"},"_meta":{"progressToken":"` + leaked + `"}}}`, "notion-mcp prompt", ""},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, s) })
	}
}
