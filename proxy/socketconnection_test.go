package proxy

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"daylight.internal/classifier"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/proxy/websocket"
	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
)

func TestTheServerStreamsWhileAMessageIsHeld(t *testing.T) {
	release := make(chan struct{})
	p := &policy{service: "chat", need: rules.Hold, evaluate: func(b engine.Body) engine.Outcome {
		if b.Frame != engine.NoFrame {
			<-release
		}
		return engine.Outcome{Verdict: rules.Verdict{Action: rules.Log}}
	}}
	b := startSockets(t, p, JudgeOptions{}, "", nil)
	client, server := b.open(t, "ai.example", "/")
	message := masked(websocket.Text, "held")
	client.say(t, message)
	const count = 2000
	go func() {
		for i := range count {
			server.Write(said(websocket.Text, fmt.Sprintf("%d%1000d", i, 0)))
		}
	}()
	for i := range count {
		if f := client.next(t); !strings.HasPrefix(f.payload, fmt.Sprint(i)) {
			t.Fatalf("message %d: %.20q", i, f.payload)
		}
	}
	if got := server.received(); len(got) > 0 {
		t.Errorf("the server got %q before the verdict", got)
	}
	close(release)
	server.expect(t, message)
	client.Close()
	b.end(t)
}

func TestABreachOfTheProtocolEndsTheConnection(t *testing.T) {
	t.Parallel()
	b := startSockets(t, holdMessages(), JudgeOptions{}, "", nil)
	client, server := b.open(t, "ai.example", "/")
	good := masked(websocket.Text, "good")
	client.say(t, good, part(websocket.Header{Opcode: websocket.Text}, "begun"), masked(websocket.Text, "in the midst of it"))
	client.expectClose(t, websocket.StatusProtocolError)
	server.waitEnd(t)
	if all := hearClient(t, websocket.Extensions{}, server.received()); len(all) != 2 || all[0].payload != "good" || all[1].opcode != websocket.Close {
		t.Errorf("the server got %+v", all)
	}
	messages, upgrade := b.end(t)
	if len(messages) != 2 || messages[1].Error != "websocket_protocol" || messages[1].Verdict.Action != rules.Block || upgrade.Error != "websocket_protocol" {
		t.Errorf("events %+v %+v", messages, upgrade)
	}
}

func TestAClientThatGoesInTheMidstOfAMessage(t *testing.T) {
	for name, p := range map[string]*policy{"held": holdMessages(), "observed": observeMessages()} {
		t.Run(name, func(t *testing.T) {
			b := startSockets(t, p, JudgeOptions{}, "", nil)
			client, server := b.open(t, "ai.example", "/")
			beginning := part(websocket.Header{Opcode: websocket.Text}, "a beginning")
			client.say(t, beginning)
			if name == "observed" {
				server.expect(t, beginning)
			}
			client.Close()
			server.waitEnd(t)
			if name == "held" && len(server.received()) > 0 {
				t.Errorf("the server got %q", server.received())
			}
			messages, _ := b.end(t)
			if len(messages) != 1 || messages[0].Error != "client_gone" || messages[0].Request.Bytes != 11 || messages[0].Coverage.State == classifier.Complete {
				t.Errorf("events %+v", messages)
			}
		})
	}
}

func TestTheServerIsHeardAfterTheClientHasEnded(t *testing.T) {
	b := startSockets(t, holdMessages(), JudgeOptions{}, "", nil)
	client, server := b.open(t, "ai.example", "/")
	message := masked(websocket.Text, "the last one")
	server.stays = make(chan struct{})
	client.say(t, message)
	closeWrite(client.Conn)
	server.waitEnd(t)
	server.expect(t, message)
	for i := range 3000 { // one after the other, for longer than a connection takes to close
		answer := fmt.Sprint("answer ", i)
		server.Write(said(websocket.Text, answer))
		if f := client.next(t); f.payload != answer {
			t.Fatalf("%+v", f)
		}
	}
	close(server.stays)
	if rest, err := io.ReadAll(client.reader); len(rest) > 0 || err != nil {
		t.Errorf("%q %v", rest, err)
	}
	client.Close()
	b.end(t)
}

func TestASilentConnectionEndsWithWhatItHolds(t *testing.T) {
	t.Parallel()
	b := startSockets(t, holdMessages(), JudgeOptions{}, "", func(c *Config) { c.Limits.TunnelIdleTimeout = 3 * time.Second })
	client, server := b.open(t, "ai.example", "/")
	client.say(t, part(websocket.Header{Opcode: websocket.Text}, "begun"))
	io.ReadAll(client.reader)
	server.waitEnd(t)
	if messages, _ := b.end(t); len(server.received()) > 0 || len(messages) != 1 || messages[0].Error != "client_gone" {
		t.Errorf("the server got %q, events %+v", server.received(), messages)
	}
}

func TestAnErrorEventWaitsForItsPlace(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	u := newUpgrade(struct{ io.ReadWriteCloser }{near}, new(Proxy), func() { near.Close() })
	defer u.close()
	u.timer.Stop()
	client := u.takeClient(near).(*upgradedClient)
	fragment := func(h websocket.Header, text string) []byte { return websocket.AppendFrame(nil, h, []byte(text)) }
	frames := make(chan string, 10)
	go func() {
		for {
			f, err := readFrame(far)
			if err != nil {
				return
			}
			frames <- fmt.Sprint(f.opcode, " ", f.payload)
		}
	}()
	client.Write(fragment(websocket.Header{Opcode: websocket.Text}, "the beginning"))
	inserted := make(chan error, 1)
	go func() { inserted <- client.insert(said(websocket.Text, "the error"), websocket.MessageBorder) }()
	eventually(t, func() bool {
		client.turn <- struct{}{}
		defer func() { <-client.turn }()
		return client.waiting != nil
	})
	client.Write(bytes.Join([][]byte{said(websocket.Ping, "a ping"), fragment(websocket.Header{Final: true}, "the end"), said(websocket.Text, "another")}, nil))
	for _, want := range []string{"1 the beginning", "9 a ping", "0 the end", "1 the error", "1 another"} {
		if got := wait(t, frames, want); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if err := wait(t, inserted, "the insertion"); err != nil {
		t.Error(err)
	}
}

func TestAMessageThatCannotBeWrittenAnewEndsTheConnection(t *testing.T) {
	t.Parallel()
	p := holdMessages()
	p.shape = catalog.OpenAIError
	b := startSockets(t, p, JudgeOptions{}, takeover, nil)
	client, server := b.open(t, "ai.example", "/")
	client.say(t, newCompressor(true).message("a SECRET"))
	client.next(t)
	client.say(t, part(websocket.Header{Final: true, Opcode: websocket.Text, Reserved: websocket.Compressed}, "\x07\x07\x07"))
	client.expectClose(t, websocket.StatusPolicyViolation)
	server.waitEnd(t)
	if all := hearClient(t, websocket.Extensions{Deflate: true}, server.received()); len(all) != 1 || all[0].opcode != websocket.Close {
		t.Errorf("the server got %+v", all)
	}
	if messages, _ := b.end(t); len(messages) != 2 || messages[1].Error != "websocket_rewrite" || messages[1].Verdict.Action != rules.Block || !messages[1].Verdict.Enforced {
		t.Errorf("events %+v", messages)
	}
}

func TestAConnectionWithoutAPlaceForTheErrorIsClosed(t *testing.T) {
	t.Parallel()
	p := holdMessages()
	p.shape = catalog.OpenAIError
	b := startSockets(t, p, JudgeOptions{}, "", nil)
	client, server := b.open(t, "ai.example", "/")
	endless := websocket.AppendFrame(nil, websocket.Header{Opcode: websocket.Text}, []byte("a message that never ends"))
	server.Write(endless)
	client.next(t)
	client.say(t, masked(websocket.Text, "SECRET"))
	client.expectClose(t, websocket.StatusPolicyViolation)
	server.waitEnd(t)
	b.end(t)
}

func TestAMessageIsBlockedOnEveryWay(t *testing.T) {
	for name := range websocketWays(t, nil, nil) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bench := newBench(t, holdMessages(), JudgeOptions{}, nil)
			got := make(chan []byte, 1)
			handler := upgradeTo(func(_ net.Conn, rw *bufio.ReadWriter) {
				all, _ := io.ReadAll(rw)
				got <- all
			})
			c, target := judgedWay(t, name, handler, bench.judge)
			message := masked(websocket.Text, "a SECRET")
			fmt.Fprintf(c, upgradeRequest, target) // the message comes in the same write or behind it
			c.Write(message)
			client := &clientEnd{Conn: c, reader: bufio.NewReader(c)}
			if resp, err := http.ReadResponse(client.reader, &http.Request{Method: http.MethodGet}); err != nil || resp.StatusCode != 101 {
				t.Fatalf("%v %v", resp, err)
			}
			client.expectClose(t, websocket.StatusPolicyViolation)
			if all := hearClient(t, websocket.Extensions{}, wait(t, got, "the server's end")); len(all) != 1 || all[0].opcode != websocket.Close {
				t.Errorf("the server got %+v", all)
			}
		})
	}
}

func judgedWay(t *testing.T, name string, handler http.HandlerFunc, judge *Judge) (net.Conn, string) {
	t.Helper()
	plain := httptest.NewServer(handler)
	t.Cleanup(func() { plain.CloseClientConnections(); plain.Close() })
	p := startProxy(t, func(c *Config, d *Dependencies) {
		d.Inspector = judge
		c.Upstream.Hosts["ai.example:80"] = plain.Listener.Addr().String()
	}, proxytest.NewServer(t, handler, "ai.example"))
	switch name {
	case "wss intercepted":
		return p.openInner(t, "ai.example:443"), "/ws"
	case "ws in a CONNECT":
		return p.openTunnel(t, "ai.example:80"), "/ws"
	case "http in absolute form":
		return p.dial(t), "http://ai.example/ws"
	}
	return p.dial(t), "ws://ai.example/ws"
}
