package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/rules"
)

// judgedHandshake sends a request to a server on ai.example:80 that answers each
// with the same head and then echoes, and returns the client's connection.
func judgedHandshake(t *testing.T, answer, request string) (*socketBench, net.Conn) {
	t.Helper()
	address := tcpServer(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		if _, err := http.ReadRequest(r); err == nil {
			io.WriteString(c, answer)
		}
		io.Copy(io.Discard, r)
	})
	b := &socketBench{events: &events{}, metrics: metrics.New(metrics.Build{})}
	snapshots := NewSnapshots(func() (Snapshot, error) { return holdMessages(), nil }, b.metrics)
	if err := snapshots.Load(); err != nil {
		t.Fatal(err)
	}
	b.judge = NewJudge(JudgeOptions{Snapshots: snapshots, Events: b.events, Metrics: b.metrics, TempDir: t.TempDir()})
	b.testProxy = startProxy(t, func(c *Config, d *Dependencies) {
		d.Inspector, d.Counters = b.judge, b.metrics
		c.Upstream.Hosts["ai.example:80"] = address
	})
	c := b.dial(t)
	fmt.Fprintf(c, request, "http://ai.example/ws")
	return b, c
}

// only ends everything and returns the one event.
func (b *socketBench) only(t *testing.T) audit.Event {
	t.Helper()
	shutDown(t, b.testProxy, b.judge)
	if len(b.events.all) != 1 {
		t.Fatalf("%d events: %+v", len(b.events.all), b.events.all)
	}
	return b.events.all[0]
}

// A server must say what it can switch to (RFC 9110 15.5.22); that is no switch.
func TestAServerThatAsksForAnUpgradeIsHeardWhole(t *testing.T) {
	const answer = "HTTP/1.1 426 Upgrade Required\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 13\r\n\r\nuse WebSocket"
	b, c := judgedHandshake(t, answer, "GET %s HTTP/1.1\r\nHost: ai.example\r\nConnection: close\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if string(body) != "use WebSocket" || err != nil || resp.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("%d %q %v", resp.StatusCode, body, err)
	}
	if e := b.only(t); e.Response.Status != http.StatusUpgradeRequired || e.Response.Bytes != 13 {
		t.Errorf("event %+v", e)
	}
}

// What is switched to must be what was asked for: nothing else is read.
func TestASwitchToSomethingElseIsAnError(t *testing.T) {
	for _, head := range []string{"Connection: Upgrade\r\nUpgrade: own\r\n", "Connection: Upgrade\r\n", "Upgrade: websocket\r\n", ""} {
		t.Run(head, func(t *testing.T) {
			b, c := judgedHandshake(t, "HTTP/1.1 101 Switching Protocols\r\n"+head+"\r\n", upgradeRequest)
			resp, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil || resp.StatusCode != http.StatusBadGateway {
				t.Fatalf("%v %v", resp, err)
			}
			c.Close()
			if e := b.only(t); !strings.Contains(e.Error, "server_protocol") {
				t.Errorf("event %+v", e)
			}
		})
	}
}

// What a request says of its connection alone never comes to the server, and so
// does not make the catalogue see another operation.
func TestWhatTheServerDoesNotGetIsNotJudged(t *testing.T) {
	heard := make(chan http.Header, 1)
	handler := func(_ http.ResponseWriter, r *http.Request) { heard <- r.Header }
	server := proxytest.NewServer(t, http.HandlerFunc(handler), "ai.example")
	seen := make(chan http.Header, 1)
	p := startProxy(t, func(_ *Config, d *Dependencies) { d.Inspector = headInspector{newRecorder(), seen} }, server)
	c := p.openInner(t, "ai.example:443")
	io.WriteString(c, "POST / HTTP/1.1\r\nHost: ai.example\r\nUpgrade: websocket\r\nConnection: Content-Encoding\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n{}")
	wait(t, heard, "the request")
	judged := wait(t, seen, "the judgement")
	for _, name := range []string{"Upgrade", "Content-Encoding", "Connection"} {
		if judged[name] != nil {
			t.Errorf("%s is judged", name)
		}
	}
}

// headInspector tells what it is to judge.
type headInspector struct {
	*recorder
	seen chan http.Header
}

func (i headInspector) exchange(r *http.Request, client rules.Client, t *tunnelInfo) exchanger {
	i.seen <- r.Header.Clone()
	return i.recorder.exchange(r, client, t)
}
