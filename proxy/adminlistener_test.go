package proxy

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// startAdmin serves /healthz and returns its address.
func startAdmin(t *testing.T, counts Counters) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: time.Hour, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { plain(w, 200, "ok\n") })}
	served := make(chan struct{})
	go func() {
		defer close(served)
		ServeAdmin(server, l, counts)
	}()
	t.Cleanup(func() {
		server.Close()
		<-served
	})
	return l.Addr().String()
}

func healthy(t *testing.T, admin, from string) {
	t.Helper()
	client := &http.Client{Timeout: patience, Transport: &http.Transport{
		DisableKeepAlives: true, DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}).DialContext,
	}}
	if status, body := get(t, client, "http://"+admin+"/healthz"); status != 200 || body != "ok\n" {
		t.Errorf("%d %q", status, body)
	}
}

func TestHealthIsToldWhileTheProxyHasNoPlaceForAnybody(t *testing.T) {
	server, arrived, release := patient(t)
	defer release()
	p, counts := crowded(t, Limits{Connections: 40, ClientConnections: 40, ConnectionQueue: 10, ConnectionWait: time.Hour, Exchanges: 1}, nil, server)
	go func() {
		if resp, err := p.client().Get("https://ai.example/"); err == nil {
			resp.Body.Close()
		}
	}()
	<-arrived
	p.occupy(t, "127.0.0.2", 39)
	for range 10 {
		askOwn(p.dialFrom(t, "127.0.0.3"))
	}
	p.awaitWaiting(t, 10)
	admin := startAdmin(t, counts)
	for range 50 {
		healthy(t, admin, "127.0.0.1")
	}
	if p.admission.waits() != 10 {
		t.Errorf("%d wait: the proxy was not full", p.admission.waits())
	}
}

func TestTheAdminListenerHasBoundsOfItsOwn(t *testing.T) {
	counts := &counting{}
	admin := startAdmin(t, counts)
	answers := make(chan int, adminClientConnections+1)
	for range adminClientConnections + 1 {
		c, err := net.Dial("tcp", admin)
		if err != nil {
			t.Fatal(err)
		}
		sayHalf(t, c, answers)
	}
	if got := wait(t, answers, "an answer to the one too many"); got != http.StatusServiceUnavailable {
		t.Errorf("one too many: status %d", got)
	}
	healthy(t, admin, "127.0.0.2")
	if counts.get("limit admin_connections") != 1 || counts.get("connections") != 0 || counts.get("refused connections") != 0 {
		t.Errorf("counted %v", counts.counts)
	}
}

// sayHalf sends half of a head, so that the connection is not idle, and notes the answer.
func sayHalf(t *testing.T, c net.Conn, answers chan<- int) {
	t.Cleanup(func() { c.Close() })
	io.WriteString(c, "GET /healthz HTTP/1.1\r\n")
	go func() {
		if resp, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil {
			answers <- resp.StatusCode
		}
	}()
}

// Of all clients together too: those who find no place wait, and when too many do some are told to come again.
func TestTheAdminListenerIsBoundedForAllTogether(t *testing.T) {
	counts := &counting{}
	admin := startAdmin(t, counts)
	answers := make(chan int, 2*adminConnections)
	half := func(from string, connections int) {
		for range connections {
			c, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}).Dial("tcp", admin)
			if err != nil {
				t.Fatal(err)
			}
			sayHalf(t, c, answers)
		}
	}
	half("127.0.0.2", adminClientConnections)
	half("127.0.0.3", adminConnections-adminClientConnections)
	half("127.0.0.4", adminQueue+1)
	if got := wait(t, answers, "an answer to the one too many"); got != http.StatusServiceUnavailable {
		t.Errorf("one too many: status %d", got)
	}
	if got := counts.get("limit admin_connections"); got < adminQueue+2 { // one for each that found no place, and one for what followed
		t.Errorf("the limit is counted %d times", got)
	}
}

// A program that keeps its connections keeps nobody out, itself included.
func TestIdleConnectionsToTheAdminListenerMakeRoom(t *testing.T) {
	admin := startAdmin(t, noCounters{})
	ask := func() (c net.Conn, status int) {
		c, err := net.Dial("tcp", admin)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		c.SetDeadline(time.Now().Add(patience))
		io.WriteString(c, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			c.Close()
			return c, 0
		}
		return c, resp.StatusCode
	}
	first, status := ask()
	for i := 1; i < adminClientConnections && status == http.StatusOK; i++ {
		_, status = ask()
	}
	if status != http.StatusOK {
		t.Fatalf("one that has a place: status %d", status)
	}
	eventually(t, func() bool { // the first of them is left alone for a while
		c, status := ask()
		if status != http.StatusOK {
			c.Close()
		}
		return status == http.StatusOK
	})
	if _, err := first.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the longest idle: %v", err)
	}
}

// What net/http answers by itself on the admin listener is for programs.
func TestTheAdminListenersRefusalsAreInPlainText(t *testing.T) {
	c, err := net.Dial("tcp", startAdmin(t, noCounters{}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	io.WriteString(c, "GET / HTTP/1.1\r\n\r\n")
	if resp := readResponse(t, c); resp.StatusCode != 400 || resp.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("%v", resp)
	}
}
