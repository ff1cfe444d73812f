package proxy

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
)

// bySize is a policy that reads what is longer than a few bytes, or may be.
type bySize struct{ *policy }

func (p bySize) Plan(r engine.Request) engine.Plan {
	plan := p.policy.Plan(r)
	if r.Length >= 0 && r.Length < 8 {
		plan.Need, plan.Final, plan.Verdict = rules.Nothing, true, rules.Verdict{Action: rules.Allow}
	}
	return plan
}

// A message that may pass unread because it is short says nothing of the next.
func TestAShortMessageOpensNoDoorForALongOne(t *testing.T) {
	b := startSockets(t, bySize{holdMessages()}, JudgeOptions{}, "", nil)
	client, server := b.open(t, "ai.example", "/")
	short := masked(websocket.Text, "")
	client.say(t, short, masked(websocket.Text, "a long one with a SECRET"))
	client.expectClose(t, websocket.StatusPolicyViolation)
	server.waitEnd(t)
	if all := hearClient(t, websocket.Extensions{}, server.received()); len(all) != 2 || all[0].payload != "" || all[1].opcode != websocket.Close {
		t.Errorf("the server got %+v", all)
	}
	if messages, _ := b.end(t); len(messages) != 1 || messages[0].Verdict.Action != rules.Block {
		t.Errorf("events %+v", messages)
	}
}

const unreviewedPolicy = `version: 1
rules:
  - name: lists stay home
    match: {status: [unreviewed], data: {class: personal, people: ">=3"}}
    action: block
`

// An AI that no list knows shows itself by its messages, however they travel.
func TestAMessageToAnUnknownAIIsHeldHoweverItTravels(t *testing.T) {
	chat := `{"model":"m-1","messages":[{"role":"user","content":"` + listByMail + `"}]}`
	for name, c := range map[string]struct {
		header  []string
		message []byte
	}{
		"in one frame":                     {nil, masked(websocket.Text, chat)},
		"compressed":                       {nil, newCompressor(true).message(chat)},
		"in two frames":                    {nil, append(part(websocket.Header{Opcode: websocket.Text}, chat[:9]), part(websocket.Header{Final: true}, chat[9:])...)},
		"under a media type of the GET":    {[]string{"Content-Type", "image/png"}, masked(websocket.Text, chat)},
		"under an encoding of the GET":     {[]string{"Content-Encoding", "br"}, masked(websocket.Text, chat)},
		"under a boundary that is not its": {[]string{"Content-Type", "multipart/form-data; boundary=model"}, masked(websocket.Text, chat)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := startSockets(t, compile(t, unreviewedPolicy), JudgeOptions{}, takeover, nil)
			client, server := b.open(t, "ai.example", "/ws", c.header...)
			client.say(t, c.message)
			client.expectClose(t, websocket.StatusPolicyViolation)
			server.waitEnd(t)
			messages, _ := b.end(t)
			if len(messages) != 1 || messages[0].Verdict.Action != rules.Block || !messages[0].Verdict.Enforced || messages[0].Service.ID != rules.Suspected {
				t.Errorf("events %+v", messages)
			}
		})
	}
}

// A long conversation with compressed, fragmented and stopped messages: the server
// reads each one that may go on, and those only.
func TestALongConversationStaysReadable(t *testing.T) {
	for _, extensions := range []string{takeover, noTakeover, takeover + "; client_max_window_bits=15"} {
		t.Run(extensions, func(t *testing.T) {
			t.Parallel()
			p := holdMessages()
			p.shape = catalog.OpenAIError
			b := startSockets(t, p, JudgeOptions{}, extensions, nil)
			client, server := b.open(t, "ai.example", "/")
			client.SetDeadline(time.Now().Add(4 * patience))
			random := rand.New(rand.NewPCG(1, 2))
			c := newCompressor(extensions != noTakeover)
			words := strings.Fields("autumn slogan for the new list of shoes and a campaign in spring with many nice words")
			var want []string
			stopped := 0
			const count = 400
			for i := range count {
				var text strings.Builder
				fmt.Fprintf(&text, "%d", i)
				for range random.IntN(400) {
					text.WriteString(" " + words[random.IntN(len(words))])
				}
				if random.IntN(40) == 0 {
					text.WriteString(" SECRET")
					stopped++
				} else {
					want = append(want, text.String())
				}
				client.say(t, spoken(random, c, text.String()))
			}
			for range stopped {
				if f := client.next(t); !strings.Contains(f.payload, "blocked_by_policy") {
					t.Fatalf("answer %+v", f)
				}
			}
			client.say(t, masked(websocket.Close, "\x03\xe8"))
			client.Close()
			server.waitEnd(t)
			e := websocket.ParseExtensions([]string{extensions})
			inflater := websocket.NewInflater(&websocket.Inflaters{}, e, 1000)
			var got []string
			for _, m := range hearClient(t, e, withoutControl(server.received())) {
				text := m.payload
				if m.compressed {
					var out strings.Builder
					if _, err := inflater.Inflate(&out, strings.NewReader(m.payload)); err != nil {
						t.Fatalf("the server cannot unpack message %d: %v", len(got), err)
					}
					text = out.String()
				}
				got = append(got, text)
			}
			if !slices.Equal(got, want) {
				t.Errorf("the server read %d messages, want %d", len(got), len(want))
			}
			messages, _ := b.end(t)
			if len(messages) != count {
				t.Errorf("%d events for %d messages", len(messages), count)
			}
			for _, e := range messages {
				if a := e.Account(); a.Unread != 0 {
					t.Fatalf("account %+v of %+v", a, e)
				}
			}
		})
	}
}

// spoken is a message as a client may send it: compressed or not, in one frame or
// several, with control frames between.
func spoken(random *rand.Rand, c *compressor, text string) []byte {
	whole := masked(websocket.Text, text)
	if random.IntN(3) > 0 {
		whole = c.message(text)
	}
	if random.IntN(3) > 0 {
		return whole
	}
	payload, _ := io.ReadAll(websocket.NewPayload(bytes.NewReader(whole)))
	head := websocket.Header{Opcode: websocket.Text, Reserved: whole[0] & 0x70}
	var out []byte
	for len(payload) > 0 {
		n := random.IntN(len(payload) + 1)
		out = append(out, part(head, string(payload[:n]))...)
		out = append(out, masked(websocket.Ping, "still there?")...)
		payload, head = payload[n:], websocket.Header{}
	}
	return append(out, part(websocket.Header{Final: true, Opcode: head.Opcode, Reserved: head.Reserved}, "")...)
}

// withoutControl leaves the frames of messages.
func withoutControl(stream []byte) (messages []byte) {
	r := websocket.Reader{Extensions: websocket.Extensions{Deflate: true}}
	for len(stream) > 0 {
		p, rest, err := r.Next(stream)
		if err != nil {
			return nil
		}
		if stream = rest; p.Kind != websocket.Control {
			messages = append(messages, p.Raw...)
		}
	}
	return messages
}

func TestARecordThatIsCutIntoMessagesIsStopped(t *testing.T) {
	b := startSockets(t, compile(t, wholePolicy), JudgeOptions{}, "", nil)
	client, server := b.open(t, "substrate.office.com", "/m365Copilot/Chathub/0f1e@9a8b")
	record := `{"type":4,"target":"chat","invocationId":"0","arguments":[{"message":{"text":"` + listByMail + "\"}}]}\x1e"
	half := strings.Index(record, "cai.wu@") + 3
	first := masked(websocket.Text, record[:half])
	client.say(t, first)
	server.expect(t, first)
	client.say(t, masked(websocket.Text, record[half:]))
	f := client.next(t)
	if !strings.Contains(string(f.payload), "Customer lists stay with us.") {
		t.Errorf("answer %q", f.payload)
	}
	client.Close()
	messages, _ := b.end(t)
	if len(messages) != 2 || messages[0].Verdict.Action == rules.Block || messages[1].Verdict.Action != rules.Block {
		t.Errorf("events %+v", messages)
	}
	for _, e := range messages {
		if a := e.Account(); a.Unread != 0 {
			t.Errorf("account %+v of %+v", a, e)
		}
	}
}
