package e2e_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const copilot = "wss://copilot.microsoft.com/c/api/chat"

// step is one thing that testdata/clients/ws.mjs does.
type step map[string]any

func say(text string) step { return step{"send": text} }

// socketReport is what a WebSocket client met.
type socketReport struct {
	Messages, Pongs []string
	Extensions      string
	Closed          struct {
		Code   int
		Reason string
	}
	Error  string
	GaveUp bool
}

func (w *world) socket(url string, options step, steps ...step) socketReport {
	w.t.Helper()
	orders := must(json.Marshal(map[string]any{"url": url, "options": options, "steps": steps}))
	var report socketReport
	out := w.run(string(orders), "node", clientFile(w.t, "ws.mjs"))
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		w.t.Fatalf("ws.mjs printed %q: %v", out, err)
	}
	if report.GaveUp || report.Error != "" {
		w.t.Fatalf("the client did not come to its end: %+v", report)
	}
	return report
}

// copilotMessage is what the page of Microsoft Copilot sends for a text.
func copilotMessage(text string) string {
	return string(must(json.Marshal(map[string]any{"event": "send", "conversationId": "c1", "mode": "chat",
		"content": []any{map[string]any{"type": "text", "text": text}}})))
}

// compressions are the ways in which ws and its server may agree on permessage-deflate.
var compressions = []struct {
	name     string
	options  step
	accepted string // a part of the extension that the client must have been granted
}{
	{"uncompressed", step{"perMessageDeflate": false}, ""},
	{"compressed, with the context taken over", step{"perMessageDeflate": step{"threshold": 0}}, "permessage-deflate"},
	{"compressed, without taking over the client's context", step{"perMessageDeflate": step{"threshold": 0, "clientNoContextTakeover": true}}, "client_no_context_takeover"},
	{"compressed, without taking over any context", step{"perMessageDeflate": step{"threshold": 0, "clientNoContextTakeover": true, "serverNoContextTakeover": true}}, "server_no_context_takeover"},
}

func TestNodeWebSocketCarriesMessagesAsTheyAre(t *testing.T) {
	need(t, "node")
	clientFile(t, "ws.mjs")
	for _, c := range compressions {
		t.Run(c.name, func(t *testing.T) {
			w := start(t, marketingPolicy)
			fragmented := copilotMessage(cleanPrompt + " In three pieces.")
			got := w.socket(copilot, c.options,
				say(copilotMessage(cleanPrompt)),
				step{"send": fragmented[:20], "fin": false}, step{"ping": "between fragments"}, step{"send": fragmented[20:50], "fin": false}, say(fragmented[50:]),
				step{"send": "\x00\x01 not text", "binary": true},
				step{"send": "Spring speaks to people with balconies. ", "repeat": 100_000}, // 4 MB
				step{"ping": "after all"}, step{"messages": 4}, step{"pongs": 2},
				step{"close": 4001, "reason": "the tab was closed"})
			if c.accepted != "" && !strings.Contains(fmt.Sprint(got.Extensions), "permessage-deflate") {
				t.Errorf("the server granted %q", got.Extensions)
			}
			want := []string{copilotMessage(cleanPrompt), fragmented, "\x00\x01 not text", strings.Repeat("Spring speaks to people with balconies. ", 100_000)}
			if arrived := w.services.sockets.messagesTo("copilot.microsoft.com"); !slices.Equal(arrived, want) {
				t.Errorf("%d messages arrived, and not as they were sent: %.300q", len(arrived), arrived)
			}
			if len(got.Messages) != 4 || got.Messages[0] != want[0] || got.Messages[3] != "4000000 bytes" {
				t.Errorf("the client got %.300q", got.Messages)
			}
			if !slices.Equal(got.Pongs, []string{"between fragments", "after all"}) {
				t.Errorf("pongs: %q", got.Pongs)
			}
			if got.Closed.Code != 4001 || got.Closed.Reason != "the tab was closed" {
				t.Errorf("the client's side closed with %+v", got.Closed)
			}
			eventually(t, "the server's side closes", func() bool { return len(w.services.sockets.closesAt("copilot.microsoft.com")) == 1 })
			if code := w.services.sockets.closesAt("copilot.microsoft.com")[0]; code != 4001 {
				t.Errorf("the server's side closed with %d", code)
			}
		})
	}
}

func TestNodeWebSocketQuickMessagesStayInOrder(t *testing.T) {
	w := start(t, marketingPolicy)
	var want []string
	var steps []step
	for i := range 200 {
		want = append(want, copilotMessage(fmt.Sprintf("Tagline %d, please.", i)))
		steps = append(steps, say(want[i]))
	}
	got := w.socket(copilot, step{}, append(steps, step{"messages": 200}, step{"close": 1000})...)
	if !slices.Equal(got.Messages, want) {
		t.Error("the answers are not in order")
	}
	if arrived := w.services.sockets.messagesTo("copilot.microsoft.com"); !slices.Equal(arrived, want) {
		t.Error("the messages did not arrive in order")
	}
}
