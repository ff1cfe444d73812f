package e2e_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// attacker is a client that keeps to no rule.
type attacker struct {
	w     *world
	addr  string
	roots *x509.CertPool
}

func newAttacker(w *world) *attacker {
	pem, err := os.ReadFile(w.ca)
	if err != nil {
		w.t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return &attacker{w, strings.TrimPrefix(w.proxy, "http://"), roots}
}

func (a *attacker) dial() net.Conn {
	c, err := net.Dial("tcp", a.addr)
	if err != nil {
		a.w.t.Error(err)
		return nil
	}
	c.SetDeadline(time.Now().Add(patience))
	return c
}

// connect asks for a tunnel and returns the status.
func (a *attacker) connect(host string) (net.Conn, int) {
	c := a.dial()
	fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", host, host)
	r := bufio.NewReaderSize(c, 16)
	line, _ := r.ReadString('\n')
	var code int
	fmt.Sscanf(line, "HTTP/1.1 %d", &code)
	for {
		l, err := r.ReadString('\n')
		if err != nil || l == "\r\n" {
			break
		}
	}
	return c, code
}

// inside is a connection to a host in an opened tunnel.
func (a *attacker) inside(host string) net.Conn {
	c, code := a.connect(host + ":443")
	if code != 200 {
		a.w.t.Errorf("CONNECT %s: %d", host, code)
	}
	return tls.Client(c, &tls.Config{ServerName: host, RootCAs: a.roots, NextProtos: []string{"http/1.1"}})
}

// say sends raw bytes inside chatgpt.com and returns the status, -1 when there is none.
func (a *attacker) say(raw string, hangUp bool) int {
	c := a.inside("chatgpt.com")
	defer c.Close()
	io.WriteString(c, raw)
	if hangUp {
		time.Sleep(50 * time.Millisecond)
		return 0
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return -1
	}
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// plain says raw bytes on the proxy port.
func (a *attacker) plain(raw string) int {
	c := a.dial()
	defer c.Close()
	io.WriteString(c, raw)
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return -1
	}
	io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func (a *attacker) client(h2 bool) *http.Client {
	p, _ := url.Parse(a.w.proxy)
	return &http.Client{Timeout: patience, Transport: &http.Transport{Proxy: http.ProxyURL(p), TLSClientConfig: &tls.Config{RootCAs: a.roots}, ForceAttemptHTTP2: h2}}
}

// leftOver is how many goroutines and descriptors may be more after the attacks than before.
const leftOver = 40

func TestAttacksLeaveOneEventEachAndNothingElse(t *testing.T) {
	w := start(t, marketingPolicy)
	a := newAttacker(w)
	goroutines, descriptors := w.metric("go_goroutines"), w.metric("process_open_fds")
	want := 0
	for _, s := range slices.Concat(a.bodies(), a.framing(), a.destinations(), a.leavers()) {
		got := s.run()
		if s.status != nil && !slices.Contains(s.status, got) {
			t.Errorf("%s: status %d, want one of %v", s.name, got, s.status)
		}
		want += s.events
	}
	eventually(t, "every event", func() bool { return len(w.events()) >= want })
	time.Sleep(1500 * time.Millisecond) // one too many would come now
	ids := map[string]bool{}
	for _, e := range w.events() {
		ids[e.ID] = true
	}
	if told := w.metric("daylight_exchanges_total"); len(w.events()) != want || len(ids) != want || told != float64(want) {
		t.Errorf("%d events, %d of them different, %v counted, want %d", len(w.events()), len(ids), told, want)
	}
	if log := w.log.String(); strings.Contains(log, "panic") || strings.Contains(log, "DATA RACE") {
		t.Errorf("the log holds a fault:\n%s", tail(log, 4000))
	}
	if g, d := w.metric("go_goroutines"), w.metric("process_open_fds"); g > goroutines+leftOver || d > descriptors+leftOver {
		t.Errorf("goroutines %v -> %v, descriptors %v -> %v", goroutines, g, descriptors, d)
	}
}
