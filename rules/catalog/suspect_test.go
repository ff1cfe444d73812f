package catalog_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/rules/catalog"
)

// body builds segments from "place=value" pairs; the places are those of at,
// joined by blanks.
func body(pairs ...string) []classifier.Segment {
	var out []classifier.Segment
	for _, p := range pairs {
		place, value, _ := strings.Cut(p, " := ")
		out = append(out, classifier.Segment{Text: []byte(value), Location: *at(strings.Fields(place)...)})
	}
	return out
}

func TestSuspect(t *testing.T) {
	chat := body("$ .model := llama-3", "$ .messages [0] .role := user", "$ .messages [0] .content := Summarise our customer list")
	for _, c := range []struct {
		name     string
		path     string
		header   http.Header
		body     []classifier.Segment
		want     string
		evidence []string
	}{
		{"a compatible API on an unknown host", "/v1/chat/completions", nil, chat, "high", []string{"api_path", "chat_body"}},
		{"the chat shape alone", "/x", nil, chat, "medium", []string{"chat_body"}},
		{"a compatible path alone", "/proxy/v1/chat/completions", nil, nil, "medium", []string{"api_path"}},
		{"a vendor key alone", "/x", http.Header{"Authorization": {"Bearer sk-ant-api03-abc"}}, nil, "medium", []string{"vendor_key"}},
		{"a compatible key alone", "/x", http.Header{"Authorization": {"Bearer sk-abc"}}, nil, "", []string{"compatible_key"}},
		{"an Anthropic client on an unknown gateway", "/v1/messages", http.Header{"Anthropic-Version": {"2023-06-01"}, "User-Agent": {"Anthropic/JS 0.60"}}, nil, "high", []string{"messages_path", "ai_header", "ai_user_agent"}},
		{"Gemini's shape", "/x:generateContent", nil, body("$ .contents [0] .parts [0] .text := hi", "$ .generationConfig .stopSequences [0] := x"), "high", []string{"api_path", "contents_body"}},
		{"a completion with its settings as keys", "/run", nil, body("$ .model := m", "$ .prompt := hi", "$ key=max_tokens := max_tokens"), "medium", []string{"completion_body"}},
		{"a file for an assistant", "/files", nil, body("part=purpose := assistants", "part=file := x"), "medium", []string{"purpose_upload"}},
		{"a call of an MCP tool", "/mcp", http.Header{"Mcp-Session-Id": {"1"}}, body("$ .jsonrpc := 2.0", "$ .method := tools/call", "$ .params .arguments .q := x"), "high", []string{"ai_header", "mcp_body"}},

		{"a message of a helpdesk", "/api/messages", nil, body("$ .message := Hello", "$ .conversation_id := 1"), "", nil},
		{"a chat product with roles of its own", "/x", nil, body("$ .model := bot", "$ .messages [0] .role := agent", "$ .messages [0] .content := hi"), "", nil},
		{"a payment key", "/v1/charges", http.Header{"Authorization": {"Bearer sk_test_1"}}, body("form=amount := 100"), "", nil},
		{"an SMS gateway", "/v1/messages", nil, body("form=To := 1", "form=Body := hi"), "", []string{"messages_path"}},
		{"a search box", "/search", nil, body("$ .query := shoes"), "", []string{"prompt_keys"}},
		{"an Ethereum node", "/", nil, body("$ .jsonrpc := 2.0", "$ .method := eth_call", "$ .params [0] := x"), "", nil},
		{"a language server", "/", nil, body("$ .jsonrpc := 2.0", "$ .method := initialize"), "", nil},
		{"an SDK of another API", "/client/v4/zones", http.Header{"X-Stainless-Lang": {"js"}}, nil, "", []string{"sdk_header"}},
		{"nothing", "/", nil, nil, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			score, confidence, evidence := catalog.Suspect(c.path, canonicalOnly(c.header), c.body)
			if confidence != c.want || !slices.Equal(evidence, c.evidence) {
				t.Errorf("got %d %q %v, want %q %v", score, confidence, evidence, c.want, c.evidence)
			}
		})
	}
	if score, _, _ := catalog.Suspect("/v1/chat/completions", nil, chat); score != 95 {
		t.Errorf("score %d, want 95", score)
	}
}
