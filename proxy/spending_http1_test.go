package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"daylight.internal/proxy/audit"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules"
)

// What a client of HTTP/1 can send without end, and how much of it is taken until the
// connection ends.
func TestFloodsOfHTTP1End(t *testing.T) {
	const mib = 1 << 20
	post := "POST http://plain.example/ HTTP/1.1\r\nHost: plain.example\r\nTransfer-Encoding: chunked\r\n"
	for _, c := range []struct {
		name, begin string
		piece       string
		most        int
	}{
		{"a request line", "GET http://plain.example/", strings.Repeat("a", 1000), 16 * mib},
		{"header fields", "GET http://plain.example/ HTTP/1.1\r\n", strings.Repeat("X-A: b\r\n", 100), 16 * mib},
		{"a field that goes on", "GET http://plain.example/ HTTP/1.1\r\nX: ", strings.Repeat("a", 1000), 16 * mib},
		{"trailers", post + "Trailer: X\r\n\r\n0\r\n", strings.Repeat("X: a\r\n", 100), 16 * mib},
		{"one extension of a chunk", post + "\r\n1;", strings.Repeat("a", 1000), 16 * mib},
		{"chunks with long extensions", post + "\r\n", strings.Repeat("1;"+strings.Repeat("a", 1000)+"\r\nx\r\n", 4), 16 * mib},
		{"a size of a chunk", post + "\r\n", strings.Repeat("0", 1000), 16 * mib},
	} {
		t.Run(c.name, func(t *testing.T) {
			address := tcpServer(t, func(c net.Conn) { io.Copy(io.Discard, c) })
			p, _ := startCrowd(t, func(c *Config, _ *Dependencies) { c.Upstream.Hosts["plain.example:80"] = address })
			conn := p.dialAs(t, "10.66.6.6")
			io.WriteString(conn, c.begin)
			before, taken := heap(), 0
			conn.SetWriteDeadline(time.Now().Add(patience))
			var err error
			for taken < 64*mib && err == nil {
				var n int
				n, err = io.WriteString(conn, c.piece)
				taken += n
			}
			if grown := heap() - before; err == nil || taken > c.most || grown > 4*mib {
				t.Errorf("%d bytes were taken, %v; the heap grew by %d bytes", taken, err, grown)
			} else {
				t.Logf("%d KiB taken, the heap grew by %d KiB", taken>>10, grown>>10)
			}
		})
	}
}

// Requests in a row go one after the other, however many come at once.
func TestPipelinedRequestsGoOneByOne(t *testing.T) {
	const flood = 2000
	address := tcpServer(t, func(c net.Conn) {
		in := bufio.NewReader(c)
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			io.Copy(io.Discard, r.Body)
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}
	})
	p, _ := startCrowd(t, func(c *Config, _ *Dependencies) { c.Upstream.Hosts["plain.example:80"] = address })
	conn := p.dialAs(t, "10.66.6.6")
	most := 0
	p.onRequest = func(*http.Request) *http.Response {
		begun, ended := p.begun()
		most = max(most, begun-ended)
		return nil
	}
	before := runtime.NumGoroutine()
	go io.WriteString(conn, strings.Repeat("GET http://plain.example/ HTTP/1.1\r\nHost: plain.example\r\n\r\n", flood))
	in := bufio.NewReader(conn)
	for i := range flood {
		resp, err := http.ReadResponse(in, nil)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("answer %d: %v %v", i, resp, err)
		}
	}
	p.wait(t, flood)
	if grown := runtime.NumGoroutine() - before; most != 1 || grown > 20 {
		t.Errorf("%d at once, %d goroutines more", most, grown)
	}
}

// Whatever clients name, the metrics keep their number of series.
func TestHostileNamesMakeNoSeries(t *testing.T) {
	m := metrics.New(metrics.Build{})
	m.SetKnown(metrics.Known{Services: []metrics.Service{{ID: "chat", Category: "chat"}}, Groups: []string{"marketing"}, Classes: []string{"personal"}})
	series := func() (n int) {
		families, err := m.Gatherer().Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			if strings.HasPrefix(f.GetName(), "daylight_") {
				n += len(f.GetMetric())
			}
		}
		return n
	}
	record := func(i int) {
		name := fmt.Sprintf("h%d\"}\n.example", i)
		e := audit.Event{Kind: audit.KindExchange, Client: audit.Client{User: name, Group: name}, Error: name}
		e.Destination.Host, e.Destination.SNI, e.Destination.Protocol = name, name, name
		e.Service.ID, e.Request.Method, e.Request.MediaType = name, name, name
		e.Verdict.Rule, e.Verdict.Action = name, rules.Log
		m.Record(e)
		m.LimitHit("connections")
	}
	record(0)
	first := series()
	for i := range 20000 {
		record(i + 1)
	}
	if last := series(); last > first+300 {
		t.Errorf("%d series became %d", first, last)
	} else {
		t.Logf("%d series became %d", first, last)
	}
}
