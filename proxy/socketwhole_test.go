package proxy

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

func compile(t testing.TB, policy string) Snapshot {
	t.Helper()
	s, err := compileSource(t, engine.Source{Policy: []policyfile.File{{Name: "policy.yaml", Data: []byte(policy)}}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const listByMail = "Please thank Ana Kovac <ana.kovac@customer.example>, Ben Ode <ben.ode@customer.example>, Cai Wu <cai.wu@customer.example> and Dana Roe <dana.roe@customer.example>"

func TestCopilotIsToldInItsOwnProtocol(t *testing.T) {
	policy := strings.Replace(wholePolicy, "stay with us.", "stay with us., ru: Списки клиентов остаются у нас.", 1)
	b := startSockets(t, compile(t, policy), JudgeOptions{}, takeover, nil)
	client, server := b.open(t, "substrate.office.com", "/m365Copilot/Chathub/0f1e2d3c-aaaa-bbbb-cccc-123456789abc@9a8b7c6d-aaaa-bbbb-cccc-123456789abc?access_token=needle", "Accept-Language", "ru")
	ask := func(id, text string) string {
		record, _ := json.Marshal(map[string]any{"type": 4, "target": "chat", "invocationId": id, "arguments": []any{map[string]any{"message": map[string]any{"text": text}}}})
		return string(record) + "\x1e"
	}
	c := newCompressor(true)
	hello := masked(websocket.Text, "{\"protocol\":\"json\",\"version\":1}\x1e")
	client.say(t, hello, c.message(ask("0", listByMail)+"{\"type\":6}\x1e"))
	f := client.next(t)
	record, ended := strings.CutSuffix(f.payload, "\x1e")
	var completion struct {
		Type         int
		InvocationID string `json:"invocationId"`
		Error        string
	}
	if err := json.Unmarshal([]byte(record), &completion); err != nil || !ended || f.opcode != websocket.Text || completion.Type != 3 ||
		completion.InvocationID != "0" || !strings.HasPrefix(completion.Error, "Списки клиентов остаются у нас.") || !strings.Contains(completion.Error, "Персональные данные") {
		t.Errorf("%q %v", f.payload, err)
	}
	clean := ask("1", "Write a friendly slogan about autumn")
	client.say(t, c.message(clean))
	server.expect(t, hello, rewritten(t, server, len(hello)))
	if all := hearClient(t, websocket.Extensions{Deflate: true}, server.received()); len(all) != 2 || all[1].compressed || all[1].payload != clean {
		t.Errorf("the server got %+v", all)
	}
	client.Close()
	messages, upgrade := b.end(t)
	if len(messages) != 3 || messages[1].Verdict.Action != rules.Block || messages[1].People < 4 || messages[1].Service.ID != "microsoft-365-copilot" || messages[2].Verdict.Action != rules.Log {
		t.Errorf("events %+v", messages)
	}
	if upgrade.Request.Bytes != 0 || upgrade.Service.ID != "microsoft-365-copilot" {
		t.Errorf("upgrade %+v", upgrade)
	}
	for name, output := range map[string]string{"events": fmt.Sprintf("%+v", b.events.all), "metrics": scrapeText(t, b.metrics), "answer": f.payload} {
		for _, secret := range []string{"ana.kovac", "customer.example", "Kovac", "needle"} {
			if strings.Contains(output, secret) {
				t.Errorf("%s hold %q", name, secret)
			}
		}
	}
}

// rewritten waits for a message behind the first bytes and returns its frame,
// whose mask nobody can foretell.
func rewritten(t *testing.T, server *serverEnd, behind int) (frame []byte) {
	t.Helper()
	eventually(t, func() bool {
		stream := server.received()
		reader := websocket.Reader{Extensions: websocket.Extensions{Deflate: true}}
		for rest := stream[min(behind, len(stream)):]; len(rest) > 0; {
			p, after, err := reader.Next(rest)
			if err != nil {
				t.Fatal(err)
			}
			if rest = after; p.End {
				frame = stream[behind : len(stream)-len(rest)]
				return true
			}
		}
		return false
	})
	return frame
}
