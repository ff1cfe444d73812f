package e2e_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

const openAIRealtime = "wss://api.openai.com/v1/realtime?model=gpt-realtime"

// realtimeItem is what a program sends to OpenAI Realtime for a text.
func realtimeItem(text string) string {
	return string(must(json.Marshal(map[string]any{"type": "conversation.item.create", "event_id": "mine-7",
		"item": map[string]any{"type": "message", "role": "user", "content": []any{map[string]any{"type": "input_text", "text": text}}}})))
}

// messages are the events of messages over WebSockets to a service: not those of the
// requests that opened them.
func (w *world) messages(service string) []event {
	w.t.Helper()
	return slices.DeleteFunc(w.events(), func(e event) bool {
		return e.Service.ID != service || e.Destination.Protocol != "websocket" || e.Response.Status != 0
	})
}

func TestNodeWebSocketBlockedMessageClosesWithItsReason(t *testing.T) {
	for _, c := range compressions {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, marketingPolicy)
			list := copilotMessage(customerList(25))
			got := w.socket(copilot, c.options, say(copilotMessage(cleanPrompt)), step{"messages": 1},
				step{"send": list[:300], "fin": false}, step{"send": list[300:], "fin": true})
			if got.Closed.Code != int(websocket.StatusPolicyViolation) || !strings.Contains(got.Closed.Reason, "Customer lists stay in the CRM") {
				t.Errorf("closed with %+v", got.Closed)
			}
			w.blockedMessage("copilot.microsoft.com", "microsoft-copilot", []string{copilotMessage(cleanPrompt)})
		})
	}
}

// blockedMessage asserts that a list of 25 people was stopped, and that the server
// saw the other messages only.
func (w *world) blockedMessage(host, service string, passed []string) {
	w.t.Helper()
	e := w.waitEvent("the blocked message", func(e event) bool { return e.Service.ID == service && e.Verdict.Action == "block" })
	if e.People != 25 || e.Verdict.Rule != "customer-lists-stay-home" || !e.Verdict.Enforced || e.Destination.Protocol != "websocket" ||
		e.Coverage.State != "complete" || e.Timing.Mode != "hold" || e.Destination.Host != host {
		w.t.Errorf("event: %+v", e)
	}
	eventually(w.t, "the other messages arrive", func() bool { return len(w.services.sockets.messagesTo(host)) == len(passed) })
	if arrived := w.services.sockets.messagesTo(host); !slices.Equal(arrived, passed) {
		w.t.Errorf("the server saw %.300q", arrived)
	}
	eventually(w.t, "each message is an event", func() bool { return len(w.messages(service)) == len(passed)+1 })
}

func TestNodeWebSocketGoesOnAfterABlockedMessage(t *testing.T) {
	for _, c := range compressions {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, marketingPolicy)
			first, last := realtimeItem(cleanPrompt), realtimeItem("Say it once more: "+cleanPrompt)
			got := w.socket(openAIRealtime, c.options, say(first), say(realtimeItem(customerList(25))), say(last), say(last),
				step{"messages": 5}, step{"close": 1000}) // a greeting, an error, three answers
			var refused struct {
				Type  string
				Error struct {
					Type, Code, Message string
					EventID             string `json:"event_id"`
				}
			}
			for _, message := range got.Messages {
				if strings.Contains(message, `"error"`) {
					if err := json.Unmarshal([]byte(message), &refused); err != nil {
						t.Errorf("%q: %v", message, err)
					}
				}
			}
			if refused.Type != "error" || refused.Error.Code != "blocked_by_policy" || refused.Error.EventID != "mine-7" || !strings.Contains(refused.Error.Message, "Customer lists stay in the CRM") {
				t.Errorf("the client was told %+v among %q", refused, got.Messages)
			}
			if got.Closed.Code != 1000 || len(got.Messages) != 5 {
				t.Errorf("the session did not go on: %+v", got)
			}
			w.blockedMessage("api.openai.com", "openai-api", []string{first, last, last})
		})
	}
}
