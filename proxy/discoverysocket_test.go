package proxy

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
)

// talkative starts a WebSocket server that answers each message of the client with
// the answer that a model gives, of which the last piece is "end".
func talkative(t *testing.T, policy, extensions string) *wild {
	t.Helper()
	upgrade := upgradeTo(func(c net.Conn, rw *bufio.ReadWriter) {
		r := websocket.Reader{Extensions: websocket.ParseExtensions([]string{extensions})}
		buf := make([]byte, 4<<10)
		pack := newCompressor(true)
		for {
			n, err := rw.Read(buf)
			if err != nil {
				return
			}
			for rest := buf[:n]; len(rest) > 0; {
				var p websocket.Piece
				if p, rest, err = r.Next(rest); err != nil || r.Closed() {
					return
				}
				if !p.End {
					continue
				}
				for i := range 4 {
					text := fmt.Sprintf(`{"object":"chat.completion.chunk","choices":[{"delta":{"content":" word %d"}}]}`, i)
					if i == 3 {
						text = "end"
					}
					if extensions != "" {
						c.Write(saidPacked(t, pack, text))
					} else {
						c.Write(said(websocket.Text, text))
					}
				}
			}
		}
	})
	return startWild(t, policy, func(w http.ResponseWriter, r *http.Request) {
		if extensions != "" {
			w.Header().Set("Sec-Websocket-Extensions", extensions)
		}
		upgrade(w, r)
	})
}

// talk opens a WebSocket.
func (w *wild) talk(t *testing.T, path string) *clientEnd {
	t.Helper()
	b := socketBench{testProxy: w.testProxy, servers: make(chan *serverEnd, 1)}
	b.servers <- nil
	c, _ := b.open(t, "copy.startup.example", path)
	return c
}

// hearAnswer reads messages of the server to the one that is "end", or to a close frame.
func hearAnswer(t *testing.T, c *clientEnd, compressed bool) (closed bool) {
	t.Helper()
	e := websocket.ParseExtensions(nil)
	inflater := websocket.NewInflater(new(websocket.Inflaters), e, 100)
	messages := websocket.Beginnings{Limit: 1 << 10}
	buf := make([]byte, 1)
	for ended := false; !ended; {
		if _, err := c.reader.Read(buf); err != nil {
			return true
		}
		messages.Add(buf, func(first websocket.Header, payload []byte, _ bool) {
			text := string(payload)
			if first.Reserved != 0 {
				var out strings.Builder
				inflater.Inflate(&out, strings.NewReader(text))
				text = out.String()
			}
			ended = strings.HasPrefix(text, "end")
		})
	}
	return false
}

func TestWhatAWebSocketAnswersHoldsTheNextMessage(t *testing.T) {
	for _, extensions := range []string{"", "permessage-deflate"} {
		w := talkative(t, unlistedPolicy, extensions)
		c := w.talk(t, "/live")
		say := func(text string) {
			if extensions == "" {
				c.Write(masked(websocket.Text, text))
			}
		}
		pack := newCompressor(true)
		if extensions != "" {
			say = func(text string) { c.Write(pack.message(text)) }
		}
		say(neutral("please write a friendly mail about the order of the customer"))
		if hearAnswer(t, c, extensions != "") {
			t.Fatalf("%q: closed", extensions)
		}
		say(neutral(personal))
		if !hearAnswer(t, c, extensions != "") {
			t.Errorf("%q: the second message reached the server", extensions)
		}
		c.Close()
		messages, upgrade := socketEvents(t, w)
		if upgrade.Service.ID != rules.Suspected || !slices.Contains(upgrade.Service.Evidence, "model_frames") {
			t.Errorf("%q: the connection: %+v", extensions, upgrade.Service)
		}
		if len(messages) != 1 || messages[0].Service.ID != rules.Suspected || !messages[0].Verdict.Enforced || messages[0].Timing.Mode != audit.ModeHold ||
			messages[0].Verdict.Rule != "unreviewed" || messages[0].Shape == nil || messages[0].Shape.Text != "ws:$.b.c" {
			t.Errorf("%q: the messages: %+v", extensions, messages)
		}
	}
}

func TestAMessageInTheShapeOfAIIsHeldAtOnce(t *testing.T) {
	w := talkative(t, unlistedPolicy, "")
	c := w.talk(t, "/live")
	c.Write(masked(websocket.Text, `{"model":"m","messages":[{"role":"user","content":"`+personal+`"}]}`))
	if !hearAnswer(t, c, false) {
		t.Error("the message reached the server")
	}
	c.Close()
	if messages, _ := socketEvents(t, w); len(messages) != 1 || !messages[0].Verdict.Enforced || !slices.Contains(messages[0].Service.Evidence, "chat_body") {
		t.Errorf("%+v", messages)
	}
}

func TestOrdinaryMessagesLeaveAtOnceAndWithoutAnEvent(t *testing.T) {
	for _, extensions := range []string{"", "permessage-deflate"} {
		got := make(chan string, 100)
		w := startWild(t, unlistedPolicy, func(w http.ResponseWriter, r *http.Request) {
			if extensions != "" {
				w.Header().Set("Sec-Websocket-Extensions", extensions)
			}
			upgradeTo(func(c net.Conn, rw *bufio.ReadWriter) {
				buf := make([]byte, 4<<10)
				for {
					n, err := rw.Read(buf)
					if err != nil {
						return
					}
					got <- string(buf[:n])
				}
			})(w, r)
		})
		c := w.talk(t, "/board")
		whole := masked(websocket.Text, `{"type":"move","x":1,"y":2,"who":"ana.kovac@customer.example"}`)
		if extensions != "" {
			whole = newCompressor(true).message(`{"type":"move","x":1,"who":"ana.kovac@customer.example"}`)
		} else { // the first bytes leave before the last ones come
			c.Write(whole[:20])
			var first string
			for len(first) < 20 {
				first += wait(t, got, "the beginning of the message")
			}
			whole = whole[20:]
		}
		c.Write(whole)
		wait(t, got, "the message")
		c.Close()
		messages, upgrade := socketEvents(t, w)
		if len(messages) != 0 || upgrade.Service.ID != "" {
			t.Errorf("%q: %d events of messages, %+v", extensions, len(messages), upgrade.Service)
		}
	}
}

// socketEvents waits for the end and returns the events of messages and that of
// their connection.
func socketEvents(t *testing.T, w *wild) (messages []audit.Event, upgrade audit.Event) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := w.Shutdown(ctx); err != nil {
		t.Fatal(err)
	}
	for _, e := range w.end(t) {
		if e.Response.Status == http.StatusSwitchingProtocols {
			upgrade = e
		} else {
			messages = append(messages, e)
		}
	}
	return messages, upgrade
}

// saidPacked is a compressed message of a server.
func saidPacked(t *testing.T, c *compressor, text string) []byte {
	t.Helper()
	all := hearClient(t, websocket.Extensions{Deflate: true}, c.message(text))
	return websocket.AppendFrame(nil, websocket.Header{Final: true, Opcode: websocket.Text, Reserved: websocket.Compressed}, []byte(all[0].payload))
}
