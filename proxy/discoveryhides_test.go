package proxy

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
)

// A head that fills the buffer of the server leaves little of the body in it.
func TestALongHeadHidesNoPrompt(t *testing.T) {
	body := `{"model":"m","messages":[{"role":"user","content":"` + personal + `"}]}`
	for _, room := range []int{1, 20, 60} {
		w := startWild(t, unlistedPolicy, modelAnswer)
		head := fmt.Sprintf("POST http://copy.startup.example/v3/go HTTP/1.1\r\nHost: copy.startup.example\r\nContent-Type: application/json\r\nContent-Length: %d\r\nCookie: a=", len(body))
		head += strings.Repeat("x", 4096-len(head)-4-room) + "\r\n\r\n"
		c := w.dial(t)
		fmt.Fprint(c, head+body)
		if resp := readResponse(t, c); resp.StatusCode != http.StatusForbidden || w.reached.Load() != 0 {
			t.Errorf("%d bytes: status %d, %d requests reached the server", room, resp.StatusCode, w.reached.Load())
		}
		c.Close()
		w.end(t)
	}
}

// An empty message tells nothing of the next one.
func TestAnEmptyMessageHidesNoPrompt(t *testing.T) {
	w := talkative(t, unlistedPolicy, "")
	c := w.talk(t, "/live")
	c.Write(append(masked(websocket.Text, ""), masked(websocket.Text, `{"model":"m","messages":[{"role":"user","content":"`+personal+`"}]}`)...))
	if !hearAnswer(t, c, false) || !hearAnswer(t, c, false) {
		t.Error("the message reached the server")
	}
	c.Close()
	if messages, _ := socketEvents(t, w); len(messages) != 1 || messages[0].Service.ID != rules.Suspected || !messages[0].Verdict.Enforced {
		t.Errorf("%+v", messages)
	}
}
