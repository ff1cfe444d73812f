package proxy

import (
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
	"daylight.internal/rules/discovery"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
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
	closed := hearAnswer(t, c, false) // or the answer to the empty one
	if !closed && !hearAnswer(t, c, false) {
		t.Error("the message reached the server")
	}
	c.Close()
	if messages, _ := socketEvents(t, w); len(messages) != 1 || messages[0].Service.ID != rules.Suspected || !messages[0].Verdict.Enforced {
		t.Errorf("%+v", messages)
	}
}

// blind is a snapshot that fails when the beginning of a body is looked at.
type blind struct{ Snapshot }

func (blind) Peeked(engine.Plan, []byte) engine.Plan { panic("a fault of ours") }

// A fault of ours while looking costs the look: the exchange goes on, and its memory
// comes back.
func TestAFaultInALookCostsNoMemory(t *testing.T) {
	w := startWild(t, unlistedPolicy, func(rw http.ResponseWriter, r *http.Request) { io.Copy(rw, r.Body) }, func(o *JudgeOptions) {
		sound := o.Snapshots.Current()
		o.Snapshots = NewSnapshots(func() (Snapshot, error) { return blind{sound}, nil }, o.Metrics)
		if err := o.Snapshots.Load(); err != nil {
			t.Fatal(err)
		}
	})
	resp, _ := send(t, w.client(), http.MethodPost, "https://copy.startup.example/v1/chat/completions", neutral("hello"), "Content-Type", "application/json")
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status %d", resp.StatusCode)
	}
	if e := w.end(t)[0]; e.Error != "panic" {
		t.Errorf("%+v", e)
	}
}

// An exchange that began under an older policy brings no host back that the present
// one names, nor makes the next ones look through all hosts again.
func TestAnExchangeOfAnOlderPolicyBringsNoHostBack(t *testing.T) {
	asked, named := make(chan struct{}), make(chan struct{})
	text := unlistedPolicy
	var snapshots *Snapshots
	w := startWild(t, text, func(rw http.ResponseWriter, r *http.Request) {
		close(asked)
		<-named
		modelAnswer(rw, r)
	}, func(o *JudgeOptions) {
		o.Snapshots = NewSnapshots(func() (Snapshot, error) {
			return compileSource(t, engine.Source{Policy: []policyfile.File{{Name: "policy.yaml", Data: []byte(text)}}})
		}, o.Metrics)
		snapshots = o.Snapshots
		if err := snapshots.Load(); err != nil {
			t.Fatal(err)
		}
	})
	go func() {
		defer close(named)
		<-asked
		text += "services:\n  - {id: ours, name: Ours, vendor: Corp, country: DE, category: llm_api, hosts: [copy.startup.example]}\n"
		if err := snapshots.Load(); err != nil {
			t.Error(err)
		}
	}()
	send(t, w.client(), http.MethodPost, "https://copy.startup.example/v3/go", neutral("hello"), "Content-Type", "application/json")
	if e := w.end(t)[0]; e.Service.ID != rules.Suspected {
		t.Errorf("it is judged by the policy that it began under: %+v", e.Service)
	}
	if w.judge.discovered.any.Load() {
		t.Error("the host is remembered")
	}
}

// A WebSocket that was looked at long enough, or cannot be, holds nothing for it.
func TestALookThatHasEndedHoldsNoMemory(t *testing.T) {
	for name, last := range map[string][]byte{
		"after the last message": said(websocket.Text, `{"x":1}`),
		"after what is corrupt":  websocket.AppendFrame(nil, websocket.Header{Final: true, Opcode: websocket.Text, Reserved: websocket.Compressed}, []byte("\xff\xff\xff")),
	} {
		w := startWild(t, unlistedPolicy, modelAnswer)
		x := &exchange{judge: w.judge, snapshot: w.judge.snapshots.Current(), look: look{on: true, found: w.judge.snapshots.Current().Discovery().Exchange(&discovery.Request{})}}
		l := newSocketLook(x, engine.Request{}, websocket.Extensions{Deflate: true})
		l.received(said(websocket.Text, strings.Repeat("x", 4<<10)))
		l.messages = lookedMessages - 1
		l.received(last)
		if _, done := l.state(); !done || l.inflater != nil || !reflect.DeepEqual(l.server, websocket.Beginnings{}) {
			t.Errorf("%s: done %v, inflater %p, %+v", name, done, l.inflater, l.server)
		}
		w.end(t)
	}
}
