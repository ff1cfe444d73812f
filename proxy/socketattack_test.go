package proxy

import (
	"testing"

	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
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
