package proxy

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
)

const namedAccount = `accounts:
  - {service: chatgpt, tenant: 0b3c9d44-6c1f-4f0e-9a59-7f6f0c3d2a11, name: Acme workspace}
`

func TestOneQuestionWithAFileIsOneConversationOfOneAccount(t *testing.T) {
	var w *uploadWorld
	w = startUploadsUnder(t, wholePolicy+namedAccount, "", Limits{}, func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/backend-api/files":
			openChatGPT(rw, true)
		case r.Host == "files.oaiusercontent.com":
			w.store(rw, r, http.StatusCreated)
		default:
			fmt.Fprint(rw, `{"status":"success"}`)
		}
	})
	say := func(path, body string) {
		w.do(t, "POST", "https://chatgpt.com"+path, body, "Content-Type", "application/json", "Chatgpt-Account-Id", "0b3c9d44-6c1f-4f0e-9a59-7f6f0c3d2a11")
	}
	say("/backend-api/conversation/init", `{"gizmo_id":null}`)
	say("/backend-api/files", `{"file_name":"plan.txt","file_size":22,"use_case":"my_files"}`)
	w.signIn("") // nobody signs in at a blob store
	send(t, w.client(), "PUT", chatGPTBlob, "A plan for the autumn.", "X-Ms-Blob-Type", "BlockBlob", "Content-Type", "text/plain")
	w.signIn("ana@corp.example")
	say("/backend-api/f/conversation/prepare", `{"partial_query":{"content":{"parts":["What"]}}}`)
	say("/backend-api/f/conversation", `{"messages":[{"content":{"parts":["What is in it?"]}}]}`)
	w.signIn("bo@corp.example")
	send(t, w.client(), "POST", "https://chatgpt.com/backend-api/f/conversation", `{"messages":[{"content":{"parts":["Hello"]}}]}`, "Content-Type", "application/json", "Cookie", "__Secure-next-auth.session-token=needle")
	all := w.end(t)
	if len(all) != 6 {
		t.Fatalf("%d events: %+v", len(all), all)
	}
	for _, e := range all {
		if e.Client.User == "bo@corp.example" {
			if e.Conversation == "" || e.Conversation == all[0].Conversation || e.AIAccount == nil || e.AIAccount.Kind != rules.PrivateAccount {
				t.Errorf("of another user: %q, account %+v", e.Conversation, e.AIAccount)
			}
			continue
		}
		if e.Conversation == "" || e.Conversation != all[0].Conversation {
			t.Errorf("%s %s is in %q, the first in %q", e.Destination.Host, e.Destination.PathTemplate, e.Conversation, all[0].Conversation)
		}
		if e.AIAccount == nil || e.AIAccount.Kind != rules.CorporateAccount || e.AIAccount.Name != "Acme workspace" {
			t.Errorf("%s %s: account %+v", e.Destination.Host, e.Destination.PathTemplate, e.AIAccount)
		}
	}
	if text := fmt.Sprintf("%+v", all); strings.Contains(text, "0b3c9d44") || strings.Contains(text, "needle") {
		t.Errorf("the events hold the tenant or the session: %s", text)
	}
}

func TestTheMessagesOfAWebSocketAreOneConversation(t *testing.T) {
	b := startSockets(t, compile(t, wholePolicy), JudgeOptions{}, takeover, nil)
	client, server := b.open(t, "substrate.office.com", "/m365Copilot/Chathub/ana@own-tenant?access_token=needle")
	first := masked(websocket.Text, `{"type":4,"target":"chat","arguments":[{"message":{"text":"Write a slogan"}}]}`+"\x1e")
	second := masked(websocket.Text, `{"type":4,"target":"chat","arguments":[{"message":{"text":"And another one"}}]}`+"\x1e")
	client.say(t, first, second)
	server.expect(t, first, second)
	client.Close()
	messages, upgrade := b.end(t)
	if len(messages) != 2 || upgrade.Conversation == "" {
		t.Fatalf("%d messages, conversation %q", len(messages), upgrade.Conversation)
	}
	for _, m := range append(messages, upgrade) {
		if m.Conversation != upgrade.Conversation || m.AIAccount == nil || m.AIAccount.Kind != rules.PrivateAccount {
			t.Errorf("%q, want %q; account %+v", m.Conversation, upgrade.Conversation, m.AIAccount)
		}
	}
}
