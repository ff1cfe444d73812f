package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/coder/websocket"
)

// sockets are the stand-ins that speak WebSocket, with permessage-deflate and the
// context taken over where the client agrees.
type sockets struct {
	mu       sync.Mutex
	messages map[string][]string // by host, whole and inflated
	closes   map[string][]websocket.StatusCode
}

func newSockets() *sockets {
	return &sockets{messages: map[string][]string{}, closes: map[string][]websocket.StatusCode{}}
}

// messagesTo returns the messages that ever reached a host.
func (s *sockets) messagesTo(host string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.messages[host]...)
}

// closesAt returns the codes with which connections to a host ended, -1 for none.
func (s *sockets) closesAt(host string) []websocket.StatusCode {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]websocket.StatusCode(nil), s.closes[host]...)
}

// speaker is how a service talks: what it says first, and what to a message.
type speaker struct {
	greeting string
	answer   func(message string) []string
}

func (s *sockets) serve(w http.ResponseWriter, r *http.Request, host string) {
	connection, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionContextTakeover, CompressionThreshold: 1})
	if err != nil {
		return
	}
	defer connection.CloseNow()
	connection.SetReadLimit(-1)
	err = s.talk(r.Context(), connection, host)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closes[host] = append(s.closes[host], websocket.CloseStatus(err))
}

func (s *sockets) talk(ctx context.Context, connection *websocket.Conn, host string) error {
	speaks := speakerOf(host)
	if speaks.greeting != "" {
		if err := connection.Write(ctx, websocket.MessageText, []byte(speaks.greeting)); err != nil {
			return err
		}
	}
	for {
		kind, message, err := connection.Read(ctx)
		if err != nil {
			return err
		}
		s.mu.Lock()
		s.messages[host] = append(s.messages[host], string(message))
		s.mu.Unlock()
		for _, answer := range speaks.answer(string(message)) {
			if err := connection.Write(ctx, kind, []byte(answer)); err != nil {
				return err
			}
		}
	}
}

func speakerOf(host string) speaker {
	switch host {
	case "api.openai.com":
		return speaker{`{"type":"session.created","event_id":"e0","session":{"id":"sess_1","object":"realtime.session"}}`, realtime}
	case "generativelanguage.googleapis.com":
		return speaker{answer: geminiLive}
	case "substrate.office.com":
		return speaker{answer: signalR}
	case "capi.grammarly.com":
		return speaker{answer: func(string) []string { return []string{`{"action":"submit_ot","rev":1}`} }}
	}
	return speaker{answer: func(message string) []string { return []string{message} }}
}

// realtime answers as OpenAI's Realtime API.
func realtime(message string) []string {
	var event struct{ Type string }
	_ = json.Unmarshal([]byte(message), &event)
	switch event.Type {
	case "conversation.item.create":
		return []string{`{"type":"conversation.item.created","event_id":"e1","item":{"id":"item_1","type":"message","role":"user"}}`}
	case "response.create":
		return []string{
			`{"type":"response.output_text.delta","event_id":"e2","delta":"Spring is a balcony away."}`,
			`{"type":"response.done","event_id":"e3","response":{"id":"resp_1","status":"completed"}}`,
		}
	}
	return []string{`{"type":"error","event_id":"e4","error":{"type":"invalid_request_error","message":"what is this?"}}`}
}

// geminiLive answers as the Live API of Gemini.
func geminiLive(message string) []string {
	if strings.HasPrefix(message, `{"setup"`) {
		return []string{`{"setupComplete":{}}`}
	}
	return []string{
		`{"serverContent":{"modelTurn":{"role":"model","parts":[{"text":"Guten Tag."}]}}}`,
		`{"serverContent":{"turnComplete":true}}`,
	}
}

// signalR answers as a hub of SignalR: records that end with 0x1E, of which a
// message may hold several.
func signalR(message string) []string {
	var answers []string
	for record := range strings.SplitSeq(strings.TrimSuffix(message, "\x1e"), "\x1e") {
		var invocation struct {
			Type         int
			InvocationID string
			Protocol     string
		}
		_ = json.Unmarshal([]byte(record), &invocation)
		switch {
		case invocation.Protocol == "json":
			answers = append(answers, "{}\x1e")
		case invocation.Type == 4:
			answers = append(answers, fmt.Sprintf("{\"type\":2,\"invocationId\":%q,\"item\":{\"text\":\"Guten Tag.\"}}\x1e{\"type\":3,\"invocationId\":%[1]q}\x1e", invocation.InvocationID))
		}
	}
	return answers
}

// socketPage talks over a WebSocket as a chat of the web does: talk opens one,
// sends each message when the one before was answered, and tells what it met.
const socketPage = `<!doctype html><meta charset="utf-8"><title>Chat</title><textarea id="text"></textarea>
<script>
function open(url) {
  const met = {answers: [], extensions: "", code: 0, reason: "", clean: false};
  const socket = new WebSocket(url);
  met.opened = new Promise(resolve => socket.onopen = () => { met.extensions = socket.extensions; resolve(); });
  met.closed = new Promise(resolve => socket.onclose = event => {
    Object.assign(met, {code: event.code, reason: event.reason, clean: event.wasClean});
    resolve();
  });
  met.answered = () => new Promise(resolve => met.next = resolve);
  socket.onmessage = event => { met.answers.push(event.data); met.next?.(); };
  met.socket = socket;
  return met;
}
async function talk(url, messages) {
  const met = open(url);
  await met.opened;
  for (const message of messages) {
    const answered = met.answered();
    met.socket.send(message);
    await Promise.race([answered, met.closed]);
  }
  if (met.socket.readyState === WebSocket.OPEN) met.socket.close(1000);
  await met.closed;
  return JSON.stringify({Answers: met.answers, Extensions: met.extensions, Code: met.code, Reason: met.reason, Clean: met.clean});
}
// type sends the text that is in the box, then each key, as Grammarly's extension does.
async function type(url, pasted) {
  const met = window.met = open(url), box = document.getElementById("text");
  await met.opened;
  let id = 1;
  const edit = (at, text) => {
    if (met.socket.readyState === WebSocket.OPEN) met.socket.send(JSON.stringify({id: id++, action: "submit_ot", rev: id - 2, doc_len: at, ch: ["+" + at + ":0:" + text + ":0"]}));
  };
  met.socket.send(JSON.stringify({id: 0, action: "start", docid: "d1", client: "extension_chrome"}));
  edit(0, box.value = pasted);
  box.oninput = () => edit(box.selectionEnd - 1, box.value[box.selectionEnd - 1]);
  box.focus();
  box.setSelectionRange(pasted.length, pasted.length);
  return true;
}
async function typed() {
  await window.met.closed;
  return JSON.stringify({Answers: window.met.answers, Extensions: window.met.extensions, Code: window.met.code, Reason: window.met.reason, Clean: window.met.clean});
}
</script>`
