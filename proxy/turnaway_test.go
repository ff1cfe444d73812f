package proxy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"net"
)

// full starts a proxy that has no place for anybody.
func full(t *testing.T) (*testProxy, *counting) {
	p, counts := crowded(t, Limits{Connections: 1, ConnectionQueue: 64, ConnectionWait: time.Millisecond}, nil)
	p.occupy(t, "127.0.0.1", 1)
	return p, counts
}

// To close a connection that has something to read resets it, and the reset overtakes
// the answer. A client that writes all of a large request before it reads is the hardest.
func TestTheAnswerToComeAgainIsNeverLost(t *testing.T) {
	p, _ := full(t)
	head := "POST http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\nContent-Length: 8388608\r\n\r\n"
	for _, c := range []struct {
		name string
		send []byte
	}{
		{"a CONNECT", []byte("CONNECT ai.example:443 HTTP/1.1\r\nHost: ai.example:443\r\n\r\n")},
		{"half of a head", []byte("GET http://ai.example/ HTTP/1.1\r\nHo")},
		{"an upload of which a bit was sent", []byte(head + strings.Repeat("x", 100_000))},
		{"an upload that was sent whole", append([]byte(head), make([]byte, 8<<20)...)},
	} {
		t.Run(c.name, func(t *testing.T) {
			rounds := max(5, min(300, 100<<20/len(c.send)))
			for i := range rounds {
				conn := p.dialFrom(t, "127.0.0.2")
				if _, err := conn.Write(c.send); err != nil {
					t.Fatalf("round %d: %v", i, err)
				}
				resp := readResponse(t, conn)
				if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") != retryAfter {
					t.Fatalf("round %d: %v", i, resp)
				}
				if _, err := conn.Read(make([]byte, 1)); err != io.EOF {
					t.Fatalf("round %d: behind the answer came %v", i, err)
				}
				conn.Close()
			}
		})
	}
}

func TestManyAtOnceAreAllToldToComeAgain(t *testing.T) {
	p, counts := full(t)
	const clients, rounds = 8, 25
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			for range rounds {
				conn, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(i+1))}}).Dial("tcp", p.addr)
				if err != nil {
					t.Error(err)
					return
				}
				conn.SetDeadline(time.Now().Add(patience))
				fmt.Fprintf(conn, "POST http://ai.example/ HTTP/1.1\r\nHost: ai.example\r\nContent-Length: 50000\r\n\r\n%s", make([]byte, 50_000))
				answer, err := io.ReadAll(conn)
				conn.Close()
				if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 503 ")) || !bytes.HasSuffix(answer, []byte("</html>\n")) {
					t.Errorf("%d bytes, %v", len(answer), err)
				}
			}
		})
	}
	wg.Wait()
	if got := counts.get("refused connections"); got != clients*rounds {
		t.Errorf("counted %d", got)
	}
}

func TestCurlSeesTheAnswerToComeAgain(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("curl is not installed")
	}
	p, _ := full(t)
	upload := t.TempDir() + "/upload"
	mustWrite(t, upload, make([]byte, 4<<20))
	for i := range 20 {
		for _, c := range []struct {
			name string
			args []string
			want string
		}{
			{"through a CONNECT", []string{"https://ai.example/"}, "503"},
			{"an upload in the clear", []string{"-H", "Expect:", "--data-binary", "@" + upload, "http://ai.example/"}, "503"},
		} {
			args := append([]string{"-sS", "-x", p.url, "--interface", "127.0.0.2", "-o", "/dev/null", "-w", "%{http_connect}%{http_code}"}, c.args...)
			out, _ := exec.Command(curl, args...).CombinedOutput()
			if !strings.Contains(string(out), c.want) {
				t.Fatalf("round %d, %s: %s", i, c.name, out)
			}
		}
	}
}

// Whoever says nothing and does not leave is not listened to for ever, and one
// client's do not take the room in which others are listened to.
func TestListeningToThoseWhoAreTurnedAwayIsBounded(t *testing.T) {
	p, _ := crowded(t, Limits{Connections: 1, ConnectionQueue: 8, ConnectionWait: time.Millisecond}, nil)
	p.listenFor(time.Second)
	p.occupy(t, "127.0.0.1", 1)
	turning := func() int {
		p.admission.mu.Lock()
		defer p.admission.mu.Unlock()
		return p.admission.turning
	}
	for range 6 {
		p.dialFrom(t, "127.0.0.2")
	}
	eventually(t, func() bool { return turning() == 2 && p.admission.waits() == 0 }) // a quarter
	c := p.dialFrom(t, "127.0.0.3")
	askOwn(c)
	if got := statusOf(t, c); got != http.StatusServiceUnavailable {
		t.Errorf("another client: status %d", got)
	}
	c.Close()
	eventually(t, func() bool { return turning() == 0 })
}

// listenFor sets for how long those who are told to come again are listened to.
func (p *testProxy) listenFor(d time.Duration) {
	p.admission.mu.Lock()
	defer p.admission.mu.Unlock()
	p.admission.listen = d
}

func (p *testProxy) awaitTurning(t *testing.T, n int) {
	t.Helper()
	eventually(t, func() bool {
		p.admission.mu.Lock()
		defer p.admission.mu.Unlock()
		return p.admission.turning == n && len(p.admission.waiting) == 0
	})
}

// Some clients take an answer to nothing for a fault of the network, and try elsewhere.
func TestWhoIsTurnedAwayIsHeardFirst(t *testing.T) {
	p, _ := full(t)
	p.listenFor(time.Hour)
	c := p.dialFrom(t, "127.0.0.2")
	p.awaitTurning(t, 1)
	c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	if n, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("before it has asked, the client reads %d bytes, %v", n, err)
	}
	c.SetReadDeadline(time.Now().Add(patience))
	askOwn(c)
	if got := statusOf(t, c); got != http.StatusServiceUnavailable {
		t.Errorf("status %d", got)
	}
	if _, err := c.Read(make([]byte, 1)); err != io.EOF { // while it is listened to
		t.Errorf("behind the answer came %v", err)
	}
	p.awaitTurning(t, 1)
}

// However many clients there are, and however long each could be listened to.
func TestListeningToAllWhoAreTurnedAwayIsBounded(t *testing.T) {
	p, _ := crowded(t, Limits{Connections: 1, ConnectionQueue: 8, ConnectionWait: time.Millisecond}, nil)
	p.listenFor(time.Hour)
	p.occupy(t, "127.0.0.1", 1)
	for i := range 8 {
		p.dialFrom(t, fmt.Sprintf("127.0.1.%d", i+1))
		p.awaitTurning(t, i+1)
	}
	if got := statusOf(t, p.dialFrom(t, "127.0.0.2")); got != http.StatusServiceUnavailable { // without a word of its own
		t.Errorf("one too many: status %d", got)
	}
	p.awaitTurning(t, 8)
}

// Whoever sends without end is not read without end.
func TestWhatIsReadOfThoseWhoAreTurnedAwayIsBounded(t *testing.T) {
	p, _ := full(t)
	p.listenFor(time.Hour)
	c := p.dialFrom(t, "127.0.0.2")
	sent, err := io.CopyN(c, neverEnding('!'), 8*turnAwayBytes)
	if err == nil {
		t.Errorf("%d bytes were taken, and no end of it", sent)
	}
	p.awaitTurning(t, 0)
}
