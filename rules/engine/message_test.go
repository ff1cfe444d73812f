package engine_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"daylight.internal/rules"
	"daylight.internal/rules/engine"
)

// socket is the upgrade to a WebSocket.
func socket(host, path string) engine.Request {
	return engine.Request{
		Time: noon, Client: ana, Destination: rules.Destination{ConnectHost: host, SNI: host, Host: host, Port: 443},
		Method: "GET", Path: path, Header: map[string][]string{"Upgrade": {"websocket"}},
	}
}

func textMessage(s string) engine.Body {
	return engine.Body{Bytes: []byte(s), Total: int64(len(s)), Frame: engine.TextFrame}
}

const (
	copilot  = "copilot.microsoft.com"
	m365     = "substrate.office.com"
	hub      = "/m365Copilot/Chathub/7b1e@c0ffee"
	realtime = "/v1/realtime"
)

func chathub(text string) string {
	return fmt.Sprintf(`{"arguments":[{"source":"officeweb","message":{"author":"user","text":%q}}],"invocationId":"0","target":"chat","type":4}`, text) + "\x1e"
}

func TestMessagesOfWebSockets(t *testing.T) {
	s := policy(t, "rules:", "  - {name: lists, match: {data: {class: personal, people: '>=10'}}, action: block}")
	list := customers(12)
	quoted := fmt.Sprintf("%q", list)
	for _, c := range []struct {
		name, host, path, message string
		people                    int
		location                  string
		changed                   bool
	}{
		{"of the kind that carries the prompt", copilot, "/c/api/chat", `{"event":"send","conversationId":"x","content":[{"type":"text","text":` + quoted + `}]}`, 12, "ws:$.content[0].text", false},
		{"of another kind", copilot, "/c/api/chat", `{"event":"setOptions","account":"ana@corp.example","features":["a"]}`, 0, "", false},
		{"a list in one of another kind", copilot, "/c/api/chat", `{"event":"paste","rows":` + quoted + `}`, 12, "ws:$.", false},
		{"of the right kind, but another shape", copilot, "/c/api/chat", `{"event":"send","body":"hello there"}`, 0, "", true},
		{"a name twice, of which a server may take either", copilot, "/c/api/chat", `{"event":"send","event":"ping","content":[{"text":` + quoted + `}]}`, 12, "ws:$.content[0].text", false},
		{"SignalR's handshake", m365, hub, `{"protocol":"json","version":1}` + "\x1e", 0, "", false},
		{"SignalR's ping", m365, hub, `{"type":6}` + "\x1e", 0, "", false},
		{"records of SignalR", m365, hub, `{"type":6}` + "\x1e" + chathub(list), 12, "ws:$.arguments[0].message.text", false},
		{"a target in capitals, which SignalR does not mind", m365, hub, strings.ReplaceAll(chathub("Ana, ana@customers.example"), "chat\"", "Chat\""), 1, "ws:$.arguments[0].message.text", false},
		{"an event without conditions", "api.openai.com", realtime, `{"type":"conversation.item.create","item":{"content":[{"type":"input_text","text":` + quoted + `}]}}`, 12, "ws:$.item.content[0].text", false},
		{"an event without text", "api.openai.com", realtime, `{"type":"input_audio_buffer.commit"}`, 0, "", false},
		{"Socket.IO", "api.openai.com", realtime, `42["say",{"text":` + quoted + `}]`, 12, "ws:$[1].text", false},
		{"plain text", "api.openai.com", realtime, list, 12, "ws: row 2 column \"email\"", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, o := evaluate(s, socket(c.host, c.path), textMessage(c.message))
			content := o.Facts.Content
			if content.People != c.people || o.ShapeChanged != c.changed || o.Verdict.Stops() != (c.people >= 10) || o.Added != nil {
				t.Errorf("people %d, changed %v, verdict %+v, added %v", content.People, o.ShapeChanged, o.Verdict, o.Added)
			}
			for _, f := range content.Findings {
				if f.Detector == "email" && !strings.HasPrefix(f.Location, c.location) {
					t.Errorf("location %q, want %q", f.Location, c.location)
				}
			}
			if content.Coverage.State.String() != "complete" {
				t.Errorf("coverage %+v", content.Coverage)
			}
		})
	}
}

func TestSoundIsNeverCalledRead(t *testing.T) {
	s := policy(t, "rules:", "  - {name: deaf, match: {coverage: undecodable}, action: block}")
	pcm := make([]byte, 640)
	for i := range len(pcm) / 2 {
		binary.LittleEndian.PutUint16(pcm[2*i:], uint16(i%90)) // quiet: it could pass for UTF-16
	}
	for _, c := range []struct {
		name, host, path string
		body             engine.Body
		reason           string
	}{
		{"raw", "api.deepgram.com", "/v1/listen", engine.Body{Bytes: pcm, Total: 640, Frame: engine.BinaryFrame}, "audio"},
		{"as base64", "api.openai.com", realtime, textMessage(`{"type":"input_audio_buffer.append","audio":"` + strings.Repeat("AQAC", 40) + `"}`), "audio"},
		{"to a service of which nothing is known", "claude.ai", "/ws", engine.Body{Bytes: []byte("\xff\xfb\x90\x64\x00\x00"), Total: 6, Frame: engine.BinaryFrame}, "audio"},
		{"bytes of no format", "claude.ai", "/ws", engine.Body{Bytes: []byte("\x93\x00\x01\x02\xff\xfe"), Total: 6, Frame: engine.BinaryFrame}, "binary"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, o := evaluate(s, socket(c.host, c.path), c.body)
			if got := o.Facts.Content.Coverage; got.State.String() != "undecodable" || got.Reason != c.reason || !o.Verdict.Stops() {
				t.Errorf("coverage %+v, verdict %+v", got, o.Verdict)
			}
			if got := o.Facts.Content.Coverage.BytesRead; got > c.body.Total/2 {
				t.Errorf("%d bytes read of %d", got, c.body.Total)
			}
		})
	}
}

func TestTheQueryOfTheUpgradeIsNotPartOfEachMessage(t *testing.T) {
	s := policy(t, "rules:", "  - {name: mail, match: {data: personal}, action: block}")
	r := socket(m365, hub)
	r.Query = "token=ana@customers.example"
	if _, o := evaluate(s, r, textMessage(chathub("hello"))); o.Verdict.Stops() || len(o.Facts.Content.Findings) > 0 {
		t.Errorf("verdict %+v", o.Verdict)
	}
}

// submit is what the extension of Grammarly sends, the strings of older versions
// or the operations of newer ones.
func submit(ch ...string) string {
	quoted, _ := json.Marshal(ch)
	return `{"ch":` + string(quoted) + `,"rev":0,"action":"submit_ot","id":0}`
}

func deltas(ops string) string {
	return `{"id":1,"action":"submit_ot","rev":0,"doc_len":0,"chunked":false,"deltas":[{"ops":[` + ops + `]}]}`
}

func TestTextInPiecesIsJudgedAsAWhole(t *testing.T) {
	s := policy(t, "rules:", "  - {name: mail, match: {data: {class: personal, people: '>=2'}}, action: block}")
	one := "Write to ana@customers.example"
	for _, c := range []struct {
		name     string
		messages []string
		people   []int // after each message
		added    []int
	}{
		{"letter by letter", []string{submit("+0:0:ana@custom:0"), submit("+10:0:ers.exam:0"), submit("+17:0:ple:0")}, []int{0, 1, 1}, []int{0, 1, 0}},
		{"in front of what was there", []string{submit("+0:0:customers.example:0"), submit("+0:0:ana@:0")}, []int{0, 1}, []int{0, 1}},
		{"a colon and a sign in the text", []string{submit("+0:0:To: ana@customers.example, +1:0")}, []int{1}, []int{1}},
		{"deleted again", []string{submit("+0:0:" + one + ":0"), submit("-9:0:ana@customers.example:0"), submit("+9:0:bo@customers.example:0")}, []int{1, 0, 1}, []int{1, 0, 1}},
		{"deleted in the same message", []string{submit("+0:0:"+one+":0", "-0:0:"+one+":0")}, []int{1}, []int{1}},
		{"no edit at all", []string{submit("ana@cust"), submit("omers.example")}, []int{0, 1}, []int{0, 1}},
		{"operations of a list", []string{deltas(`{"insert":"mail bo to "}`), deltas(`{"retain":11},{"insert":"ana@customers"}`), deltas(`{"retain":24},{"insert":".example"}`)}, []int{0, 0, 1}, []int{0, 0, 1}},
		{"beyond the basic plane", []string{deltas(`{"insert":"😀😀"}`), deltas(`{"retain":4},{"insert":"ana@"}`), deltas(`{"retain":8},{"insert":"customers.example"}`)}, []int{0, 0, 1}, []int{0, 0, 1}},
		{"a deletion alone", []string{deltas(`{"insert":"x ana@customers.example"}`), deltas(`{"retain":2},{"delete":21}`), deltas(`{"retain":2},{"insert":"y"}`)}, []int{1, 0, 0}, []int{1, 0, 0}},
		{"other messages do not matter", []string{submit("+0:0:ana@cust:0"), `{"action":"ping","id":9}`, submit("+8:0:omers.example:0")}, []int{0, 0, 1}, []int{0, -1, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, w := s.Plan(socket("capi.grammarly.com", "/freews")), &engine.Window{}
			for i, message := range c.messages {
				b := textMessage(message)
				b.Window = w
				o := s.Evaluate(p, b)
				added := -1
				if o.Added != nil {
					added = o.Added.People
				}
				if o.Facts.Content.People != c.people[i] || added != c.added[i] || o.ShapeChanged {
					t.Errorf("message %d: %d people, %d added, shape changed %v; want %d, %d", i, o.Facts.Content.People, added, o.ShapeChanged, c.people[i], c.added[i])
				}
			}
		})
	}
}

func TestAStoppedMessageIsNotInTheWindow(t *testing.T) {
	s := policy(t, "rules:", "  - {name: mail, match: {data: {class: personal, people: '>=2'}}, action: block}")
	p, w := s.Plan(socket("capi.grammarly.com", "/freews")), &engine.Window{}
	for i, c := range []struct {
		message string
		people  int
		stops   bool
	}{
		{submit("+0:0:ana@customers.example :0"), 1, false},
		{submit("+22:0:bo@customers.example :0"), 2, true},
		{submit("+22:0:and so on:0"), 1, false},
		{submit("+22:0:cy@customers.example :0"), 2, true},
	} {
		b := textMessage(c.message)
		b.Window = w
		if o := s.Evaluate(p, b); o.Facts.Content.People != c.people || o.Verdict.Stops() != c.stops {
			t.Errorf("message %d: %d people, verdict %+v", i, o.Facts.Content.People, o.Verdict)
		}
	}
}

func TestATableInPiecesIsATable(t *testing.T) {
	s := policy(t, "rules:", "  - {name: lists, match: {data: {class: personal, people: '>=10'}}, action: block}")
	p, w := s.Plan(socket("capi.grammarly.com", "/freews")), &engine.Window{}
	list := customers(20)
	b := textMessage(submit("+0:0:" + list[:300] + ":0"))
	b.Window = w
	s.Evaluate(p, b)
	b = textMessage(submit(fmt.Sprintf("+300:0:%s:0", list[300:])))
	b.Window = w
	o := s.Evaluate(p, b)
	if _, whole := evaluate(s, socket("capi.grammarly.com", "/freews"), textMessage(submit("+0:0:"+list+":0"))); o.Facts.Content.People != 20 || whole.Facts.Content.People != 20 {
		t.Errorf("%d people in pieces, %d as a whole", o.Facts.Content.People, whole.Facts.Content.People)
	}
	if o.Added == nil || o.Added.People >= 20 || o.Added.People < 10 {
		t.Errorf("added %+v", o.Added)
	}
}
