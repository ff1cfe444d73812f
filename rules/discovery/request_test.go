package discovery_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"daylight.internal/rules/discovery"
)

func embedded(t testing.TB) *discovery.Discovery {
	t.Helper()
	d, err := discovery.New()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
	chat     = `{"model":"our-model","messages":[{"role":"user","content":"Summarise our customer list"}]}`
	boundary = "--b1\r\nContent-Disposition: form-data; name=\""
	filePart = boundary + "file\"; filename=\"x.jsonl\"\r\n\r\nx\r\n--b1--\r\n"
)

// post is a request whose name and path say nothing.
func post(body string, change ...func(*discovery.Request)) *discovery.Request {
	r := &discovery.Request{Method: "POST", Host: "svc.example", Path: "/x", MediaType: jsonType, Length: int64(len(body)), Body: []byte(body)}
	for _, c := range change {
		c(r)
	}
	return r
}

func path(p string) func(*discovery.Request) { return func(r *discovery.Request) { r.Path = p } }
func host(h string) func(*discovery.Request) { return func(r *discovery.Request) { r.Host = h } }
func media(m string) func(*discovery.Request) {
	return func(r *discovery.Request) { r.MediaType = m }
}
func header(pairs ...string) func(*discovery.Request) {
	return func(r *discovery.Request) {
		r.Header = map[string][]string{}
		for i := 0; i < len(pairs); i += 2 {
			r.Header[pairs[i]] = []string{pairs[i+1]}
		}
	}
}

func TestARequestIsJudgedByItsSigns(t *testing.T) {
	long := strings.Repeat("Please write to all of them. ", 4)
	for _, c := range []struct {
		name       string
		request    *discovery.Request
		result     discovery.Result
		confidence string
		words      []string
	}{
		{"a compatible API on an unknown host", post(chat, path("/v1/chat/completions")), "ai", "high", []string{"api_path", "chat_body"}},
		{"the chat shape alone", post(chat), "suspected", "medium", []string{"chat_body"}},
		{"the chat shape sent as text", post(chat, media("text/plain")), "suspected", "medium", []string{"chat_body"}},
		{"the chat shape in an envelope of Connect", post("\x00\x00\x00\x00\x5b"+chat, media("application/connect+json")), "suspected", "medium", []string{"chat_body"}},
		{"the chat shape within a text", post(`{"init":{"body":"{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"}}`), "suspected", "medium", []string{"chat_body"}},
		{"the chat shape behind a long text", post(`{"messages":[{"content":"` + strings.Repeat("x ", 9000) + `","role":"user"}],"model":"m"}`), "suspected", "medium", []string{"chat_body"}},
		{"a compatible path alone", post("", path("/proxy/v1/chat/completions/")), "suspected", "medium", []string{"api_path"}},
		{"a vendor key alone", post("", header("Authorization", "Bearer sk-ant-api03-abc")), "suspected", "medium", []string{"vendor_key"}},
		{"a compatible key alone", post("", header("X-Api-Key", "sk-abc")), "", "", []string{"compatible_key"}},
		{"an Anthropic client on an unknown gateway", post("", path("/v1/messages"), header("Anthropic-Version", "2023-06-01", "User-Agent", "Anthropic/JS 0.60")), "ai", "high", []string{"messages_path", "ai_header", "ai_user_agent"}},
		{"an SDK in a user agent of many products", post("", header("User-Agent", "Mozilla/5.0 (X11; Linux) python/3.12 AsyncOpenAI/Python 1.2")), "", "", []string{"ai_user_agent"}},
		{"Gemini's shape", post(`{"contents":[{"parts":[{"text":"hi"}]}],"generationConfig":{"stopSequences":["x"]}}`, path("/x:generateContent")), "ai", "high", []string{"api_path", "contents_body", "sampling_keys"}},
		{"a completion with its settings", post(`{"model":"m","prompt":"hi","max_tokens":7}`), "ai", "medium", []string{"completion_body", "sampling_keys"}},
		{"a completion with camel case", post(`{"model":"m","input":"hi","stream":true}`), "suspected", "low", []string{"completion_body"}},
		{"a file for an assistant", post(boundary+"purpose\"\r\n\r\nassistants\r\n"+filePart, media("multipart/form-data")), "suspected", "medium", []string{"purpose_upload"}},
		{"a call of an MCP tool", post(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{}}}`, header("Mcp-Method", "tools/call")), "ai", "high", []string{"ai_header", "mcp_body"}},
		{"the begin of a session of MCP", post(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","clientInfo":{"name":"x"}}}`), "suspected", "medium", []string{"mcp_body"}},
		{"a model on the next desk", post(`{"model":"llama3.2:3b","prompt":"Say something nice"}`), "ai", "high", []string{"local_model_body", "model_name"}},
		{"llama.cpp", post(`{"prompt":"hi","n_predict":128}`), "ai", "high", []string{"local_model_body", "sampling_keys"}},
		{"a picture", post(`{"prompt":"a red bicycle in the rain","negative_prompt":"people","seed":7}`), "suspected", "low", []string{"prompt_text", "generation_keys", "size_keys"}},
		{"a web chat, before its answer", post(`{"conversation_id":"8d1e2f30-aa","query":"` + long + `"}`), "", "", []string{"prompt_keys", "conversation_text"}},
		{"GraphQL that asks", post(`{"operationName":"AskAIQuestion","variables":{"input":{"question":"What is new today?"}}}`), "", "", []string{"graphql_send"}},
		{"a form of GraphQL that asks", post("fb_api_req_friendly_name=useSendMessageMutation&variables=%7B%22message%22%3A%7B%22text%22%3A%22What+is+new+today%3F%22%7D%7D", media(formType)), "", "", []string{"graphql_send"}},
		{"JSON in JSON in a form", post(`f.req=`+`%5Bnull%2C%22%5B%5B%5C%22What+is+new%5C%22%5D%5D%22%5D&at=1`, media(formType)), "", "", []string{"nested_form"}},
		{"an extension that posts what stands on the page", post(`{"page":"`+long+`"}`, header("Origin", "chrome-extension://abcdefgh")), "", "", []string{"extension_origin"}},
		{"a name of AI alone", post("", host("chat.gpt-4u.example")), "", "", []string{"ai_name"}},

		{"a message of a helpdesk", post(`{"message":"Hello","conversation_id":1}`), "", "", nil},
		{"a chat product with roles of its own", post(`{"model":"bot","messages":[{"role":"agent","content":"hi"}]}`), "", "", nil},
		{"a payment key", post("amount=100", media(formType), header("Authorization", "Bearer sk_test_1")), "", "", nil},
		{"an SMS gateway", post("To=1&Body=hi", media(formType), path("/v1/messages")), "", "", []string{"messages_path"}},
		{"a search box", post(`{"query":"red shoes for men"}`), "", "", []string{"prompt_keys"}},
		{"an Ethereum node", post(`{"jsonrpc":"2.0","method":"eth_call","params":["x"]}`), "", "", nil},
		{"a language server", post(`{"jsonrpc":"2.0","method":"initialize","params":{"processId":1,"clientInfo":{"name":"x"}}}`), "", "", []string{"initialize_body"}},
		{"an SDK of another API", post("", path("/client/v4/zones"), header("X-Stainless-Lang", "js")), "", "", []string{"sdk_header"}},
		{"a tone alone", post(`{"announcement":"We are closed today","tone":["warm","low"]}`), "", "", nil},
		{"settings of a writing tool", post(`{"topic":"We are closed today","tone":"warm","brand_voice":"b-1"}`), "", "", []string{"writing_keys"}},
		{"a thermometer", post(`{"device":"d-1","temperature":21.5,"humidity":40}`), "", "", nil},
		{"a batch of events", post(`{"batch":[{"type":"track","event":"prompt","timestamp":"2026-01-01T00:00:00Z"}]}`), "", "", []string{"telemetry"}},
		{"events of a chat that are measured", post(`{"events":[{"messages":[{"role":"user","content":"x"}],"timestamp":1}]}`), "", "", []string{"messages_body", "telemetry"}},
		{"a prompt behind the members of a sign-in and of telemetry", post(`{"password":"x","events":[{"timestamp":1}],"ops":[1],"rev":1,` + chat[1:]), "suspected", "medium", []string{"chat_body"}},
		{"changes of a document", post(`{"ops":[{"insert":"x"}],"revision":7}`), "", "", []string{"collaboration"}},
		{"a known messenger", post(`{"channel":"C1","text":"hi"}`, host("edge.slack.com")), "", "", []string{"known_host"}},
		{"a sign-in", post("username=a&password=b", media(formType)), "", "", []string{"sign_in"}},
		{"a status of a certificate", post("0\x82", media("application/ocsp-request")), "", "", []string{"certificate_status"}},
		{"nothing", &discovery.Request{}, "", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := embedded(t).Request(c.request)
			if e.Result != c.result || e.Confidence != c.confidence || !slices.Equal(e.Words.Strings(), c.words) {
				t.Errorf("got %d %q %q %v, want %q %q %v", e.Score, e.Result, e.Confidence, e.Words.Strings(), c.result, c.confidence, c.words)
			}
		})
	}
}

func TestOfEachGroupTheStrongestCounts(t *testing.T) {
	d := embedded(t)
	set := func(list ...discovery.Word) (s discovery.Words) {
		for _, w := range list {
			s = s.With(w)
		}
		return s
	}
	for _, c := range []struct {
		name  string
		words discovery.Words
		score int
	}{
		{"nothing", 0, 0},
		{"two groups", set(discovery.APIPath, discovery.ChatBody), 95},
		{"three bodies", set(discovery.PromptKeys, discovery.ChatBody, discovery.MessagesBody), 55},
		{"two negatives", set(discovery.ChatBody, discovery.SignIn, discovery.KnownHost), 15},
		{"not below zero", set(discovery.Telemetry, discovery.PromptKeys), 0},
		{"not above a hundred", set(discovery.APIPath, discovery.ChatBody, discovery.VendorKey), 100},
	} {
		if e := d.Judge(c.words); e.Score != c.score {
			t.Errorf("%s: %d, want %d", c.name, e.Score, c.score)
		}
	}
}

func TestTheWeightsAreReadStrictly(t *testing.T) {
	head := "thresholds: {ai: 60, suspected: 40}\ncadence: {pieces: 20, gap_ms: [1, 2], text_bytes: [1, 2]}\nsignals:\n"
	signal := func(word string) string {
		return "  - {word: " + word + ", group: g, points: 5, looks: l, false_positives: f}\n"
	}
	all := ""
	for _, word := range discovery.Vocabulary() {
		all += signal(word)
	}
	for _, c := range []struct{ name, text, want string }{
		{"nothing is missing", head + all, ""},
		{"an empty file", "", "empty"},
		{"a word too many", head + all + signal("magic"), `"magic" is not a word`},
		{"a word twice", head + all + signal("chat_body"), "already"},
		{"a word too few", head + strings.Replace(all, signal("chat_body"), "", 1), `"chat_body" has no points`},
		{"an unknown key", head + all + "extra: 1\n", "extra"},
		{"no points", head + strings.Replace(all, "points: 5", "points: 0", 1), "points are"},
		{"a threshold above the other", strings.Replace(head, "ai: 60", "ai: 30", 1) + all, "thresholds"},
		{"a range backwards", strings.Replace(head, "[1, 2]", "[2, 1]", 1) + all, "cadence"},
		{"names in capitals", head + strings.Replace(all, "looks: l", "looks: l, names: [X]", 1), "lower case"},
	} {
		d, problems := discovery.Load("w.yaml", []byte(c.text))
		if got := problems.Error(); c.want == "" && (d == nil || problems.Err() != nil) || c.want != "" && (d != nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s: %v, %q", c.name, d != nil, got)
		}
	}
}

func FuzzRequest(f *testing.F) {
	for _, seed := range []string{chat, boundary + "purpose\"\r\n\r\nassistants\r\n" + filePart, "f.req=%5Bnull%2C%22%5B%22", "\x00\x00\x00\x00\x10" + chat, `{"a":"{\"b\":\"{\\\"c`, ")]}'\n\n[[1,\"x\"]]", "[[[[[[[[[[[[[[[[[[[[[[[[[[[["} {
		f.Add([]byte(seed), jsonType)
		f.Add([]byte(seed), formType)
	}
	d, err := discovery.New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte, mediaType string) {
		before := bytes.Clone(body)
		r := post("", media(mediaType))
		r.Body, r.Host, r.Path = body, mediaType, string(body[:min(len(body), 300)])
		r.Header = map[string][]string{"User-Agent": {mediaType}, mediaType: {"x"}, "Authorization": {mediaType}}
		e := d.Request(r)
		if e.Score < 0 || e.Score > 100 || (e.Result == "") != (e.Confidence == "") || !bytes.Equal(before, body) {
			t.Errorf("%+v", e)
		}
	})
}
