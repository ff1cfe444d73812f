package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"daylight.internal/classifier"
	"daylight.internal/classifier/extract"
	"daylight.internal/rules/catalog"
)

// secret stands for what a person wrote; it must be found, and nothing else.
const secret = "Ana Torres asked for a refund"

func envelope(message string) string {
	n := len(message)
	return string([]byte{0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + message
}

// fields encodes a protocol buffer: a text or a message for each number.
func fields(pairs ...any) string {
	var b []byte
	for i := 0; i < len(pairs); i += 2 {
		number := protowire.Number(pairs[i].(int))
		b = protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), pairs[i+1].(string))
	}
	return string(b)
}

// located returns the texts to which the locators of an operation point, record
// by record.
func located(o *catalog.Operation, segments []classifier.Segment) (found []string) {
	members := o.Members(segments)
	for _, segment := range segments {
		steps := segment.Location.Steps()
		for _, l := range o.Text {
			record := slices.DeleteFunc(slices.Clone(segments), func(s classifier.Segment) bool { return s.Location.Steps()[0] != steps[0] })
			if !l.Sound && l.MatchesSteps(steps, members) && l.Applies(record) {
				found = append(found, string(segment.Text))
				break
			}
		}
	}
	return found
}

// The messages have the shapes that the services' own programs send, with
// invented content. Each line of others is a message of the same connection that
// carries nothing that people wrote.
func TestTheTextOfPeopleIsFoundInRealMessages(t *testing.T) {
	c := embedded(t)
	const live = `{"realtimeInput":{"mediaChunks":[{"mimeType":"audio/pcm;rate=16000","data":"AQACAAMABAAFAAYABwAIAA=="}]}}`
	for _, test := range []struct{ service, url, message, others string }{
		{"microsoft-copilot", "wss://copilot.microsoft.com/c/api/chat?api-version=2",
			`{"event":"send","conversationId":"a1","content":[{"type":"text","text":"` + secret + `"}],"mode":"chat","context":{}}`,
			`{"event":"setOptions","supportedCards":["image"],"ads":null}` + "\n" + `{"event":"ping"}`},
		{"microsoft-365-copilot", "wss://substrate.office.com/m365Copilot/Chathub/0f1e@9a8b",
			`{"arguments":[{"source":"officeweb","traceId":"t1","message":{"author":"user","text":"` + secret + `","locale":"en-us"}}],"invocationId":"0","target":"chat","type":4}` + "\x1e",
			`{"protocol":"json","version":1}` + "\x1e\n" + `{"type":6}` + "\x1e" + `{"type":1,"target":"chat","arguments":[{"message":{"text":"no"}}]}` + "\x1e"},
		{"yandex-alice", "wss://uniproxy.alice.yandex.ru/uni.ws",
			`{"event":{"payload":{"request":{"event":{"text":"` + secret + `"}}}}}`, ""},
		{"cloudflare-playground", "wss://playground.ai.cloudflare.com/agents/playground/p-1",
			`{"id":"r1","type":"cf_agent_use_chat_request","init":{"method":"POST","body":"{\"messages\":[{\"id\":\"m1\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"` + secret + `\"}]}]}"}}`,
			`{"type":"cf_agent_state","state":{"model":"m"}}`},
		{"codex", "wss://chatgpt.com/backend-api/codex/responses", `{"type":"response.create","model":"gpt","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"` + secret + `"}]}]}`, ""},
		{"openai-api", "wss://api.openai.com/v1/realtime?model=gpt-realtime",
			`{"event_id":"e1","type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"` + secret + `"}]}}`,
			`{"type":"response.create"}` + "\n" + `{"type":"input_audio_buffer.append","audio":"AQACAAMABAAFAAYABwAIAA=="}`},
		{"openai-api", "wss://api.openai.com/v1/realtime", `{"type":"session.update","session":{"instructions":"` + secret + `","voice":"marin"}}`, ""},
		{"openai-api", "wss://api.openai.com/v1/realtime", `{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c1","output":"` + secret + `"}}`, ""},
		{"openai-api", "wss://api.openai.com/v1/responses", `{"type":"response.create","model":"gpt","input":[{"role":"user","content":"` + secret + `"}]}`, ""},
		{"azure-openai", "wss://acme.openai.azure.com/openai/realtime", `{"type":"response.create","response":{"instructions":"` + secret + `"}}`, ""},
		{"gemini-api", "wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
			`{"clientContent":{"turns":[{"role":"user","parts":[{"text":"` + secret + `"}]}],"turnComplete":true}}`, live},
		{"gemini-api", "wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateContent",
			`{"client_content":{"turns":[{"role":"user","parts":[{"text":"` + secret + `"}]}],"turn_complete":true}}`, ""},
		{"vertex-ai", "wss://us-central1-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent",
			`{"realtime_input":{"text":"` + secret + `"}}`, live},
		{"dashscope", "wss://dashscope.aliyuncs.com/api-ws/v1/inference",
			`{"header":{"action":"continue-task","task_id":"t1","streaming":"duplex"},"payload":{"input":{"text":"` + secret + `"}}}`,
			`{"header":{"action":"finish-task","task_id":"t1"},"payload":{"input":{}}}`},
		{"dashscope", "wss://dashscope.aliyuncs.com/api-ws/v1/realtime", `{"type":"session.update","session":{"instructions":"` + secret + `"}}`, ""},
		{"spark-api", "wss://spark-api.xf-yun.com/v3.5/chat",
			`{"header":{"app_id":"a1"},"parameter":{"chat":{"domain":"general"}},"payload":{"message":{"text":[{"role":"user","content":"` + secret + `"}]}}}`, ""},
		{"grammarly", "wss://capi.grammarly.com/freews", `{"ch":["` + secret + `"],"rev":0,"action":"submit_ot","id":0}`,
			`{"type":"initial","docid":"d1","client":"extension_chrome","action":"start","id":0}` + "\n" + `{"action":"option","name":"gnar_containerId","value":"v","id":3}`},
		{"grammarly", "wss://capi.grammarly.com/freews", `{"id":1,"action":"submit_ot","rev":0,"doc_len":9,"chunked":false,"deltas":[{"ops":[{"retain":9},{"insert":"` + secret + `"}]}]}`, ""},
		{"elevenlabs", "wss://api.elevenlabs.io/v1/text-to-speech/v1/stream-input", `{"text":"` + secret + `","try_trigger_generation":true}`, ""},
		{"elevenlabs", "wss://api.elevenlabs.io/v1/convai/conversation", `{"type":"user_message","text":"` + secret + `"}`, `{"type":"pong","event_id":7}` + "\n" + `{"user_audio_chunk":"AQACAAMABAAFAAYABwAIAA=="}`},
		{"deepgram", "wss://api.deepgram.com/v1/speak", `{"type":"Speak","text":"` + secret + `"}`, `{"type":"Flush"}`},
	} {
		t.Run(test.service+" "+test.url, func(t *testing.T) {
			q := query(t, "GET", test.url, nil)
			q.WebSocket = true
			m, ok := c.Match(q)
			if !ok || m.Operation == nil || m.Service.ID != test.service {
				t.Fatalf("matches %+v", m)
			}
			read := func(message string) []classifier.Segment {
				return extract.Body(extract.Input{WebSocket: true, Separator: m.Operation.Separator(), Body: []byte(message)}, extract.Limits{}).Segments
			}
			found := located(m.Operation, read(test.message))
			if !slices.Contains(found, secret) || !hasAll(m.Operation) && len(found) != 1 {
				t.Errorf("found %q", found)
			}
			for other := range strings.SplitSeq(test.others, "\n") {
				if found := located(m.Operation, read(other)); len(found) > 0 {
					t.Errorf("%s: found %q", other, found)
				}
			}
		})
	}
}

// hasAll tells whether an operation takes every text of a message.
func hasAll(o *catalog.Operation) bool {
	return slices.ContainsFunc(o.Text, func(l catalog.Locator) bool { return strings.HasSuffix(l.String(), "string leaves") })
}

func TestTheTextOfPeopleIsFoundInRealCalls(t *testing.T) {
	c := embedded(t)
	content := fields(1, fields(2, "user", 1, fields(1, secret)))
	for _, test := range []struct{ service, url, mediaType, message, at string }{
		{"kimi", "https://www.kimi.com/apiv2/kimi.gateway.chat.v1.ChatService/Chat", "application/connect+json",
			`{"chat_id":"c1","scenario":"SCENARIO_K2","message":{"role":"user","blocks":[{"message_id":"","text":{"content":"` + secret + `"}}]}}`, "connect $.message.blocks[0].text.content"},
		{"cursor", "https://api2.cursor.sh/aiserver.v1.ChatService/StreamUnifiedChatWithTools", "application/connect+proto", content, "connect protobuf .1.1.1"},
		{"cursor", "https://agentn.global.api5.cursor.sh/agent.v1.AgentService/Run", "application/connect+proto", content, "connect protobuf .1.1.1"},
		{"codeium", "https://server.codeium.com/exa.api_server_pb.ApiServerService/GetChatMessage", "application/connect+proto", content, "connect protobuf .1.1.1"},
		{"gemini-api", "https://generativelanguage.googleapis.com/google.ai.generativelanguage.v1beta.GenerativeService/GenerateContent", "application/grpc", content, "connect protobuf .1.1.1"},
		{"vertex-ai", "https://us-central1-aiplatform.googleapis.com/google.cloud.aiplatform.v1.PredictionService/StreamGenerateContent", "application/grpc", content, "connect protobuf .1.1.1"},
		{"yandexgpt-api", "https://llm.api.cloud.yandex.net/yandex.cloud.ai.foundation_models.v1.TextGenerationService/Completion", "application/grpc+proto", content, "connect protobuf .1.1.1"},
	} {
		t.Run(test.service+" "+test.url, func(t *testing.T) {
			m, ok := c.Match(query(t, "POST", test.url, nil))
			if !ok || m.Operation == nil || m.Service.ID != test.service {
				t.Fatalf("matches %+v", m)
			}
			doc := extract.Body(extract.Input{MediaType: test.mediaType, Body: []byte(envelope(test.message))}, extract.Limits{})
			var found []string
			members := m.Operation.Members(doc.Segments)
			for _, s := range doc.Segments {
				if m.Operation.IsText(s.Location.Steps(), members) {
					found = append(found, fmt.Sprintf("%s %s", s.Location, s.Text))
				}
			}
			if !slices.Contains(found, test.at+" "+secret) || doc.Coverage.State != classifier.Complete {
				t.Errorf("found %q, coverage %+v", found, doc.Coverage)
			}
		})
	}
}

func TestEveryWebSocketOfTheCatalogueIsTried(t *testing.T) {
	for _, s := range embedded(t).Services() {
		for _, o := range s.Operations {
			if o.WebSocket && len(o.Text) == 0 {
				t.Errorf("%s: the messages of %v are not told apart", s.ID, o.Examples)
			}
			if o.Pieces != catalog.NoPieces && !o.WebSocket {
				t.Errorf("%s: pieces without a WebSocket", s.ID)
			}
		}
	}
}
