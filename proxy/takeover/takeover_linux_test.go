package takeover

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const patience = 2 * time.Minute

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatal("waited in vain: ", what)
}

// server answers each connection with its name.
type server struct {
	*Listener
	ended chan error
}

func serve(l *Listener, name string) *server {
	s := &server{l, make(chan error, 1)}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				s.ended <- err
				return
			}
			_, _ = io.WriteString(conn, name)
			_ = conn.Close()
		}
	}()
	return s
}

func listen(t *testing.T, address string) *Listener {
	t.Helper()
	l, err := Listen(t.Context(), address, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// answer connects and returns who answers.
func answer(t *testing.T, address string) string {
	t.Helper()
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	name, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(name)
}

func TestAPausedListenerKeepsWhoConnectsForLater(t *testing.T) {
	l := listen(t, "127.0.0.1:0")
	s := serve(l, "a")
	l.Pause(t.Context())
	l.Pause(t.Context())
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if n := l.accepted.Load(); n != 0 {
		t.Errorf("%d are accepted while it is paused", n)
	}
	l.Resume()
	if name, err := io.ReadAll(conn); err != nil || string(name) != "a" {
		t.Errorf("answered %q, %v", name, err)
	}
	l.Pause(t.Context())
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := <-s.ended; err == nil {
		t.Error("Accept goes on after Close")
	}
}

// The next process may say that it serves while this one ends.
func TestAPauseAfterCloseHoldsNobodyUp(t *testing.T) {
	l := listen(t, "127.0.0.1:0")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l.Pause(t.Context())
	if err := <-serve(l, "a").ended; err == nil {
		t.Error("Accept goes on after Close")
	}
}

// Whoever has begun to connect is served, and the port is free afterwards.
func TestLeaveAcceptsWhoWaitsInTheQueue(t *testing.T) {
	l := listen(t, "127.0.0.1:0")
	address := l.Addr().String()
	var waiting []net.Conn
	for range 20 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		waiting = append(waiting, conn)
	}
	s := serve(l, "a")
	l.Leave(t.Context(), false)
	for i, conn := range waiting {
		if name, err := io.ReadAll(conn); err != nil || string(name) != "a" {
			t.Errorf("connection %d: answered %q, %v", i, name, err)
		}
	}
	select {
	case err := <-s.ended:
		t.Errorf("Accept did not wait for Close: %v", err)
	default:
	}
	again, err := net.Listen("tcp", address)
	if err != nil {
		t.Error("the port is not free: ", err)
	} else {
		again.Close()
	}
	if err := l.Close(); err != nil {
		t.Error("closing what was left: ", err)
	}
	<-s.ended
}

// Also when there is no time left Accept waits for Close: its caller takes an error for a fault.
func TestLeaveWithoutTimeLeavesAcceptWaiting(t *testing.T) {
	for range 50 {
		l := listen(t, "127.0.0.1:0")
		s := serve(l, "a")
		over, cancel := context.WithCancel(t.Context())
		cancel()
		l.Leave(over, false)
		parked := func() bool {
			l.mu.Lock()
			defer l.mu.Unlock()
			return l.parked == nil
		}
		eventually(t, "Accept waits", func() bool { return parked() || len(s.ended) > 0 })
		if len(s.ended) > 0 {
			t.Fatalf("Accept did not wait for Close: %v", <-s.ended)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		<-s.ended
	}
}

// Two that share the port by SO_REUSEPORT alone: nobody is reset while one leaves.
func TestLeaveSendsNewClientsToAnotherSocketOfThePort(t *testing.T) {
	first := listen(t, "127.0.0.1:0")
	address := first.Addr().String()
	serve(first, "first")
	serve(listen(t, address), "second")
	left := make(chan struct{})
	go func() { defer close(left); first.Leave(context.Background(), false) }()
	for gone := false; !gone; {
		answer(t, address)
		select {
		case <-left:
			gone = true
		default:
		}
	}
	for range 20 {
		if got := answer(t, address); got != "second" {
			t.Errorf("%s answers", got)
		}
	}
}

// steps notes what a Host tells.
type steps chan string

func (s steps) next() Next {
	return Next{
		Serving: func(replace bool) { s <- fmt.Sprintf("serving %v", replace) },
		Gone:    func() { s <- "gone" },
	}
}

func offered(t *testing.T, dir string) (*Host, *Listener, steps) {
	t.Helper()
	l, told := listen(t, "127.0.0.1:0"), make(steps, 10)
	h, err := Offer(dir, map[string]*Listener{"proxy 127.0.0.1:0": l, "admin x": listen(t, "127.0.0.1:0")}, told.next())
	if err != nil {
		t.Fatal(err)
	}
	return h, l, told
}

func asked(t *testing.T, dir string) *Predecessor {
	t.Helper()
	p, err := Ask(dir)
	if err != nil || p == nil {
		t.Fatalf("nobody answers: %v", err)
	}
	t.Cleanup(p.Close)
	return p
}

func TestTheNextProcessGoesOnWithTheSameSocket(t *testing.T) {
	for _, dir := range []string{t.TempDir(), longFolder(t)} {
		h, first, told := offered(t, dir)
		p := asked(t, dir)
		if p.Take("proxy 127.0.0.1:9") != nil {
			t.Error("a listener that was not offered")
		}
		second := p.Take("proxy 127.0.0.1:0")
		if second == nil || p.Take("proxy 127.0.0.1:0") != nil {
			t.Fatal("the listener is not there, or twice")
		}
		defer second.Close()
		waiting, err := net.Dial("tcp", first.Addr().String()) // nobody accepts yet
		if err != nil {
			t.Fatal(err)
		}
		defer waiting.Close()
		serve(second, "second")
		if err := p.Serving(true); err != nil {
			t.Fatal(err)
		}
		if got := <-told; got != "serving true" {
			t.Errorf("told %q", got)
		}
		if !h.Close() {
			t.Error("it does not know that the sockets are shared")
		}
		serve(first, "first")
		first.Leave(t.Context(), true)
		if name, err := io.ReadAll(waiting); err != nil || string(name) != "first" && string(name) != "second" {
			t.Errorf("who waited got %q, %v", name, err)
		}
		for range 10 {
			if got := answer(t, second.Addr().String()); got != "second" {
				t.Errorf("%s answers", got)
			}
		}
	}
}

func longFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), strings.Repeat("long/", 30))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// One that asks and ends before it serves changes nothing; one that ends later is told of.
func TestTheFormerProcessLearnsThatTheNextHasEnded(t *testing.T) {
	dir := t.TempDir()
	h, _, told := offered(t, dir)
	asked(t, dir).Close()
	p := asked(t, dir)
	if err := p.Serving(false); err != nil {
		t.Fatal(err)
	}
	next, _, _ := offered(t, dir) // takes the place
	next.Close()
	p.Close()
	for _, want := range []string{"serving false", "gone"} {
		if got := <-told; got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	}
	again := asked(t, dir) // it has the place again
	again.Close()
	eventually(t, "it has them alone", func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return !h.given
	})
	if h.Close() {
		t.Error("it takes the sockets for shared")
	}
	if names, _ := os.ReadDir(dir); len(names) != 0 {
		t.Errorf("it leaves %v", names)
	}
}

func TestWithoutAProcessNobodyIsAsked(t *testing.T) {
	dir := t.TempDir()
	if p, err := Ask(dir); p != nil || err != nil {
		t.Errorf("asked %v, %v", p, err)
	}
	h, _, _ := offered(t, dir)
	_ = h.listener.Close() // as when it was killed
	if p, err := Ask(dir); p != nil || err != nil {
		t.Errorf("of one that was killed: %v, %v", p, err)
	}
	if _, err := Ask(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there is no fault")
	}
}

func TestAnAnswerThatMakesNoSenseIsRefused(t *testing.T) {
	for _, message := range []string{"", "{", `{"listeners":["a"]}`, strings.Repeat("x", 2*maxMessage)} {
		dir := t.TempDir()
		l, err := net.ListenUnix("unixpacket", &net.UnixAddr{Name: filepath.Join(dir, socketName), Net: "unixpacket"})
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			if conn, err := l.Accept(); err == nil {
				_, _ = conn.Write([]byte(message))
				conn.Close()
			}
		}()
		if p, err := Ask(dir); err == nil {
			t.Errorf("%.20q gives %v", message, p)
		}
		l.Close()
	}
}

func FuzzParseOffer(f *testing.F) {
	f.Add([]byte(`{"listeners":["admin 127.0.0.1:8090","proxy 127.0.0.1:8080"]}`), 2)
	f.Add([]byte(`{"listeners":["a","a"]}`), 2)
	f.Add([]byte(`{"listeners":null}`), 0)
	f.Add([]byte(`[`), 1)
	f.Fuzz(func(t *testing.T, message []byte, descriptors int) {
		names, err := parseOffer(message, descriptors)
		if err == nil && (len(names) != descriptors || len(names) > maxListeners) {
			t.Errorf("%d names for %d descriptors", len(names), descriptors)
		}
	})
}
