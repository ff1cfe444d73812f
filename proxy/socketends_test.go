package proxy

import (
	"bytes"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/websocket"
)

// endings are the ways in which a WebSocket may come to its end; each is followed
// by the client closing what it still has.
var endings = map[string]func(t *testing.T, client *clientEnd, server *serverEnd){
	"the client resets": func(_ *testing.T, client *clientEnd, _ *serverEnd) { reset(client.Conn) },
	"the client ends its sending and goes": func(t *testing.T, client *clientEnd, _ *serverEnd) {
		closeWrite(client.Conn)
	},
	"the server resets": func(_ *testing.T, client *clientEnd, server *serverEnd) {
		reset(server.Conn)
		io.ReadAll(client.reader)
	},
	"the server goes in the midst of a frame": func(_ *testing.T, client *clientEnd, server *serverEnd) {
		server.Write([]byte{0x81, 0x7e, 0x01})
		server.Close()
		io.ReadAll(client.reader)
	},
	"a message is stopped": func(t *testing.T, client *clientEnd, _ *serverEnd) {
		client.say(t, masked(websocket.Text, "SECRET"))
		client.expectClose(t, websocket.StatusPolicyViolation)
	},
	"a message is stopped and the client never reads": func(t *testing.T, client *clientEnd, server *serverEnd) {
		flood(server)
		client.say(t, masked(websocket.Text, "SECRET"))
		server.waitEnd(t)
	},
	"a breach": func(t *testing.T, client *clientEnd, _ *serverEnd) {
		client.say(t, []byte{0x83, 0x80, 0, 0, 0, 0})
		client.expectClose(t, websocket.StatusProtocolError)
	},
	"a message is held that never ends": func(t *testing.T, client *clientEnd, server *serverEnd) {
		client.say(t, part(websocket.Header{Opcode: websocket.Text}, "begun"), masked(websocket.Ping, "!"))
		eventually(t, func() bool { return bytes.HasSuffix(server.received(), masked(websocket.Ping, "!")) })
	},
	"both close": func(t *testing.T, client *clientEnd, server *serverEnd) {
		client.say(t, masked(websocket.Close, "\x03\xe8"))
		server.waitEndOrClose(t)
	},
}

func reset(c net.Conn) {
	type netConn interface{ NetConn() net.Conn }
	for {
		inner, ok := c.(netConn)
		if !ok {
			break
		}
		c = inner.NetConn()
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}

// flood sends until nothing more is taken.
func flood(server *serverEnd) {
	frame := said(websocket.Binary, strings.Repeat("x", 60000))
	server.SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
	for {
		if _, err := server.Write(frame); err != nil {
			return
		}
	}
}

func (s *serverEnd) waitEndOrClose(t *testing.T) {
	t.Helper()
	eventually(t, func() bool { return len(s.received()) > 0 })
	s.Close()
}

// Whatever way a connection ends, it leaves its event and nothing else.
func TestAConnectionLeavesNothingBehind(t *testing.T) {
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			b := startSockets(t, holdMessages(), JudgeOptions{}, takeover, nil)
			client, server := b.open(t, "ai.example", "/") // what is made once is made now
			client.Close()
			server.waitEnd(t)
			eventually(t, func() bool { return b.events.count() == 1 })
			goroutines, files := runtime.NumGoroutine(), openFiles(t)
			const count = 3
			for range count {
				client, server := b.open(t, "ai.example", "/")
				client.say(t, masked(websocket.Text, "a clean one"))
				eventually(t, func() bool { return bytes.Contains(server.received(), masked(websocket.Text, "a clean one")) })
				end(t, client, server)
				client.Close()
				server.Close()
			}
			deadline := time.Now().Add(patience)
			for {
				nowGoroutines, nowFiles := runtime.NumGoroutine(), openFiles(t)
				if nowGoroutines <= goroutines && nowFiles <= files {
					break
				}
				if time.Now().After(deadline) {
					var stacks strings.Builder
					pprof.Lookup("goroutine").WriteTo(&stacks, 1)
					t.Fatalf("%d goroutines and %d files, before %d and %d\n%s", nowGoroutines, nowFiles, goroutines, files, stacks.String())
				}
				time.Sleep(5 * time.Millisecond)
			}
			messages, _ := b.end(t)
			upgrades := len(b.events.all) - len(messages)
			if upgrades != count+1 {
				t.Errorf("%d events of connections, want %d", upgrades, count+1)
			}
		})
	}
}

func (s *events) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.all)
}

func openFiles(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc to count files in")
	}
	return len(all)
}
