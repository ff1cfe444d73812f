package engine_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"daylight.internal/rules/engine"
)

// enveloped is one message of a stream, a protocol buffer or JSON.
func enveloped(message []byte) engine.Body {
	b := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)
	return engine.Body{Bytes: b, Total: int64(len(b))}
}

// field is a message with a text at .1.2.
func field(text string) []byte {
	inner := protowire.AppendString(protowire.AppendTag(nil, 2, protowire.BytesType), text)
	return protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), inner)
}

func cursor(media string) engine.Request {
	r, _ := post("api2.cursor.sh", "/aiserver.v1.ChatService/StreamUnifiedChatWithTools", "")
	r.Header, r.Length = map[string][]string{"Content-Type": {media}}, -1
	return r
}

func person(i int) string { return fmt.Sprintf("Please add person.%d@customers.example to it", i) }

func TestTenPeopleInTenMessagesAreTenPeople(t *testing.T) {
	s := policy(t, "rules:", "  - {name: lists, match: {data: {class: personal, people: '>=10'}}, action: block}")
	kimi, _ := post("www.kimi.com", "/apiv2/kimi.gateway.chat.v1.ChatService/Chat", "")
	kimi.Header["Content-Type"] = []string{"application/connect+json"}
	for _, c := range []struct {
		name    string
		request engine.Request
		message func(text string) []byte
		at      string
	}{
		{"gRPC", cursor("application/grpc"), field, "connect protobuf .1.2"},
		{"Connect", cursor("application/connect+proto"), field, "connect protobuf .1.2"},
		{"Connect with JSON", kimi, func(text string) []byte {
			return fmt.Appendf(nil, `{"message":{"role":"user","blocks":[{"text":{"content":%q}}]}}`, text)
		}, "connect $.message.blocks[0].text.content"},
		{"beside the prompt", kimi, func(text string) []byte {
			return fmt.Appendf(nil, `{"message":{"blocks":[{"text":{"content":"go on"}}]},"note":%q}`, strings.Fields(text)[2])
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, w := s.Plan(c.request), &engine.Window{}
			for i := range 10 {
				b := enveloped(c.message(person(i)))
				b.Window = w
				o := s.Evaluate(p, b)
				if want := 1; i < 9 && c.at != "" && o.Added.People != want {
					t.Errorf("message %d added %d people", i, o.Added.People)
				}
				if c.at != "" && (o.Facts.Content.People != i+1 || o.Facts.Content.Findings[0].Location != c.at) {
					t.Errorf("message %d: %d people, %+v", i, o.Facts.Content.People, o.Facts.Content.Findings)
				}
				if o.Verdict.Stops() != (i == 9) || o.ShapeChanged {
					t.Errorf("message %d: verdict %+v, shape changed %v", i, o.Verdict, o.ShapeChanged)
				}
				clear(b.Bytes) // the next message may come in the same bytes
			}
			b := enveloped(c.message("and thanks a lot"))
			b.Window = w
			if o := s.Evaluate(p, b); o.Verdict.Stops() {
				t.Errorf("the message behind the stopped one: %+v", o.Verdict)
			}
		})
	}
}

func TestAValueOfAStreamIsToldOnce(t *testing.T) {
	s := policy(t, "rules:", "  - {name: none, match: {}, action: log}")
	r := cursor("application/grpc")
	r.Query = "note=Please+write+to+ana%40customers.example+as+soon+as+you+can"
	p, w := s.Plan(r), &engine.Window{}
	for i, want := range []struct{ counted, added, people int }{{2, 2, 2}, {3, 1, 0}, {4, 1, 1}} {
		b := enveloped(field(person(i / 2)))
		b.Window = w
		o := s.Evaluate(p, b)
		if got := o.Facts.Content.Findings[0].Count; got != want.counted {
			t.Errorf("message %d: %d values in the window, want %d", i, got, want.counted)
		}
		if got := o.Added.Findings[0].Count; got != want.added || o.Added.People != want.people {
			t.Errorf("message %d: %d values and %d people added", i, got, o.Added.People)
		}
	}
}

func TestAWindowIsBounded(t *testing.T) {
	s := policy(t, "rules:", "  - {name: none, match: {}, action: log}")
	p, w := s.Plan(cursor("application/grpc")), &engine.Window{}
	added, most := 0, 0
	for i := range 400 {
		b := enveloped(field(person(i) + strings.Repeat(" and so on", 40)))
		b.Window = w
		o := s.Evaluate(p, b)
		added += o.Added.People
		most = max(most, o.Facts.Content.People)
	}
	// A message has some 440 bytes, 64 KiB of them are 149.
	if added != 400 || most < 110 || most > 150 {
		t.Errorf("%d people added, %d at most at once", added, most)
	}
	b := enveloped(field(strings.Repeat("One very long text. ", 10_000) + "ana@customers.example"))
	b.Window = w
	if o := s.Evaluate(p, b); o.Added.People != 1 {
		t.Errorf("%d people added", o.Added.People)
	}
	b = enveloped(field("bo@customers.example"))
	b.Window = w
	if o := s.Evaluate(p, b); o.Facts.Content.People != 2 || o.Added.People != 1 {
		t.Errorf("behind a message larger than the window: %d people, %d added", o.Facts.Content.People, o.Added.People)
	}
}

func TestCompressionOfMessagesIsTakenFromTheHead(t *testing.T) {
	s := policy(t, "rules:", "  - {name: unread, match: {coverage: undecodable}, action: block}")
	for header, want := range map[string]string{"Grpc-Encoding": "unknown_encoding", "Connect-Content-Encoding": "unknown_encoding", "X-Encoding": "corrupt"} {
		r := cursor("application/grpc")
		r.Header[header] = []string{"lz4"}
		b := enveloped([]byte("\x04\x22\x4d\x18\xff\xfe\x00\x00"))
		b.Bytes[0] = 1
		if _, o := evaluate(s, r, b); o.Facts.Content.Coverage.Reason != want || !o.Verdict.Stops() {
			t.Errorf("%s: coverage %+v", header, o.Facts.Content.Coverage)
		}
	}
}

// FuzzMessages holds what is true of any messages over one connection: what is
// added is never negative, and never more than what is in the window.
func FuzzMessages(f *testing.F) {
	f.Add("capi.grammarly.com", "/freews", []byte(submit("+0:0:ana@customers.example:0")), []byte(deltas(`{"retain":3},{"delete":9}`)), true)
	f.Add(copilot, "/c/api/chat", []byte(`{"event":"send","content":[{"text":"a"}]}`), []byte("\x1e\x1e"), false)
	f.Add("api2.cursor.sh", "/aiserver.v1.ChatService/X", enveloped(field("ana@customers.example")).Bytes, []byte("\x00\x00\x00\x00\x02{}"), false)
	s := policy(f, "rules:", "  - {name: mail, match: {data: {class: personal, people: '>=2'}}, action: block}")
	f.Fuzz(func(t *testing.T, host, path string, first, second []byte, framed bool) {
		p, w := s.Plan(socket(host, path)), &engine.Window{}
		for i := range 6 {
			b := engine.Body{Bytes: [][]byte{first, second}[i&1], Window: w}
			b.Total = int64(len(b.Bytes))
			if framed {
				b.Frame = engine.TextFrame + engine.Frame(i&1)
			}
			o := s.Evaluate(p, b)
			if o.Added == nil {
				continue
			}
			if o.Added.People < 0 || o.Added.People > o.Facts.Content.People {
				t.Errorf("%d people added, %d in all", o.Added.People, o.Facts.Content.People)
			}
			for _, finding := range o.Added.Findings {
				if finding.Count <= 0 {
					t.Errorf("added %+v", finding)
				}
			}
		}
	})
}

// BenchmarkMessage judges a message from its plan to its verdict.
func BenchmarkMessage(b *testing.B) {
	sentence := "Could you make this slogan for our bakery in the old town a little shorter and friendlier? "
	s := compile(b, engine.Source{})
	full := func(p engine.Plan, make func(string) engine.Body) *engine.Window {
		w := &engine.Window{}
		for range 160 {
			body := make(strings.Repeat(sentence, 5))
			body.Window = w
			s.Evaluate(p, body)
		}
		return w
	}
	stream := func(text string) engine.Body { return enveloped(field(text)) }
	edit := func(text string) engine.Body { return textMessage(submit("+60000:0:" + text + ":0")) }
	for _, c := range []struct {
		name    string
		request engine.Request
		body    engine.Body
		fill    func(string) engine.Body
	}{
		{"WebSocket of 300 bytes", socket(copilot, "/c/api/chat"), textMessage(`{"event":"send","conversationId":"c1","content":[{"type":"text","text":"` + strings.Repeat(sentence, 3)[:220] + `"}],"mode":"chat"}`), nil},
		{"SignalR of 300 bytes", socket(m365, hub), textMessage(chathub(strings.Repeat(sentence, 3)[:190])), nil},
		{"gRPC of 300 bytes", cursor("application/grpc"), stream(strings.Repeat(sentence, 4)[:285]), nil},
		{"gRPC of 200 bytes, full window", cursor("application/grpc"), stream(strings.Repeat(sentence, 3)[:185]), stream},
		{"edit of 200 bytes, full window", socket("capi.grammarly.com", "/freews"), edit(strings.Repeat(sentence, 3)[:140]), edit},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := s.Plan(c.request)
			var w *engine.Window
			if c.fill != nil {
				w = full(p, c.fill)
			}
			b.ReportAllocs()
			for b.Loop() {
				body := c.body
				if w != nil {
					again := *w // every time the same window
					body.Window = &again
				}
				s.Evaluate(s.Plan(c.request), body)
			}
		})
	}
}
