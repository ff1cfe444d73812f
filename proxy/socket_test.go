package proxy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"daylight.internal/classifier"
	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
)

const (
	takeover   = "permessage-deflate"
	noTakeover = "permessage-deflate; client_no_context_takeover"
)

func holdMessages() *policy {
	return &policy{service: "chat", need: rules.Hold, evaluate: blocker("SECRET")}
}

func observeMessages() *policy {
	p := holdMessages()
	p.need = rules.Observe
	return p
}

func TestMessagesReachTheServerByteForByte(t *testing.T) {
	long := strings.Repeat("many words ", 20000)
	c := newCompressor(true)
	stream := [][]byte{
		masked(websocket.Text, "one"),
		part(websocket.Header{Opcode: websocket.Binary}, "\x00two"), masked(websocket.Ping, "in between"), part(websocket.Header{}, ""), part(websocket.Header{Final: true}, long),
		masked(websocket.Text, ""), masked(websocket.Pong, ""),
		c.message("compressed"), c.message("compressed, and refers to the one before"),
		masked(websocket.Close, "\x03\xe8bye"),
	}
	for name, p := range map[string]*policy{"held": holdMessages(), "observed": observeMessages()} {
		t.Run(name, func(t *testing.T) {
			b := startSockets(t, p, JudgeOptions{}, takeover, nil)
			client, server := b.open(t, "ai.example", "/ws?q=1")
			client.say(t, stream...)
			client.Close()
			server.waitEnd(t)
			want := slices.Clone(stream)
			if name == "held" { // the ping does not wait for the message around it
				want[1], want[2] = stream[2], stream[1]
			}
			server.expect(t, want...)
			messages, upgrade := b.end(t)
			sizes := []int64{3, int64(4 + len(long)), 0}
			if len(messages) != 5 {
				t.Fatalf("%d messages: %+v", len(messages), messages)
			}
			for i, e := range messages {
				if e.Kind != "exchange" || e.Connection != upgrade.ID || e.Destination.Protocol != "websocket" || e.Request.Method != "GET" || e.Service.ID != "chat" ||
					e.Verdict.Action != rules.Log || e.Coverage.State != classifier.Complete || e.Error != "" ||
					e.Account().Inspected != e.Request.Bytes || i < 3 && e.Request.Bytes != sizes[i] || i >= 3 && (e.Request.Bytes < 5 || e.Request.Bytes > 40) {
					t.Errorf("message %d: %+v", i, e)
				}
			}
			if upgrade.Connection != "" || upgrade.Request.Bytes != 0 || upgrade.Destination.Protocol != "websocket" || upgrade.Coverage.State != classifier.Complete {
				t.Errorf("upgrade: %+v", upgrade)
			}
		})
	}
}

func TestEachMessageIsJudgedAsWhatItSays(t *testing.T) {
	got := make(chan engine.Body, 10)
	p := &policy{service: "chat", need: rules.Observe, evaluate: func(b engine.Body) engine.Outcome {
		b.Bytes = bytes.Clone(b.Bytes)
		if b.Frame != engine.NoFrame {
			got <- b
		}
		return engine.Outcome{Verdict: rules.Verdict{Action: rules.Log}, MediaType: "application/json"}
	}}
	b := startSockets(t, p, JudgeOptions{}, takeover, nil)
	client, server := b.open(t, "ai.example", "/")
	c := newCompressor(true)
	stream := [][]byte{c.message("text one"), part(websocket.Header{Opcode: websocket.Binary}, "text "), part(websocket.Header{Final: true}, "two"), c.message("text one, again")}
	client.say(t, stream...)
	server.expect(t, stream...)
	var window *engine.Window
	for i, want := range []struct {
		text  string
		frame engine.Frame
	}{{"text one", engine.TextFrame}, {"text two", engine.BinaryFrame}, {"text one, again", engine.TextFrame}} {
		body := wait(t, got, "a message")
		if string(body.Bytes) != want.text || body.Frame != want.frame || body.Total != int64(len(want.text)) || body.Reason != "" {
			t.Errorf("message %d: %q %+v", i, body.Bytes, body)
		}
		if window = body.Window; window == nil || i > 0 && body.Window != window {
			t.Errorf("message %d has a window of its own", i)
		}
	}
	client.Close()
	messages, _ := b.end(t)
	if len(messages) != 3 || messages[0].Request.MediaType != "application/json" {
		t.Errorf("events %+v", messages)
	}
}

func TestABlockedMessageClosesAConnectionThatKnowsNoErrors(t *testing.T) {
	t.Parallel()
	b := startSockets(t, holdMessages(), JudgeOptions{}, "", nil)
	client, server := b.open(t, "ai.example", "/", "Accept-Language", "de")
	first := masked(websocket.Text, "a clean one")
	client.say(t, first, part(websocket.Header{Opcode: websocket.Text}, "a SEC"), masked(websocket.Ping, "!"))
	server.expect(t, first, masked(websocket.Ping, "!"))
	client.say(t, part(websocket.Header{Final: true}, "RET"), masked(websocket.Text, "said too late"))
	if reason := client.expectClose(t, websocket.StatusPolicyViolation); !strings.HasPrefix(reason, "Bitte das freigegebene Werkzeug nutzen.") {
		t.Errorf("reason %q", reason)
	}
	server.waitEnd(t)
	all := hearClient(t, websocket.Extensions{}, server.received())
	if len(all) != 3 || all[2].opcode != websocket.Close || all[2].payload != "\x03\xe9" {
		t.Errorf("the server got %+v", all)
	}
	messages, _ := b.end(t)
	if len(messages) != 2 || messages[1].Verdict.Action != rules.Block || !messages[1].Verdict.Enforced || messages[1].Timing.Mode != "hold" ||
		messages[1].Request.Bytes != 8 || messages[1].People != 3 || len(messages[1].Findings) != 1 {
		t.Errorf("events %+v", messages)
	}
}

func TestAClientOfOpenAIGetsAnErrorEventAndGoesOn(t *testing.T) {
	p := holdMessages()
	p.shape = catalog.OpenAIError
	b := startSockets(t, p, JudgeOptions{}, "", nil)
	client, server := b.open(t, "ai.example", "/")
	for i, message := range []string{`{"event_id":"mine-7","type":"conversation.item.create","x":"SECRET"}`, `no JSON: SECRET`} {
		client.say(t, masked(websocket.Text, message))
		var event struct {
			Type    string `json:"type"`
			EventID string `json:"event_id"`
			Error   struct {
				Type, Code, Message string
				EventID             *string `json:"event_id"`
			}
		}
		f := client.next(t)
		if err := json.Unmarshal([]byte(f.payload), &event); err != nil || f.opcode != websocket.Text || event.Type != "error" || event.EventID == "" ||
			event.Error.Code != "blocked_by_policy" || !strings.HasPrefix(event.Error.Message, "Please use the approved tool. ") ||
			(event.Error.EventID != nil) != (i == 0) || i == 0 && *event.Error.EventID != "mine-7" {
			t.Errorf("%s: %v", f.payload, err)
		}
	}
	clean := masked(websocket.Text, "a clean one")
	client.say(t, clean)
	server.expect(t, clean)
	client.Close()
	if messages, _ := b.end(t); len(messages) != 3 || messages[0].Verdict.Action != rules.Block || messages[2].Verdict.Action != rules.Log {
		t.Errorf("events %+v", messages)
	}
}

// With context takeover the server cannot unpack what refers to a message that
// it never got.
func TestAfterABlockedMessageTheServerCanStillReadTheOthers(t *testing.T) {
	texts := []string{"a first message about autumn", "a first message about autumn with a SECRET list of names", "the SECRE list of names, said again", strings.Repeat("a long one about names ", 9000), ""}
	for _, extensions := range []string{takeover, noTakeover} {
		for _, blocked := range []int{0, 1} {
			t.Run(fmt.Sprintf("%s, message %d", extensions, blocked), func(t *testing.T) {
				p := holdMessages()
				p.shape = catalog.OpenAIError
				b := startSockets(t, p, JudgeOptions{}, extensions, nil)
				client, server := b.open(t, "ai.example", "/")
				c := newCompressor(extensions == takeover)
				var sent [][]byte
				for _, text := range texts[1-blocked:] {
					sent = append(sent, c.message(text))
				}
				client.say(t, sent...)
				if f := client.next(t); !strings.Contains(f.payload, "blocked_by_policy") {
					t.Errorf("answer %+v", f)
				}
				client.say(t, masked(websocket.Close, "\x03\xe8"))
				client.Close()
				server.waitEnd(t)
				e := websocket.ParseExtensions([]string{extensions})
				all := hearClient(t, e, server.received())
				inflater := websocket.NewInflater(&websocket.Inflaters{}, e, 100)
				var got []string
				for _, m := range all[:len(all)-1] {
					text := m.payload
					if m.compressed {
						var out bytes.Buffer
						if _, err := inflater.Inflate(&out, strings.NewReader(m.payload)); err != nil {
							t.Errorf("the server cannot unpack %q: %v", m.payload, err)
						}
						text = out.String()
					}
					got = append(got, text)
				}
				want := append(append([]string{}, texts[1-blocked:1]...), texts[2:]...)
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("the server read %.300q", got)
				}
				if last := all[len(all)-2]; last.compressed != (extensions == noTakeover) {
					t.Errorf("compressed afterwards: %v", last.compressed)
				}
				if messages, _ := b.end(t); len(messages) != len(sent) {
					t.Errorf("%d events", len(messages))
				}
			})
		}
	}
}

func TestAMessageOverTheLimitIsJudgedByItsBeginningAndGoesOn(t *testing.T) {
	limits := Limits{HoldBytes: 300 << 10, HoldMemoryBytes: 16 << 10, InspectBytes: 100 << 10}
	long := strings.Repeat("0123456789abcdef", 1<<16)
	for name, c := range map[string]struct {
		message string
		action  rules.Action
	}{"clean": {long, rules.Log}, "blocked": {"SECRET" + long, rules.Block}} {
		t.Run(name, func(t *testing.T) {
			p := holdMessages()
			p.shape = catalog.OpenAIError
			b := startSockets(t, p, JudgeOptions{Limits: limits}, "", nil)
			client, server := b.open(t, "ai.example", "/")
			big, small := masked(websocket.Binary, c.message), masked(websocket.Text, "and another")
			go client.Write(bytes.Join([][]byte{big, small}, nil))
			if c.action == rules.Block {
				if f := client.next(t); !strings.Contains(f.payload, "blocked_by_policy") {
					t.Errorf("answer %.100q", f.payload)
				}
				server.expect(t, small)
			} else {
				server.expect(t, big, small)
			}
			client.Close()
			messages, _ := b.end(t)
			if len(messages) != 2 || messages[0].Verdict.Action != c.action || messages[0].Request.Bytes > int64(len(c.message)) || messages[0].Request.Bytes < int64(300<<10) ||
				messages[0].Coverage.State != classifier.Truncated || messages[0].Coverage.Reason != "over_limit" || messages[0].Coverage.BytesRead != 100<<10 {
				t.Errorf("events %+v", messages)
			}
			for _, limit := range []string{"hold_bytes", "inspect_bytes"} {
				if !strings.Contains(scrapeText(t, b.metrics), `daylight_limit_hits_total{limit="`+limit+`"} 1`) {
					t.Errorf("%s was not counted", limit)
				}
			}
		})
	}
}

// What cannot be unpacked here can be written anew for nobody.
func TestWhatThePolicyDoesNotAskForPassesUnread(t *testing.T) {
	p := &policy{service: "chat", need: rules.Nothing, final: true, verdict: rules.Verdict{Action: rules.Allow}}
	b := startSockets(t, p, JudgeOptions{}, takeover, nil)
	client, server := b.open(t, "ai.example", "/")
	stream := [][]byte{masked(websocket.Text, "one"), newCompressor(true).message("two"), part(websocket.Header{Opcode: websocket.Text}, "three, not ended")}
	client.say(t, stream...)
	server.expect(t, stream...)
	client.Close()
	messages, upgrade := b.end(t)
	payload := int64(len("one") + len(hearClient(t, websocket.Extensions{Deflate: true}, stream[1])[0].payload) + len("three, not ended"))
	if len(messages) != 0 || upgrade.Request.Bytes != payload || upgrade.Coverage != (classifier.Coverage{Reason: "policy"}) {
		t.Errorf("%d messages, upgrade %+v, want %d bytes", len(messages), upgrade, payload)
	}
}

// An approval may end, and a policy may change, while a connection lives.
func TestAConnectionSeesThePolicyOfEachMessage(t *testing.T) {
	t.Parallel()
	p := &policy{service: "chat", need: rules.Nothing, final: true, verdict: rules.Verdict{Action: rules.Allow}}
	b := startSockets(t, p, JudgeOptions{}, "", nil)
	client, server := b.open(t, "ai.example", "/")
	first := masked(websocket.Text, "a SECRET")
	client.say(t, first)
	server.expect(t, first)
	b.judge.snapshots.build = func() (Snapshot, error) { return revised{holdMessages()}, nil }
	if err := b.judge.snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	client.say(t, masked(websocket.Text, "a SECRET"))
	client.expectClose(t, websocket.StatusPolicyViolation)
	server.waitEnd(t)
	if messages, upgrade := b.end(t); len(messages) != 1 || messages[0].Revision != "r2" || upgrade.Revision != "r1" || upgrade.Request.Bytes != 8 {
		t.Errorf("events %+v %+v", messages, upgrade)
	}
}

type revised struct{ *policy }

func (revised) Revision() string { return "r2" }

func TestMessagesThatNobodyHasTimeForAreCounted(t *testing.T) {
	release := make(chan struct{})
	p := &policy{service: "chat", need: rules.Observe, evaluate: func(b engine.Body) engine.Outcome {
		if b.Frame != engine.NoFrame {
			<-release
		}
		return engine.Outcome{Verdict: rules.Verdict{Action: rules.Log}, Facts: rules.Facts{Content: &rules.Content{Coverage: coverageOf(b)}}}
	}}
	b := startSockets(t, p, JudgeOptions{Limits: Limits{ObservedMessages: 3}}, "", nil)
	client, server := b.open(t, "ai.example", "/")
	var stream [][]byte
	for i := range 20 {
		stream = append(stream, masked(websocket.Text, fmt.Sprintf("message %02d", i)))
	}
	client.say(t, stream...)
	server.expect(t, stream...) // nobody waits
	client.Close()
	server.waitEnd(t)
	close(release)
	messages, _ := b.end(t)
	complete, busy := 0, 0
	for _, e := range messages {
		switch {
		case e.Request.Bytes == 10 && e.Coverage.State == classifier.Complete:
			complete++
		case e.Request.Bytes == 10 && e.Coverage == (classifier.Coverage{Reason: "busy"}):
			busy++
		}
	}
	if complete+busy != 20 || complete < 3 || complete > 6 {
		t.Errorf("%d read, %d not", complete, busy)
	}
	if text := fmt.Sprintf(`daylight_limit_hits_total{limit="observed_messages"} %d`, busy); !strings.Contains(scrapeText(t, b.metrics), text) {
		t.Errorf("the metrics lack %s", text)
	}
}

func TestWhatCannotBeUnpackedIsThePolicysToDecide(t *testing.T) {
	bomb := newCompressor(true).message(strings.Repeat("\x00", 8<<20))
	corrupt := part(websocket.Header{Final: true, Opcode: websocket.Text, Reserved: websocket.Compressed}, "\x07\x07\x07")
	foreign := part(websocket.Header{Final: true, Opcode: websocket.Text, Reserved: 0x20}, "what is it")
	for name, c := range map[string]struct {
		extensions string
		message    []byte
		reason     string
	}{"bomb": {takeover, bomb, "over_ratio"}, "corrupt": {takeover, corrupt, "corrupt"}, "unknown extension": {"x-own", foreign, "unknown_encoding"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, action := range []rules.Action{rules.Log, rules.Block} {
				p := &policy{service: "chat", need: rules.Hold, evaluate: func(b engine.Body) engine.Outcome {
					o := engine.Outcome{Verdict: rules.Verdict{Action: rules.Log}}
					o.Facts.Content = &rules.Content{Coverage: coverageOf(b)}
					if b.Reason == c.reason && len(b.Bytes) == 0 {
						o.Verdict.Action = action
					} else if b.Frame != engine.NoFrame {
						t.Errorf("%d bytes, reason %q", len(b.Bytes), b.Reason)
					}
					return o
				}}
				b := startSockets(t, p, JudgeOptions{}, c.extensions, nil)
				client, server := b.open(t, "ai.example", "/")
				client.say(t, c.message)
				if action == rules.Block {
					client.expectClose(t, websocket.StatusPolicyViolation)
				} else {
					server.expect(t, c.message)
				}
				client.Close()
				messages, _ := b.end(t)
				if len(messages) != 1 || messages[0].Coverage.Reason != c.reason || messages[0].Verdict.Action != action || messages[0].Coverage.BytesRead != 0 {
					t.Errorf("events %+v", messages)
				}
			}
		})
	}
}

func TestAPanicOverAMessageCostsThatMessage(t *testing.T) {
	t.Parallel()
	p := holdMessages()
	p.evaluate = func(b engine.Body) engine.Outcome {
		if bytes.Contains(b.Bytes, []byte("PANIC")) {
			panic("the secret")
		}
		return blocker("SECRET")(b)
	}
	for _, allow := range []bool{false, true} {
		p.onErrorAllow = allow
		b := startSockets(t, p, JudgeOptions{}, "", nil)
		client, server := b.open(t, "ai.example", "/")
		message := masked(websocket.Text, "PANIC")
		client.say(t, message)
		if allow {
			server.expect(t, message)
		} else {
			client.expectClose(t, websocket.StatusPolicyViolation)
		}
		client.Close()
		if messages, _ := b.end(t); len(messages) != 1 || messages[0].Error != "panic" {
			t.Errorf("events %+v", messages)
		}
	}
}

// judgedWay is a way of websocketWays with a judge.
