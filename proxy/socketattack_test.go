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
