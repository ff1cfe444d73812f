package proxy

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"daylight.internal/proxy/metrics"
	"daylight.internal/proxy/proxytest"
	"daylight.internal/proxy/websocket"
)

// BenchmarkMessage is the time from a client's message of 300 bytes to the
// server's answer: past the proxy, and through it with the real engine. Client,
// proxy and server share the process: compare with each other only.
func BenchmarkMessage(b *testing.B) {
	answer := said(websocket.Text, "ok")
	server := proxytest.NewServer(b, upgradeTo(func(c net.Conn, rw *bufio.ReadWriter) {
		for buf := make([]byte, 4096); ; {
			if _, err := rw.Read(buf); err != nil {
				return
			}
			if _, err := c.Write(answer); err != nil {
				return
			}
		}
	}), "api.openai.com")
	b.Run("direct", func(b *testing.B) {
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		exchangeMessages(b, tls.Client(c, &tls.Config{InsecureSkipVerify: true, ServerName: "api.openai.com"}), answer)
	})
	for _, mode := range []struct{ name, rules string }{
		{"unread", "[{name: all, match: {traffic: any}, action: allow}]"},
		{"observed", "[{name: all, match: {traffic: any}, action: log}]"},
		{"held", "[{name: lists, match: {data: {class: personal, people: \">=3\"}}, action: block}]"},
	} {
		b.Run(mode.name, func(b *testing.B) {
			m := metrics.New(metrics.Build{})
			snapshots := NewSnapshots(func() (Snapshot, error) { return compile(b, "version: 1\nrules: "+mode.rules+"\n"), nil }, m)
			if err := snapshots.Load(); err != nil {
				b.Fatal(err)
			}
			judge := NewJudge(JudgeOptions{Snapshots: snapshots, Metrics: m})
			p := startProxy(b, func(_ *Config, d *Dependencies) { d.Inspector, d.Counters = judge, m }, server)
			roots := x509.NewCertPool()
			roots.AppendCertsFromPEM(p.ca)
			exchangeMessages(b, tls.Client(p.openTunnel(b, "api.openai.com:443"), &tls.Config{RootCAs: roots, ServerName: "api.openai.com"}), answer)
		})
	}
}

func exchangeMessages(b *testing.B, c net.Conn, answer []byte) {
	defer c.Close()
	fmt.Fprint(c, "GET /v1/realtime HTTP/1.1\r\nHost: api.openai.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n")
	reader := bufio.NewReader(c)
	if resp, err := http.ReadResponse(reader, &http.Request{Method: http.MethodGet}); err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		b.Fatal(resp, err)
	}
	text := fmt.Sprintf(`{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"%s"}]}}`,
		"Write three friendly headlines for our autumn campaign about shoes, for readers between twenty and thirty, with a call to action in each of them, and no exclamation mark at all, please, thank you.")
	message, got, times := masked(websocket.Text, text), make([]byte, len(answer)), []time.Duration{}
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		if _, err := c.Write(message); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(reader, got); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs-p50")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs-p99")
}
