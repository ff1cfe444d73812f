package e2e_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestOpenAIRealtimeSDKGoesOnAfterABlockedItem(t *testing.T) {
	w := start(t, marketingPolicy)
	var got struct {
		Created int
		Errors  []struct{ Type, Code, Message string }
		Answer  string
		Closed  struct{ Code int }
		GaveUp  bool
	}
	texts := must(json.Marshal([]string{cleanPrompt, customerList(25), "And now shorter, please."}))
	out := w.run(string(texts), "node", clientFile(t, "realtime.mjs"))
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	if got.Created != 2 || got.Answer != "Spring is a balcony away." || got.Closed.Code != 1000 || got.GaveUp {
		t.Errorf("the session did not go on: %+v", got)
	}
	if len(got.Errors) != 1 || got.Errors[0].Code != "blocked_by_policy" || !strings.Contains(got.Errors[0].Message, "Customer lists stay in the CRM") {
		t.Errorf("the SDK told the program %+v", got.Errors)
	}
	for _, message := range w.services.sockets.messagesTo("api.openai.com") {
		if strings.Contains(message, "posteo.example") {
			t.Error("the customers reached the server")
		}
	}
}

func TestGoogleGenAISDKShowsWhyItWasBlocked(t *testing.T) {
	need(t, "node")
	clientFile(t, "genai.mjs")
	w := start(t, marketingPolicy)
	for _, mode := range []string{"plain", "stream", "upload"} {
		t.Run(mode+" shows why it was blocked", func(t *testing.T) {
			before := w.services.bytesTo("generativelanguage.googleapis.com")
			r := w.genai(mode, customerList(25))
			if r.Error == nil || r.Error.Name != "ApiError" || r.Error.Status != http.StatusForbidden || !strings.Contains(r.Error.Message, "Customer lists stay in the CRM") {
				t.Errorf("got %+v %+v", r, r.Error)
			}
			if got := w.services.bytesTo("generativelanguage.googleapis.com") - before; got > 200 {
				t.Errorf("%d bytes reached the server: more than the call that opens an upload", got)
			}
		})
	}
	t.Run("live ends with the reason", func(t *testing.T) {
		r := w.genai("live", customerList(25))
		if r.Closed.Code != 1008 || !strings.Contains(r.Closed.Reason, "Customer lists stay in the CRM") || r.Text != "" {
			t.Errorf("got %+v %+v", r, r.Error)
		}
	})
	for _, message := range w.services.sockets.messagesTo("generativelanguage.googleapis.com") {
		if strings.Contains(message, "posteo.example") {
			t.Error("the customers reached the server")
		}
	}
	for operation, n := range map[string]int{"prompt": 3, "upload": 1} {
		eventually(t, operation+" events", func() bool {
			blocked := 0
			for _, e := range w.events() {
				if e.Service.ID == "gemini-api" && e.Service.Operation == operation && e.Verdict.Action == "block" && e.People == 25 {
					blocked++
				}
			}
			return blocked == n
		})
	}
}
